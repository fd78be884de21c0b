#include <utility>

#include "ops/attention/op.h"
#include "ops/cached_attention/op.h"
#include "ops/common/attention_sizes.h"
#include "ops/common/cost.h"
#include "ops/common/in_f32.h"
#include "ops/common/operand_checks.h"
#include "ops/concat/op.h"
#include "ops/cum_sum/op.h"
#include "ops/div/op.h"
#include "ops/expand/op.h"
#include "ops/gather/op.h"
#include "ops/gather_nd/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"
#include "ops/reshape/op.h"
#include "ops/scatter_nd/op.h"

namespace weft::ops {
namespace {

constexpr size_t kRotary = 7;  // cos_cache

Status CheckCache(const NodeTypes& node, size_t cache, size_t rows) {
  const TensorType& type = node.input(cache);
  const TensorType& k = node.input(rows);
  if (type.rank() == 3 && type.dtype == k.dtype && type.shape[2] == k.shape[2]) return OkStatus();
  return node.Error("{} is {}, expected {}[pages, page, {}]", node.op->inputs[cache].name, type.ToString(),
                    Name(k.dtype), k.shape[2].ToString());
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<CachedAttentionOp>();
  if (!(attrs.scale >= 0)) return node.Error("scale is {}, expected > 0", attrs.scale);
  if (!(attrs.softcap >= 0)) return node.Error("softcap is {}, expected 0 or more", attrs.softcap);
  for (size_t i = 0; i < 3; ++i) {
    if (node.input(i).rank() == 3) continue;
    return node.Error("{} is {}, expected 3 dimensions", node.op->inputs[i].name, node.input(i).ToString());
  }
  WEFT_ASSIGN_OR_RETURN(const AttentionSizes s,
                        ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads));
  if (s.keys != s.seq) {
    return node.Error("k {} has other tokens than q {}", node.input(1).ToString(), node.input(0).ToString());
  }
  WEFT_RETURN_IF_ERROR(CheckCache(node, 3, 1));
  WEFT_RETURN_IF_ERROR(CheckCache(node, 4, 2));
  const Dims &keys = node.input(3).shape, &values = node.input(4).shape;
  if (keys[0] != values[0] || keys[1] != values[1]) {
    return node.Error("key_cache {} and value_cache {} differ in their pages", ToString(keys),
                      ToString(values));
  }
  const TensorType& table = node.input(5);
  if (table.dtype != DataType::kI64 || table.rank() != 2 || table.shape[0] != s.batch) {
    return node.Error("table is {}, expected i64[{}, max_pages]", table.ToString(), s.batch.ToString());
  }
  WEFT_RETURN_IF_ERROR(CheckType(node, 6, {DataType::kI64, {s.batch}}));
  WEFT_RETURN_IF_ERROR(CheckRotary(node, s, kRotary));
  const TensorType y{node.input(0).dtype, {s.batch, s.seq, s.q_heads * s.v_head_dim}};
  return std::vector<TensorType>{y, node.input(3), node.input(4)};
}

Var Ones(Builder& b, const Dim& n) { return Expand(b.Scalar(1, DataType::kI64), {n}); }

// A dimension as a number, i64 []; it may still be a symbol.
Var Size(Builder& b, const Dim& n) {
  if (!n.is_constant()) return ReduceSum(Ones(b, n), {0}, /*keepdims=*/false);
  return b.Constant(Tensor::Scalar<int64_t>(n.value()));
}

// The rows that new tokens go to: (page, row in the page), i64 [batch, seq, 2].
Var Places(Builder& b, Var table, Var start, const AttentionSizes& s, const Dim& page) {
  const Var counted = CumSum(Ones(b, s.seq), 0, /*exclusive=*/true);
  const Var position = Reshape(start, {s.batch, 1}) + Reshape(counted, {1, s.seq});
  const Var size = Size(b, page), number = position / size;
  const Dims column = {s.batch, s.seq, 1};
  const Var pages = GatherND(table, Reshape(number, column), /*batch_dims=*/1);
  const Var row = position - number * size;
  return Concat({Reshape(pages, column), Reshape(row, column)}, 2);
}

// q and the new k turned first.
void DecomposeRotary(const NodeTypes& node, const RotaryVars& rotary, std::span<const Var> in,
                     std::span<Var> out) {
  CachedAttentionOp attrs = node.attrs<CachedAttentionOp>();
  const AttentionSizes s = *ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads);
  const bool interleaved = std::exchange(attrs.rotary_interleaved, false);
  const Var q = Rotated(in[0], s.q_heads, s.head_dim, rotary, interleaved);
  const Var k = Rotated(in[1], s.kv_heads, s.head_dim, rotary, interleaved);
  const CachedAttentionVars y = CachedAttention({q, k, in[2], in[3], in[4], in[5], in[6]}, attrs);
  out[0] = y.y, out[1] = y.key_cache, out[2] = y.value_cache;
}

