// Passes: named steps from graph to graph, listed in one table, so that each can be run alone, timed, checked
// and looked at (`weft opt`).
#pragma once
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/tensor.h"
#include "compiler/passes/fuse.h"
#include "ir/graph.h"

namespace weft {

// One node on host tensors (a null input is absent); EvaluateNode of ops/evaluate.h is one.
using Evaluator = std::function<StatusOr<std::vector<Tensor>>(const OpDef& op, const void* attributes,
                                                              std::span<const Tensor* const> inputs,
                                                              uint32_t optional_outputs)>;

struct PassContext {
  std::map<std::string, int64_t> bindings;         // of symbols, for bind
  Evaluator evaluate = {};                         // null: no constant is folded
  int64_t max_folded_elements = int64_t{1} << 20;  // of each result of folding
  std::map<std::string, double> settings;          // of single passes, by the names they list
  Fusions fuse = {};                               // those that fuse_composites and fuse make
  std::vector<FusionNote>* fusions = nullptr;      // what rules did and nearly did; null: nobody asks
};

struct PassSetting {
  std::string_view name, description;
  double default_value;
};

struct Pass {
  std::string_view name;
  std::string_view description;  // one line
  Status (*run)(Graph& graph, PassContext& context) = nullptr;
  std::span<const PassSetting> settings = {};
};

// All of them, in the order in which a compilation runs them.
std::span<const Pass> AllPasses();
// Names with commas between, as in "bind,canonicalize". An unknown one is an error that suggests the nearest.
StatusOr<std::vector<const Pass*>> PassesByName(std::string_view names);
// The value of one of a pass's settings: the context's, or its default.
double SettingOf(std::span<const PassSetting> settings, const PassContext& context, std::string_view name);

class StageLog;

struct PassRecord {
  std::string_view name;
  double seconds = 0;
  int nodes_before = 0, nodes_after = 0;
};

struct PassRunner {
  bool verify = true;       // after each pass
  StageLog* log = nullptr;  // gets what each pass leaves, and what rules did if the context does not ask
  std::function<void(const Pass&, const Graph&)> before = {}, after = {};
  std::vector<PassRecord> records = {};  // one for each pass run

  // Runs them one after the other; the error names the pass.
  Status Run(Graph& graph, std::span<const Pass* const> passes, PassContext& context);
};

}  // namespace weft
