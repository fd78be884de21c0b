// A value as a product: coefficient * x0^p0 * x1^p1 ..., seen through Mul, Div, Neg, Reciprocal, Sqrt and Pow
// by whole numbers.
#pragma once
#include <vector>

#include "ir/graph.h"

namespace weft {

struct Factor {
  ValueId value;
  double power;  // halves and whole numbers
};

struct Factors {
  double coefficient = 1;
  std::vector<Factor> factors;  // each value once, in order of appearance

  const Factor* Find(ValueId value) const;
  // True if these are all factors, in any order, and the coefficient is right to 1e-6.
  bool Are(double number, std::initializer_list<Factor> expected) const;
};

// Looks through nodes whose only reader is the product; `value` itself may have other readers.
Factors FactorsOf(const Graph& graph, ValueId value);

}  // namespace weft
