// A graph with everything that is needed to run it: what random graphs are, what is shrunk, and what a text
// holds that `weft verify` reads. The text is the graph's, with comments before it:
//
//   # weft verify: bind batch=2
//   # weft verify: input x0 normal 0 1 seed 17      mean and deviation; uniform LOW HIGH; integers LOW HIGH
//   # weft verify: input x1 given 0.5 -2 inf        (HIGH is not reached); distinct: no two are equal
//   # weft verify: differentiate x0
//
// An input without a line has normal numbers, whole numbers 0 and 1, or truth values.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "ops/cases.h"
#include "tools/verify/interpret.h"

namespace weft {

struct InputRule {
  CaseInput fill;  // its shape is not looked at: `given` is repeated or cut to the input's
  uint64_t seed = 1;
};

struct Trial {
  Graph graph;
  std::map<std::string, int64_t> bindings;               // of symbols
  std::map<std::string, InputRule, std::less<>> inputs;  // by the name of the input, or of the state
  std::vector<std::string> differentiate;  // inputs and states: compared with finite differences
};

// The name an input goes by: its own, or that of its state.
const std::string& FeedName(const Graph& graph, ValueId input);
// Numbers for every input of `bound`, the trial's graph with its symbols bound.
StatusOr<Feed> MakeFeed(const Graph& bound, const std::map<std::string, InputRule, std::less<>>& rules);

// Drops inputs, states, constants, symbols and rules that nothing needs (nodes stay).
void Tidy(Trial* trial);

std::string PrintTrial(const Trial& trial);
// The text of a graph, with or without such comments. Errors name the line.
StatusOr<Trial> ParseTrial(std::string_view text);

}  // namespace weft
