// Random graphs of all operators, made from their cases: attributes, shapes and fills are a case's, operands
// are values that are there already where their type and their numbers fit, else new inputs, states and
// constants. No operator is known by name; what views, works in place or has a body comes more often.
//
// Among them: empty tensors, scalars and odd sizes (the cases have them), symbols in shapes and attributes,
// inputs and states with many readers, states that take each other's values, several outputs, equal nodes,
// bodies written out in the place of their operator.
#pragma once
#include <cstdint>
#include <memory>

#include "ops/cases.h"
#include "ops/registry.h"
#include "tools/verify/trial.h"

namespace weft {

// The operators and their cases that random graphs are made of, read once.
class CaseTable {
 public:
  // Cases whose inputs together have at most `max_elements`; none that are for benchmarks.
  explicit CaseTable(int64_t max_elements);
  struct Entry {
    const OpDef* op;
    std::vector<Case> cases;
    int weight;
  };
  const std::vector<Entry>& entries() const { return entries_; }
  int total_weight() const { return total_weight_; }

 private:
  std::vector<Entry> entries_;
  int total_weight_ = 0;
};

struct RandomGraphOptions {
  uint64_t seed = 1;
  int steps = 12;         // operators, at most; a step may add a few more nodes
  bool gradients = true;  // half of the graphs are differentiated
};

// The same for the same seed and options. The graph is verified; the error is a mistake of an operator.
StatusOr<Trial> MakeRandomGraph(const CaseTable& table, const RandomGraphOptions& options);

}  // namespace weft
