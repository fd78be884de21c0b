#include "ops/common/cases.h"

#include "ops/pack_weight/op.h"

namespace weft::ops::pack_weight {

OpCases Cases() {
  using In = CaseInput;
  auto of = [](const char* name, Shape shape, DataType dtype = DataType::kF32) {
    return Case{.name = name,
                .attributes = Attributes(PackWeightOp{}),
                .inputs = {In::Normal(std::move(shape)).As(dtype)},
                .gradient = dtype == DataType::kF32};
  };
  // Of row 0 the inputs 0 and 1 come first, then those of row 1.
  std::vector<double> packed(16 * 64 * 2, 0.0);
  packed[0] = 1, packed[1] = 2, packed[2] = 4, packed[3] = 5;
  packed[128] = 3, packed[130] = 6;
  Case values = of("values", {2, 3});
  values.inputs = {Given({2, 3}, {1, 2, 3, 4, 5, 6})};
  values.expected = {Tensor::Of<double>({1, 1, 16, 64, 2}, packed)};
  return {
      .cases = {std::move(values), of("whole_blocks", {128, 64}), of("odd", {70, 37}), of("tall", {193, 5}),
                of("wide", {3, 100}), of("narrow", {65, 33}, DataType::kBF16), of("one_element", {1, 1}),
                of("no_rows", {0, 8}), of("no_columns", {8, 0})},
      .bad =
          {
              {.name = "vector",
               .attributes = Attributes(PackWeightOp{}),
               .inputs = {In::Normal({4})},
               .error = "weight is f32[4], expected floats [N, K], both numbers"},
              {.name = "integers",
               .attributes = Attributes(PackWeightOp{}),
               .inputs = {In::Integers({4, 4}, 0, 9)},
               .error = "weight is i64[4, 4], expected floats [N, K], both numbers"},
          },
  };
}

}  // namespace weft::ops::pack_weight
