#include "ops/common/cpu/reduce.h"

namespace weft::ops {
namespace {

Shape Select(const Shape& from, const std::vector<bool>& flags, bool which) {
  Shape selected;
  for (size_t i = 0; i < from.size(); ++i) {
    if (flags[i] == which) selected.push_back(from[i]);
  }
  return selected;
}

// The output's strides at the axes that are kept, whether or not it has the others as ones.
Strides OutputStrides(const Operand& output, const std::vector<bool>& reduced) {
  Strides strides = StridesOf(output);
  return strides.size() == reduced.size() ? Select(strides, reduced, false) : strides;
}

}  // namespace

PlainReduction::PlainReduction(const KernelNode& node, const std::vector<bool>& reduced)
    : outputs(Select(node.inputs[0].shape, reduced, false),
              {OutputStrides(node.outputs[0], reduced), Select(StridesOf(node.inputs[0]), reduced, false)}),
      inputs(Select(node.inputs[0].shape, reduced, true),
             {Select(StridesOf(node.inputs[0]), reduced, true)}) {}

}  // namespace weft::ops
