#include "ops/common/cases.h"

#include <cmath>

#include "ops/quantize_rows/op.h"

namespace weft::ops::quantize_rows {

OpCases Cases() {
  using In = CaseInput;
  const auto with = [](int64_t bits, int64_t group) { return Attributes(QuantizeRowsOp{bits, group}); };
  const auto codes = [](DataType dtype, Shape shape, std::initializer_list<double> values) {
    return Elements(dtype, std::move(shape), values);
  };
  return {
      .cases =
          {
              {.name = "eight_bits", .attributes = with(8, 32), .inputs = {In::Normal({5, 96})}},
              {.name = "four_bits", .attributes = with(4, 32), .inputs = {In::Normal({5, 96})}},
              {.name = "eight_bits_odd",
               .attributes = with(8, 64),
               .inputs = {In::Normal({3, 101}, 0, 0.02)}},
              {.name = "four_bits_odd", .attributes = with(4, 64), .inputs = {In::Normal({3, 101}, 0, 0.02)}},
              {.name = "one_element", .attributes = with(4, 32), .inputs = {In::Normal({1, 1})}},
              {.name = "no_rows", .attributes = with(4, 32), .inputs = {In::Normal({0, 40})}},
              {.name = "empty_rows", .attributes = with(8, 32), .inputs = {In::Normal({3, 0})}},
              {.name = "head",
               .attributes = with(4, 32),
               .inputs = {In::Normal({10000, 512})},
               .benchmark = true},
              {.name = "head_8",
               .attributes = with(8, 32),
               .inputs = {In::Normal({10000, 512})},
               .benchmark = true},
              // 127 / 127 = 1; halves to even; and what a group of zeros gives.
              {.name = "values_8",
               .attributes = with(8, 32),
               .inputs = {Given({2, 5}, {127, -3, 0.5, 1.5, -2.5, 0, 0, 0, 0, 0})},
               .expected = {codes(DataType::kI8, {2, 5}, {127, -3, 0, 2, -2, 0, 0, 0, 0, 0}),
                            Doubles({2, 1}, {1, 0})}},
              // -8 / -8 = 1, without error; 8 would not fit beside -8; an odd row ends in a half 8.
              {.name = "values_4",
               .attributes = with(4, 32),
               .inputs = {Given({2, 3}, {-8, 7, 1, 0, 0, 0})},
               .expected = {codes(DataType::kU8, {2, 2}, {0 + 15 * 16, 9 + 8 * 16, 8 + 8 * 16, 8 + 8 * 16}),
                            Doubles({2, 1}, {1, 0})}},
              // 7 / 7: where the extreme is positive, -8 turns the sign of the scale; 7 fits exactly, too.
              {.name = "values_4_sign",
               .attributes = with(4, 32),
               .inputs = {Given({1, 2}, {7, -7})},
               .expected = {codes(DataType::kU8, {1, 1}, {1 + 15 * 16}), Doubles({1, 1}, {-1})}},
              {.name = "values_not_finite",
               .attributes = with(8, 32),
               .inputs = {Given({2, 2}, {1, NAN, INFINITY, 1})},
               .expected = {codes(DataType::kI8, {2, 2}, {0, 0, 0, 0}), Doubles({2, 1}, {NAN, NAN})}},
          },
      .bad =
          {
              {.name = "bits",
               .attributes = with(3, 32),
               .inputs = {In::Normal({2, 3})},
               .error = "bits is 3, expected 4 or 8"},
              {.name = "group",
               .attributes = with(8, 33),
               .inputs = {In::Normal({2, 3})},
               .error = "group is 33, expected a multiple of 32"},
              {.name = "rank",
               .attributes = with(8, 32),
               .inputs = {In::Normal({2, 3, 4})},
               .error = "expected a matrix"},
              {.name = "type",
               .attributes = with(8, 32),
               .inputs = {In::Integers({2, 3}, 0, 3)},
               .error = "x is i64, expected one of f32, f64"},
          },
  };
}

}  // namespace weft::ops::quantize_rows
