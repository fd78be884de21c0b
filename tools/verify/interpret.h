// A graph run node by node on tensors of its own: no plan, no memory shared between values. What a program is
// compared with.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/tensor.h"
#include "ir/graph.h"
#include "ops/kernel.h"

namespace weft {

// The values of inputs by their name, and of states by theirs.
using Feed = std::map<std::string, Tensor, std::less<>>;

// The feed's tensor for an input, in the input's element type where both are floats. Errors: there is none;
// its shape or type is another.
StatusOr<Tensor> FeedFor(const Graph& graph, const Feed& feed, ValueId input);

struct InterpretOptions {
  KernelContext context = {1, true};  // the plain kernels
  // Values that are wanted besides outputs and states' next values; null: none, freed after their last use.
  std::function<bool(ValueId value)> keep = {};
  std::function<Status(NodeId node)> before = {};  // each node: progress, interrupts
  std::function<void(Tensor& value)> after = {};   // each output of a node: disturbances
};

// All shapes bound. The values by id; those that are not kept are empty. The error names the node.
StatusOr<std::vector<Tensor>> Interpret(const Graph& graph, const Feed& feed,
                                        const InterpretOptions& options = {});

}  // namespace weft
