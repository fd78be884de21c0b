#include <algorithm>

#include "base/quote.h"
#include "ops/common/cost.h"
#include "ops/common/cross_entropy_def.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/linear_cross_entropy_loss/op.h"
#include "ops/product/op.h"
#include "ops/reshape/op.h"
#include "ops/softmax_cross_entropy_loss_grad/op.h"

namespace weft::ops {
namespace {

constexpr size_t kDx = 1, kDweight = 2;  // outputs

Dim RowsOf(const TensorType& x) { return Product(Dims(x.shape.begin(), x.shape.end() - 1)); }

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<LinearCrossEntropyLossOp>();
  const TensorType &x = node.input(0), &weight = node.input(1), &labels = node.input(2);
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  if (x.rank() < 2) return node.Error("x is {}, expected [batch.., width]", x.ToString());
  if (weight.dtype != x.dtype || weight.rank() != 2 || weight.shape[1] != x.shape.back()) {
    return node.Error("weight is {}, expected {}[classes, {}] (the last dimension of x {})",
                      weight.ToString(), Name(x.dtype), x.shape.back().ToString(), x.ToString());
  }
  const TensorType expected{DataType::kI64, {RowsOf(x)}};
  if (labels != expected) {
    return node.Error("labels is {}, expected {} (a label for each row of x {})", labels.ToString(),
                      expected.ToString(), x.ToString());
  }
  if (attrs.reduction != "mean" && attrs.reduction != "sum")
    return node.Error("reduction is {}, expected mean or sum", Quote(attrs.reduction));
  WEFT_RETURN_IF_ERROR(CheckZLoss(node, attrs.z_loss));
  if (attrs.tile_rows < 0) return node.Error("tile_rows is {}, expected 0 or more", attrs.tile_rows);
  return std::vector<TensorType>{{x.dtype, {}}, x, weight};
}

// x where it has as many dimensions; without rows too, where ONNX's zero would mean another size.
Var As(Var x, Dims shape) {
  if (x.rank() == static_cast<int>(shape.size())) return x;
  const bool zero = std::find(shape.begin(), shape.end(), Dim(0)) != shape.end();
  return EmitOn(ReshapeOp{.shape = std::move(shape), .allowzero = zero}, {x});
}

// The product, the loss, and its gradient as differentiation would emit it.
void Body(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<LinearCrossEntropyLossOp>();
  const Var x = in[0], weight = in[1], labels = in[2];
  const Dims flat = {RowsOf(x.type()), weight.dim(0)};
  const Var scores = Product(x, weight, {.trans_b = true});
  const Var rows = As(scores, flat);
  const bool gradient = node.has_output(kDx) || node.has_output(kDweight);
  const std::vector<Var> loss =
      b.EmitMany(SoftmaxCrossEntropyLossOp{attrs.reduction, attrs.ignore_index, attrs.z_loss}, {rows, labels},
                 gradient ? uint32_t{1} << kCrossEntropyLse : 0);
  out[0] = loss[0];
  if (!gradient) return;
  const Var dscores =
      SoftmaxCrossEntropyLossGrad(rows, labels, {}, loss[kCrossEntropyLse], b.Scalar(1, x.dtype()),
                                  {attrs.reduction, attrs.ignore_index, attrs.z_loss});
  if (node.has_output(kDx)) out[kDx] = As(Product(dscores, weight), x.shape());
  if (node.has_output(kDweight))
    out[kDweight] = Product(dscores, As(x, {flat[0], x.dim(-1)}), {.trans_a = true});
}

// The product, its two gradients where they are asked for, and what the scores alone cost.
double Flops(const NodeTypes& node) {
  const double scores = NumElements(node.input(2)) * static_cast<double>(node.input(1).shape[0].value());
  const double products = 1.0 + node.has_output(kDx) + node.has_output(kDweight);
  const double gradient = products > 1 ? 4 : 0;
  return scores * (2 * products * static_cast<double>(node.input(1).shape[1].value()) + 5 + gradient);
}

// The tile of scores is meant to stay in cache; weight and its gradient do not from tile to tile.
double Bytes(const NodeTypes& node) {
  const TensorType &x = node.input(0), &weight = node.input(1);
  const int64_t rows = RowsOf(x).value();
  const int64_t tile = CrossEntropyTileRows(node.attrs<LinearCrossEntropyLossOp>(), rows,
                                            weight.shape[0].value(), weight.shape[1].value());
  const int64_t whole = rows / tile;
  const auto tiles = static_cast<double>(whole + (rows % tile != 0));
  const bool dx = node.has_output(kDx), dweight = node.has_output(kDweight);
  double bytes = BytesOf(x) * (1.0 + dx + dweight) + BytesOf(node.input(2));
  bytes += BytesOf(weight) * tiles * (1.0 + dx);
  if (dweight) bytes += BytesOf(weight) * std::max(1.0, 2 * tiles - 1);
  return bytes;
}

constexpr Field kFields[] = {F<&LinearCrossEntropyLossOp::reduction>("reduction"),
                             F<&LinearCrossEntropyLossOp::ignore_index>("ignore_index"),
                             F<&LinearCrossEntropyLossOp::z_loss>("z_loss"),
                             F<&LinearCrossEntropyLossOp::tile_rows>("tile_rows")};
static_assert(FieldCount<LinearCrossEntropyLossOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"x"}, {"weight"}, {"labels"}};
constexpr OperandDef kOutputs[] = {
    {"loss"}, {"dx", OperandDef::kOptional}, {"dweight", OperandDef::kOptional}};
// Of a tile, dx is written when nothing reads its rows of x any more.
constexpr InPlacePair kInPlace[] = {{0, kDx}};

}  // namespace

constinit const OpDef LinearCrossEntropyLossOp::def = {
    .name = "LinearCrossEntropyLoss",
    .domain = "weft",
    .doc = "z_loss lse^2 - log softmax(x weight^T)[label], and its gradients by x and weight",
    .fields = kFields,
    .attributes = AttributesOf<LinearCrossEntropyLossOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Body>,
    .flops = Flops,
    .bytes = Bytes,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kNarrow, .wide_outputs = 0b101, .rounds_inside = true},
};

Var LinearCrossEntropyLoss(Var x, Var weight, Var labels, LinearCrossEntropyLossOp attributes) {
  return EmitOn(std::move(attributes), {x, weight, labels});
}

// A tile's scores are written once and read or written some five times; for each tile weight is read twice,
// its gradient read and written. Scores of 20 MB stay in the last cache of most servers; where they do not,
// both sides move the same number of bytes with two thirds of `width` rows, and fewer would move more.
int64_t CrossEntropyTileRows(const LinearCrossEntropyLossOp& attributes, int64_t rows, int64_t classes,
                             int64_t width) {
  constexpr int64_t kTileElements = 5 << 20, kMultiple = 16;
  if (rows == 0) return 1;
  if (attributes.tile_rows > 0) return std::min(rows, attributes.tile_rows);
  const int64_t cached = kTileElements / std::max<int64_t>(1, classes);
  const int64_t most = std::max({cached, width / 3 * 2, kMultiple});
  if (rows <= most) return rows;
  const int64_t tiles = (rows - 1) / most + 1, equal = (rows - 1) / tiles + 1;
  return std::min(rows, (equal / kMultiple + (equal % kMultiple != 0)) * kMultiple);
}

}  // namespace weft::ops
