#include "compiler/passes/factors.h"

#include <algorithm>
#include <cmath>

#include "compiler/passes/rewrite.h"
#include "ops/div/op.h"
#include "ops/mul/op.h"
#include "ops/neg/op.h"
#include "ops/pow/op.h"
#include "ops/reciprocal/op.h"
#include "ops/sqrt/op.h"

namespace weft {
namespace {

constexpr int kMaxDepth = 16;  // of products within products

// Reads value^power into the product.
class Collector {
 public:
  Collector(const Graph& graph, Factors* out) : graph_(graph), out_(*out) {}

  void Collect(ValueId value, double power, bool root, int depth) {
    if (const auto number = UniformConstant(graph_, value); number && Scalar(value)) {
      out_.coefficient *= std::pow(*number, power);
      return;
    }
    const NodeId producer = graph_.value(value).producer;
    if (producer == NodeId::kNone || depth > kMaxDepth || (!root && !HasOneUse(graph_, value)) ||
        !Through(producer, power, depth)) {
      Add(value, power);
    }
  }

 private:
  // A number changes no shape as a factor only if it has one element.
  bool Scalar(ValueId value) const { return graph_.value(value).constant->num_elements() == 1; }

  bool Through(NodeId id, double power, int depth) {
    const Node& n = graph_.node(id);
    const auto whole = [](double p) { return std::floor(p) == p; };
    const auto operand = [&](size_t i, double p) { Collect(n.inputs[i], p, false, depth + 1); };
    const OpDef* op = n.op;
    if (op == &ops::MulOp::def) {
      if (n.inputs[0] == n.inputs[1]) {  // one factor, read twice
        Add(n.inputs[0], 2 * power);
      } else {
        operand(0, power), operand(1, power);
      }
    } else if (op == &ops::DivOp::def) {
      operand(0, power), operand(1, -power);
    } else if (op == &ops::ReciprocalOp::def) {
      operand(0, -power);
    } else if (op == &ops::NegOp::def && whole(power)) {
      out_.coefficient *= std::pow(-1.0, power);
      operand(0, power);
    } else if (op == &ops::SqrtOp::def && whole(power)) {
      Add(n.inputs[0], power / 2);
    } else if (op == &ops::PowOp::def) {
      const auto exponent = UniformConstant(graph_, n.inputs[1]);
      if (!exponent || !whole(*exponent) || !whole(power) || !Scalar(n.inputs[1]) || std::fabs(*exponent) > 8)
        return false;
      operand(0, power * *exponent);
    } else {
      return false;
    }
    return true;
  }

  void Add(ValueId value, double power) {
    for (Factor& f : out_.factors) {
      if (f.value != value) continue;
      f.power += power;
      return;
    }
    out_.factors.push_back({value, power});
  }

  const Graph& graph_;
  Factors& out_;
};

}  // namespace

const Factor* Factors::Find(ValueId value) const {
  for (const Factor& f : factors) {
    if (f.value == value) return &f;
  }
  return nullptr;
}

bool Factors::Are(double number, std::initializer_list<Factor> expected) const {
  if (std::fabs(coefficient - number) > 1e-6 * std::fabs(number) || factors.size() != expected.size())
    return false;
  return std::all_of(expected.begin(), expected.end(), [&](const Factor& f) {
    const Factor* found = Find(f.value);
    return found != nullptr && found->power == f.power;
  });
}

Factors FactorsOf(const Graph& graph, ValueId value) {
  Factors factors;
  Collector(graph, &factors).Collect(value, 1, true, 0);
  return factors;
}

}  // namespace weft
