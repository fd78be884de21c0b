#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/concat/op.h"
#include "ops/gather/op.h"
#include "ops/operators.h"
#include "ops/reshape/op.h"
#include "ops/rotary_embedding/op.h"
#include "ops/slice/op.h"
#include "ops/transpose/op.h"
#include "ops/unsqueeze/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<RotaryEmbeddingOp>();
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  const TensorType& x = node.input(0);
  if (x.rank() != 3 && x.rank() != 4) return node.Error("X is {}, expected 3 or 4 dimensions", x.ToString());
  if (x.rank() == 3 && attrs.num_heads <= 0)
    return node.Error("num_heads is {}, expected > 0 for X of 3 dimensions", attrs.num_heads);
  if (x.rank() == 3 && !x.shape[2].DividedBy(attrs.num_heads)) {
    return node.Error("X {} is not divisible by num_heads {}", x.ToString(), attrs.num_heads);
  }
  const RotarySizes s = SizesOf(attrs, x.shape);
  const std::optional<Dim> half = s.rotary.DividedBy(2);
  if (!half) return node.Error("{} elements of a head cannot be paired", s.rotary.ToString());
  if (attrs.rotary_embedding_dim < 0 || (s.head_dim.is_constant() && s.rotary.value() > s.head_dim.value())) {
    return node.Error("rotary_embedding_dim is {}, expected 0 to {}", attrs.rotary_embedding_dim,
                      s.head_dim.ToString());
  }
  for (size_t i : {1u, 2u}) {
    const TensorType& cache = node.input(i);
    if (cache.dtype != x.dtype)
      return node.Error("{} is {}, expected {}", node.op->inputs[i].name, Name(cache.dtype), Name(x.dtype));
    const Dims rows = node.has_input(3) ? Dims{cache.rank() > 0 ? cache.shape[0] : Dim(0), *half}
                                        : Dims{s.batch, s.seq, *half};
    if (cache.shape != rows || cache.shape != node.input(1).shape) {
      return node.Error("{} has shape {}, expected {}", node.op->inputs[i].name, ToString(cache.shape),
                        node.has_input(3) ? fmt::format("[max, {}]", half->ToString()) : ToString(rows));
    }
  }
  if (node.has_input(3) && node.input(3) != TensorType{DataType::kI64, {s.batch, s.seq}}) {
    return node.Error("position_ids is {}, expected {}", node.input(3).ToString(),
                      TensorType{DataType::kI64, {s.batch, s.seq}}.ToString());
  }
  return std::vector<TensorType>{x};
}

// ONNX's body on [batch, seq, heads, head_dim].
void Body(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<RotaryEmbeddingOp>();
  const Dims shape = in[0].shape();
  const RotarySizes s = SizesOf(attrs, shape);
  if (!s.head_dim.is_constant()) {
    b.SetError(
        node.Error("its body needs a number of elements for each head, which is {}", s.head_dim.ToString()));
    return;
  }
  const Var x = shape.size() == 4 ? Transpose(in[0], {0, 2, 1, 3})
                                  : Reshape(in[0], {s.batch, s.seq, s.heads, s.head_dim});
  const bool ids = in.size() > 3 && in[3].valid();
  const Var cos = Unsqueeze(ids ? Gather(in[1], in[3], 0) : in[1], {2});  // [batch, seq, 1, r/2]
  const Var sin = Unsqueeze(ids ? Gather(in[2], in[3], 0) : in[2], {2});
  const int64_t r = s.rotary.value(), all = s.head_dim.value();
  auto part = [&](Var v, int64_t begin, int64_t end, int64_t axis, int64_t step = 1) {
    return Slice(v, {begin}, {end}, {axis}, {step});
  };
  const Var turning = r == all ? x : part(x, 0, r, 3);
  Var turned;
  if (attrs.interleaved) {
    const Var even = part(turning, 0, r, 3, 2), odd = part(turning, 1, r, 3, 2);
    const Var pairs = Concat(
        std::vector<Var>{Unsqueeze(even * cos - odd * sin, {4}), Unsqueeze(even * sin + odd * cos, {4})}, 4);
    turned = Reshape(pairs, turning.shape());
  } else {
    const Var left = part(turning, 0, r / 2, 3), right = part(turning, r / 2, r, 3);
    turned = Concat(std::vector<Var>{left * cos - right * sin, left * sin + right * cos}, 3);
  }
  if (r != all) turned = Concat(std::vector<Var>{turned, part(x, r, all, 3)}, 3);
  out[0] = shape.size() == 4 ? Transpose(turned, {0, 2, 1, 3}) : Reshape(turned, shape);
}

double Flops(const NodeTypes& node) { return 3 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&RotaryEmbeddingOp::interleaved>("interleaved"),
                             F<&RotaryEmbeddingOp::num_heads>("num_heads"),
                             F<&RotaryEmbeddingOp::rotary_embedding_dim>("rotary_embedding_dim")};
static_assert(FieldCount<RotaryEmbeddingOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {
    {"X"}, {"cos_cache"}, {"sin_cache"}, {"position_ids", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"Y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef RotaryEmbeddingOp::def = {
    .name = "RotaryEmbedding",
    .since_version = 23,
    .doc = "pairs of elements turned by position-dependent angles",
    .fields = kFields,
    .attributes = AttributesOf<RotaryEmbeddingOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = Body,
    .flops = Flops,
    .in_place = kInPlace,
};

RotarySizes SizesOf(const RotaryEmbeddingOp& attrs, const Dims& x) {
  RotarySizes s;
  if (x.size() == 4) {
    s = {x[0], x[2], x[1], x[3], x[3]};
  } else {
    const Dim head_dim = x[2].DividedBy(attrs.num_heads).value_or(Dim(0));
    s = {x[0], x[1], attrs.num_heads, head_dim, head_dim};
  }
  if (attrs.rotary_embedding_dim != 0) s.rotary = attrs.rotary_embedding_dim;
  return s;
}

Var RotaryEmbedding(Var x, Var cos, Var sin, Var position_ids, RotaryEmbeddingOp attributes) {
  if (!x.valid()) return {};
  return x.builder->Emit(attributes, {x, cos, sin, position_ids});
}

}  // namespace weft::ops
