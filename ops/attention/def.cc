#include "ops/attention/op.h"
#include "ops/common/attention_body.h"
#include "ops/common/attention_sizes.h"
#include "ops/common/cost.h"
#include "ops/common/in_f32.h"

namespace weft::ops {
namespace {

constexpr size_t kRotary = 7;  // cos_cache

Status CheckAttributes(const NodeTypes& node, const AttentionOp& attrs) {
  if (!(attrs.scale >= 0)) return node.Error("scale is {}, expected > 0", attrs.scale);
  if (!(attrs.softcap >= 0)) return node.Error("softcap is {}, expected 0 or more", attrs.softcap);
  if (attrs.qk_matmul_output_mode < 0 || attrs.qk_matmul_output_mode > 3) {
    return node.Error("qk_matmul_output_mode is {}, expected 0 to 3", attrs.qk_matmul_output_mode);
  }
  return OkStatus();
}

Status CheckPast(const NodeTypes& node, AttentionSizes* s) {
  if (node.has_input(4) != node.has_input(5)) return node.Error("past_key and past_value come together");
  if (!node.has_input(4)) return OkStatus();
  if (node.has_input(6)) return node.Error("nonpad_kv_seqlen does not go with a past");
  const TensorType& key = node.input(4);
  const TensorType& value = node.input(5);
  s->past = key.rank() == 4 ? key.shape[2] : Dim(0);
  const DataType dtype = node.input(0).dtype;
  const TensorType expected_key{dtype, {s->batch, s->kv_heads, s->past, s->head_dim}};
  const TensorType expected_value{dtype, {s->batch, s->kv_heads, s->past, s->v_head_dim}};
  if (key != expected_key)
    return node.Error("past_key is {}, expected {}", key.ToString(), expected_key.ToString());
  if (value != expected_value)
    return node.Error("past_value is {}, expected {}", value.ToString(), expected_value.ToString());
  s->total = s->past + s->keys;
  return OkStatus();
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<AttentionOp>();
  WEFT_RETURN_IF_ERROR(CheckAttributes(node, attrs));
  WEFT_ASSIGN_OR_RETURN(AttentionSizes s, ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads));
  WEFT_RETURN_IF_ERROR(CheckPast(node, &s));
  WEFT_RETURN_IF_ERROR(CheckAttentionMask(node, s, 3, 6));
  WEFT_RETURN_IF_ERROR(CheckRotary(node, s, kRotary));
  const DataType t = node.input(0).dtype;
  const Dims y = node.input(0).rank() == 4 ? Dims{s.batch, s.q_heads, s.seq, s.v_head_dim}
                                           : Dims{s.batch, s.seq, s.q_heads * s.v_head_dim};
  return std::vector<TensorType>{{t, y},
                                 {t, {s.batch, s.kv_heads, s.total, s.head_dim}},
                                 {t, {s.batch, s.kv_heads, s.total, s.v_head_dim}},
                                 {t, {s.batch, s.q_heads, s.seq, s.total}},
                                 {t, {s.batch, s.q_heads, s.seq}}};
}

// Causal attention does half of the work.
double Flops(const NodeTypes& node) {
  const auto& attrs = node.attrs<AttentionOp>();
  const AttentionSizes s = *ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads);
  const Dim past = node.has_input(4) ? node.input(4).shape[2] : Dim(0);
  const Dim pairs = s.batch * s.q_heads * s.seq * (past + s.keys);
  const double rotary =
      node.has_input(kRotary) ? 3 * (NumElements(node.input(0)) + NumElements(node.input(1))) : 0;
  return rotary + 2.0 * static_cast<double>((pairs * (s.head_dim + s.v_head_dim)).value()) *
                      (attrs.is_causal ? 0.5 : 1);
}

constexpr Field kFields[] = {
    F<&AttentionOp::is_causal>("is_causal"),
    F<&AttentionOp::scale>("scale"),
    F<&AttentionOp::softcap>("softcap"),
    F<&AttentionOp::softmax_precision>("softmax_precision"),
    F<&AttentionOp::q_num_heads>("q_num_heads"),
    F<&AttentionOp::kv_num_heads>("kv_num_heads"),
    F<&AttentionOp::qk_matmul_output_mode>("qk_matmul_output_mode"),
    F<&AttentionOp::rotary_interleaved>("rotary_interleaved", kWeftOnly),
};
static_assert(FieldCount<AttentionOp>() == std::size(kFields));
constexpr OperandDef::Arity kOptional = OperandDef::kOptional;
constexpr OperandDef kInputs[] = {{"Q"},
                                  {"K"},
                                  {"V"},
                                  {"attn_mask", kOptional},
                                  {"past_key", kOptional},
                                  {"past_value", kOptional},
                                  {"nonpad_kv_seqlen", kOptional},
                                  {"cos_cache", kOptional, true},
                                  {"sin_cache", kOptional, true},
                                  {"position_ids", kOptional, true}};
constexpr OperandDef kOutputs[] = {{"Y"},
                                   {"present_key", kOptional},
                                   {"present_value", kOptional},
                                   {"qk_matmul_output", kOptional},
                                   {"lse", kOptional, true}};

}  // namespace

constinit const OpDef AttentionOp::def = {
    .name = "Attention",
    .since_version = 24,
    .doc = "y = softmax(scale q k^T + bias) v",
    .fields = kFields,
    .attributes = AttributesOf<AttentionOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<AttentionBody>,
    .flops = Flops,
    .precision = {.kind = Precision::kNarrow, .wide_inputs = 0b110001000, .wide_outputs = 0b10000},
};

Var Attention(Var q, Var k, Var v, AttentionOp attributes, AttentionInputs more) {
  if (!q.valid()) return {};
  return q.builder->Emit(
      attributes, {q, k, v, more.mask, more.past_key, more.past_value, more.nonpad_kv_seqlen, more.rotary.cos,
                   more.rotary.sin, more.rotary.positions});
}

}  // namespace weft::ops
