// Order statistics of measurements.
#pragma once
#include <vector>

namespace weft {

// The value below which a share `q` (0 to 1) of them lies, between two neighbours by linear interpolation, as
// NumPy's quantile has it. 0 if there are none.
double Quantile(std::vector<double> values, double q);
inline double Median(std::vector<double> values) {
  return Quantile(static_cast<std::vector<double>&&>(values), 0.5);
}

}  // namespace weft
