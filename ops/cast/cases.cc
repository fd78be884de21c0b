#include "ops/common/cases.h"

#include <algorithm>
#include <cmath>

#include "ops/cast/op.h"

namespace weft::ops::cast {
namespace {

using In = CaseInput;

std::shared_ptr<const void> To(DataType to, bool saturate = true) {
  return Attributes(CastOp{.to = to, .saturate = saturate});
}

// Every type from and to every other, on values that all of them hold.
std::vector<Case> Pairs() {
  constexpr DataType kTypes[] = {DataType::kF64,    DataType::kF32,    DataType::kBF16, DataType::kF16,
                                 DataType::kF8E4M3, DataType::kF8E5M2, DataType::kI64,  DataType::kI32,
                                 DataType::kI8,     DataType::kU64,    DataType::kU32,  DataType::kU16,
                                 DataType::kU8};
  std::vector<Case> cases;
  for (DataType from : kTypes) {
    for (DataType to : kTypes) {
      // f32 inputs are narrowed or widened by tests, so that pairs of f32 and f64 stand as they are.
      cases.push_back({.name = fmt::format("{}_to_{}", Name(from), Name(to)),
                       .attributes = To(to),
                       .inputs = {In::Given(Elements(from, {5}, {0, 1, 2, 12, 64}))},
                       .gradient = SizeInBits(from) >= 32 && to == DataType::kF64,
                       .expected = {Elements(to, {5}, {0, 1, 2, 12, 64})}});
    }
    cases.push_back({.name = fmt::format("{}_to_bool", Name(from)),
                     .attributes = To(DataType::kBool),
                     .inputs = {In::Given(Elements(from, {3}, {0, 1, 64}))},
                     .gradient = false,
                     .expected = {Elements(DataType::kBool, {3}, {0, 1, 1})}});
    cases.push_back({.name = fmt::format("bool_to_{}", Name(from)),
                     .attributes = To(from),
                     .inputs = {In::Given(Elements(DataType::kBool, {2}, {0, 1}))},
                     .expected = {Elements(from, {2}, {0, 1})}});
  }
  return cases;
}

Tensor E5M2(std::initializer_list<uint8_t> codes) {
  Tensor t = Tensor::Zeros(DataType::kF8E5M2, {static_cast<int64_t>(codes.size())});
  std::copy(codes.begin(), codes.end(), static_cast<uint8_t*>(t.mutable_data()));
  return t;
}

std::vector<Case> Rules() {
  auto one = [](const char* name, Tensor from, Tensor to, bool saturate = true) {
    return Case{.name = name,
                .attributes = To(to.dtype(), saturate),
                .inputs = {In::Given(std::move(from))},
                .gradient = false,
                .expected = {std::move(to)}};
  };
  const Tensor cut = Doubles({5}, {2.7, -2.7, NAN, -0.5, 127});
  const Tensor wild = Doubles({5}, {INFINITY, -INFINITY, 3e9, -3e9, 1e30});
  const Tensor large = Doubles({4}, {70000, -70000, INFINITY, NAN});
  return {
      one("cut_to_i32", cut, Ints({5}, {2, -2, 0, 0, 127})),
      one("cut_to_i8", cut, TensorOf<int8_t>({5}, {2, -2, 0, 0, 127})),
      one("cut_to_u64", cut, TensorOf<uint64_t>({5}, {2, 0, 0, 0, 127})),
      one("clamped_to_i32", wild, Ints({5}, {INT32_MAX, INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX})),
      one("clamped_to_i64", wild, Longs({5}, {INT64_MAX, INT64_MIN, 3000000000, -3000000000, INT64_MAX})),
      one("clamped_to_i8", wild, TensorOf<int8_t>({5}, {127, -128, 127, -128, 127})),
      one("clamped_to_u8", wild, TensorOf<uint8_t>({5}, {255, 0, 255, 0, 255})),
      one("float_to_bool", Doubles({4}, {0, -0.0, 0.25, NAN}), Elements(DataType::kBool, {4}, {0, 0, 1, 1})),
      one("modulo_i8", Longs({4}, {200, -129, 255, int64_t{1} << 40}),
          TensorOf<int8_t>({4}, {-56, 127, -1, 0})),
      one("modulo_u32", Longs({2}, {-1, (int64_t{1} << 32) + 5}), TensorOf<uint32_t>({2}, {UINT32_MAX, 5})),
      one("large_u64_to_f64", TensorOf<uint64_t>({1}, {uint64_t{1} << 63}),
          Doubles({1}, {9223372036854775808.0})),
      one("ties_to_even", Doubles({2}, {1.00390625, 1.01171875}),
          Elements(DataType::kBF16, {2}, {1, 1.015625})),
      one("bf16_range", Doubles({3}, {3.4e38, -INFINITY, NAN}),
          Elements(DataType::kBF16, {3}, {INFINITY, -INFINITY, NAN})),
      one("f16_range", Doubles({4}, {65519, 65520, -70000, NAN}),
          Elements(DataType::kF16, {4}, {65504, INFINITY, -INFINITY, NAN})),
      one("e4m3_saturates", large, Elements(DataType::kF8E4M3, {4}, {448, -448, 448, NAN})),
      one("e5m2_saturates", large, Elements(DataType::kF8E5M2, {4}, {57344, -57344, 57344, NAN})),
      // 0x7c is e5m2's infinity, 0x7e a NaN.
      one("e5m2_overflows", large, E5M2({0x7c, 0xfc, 0x7c, 0x7e}), false),
      // One above half of bf16's step at 2^60: rounded once, it goes up.
      one("i64_rounds_once", Longs({2}, {(int64_t{1} << 60) + (int64_t{1} << 52) + 1, -(int64_t{1} << 60)}),
          Elements(DataType::kBF16, {2}, {0x1.02p60, -0x1p60})),
  };
}

}  // namespace

OpCases Cases() {
  std::vector<Case> cases = Pairs();
  Append(&cases, Rules());
  Append(&cases, {
                     {.name = "rows", .attributes = To(DataType::kF64), .inputs = {In::Normal({7, 133})}},
                     {.name = "scalar",
                      .attributes = To(DataType::kBF16),
                      .inputs = {In::Normal({})},
                      .gradient = false},
                     {.name = "empty", .attributes = To(DataType::kI8), .inputs = {In::Normal({0, 3})}},
                     {.name = "long_bf16",
                      .attributes = To(DataType::kBF16),
                      .inputs = {In::Normal({1031})},
                      .gradient = false,
                      .tolerance = 1e-2},
                     {.name = "to_bf16_1048576",
                      .attributes = To(DataType::kBF16),
                      .inputs = {In::Normal({1048576})},
                      .gradient = false,
                      .tolerance = 1e-2,
                      .benchmark = true},
                 });
  return {.cases = std::move(cases),
          .bad = {{.name = "to_packed",
                   .attributes = To(DataType::kI4),
                   .inputs = {In::Normal({2})},
                   .error = "to is i4, expected a type of whole bytes"},
                  {.name = "from_packed",
                   .attributes = To(DataType::kF32),
                   .inputs = {In::Integers({2}, 0, 4, DataType::kU4)},
                   .error = "input is u4"},
                  {.name = "round_mode",
                   .attributes = Attributes(CastOp{.to = DataType::kF32, .round_mode = "sideways"}),
                   .inputs = {In::Normal({2})},
                   .error = "round_mode is 'sideways'"}}};
}

}  // namespace weft::ops::cast
