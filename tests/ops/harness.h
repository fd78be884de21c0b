// What the operator tests share: a graph interpreter on host tensors, comparison.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ops/case_inputs.h"
#include "ops/cases.h"
#include "ops/evaluate.h"
#include "ops/registry.h"

namespace weft::test {

// Runs the graph node by node on CPU kernels. `inputs` by value id of graph.inputs(), in their order. Returns
// the graph's outputs.
StatusOr<std::vector<Tensor>> Interpret(const Graph& graph, const std::vector<Tensor>& inputs,
                                        const KernelContext& context = {});

// Largest |a - b| over the largest |b| (at least `floor`); equal infinities and NaNs count as 0, unequal ones
// as infinite.
double RelativeError(const Tensor& a, const Tensor& b, double floor = 1e-30);

// A graph of one node of the case: inputs "x0", "x1", ... and every present output an output.
struct CaseGraph {
  Graph graph;
  std::vector<Tensor> inputs;  // of the present ones, in order
  std::vector<int> operand;    // which operand input i is
  NodeId node;
};
StatusOr<CaseGraph> MakeCaseGraph(const OpDef& op, const Case& c, DataType floats);

// All (operator, case) pairs but the sizes for benchmarks, for parameterized tests: named Operator_case.
struct OpCase {
  const OpEntry* entry;
  Case c;
};
std::vector<OpCase> AllCases();
std::string CaseName(const ::testing::TestParamInfo<OpCase>& info);
void PrintTo(const OpCase& c, std::ostream* os);

}  // namespace weft::test
