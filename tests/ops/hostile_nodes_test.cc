// Nodes that no model has: operands, types, shapes and attributes at random. Inference gives types or an
// error; what it accepts can be printed, read back, decomposed and costed.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "ir/builder.h"
#include "ir/equal.h"
#include "ir/onnx_fields.h"
#include "ops/cases.h"
#include "ops/registry.h"
#include "ops/text.h"

namespace weft::test {
namespace {

class RandomNode {
 public:
  explicit RandomNode(uint32_t seed) : random_(seed) {}

  size_t Below(size_t n) { return random_() % n; }
  bool Rarely() { return Below(8) == 0; }

  Dim RandomDim() {
    static const int64_t kSizes[] = {1, 2, 3, 4, 4, 4, 6, 8, 0, -1, 5, std::numeric_limits<int64_t>::max()};
    if (symbols_ && Below(4) == 0) return Dim::Symbol(Below(2) ? "n" : "m");
    return kSizes[Below(Rarely() ? std::size(kSizes) : 8)];
  }
  static Dim Positive(Dim d) { return d.is_constant() && d.value() < 0 ? Dim(2) : d; }
  TensorType RandomType() {
    static const DataType kLikely[] = {DataType::kF32, DataType::kI64, DataType::kBool};
    TensorType type;
    type.dtype = Rarely()   ? static_cast<DataType>(Below(kNumDataTypes))
                 : Below(4) ? DataType::kF32
                            : kLikely[Below(3)];
    for (size_t rank = Below(5); rank > 0; --rank) {
      type.shape.push_back(Positive(RandomDim()));
    }
    return type;
  }
  int64_t RandomInt() {
    static const int64_t kInts[] = {
        0, 1, -1, 2, 3, -2, 4, 7, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()};
    return kInts[Below(Rarely() ? std::size(kInts) : 7)];
  }
  float RandomFloat() {
    static const float kFloats[] = {
        0.5F, 1, 0, -1, 2, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()};
    return kFloats[Below(Rarely() ? std::size(kFloats) : 4)];
  }

  void Fill(const Field& f, void* attributes) {
    if (Below(3) == 0) return;  // its default
    void* p = f.get(attributes);
    switch (f.kind) {
      case AttributeKind::kInt:
        *static_cast<int64_t*>(p) = RandomInt();
        break;
      case AttributeKind::kFloat:
        *static_cast<float*>(p) = RandomFloat();
        break;
      case AttributeKind::kBool:
        *static_cast<bool*>(p) = Below(2) == 0;
        break;
      case AttributeKind::kString: {
        static const char* kStrings[] = {"none", "mean", "sum", "add", "tanh", "linear", "", "nonsense"};
        *static_cast<std::string*>(p) = kStrings[Below(std::size(kStrings))];
        break;
      }
      case AttributeKind::kDataType:
        *static_cast<DataType*>(p) = static_cast<DataType>(Below(kNumDataTypes));
        break;
      case AttributeKind::kDim:
        *static_cast<Dim*>(p) = RandomDim();
        break;
      case AttributeKind::kInts:
        for (size_t n = Below(4); n > 0; --n) static_cast<std::vector<int64_t>*>(p)->push_back(RandomInt());
        break;
      case AttributeKind::kFloats:
        for (size_t n = Below(4); n > 0; --n) static_cast<std::vector<float>*>(p)->push_back(RandomFloat());
        break;
      case AttributeKind::kDims:
        for (size_t n = Below(4); n > 0; --n) static_cast<Dims*>(p)->push_back(RandomDim());
        break;
      case AttributeKind::kGraph:  // of random nodes: none; cases bring theirs
      case AttributeKind::kNone:
        break;
    }
  }

  // A graph of one node, if inference takes it: at random, or a case of the operator with something changed.
  bool Emit(const OpDef& op, const std::vector<Case>& cases, Graph* graph) {
    symbols_ = Below(3) == 0;
    Builder b(*graph);
    return Below(2) ? EmitCase(op, cases[Below(cases.size())], b) : EmitRandom(op, b);
  }

 private:
  bool EmitCase(const OpDef& op, const Case& c, Builder& b) {
    std::vector<Var> inputs;
    for (size_t i = 0; i < c.inputs.size(); ++i) {
      const CaseInput& in = c.inputs[i];
      TensorType type{in.dtype == DataType::kF64 ? DataType::kF32 : in.dtype, ToDims(in.shape)};
      if (in.fill == CaseInput::kGiven) type.shape = ToDims(in.given.shape());
      if (!type.shape.empty() && Below(6) == 0) type.shape[Below(type.shape.size())] = Positive(RandomDim());
      if (Below(16) == 0) type = RandomType();
      const bool absent = in.fill == CaseInput::kAbsent ? Below(8) != 0 : Below(24) == 0;
      inputs.push_back(absent ? Var{&b, ValueId::kNone} : b.Input("x" + std::to_string(i), type));
    }
    std::shared_ptr<void> attributes = op.attributes.copy(c.attributes.get());
    for (const Field& f : op.fields) {
      if (Below(6) == 0) Fill(f, attributes.get());
    }
    return Finish(op, std::move(attributes), inputs, b);
  }

