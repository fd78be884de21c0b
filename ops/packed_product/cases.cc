#include "ops/common/cases.h"

#include "ops/common/packed_weight.h"
#include "ops/packed_product/op.h"

namespace weft::ops::packed_product {
namespace {

// Whatever fills the last blocks is no part of the result.
Case Of(const char* name, Shape a, int64_t columns, bool bias = false, bool accumulator = false,
        float alpha = 1) {
  using In = CaseInput;
  Case c{.name = name,
         .attributes = Attributes(PackedProductOp{columns, alpha}),
         .inputs = {In::Normal(a), In::Normal(ToShape(PackedShape(columns, a.back())))}};
  Shape y = a;
  y.back() = columns;
  if (bias || accumulator) c.inputs.push_back(bias ? In::Normal({columns}) : In::Absent());
  if (accumulator) c.inputs.push_back(In::Normal(y));
  return c;
}

}  // namespace

OpCases Cases() {
  using In = CaseInput;
  Case decode = Of("decode", {1, 512}, 1344), chunk = Of("chunk", {256, 512}, 1344);
  decode.benchmark = chunk.benchmark = true;
  decode.gradient = chunk.gradient = false;
  return {
      .cases = {Of("whole_blocks", {3, 64}, 128), Of("rows", {2, 3, 32}, 64, true),
                Of("accumulates", {5, 96}, 64, false, true),
                Of("scaled_with_bias", {4, 32}, 192, true, true, -0.5f), Of("one_row", {1, 64}, 64),
                Of("no_inputs", {2, 0}, 64), Of("no_rows", {0, 32}, 64), std::move(decode), std::move(chunk)},
      .bad =
          {
              {.name = "not_packed",
               .attributes = Attributes(PackedProductOp{64}),
               .inputs = {In::Normal({2, 32}), In::Normal({64, 32})},
               .error = "b has shape [64, 32], expected [1, 1, 16, 64, 2] (64 columns, 32 rows packed)"},
              {.name = "vector",
               .attributes = Attributes(PackedProductOp{64}),
               .inputs = {In::Normal({32}), In::Normal({1, 1, 16, 64, 2})},
               .error = "a is f32[32], expected two dimensions or more, the last a number"},
              {.name = "columns",
               .attributes = Attributes(PackedProductOp{-1}),
               .inputs = {In::Normal({2, 32}), In::Normal({1, 1, 16, 64, 2})},
               .error = "columns is -1, expected 0 or more"},
              {.name = "types",
               .attributes = Attributes(PackedProductOp{64}),
               .inputs = {In::Normal({2, 32}), In::Normal({1, 1, 16, 64, 2}).As(DataType::kF64)},
               .error = "f64"},
              {.name = "bias",
               .attributes = Attributes(PackedProductOp{64}),
               .inputs = {In::Normal({2, 32}), In::Normal({1, 1, 16, 64, 2}), In::Normal({32})},
               .error = "bias has shape [32], expected [64] (last dimension of y [2, 64])"},
              {.name = "accumulator",
               .attributes = Attributes(PackedProductOp{64}),
               .inputs = {In::Normal({2, 32}), In::Normal({1, 1, 16, 64, 2}), In::Absent(), In::Normal({64})},
               .error = "accumulator is f32[64], expected f32[2, 64] (as y)"},
          },
  };
}

}  // namespace weft::ops::packed_product
