// A graph, or its text, run once on named tensors: what `weft run` does between its files.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/safetensors.h"
#include "compiler/passes/fusions.h"
#include "ir/graph.h"
#include "ops/kernel.h"

namespace weft {

struct RunGraphOptions {
  // The tensor of that name for an input or a state, shared or loaded; NotFound if there is none.
  std::function<StatusOr<Tensor>(std::string_view name)> tensor;
  std::map<std::string, int64_t> bindings;  // of symbols; those of the tensors' shapes are added
  KernelContext context;
  Fusions fuse = {};     // rules that may act
  int64_t seed = 0;      // of states' initial values
  bool checked = false;  // look for the first NaN or infinity
  std::string profile;   // a file for the Chrome trace; empty: none
};

// Inputs and states take their tensors; an input that an operator takes as an attribute (Reshape's shape) is
// a constant before anything is compiled. A state without a tensor takes its initial value. Returns the
// outputs in the graph's order, then the states that have changed, under their names.
StatusOr<std::vector<NamedTensor>> RunGraphText(std::string_view text, const RunGraphOptions& options);
// The same for a graph that has been read: its inputs are operands only.
StatusOr<std::vector<NamedTensor>> RunGraph(Graph graph, const RunGraphOptions& options);

}  // namespace weft
