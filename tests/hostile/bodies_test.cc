// A graph with a body inside, as file and as text: every cut and every flipped bit (of the file with a hash
// made to fit) is an error or a graph that verifies, survives file and text, and has kernels.
#include <gtest/gtest.h>

#include "ir/equal.h"
#include "ir/graph_format.h"
#include "ops/text.h"
#include "ops/widened_kernel.h"
#include "tests/ir/graph_samples.h"

namespace weft::test {
namespace {

constexpr std::string_view kText = R"(<ir_version: 10, opset_import: ["": 24, "weft": 1]>
g (float[2,4] a, bfloat16[4] b) => (bfloat16[2,4] y, float[2,1] s)
{
  y, s = weft.FusedElementwise<body: graph = body (float[2,4] x0, bfloat16[4] x1) => (bfloat16[2,4] v1, float[2,1] v4) <float c0 = {0.5}, int64[1] axes = {-1}> {
    v0 = Cast<to: int = 16>(x0)
    v1 = Mul(v0, x1)
    v2 = Cast<to: int = 1>(v1)
    v3 = Mul(v2, c0)
    v4 = ReduceSum(v3, axes)
  }>(a, b)
}
)";

// A kernel runs each node whose shapes are numbers, of a size that can be.
void ExpectKernels(const Graph& graph, const std::string& what) {
  for (NodeId id : graph.NodeIds()) {
    const NodeTypes types = graph.TypesOf(id);
    bool bound = true;
    for (const auto* operands : {&types.inputs, &types.outputs}) {
      for (const TensorType* t : *operands) bound &= IsConstant(t->shape);
    }
    if (!bound) continue;
    const auto kernel = SelectCpuKernel(ToKernelNode(types), {});
    EXPECT_TRUE(kernel.ok()) << what << ": " << Message(kernel.status());
  }
}

// Errors of files are one line; those of texts show the place.
bool Survives(const StatusOr<Graph>& graph, const std::string& what, bool of_text = false) {
  if (!graph.ok()) {
    const std::string message(Message(graph.status()));
    EXPECT_FALSE(message.empty()) << what;
    EXPECT_TRUE(of_text || message.find('\n') == std::string::npos) << what << ": " << message;
    return false;
  }
  EXPECT_TRUE(Verify(*graph).ok()) << what << ": " << Message(Verify(*graph));
  ExpectKernels(*graph, what);
  const StatusOr<EncodedGraph> encoded = EncodeGraph(*graph);
  EXPECT_TRUE(encoded.ok()) << what << ": " << Message(encoded.status());
  if (!encoded.ok()) return true;
  std::string why;
  const StatusOr<Graph> again = DecodeGraph(encoded->bytes, WithOperators());
  EXPECT_TRUE(again.ok() && Equal(*graph, *again, &why)) << what << ": " << Message(again.status()) << why;
  if (graph->name.empty()) return true;  // text calls it `main`
  const std::string printed = PrintText(*graph);
  const StatusOr<Graph> text = ParseText(printed, WithOperators());
  EXPECT_TRUE(text.ok() && PrintText(*text) == printed) << what << ": " << Message(text.status()) << printed;
  return true;
}

std::string File() {
  const StatusOr<Graph> graph = ParseText(kText, WithOperators());
  EXPECT_TRUE(graph.ok()) << Message(graph.status());
  return graph.ok() ? EncodeGraph(*graph)->bytes : "";
}

TEST(HostileBodies, Itself) {
  EXPECT_TRUE(Survives(ParseText(kText, WithOperators()), "text"));
  EXPECT_TRUE(Survives(DecodeGraph(File(), WithOperators()), "file"));
}

TEST(HostileBodies, FilesCutAtEveryByte) {
  const std::string file = File();
  for (size_t n = 0; n < file.size(); ++n) {
    std::string bytes = file.substr(0, n);
    EXPECT_FALSE(DecodeGraph(bytes, WithOperators()).ok()) << n;
    Seal(&bytes);
    EXPECT_FALSE(Survives(DecodeGraph(bytes, WithOperators()), fmt::format("cut at {}", n)));
  }
}

TEST(HostileBodies, EveryBitOfAFileFlipped) {
  const std::string file = File();
  int read = 0;
  for (size_t bit = 0; bit < 8 * file.size(); ++bit) {
    std::string bytes = file;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(DecodeGraph(bytes, WithOperators()).ok()) << bit;
    Seal(&bytes);
    read += Survives(DecodeGraph(bytes, WithOperators()), fmt::format("bit {}", bit));
  }
  EXPECT_GT(read, 100);  // bits of names and numbers
}

TEST(HostileBodies, FilesThatNameOtherGraphs) {
  const std::string file = File();
  for (size_t at = 0; at + 4 <= file.size(); at += 4) {
    for (const uint32_t lie : {0U, 1U, 2U, 3U, 0x7fffffffU, 0xffffffffU}) {
      std::string bytes = file;
      for (size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(lie >> 8 * i & 0xff);
      Seal(&bytes);
      Survives(DecodeGraph(bytes, WithOperators()), fmt::format("{} at {}", lie, at));
    }
  }
}

TEST(HostileBodies, TextsCutAndMutated) {
  int read = 0;
  for (size_t n = 0; n < kText.size(); ++n) {
    Survives(ParseText(kText.substr(0, n), WithOperators()), fmt::format("cut at {}", n), true);
    for (int bit = 0; bit < 7; ++bit) {
      std::string text(kText);
      text[n] = static_cast<char>(text[n] ^ (1 << bit));
      read += Survives(ParseText(text, WithOperators()), fmt::format("bit {} of {}", bit, n), true);
    }
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace weft::test
