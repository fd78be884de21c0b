#include "base/normal.h"

namespace weft {

// Phi(a) - Phi(-a) = 2 phi(a) (a + a^3/3 + a^5/(3*5) + ...),  phi(a) = 1 / (sqrt(2 pi) e^(a^2/2)): two sums
// of positive terms, so nothing cancels.
double NormalMassWithin(double cut) {
  if (!(cut > 0)) return 0;
  if (cut > 9) return 1;  // the rest is below 1e-18
  const double half_square = cut * cut / 2;
  double exponential = 0;
  double term = 1;
  for (int n = 1; term > exponential * 1e-18; ++n) {
    exponential += term;
    term = term * half_square / n;
  }
  double sum = 0;
  term = cut;
  for (int n = 3; term > sum * 1e-18; n += 2) {
    sum += term;
    term = term * cut * cut / n;
  }
  constexpr double kTwoOverSqrtTwoPi = 0.7978845608028654;
  const double mass = kTwoOverSqrtTwoPi * sum / exponential;
  return mass < 1 ? mass : 1;
}

}  // namespace weft
