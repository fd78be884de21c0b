#include "ops/attention/op.h"
#include "ops/attention_grad/op.h"
#include "ops/common/attention_body.h"
#include "ops/common/attention_sizes.h"
#include "ops/common/cost.h"
#include "ops/common/in_f32.h"

namespace weft::ops {
namespace {

constexpr size_t kRotary = 8;  // cos_cache

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<AttentionGradOp>();
  WEFT_ASSIGN_OR_RETURN(const AttentionSizes s,
                        ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads));
  WEFT_RETURN_IF_ERROR(CheckAttentionMask(node, s, 3, 4));
  WEFT_RETURN_IF_ERROR(CheckRotary(node, s, kRotary));
  const DataType t = node.input(0).dtype;
  const Dims y = node.input(0).rank() == 4 ? Dims{s.batch, s.q_heads, s.seq, s.v_head_dim}
                                           : Dims{s.batch, s.seq, s.q_heads * s.v_head_dim};
  const TensorType expected[] = {{t, y}, {t, {s.batch, s.q_heads, s.seq}}, {t, y}};
  for (size_t i = 5; i < 8; ++i) {
    if (node.input(i) == expected[i - 5]) continue;
    return node.Error("{} is {}, expected {}", node.op->inputs[i].name, node.input(i).ToString(),
                      expected[i - 5].ToString());
  }
  return std::vector<TensorType>{node.input(0), node.input(1), node.input(2)};
}

double Flops(const NodeTypes& node) {
  const auto& attrs = node.attrs<AttentionGradOp>();
  const AttentionSizes s = *ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads);
  const Dim pairs = s.batch * s.q_heads * s.seq * s.keys;
  const Dim work = pairs * (s.head_dim * 3 + s.v_head_dim * 2);
  const double rotary =
      node.has_input(kRotary) ? 6 * (NumElements(node.input(0)) + NumElements(node.input(1))) : 0;
  return rotary + 2.0 * static_cast<double>(work.value()) * (attrs.is_causal ? 0.5 : 1);
}

constexpr Field kFields[] = {
    F<&AttentionGradOp::is_causal>("is_causal"),
    F<&AttentionGradOp::scale>("scale"),
    F<&AttentionGradOp::softcap>("softcap"),
    F<&AttentionGradOp::q_num_heads>("q_num_heads"),
    F<&AttentionGradOp::kv_num_heads>("kv_num_heads"),
    F<&AttentionGradOp::rotary_interleaved>("rotary_interleaved"),
};
static_assert(FieldCount<AttentionGradOp>() == std::size(kFields));
constexpr OperandDef::Arity kOptional = OperandDef::kOptional;
constexpr OperandDef kInputs[] = {{"q"},
                                  {"k"},
                                  {"v"},
                                  {"attn_mask", kOptional},
                                  {"nonpad_kv_seqlen", kOptional},
                                  {"y"},
                                  {"lse"},
                                  {"dy"},
                                  {"cos_cache", kOptional},
                                  {"sin_cache", kOptional},
                                  {"position_ids", kOptional}};
constexpr OperandDef kOutputs[] = {{"dq"}, {"dk"}, {"dv"}};

}  // namespace

constinit const OpDef AttentionGradOp::def = {
    .name = "AttentionGrad",
    .domain = "weft",
    .doc = "ds = p (dy v^T - sum of dy y) scale; dq = ds k, dk = ds^T q, dv = p^T dy",
    .fields = kFields,
    .attributes = AttributesOf<AttentionGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<AttentionGradBody>,
    .flops = Flops,
    .precision = {.kind = Precision::kNarrow, .wide_inputs = 0b1101001000},
};

AttentionGradVars AttentionGrad(Var q, Var k, Var v, Var mask, Var nonpad, Var y, Var lse, Var dy,
                                AttentionGradOp attributes, const RotaryVars& rotary) {
  if (!dy.valid()) return {};
  const auto out = dy.builder->EmitMany(
      attributes, {q, k, v, mask, nonpad, y, lse, dy, rotary.cos, rotary.sin, rotary.positions}, 0);
  return {out[0], out[1], out[2]};
}

}  // namespace weft::ops
