#include "tools/verify/compare.h"

#include <cmath>
#include <limits>

namespace weft {
namespace {

double ErrorAt(const Tensor& got, const Tensor& want, int64_t i) {
  const double x = ElementAsDouble(got, i), y = ElementAsDouble(want, i);
  if (x == y || (std::isnan(x) && std::isnan(y))) return 0;
  if (std::isfinite(x) && std::isfinite(y)) return std::fabs(x - y);
  // A number too large for got's type.
  if (std::isinf(x) && std::isfinite(y) && got.dtype() == DataType::kF32 && std::isinf(static_cast<float>(y)))
    return (x > 0) == (y > 0) ? 0 : std::numeric_limits<double>::infinity();
  return std::numeric_limits<double>::infinity();
}

}  // namespace

Difference Compare(const Tensor& got, const Tensor& want) {
  WEFT_CHECK(got.shape() == want.shape());
  Difference d;
  for (int64_t i = 0; i < want.num_elements(); ++i) {
    const double y = ElementAsDouble(want, i);
    if (std::isfinite(y)) d.magnitude = std::max(d.magnitude, std::fabs(y));
    const double error = ErrorAt(got, want, i);
    if (error <= d.error) continue;
    d.error = error;
    d.index = i;
  }
  return d;
}

double UnitRoundoff(DataType dtype) {
  switch (dtype) {
    case DataType::kF64:
      return 0x1p-53;
    case DataType::kF32:
      return 0x1p-24;
    case DataType::kF16:
      return 0x1p-11;
    case DataType::kBF16:
      return 0x1p-8;
    case DataType::kF8E4M3:
      return 0x1p-4;
    case DataType::kF8E5M2:
      return 0x1p-3;
    default:
      return 0;
  }
}

Shape Coordinates(const Shape& shape, int64_t index) {
  Shape at(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    at[d] = index % shape[d];
    index /= shape[d];
  }
  return at;
}

}  // namespace weft
