// A program of the tests' own operators, in modules with names that are hard on pages.
#pragma once
#include "compiler/compile.h"
#include "compiler/stage_log.h"
#include "tests/compiler/test_ops/test_ops.h"

namespace weft::test {

// Two blocks and an optimizer phase; also a scope that is markup, and one of dots.
inline StatusOr<Program> SmallProgram(StageLog* log = nullptr, int64_t size = 256) {
  Model m;
  Var x = m.In("x", {size});
  std::vector<Var> kept;
  for (const char* scope : {"blocks.0.ffn", "blocks.1.ffn", "</script><b>.x", "..", ""}) {
    m.b.set_scope(scope);
    x = m.Op(Log{}, {m.Op(Dense{}, {x})});
    kept.push_back(x);
  }
  m.b.set_scope("blocks.0");
  m.b.set_phase(Phase::kOptimizer);
  Var w = m.Param("w", {size});
  m.Next(w, m.Op(Step{}, {w, m.Op(AddTo{}, {kept[0], kept[1]})}, "w_next"));
  m.b.Output(m.Op(SumAll{}, {x}, "loss"));
  if (log != nullptr) log->Add("", 0, m.graph);
  return CompileBound(m.graph, TestTarget(), {.name = "training step", .log = log});
}

}  // namespace weft::test
