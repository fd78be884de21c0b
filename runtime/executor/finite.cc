#include "runtime/executor/finite.h"

#include <cmath>

#include "base/float_convert.h"

namespace weft {
namespace {

template <class T, class ToFloat>
NotFinite Find(const Operand& operand, const void* data, ToFloat to_float) {
  NotFinite found;
  const T* base = static_cast<const T*>(data);
  const int64_t rows = operand.num_rows(), row = operand.row();
  for (int64_t r = 0; r < rows; ++r) {
    const T* x = base + r * (operand.dense() ? row : operand.pitch);
    for (int64_t i = 0; i < row; ++i) {
      const auto value = to_float(x[i]);
      if (std::isfinite(value)) [[likely]]
        continue;
      int64_t& first = std::isnan(value) ? found.nan : found.infinite;
      if (first < 0) first = r * row + i;
    }
    if (found.nan >= 0) break;
  }
  return found;
}

}  // namespace

NotFinite FindNotFinite(const Operand& operand, const void* data) {
  switch (operand.dtype) {
    case DataType::kF64:
      return Find<double>(operand, data, [](double x) { return x; });
    case DataType::kF32:
      return Find<float>(operand, data, [](float x) { return x; });
    case DataType::kBF16:
      return Find<uint16_t>(operand, data, [](uint16_t x) { return Bf16ToFloat(x); });
    case DataType::kF16:
      return Find<uint16_t>(operand, data, [](uint16_t x) { return F16ToFloat(x); });
    case DataType::kF8E4M3:
      return Find<uint8_t>(operand, data, [](uint8_t x) { return F8E4M3ToFloat(x); });
    case DataType::kF8E5M2:
      return Find<uint8_t>(operand, data, [](uint8_t x) { return F8E5M2ToFloat(x); });
    default:
      return {};
  }
}

}  // namespace weft
