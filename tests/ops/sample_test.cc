// Sample: what is drawn follows the distribution that the filters leave, whatever else is in the batch.
#include <cmath>
#include <numeric>

#include "base/philox.h"
#include "ops/sample/op.h"
#include "tests/ops/draws.h"

namespace weft {
namespace {

using ops::SampleOp;

struct Request {
  Tensor logits;  // f32 [batch, vocab]
  double temperature = 1, top_p = 1, min_p = 0, penalty = 1;
  int64_t top_k = 0;
  std::vector<int64_t> history = {};  // the same for all rows
  std::function<int64_t(int64_t)> seed = [](int64_t row) { return row; };
  int64_t step = 0, stream = 0;
};

struct Drawn {
  std::vector<int64_t> token;
  std::vector<float> logprob;
};

Drawn RunSample(const Request& r, const KernelContext& context = {}) {
  const int64_t batch = r.logits.shape()[0], h = static_cast<int64_t>(r.history.size());
  auto filled = [&](double value) {
    Tensor t = Tensor::Zeros(DataType::kF32, {batch});
    for (float& x : t.as_mutable<float>()) x = static_cast<float>(value);
    return t;
  };
  auto whole = [&](const std::function<int64_t(int64_t)>& value) {
    Tensor t = Tensor::Zeros(DataType::kI64, {batch});
    for (int64_t i = 0; i < batch; ++i) t.as_mutable<int64_t>()[static_cast<size_t>(i)] = value(i);
    return t;
  };
  Tensor history = Tensor::Zeros(DataType::kI64, {batch, h});
  for (int64_t i = 0; i < batch * h; ++i) {
    history.as_mutable<int64_t>()[static_cast<size_t>(i)] = r.history[static_cast<size_t>(i % h)];
  }
  const Tensor temperature = filled(r.temperature), top_p = filled(r.top_p), min_p = filled(r.min_p),
               penalty = filled(r.penalty);
  const Tensor top_k = whole([&](int64_t) { return r.top_k; }), seed = whole(r.seed),
               step = whole([&](int64_t) { return r.step; });
  const Tensor* inputs[] = {&r.logits, &temperature, &top_k, &top_p, &min_p,
                            &penalty,  &history,     &seed,  &step};
  const SampleOp attributes{r.stream};
  StatusOr<std::vector<Tensor>> out = EvaluateNode(SampleOp::def, &attributes, inputs, 0, context);
  EXPECT_TRUE(out.ok()) << out.status();
  if (!out.ok()) return {};
  const auto tokens = (*out)[0].as<int64_t>();
  const auto logprobs = (*out)[1].as<float>();
  return {{tokens.begin(), tokens.end()}, {logprobs.begin(), logprobs.end()}};
}

// `batch` rows of the same logits.
Tensor Repeated(const std::vector<double>& logits, int64_t batch) {
  Tensor t = Tensor::Zeros(DataType::kF32, {batch, static_cast<int64_t>(logits.size())});
  auto x = t.as_mutable<float>();
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(logits[i % logits.size()]);
  return t;
}

// Probabilities 1/55, 2/55, ..., 10/55, in an order that is not theirs.
std::vector<double> TenLogits() {
  std::vector<double> logits;
  for (int i = 0; i < 10; ++i) logits.push_back(std::log(1.0 + (i * 7 + 3) % 10));
  return logits;
}

// Expects the draws' counts to follow weights; tokens of weight 0 must not come.
void ExpectDistribution(const std::vector<int64_t>& tokens, const std::vector<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<int64_t> counts(weights.size()), kept_counts;
  std::vector<double> kept;
  for (int64_t t : tokens) ++counts[static_cast<size_t>(t)];
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) {
      EXPECT_EQ(counts[i], 0) << i;
    } else {
      kept_counts.push_back(counts[i]);
      kept.push_back(weights[i] / sum);
    }
  }
  if (kept.size() > 1) {
    EXPECT_LT(ChiSquare(kept_counts, kept), 4);
  }
}

constexpr int64_t kDraws = 50000;

TEST(Sample, FollowsSoftmaxAtEveryTemperature) {
  for (double temperature : {0.5, 1.0, 3.0}) {
    std::vector<double> weights;
    for (double x : TenLogits()) weights.push_back(std::exp(x / temperature));
    const Drawn drawn =
        RunSample({.logits = Repeated(TenLogits(), kDraws), .temperature = temperature}, {.threads = 2});
    ExpectDistribution(drawn.token, weights);
    for (size_t i = 0; i < 100; ++i) {
      const double p = std::exp(TenLogits()[static_cast<size_t>(drawn.token[i])]) / 55;
      EXPECT_NEAR(drawn.logprob[i], std::log(p), 1e-5);
    }
  }
}

