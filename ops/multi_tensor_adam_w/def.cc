#include <algorithm>
#include <array>

#include "ops/cast/op.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/operand_checks.h"
#include "ops/multi_tensor_adam_w/op.h"

namespace weft::ops {
namespace {

constexpr size_t kFirst = MultiTensorAdamWOp::Input(0);
constexpr std::string_view kNames[] = {"param", "grad", "m", "v"};

Status CheckSettings(const NodeTypes& node) {
  const auto& a = node.attrs<MultiTensorAdamWOp>();
  if (!(a.beta1 >= 0 && a.beta1 < 1)) return node.Error("beta1 is {}, expected 0 <= beta1 < 1", a.beta1);
  if (!(a.beta2 >= 0 && a.beta2 < 1)) return node.Error("beta2 is {}, expected 0 <= beta2 < 1", a.beta2);
  if (!(a.epsilon >= 0)) return node.Error("epsilon is {}, expected 0 or more", a.epsilon);
  for (size_t i = 0; i < a.weight_decay.size(); ++i) {
    if (!(a.weight_decay[i] >= 0))
      return node.Error("weight_decay {} is {}, expected 0 or more", i, a.weight_decay[i]);
  }
  return OkStatus();
}

// The number of parameters.
StatusOr<size_t> CheckCount(const NodeTypes& node) {
  const size_t tensors = node.inputs.size() - kFirst, count = tensors / 4;
  if (tensors % 4 != 0)
    return node.Error("has {} tensors, expected param, grad, m, v for each parameter", tensors);
  if (count > MultiTensorAdamWOp::kMostParameters)
    return node.Error("has {} parameters, expected at most {}", count, MultiTensorAdamWOp::kMostParameters);
  const size_t decays = node.attrs<MultiTensorAdamWOp>().weight_decay.size();
  if (decays != count) return node.Error("weight_decay has {} numbers, expected {}", decays, count);
  int64_t least = 0;
  for (int64_t p : node.attrs<MultiTensorAdamWOp>().copied) {
    if (p < least || p >= static_cast<int64_t>(count))
      return node.Error("copied has {}, expected positions of {} parameters, ascending", p, count);
    least = p + 1;
  }
  return count;
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckSettings(node));
  WEFT_ASSIGN_OR_RETURN(const size_t count, CheckCount(node));
  WEFT_RETURN_IF_ERROR(CheckDataType(node, kFirst, kFloats));
  const DataType dtype = node.input(kFirst).dtype;
  WEFT_RETURN_IF_ERROR(CheckScalar(node, 0, dtype));
  WEFT_RETURN_IF_ERROR(CheckScalar(node, 1, DataType::kI64));
  WEFT_RETURN_IF_ERROR(CheckScalar(node, 2, dtype));
  std::vector<TensorType> results;
  for (size_t p = 0; p < count; ++p) {
    const TensorType& param = node.input(MultiTensorAdamWOp::Input(p));
    if (param.dtype != dtype) {
      return node.Error("param {} is {}, expected {} (that of param 0)", p, Name(param.dtype), Name(dtype));
    }
    for (size_t i = 1; i < 4; ++i) {
      const TensorType& type = node.input(MultiTensorAdamWOp::Input(p) + i);
      if (type == param) continue;
      return node.Error("{} {} is {}, expected {} (that of param {})", kNames[i], p, type.ToString(),
                        param.ToString(), p);
    }
    results.insert(results.end(), 3, param);
  }
  for (int64_t p : node.attrs<MultiTensorAdamWOp>().copied)
    results.push_back({DataType::kBF16, results[MultiTensorAdamWOp::Output(static_cast<size_t>(p))].shape});
  return results;
}

double Flops(const NodeTypes& node) {
  double flops = 0;
  for (size_t i = kFirst; i < node.inputs.size(); i += 4) flops += 15 * NumElements(node.input(i));
  for (int64_t p : node.attrs<MultiTensorAdamWOp>().copied)
    flops += NumElements(node.input(MultiTensorAdamWOp::Input(static_cast<size_t>(p))));
  return flops;
}

void DecomposeNode(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& a = node.attrs<MultiTensorAdamWOp>();
  for (size_t p = 0; p < a.weight_decay.size(); ++p) {
    const std::span<const Var> of = in.subspan(MultiTensorAdamWOp::Input(p), 4);
    const AdamWVars next = AdamW({a.beta1, a.beta2, a.epsilon, a.weight_decay[p]}, of[0], of[1], of[2], of[3],
                                 in[0], in[1], in[2]);
    const size_t at = MultiTensorAdamWOp::Output(p);
    out[at] = next.param, out[at + 1] = next.m, out[at + 2] = next.v;
  }
  for (size_t i = 0; i < a.copied.size(); ++i)
    out[a.CopyOutput(i)] =
        Cast(out[MultiTensorAdamWOp::Output(static_cast<size_t>(a.copied[i]))], DataType::kBF16);
}

constexpr OperandDef kInputs[] = {{"lr"}, {"step"}, {"scale"}, {"tensors", OperandDef::kVariadic}};
constexpr OperandDef kOutputs[] = {{"results", OperandDef::kVariadic}};
// Of as many parameters as there may be; a node has the first of them.
constexpr auto kInPlace = [] {
  std::array<InPlacePair, 3 * MultiTensorAdamWOp::kMostParameters> pairs{};
  for (size_t p = 0; p < MultiTensorAdamWOp::kMostParameters; ++p) {
    const int in = static_cast<int>(MultiTensorAdamWOp::Input(p)), out = static_cast<int>(3 * p);
    pairs[3 * p] = {in, out}, pairs[3 * p + 1] = {in + 2, out + 1}, pairs[3 * p + 2] = {in + 3, out + 2};
  }
  return pairs;
}();
constexpr Field kFields[] = {F<&MultiTensorAdamWOp::beta1>("beta1"), F<&MultiTensorAdamWOp::beta2>("beta2"),
                             F<&MultiTensorAdamWOp::epsilon>("epsilon"),
                             F<&MultiTensorAdamWOp::weight_decay>("weight_decay"),
                             F<&MultiTensorAdamWOp::copied>("copied")};
static_assert(FieldCount<MultiTensorAdamWOp>() == std::size(kFields));

}  // namespace

