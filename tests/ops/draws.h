// What the tests of random operators share: one node run on scalars, and statistics.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include "base/tensor.h"
#include "ops/evaluate.h"

namespace weft {

struct Place {
  int64_t seed = 1, step = 0, row = 0;
};

// The first output of a node without other operands than seed, step and row.
template <class A>
Tensor Draw(const A& attributes, const Place& at, const KernelContext& context = {}) {
  const Tensor seed = Tensor::Scalar(at.seed), step = Tensor::Scalar(at.step), row = Tensor::Scalar(at.row);
  const Tensor* inputs[] = {&seed, &step, &row};
  StatusOr<std::vector<Tensor>> out = EvaluateNode(A::def, &attributes, inputs, 0, context);
  EXPECT_TRUE(out.ok()) << out.status();
  return out.ok() ? (*out)[0] : Tensor();
}

// Kolmogorov and Smirnov's statistic times sqrt(n): above 1.95 in one of 1,000 honest samples.
inline double KolmogorovSmirnov(std::span<const float> sample, const std::function<double(double)>& cdf) {
  std::vector<double> x(sample.begin(), sample.end());
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double most = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double p = cdf(x[i]);
    most = std::max({most, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  return most * std::sqrt(n);
}

// Pearson's statistic of counts against probabilities, as deviations from its mean: above 3.3 in fewer than
// one of 1,000 honest samples where there are many cells.
inline double ChiSquare(std::span<const int64_t> counts, std::span<const double> probabilities) {
  double n = 0, sum = 0;
  for (int64_t c : counts) n += static_cast<double>(c);
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = n * probabilities[i];
    const double gap = static_cast<double>(counts[i]) - expected;
    if (expected > 0) sum += gap * gap / expected;
  }
  const auto freedom = static_cast<double>(counts.size() - 1);
  return (sum - freedom) / std::sqrt(2 * freedom);
}

inline double Mean(std::span<const float> x) {
  double sum = 0;
  for (float v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

// Correlation of two samples times sqrt(n): about standard normal for independent ones.
inline double Correlation(std::span<const float> x, std::span<const float> y) {
  const double mx = Mean(x), my = Mean(y);
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xy / std::sqrt(xx * yy) * std::sqrt(static_cast<double>(x.size()));
}

inline double NormalCdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace weft
