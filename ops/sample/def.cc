#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/operand_checks.h"
#include "ops/sample/op.h"

namespace weft::ops {
namespace {

Status CheckLogits(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  const TensorType& logits = node.input(0);
  if (logits.rank() != 2) return node.Error("logits is {}, expected [batch, vocab]", logits.ToString());
  const Dim& vocab = logits.shape[1];
  if (vocab.is_constant() && (vocab.value() < 1 || vocab.value() > INT32_MAX)) {
    return node.Error("logits is {}, expected 1 to {} tokens", logits.ToString(), INT32_MAX);
  }
  return OkStatus();
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckLogits(node));
  const TensorType& logits = node.input(0);
  const Dims rows = {logits.shape[0]};
  for (size_t i : {1, 3, 4, 5}) WEFT_RETURN_IF_ERROR(CheckType(node, i, {logits.dtype, rows}));
  for (size_t i : {2, 7, 8}) WEFT_RETURN_IF_ERROR(CheckType(node, i, {DataType::kI64, rows}));
  if (node.has_input(6)) {
    const TensorType& history = node.input(6);
    if (history.dtype != DataType::kI64 || history.rank() != 2 || history.shape[0] != rows[0]) {
      return node.Error("history is {}, expected i64[{}, any]", history.ToString(), rows[0].ToString());
    }
  }
  const int64_t stream = node.attrs<SampleOp>().stream;
  if (stream < 0 || stream > 0xFFFFFFFF) return node.Error("stream is {}, expected 0 to 4294967295", stream);
  return std::vector<TensorType>{{DataType::kI64, rows}, {logits.dtype, rows}};
}

// Two exponentials of about ten operations each.
double Flops(const NodeTypes& node) { return 24 * NumElements(node.input(0)); }

constexpr OperandDef kInputs[] = {{"logits"},
                                  {"temperature"},
                                  {"top_k", OperandDef::kOptional},
                                  {"top_p", OperandDef::kOptional},
                                  {"min_p", OperandDef::kOptional},
                                  {"repetition_penalty", OperandDef::kOptional},
                                  {"history", OperandDef::kOptional},
                                  {"seed"},
                                  {"step", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"token"}, {"logprob"}};
constexpr Field kFields[] = {F<&SampleOp::stream>("stream")};
static_assert(FieldCount<SampleOp>() == std::size(kFields));

}  // namespace

constinit const OpDef SampleOp::def = {
    .name = "Sample",
    .domain = "weft",
    .doc = "one token a row: penalty, temperature, top_k, top_p, min_p, then a draw; temperature 0: the best",
    .fields = kFields,
    .attributes = AttributesOf<SampleOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
    .random = true,
    .differentiable = false,
};

SampleVars Sample(const SampleInputs& in, int64_t stream) {
  if (!in.logits.builder) return {};
  const std::vector<Var> out =
      in.logits.builder->EmitMany(SampleOp{stream},
                                  {in.logits, in.temperature, in.top_k, in.top_p, in.min_p,
                                   in.repetition_penalty, in.history, in.seed, in.step},
                                  0);
  return {out[0], out[1]};
}

}  // namespace weft::ops
