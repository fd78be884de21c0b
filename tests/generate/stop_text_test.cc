#include "runtime/generate/stop_text.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {

TEST(StopTextTest, WithoutStopsAllIsShownAtOnce) {
  StopText t({});
  EXPECT_FALSE(t.Append("abc"));
  EXPECT_EQ(t.Take(false), "abc");
  EXPECT_FALSE(t.Append(""));
  EXPECT_EQ(t.Take(false), "");
  EXPECT_FALSE(t.Append("d"));
  EXPECT_EQ(t.Take(true), "d");
  EXPECT_EQ(t.text(), "abcd");
}

TEST(StopTextTest, SpansPiecesAndIsNeverShown) {
  StopText t({"</end>"});
  EXPECT_FALSE(t.Append("one<"));
  EXPECT_EQ(t.Take(false), "one");
  EXPECT_FALSE(t.Append("/en"));
  EXPECT_EQ(t.Take(false), "");
  EXPECT_TRUE(t.Append("d> more"));
  EXPECT_EQ(t.Take(false), "");
  EXPECT_EQ(t.text(), "one");
}

TEST(StopTextTest, WhatOnlyLookedLikeOneIsShownLater) {
  StopText t({"aab"});
  EXPECT_FALSE(t.Append("aa"));
  EXPECT_EQ(t.Take(false), "");
  EXPECT_FALSE(t.Append("a"));  // "aa" may still begin "aab"
  EXPECT_EQ(t.Take(false), "a");
  EXPECT_TRUE(t.Append("b"));
  EXPECT_EQ(t.Take(true), "");
  EXPECT_EQ(t.text(), "a");
}

TEST(StopTextTest, TheOneThatBeginsFirst) {
  StopText t({"cd", "bcde", ""});
  EXPECT_TRUE(t.Append("abcdef"));
  EXPECT_EQ(t.text(), "a");
  StopText whole({"x"});
  EXPECT_TRUE(whole.Append("x"));
  EXPECT_EQ(whole.Take(true), "");
}

TEST(StopTextTest, WhatIsHeldBackComesAtTheEnd) {
  StopText t({"END"});
  EXPECT_FALSE(t.Append("the EN"));
  EXPECT_EQ(t.Take(false), "the ");
  EXPECT_EQ(t.Take(true), "EN");
}

}  // namespace
}  // namespace weft::test
