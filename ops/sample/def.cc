#include <fmt/format.h>

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

// The formula of op.h in ONNX's words, rows in f64. Errors of the data have none there.
std::string PenaltyBody() {
  return R"(penalty_row = Cast<to: int = 11>(repetition_penalty)
penalty = Unsqueeze(penalty_row, one)
padding = Less(history, none)
place = Where(padding, vocab, history)
batch = Shape<start: int = 0, end: int = 1>(logits)
beyond = Add(vocab, one)
wide = Concat<axis: int = 0>(batch, beyond)
unmarked = Expand(zero, wide)
places = Shape(history)
mark = Expand(unit, places)
marked = ScatterElements<axis: int = 1>(unmarked, place, mark)
marks = Slice(marked, none, vocab, one)
seen = Cast<to: int = 9>(marks)
negative = Less(x, zero)
larger = Mul(x, penalty)
smaller = Div(x, penalty)
penalised = Where(negative, larger, smaller)
z = Where(seen, penalised, x)
)";
}

// Of `weight`, those of the tokens from the best downwards, `left` is what stays.
std::string TopKBody(std::string_view weight, std::string_view left) {
  return fmt::format(R"(k = Unsqueeze(top_k, one)
k_off = Equal(k, none)
k_limit = Where(k_off, vocab, k)
k_stays = Less(rank, k_limit)
{1} = Where(k_stays, {0}, zero)
)",
                     weight, left);
}

std::string TopPBody(std::string_view weight, std::string_view left) {
  return fmt::format(R"(p_row = Cast<to: int = 11>(top_p)
p = Unsqueeze(p_row, one)
p_sum = ReduceSum({0}, one)
p_target = Mul(p, p_sum)
p_before = CumSum<exclusive: int = 1>({0}, axis)
p_low = Less(p_before, p_target)
p_first = Equal(rank, none)
p_off = GreaterOrEqual(p, unit)
p_free = Or(p_first, p_off)
p_stays = Or(p_low, p_free)
{1} = Where(p_stays, {0}, zero)
)",
                     weight, left);
}

std::string MinPBody(std::string_view weight, std::string_view left) {
  return fmt::format(R"(m_row = Cast<to: int = 11>(min_p)
m = Unsqueeze(m_row, one)
m_stays = GreaterOrEqual(sorted, m)
{1} = Where(m_stays, {0}, zero)
)",
                     weight, left);
}

std::string OnnxBody(const NodeTypes& node) {
  std::string body = R"(one = Constant<value: tensor = int64[1] {1}>()
none = Constant<value: tensor = int64[1] {0}>()
axis = Constant<value: tensor = int64 {1}>()
zero = Constant<value: tensor = double {0}>()
unit = Constant<value: tensor = double {1}>()
x = Cast<to: int = 11>(logits)
whole = Shape(logits)
vocab = Shape<start: int = 1, end: int = 2>(logits)
)";
  const bool penalty = node.has_input(5) && node.has_input(6);
  body += penalty ? PenaltyBody() : "z = Identity(x)\n";
  body += R"(best = ReduceMax(z, one)
t_row = Cast<to: int = 11>(temperature)
t = Unsqueeze(t_row, one)
greedy = Equal(t, zero)
divisor = Where(greedy, unit, t)
below = Sub(z, best)
scaled = Div(below, divisor)
w = Exp(scaled)
ordered, ids = TopK<axis: int = 1>(z, vocab)
sorted = GatherElements<axis: int = 1>(w, ids)
ones = Expand(one, whole)
rank = CumSum<exclusive: int = 1>(ones, axis)
)";
  std::string weight = "sorted";
  if (node.has_input(2)) body += TopKBody(weight, "after_k"), weight = "after_k";
  if (node.has_input(3)) body += TopPBody(weight, "after_p"), weight = "after_p";
  if (node.has_input(4)) body += MinPBody(weight, "after_m"), weight = "after_m";
  return body + fmt::format(R"(kept = ScatterElements<axis: int = 1>(w, ids, {})
running = CumSum(kept, axis)
total = ReduceMax(running, one)
u = RandomUniformLike<dtype: int = 11, high: float = 1, low: float = 0>(t)
target = Mul(u, total)
passed = Greater(running, target)
passes = Cast<to: int = 6>(passed)
drawn = ArgMax<axis: int = 1, keepdims: int = 0>(passes)
top = ArgMax<axis: int = 1, keepdims: int = 0>(z)
greedy_row = Squeeze(greedy, one)
token = Where(greedy_row, top, drawn)
logprobs = LogSoftmax<axis: int = 1>(x)
column = Unsqueeze(token, one)
chosen = GatherElements<axis: int = 1>(logprobs, column)
chosen_row = Squeeze(chosen, one)
logprob = Cast<to: int = {}>(chosen_row)
)",
                            weight, OnnxCode(node.input(0).dtype));
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
    .onnx_body = OnnxBody,
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
