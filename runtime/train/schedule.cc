#include "runtime/train/schedule.h"

#include <algorithm>
#include <cmath>

namespace weft {

double LearningRate(const TrainSettings& s, int64_t step) {
  if (step <= s.warmup_steps) return s.lr * static_cast<double>(step) / static_cast<double>(s.warmup_steps);
  if (s.schedule == "constant") return s.lr;
  const int64_t decay = s.schedule != "wsd"
                            ? s.steps - s.warmup_steps
                            : (s.decay_steps > 0 ? s.decay_steps : std::max<int64_t>(s.steps / 5, 1));
  const auto into = static_cast<double>(step - (s.steps - decay));
  const double t = std::clamp(into / static_cast<double>(std::max<int64_t>(decay, 1)), 0.0, 1.0);
  if (s.schedule == "cosine") return s.min_lr + (s.lr - s.min_lr) * 0.5 * (1 + std::cos(M_PI * t));
  return s.lr + (s.min_lr - s.lr) * t;
}

}  // namespace weft
