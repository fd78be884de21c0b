// Files made to break the reader of the file form. As they are, the hash refuses them; with a hash that fits,
// each is an error or a graph as good as any: it verifies, and survives text and file.
#include <flatbuffers/flatbuffers.h>
#include <graph_generated.h>
#include <gtest/gtest.h>

#include <chrono>

#include "ir/equal.h"
#include "ir/graph_format.h"
#include "ir/text_printer.h"
#include "tests/ir/graph_samples.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using namespace test;  // NOLINT: the test operators

StatusOr<Graph> Decode(std::string_view bytes) { return DecodeGraph(bytes, TestParseOptions()); }

// True if it was read.
bool Survives(const std::string& bytes, std::string_view what) {
  const StatusOr<Graph> graph = Decode(bytes);
  if (!graph.ok()) {
    const std::string message = Message(graph.status());
    EXPECT_FALSE(message.empty()) << what;
    EXPECT_EQ(message.find('\n'), std::string::npos) << what << ": " << message;
    return false;
  }
  EXPECT_TRUE(Verify(*graph).ok()) << what << ": " << Message(Verify(*graph));
  std::string why;
  const StatusOr<EncodedGraph> encoded = EncodeGraph(*graph);
  EXPECT_TRUE(encoded.ok()) << what << ": " << Message(encoded.status());
  const StatusOr<Graph> again = Decode(encoded->bytes);
  EXPECT_TRUE(again.ok() && Equal(*graph, *again, &why)) << what << ": " << Message(again.status()) << why;
  if (graph->name.empty()) return true;  // text calls it `main`
  const std::string printed = PrintText(*graph);
  const StatusOr<Graph> text = ParseText(printed, TestParseOptions());
  EXPECT_TRUE(text.ok()) << what << ": " << Message(text.status()) << "\n" << printed;
  EXPECT_TRUE(!text.ok() || PrintText(*text) == printed) << what << ": " << printed;
  return true;
}

const std::string& SmallFile() {
  static const std::string file = EncodeGraph(SmallGraph())->bytes;
  return file;
}

TEST(GraphFormatHostile, CutAtEveryByte) {
  ASSERT_LT(SmallFile().size(), 1500U);
  for (size_t n = 0; n < SmallFile().size(); ++n) {
    std::string bytes = SmallFile().substr(0, n);
    EXPECT_FALSE(Decode(bytes).ok()) << n;
    Seal(&bytes);
    EXPECT_FALSE(Survives(bytes, fmt::format("cut at {}", n)));
  }
}

TEST(GraphFormatHostile, EveryBitFlipped) {
  int read = 0;
  for (size_t bit = 0; bit < 8 * SmallFile().size(); ++bit) {
    std::string bytes = SmallFile();
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(Decode(bytes).ok()) << bit;
    Seal(&bytes);
    read += Survives(bytes, fmt::format("bit {}", bit));
  }
  EXPECT_GT(read, 100);  // bits of names and numbers
}

