#include <algorithm>
#include <limits>

#include "ops/common/axes.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/views.h"
#include "ops/slice/op.h"

namespace weft::ops {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

// ONNX's rule for numbers.
SliceRange RangeOf(int64_t n, int64_t start, int64_t end, int64_t step) {
  step = std::max(step, -kMax);
  start = start < 0 ? start + n : start;
  end = end < 0 ? end + n : end;
  if (step > 0) {
    start = std::clamp<int64_t>(start, 0, n);
    end = std::clamp<int64_t>(end, 0, n);
    return {start, end > start ? (end - start - 1) / step + 1 : 0, step};
  }
  if (n == 0) return {0, 0, step};
  start = std::clamp<int64_t>(start, 0, n - 1);
  end = std::clamp<int64_t>(end, -1, n - 1);
  return {start, start > end ? (start - end - 1) / -step + 1 : 0, step};
}

// Where n is a symbol. Nullopt if it cannot be known yet.
std::optional<Dim> FromTheFront(const Dim& at, const Dim& n) {
  if (!at.is_constant() || at.value() == 0) return at;
  if (at.value() < 0) return at.value() > -kMax / 2 ? std::optional<Dim>(n + at) : std::nullopt;
  if (at.value() == kMax || at.value() == std::numeric_limits<int32_t>::max()) return n;
  return std::nullopt;
}

std::optional<SliceRange> RangeOf(const Dim& n, const Dim& start, const Dim& end, int64_t step) {
  if (n.is_constant() && start.is_constant() && end.is_constant()) {
    return RangeOf(n.value(), start.value(), end.value(), step);
  }
  std::optional<Dim> from = start.is_constant() && start.value() > 0 ? start : FromTheFront(start, n);
  const std::optional<Dim> to = FromTheFront(end, n);
  if (!from || !to || step != 1) return std::nullopt;
  return SliceRange{*from, *to - *from, 1};
}

StatusOr<std::vector<SliceRange>> Resolve(const NodeTypes& node) {
  const auto& a = node.attrs<SliceOp>();
  const TensorType& data = node.input(0);
  const size_t count = a.starts.size();
  if (a.ends.size() != count || (!a.axes.empty() && a.axes.size() != count) ||
      (!a.steps.empty() && a.steps.size() != count)) {
    return node.Error("{} starts, {} ends, {} axes and {} steps, expected equally many", count, a.ends.size(),
                      a.axes.size(), a.steps.size());
  }
  if (count > data.shape.size()) return node.Error("{} starts, but data is {}", count, data.ToString());
  WEFT_ASSIGN_OR_RETURN(std::vector<int> axes, ResolveAxes(node, a.axes, data.rank(), "data"));
  std::vector<SliceRange> ranges;
  for (const Dim& d : data.shape) ranges.push_back({0, d, 1});
  for (size_t i = 0; i < count; ++i) {
    const size_t axis = a.axes.empty() ? i : static_cast<size_t>(axes[i]);
    const int64_t step = a.steps.empty() ? 1 : a.steps[i];
    if (step == 0) return node.Error("the step of axis {} is 0", axis);
    const auto range = RangeOf(data.shape[axis], a.starts[i], a.ends[i], step);
    if (!range) {
      return node.Error("what {}:{}:{} takes of axis {} of data {} is not known before {} is a number",
                        a.starts[i].ToString(), a.ends[i].ToString(), step, axis, data.ToString(),
                        data.shape[axis].is_constant() ? "its start and end" : data.shape[axis].ToString());
    }
    ranges[axis] = *range;
  }
  return ranges;
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  WEFT_ASSIGN_OR_RETURN(const std::vector<SliceRange> ranges, Resolve(node));
  TensorType y{node.input(0).dtype, {}};
  for (const SliceRange& r : ranges) y.shape.push_back(r.size);
  return std::vector<TensorType>{std::move(y)};
}

bool AsView(const NodeTypes& node, int, View* view) {
  std::vector<int64_t> starts;
  const Shape shape = ToShape(node.input(0).shape), size = ToShape(node.output(0).shape);
  for (const SliceRange& r : SliceRanges(node.attrs<SliceOp>(), node.input(0).shape)) {
    if (r.step != 1 && r.size.value() > 1) return false;
    starts.push_back(r.start.value());
  }
  return SliceAsView(shape, starts, size, view);
}

constexpr Field kFields[] = {F<&SliceOp::starts>("starts", 1), F<&SliceOp::ends>("ends", 2),
                             F<&SliceOp::axes>("axes", 3, kOptionalOperand),
                             F<&SliceOp::steps>("steps", 4, kOptionalOperand)};
static_assert(FieldCount<SliceOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"data"}};
constexpr OperandDef kOutputs[] = {{"output"}};

}  // namespace

constinit const OpDef SliceOp::def = {
    .name = "Slice",
    .since_version = 13,
    .doc = "a part of data along some axes",
    .fields = kFields,
    .attributes = AttributesOf<SliceOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .bytes = [](const NodeTypes& node) { return 2 * BytesOf(node.output(0)); },
    .view = AsView,
    .precision = {.kind = Precision::kMove},
};

std::vector<SliceRange> SliceRanges(const SliceOp& op, const Dims& shape) {
  const TensorType data{DataType::kF32, shape};
  NodeTypes node;
  node.op = &SliceOp::def;
  node.attributes = &op;
  node.inputs = {&data};
  StatusOr<std::vector<SliceRange>> ranges = Resolve(node);
  WEFT_CHECK(ranges.ok(), "{}", Message(ranges.status()));
  return *std::move(ranges);
}

Var Slice(Var data, Dims starts, Dims ends, std::vector<int64_t> axes, std::vector<int64_t> steps) {
  return EmitOn(SliceOp{.starts = std::move(starts),
                        .ends = std::move(ends),
                        .axes = std::move(axes),
                        .steps = std::move(steps)},
                {data});
}

}  // namespace weft::ops
