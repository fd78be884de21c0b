#include "ops/common/cases.h"

#include "ops/transpose/op.h"

namespace weft::ops::transpose {

OpCases Cases() {
  using In = CaseInput;
  auto by = [](std::vector<int64_t> perm) { return Attributes(TransposeOp{.perm = std::move(perm)}); };
  auto timed = [&](const char* name, std::vector<int64_t> perm, Shape shape) {
    return Case{.name = name,
                .attributes = by(std::move(perm)),
                .inputs = {In::Normal(std::move(shape))},
                .gradient = false,
                .benchmark = true};
  };
  return {
      .cases =
          {
              {.name = "values",
               .attributes = by({}),
               .inputs = {Given({2, 3}, {1, 2, 3, 4, 5, 6})},
               .expected = {Doubles({3, 2}, {1, 4, 2, 5, 3, 6})}},
              {.name = "matrix", .attributes = by({1, 0}), .inputs = {In::Normal({37, 21})}},
              {.name = "batched", .attributes = by({0, 2, 1}), .inputs = {In::Normal({3, 5, 19})}},
              {.name = "heads", .attributes = by({0, 2, 1, 3}), .inputs = {In::Normal({2, 5, 3, 7})}},
              {.name = "reversed", .attributes = by({}), .inputs = {In::Normal({2, 3, 4, 5})}},
              {.name = "cycled", .attributes = by({2, 0, 1}), .inputs = {In::Normal({17, 3, 18})}},
              {.name = "five", .attributes = by({4, 1, 3, 0, 2}), .inputs = {In::Normal({2, 3, 2, 3, 2})}},
              {.name = "identity", .attributes = by({0, 1}), .inputs = {In::Normal({3, 4})}},
              {.name = "ones_move", .attributes = by({1, 0, 2}), .inputs = {In::Normal({1, 4, 3})}},
              {.name = "vector", .attributes = by({0}), .inputs = {In::Normal({5})}},
              {.name = "scalar", .attributes = by({}), .inputs = {In::Normal({})}},
              {.name = "empty", .attributes = by({1, 0}), .inputs = {In::Normal({0, 3})}},
              {.name = "longs", .attributes = by({1, 0}), .inputs = {In::Integers({9, 5}, -9, 9)}},
              {.name = "halves",
               .attributes = by({1, 0}),
               .inputs = {In::Normal({9, 17}).As(DataType::kBF16)},
               .gradient = false},
              {.name = "bytes",
               .attributes = by({1, 0}),
               .inputs = {In::Integers({9, 17}, 0, 2, DataType::kBool)}},
              timed("matrix_2048x512", {1, 0}, {2048, 512}),
              timed("batched_8x512x512", {0, 2, 1}, {8, 512, 512}),
              timed("heads_8x256x16x32", {0, 2, 1, 3}, {8, 256, 16, 32}),
          },
      .bad =
          {
              {.name = "short",
               .attributes = by({0}),
               .inputs = {In::Normal({2, 3})},
               .error = "perm=[0], expected"},
              {.name = "twice",
               .attributes = by({1, 1}),
               .inputs = {In::Normal({2, 3})},
               .error = "perm=[1, 1]"},
              {.name = "outside",
               .attributes = by({0, 2}),
               .inputs = {In::Normal({2, 3})},
               .error = "expected each of the 2 axes of data f32[2, 3] once"},
              {.name = "negative",
               .attributes = by({-1, 0}),
               .inputs = {In::Normal({2, 3})},
               .error = "perm=[-1, 0]"},
          },
  };
}

}  // namespace weft::ops::transpose
