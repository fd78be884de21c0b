// Operators that draw tensors: their distributions, and that a draw is a function of its place alone.
#include <hwy/highway.h>

#include <cstring>

#include "base/normal.h"
#include "base/philox.h"
#include "ops/random_normal/op.h"
#include "ops/random_truncated_normal/op.h"
#include "ops/random_uniform/op.h"
#include "tests/ops/draws.h"

namespace weft {
namespace {

using ops::RandomNormalOp, ops::RandomTruncatedNormalOp, ops::RandomUniformOp;

template <class A>
class RandomOp : public testing::Test {
 protected:
  static A Of(Dims shape, int64_t stream = 3) {
    A a;
    a.shape = std::move(shape);
    a.stream = stream;
    return a;
  }
};
using RandomOps = testing::Types<RandomNormalOp, RandomTruncatedNormalOp, RandomUniformOp>;
TYPED_TEST_SUITE(RandomOp, RandomOps);

bool SameBits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

// The elements' words, as the plain kernel of each operator maps them.
TYPED_TEST(RandomOp, SameBitsOnEveryInstructionSetAndThreadCount) {
  const TypeParam a = this->Of({37, 1001});
  const Place place{.seed = -77, .step = 5, .row = 123456789};
  const Tensor plain = Draw(a, place, {.plain_only = true});
  const int64_t all = hwy::SupportedTargets();  // that WEFT_CPU_TARGETS left
  for (int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    for (int threads : {1, 2, 3}) {
      EXPECT_TRUE(SameBits(plain, Draw(a, place, {.threads = threads})))
          << hwy::TargetName(target) << ", " << threads << " threads";
    }
  }
  hwy::SetSupportedTargetsForTest(all);
  hwy::GetChosenTarget().Update(all);
}

TYPED_TEST(RandomOp, SplitsDrawTheSameNumbers) {
  const Tensor whole = Draw(this->Of({9, 7, 3}), {.step = 2, .row = 5});
  int64_t first = 0;
  for (int64_t rows : {1, 4, 0, 3, 1}) {
    const Tensor part = Draw(this->Of({rows, 7, 3}), {.step = 2, .row = 5 + first});
    EXPECT_EQ(0, std::memcmp(part.data(), whole.as<float>().data() + first * 21, part.size_bytes()));
    first += rows;
  }
}

TYPED_TEST(RandomOp, SeedsStepsStreamsAndRowsDiffer) {
  constexpr int64_t kN = 100000;
  const Tensor base = Draw(this->Of({kN}), {});
  const Tensor others[] = {
      Draw(this->Of({kN}), {.seed = 2}), Draw(this->Of({kN}), {.seed = 1 + (int64_t{1} << 32)}),
      Draw(this->Of({kN}), {.step = 1}), Draw(this->Of({kN}, 4), {}),
      Draw(this->Of({kN}), {.row = 1}),  Draw(this->Of({kN}), {.row = kN})};
  EXPECT_TRUE(SameBits(base, Draw(this->Of({kN}), {})));
  for (const Tensor& other : others) EXPECT_LT(std::abs(Correlation(base.as<float>(), other.as<float>())), 4);
}

TYPED_TEST(RandomOp, F64IsTheF32DrawBeforeRounding) {
  TypeParam a = this->Of({1000});
  const Tensor narrow = Draw(a, {});
  a.dtype = DataType::kF64;
  const Tensor wide = Draw(a, {});
  for (int64_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(ElementAsDouble(narrow, i), static_cast<float>(ElementAsDouble(wide, i)));
  }
}

TEST(RandomNormal, ElementsAreTheNormalsOfTheirWords) {
  RandomNormalOp a;
  a.shape = {5, 4};
  a.mean = -1;
  a.scale = 0.25f;
  a.stream = 9;
  const Tensor y = Draw(a, {.seed = 3, .step = 8, .row = 100});
  for (uint64_t i = 0; i < 20; ++i) {
    const double x = NormalDouble(RandomWord({3, 8, 9}, 400 + i));
    EXPECT_EQ(y.as<float>()[i], static_cast<float>(-1 + 0.25 * x));
  }
}

TEST(RandomNormal, Distribution) {
  constexpr int64_t kN = 1000000;
  RandomNormalOp a;
  a.shape = {kN};
  const Tensor y = Draw(a, {.seed = 11});
  EXPECT_LT(KolmogorovSmirnov(y.as<float>(), NormalCdf), 1.95);
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  for (float v : y.as<float>()) {
    const double x = v;
    m1 += x;
    m2 += x * x;
    m3 += x * x * x;
    m4 += x * x * x * x;
  }
  const double root = std::sqrt(static_cast<double>(kN));  // each within four of its own deviations
  EXPECT_LT(std::abs(m1 / root), 4);
  EXPECT_LT(std::abs((m2 / kN - 1) * root), 4 * std::sqrt(2.0));
  EXPECT_LT(std::abs(m3 / root), 4 * std::sqrt(15.0));
  EXPECT_LT(std::abs((m4 / kN - 3) * root), 4 * std::sqrt(96.0));
  a.mean = 5;
  a.scale = 0.5f;
  const Tensor scaled = Draw(a, {.seed = 11});
  EXPECT_LT(KolmogorovSmirnov(scaled.as<float>(), [](double x) { return NormalCdf((x - 5) / 0.5); }), 1.95);
}

TEST(RandomNormal, NeighboursAreIndependent) {
  RandomNormalOp a;
  a.shape = {200001};
  const Tensor y = Draw(a, {.seed = 4});
  for (size_t lag = 1; lag <= 8; ++lag) {
    const auto x = y.as<float>();
    EXPECT_LT(std::abs(Correlation(x.first(200000 - lag), x.subspan(lag, 200000 - lag))), 4) << lag;
  }
}

TEST(RandomUniform, Distribution) {
  constexpr int64_t kN = 1000000;
  RandomUniformOp a;
  a.shape = {kN};
  a.low = -2;
  a.high = 3;
  const Tensor y = Draw(a, {.seed = 6});
  EXPECT_LT(KolmogorovSmirnov(y.as<float>(), [](double x) { return (x + 2) / 5; }), 1.95);
  std::vector<int64_t> counts(1000);
  for (float v : y.as<float>()) {
    ASSERT_GE(v, -2);
    ASSERT_LT(v, 3);
    ++counts[static_cast<size_t>((v + 2) * 200)];
  }
  EXPECT_LT(ChiSquare(counts, std::vector<double>(1000, 0.001)), 3.3);
}

TEST(RandomUniform, NeverReachesHigh) {
  RandomUniformOp a;  // half of all draws would round to high
  a.shape = {10000};
  a.low = 1;
  a.high = std::nextafter(1.0f, 2.0f);
  const Tensor y = Draw(a, {});
  for (float v : y.as<float>()) ASSERT_EQ(v, 1);
}

TEST(RandomTruncatedNormal, Distribution) {
  RandomTruncatedNormalOp a;
  a.shape = {1000000};
  a.scale = 0.02f;
  for (float cut : {0.5f, 2.0f, 3.0f}) {
    a.cut = cut;
    const Tensor y = Draw(a, {.seed = 21});
    const double low = NormalCdf(-cut), mass = NormalCdf(cut) - low;
    const double scale = a.scale;
    EXPECT_LT(KolmogorovSmirnov(y.as<float>(), [&](double x) { return (NormalCdf(x / scale) - low) / mass; }),
              1.95);
    double largest = 0, square = 0;
    for (float v : y.as<float>()) {
      largest = std::max(largest, std::abs(v / scale));
      square += v * v / scale / scale;
    }
    EXPECT_LE(largest, cut * (1 + 1e-7));
    EXPECT_GT(largest, cut * 0.99);
    if (cut == 3) {
      EXPECT_NEAR(std::sqrt(square / 1e6), 0.9866, 0.002);
    }
  }
}

}  // namespace
}  // namespace weft
