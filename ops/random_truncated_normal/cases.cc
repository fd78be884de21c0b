// The numbers themselves are tested by statistics and against base/ in tests/ops/random_test.cc.
#include "ops/cases.h"

#include <cmath>

#include "ops/random_truncated_normal/op.h"

namespace weft::ops::random_truncated_normal {
namespace {

using In = CaseInput;

In Number(int64_t x) { return In::Given(Tensor::Scalar(x)); }

Case Draw(std::string name, Dims shape, std::vector<In> inputs, DataType dtype = DataType::kF32) {
  RandomTruncatedNormalOp a;
  a.dtype = dtype;
  a.mean = 3;
  a.scale = 0.5f;
  a.cut = 1.5f;
  a.shape = std::move(shape);
  a.stream = 5;
  return {.name = std::move(name), .attributes = Attributes(a), .inputs = std::move(inputs)};
}

BadCase Bad(std::string name, void (*spoil)(RandomTruncatedNormalOp&), std::string error) {
  RandomTruncatedNormalOp a;
  a.shape = {2, 3};
  spoil(a);
  return {std::move(name), Attributes(a), {Number(1)}, std::move(error)};
}

}  // namespace

OpCases Cases() {
  const int64_t far =
      (int64_t{1} << 34) - 40;  // the low word of the block number wraps within the first rows
  return {
      .cases =
          {
              Draw("matrix", {7, 33}, {Number(1)}),
              Draw("f64", {7, 33}, {Number(1)}, DataType::kF64),
              Draw("placed", {5, 67}, {Number(-3), Number(11), Number(13)}),
              Draw("row_only", {3, 5}, {Number(1), In::Absent(), Number(2)}),
              Draw("scalar", {}, {Number(2), Number(1)}),
              Draw("empty", {0, 4}, {Number(2)}),
              Draw("far", {300}, {Number(2), Number(1), Number(far)}),
              Draw("threads", {11, 4099}, {Number(2), Number(7), Number(1)}),
          },
      .bad =
          {
              Bad(
                  "integers", [](RandomTruncatedNormalOp& a) { a.dtype = DataType::kI64; },
                  "dtype is i64, expected f32 or f64"),
              Bad(
                  "negative_shape",
                  [](RandomTruncatedNormalOp& a) {
                    a.shape = {2, -1};
                  },
                  "shape is [2, -1]"),
              Bad(
                  "stream", [](RandomTruncatedNormalOp& a) { a.stream = -1; },
                  "stream is -1, expected 0 to 4294967295"),
              Bad(
                  "negative_scale", [](RandomTruncatedNormalOp& a) { a.scale = -1; },
                  "scale is -1, expected 0 or more"),
              Bad(
                  "no_room", [](RandomTruncatedNormalOp& a) { a.cut = 0; },
                  "cut is 0, expected a positive number"),
              {"vector_seed",
               Attributes(RandomTruncatedNormalOp{.shape = {}}),
               {In::Integers({1}, 0, 9)},
               "seed is i64[1], expected i64[]"},
              {"negative_row",
               Attributes(RandomTruncatedNormalOp{.shape = {}}),
               {Number(1), Number(1), Number(-1)},
               "row is -1, expected 0 or more"},
          },
  };
}

}  // namespace weft::ops::random_truncated_normal
