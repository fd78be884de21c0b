#include "tests/ir/test_ops.h"

namespace weft::test {
namespace {

using Types = StatusOr<std::vector<TensorType>>;

Types Same(const NodeTypes& node) { return std::vector<TensorType>{node.input(0)}; }

Types InferAdd(const NodeTypes& node) {
  if (node.input(0) != node.input(1)) {
    return node.Error("y is {}, expected {}", node.input(1).ToString(), node.input(0).ToString());
  }
  return std::vector<TensorType>{node.input(0)};
}

Types InferReshape(const NodeTypes& node) {
  const Dims& shape = node.attrs<ReshapeOp>().shape;
  if (Product(shape) != node.input(0).num_elements()) {
    return node.Error("shape is {}, x is {}", ToString(shape), node.input(0).ToString());
  }
  return std::vector<TensorType>{{node.input(0).dtype, shape}};
}

Types InferSlice(const NodeTypes& node) {
  const auto& a = node.attrs<SliceOp>();
  if (a.starts.size() != a.ends.size() || a.starts.size() > node.input(0).shape.size()) {
    return node.Error("{} starts, {} ends", a.starts.size(), a.ends.size());
  }
  TensorType out = node.input(0);
  for (size_t i = 0; i < a.starts.size(); ++i) {
    const size_t axis = a.axes.empty() ? i : static_cast<size_t>(a.axes[i]);
    if (axis >= out.shape.size()) return node.Error("axis {}", axis);
    out.shape[axis] = a.ends[i] - a.starts[i];
  }
  return std::vector<TensorType>{out};
}

Types InferTopK(const NodeTypes& node) {
  TensorType values = node.input(0);
  if (values.shape.empty()) return node.Error("x is a scalar");
  values.shape.back() = node.attrs<TopKOp>().k;
  return std::vector<TensorType>{values, {DataType::kI64, values.shape}};
}

Types InferDropout(const NodeTypes& node) {
  return std::vector<TensorType>{node.input(0), {DataType::kBool, node.input(0).shape}};
}

Types InferConcat(const NodeTypes& node) {
  TensorType out = node.input(0);
  if (out.shape.empty()) return node.Error("input 0 is a scalar");
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (node.input(i).rank() != out.rank()) return node.Error("input {} is {}", i, node.input(i).ToString());
    out.shape[0] = out.shape[0] + node.input(i).shape[0];
  }
  return std::vector<TensorType>{out};
}

Types InferSplit(const NodeTypes& node) {
  const auto& split = node.attrs<SplitOp>().split;
  std::vector<TensorType> out;
  if (node.input(0).shape.empty()) return node.Error("x is a scalar");
  for (int64_t part : split) {
    out.push_back(node.input(0));
    out.back().shape[0] = part;
  }
  return out;
}

Types InferCast(const NodeTypes& node) {
  return std::vector<TensorType>{{node.attrs<CastOp>().to, node.input(0).shape}};
}

Types InferNorm(const NodeTypes& node) {
  return std::vector<TensorType>{node.input(0), {DataType::kF32, node.input(0).shape}};
}

Types InferFlatten(const NodeTypes& node) {
  return std::vector<TensorType>{{node.input(0).dtype, {node.input(0).num_elements()}}};
}

Types InferFill(const NodeTypes& node) {
  return std::vector<TensorType>{{DataType::kF32, node.attrs<FillOp>().shape}};
}

void DecomposeNorm(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  Var n = b.Emit(NegOp{}, {in[0]});
  out[0] = b.Emit(NegOp{}, {n});
  if (node.has_output(1)) out[1] = n;
}

void DecomposeKinds(Builder& b, const NodeTypes&, std::span<const Var> in, std::span<Var> out) {
  out[0] = b.Emit(NegOp{}, {in[0]});
}

void DecomposeFlatten(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  out[0] = b.Emit(ReshapeOp{{node.input(0).num_elements()}}, {in[0]});
}

std::string FillBody(const NodeTypes& node) {
  std::string shape;
  for (int64_t d : ToShape(node.attrs<FillOp>().shape))
    shape += (shape.empty() ? "" : ", ") + std::to_string(d);
  return fmt::format(
      "shape = Constant<value_ints: ints = [{}]>()\n"
      "Y = ConstantOfShape<value: tensor = float[1] {{{}}}>(shape)",
      shape, node.attrs<FillOp>().value);
}

constexpr OperandDef kX[] = {{"X"}}, kXY[] = {{"A"}, {"B"}}, kY[] = {{"Y"}},
                     kNone[] = {{"none", OperandDef::kOptional}};
constexpr OperandDef kMany[] = {{"inputs", OperandDef::kVariadic}},
                     kManyOut[] = {{"outputs", OperandDef::kVariadic}};
constexpr OperandDef kTopKOut[] = {{"Values"}, {"Indices"}};
constexpr OperandDef kDropoutIn[] = {{"data"}, {"seed", OperandDef::kOptional, true}};
constexpr OperandDef kDropoutOut[] = {{"output"}, {"mask", OperandDef::kOptional}};
constexpr OperandDef kNormOut[] = {{"Y"}, {"Saved", OperandDef::kOptional, true}};
constexpr OperandDef kFlattenOut[] = {{"X"}};  // named like its operand

constexpr Field kReshape[] = {F<&ReshapeOp::shape>("shape", 1), F<&ReshapeOp::allowzero>("allowzero")};
constexpr Field kSlice[] = {F<&SliceOp::starts>("starts", 1), F<&SliceOp::ends>("ends", 2),
                            F<&SliceOp::axes>("axes", 3, kOptionalOperand),
                            F<&SliceOp::steps>("steps", 4, kOptionalOperand)};
constexpr Field kTopK[] = {F<&TopKOp::k>("K", 1, kVectorOperand), F<&TopKOp::axis>("axis")};
constexpr Field kDropout[] = {F<&DropoutOp::ratio>("ratio", 1, kOptionalOperand),
                              F<&DropoutOp::training_mode>("training_mode", 2, kOptionalOperand)};
constexpr Field kConcat[] = {F<&ConcatOp::axis>("axis")};
constexpr Field kSplit[] = {F<&SplitOp::split>("split", 1, kOptionalOperand), F<&SplitOp::axis>("axis")};
constexpr Field kCast[] = {F<&CastOp::to>("to")};
constexpr Field kNorm[] = {F<&NormOp::epsilon>("epsilon"), F<&NormOp::mode>("mode", kWeftOnly)};
constexpr Field kKinds[] = {
    F<&KindsOp::i>("i"),       F<&KindsOp::f>("f"),           F<&KindsOp::b>("b"),
    F<&KindsOp::s>("s"),       F<&KindsOp::t>("t"),           F<&KindsOp::d>("d"),
    F<&KindsOp::ints>("ints"), F<&KindsOp::floats>("floats"), F<&KindsOp::dims>("dims")};
static_assert(FieldCount<KindsOp>() == std::size(kKinds));
constexpr Field kFill[] = {F<&FillOp::shape>("shape"), F<&FillOp::value>("value")};

}  // namespace