TEST(Sample, FiltersLeaveTheRestInProportion) {
  const Tensor logits = Repeated(TenLogits(), kDraws);
  auto weights = [](double least) {
    std::vector<double> w;
    for (double x : TenLogits()) w.push_back(std::round(std::exp(x)) >= least ? std::exp(x) : 0);
    return w;
  };
  ExpectDistribution(RunSample({.logits = logits, .top_k = 3}).token, weights(8));
  // 10 + 9 + 8 + 7 of 55 is 0.618: the fourth still has less than 0.6 before it.
  ExpectDistribution(RunSample({.logits = logits, .top_p = 0.6}).token, weights(7));
  ExpectDistribution(RunSample({.logits = logits, .min_p = 0.55}).token, weights(6));
  // Of 10, 9, 8 and 7, top_p 0.75 of 34 = 25.5 leaves three (19 lies before the third, 27 before the fourth).
  ExpectDistribution(RunSample({.logits = logits, .top_p = 0.75, .top_k = 4}).token, weights(8));
}

TEST(Sample, PenaltyFallsOnTheHistoryOnce) {
  std::vector<double> weights;
  for (double x : TenLogits()) weights.push_back(std::exp(x));
  for (size_t i : {2, 5}) weights[i] = std::exp(TenLogits()[i] / 2);
  const Request r{.logits = Repeated(TenLogits(), kDraws), .penalty = 2, .history = {2, 5, -1, 2}};
  ExpectDistribution(RunSample(r).token, weights);
}

TEST(Sample, NegativeLogitsArePenalisedToo) {
  const std::vector<double> logits = {-1, -1.5, -2};
  const Request r{.logits = Repeated(logits, kDraws), .penalty = 3, .history = {0}};
  ExpectDistribution(RunSample(r).token, {std::exp(-3), std::exp(-1.5), std::exp(-2)});
}

TEST(Sample, StepsAndStreamsDrawAnewAndRepeat) {
  const Tensor logits = Repeated(std::vector<double>(64, 0), 2000);
  const Drawn first = RunSample({.logits = logits});
  EXPECT_EQ(first.token, RunSample({.logits = logits}).token);
  const Drawn others[] = {RunSample({.logits = logits, .seed = [](int64_t row) { return row + 5000; }}),
                          RunSample({.logits = logits, .step = 1}),
                          RunSample({.logits = logits, .stream = 1})};
  for (const Drawn& other : others) {
    int64_t same = 0;
    for (size_t i = 0; i < 2000; ++i) same += first.token[i] == other.token[i];
    EXPECT_LT(same, 60);  // 31 by chance
  }
}

Tensor RandomLogits(int64_t batch, int64_t vocab, double spread) {
  Tensor t = Tensor::Zeros(DataType::kF32, {batch, vocab});
  auto x = t.as_mutable<float>();
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(spread * (UniformFloat(RandomWord({.seed = 9}, i)) - 0.5));
  return t;
}

TEST(Sample, ARowDependsOnNoOther) {
  const Tensor logits = RandomLogits(7, 501, 8);
  Request r{.logits = logits, .top_p = 0.9, .min_p = 0.01, .top_k = 40};
  const Drawn together = RunSample(r, {.threads = 2});
  for (size_t row = 0; row < 7; ++row) {
    r.logits = Tensor::Of<float>({1, 501}, logits.as<float>().subspan(row * 501, 501));
    r.seed = [row](int64_t) { return static_cast<int64_t>(row); };
    const Drawn alone = RunSample(r);
    EXPECT_EQ(alone.token[0], together.token[row]);
    EXPECT_EQ(alone.logprob[0], together.logprob[row]);
  }
}

// The two kernels round weights differently: a draw at a boundary may fall on either side, hardly ever.
TEST(Sample, FastKernelAgreesWithThePlainOne) {
  int differ = 0;
  for (double spread : {1.0, 8.0, 40.0}) {
    for (const auto& [k, p, least] :
         {std::tuple{0, 1.0, 0.0}, {17, 1.0, 0.0}, {0, 0.7, 0.0}, {0, 1.0, 0.2}, {200, 0.95, 0.01}}) {
      const Request r{.logits = RandomLogits(400, 1003, spread),
                      .temperature = 0.9,
                      .top_p = p,
                      .min_p = least,
                      .penalty = 1.1,
                      .top_k = k,
                      .history = {1, 500, 1002}};
      const Drawn plain = RunSample(r, {.plain_only = true}), fast = RunSample(r, {.threads = 2});
      for (size_t i = 0; i < 400; ++i) {
        differ += plain.token[i] != fast.token[i];
        if (plain.token[i] != fast.token[i]) continue;
        EXPECT_NEAR(plain.logprob[i], fast.logprob[i], 1e-5);
      }
    }
  }
  EXPECT_LE(differ, 3);  // of 6,000
}

}  // namespace
}  // namespace weft
