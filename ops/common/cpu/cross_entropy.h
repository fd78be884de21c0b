// What the kernels of the losses and their gradients share: the layout of classes, the check of labels, and
// one row of scores.
#pragma once
#include <cmath>
#include <string>
#include <string_view>

#include "ops/common/cpu/rows.h"
#include "ops/kernel.h"

namespace weft::ops {

// scores [N, C, D] with D the product of what follows the classes; label (n, d) at n D + d.
struct ScoreLayout {
  int64_t n = 0, classes = 0, inner = 1;
  int64_t num_labels() const { return n * inner; }
};
inline ScoreLayout LayoutOf(const Operand& scores) {
  ScoreLayout l{scores.shape[0], scores.shape[1], 1};
  for (size_t i = 2; i < scores.shape.size(); ++i) l.inner *= scores.shape[i];
  return l;
}

inline Status CheckLabels(const int64_t* labels, int64_t n, int64_t classes, int64_t ignore,
                          const std::string& scope, std::string_view op = "SoftmaxCrossEntropyLoss") {
  for (int64_t i = 0; i < n; ++i) {
    if (labels[i] == ignore || (labels[i] >= 0 && labels[i] < classes)) continue;
    return OutOfRange("{} '{}': label {} at {} is out of range: there are {} classes", op, scope, labels[i],
                      i, classes);
  }
  return OkStatus();
}

// One pass for the maximum, one for the sum of exponentials, the row still in cache.
inline double LogSumExp(const float* x, int64_t classes) {
  const float top = MaxOf(x, classes);
  return static_cast<double>(top) + std::log(static_cast<double>(SumOfExp(x, top, classes)));
}

// What z_loss lse^2 multiplies the softmax in the gradient by.
inline double ZFactor(double z_loss, double lse) { return 1 + 2 * z_loss * lse; }

// z_loss lse^2 - log softmax(x)[label], and x becomes its gradient times `scale`: (softmax(x) (1 + 2 z_loss
// lse) - one_hot(label)) scale.
inline double CrossEntropyAndGradient(float* x, int64_t classes, int64_t label, float scale, double z_loss) {
  const float top = MaxOf(x, classes);
  const auto score = static_cast<double>(x[label]);
  const auto sum = static_cast<double>(ExpRow(x, top, 1.0f, classes, x));
  const double lse = static_cast<double>(top) + std::log(sum);
  ScaleBy(x, static_cast<float>(static_cast<double>(scale) * ZFactor(z_loss, lse) / sum), classes);
  x[label] -= scale;
  return lse - score + z_loss * lse * lse;
}

}  // namespace weft::ops
