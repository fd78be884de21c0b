// Texts made to break a parser: every one is an error or a graph that verifies, in no time.
#include <gtest/gtest.h>

#include <random>

#include "ir/text_parser.h"
#include "ir/text_printer.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

// True if it parsed; then it must verify and print.
bool Survives(std::string_view text) {
  StatusOr<Graph> graph = ParseText(text, test::TestParseOptions());
  if (!graph.ok()) return false;
  const Status verified = Verify(*graph);
  EXPECT_TRUE(verified.ok()) << Message(verified) << "\n" << text;
  EXPECT_FALSE(PrintText(*graph).empty());
  return true;
}

constexpr std::string_view kText =
    "<ir_version: 10, opset_import: [\"\": 24, \"weft\": 1], metadata_props: [\"weft.state.w\": \"parameter "
    "init_w\", "
    "\"weft.alias.w_out\": \"w\", \"weft.dim.n\": \"64\"]>\n"
    "step (float[\"n*2\",4] x, float[4,2] w, int64 seed) => (float[n,8] y, float[4,2] w_out)\n"
    "<int64[1] k = {1}, bfloat16[2] c = {16256, 0}, float[3] f = {1.5, -2e3, nan}, float[\"2*n\",4] "
    "\"ln.y\">\n"
    "{\n"
    "  [\"ln/0\"] \"ln.y\", \"\" = weft.Softmax<epsilon: float = 1e-06, mode: int = 1>(x)  # comment\n"
    "  [\"backward:ln/1~2\"] a = Neg(\"ln.y\")\n"
    "  y = weft.Reshape<shape: strings = [\"n\", \"8\"]>(a, x)\n"
    "  v, i = TopK<axis = -1>(w, k)\n"
    "  t = Constant<value: tensor = int64[2] {4, 2}>()\n"
    "  w_out = Reshape(w, t)\n"
    "  d = Dropout(w_out)\n"
    "  q = weft.Kinds<i = 1, f = 2.5, b = 1, s = \"a\\\"b\", t = 1, d = \"n+1\", ints = [1], floats = [1.0], "
    "dims = [1, 2]>(w)\n"
    "}\n"
    "<domain: \"weft\", opset_import: [\"\": 24]>\n"
    "init_w (int64 seed) => (float[4,2] value) { value = weft.Fill<shape = [4, 2], value = 0.5>() }\n";

TEST(TextHostile, TheTextItself) { EXPECT_TRUE(Survives(kText)); }

TEST(TextHostile, CutAtEveryByte) {
  for (size_t n = 0; n < kText.size(); ++n) Survives(kText.substr(0, n));
}

TEST(TextHostile, EveryByteLeftOutOrDoubled) {
  for (size_t i = 0; i < kText.size(); ++i) {
    std::string text(kText);
    text.erase(i, 1);
    Survives(text);
    text = kText;
    text.insert(i, 1, text[i]);
    Survives(text);
  }
}

TEST(TextHostile, RandomBytes) {
  std::mt19937 random(1);
  constexpr std::string_view kLikely = "<>()[]{}=,:.@?\"\\#-0159eEnaxy \n";
  for (int round = 0; round < 20000; ++round) {
    std::string text(kText);
    for (int changes = 1 + static_cast<int>(random() % 4); changes > 0; --changes) {
      const char c = random() % 2 ? kLikely[random() % kLikely.size()] : static_cast<char>(random() % 256);
      text[random() % text.size()] = c;
    }
    Survives(text);
  }
}

// Tokens of the text in another order: deeper than single bytes reach.
TEST(TextHostile, ShuffledWords) {
  std::vector<std::string> words;
  for (size_t at = 0; at < kText.size();) {
    const size_t end = std::min(kText.find_first_of(" \n,(<", at), kText.size() - 1);
    words.emplace_back(kText.substr(at, end + 1 - at));
    at = end + 1;
  }
  std::mt19937 random(2);
  for (int round = 0; round < 5000; ++round) {
    std::vector<std::string> mixed = words;
    for (int swaps = 0; swaps < 3; ++swaps) mixed[random() % mixed.size()] = words[random() % words.size()];
    std::string text;
    for (const std::string& w : mixed) text += w;
    Survives(text);
  }
}

TEST(TextHostile, Deep) {
  std::string types, graphs, brackets;
  for (int i = 0; i < 100000; ++i) {
    types += "seq(";
    brackets += "[";
    graphs += "g () => (y) { y = If<then_branch = ";
  }
  EXPECT_FALSE(Survives("g (" + types + " x) => (y) {}"));
  EXPECT_FALSE(Survives("g (float" + brackets + " x) => (y) {}"));
  EXPECT_FALSE(Survives(graphs));
  EXPECT_FALSE(Survives("g (float x) => (y) { y = Neg<a = " + brackets + ">(x) }"));
}

TEST(TextHostile, HugeShapes) {
  EXPECT_FALSE(Survives("g (float[9223372036854775807, 9223372036854775807] x) => (y) { y = Neg(x) }"));
  EXPECT_FALSE(
      Survives("g (float[2] x) => (y) <int64[3] s = {4611686018427387904, 8, 2}> { y = Reshape(x, s) }"));
  EXPECT_FALSE(Survives("g (float[2] x) => (y) { y = weft.Kinds<dims = [\"9223372036854775808\"]>(x) }"));
  std::string dims;
  for (int i = 0; i < 1000; ++i) dims += "1,";
  EXPECT_FALSE(Survives("g (float[" + dims + "1] x) => (y) { y = Neg(x) }"));
}

// A product of sums has as many terms as all of them multiplied.
TEST(TextHostile, ShapesThatExplode) {
  std::string dims, sum = "\"a0";
  for (int i = 1; i < 100; ++i) sum += "+a" + std::to_string(i);
  sum += "\"";
  for (int i = 0; i < 20; ++i) dims += (i ? "," : "") + sum;
  EXPECT_FALSE(Survives("g (float[" + dims + "] x) => (y) { y = weft.FlattenAll(x) }"));
  EXPECT_FALSE(Survives("g (float[2] x) => (y) { y = weft.Reshape<shape = [" + dims + "]>(x) }"));
  std::string power = "\"a";
  for (int i = 0; i < 100000; ++i) power += "*a";
  EXPECT_FALSE(Survives("g (float[" + power + "\"] x) => (float[" + power + "\", 2] y) { y = Neg(x) }"));
}

TEST(TextHostile, ManyOfEverything) {
  std::string inputs = "float a0", nodes, metadata;
  for (int i = 1; i < 20000; ++i) {
    inputs += fmt::format(", float a{}", i);
    nodes += fmt::format("b{0} = Neg(a{0})\n", i);
    metadata += fmt::format("{}\"weft.state.a{}\": \"parameter\"", i > 1 ? "," : "", i);
  }
  EXPECT_TRUE(Survives("<opset_import: [\"\": 24], metadata_props: [" + metadata + "]> g (" + inputs +
                       ") => (b7) {" + nodes + "}"));
}

}  // namespace
}  // namespace weft