constinit const OpDef NegOp::def = {.name = "Neg",
                                    .since_version = 13,
                                    .attributes = AttributesOf<NegOp>(),
                                    .inputs = kX,
                                    .outputs = kY,
                                    .infer = Same};
constinit const OpDef AddOp::def = {.name = "Add",
                                    .since_version = 14,
                                    .attributes = AttributesOf<AddOp>(),
                                    .inputs = kXY,
                                    .outputs = kY,
                                    .infer = InferAdd};
constinit const OpDef ReshapeOp::def = {.name = "Reshape",
                                        .since_version = 24,
                                        .fields = kReshape,
                                        .attributes = AttributesOf<ReshapeOp>(),
                                        .inputs = kX,
                                        .outputs = kY,
                                        .infer = InferReshape};
constinit const OpDef SliceOp::def = {.name = "Slice",
                                      .since_version = 13,
                                      .fields = kSlice,
                                      .attributes = AttributesOf<SliceOp>(),
                                      .inputs = kX,
                                      .outputs = kY,
                                      .infer = InferSlice};
constinit const OpDef TopKOp::def = {.name = "TopK",
                                     .since_version = 24,
                                     .fields = kTopK,
                                     .attributes = AttributesOf<TopKOp>(),
                                     .inputs = kX,
                                     .outputs = kTopKOut,
                                     .infer = InferTopK};
