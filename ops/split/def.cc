#include <algorithm>

#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/views.h"
#include "ops/split/op.h"

namespace weft::ops {
namespace {

StatusOr<Dims> EqualParts(const NodeTypes& node, const Dim& size, int64_t parts) {
  constexpr int64_t kMaxParts = 65536;  // a number in a file must not ask for more memory than the file has
  if (parts < 1 || parts > kMaxParts) {
    return node.Error("num_outputs is {}, expected 1 to {}", parts, kMaxParts);
  }
  if (!size.is_constant()) {
    const std::optional<Dim> part = size.DividedBy(Dim(parts));
    if (part) return Dims(static_cast<size_t>(parts), *part);
    return node.Error("{} elements do not split into {} equal parts", size.ToString(), parts);
  }
  if (parts == 1) return Dims{size};
  const int64_t n = size.value();
  const int64_t part = (n - 1) / parts + 1;
  if (n < parts || part * (parts - 1) >= n) {
    return node.Error("{} elements do not split into {} parts of which only the last is smaller", n, parts);
  }
  Dims sizes(static_cast<size_t>(parts), Dim(part));
  sizes.back() = Dim(n - part * (parts - 1));
  return sizes;
}

StatusOr<Dims> Sizes(const NodeTypes& node, int axis) {
  const auto& a = node.attrs<SplitOp>();
  const TensorType& input = node.input(0);
  const Dim& size = input.shape[static_cast<size_t>(axis)];
  if (a.split.empty() == (a.num_outputs == 0)) {
    return node.Error("expected either split or num_outputs, {}",
                      a.split.empty() ? "neither is given" : "both are given");
  }
  if (a.split.empty()) return EqualParts(node, size, a.num_outputs);
  Dim sum(0);
  for (const Dim& d : a.split) {
    if (d.is_constant() && d.value() < 0)
      return node.Error("split {} holds {}", ToString(a.split), d.value());
    sum = sum + d;
  }
  if (sum != size) {
    return node.Error("split {} has {} elements together, axis {} of input {} has {}", ToString(a.split),
                      sum.ToString(), axis, input.ToString(), size.ToString());
  }
  return a.split;
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  const TensorType& input = node.input(0);
  WEFT_ASSIGN_OR_RETURN(const int axis, ResolveAxis(node, node.attrs<SplitOp>().axis, input, "input"));
  WEFT_ASSIGN_OR_RETURN(const Dims sizes, Sizes(node, axis));
  std::vector<TensorType> outputs;
  for (const Dim& size : sizes) {
    TensorType& y = outputs.emplace_back(input);
    y.shape[static_cast<size_t>(axis)] = size;
  }
  return outputs;
}

bool AsView(const NodeTypes& node, int output, View* view) {
  const TensorType& input = node.input(0);
  const int axis = ResolvedAxis(node.attrs<SplitOp>().axis, input.rank());
  std::vector<int64_t> starts(input.shape.size(), 0);
  for (int i = 0; i < output; ++i) {
    starts[static_cast<size_t>(axis)] +=
        node.output(static_cast<size_t>(i)).shape[static_cast<size_t>(axis)].value();
  }
  return SliceAsView(ToShape(input.shape), starts, ToShape(node.output(static_cast<size_t>(output)).shape),
                     view);
}

constexpr Field kFields[] = {F<&SplitOp::split>("split", 1, kOptionalOperand), F<&SplitOp::axis>("axis"),
                             F<&SplitOp::num_outputs>("num_outputs")};
static_assert(FieldCount<SplitOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"outputs", OperandDef::kVariadic}};

std::vector<Var> EmitSplit(Var input, SplitOp op) {
  const size_t parts =
      op.split.empty() ? static_cast<size_t>(std::max<int64_t>(op.num_outputs, 0)) : op.split.size();
  std::vector<Var> outputs;
  if (input.builder != nullptr) outputs = input.builder->EmitMany(std::move(op), {input}, 0);
  if (outputs.size() < parts) outputs.resize(parts);  // after an error
  return outputs;
}

}  // namespace

constinit const OpDef SplitOp::def = {
    .name = "Split",
    .since_version = 18,
    .doc = "parts of input along an axis",
    .fields = kFields,
    .attributes = AttributesOf<SplitOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .view = AsView,
    .precision = {.kind = Precision::kMove},
};

std::vector<Var> Split(Var input, Dims sizes, int64_t axis) {
  return EmitSplit(input, {.split = std::move(sizes), .axis = axis});
}

std::vector<Var> SplitEqually(Var input, int64_t num_outputs, int64_t axis) {
  return EmitSplit(input, {.axis = axis, .num_outputs = num_outputs});
}

}  // namespace weft::ops