  bool EmitRandom(const OpDef& op, Builder& b) {
    const bool variadic = !op.inputs.empty() && op.inputs.back().arity == OperandDef::kVariadic;
    size_t count = op.inputs.size() + (variadic ? Below(3) : 0);
    if (Rarely()) count = Below(count + 2);
    std::vector<Var> inputs;
    const TensorType shared = RandomType();
    for (size_t i = 0; i < count; ++i) {
      const bool optional = i < op.inputs.size() && op.inputs[i].arity == OperandDef::kOptional;
      const bool absent = optional ? Below(2) == 0 : Below(32) == 0;
      const TensorType type = Below(3) ? shared : RandomType();
      inputs.push_back(absent ? Var{&b, ValueId::kNone} : b.Input("x" + std::to_string(i), type));
    }
    std::shared_ptr<void> attributes = op.attributes.make();
    for (const Field& f : op.fields) Fill(f, attributes.get());
    return Finish(op, std::move(attributes), inputs, b);
  }

  bool Finish(const OpDef& op, std::shared_ptr<void> attributes, const std::vector<Var>& inputs, Builder& b) {
    const std::vector<Var> outputs = b.EmitAll(op, std::move(attributes), inputs, random_());
    for (const Var& v : outputs) {
      if (v.valid()) b.Output(v);
    }
    return b.status().ok();
  }

  std::mt19937 random_;
  bool symbols_ = false;
};

bool IsBound(const Graph& graph) {
  const Node& node = graph.node(graph.NodeIds()[0]);
  for (const Field& f : node.op->fields) {
    if (FieldHasSymbols(f, node.attributes.get())) return false;
  }
  for (size_t i = 0; i < graph.num_value_slots(); ++i) {
    if (!IsConstant(graph.value(ValueId{static_cast<int32_t>(i)}).type.shape)) return false;
  }
  return true;
}

// Sizes that a tensor can have at all: what is larger, a reader of files refuses before anything is made of
// it.
bool IsPossible(const Graph& graph) {
  for (size_t i = 0; i < graph.num_value_slots(); ++i) {
    const TensorType& type = graph.value(ValueId{static_cast<int32_t>(i)}).type;
    if (IsConstant(type.shape) && !CheckedSizeInBytes(type.dtype, ToShape(type.shape)).ok()) return false;
  }
  return true;
}

class HostileNodes : public ::testing::TestWithParam<const OpEntry*> {};

TEST_P(HostileNodes, AreRefusedOrMakeSense) {
  const OpDef& op = *GetParam()->def;
  RandomNode random(1);
  const std::vector<Case> cases = CasesOf(op).cases;
  int accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    Graph graph;
    if (!random.Emit(op, cases, &graph) || !IsPossible(graph)) continue;
    ++accepted;
    const NodeId id = graph.NodeIds()[0];
    const NodeTypes types = graph.TypesOf(id);
    for (const TensorType* t : types.outputs) {
      if (t == nullptr) continue;
      for (const Dim& d : t->shape) ASSERT_TRUE(!d.is_constant() || d.value() >= 0) << PrintText(graph);
    }
    if (IsBound(graph)) {
      EXPECT_GE(op.flops != nullptr ? op.flops(types) : 0, 0) << PrintText(graph);
      EXPECT_GE(op.bytes != nullptr ? op.bytes(types) : 0, 0) << PrintText(graph);
      View view;
      for (size_t i = 0; op.view != nullptr && i < types.outputs.size(); ++i)
        op.view(types, static_cast<int>(i), &view);
    }
    if (accepted > 2000) continue;  // the rest costs time and finds nothing new
    const std::string text = PrintText(graph);
    StatusOr<Graph> again = ParseText(text, WithOperators());
    ASSERT_TRUE(again.ok()) << Message(again.status()) << "\n" << text;
    std::string why;
    ASSERT_TRUE(Equal(graph, *again, &why)) << why << "\n" << text;
  }
  EXPECT_GT(accepted, 0) << "no random node was accepted: nothing was tested";
}

std::vector<const OpEntry*> Entries() {
  std::vector<const OpEntry*> entries;
  for (const OpEntry& e : AllOps()) entries.push_back(&e);
  return entries;
}

INSTANTIATE_TEST_SUITE_P(Operators, HostileNodes, ::testing::ValuesIn(Entries()),
                         [](const auto& info) { return std::string(info.param->def->name); });

}  // namespace
}  // namespace weft::test
