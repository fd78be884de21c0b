// quantize_weights: products of activations with a parameter [N, K] read it in 8 or 4 bits
// (weft.QuantizedProduct), for serving. Parameters that something else reads too (a tied embedding) stay
// beside it for that.
//
// The weight is a pair of states, `<name>.q8` (or .q4) and `<name>.q8.scales`: of role *derived*, computed
// from the parameter, or, of a model that was stored quantised, parameters themselves.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "ir/graph.h"

namespace weft {

struct QuantizeWeightsOptions {
  int64_t bits = 8;    // or 4
  int64_t group = 32;  // elements that share a scale, a multiple of 32
  // Products stay as they are whose scope has this regular expression as whole names between its dots.
  std::string keep = {};
  // Whether the parameter of that name is stored quantised: those, and no others, become parameters
  // `<name>.q8` and `<name>.q8.scales`, and those that nothing else reads are parameters no more. Null: what
  // can be is quantised, and computed from the parameter.
  std::function<bool(const std::string& parameter)> stored = {};
};

// "lm_head.weight.q8", "lm_head.weight.q8.scales".
std::string QuantizedName(const std::string& parameter, int64_t bits);
std::string ScalesName(const std::string& parameter, int64_t bits);

// The parameters that were quantised, in order of their first product. Errors: of bits, group and keep.
StatusOr<std::vector<std::string>> QuantizeWeights(Graph& graph, const QuantizeWeightsOptions& options);

}  // namespace weft