constinit const OpDef MultiTensorAdamWOp::def = {
    .name = "MultiTensorAdamW",
    .domain = "weft",
    .doc = "AdamW of several parameters at once, and copies of them in bf16",
    .fields = kFields,
    .attributes = AttributesOf<MultiTensorAdamWOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = DecomposeNode,
    .flops = Flops,
    .in_place = kInPlace,
    .differentiable = false,
};

MultiTensorAdamWVars MultiTensorAdamW(MultiTensorAdamWOp settings, Var lr, Var step, Var scale,
                                      const std::vector<AdamWTensors>& tensors) {
  WEFT_CHECK(!tensors.empty());
  std::vector<Var> inputs = {lr, step, scale};
  for (const AdamWTensors& t : tensors) inputs.insert(inputs.end(), {t.param, t.grad, t.m, t.v});
  MultiTensorAdamWVars results{std::vector<AdamWVars>(tensors.size()),
                               std::vector<Var>(settings.copied.size())};
  if (lr.builder == nullptr) return results;
  const std::vector<Var> out = lr.builder->EmitAll(
      MultiTensorAdamWOp::def, std::make_shared<const MultiTensorAdamWOp>(std::move(settings)), inputs);
  const size_t first_copy = MultiTensorAdamWOp::Output(tensors.size());
  if (out.size() < first_copy + results.copies.size()) return results;  // an error, which the builder has
  for (size_t p = 0; p < tensors.size(); ++p) {
    const size_t at = MultiTensorAdamWOp::Output(p);
    results.next[p] = {out[at], out[at + 1], out[at + 2]};
  }
  std::copy_n(out.begin() + static_cast<std::ptrdiff_t>(first_copy), results.copies.size(),
              results.copies.begin());
  return results;
}

}  // namespace weft::ops
