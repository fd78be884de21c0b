// What the kernels of the loss and its gradient share: the layout of classes and the check of labels.
#pragma once
#include <cmath>
#include <string>

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
                          const std::string& scope) {
  for (int64_t i = 0; i < n; ++i) {
    if (labels[i] == ignore || (labels[i] >= 0 && labels[i] < classes)) continue;
    return OutOfRange("SoftmaxCrossEntropyLoss '{}': label {} at {} is out of range: there are {} classes",
                      scope, labels[i], i, classes);
  }
  return OkStatus();
}

}  // namespace weft::ops
