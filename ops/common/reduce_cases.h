// The shapes in which every reduction is tested.
#pragma once
#include "ops/common/cases.h"

namespace weft::ops {

// A has fields axes, keepdims, noop_with_empty_axes; `fill(shape)` makes the input.
template <class A, class Fill>
std::vector<Case> ReduceCases(Fill fill) {
  auto make = [&](const char* name, std::vector<int64_t> axes, bool keepdims, Shape shape) {
    return Case{.name = name,
                .attributes = Attributes(A{.axes = std::move(axes), .keepdims = keepdims}),
                .inputs = {fill(std::move(shape))}};
  };
  std::vector<Case> cases = {
      make("last", {-1}, true, {5, 19}),
      make("last_dropped", {2}, false, {2, 3, 37}),
      make("first", {0}, false, {7, 21}),
      make("leading", {0, 1}, false, {2, 5, 19}),
      make("middle", {1}, true, {3, 7, 18}),
      make("ends", {0, -1}, false, {3, 4, 5}),
      make("alternating", {1, 3}, true, {2, 3, 2, 3}),
      make("all", {}, false, {3, 5}),
      make("all_kept", {}, true, {3, 5}),
      make("scalar", {}, true, {}),
      make("of_one", {1}, false, {4, 1}),
      make("no_outputs", {1}, false, {0, 3}),
  };
  cases.push_back(
      {.name = "none", .attributes = Attributes(A{.noop_with_empty_axes = true}), .inputs = {fill({2, 3})}});
  const Shape tall = {2048, 512};
  for (bool last : {true, false}) {
    cases.push_back({.name = last ? "last_2048x512" : "first_2048x512",
                     .attributes = Attributes(A{.axes = {last ? 1 : 0}}),
                     .inputs = {CaseInput::Normal(tall)},
                     .gradient = false,
                     .benchmark = true});
  }
  return cases;
}

template <class A>
std::vector<BadCase> BadReduceCases() {
  using In = CaseInput;
  auto with = [](std::vector<int64_t> axes) { return Attributes(A{.axes = std::move(axes)}); };
  return {
      {.name = "outside",
       .attributes = with({2}),
       .inputs = {In::Normal({2, 3})},
       .error = "axes holds 2, expected -2 to 1"},
      {.name = "of_a_scalar",
       .attributes = with({0}),
       .inputs = {In::Normal({})},
       .error = "data is a scalar"},
      {.name = "twice", .attributes = with({1, -1}), .inputs = {In::Normal({2, 3})}, .error = "axis 1 twice"},
      {.name = "half",
       .attributes = with({0}),
       .inputs = {In::Normal({2}).As(DataType::kBF16)},
       .error = "data is bf16, expected one of"},
  };
}

}  // namespace weft::ops
