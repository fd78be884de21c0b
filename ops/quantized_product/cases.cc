#include "ops/common/cases.h"

#include "ops/quantized_product/op.h"

namespace weft::ops::quantized_product {
namespace {

// x, b and scales of an [n, k] weight, the scales in f32 or bf16.
std::vector<CaseInput> Operands(Shape x, int64_t n, int64_t bits, int64_t group,
                                DataType scales = DataType::kF32) {
  using In = CaseInput;
  const int64_t k = x.back();
  In codes = bits == 4 ? In::Integers({n, (k + 1) / 2}, 0, 256, DataType::kU8)
                       : In::Integers({n, k}, -127, 128, DataType::kI8);
  return {In::Normal(std::move(x)), std::move(codes),
          In::Normal({n, (k + group - 1) / group}, 0, bits == 4 ? 0.1 : 0.01).As(scales)};
}

}  // namespace

OpCases Cases() {
  using In = CaseInput;
  const auto with = [](int64_t bits, int64_t group, float alpha = 1) {
    return Attributes(QuantizedProductOp{bits, group, alpha});
  };
  std::vector<Case> cases;
  const auto add = [&](const char* name, Shape x, int64_t n, int64_t bits, int64_t group,
                       DataType scales = DataType::kF32) -> Case& {
    cases.push_back({.name = name,
                     .attributes = with(bits, group),
                     .inputs = Operands(std::move(x), n, bits, group, scales)});
    return cases.back();
  };
  add("row_8", {1, 64}, 11, 8, 32);
  add("row_4", {1, 64}, 11, 4, 32);
  add("odd_8", {2, 3, 37}, 13, 8, 32);
  add("odd_4", {2, 3, 37}, 13, 4, 32);
  add("group_64_8", {5, 200}, 9, 8, 64);
  add("group_64_4", {5, 199}, 9, 4, 64);
  add("few_8", {3, 30}, 5, 8, 32);
  add("few_4", {3, 31}, 5, 4, 32);
  add("long_groups", {2, 100}, 4, 8, 128);
  add("many_groups", {1, 700}, 3, 4, 32).gradient = false;
  add("many_rows_8", {35, 75}, 33, 8, 32).gradient = false;
  add("many_rows_4", {35, 75}, 33, 4, 32).gradient = false;
  add("one_element", {1, 1}, 1, 4, 32);
  add("no_rows", {0, 40}, 3, 8, 32);
  add("no_columns", {2, 40}, 0, 4, 32);
  add("empty_inner", {2, 0}, 3, 4, 32);
  add("scales_bf16_8", {2, 70}, 10, 8, 32, DataType::kBF16).gradient = false;
  add("scales_bf16_4", {2, 70}, 10, 4, 32, DataType::kBF16).gradient = false;
  add("scales_bf16_rows_8", {21, 70}, 10, 8, 32, DataType::kBF16).gradient = false;
  add("scales_bf16_rows_4", {21, 70}, 10, 4, 32, DataType::kBF16).gradient = false;
  Case& scaled = add("scaled_with_bias", {2, 2, 33}, 6, 8, 32);
  scaled.attributes = with(8, 32, 0.5f);
  scaled.inputs.push_back(In::Normal({6}));
  Case& rows = add("scaled_with_bias_rows", {18, 33}, 6, 4, 32);
  rows.attributes = with(4, 32, -2.0f);
  rows.inputs.push_back(In::Normal({6}));
  rows.gradient = false;
  for (const int64_t bits : {8, 4}) {
    const bool four = bits == 4;
    add(four ? "decode_4" : "decode_8", {1, 2048}, 8192, bits, 32, DataType::kBF16).benchmark = true;
    add(four ? "prompt_4" : "prompt_8", {256, 2048}, 8192, bits, 32, DataType::kBF16).benchmark = true;
  }
  // 2 * (1 * 3 - 2 * 4) + 1 = -9, and 2 * (5 * -3) with a scale of 0.5.
  cases.push_back(
      {.name = "values_8",
       .attributes = with(8, 32, 2),
       .inputs = {Given({1, 2}, {3, 4}), In::Given(Elements(DataType::kI8, {2, 2}, {1, -2, -5, 0})),
                  Given({2, 1}, {1, 0.5}), Given({2}, {1, 0})},
       .gradient = false,
       .expected = {Doubles({1, 2}, {-9, -15})}});
  // Codes 9, 6 | 15: 1, -2 and 7; 3 * 1 + 4 * -2 + 5 * 7 = 30, times 0.5.
  cases.push_back(
      {.name = "values_4",
       .attributes = with(4, 32),
       .inputs = {Given({1, 3}, {3, 4, 5}), In::Given(Elements(DataType::kU8, {1, 2}, {9 + 6 * 16, 15})),
                  Given({1, 1}, {0.5})},
       .gradient = false,
       .expected = {Doubles({1, 1}, {15})}});
  return {
      .cases = std::move(cases),
      .bad =
          {
              {.name = "bits",
               .attributes = with(5, 32),
               .inputs = Operands({2, 32}, 3, 8, 32),
               .error = "bits is 5, expected 4 or 8"},
              {.name = "group",
               .attributes = with(8, 16),
               .inputs = Operands({2, 32}, 3, 8, 32),
               .error = "group is 16, expected a multiple of 32"},
              {.name = "packing",
               .attributes = with(4, 32),
               .inputs = Operands({2, 32}, 3, 8, 32),
               .error = "b is i8[3, 32], expected u8[n, 16]"},
              {.name = "scales",
               .attributes = with(8, 64),
               .inputs = Operands({2, 96}, 3, 8, 32),
               .error = "scales has shape [3, 3], expected [3, 2]"},
              {.name = "inner",
               .attributes = with(8, 32),
               .inputs = {In::Normal({2, 3}), In::Integers({4, 5}, -9, 9, DataType::kI8), In::Normal({4, 1})},
               .error = "expected i8[n, 3]"},
              {.name = "type",
               .attributes = with(8, 32),
               .inputs = {In::Integers({2, 3}, 0, 3), In::Integers({4, 3}, -9, 9, DataType::kI8),
                          In::Normal({4, 1})},
               .error = "a is i64, expected one of f32, f64"},
          },
  };
}

}  // namespace weft::ops::quantized_product
