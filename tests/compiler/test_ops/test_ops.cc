#include "tests/compiler/test_ops/test_ops.h"

#include <cmath>
#include <cstring>

namespace weft::test {
namespace {

using Types = std::vector<TensorType>;

StatusOr<Types> Same(const NodeTypes& node) {
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (node.input(i) != node.input(0)) return node.Error("operand {} is {}", i, node.input(i).ToString());
  }
  return Types{node.input(0)};
}
StatusOr<Types> InferBlock(const NodeTypes& node) {
  return Types{{node.input(0).dtype, {Dim(node.attrs<Block>().rows), Dim(node.attrs<Block>().columns)}}};
}
StatusOr<Types> InferHalves(const NodeTypes& node) {
  const Dims& x = node.input(0).shape;
  const TensorType half = {node.input(0).dtype, {x[0], Dim(x[1].value() / 2)}};
  return Types{half, half};
}
bool ViewBlock(const NodeTypes& node, int, View* view) {
  const auto& a = node.attrs<Block>();
  *view = {.kind = View::kSlice, .row_offset = a.row, .column_offset = a.column};
  return true;
}
bool ViewHalves(const NodeTypes& node, int output, View* view) {
  const int64_t half = node.input(0).shape[1].value() / 2;
  *view = {.kind = View::kSlice, .column_offset = output * half};
  return true;
}
bool ViewShaped(const NodeTypes&, int, View* view) {
  *view = {.kind = View::kReshape};
  return true;
}

constexpr OperandDef kX[] = {{"x"}}, kAB[] = {{"a"}, {"b"}}, kY[] = {{"y"}};
constexpr InPlacePair kFirst[] = {{0, 0}}, kEither[] = {{0, 0}, {1, 0}};
constexpr Field kScaleFields[] = {F<&Scale::factor>("factor")};
constexpr Field kBlockFields[] = {F<&Block::row>("row"), F<&Block::column>("column"), F<&Block::rows>("rows"),
                                  F<&Block::columns>("columns")};
constexpr Field kShapedFields[] = {F<&Shaped::shape>("shape")};

}  // namespace

constinit const OpDef AddTo::def = {.name = "AddTo",
                                    .domain = "test",
                                    .attributes = AttributesOf<AddTo>(),
                                    .inputs = kAB,
                                    .outputs = kY,
                                    .infer = Same,
                                    .in_place = kEither};
constinit const OpDef Scale::def = {.name = "Scale",
                                    .domain = "test",
                                    .fields = kScaleFields,
                                    .attributes = AttributesOf<Scale>(),
                                    .inputs = kX,
                                    .outputs = kY,
                                    .infer = Same,
                                    .in_place = kFirst};
constinit const OpDef Log::def = {.name = "Log",
                                  .domain = "test",
                                  .attributes = AttributesOf<Log>(),
                                  .inputs = kX,
                                  .outputs = kY,
                                  .infer = Same,
                                  .in_place = kFirst};
constinit const OpDef Step::def = {.name = "Step",
                                   .domain = "test",
                                   .attributes = AttributesOf<Step>(),
                                   .inputs = kAB,
                                   .outputs = kY,
                                   .infer = Same,
                                   .in_place = kFirst};
constinit const OpDef StepApart::def = {.name = "StepApart",
                                        .domain = "test",
                                        .attributes = AttributesOf<StepApart>(),
                                        .inputs = kAB,
                                        .outputs = kY,
                                        .infer = Same};
constinit const OpDef SumAll::def = {.name = "SumAll",
                                     .domain = "test",
                                     .attributes = AttributesOf<SumAll>(),
                                     .inputs = kX,
                                     .outputs = kY,
                                     .infer = [](const NodeTypes& node) -> StatusOr<Types> {
                                       return Types{{node.input(0).dtype, {}}};
                                     }};
constinit const OpDef Block::def = {.name = "Block",
                                    .domain = "test",
                                    .fields = kBlockFields,
                                    .attributes = AttributesOf<Block>(),
                                    .inputs = kX,
                                    .outputs = kY,
                                    .infer = InferBlock,
                                    .view = ViewBlock};
constinit const OpDef Halves::def = {.name = "Halves",
                                     .domain = "test",
                                     .attributes = AttributesOf<Halves>(),
                                     .inputs = kX,
                                     .outputs = kAB,
                                     .infer = InferHalves,
                                     .view = ViewHalves};
constinit const OpDef Shaped::def = {
    .name = "Shaped",
    .domain = "test",
    .fields = kShapedFields,
    .attributes = AttributesOf<Shaped>(),
    .inputs = kX,
    .outputs = kY,
    .infer = [](const NodeTypes& node) -> StatusOr<Types> {
      return Types{{node.input(0).dtype, ToDims(node.attrs<Shaped>().shape)}};
    },
    .view = ViewShaped};
