// The cases of operators that draw a tensor. The numbers themselves are tested by statistics and against
// base/ in tests/ops/random_test.cc.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "ops/cases.h"
#include "ops/common/random.h"

namespace weft::ops {

// The value of the operand seed, step or row.
inline CaseInput DrawnFrom(int64_t x) { return CaseInput::Given(Tensor::Scalar(x)); }

// `a` with its own settings; shape, dtype and stream are filled in here.
template <class A>
std::vector<Case> DrawCases(const A& settings) {
  auto draw = [&](std::string name, Dims shape, std::vector<CaseInput> inputs,
                  DataType dtype = DataType::kF32) {
    A a = settings;
    a.dtype = dtype;
    a.shape = std::move(shape);
    a.stream = 5;
    return Case{.name = std::move(name), .attributes = Attributes(a), .inputs = std::move(inputs)};
  };
  const int64_t far =
      (int64_t{1} << 34) - 40;  // the low word of the block number wraps within the first rows
  return {
      draw("matrix", {7, 33}, {DrawnFrom(1)}),
      draw("f64", {7, 33}, {DrawnFrom(1)}, DataType::kF64),
      draw("placed", {5, 67}, {DrawnFrom(-3), DrawnFrom(11), DrawnFrom(13)}),
      draw("row_only", {3, 5}, {DrawnFrom(1), CaseInput::Absent(), DrawnFrom(2)}),
      draw("scalar", {}, {DrawnFrom(2), DrawnFrom(1)}),
      draw("empty", {0, 4}, {DrawnFrom(2)}),
      draw("far", {300}, {DrawnFrom(2), DrawnFrom(1), DrawnFrom(far)}),
      draw("threads", {11, 4099}, {DrawnFrom(2), DrawnFrom(7), DrawnFrom(1)}),
  };
}

// Attributes that are refused whatever the operands.
template <class A>
BadCase BadDraw(std::string name, A a, std::string error) {
  return {std::move(name), Attributes(std::move(a)), {DrawnFrom(1)}, std::move(error)};
}

template <class A>
std::vector<BadCase> BadDrawCases() {
  const auto a = Attributes(A{.shape = {}});
  return {
      BadDraw("integers", A{.dtype = DataType::kI64, .shape = {2, 3}}, "dtype is i64, expected f32 or f64"),
      BadDraw("negative_shape", A{.shape = {2, -1}}, "shape is [2, -1]"),
      BadDraw("stream", A{.shape = {2, 3}, .stream = -1}, "stream is -1, expected 0 to 4294967295"),
      {"vector_seed", a, {CaseInput::Integers({1}, 0, 9)}, "seed is i64[1], expected i64[]"},
      {"negative_row", a, {DrawnFrom(1), DrawnFrom(1), DrawnFrom(-1)}, "row is -1, expected 0 or more"},
  };
}

}  // namespace weft::ops