constinit const OpDef DropoutOp::def = {.name = "Dropout",
                                        .since_version = 22,
                                        .fields = kDropout,
                                        .attributes = AttributesOf<DropoutOp>(),
                                        .inputs = kDropoutIn,
                                        .outputs = kDropoutOut,
                                        .infer = InferDropout};
constinit const OpDef ConcatOp::def = {.name = "Concat",
                                       .since_version = 13,
                                       .fields = kConcat,
                                       .attributes = AttributesOf<ConcatOp>(),
                                       .inputs = kMany,
                                       .outputs = kY,
                                       .infer = InferConcat};
constinit const OpDef SplitOp::def = {.name = "Split",
                                      .since_version = 18,
                                      .fields = kSplit,
                                      .attributes = AttributesOf<SplitOp>(),
                                      .inputs = kX,
                                      .outputs = kManyOut,
                                      .infer = InferSplit};
constinit const OpDef CastOp::def = {.name = "Cast",
                                     .since_version = 24,
                                     .fields = kCast,
                                     .attributes = AttributesOf<CastOp>(),
                                     .inputs = kX,
                                     .outputs = kY,
                                     .infer = InferCast};
constinit const OpDef NormOp::def = {.name = "Softmax",
                                     .since_version = 13,
                                     .fields = kNorm,
                                     .attributes = AttributesOf<NormOp>(),
                                     .inputs = kX,
                                     .outputs = kNormOut,
                                     .infer = InferNorm,
                                     .decompose = DecomposeNorm};
constinit const OpDef KindsOp::def = {.name = "Kinds",
                                      .domain = "weft",
                                      .fields = kKinds,
                                      .attributes = AttributesOf<KindsOp>(),
                                      .inputs = kX,
                                      .outputs = kY,
                                      .infer = Same,
                                      .decompose = DecomposeKinds};
constinit const OpDef FlattenOp::def = {.name = "FlattenAll",
                                        .domain = "weft",
                                        .attributes = AttributesOf<FlattenOp>(),
                                        .inputs = kX,
                                        .outputs = kFlattenOut,
                                        .infer = InferFlatten,
                                        .decompose = DecomposeFlatten};
constinit const OpDef FillOp::def = {.name = "Fill",
                                     .domain = "weft",
                                     .fields = kFill,
                                     .attributes = AttributesOf<FillOp>(),
                                     .inputs = kNone,
                                     .outputs = kY,
                                     .infer = InferFill,
                                     .onnx_body = FillBody};

static constexpr const OpDef* kAll[] = {&NegOp::def,  &AddOp::def,     &ReshapeOp::def, &SliceOp::def,
                                        &TopKOp::def, &DropoutOp::def, &ConcatOp::def,  &SplitOp::def,
                                        &CastOp::def, &NormOp::def,    &KindsOp::def,   &FlattenOp::def,
                                        &FillOp::def};

const OpDef* FindTestOp(std::string_view domain, std::string_view name) {
  for (const OpDef* op : kAll) {
    if (op->domain == domain && op->name == name) return op;
  }
  return nullptr;
}

std::vector<std::string_view> TestOpNames() {
  std::vector<std::string_view> names;
  for (const OpDef* op : kAll) names.push_back(op->name);
  return names;
}

}  // namespace weft::test
