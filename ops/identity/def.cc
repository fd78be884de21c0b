#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/views.h"
#include "ops/identity/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  return std::vector<TensorType>{node.input(0)};
}

}  // namespace

constinit const OpDef IdentityOp::def = {
    .name = "Identity",
    .since_version = 24,
    .doc = "output = input",
    .attributes = AttributesOf<IdentityOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = Infer,
    .flops = NoFlops,
    .view = ReshapeAsView,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kMove},
};

Var Identity(Var input) { return EmitOn(IdentityOp{}, {input}); }

}  // namespace weft::ops
