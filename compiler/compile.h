// From a graph to a program: the list of passes.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "compiler/program.h"
#include "compiler/target.h"

namespace weft {

struct CompileOptions {
  std::string name = "main";  // of the program, in messages
  bool verify_plan = true;    // replay the finished plan on byte ranges
};

// place -> schedule -> in_place -> assemble (kernels, arena) -> verify_plan, on a graph whose shapes are all
// bound. Errors name the node that no kernel takes.
StatusOr<Program> CompileBound(Graph graph, const Target& target, const CompileOptions& options = {});

}  // namespace weft
