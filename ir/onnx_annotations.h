// What ONNX has no place for, in the places that its text keeps: a node's scope, phase and clone number in
// its label; states, aliases and bounds of dimensions in the model's metadata.
//
//   ["backward:blocks.3.attn.q_proj/17"]     phase (forward is not written), scope, a number unique in the
//   graph
//   ["blocks.3.mlp/18~1"]                    clone 1
//   "weft.state.w": "parameter init_w"       input w is a state; role, its initial value's function ("-":
//   none) "weft.state.w": "cache - layers.0.k"     ... and its name where it is not the input's
//   "weft.alias.w_out": "w"                  output w_out is the next value of the state at input w
//   "weft.outputs": "2"                      the first two outputs are results; without it those without
//   alias "weft.dim.batch": "64"                   batch <= 64
#pragma once
#include <string>
#include <string_view>

#include "ir/graph.h"
#include "ir/onnx_model.h"

namespace weft {

struct NodeLabel {
  std::string scope;
  Phase phase = Phase::kForward;
  int32_t clone = 0;
};
// "" for a forward node without scope and clone number.
std::string WriteLabel(const Node& node, int64_t number);
// Any label: one that weft did not write is a scope.
NodeLabel ReadLabel(std::string_view label);

struct StateNote {
  StateRole role = StateRole::kParameter;
  std::string init;  // a function; "": none
  std::string name;  // "": the input's
};
std::string WriteStateNote(const StateNote& note);
StatusOr<StateNote> ReadStateNote(std::string_view text);

// A positive number in decimal digits.
StatusOr<int64_t> ReadCount(std::string_view text);

inline constexpr std::string_view kStateKey = "weft.state.";
inline constexpr std::string_view kAliasKey = "weft.alias.";
inline constexpr std::string_view kDimKey = "weft.dim.";
inline constexpr std::string_view kOutputsKey = "weft.outputs";

}  // namespace weft
