// mixed_precision: bf16 where it is worth it, f32 where it must be, by each operator's row (ir/op_def.h).
//
//   worth it (kNarrow)  products, attention, norms, rotary: their operands are cast to bf16
//   follow              elementwise operators: bf16 where one of their operands is
//   f32 (kWide)         sums, the loss, gradients of weights, the whole optimizer
//
// A matrix product whose every reader wants f32 gives f32. Graph outputs and next values of states keep their
// types. Parameters read as bf16 get a copy, a state of role *derived* `bf16.<name>`, which the optimizer's
// phase writes anew.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace weft {

struct MixedPrecisionOptions {
  // Nodes stay in f32 whose scope has this regular expression (ECMAScript) as whole names between its dots:
  // "lm_head|ln_.*" is "lm_head", "blocks.3.ln_1".
  std::string keep_f32 = {};
  // Parameters whose copies another program reads: they are written here whatever is read.
  std::vector<std::string> copied = {};
};

Status MixedPrecision(Graph& graph, const MixedPrecisionOptions& options);

// The parameters that have a copy in the graph, in the states' order.
std::vector<std::string> CopiedParameters(const Graph& graph);

}  // namespace weft