void Decompose(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  if (const RotaryVars rotary = RotaryInputs(in, kRotary); rotary.valid())
    return DecomposeRotary(node, rotary, in, out);
  const auto& attrs = node.attrs<CachedAttentionOp>();
  const AttentionSizes s = *ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads);
  const Dim page = in[3].dim(1), max_pages = in[5].dim(1);
  const Var places = Places(b, in[5], in[6], s, page);
  Var rows[2];
  for (size_t i : {0, 1}) {
    out[1 + i] = ScatterND(in[3 + i], places, in[1 + i]);
    rows[i] = Reshape(Gather(out[1 + i], in[5]), {s.batch, max_pages * page, in[3 + i].dim(2)});
  }
  const Var length = in[6] + Size(b, s.seq);
  out[0] = Attention(in[0], rows[0], rows[1],
                     {.is_causal = true,
                      .scale = attrs.scale,
                      .softcap = attrs.softcap,
                      .q_num_heads = attrs.q_num_heads,
                      .kv_num_heads = attrs.kv_num_heads},
                     {.nonpad_kv_seqlen = length});
}

// Positions up to the end of the pages, at most.
Dim Keys(const NodeTypes& node) { return node.input(5).shape[1] * node.input(3).shape[1]; }

double Flops(const NodeTypes& node) {
  const auto& attrs = node.attrs<CachedAttentionOp>();
  const AttentionSizes s = *ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads);
  const Dim pairs = s.batch * s.q_heads * s.seq * Keys(node);
  const double rotary =
      node.has_input(kRotary) ? 3 * (NumElements(node.input(0)) + NumElements(node.input(1))) : 0;
  return rotary + 2.0 * static_cast<double>((pairs * (s.head_dim + s.v_head_dim)).value());
}

// The tables' rows of the new tokens.
double RotaryBytes(const NodeTypes& node) {
  if (!node.has_input(kRotary)) return 0;
  const TensorType &q = node.input(0), &cos = node.input(kRotary);
  const Dim tokens = q.shape[0] * q.shape[1];
  const double ids = node.has_input(kRotary + 2) ? 8 * static_cast<double>(tokens.value()) : 0;
  return ids + 2 * static_cast<double>(SizeInBytes(cos.dtype, (tokens * cos.shape.back()).value()));
}

// New rows in and out, and the keys and values that a sequence's pages hold.
double Bytes(const NodeTypes& node) {
  double elements = NumElements(node.input(0)) + NumElements(node.output(0));
  for (size_t i : {0, 1}) {
    const double width = static_cast<double>(node.input(3 + i).shape[2].value());
    elements += 2 * NumElements(node.input(1 + i));
    elements += static_cast<double>((node.input(0).shape[0] * Keys(node)).value()) * width;
  }
  return elements * static_cast<double>(SizeInBytes(node.input(0).dtype, 1)) + RotaryBytes(node);
}

constexpr Field kFields[] = {F<&CachedAttentionOp::scale>("scale"), F<&CachedAttentionOp::softcap>("softcap"),
                             F<&CachedAttentionOp::q_num_heads>("q_num_heads"),
                             F<&CachedAttentionOp::kv_num_heads>("kv_num_heads"),
                             F<&CachedAttentionOp::rotary_interleaved>("rotary_interleaved")};
static_assert(FieldCount<CachedAttentionOp>() == std::size(kFields));
constexpr OperandDef::Arity kOptional = OperandDef::kOptional;
constexpr OperandDef kInputs[] = {{"q"},
                                  {"k"},
                                  {"v"},
                                  {"key_cache"},
                                  {"value_cache"},
                                  {"table"},
                                  {"start"},
                                  {"cos_cache", kOptional},
                                  {"sin_cache", kOptional},
                                  {"position_ids", kOptional}};
constexpr OperandDef kOutputs[] = {{"y"}, {"new_key_cache"}, {"new_value_cache"}};
constexpr InPlacePair kInPlace[] = {{3, 1}, {4, 2}};

}  // namespace

constinit const OpDef CachedAttentionOp::def = {
    .name = "CachedAttention",
    .domain = "weft",
    .doc = "causal attention over a paged cache of keys and values, with the new tokens' rows written first",
    .fields = kFields,
    .attributes = AttributesOf<CachedAttentionOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Decompose>,
    .flops = Flops,
    .bytes = Bytes,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kNarrow, .wide_inputs = 0b110011000, .wide_outputs = 0b110},
    .differentiable = false,
};

CachedAttentionVars CachedAttention(const CachedAttentionInputs& in, CachedAttentionOp attributes) {
  if (!in.q.valid()) return {};
  const std::vector<Var> out =
      in.q.builder->EmitMany(attributes,
                             {in.q, in.k, in.v, in.key_cache, in.value_cache, in.table, in.start,
                              in.rotary.cos, in.rotary.sin, in.rotary.positions},
                             0);
  return {out[0], out[1], out[2]};
}

}  // namespace weft::ops