TEST(GraphFormatHostile, LengthsAndOffsetsThatLie) {
  const auto size = static_cast<uint32_t>(SmallFile().size());
  for (size_t at = 0; at + 4 <= size; at += 2) {
    for (const uint32_t lie :
         {0U, 1U, 2U, 4U, 0x40U, 0x100U, 0x10000U, size - 20, size - 1, size, 0x7fffffffU, 0x7ffffffcU,
          0x80000000U, 0x80000004U, 0xfffffffcU, 0xffffffffU}) {
      std::string bytes = SmallFile();
      for (size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(lie >> 8 * i & 0xff);
      Seal(&bytes);
      Survives(bytes, fmt::format("{} at {}", lie, at));
    }
  }
}

TEST(GraphFormatHostile, BytesInOtherPlaces) {
  for (size_t from = 0; from + 8 <= SmallFile().size(); from += 4) {
    for (size_t to = 0; to + 8 <= SmallFile().size(); to += 20) {
      std::string bytes = SmallFile();
      bytes.replace(to, 8, SmallFile(), from, 8);
      Seal(&bytes);
      Survives(bytes, fmt::format("{} to {}", from, to));
    }
  }
}

// ---- parts that many others name: the file is small, what it says is not

class Overlaps : public ::testing::Test {
 protected:
  // Writes the file and decodes it, which must be refused at once.
  void ExpectRefused(flatbuffers::Offset<graph_file::Graph> graph) {
    const std::vector graphs = {graph};
    graph_file::FinishFileBuffer(b_, graph_file::CreateFileDirect(b_, "test", &graphs));
    std::string bytes(reinterpret_cast<const char*>(b_.GetBufferPointer()), b_.GetSize());
    bytes.append(kGraphTrailerBytes, '\0');
    Seal(&bytes);
    const auto begin = std::chrono::steady_clock::now();
    const StatusOr<Graph> read = Decode(bytes);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
    ASSERT_FALSE(read.ok());
    EXPECT_NE(Message(read.status()).find(expected_), std::string::npos) << Message(read.status());
  }
  flatbuffers::FlatBufferBuilder b_;
  std::string expected_ = "parts of the file overlap";
  static constexpr int kMany = 20000;
};

TEST_F(Overlaps, OneScopeOfManyNodes) {
  const auto scope = b_.CreateString(std::string(100000, 's'));
  const std::vector operators = {graph_file::CreateOperatorDirect(b_, nullptr, "Neg")};
  const std::vector inputs = {graph_file::CreateInputDirect(b_, "x", 0)};
  const std::vector types = {graph_file::CreateType(b_, 1)};
  const std::vector<int32_t> operands = {0};
  const auto shared = b_.CreateVector(operands);
  std::vector<flatbuffers::Offset<graph_file::Node>> nodes;
  for (int i = 0; i < kMany; ++i) {
    const std::vector outputs = {graph_file::CreateOutputDirect(b_, fmt::format("y{}", i).c_str(), 0)};
    const auto results = b_.CreateVector(outputs);
    nodes.push_back(graph_file::CreateNode(b_, 0, shared, results, 0, scope));
  }
  ExpectRefused(
      graph_file::CreateGraphDirect(b_, "g", nullptr, nullptr, &types, &operators, &inputs, nullptr, &nodes));
}

TEST_F(Overlaps, OneShapeOfManyTypes) {
  const std::vector<graph_file::Dim> dims(60, graph_file::Dim(1, 0));
  const auto shape = b_.CreateVectorOfStructs(dims);
  std::vector<flatbuffers::Offset<graph_file::Type>> types;
  for (int i = 0; i < kMany; ++i) types.push_back(graph_file::CreateType(b_, 1, shape));
  ExpectRefused(graph_file::CreateGraphDirect(b_, "g", nullptr, nullptr, &types));
}

TEST_F(Overlaps, OneTensorOfManyConstants) {
  const auto data = b_.CreateVector(std::vector<uint8_t>(100000));
  const std::vector<graph_file::Dim> dims = {graph_file::Dim(100000, 0)};
  const std::vector types = {graph_file::CreateTypeDirect(b_, 2, &dims)};
  std::vector<flatbuffers::Offset<graph_file::Constant>> constants;
  for (int i = 0; i < kMany; ++i) {
    const auto name = b_.CreateString(fmt::format("c{}", i));
    constants.push_back(graph_file::CreateConstant(b_, name, 0, data));
  }
  ExpectRefused(
      graph_file::CreateGraphDirect(b_, "g", nullptr, nullptr, &types, nullptr, nullptr, &constants));
}

// The verifier counts tables: no more than the bytes can hold.
TEST_F(Overlaps, OneListOfAttributesOfManyNodes) {
  std::vector<flatbuffers::Offset<graph_file::Attribute>> all;
  for (int i = 0; i < kMany; ++i) {
    const auto value = graph_file::CreateInt(b_, 1).Union();
    all.push_back(graph_file::CreateAttributeDirect(b_, "a", graph_file::AttributeValue::Int, value));
  }
  const auto attributes = b_.CreateVector(all);
  std::vector<flatbuffers::Offset<graph_file::Node>> nodes;
  for (int i = 0; i < kMany; ++i) nodes.push_back(graph_file::CreateNode(b_, 0, 0, 0, attributes));
  expected_ = "its tables do not fit together";
  ExpectRefused(
      graph_file::CreateGraphDirect(b_, "g", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, &nodes));
}

TEST_F(Overlaps, OneGraphOften) {
  const std::vector types = {graph_file::CreateType(b_, 1)};
  const auto graph = graph_file::CreateGraphDirect(b_, "a name", nullptr, nullptr, &types);
  const std::vector graphs(kMany, graph);
  graph_file::FinishFileBuffer(b_, graph_file::CreateFileDirect(b_, "test", &graphs));
  std::string bytes(reinterpret_cast<const char*>(b_.GetBufferPointer()), b_.GetSize());
  bytes.append(kGraphTrailerBytes, '\0');
  Seal(&bytes);
  EXPECT_FALSE(Decode(bytes).ok());
}

}  // namespace
}  // namespace weft
