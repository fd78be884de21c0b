#include "ops/cast/op.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/in_f32.h"
#include "ops/dropout/op.h"
#include "ops/expand/op.h"
#include "ops/less/op.h"
#include "ops/operators.h"
#include "ops/random_uniform/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const DropoutOp& a = node.attrs<DropoutOp>();
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  WEFT_RETURN_IF_ERROR(CheckRandom(node, 1, a.stream));
  if (!(a.ratio >= 0 && a.ratio < 1)) return node.Error("ratio is {}, expected 0 <= ratio < 1", a.ratio);
  return std::vector<TensorType>{node.input(0), {DataType::kBool, node.input(0).shape}};
}

double Flops(const NodeTypes& node) {
  return node.attrs<DropoutOp>().active() ? NumElements(node.input(0)) : 0;
}

bool ViewOf(const NodeTypes& node, int output, View* view) {
  if (output != 0 || node.attrs<DropoutOp>().active()) return false;
  *view = {.kind = View::kReshape, .input = 0};
  return true;
}

// 1 / (1 - ratio) as the kernels round it.
double ScaleOf(float ratio, DataType dtype) {
  return dtype == DataType::kF32 ? 1 / (1 - ratio) : 1 / (1 - static_cast<double>(ratio));
}

void DecomposeNode(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const DropoutOp& a = node.attrs<DropoutOp>();
  const Var data = in[0];
  const auto operand = [&](size_t i) { return i < in.size() ? in[i] : Var{}; };
  if (!a.active()) {
    out[0] = data;
    if (out.size() > 1) out[1] = Expand(b.Scalar(1, DataType::kBool), data.shape());
    return;
  }
  const Var seed = operand(1).valid() ? operand(1) : b.Constant(Tensor::Scalar(a.seed), "seed");
  const Var u = RandomUniform({seed, operand(2), operand(3)}, a.stream, data.shape());
  const Var keep = Less(u, b.Scalar(1 - a.ratio, DataType::kF32));
  out[0] = data * (Cast(keep, data.dtype()) * ScaleOf(a.ratio, data.dtype()));
  if (out.size() > 1) out[1] = keep;
}

constexpr OperandDef kInputs[] = {{"data"},
                                  {"seed", OperandDef::kOptional, true},
                                  {"step", OperandDef::kOptional, true},
                                  {"row", OperandDef::kOptional, true}};
constexpr OperandDef kOutputs[] = {{"output"}, {"mask", OperandDef::kOptional}};
constexpr InPlacePair kInPlace[] = {{0, 0}};
constexpr Field kFields[] = {F<&DropoutOp::ratio>("ratio", 1, kOptionalOperand),
                             F<&DropoutOp::training_mode>("training_mode", 2, kOptionalOperand),
                             F<&DropoutOp::seed>("seed"), F<&DropoutOp::stream>("stream", kWeftOnly)};
static_assert(FieldCount<DropoutOp>() == std::size(kFields));

ElementForm ElementOf(const NodeTypes& node) {
  if (!node.attrs<DropoutOp>().active()) return {.why_not = "it drops nothing"};
  if (node.has_output(1)) return {.why_not = "its mask is asked for"};
  return {ElementFunction::kDropout, node.attrs<DropoutOp>().ratio};
}

}  // namespace

constinit const OpDef DropoutOp::def = {
    .name = "Dropout",
    .since_version = 22,
    .doc = "output = data * (u < 1 - ratio ? 1 / (1 - ratio) : 0) in training, else data",
    .fields = kFields,
    .attributes = AttributesOf<DropoutOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<DecomposeNode>,
    .flops = Flops,
    .view = ViewOf,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = ElementOf,
    .random = true,
};

Var Dropout(Var data, float ratio, RandomInputs in, int64_t stream) {
  if (!data.builder) return {};
  const DropoutOp a{.ratio = ratio, .training_mode = true, .stream = stream};
  return data.builder->Emit(a, {data, in.seed, in.step, in.row});
}

}  // namespace weft::ops
