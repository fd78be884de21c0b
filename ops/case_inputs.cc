#include "ops/case_inputs.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace weft {

Tensor MakeInput(const CaseInput& in, DataType floats, uint64_t seed) {
  const DataType dtype = InputType(in, floats);
  if (in.fill == CaseInput::kGiven) {
    if (dtype != floats) return in.given;
    Tensor t = Tensor::Zeros(floats, in.shape);
    for (int64_t i = 0; i < t.num_elements(); ++i) SetElementFromDouble(t, i, ElementAsDouble(in.given, i));
    return t;
  }
  Tensor t = Tensor::Zeros(dtype, in.shape);
  const int64_t n = t.num_elements();
  std::mt19937_64 random(seed);
  std::vector<int64_t> order(static_cast<size_t>(n));
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  if (in.fill == CaseInput::kDistinct) std::shuffle(order.begin(), order.end(), random);
  for (int64_t i = 0; i < n; ++i) {
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    double x = 0;
    switch (in.fill) {
      case CaseInput::kNormal: {
        const double v = static_cast<double>(random() >> 11) * 0x1p-53;
        x = in.low + in.high * std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * M_PI * v);
        break;
      }
      case CaseInput::kUniform:
        x = in.low + u * (in.high - in.low);
        break;
      case CaseInput::kIntegers:
        x = std::floor(in.low + u * (in.high - in.low));
        break;
      case CaseInput::kDistinct:
        x = -1.0 + 2.0 * static_cast<double>(order[static_cast<size_t>(i)]) /
                       static_cast<double>(std::max<int64_t>(n, 1));
        break;
      default:
        break;
    }
    SetElementFromDouble(t, i, static_cast<double>(static_cast<float>(x)));
  }
  return t;
}

DataType InputType(const CaseInput& input, DataType floats) {
  // Tensors written out by hand are f64 so that they can be narrowed.
  const bool follows =
      input.dtype == DataType::kF32 || (input.fill == CaseInput::kGiven && input.dtype == DataType::kF64);
  return follows ? floats : input.dtype;
}

std::vector<std::optional<Tensor>> MakeInputs(const std::vector<CaseInput>& inputs, DataType floats) {
  std::vector<std::optional<Tensor>> tensors;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].fill == CaseInput::kAbsent) {
      tensors.emplace_back();
    } else {
      tensors.emplace_back(MakeInput(inputs[i], floats, 17 + 1000 * i));
    }
  }
  return tensors;
}

std::vector<const Tensor*> Pointers(const std::vector<std::optional<Tensor>>& tensors) {
  std::vector<const Tensor*> pointers;
  for (const auto& t : tensors) pointers.push_back(t ? &*t : nullptr);
  return pointers;
}

}  // namespace weft
