#include "ir/dim.h"

#include <gtest/gtest.h>

#include <limits>

namespace weft {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

Dim D(std::string_view text) {
  StatusOr<Dim> dim = Dim::Parse(text);
  EXPECT_TRUE(dim.ok()) << Message(dim.status());
  return dim.ok() ? *dim : Dim();
}

TEST(Dim, OneNormalForm) {
  EXPECT_EQ(D("batch*seq"), D("seq*batch"));
  EXPECT_EQ(D("a+b+1"), D("1 + b + a"));
  EXPECT_EQ(D("a*2+a"), D("3*a"));
  EXPECT_EQ(D("a-a+5"), Dim(5));
  EXPECT_EQ(D("2*3-1"), Dim(5));
  EXPECT_EQ(D("--a"), D("a"));
  EXPECT_EQ(D("-a+a"), Dim(0));
  EXPECT_NE(D("a"), D("b"));
  EXPECT_NE(D("a"), Dim(1));
  EXPECT_EQ(Dim::Symbol("a") * Dim::Symbol("a"), D("a*a"));
}

TEST(Dim, TextReadsBack) {
  for (std::string_view text :
       {"0", "1", "-7", "n", "batch*seq", "a*a*b+2*a-b+3", "-n+1", "9223372036854775807"}) {
    EXPECT_EQ(D(text).ToString(), text);
    EXPECT_EQ(D(D(text).ToString()), D(text));
  }
  EXPECT_EQ(D(" 2 * seq + batch ").ToString(), "batch+2*seq");
}

TEST(Dim, WhatDoesNotParse) {
  for (std::string_view text :
       {"", " ", "a+", "*a", "a b", "2a", "(a)", "a^2", "a/2", "9223372036854775808", "1.5", "a+-", "é"}) {
    EXPECT_FALSE(Dim::Parse(text).ok()) << text;
  }
  EXPECT_FALSE(Dim::Parse(std::string(100000, 'a')).ok());
  EXPECT_TRUE(Dim::Parse(std::string(500, '-') + "a").ok());
}

TEST(Dim, Arithmetic) {
  const Dim n = Dim::Symbol("n"), m = Dim::Symbol("m");
  EXPECT_EQ((n + 1) * (n - 1), n * n - 1);
  EXPECT_EQ((n + m) * 2 - n, n + m * 2);
  EXPECT_EQ(n - n, Dim(0));
  EXPECT_TRUE((n - n).is_constant());
  EXPECT_EQ(n * 0, Dim(0));
}

TEST(Dim, SaturatesInsteadOfOverflowing) {
  const Dim big(kMost), least(std::numeric_limits<int64_t>::min());
  EXPECT_EQ((big + 1).value(), kMost);
  EXPECT_EQ((big * 2).value(), kMost);
  EXPECT_EQ((big * -2).value(), -kMost);
  EXPECT_EQ((least - 1).value(), -kMost);
  EXPECT_EQ((Dim(0) - least).value(), kMost);
  const Dim n = Dim::Symbol("n");
  EXPECT_EQ(n * big * 2, n * big);
  EXPECT_FALSE((n * least).ToString().empty());
  EXPECT_EQ((n * big).Substitute({{"n", 5}}).value(), kMost);
}

TEST(Dim, Division) {
  const Dim n = Dim::Symbol("n"), m = Dim::Symbol("m");
  EXPECT_EQ((n * m * 6).DividedBy(n * 2), m * 3);
  EXPECT_EQ((n * 4 + 8).DividedBy(4), n + 2);
  EXPECT_EQ((n + 1).DividedBy(n + 1), Dim(1));
  EXPECT_EQ(Dim(12).DividedBy(4), Dim(3));
  EXPECT_EQ(Dim(0).DividedBy(n), Dim(0));
  EXPECT_EQ((n * n).DividedBy(n), n);
  EXPECT_EQ((n * n).DividedBy(n * n * n), std::nullopt);
  EXPECT_EQ(Dim(7).DividedBy(2), std::nullopt);
  EXPECT_EQ((n + 1).DividedBy(n), std::nullopt);
  EXPECT_EQ(n.DividedBy(0), std::nullopt);
  EXPECT_EQ((n * m).DividedBy(n + m), std::nullopt);
  EXPECT_EQ(Dim(std::numeric_limits<int64_t>::min()).DividedBy(-1), Dim(kMost));
}

TEST(Dim, Substitution) {
  const Dim d = D("batch*seq+2*batch+1");
  EXPECT_EQ(d.Substitute({{"batch", 3}, {"seq", 5}}), Dim(22));
  EXPECT_EQ(d.Substitute({{"seq", 5}}), D("7*batch+1"));
  EXPECT_EQ(d.Substitute({{"other", 5}}), d);
  EXPECT_EQ(d.Substitute({}), d);
}

TEST(Dim, SymbolsAndTerms) {
  std::vector<std::string> symbols = {"seq"};
  D("batch*seq+2*heads").CollectSymbols(&symbols);
  EXPECT_EQ(symbols, (std::vector<std::string>{"seq", "batch", "heads"}));
  const std::vector<Dim::Term> terms = D("3*a*b-1").Terms();
  ASSERT_EQ(terms.size(), 2U);
  EXPECT_EQ(terms[0].symbols, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(terms[0].coefficient, 3);
  EXPECT_EQ(terms[1].coefficient, -1);
  EXPECT_TRUE(Dim(0).Terms().empty());
  EXPECT_EQ(D("a*a+b").degree(), 2U);
  EXPECT_EQ(D("a*a+b").num_terms(), 2U);
  EXPECT_EQ(Dim(4).degree(), 0U);
}

TEST(Dims, Shapes) {
  const Dim n = Dim::Symbol("n");
  EXPECT_EQ(Product({n, 4, n}), n * n * 4);
  EXPECT_EQ(Product({}), Dim(1));
  EXPECT_TRUE(IsConstant({1, 2}));
  EXPECT_FALSE(IsConstant({1, n}));
  EXPECT_EQ(ToShape({2, 3}), (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(ToDims({2, 3}), (Dims{2, 3}));
  EXPECT_EQ(ToString(Dims{n, 2 * 3}), "[n, 6]");
}

}  // namespace
}  // namespace weft
