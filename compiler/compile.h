// From a graph to a program: the list of passes.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "compiler/pass.h"
#include "compiler/program.h"
#include "compiler/stage_log.h"
#include "compiler/target.h"

namespace weft {

struct CompileOptions {
  std::string name = "main";  // of the program, in messages
  bool verify_plan = true;    // replay the finished plan on byte ranges, if this machine could hold it
  Evaluator evaluate = {};    // folds constants; null: none is folded
  Fusions fuse = {};          // those that are made; composites and what comes before are the caller's
  std::optional<MixedPrecisionOptions> bf16 = {};  // none: types stay as the graph has them
  bool pack_weights = false;  // for serving: in the layout that the target multiplies by, if it has one
  StageLog* log = nullptr;    // gets what each pass leaves and what rules did; null: nobody asks
};

// The symbols bound to numbers, then canonicalize, mixed_precision if asked for and fuse, then CompileBound:
// a model or training graph to a program.
StatusOr<Program> Compile(Graph graph, const std::map<std::string, int64_t>& binding, const Target& target,
                          const CompileOptions& options = {});

// The first of these steps alone: the graph as CompileBound takes it. Adds what the passes took to `times`.
Status PrepareGraph(Graph& graph, const std::map<std::string, int64_t>& binding,
                    const CompileOptions& options, std::vector<PassTime>& times);

// place -> schedule -> in_place -> assemble (kernels, arena) -> verify_plan, on a graph whose shapes are all
// bound. Errors name the node that no kernel takes.
StatusOr<Program> CompileBound(Graph graph, const Target& target, const CompileOptions& options = {});

}  // namespace weft
