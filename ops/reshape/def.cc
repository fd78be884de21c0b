#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/views.h"
#include "ops/reshape/op.h"

namespace weft::ops {
namespace {

const Dim kCopy(0), kRest(-1);

// The new shape with copied dimensions filled in and -1 left as it is.
StatusOr<Dims> FillIn(const NodeTypes& node) {
  const auto& a = node.attrs<ReshapeOp>();
  Dims shape = a.shape;
  int rests = 0, zeros = 0;
  for (size_t i = 0; i < shape.size(); ++i) {
    Dim& d = shape[i];
    rests += d == kRest;
    zeros += d == kCopy;
    if (d == kCopy && !a.allowzero) {
      if (i >= node.input(0).shape.size()) {
        return node.Error("shape {} copies dimension {}, but data is {}", ToString(a.shape), i,
                          node.input(0).ToString());
      }
      d = node.input(0).shape[i];
    } else if (d.is_constant() && d.value() < -1) {
      return node.Error("shape {} holds {}", ToString(a.shape), d.value());
    }
  }
  if (rests > 1) return node.Error("shape {} holds -1 more than once", ToString(a.shape));
  if (rests == 1 && zeros > 0 && a.allowzero) {
    return node.Error("shape {} holds both 0 and -1, which allowzero forbids", ToString(a.shape));
  }
  return shape;
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  const TensorType& data = node.input(0);
  WEFT_ASSIGN_OR_RETURN(Dims shape, FillIn(node));
  Dim known(1);
  Dim* rest = nullptr;
  for (Dim& d : shape) {
    if (d == kRest) {
      rest = &d;
    } else {
      known = known * d;
    }
  }
  if (rest != nullptr) {
    const std::optional<Dim> quotient = data.num_elements().DividedBy(known);
    if (!quotient) {
      return node.Error("shape {}: the {} elements of data {} cannot be divided by {}", ToString(shape),
                        data.num_elements().ToString(), data.ToString(), known.ToString());
    }
    *rest = *quotient;
  } else if (known != data.num_elements()) {
    return node.Error("shape {} has {} elements, data {} has {}", ToString(shape), known.ToString(),
                      data.ToString(), data.num_elements().ToString());
  }
  return std::vector<TensorType>{{data.dtype, std::move(shape)}};
}

constexpr Field kFields[] = {F<&ReshapeOp::shape>("shape", 1), F<&ReshapeOp::allowzero>("allowzero")};
static_assert(FieldCount<ReshapeOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"data"}};
constexpr OperandDef kOutputs[] = {{"reshaped"}};

}  // namespace

constinit const OpDef ReshapeOp::def = {
    .name = "Reshape",
    .since_version = 24,
    .doc = "the same elements in another shape",
    .fields = kFields,
    .attributes = AttributesOf<ReshapeOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .view = ReshapeAsView,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kMove},
};

Var Reshape(Var data, Dims shape) { return EmitOn(ReshapeOp{.shape = std::move(shape)}, {data}); }

Var ReshapeTo(Var data, Dims shape) {
  return EmitOn(ReshapeOp{.shape = std::move(shape), .allowzero = true}, {data});
}

}  // namespace weft::ops
