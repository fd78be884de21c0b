#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/operand_checks.h"
#include "ops/equal/op.h"
#include "ops/operators.h"
#include "ops/sgd/op.h"
#include "ops/where/op.h"

namespace weft::ops {
namespace {

Status CheckSettings(const NodeTypes& node) {
  const SGDOp& a = node.attrs<SGDOp>();
  if (!(a.momentum >= 0 && a.momentum < 1))
    return node.Error("momentum is {}, expected 0 <= momentum < 1", a.momentum);
  if (!(a.weight_decay >= 0)) return node.Error("weight_decay is {}, expected 0 or more", a.weight_decay);
  if (a.nesterov && a.momentum == 0) return node.Error("nesterov needs a momentum above 0");
  if (node.has_input(2) != (a.momentum > 0)) {
    return node.Error("momentum is {}, but there is {} momentum buffer", a.momentum,
                      node.has_input(2) ? "a" : "no");
  }
  return OkStatus();
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckSettings(node));
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  const TensorType& param = node.input(0);
  WEFT_RETURN_IF_ERROR(CheckLike(node, 1, 0));
  WEFT_RETURN_IF_ERROR(CheckLike(node, 2, 0));
  WEFT_RETURN_IF_ERROR(CheckScalar(node, 3, param.dtype));
  WEFT_RETURN_IF_ERROR(CheckScalar(node, 4, param.dtype));
  if (!node.has_input(2)) return std::vector<TensorType>{param};
  return std::vector<TensorType>{param, param};
}

double Flops(const NodeTypes& node) {
  const SGDOp& a = node.attrs<SGDOp>();
  const int each = 3 + (a.weight_decay > 0 ? 2 : 0) + (a.momentum > 0 ? 2 : 0) + (a.nesterov ? 2 : 0);
  return each * NumElements(node.input(0));
}

void DecomposeNode(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const SGDOp& a = node.attrs<SGDOp>();
  const double momentum = a.momentum;
  const Var param = in[0], buffer = in[2];
  const Var scale = in.size() > 4 ? in[4] : Var{};
  Var g = scale.valid() ? in[1] * scale : in[1];
  if (a.weight_decay > 0) g = g + param * static_cast<double>(a.weight_decay);
  const Var new_buffer = buffer.valid() ? buffer * momentum + g : Var{};
  const Var change = !buffer.valid() ? g : a.nesterov ? g + new_buffer * momentum : new_buffer;
  const Var finite = scale.valid() ? Equal(scale - scale, b.Scalar(0, scale.dtype())) : Var{};
  const auto update = [&](Var updated, Var old) {
    return finite.valid() ? Where(finite, updated, old) : updated;
  };
  out[0] = update(param - in[3] * change, param);
  if (out.size() > 1) out[1] = update(new_buffer, buffer);
}

constexpr OperandDef kInputs[] = {
    {"param"}, {"grad"}, {"buffer", OperandDef::kOptional}, {"lr"}, {"scale", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"new_param"}, {"new_buffer", OperandDef::kOptional}};
constexpr InPlacePair kInPlace[] = {{0, 0}, {2, 1}};
constexpr Field kFields[] = {F<&SGDOp::momentum>("momentum"), F<&SGDOp::weight_decay>("weight_decay"),
                             F<&SGDOp::nesterov>("nesterov")};
static_assert(FieldCount<SGDOp>() == std::size(kFields));

}  // namespace

constinit const OpDef SGDOp::def = {
    .name = "SGD",
    .domain = "weft",
    .doc =
        "b' = momentum b + g; p' = p - lr b' (nesterov: p - lr (g + momentum b')); g = scale grad + "
        "weight_decay p",
    .fields = kFields,
    .attributes = AttributesOf<SGDOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = DecomposeNode,
    .flops = Flops,
    .in_place = kInPlace,
    .differentiable = false,
};

SGDVars SGD(SGDOp settings, Var param, Var grad, Var buffer, Var lr, Var scale) {
  if (!param.builder) return {};
  const std::vector<Var> out =
      param.builder->EmitMany(std::move(settings), {param, grad, buffer, lr, scale}, buffer.valid() ? 2 : 0);
  return {out[0], out[1]};
}

}  // namespace weft::ops