constinit const OpDef Dense::def = {.name = "Dense",
                                    .domain = "test",
                                    .attributes = AttributesOf<Dense>(),
                                    .inputs = kX,
                                    .outputs = kY,
                                    .infer = Same};

namespace {

// The address of element i of an operand whose rows lie at its pitch.
int64_t At(const Operand& o, int64_t i) { return o.dense() ? i : i / o.row() * o.pitch + i % o.row(); }

// y[i] = f(a[i], b[i]), rows at any pitch.
template <class F>
std::unique_ptr<Kernel> Elementwise(const KernelNode& node, F f) {
  const Operand a = node.inputs[0], b = node.inputs.back(), y = node.outputs[0];
  return MakeKernel([=, last = node.inputs.size() - 1](const KernelArgs& args) {
    for (int64_t i = 0; i < y.num_elements(); ++i) {
      args.out<float>(0)[At(y, i)] = f(args.in<float>(0)[At(a, i)], args.in<float>(last)[At(b, i)]);
    }
    return OkStatus();
  });
}

std::unique_ptr<Kernel> Sum(const KernelNode& node) {
  const Operand x = node.inputs[0];
  const int64_t n = x.num_elements();
  return MakeKernel(
      [=](const KernelArgs& args) {
        auto* copy = static_cast<float*>(args.workspace);
        for (int64_t i = 0; i < n; ++i) copy[i] = args.in<float>(0)[At(x, i)];
        float sum = 0;
        for (int64_t i = 0; i < n; ++i) sum += copy[i];
        *args.out<float>(0) = sum;
        return OkStatus();
      },
      n * 4);
}

std::unique_ptr<Kernel> CopyBlock(const KernelNode& node, int64_t row, int64_t column, size_t output) {
  const Operand x = node.inputs[0], y = node.outputs[output];
  return MakeKernel([=](const KernelArgs& args) {
    for (int64_t r = 0; r < y.num_rows(); ++r) {
      const float* from = args.in<float>(0) + (r + row) * x.pitch + column;
      std::memcpy(args.out<float>(output) + r * y.pitch, from, static_cast<size_t>(y.row()) * 4);
    }
    return OkStatus();
  });
}

std::unique_ptr<Kernel> Make(const KernelNode& node) {
  const OpDef* op = node.op;
  if (op == &AddTo::def) return Elementwise(node, [](float a, float b) { return a + b; });
  if (op == &Step::def || op == &StepApart::def) {
    return Elementwise(node, [](float a, float b) { return a - b; });
  }
  if (op == &Scale::def) {
    return Elementwise(node, [f = node.attrs<Scale>().factor](float a, float) { return a * f; });
  }
  if (op == &Log::def) return Elementwise(node, [](float a, float) { return std::log(a); });
  if (op == &SumAll::def) return Sum(node);
  if (op == &Block::def) return CopyBlock(node, node.attrs<Block>().row, node.attrs<Block>().column, 0);
  if (op == &Halves::def) {
    std::shared_ptr<Kernel> a = CopyBlock(node, 0, 0, 0), b = CopyBlock(node, 0, node.outputs[0].row(), 1);
    return MakeKernel([a, b](const KernelArgs& args) {
      const Status status = a->Run(args);
      return status.ok() ? b->Run(args) : status;
    });
  }
  return Elementwise(node, [](float a, float) { return a; });  // Shaped, Dense, Identity
}

}  // namespace

StatusOr<std::string_view> TestTarget::KernelFor(const KernelNode& node) const {
  for (const std::vector<Operand>* operands : {&node.inputs, &node.outputs}) {
    for (const Operand& o : *operands) {
      if (node.op == &Dense::def && !o.dense())
        return InvalidArgument("Dense '{}': takes dense operands only", node.scope);
    }
  }
  return std::string_view("test");
}

StatusOr<PreparedKernel> TestTarget::Prepare(const KernelNode& node) const {
  WEFT_ASSIGN_OR_RETURN(const std::string_view name, KernelFor(node));
  return PreparedKernel{name, Make(node)};
}

Var Model::Param(std::string_view name, Dims shape, StateRole role) {
  const Var v = In(name, std::move(shape));
  graph.AddState({.name = std::string(name), .role = role, .value = v.id, .init = nullptr});
  return v;
}

void Model::Next(Var state, Var next) {
  for (State& s : graph.mutable_states()) {
    if (s.value == state.id) s.next = next.id;
  }
}

}  // namespace weft::test
