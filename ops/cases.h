// Cases of an operator: shapes, dtypes, attributes. Written once in its cases.cc and read by every test
// (forward, gradient, decomposition, kernels against each other, text round trip) and by the benchmark.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/tensor.h"
#include "ir/op_def.h"

namespace weft {

// How a test fills an input.
struct CaseInput {
  enum Fill : uint8_t { kNormal, kUniform, kIntegers, kDistinct, kGiven, kAbsent };
  Fill fill = kAbsent;
  DataType dtype = DataType::kF32;
  Shape shape = {};
  double low = 0,
         high = 1;  // uniform: [low, high); integers: low <= x < high; normal: mean low, deviation high
  Tensor given = {};

  static CaseInput Normal(Shape shape, double mean = 0, double deviation = 1) {
    return {kNormal, DataType::kF32, std::move(shape), mean, deviation, {}};
  }
  static CaseInput Uniform(Shape shape, double low, double high) {
    return {kUniform, DataType::kF32, std::move(shape), low, high, {}};
  }
  // i64 unless another dtype is given.
  static CaseInput Integers(Shape shape, int64_t low, int64_t high, DataType dtype = DataType::kI64) {
    return {kIntegers, dtype, std::move(shape), static_cast<double>(low), static_cast<double>(high), {}};
  }
  // A shuffle of evenly spaced values: no ties, so that Max and TopK can be differentiated numerically.
  static CaseInput Distinct(Shape shape) { return {kDistinct, DataType::kF32, std::move(shape), 0, 1, {}}; }
  static CaseInput Given(Tensor tensor) {
    return {kGiven, tensor.dtype(), tensor.shape(), 0, 1, std::move(tensor)};
  }
  static CaseInput Absent() { return {}; }
  CaseInput As(DataType type) && {
    dtype = type;
    return std::move(*this);
  }
};

struct Case {
  std::string name = {};  // "odd_rows", unique within the operator
  std::shared_ptr<const void> attributes = {};
  std::vector<CaseInput> inputs = {};
  uint32_t optional_outputs = 0;  // bit i: optional output i exists
  // Gradients are compared with finite differences for the float inputs, unless this is off (a kink, an input
  // that only takes whole values, a size at which it would be slow).
  bool gradient = true;
  // Bit i: input i is a constant where gradients are compared (tables, masks, class weights: asking for
  // theirs is an error).
  uint32_t constants = 0;
  // Of f32 kernels against f64, relative to the output's largest magnitude.
  double tolerance = 1e-5;
  bool benchmark = false;  // a size worth timing; too large for the tests' finite differences
  // What the outputs must be, where worked out by hand or by an independent program (f64 values).
  std::vector<Tensor> expected = {};
};

// A use that must be refused: by inference, or by the kernel for what the data says.
struct BadCase {
  std::string name = {};
  std::shared_ptr<const void> attributes = {};
  std::vector<CaseInput> inputs = {};
  std::string error = {};  // a part of the message
};

struct OpCases {
  std::vector<Case> cases = {};
  std::vector<BadCase> bad = {};
};

template <class A>
std::shared_ptr<const void> Attributes(A a) {
  return std::make_shared<const A>(std::move(a));
}

// Cases of an operator (written by CMake from op_list.inc); every operator has some.
OpCases CasesOf(const OpDef& op);

}  // namespace weft
