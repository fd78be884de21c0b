// What the cases of elementwise and data-moving operators share.
#pragma once
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ops/cases.h"

namespace weft::ops {

// Tensors written out. Floats as f64: tests narrow them.
template <class T>
Tensor TensorOf(Shape shape, std::initializer_list<T> values) {
  return Tensor::Of<T>(std::move(shape), std::span<const T>(values.begin(), values.size()));
}
inline Tensor Doubles(Shape shape, std::initializer_list<double> values) {
  return TensorOf<double>(std::move(shape), values);
}
inline Tensor Longs(Shape shape, std::initializer_list<int64_t> values) {
  return TensorOf<int64_t>(std::move(shape), values);
}
inline Tensor Ints(Shape shape, std::initializer_list<int32_t> values) {
  return TensorOf<int32_t>(std::move(shape), values);
}
// `values` as elements of any dtype.
inline Tensor Elements(DataType dtype, Shape shape, std::initializer_list<double> values) {
  Tensor t = Tensor::Zeros(dtype, std::move(shape));
  int64_t i = 0;
  for (double v : values) SetElementFromDouble(t, i++, v);
  return t;
}
inline CaseInput Given(Shape shape, std::initializer_list<double> values) {
  return CaseInput::Given(Doubles(std::move(shape), values));
}

// Adds `more` to `cases`.
inline void Append(std::vector<Case>* cases, std::vector<Case> more) {
  for (Case& c : more) cases->push_back(std::move(c));
}

// One operand, filled by `fill(shape)`: sizes around vector widths, a scalar, nothing.
template <class A, class Fill>
std::vector<Case> UnaryCases(A attributes, Fill fill) {
  const auto a = Attributes(std::move(attributes));
  std::vector<Case> cases;
  auto add = [&](const char* name, Shape shape) {
    cases.push_back({.name = name, .attributes = a, .inputs = {fill(std::move(shape))}});
  };
  add("odd", {3, 5, 7});
  add("scalar", {});
  add("one_element", {1});
  add("empty", {0, 4});
  add("vector", {32});
  add("long", {1031});
  cases.back().gradient = false;
  add("rows_2048x1344", {2048, 1344});
  cases.back().gradient = false;
  cases.back().benchmark = true;
  return cases;
}

// The same of an operator for signed numbers.
template <class A>
std::vector<Case> SignedUnaryCases(A attributes) {
  const auto a = Attributes(attributes);
  std::vector<Case> cases =
      UnaryCases(std::move(attributes), [](Shape shape) { return CaseInput::Normal(std::move(shape)); });
  cases.push_back({.name = "longs", .attributes = a, .inputs = {CaseInput::Integers({9}, -5, 5)}});
  cases.push_back(
      {.name = "ints", .attributes = a, .inputs = {CaseInput::Integers({3, 3}, -5, 5, DataType::kI32)}});
  return cases;
}

// What operators with one operand of that name refuse: one for floats, one for numbers.
inline BadCase RefusesIntegers(std::shared_ptr<const void> attributes, const std::string& operand) {
  return {.name = "type",
          .attributes = std::move(attributes),
          .inputs = {CaseInput::Integers({2}, 0, 2)},
          .error = operand + " is i64, expected one of f32, f64"};
}
inline BadCase RefusesBool(std::shared_ptr<const void> attributes, const std::string& operand) {
  return {.name = "type",
          .attributes = std::move(attributes),
          .inputs = {CaseInput::Integers({2}, 0, 2, DataType::kBool)},
          .error = operand + " is bool"};
}

// Two operands in every way in which shapes broadcast, filled by `fill(shape)`.
template <class A, class Fill>
std::vector<Case> BroadcastCases(A attributes, Fill fill) {
  const auto a = Attributes(std::move(attributes));
  auto make = [&](const char* name, Shape x, Shape y) {
    return Case{.name = name, .attributes = a, .inputs = {fill(std::move(x)), fill(std::move(y))}};
  };
  std::vector<Case> cases = {
      make("same_shape", {3, 5, 7}, {3, 5, 7}),
      make("one_element", {1}, {1}),
      make("scalars", {}, {}),
      make("row", {6, 37}, {37}),
      make("row_first", {37}, {6, 37}),
      make("column", {5, 19}, {5, 1}),
      make("scalar_second", {3, 33}, {}),
      make("scalar_first", {1}, {4, 9}),
      make("both_stretch", {4, 1, 3}, {1, 5, 1}),
      make("middle", {2, 3, 4, 5}, {3, 1, 5}),
      make("outer", {7, 1}, {1, 6}),
      make("empty", {0, 4}, {4}),
      make("empty_stretched", {3, 1}, {3, 0}),
      make("long", {1027}, {1027}),
      make("long_rows", {2, 131}, {2, 1}),
  };
  cases.back().gradient = false;
  cases[cases.size() - 2].gradient = false;
  return cases;
}

}  // namespace weft::ops
