#include "tests/ops/harness.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ir/builder.h"

namespace weft::test {

StatusOr<std::vector<Tensor>> Interpret(const Graph& graph, const std::vector<Tensor>& inputs,
                                        const KernelContext& context) {
  std::vector<Tensor> values(graph.num_value_slots());
  for (ValueId v : graph.ConstantIds()) values[static_cast<size_t>(v)] = *graph.value(v).constant;
  WEFT_CHECK(inputs.size() == graph.inputs().size());
  for (size_t i = 0; i < inputs.size(); ++i) values[static_cast<size_t>(graph.inputs()[i])] = inputs[i];
  for (NodeId id : graph.NodeIds()) {
    const Node& n = graph.node(id);
    std::vector<const Tensor*> operands;
    for (ValueId v : n.inputs)
      operands.push_back(v == ValueId::kNone ? nullptr : &values[static_cast<size_t>(v)]);
    uint32_t optional = 0;
    for (size_t i = 0; i < n.outputs.size(); ++i) optional |= (n.outputs[i] != ValueId::kNone) << i;
    StatusOr<std::vector<Tensor>> outputs =
        EvaluateNode(*n.op, n.attributes.get(), operands, optional, context);
    if (!outputs.ok()) return Prefix(graph.Describe(id), outputs.status());
    for (size_t i = 0; i < n.outputs.size(); ++i) {
      if (n.outputs[i] != ValueId::kNone)
        values[static_cast<size_t>(n.outputs[i])] = std::move((*outputs)[i]);
    }
  }
  std::vector<Tensor> results;
  for (ValueId v : graph.outputs()) results.push_back(values[static_cast<size_t>(v)]);
  return results;
}

double RelativeError(const Tensor& a, const Tensor& b, double floor) {
  if (a.shape() != b.shape()) return std::numeric_limits<double>::infinity();
  double scale = floor, worst = 0;
  for (int64_t i = 0; i < b.num_elements(); ++i) {
    const double y = ElementAsDouble(b, i);
    if (std::isfinite(y)) scale = std::max(scale, std::fabs(y));
  }
  for (int64_t i = 0; i < b.num_elements(); ++i) {
    const double x = ElementAsDouble(a, i), y = ElementAsDouble(b, i);
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    if (!std::isfinite(x) || !std::isfinite(y)) return std::numeric_limits<double>::infinity();
    worst = std::max(worst, std::fabs(x - y) / scale);
  }
  return worst;
}

StatusOr<CaseGraph> MakeCaseGraph(const OpDef& op, const Case& c, DataType floats) {
  CaseGraph result;
  Builder b(result.graph);
  std::vector<Var> operands;
  const auto tensors = MakeInputs(c.inputs, floats);
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (!tensors[i]) {
      operands.emplace_back();
      continue;
    }
    operands.push_back(b.Input(fmt::format("x{}", i), {tensors[i]->dtype(), ToDims(tensors[i]->shape())}));
    result.inputs.push_back(*tensors[i]);
    result.operand.push_back(static_cast<int>(i));
  }
  b.EmitAll(op, c.attributes, operands, c.optional_outputs);
  WEFT_RETURN_IF_ERROR(b.status());
  result.node = result.graph.NodeIds().back();
  for (ValueId v : result.graph.node(result.node).outputs) {
    if (v != ValueId::kNone) result.graph.AddOutput(v);
  }
  return result;
}

std::vector<OpCase> AllCases() {
  std::vector<OpCase> all;
  for (const OpEntry& entry : AllOps()) {
    for (Case& c : CasesOf(*entry.def).cases) {
      if (!c.benchmark)
        all.push_back({&entry, std::move(c)});  // those would keep plain kernels busy for minutes
    }
  }
  return all;
}

std::string CaseName(const ::testing::TestParamInfo<OpCase>& info) {
  return fmt::format("{}_{}", info.param.entry->def->name, info.param.c.name);
}

void PrintTo(const OpCase& c, std::ostream* os) { *os << c.entry->def->name << ' ' << c.c.name; }

}  // namespace weft::test
