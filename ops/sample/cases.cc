// What is drawn is tested by statistics in tests/ops/sample_test.cc.
#include "ops/common/cases.h"

#include <cmath>

#include "ops/sample/op.h"

namespace weft::ops::sample {
namespace {

using In = CaseInput;

// One value for all rows, or one for each.
In Rows(int64_t batch, std::vector<double> x) {
  x.resize(static_cast<size_t>(batch), x.back());
  return In::Given(Tensor::Of<double>({batch}, std::span<const double>(x)));
}
In Whole(int64_t batch, std::vector<int64_t> x) {
  x.resize(static_cast<size_t>(batch), x.back());
  return In::Given(Tensor::Of<int64_t>({batch}, std::span<const int64_t>(x)));
}

struct Use {
  std::vector<double> temperature = {1};
  std::vector<int64_t> top_k = {};
  std::vector<double> top_p = {}, min_p = {}, penalty = {};
  In history = In::Absent();
  std::vector<int64_t> seed = {7}, step = {};
};

std::vector<In> Inputs(In logits, int64_t batch, const Use& use) {
  auto rows = [&](const std::vector<double>& x) { return x.empty() ? In::Absent() : Rows(batch, x); };
  auto whole = [&](const std::vector<int64_t>& x) { return x.empty() ? In::Absent() : Whole(batch, x); };
  return {std::move(logits), rows(use.temperature), whole(use.top_k), rows(use.top_p), rows(use.min_p),
          rows(use.penalty), use.history,           whole(use.seed),  whole(use.step)};
}

Case Drawn(std::string name, Shape logits, const Use& use, bool benchmark = false) {
  const int64_t batch = logits[0];
  return {.name = std::move(name),
          .attributes = Attributes(SampleOp{3}),
          .inputs = Inputs(In::Normal(std::move(logits), 0, 3), batch, use),
          .benchmark = benchmark};
}

// Logits [0, log 2, log 4, log 1, log 2]: probabilities .1, .2, .4, .1, .2.
In Tenths(int64_t batch) {
  std::vector<double> x;
  for (int64_t i = 0; i < batch; ++i) {
    for (double p : {1., 2., 4., 1., 2.}) x.push_back(std::log(p));
  }
  return In::Given(Tensor::Of<double>({batch, 5}, std::span<const double>(x)));
}

// Only one token can come, whatever is drawn.
Case Sure(std::string name, const Use& use, std::initializer_list<int64_t> token,
          std::initializer_list<double> probability) {
  const auto batch = static_cast<int64_t>(token.size());
  std::vector<double> logprob;
  for (double p : probability) logprob.push_back(std::log(p));
  return {.name = std::move(name),
          .attributes = Attributes(SampleOp{}),
          .inputs = Inputs(Tenths(batch), batch, use),
          .expected = {Longs({batch}, token), Tensor::Of<double>({batch}, std::span<const double>(logprob))}};
}

In History(Shape shape, std::initializer_list<int64_t> x) { return In::Given(Longs(std::move(shape), x)); }

std::vector<Case> Values() {
  return {
      Sure("greedy", {.temperature = {0}}, {2, 2}, {.4, .4}),
      Sure("greedy_penalised",
           {.temperature = {0}, .penalty = {8}, .history = History({2, 2}, {2, -1, 2, 1})}, {1, 4}, {.2, .2}),
      Sure("top_k_one", {.top_k = {1}}, {2}, {.4}),
      Sure("top_p_small", {.top_p = {.3, 0}}, {2, 2}, {.4, .4}),
      Sure("min_p_one", {.min_p = {1}}, {2}, {.4}),
      // Without token 2 the equals 1 and 4 are the best; the smaller id stays.
      Sure("equals", {.top_k = {1}, .penalty = {100}, .history = History({1, 1}, {2})}, {1}, {.2}),
      Sure("cold", {.temperature = {1e-30}}, {2}, {.4}),
  };
}

std::vector<BadCase> Bad() {
  auto bad = [](std::string name, In logits, const Use& use, std::string error) {
    return BadCase{std::move(name), Attributes(SampleOp{}), Inputs(std::move(logits), 2, use),
                   std::move(error)};
  };
  auto row = [](double odd) { return Given({2, 3}, {0, 1, 2, 3, odd, 4}); };
  auto fine = [] { return Given({2, 3}, {0, 1, 2, 3, 5, 4}); };
  return {
      bad("nan", row(NAN), {}, "logits[1, 1] is nan, expected a number or -inf"),
      bad("infinite", row(INFINITY), {}, "logits[1, 1] is inf, expected a number or -inf"),
      bad("nothing", Given({2, 2}, {-INFINITY, -INFINITY, 0, 1}), {}, "logits[0] is -inf for all 2 tokens"),
      bad("temperature", fine(), {.temperature = {1, -1}}, "temperature[1] is -1, expected 0 or more"),
      bad("temperature_nan", fine(), {.temperature = {NAN}}, "temperature[0] is nan"),
      bad("top_k", fine(), {.top_k = {-2}}, "top_k[0] is -2, expected 0 (off) or more"),
      bad("top_p", fine(), {.top_p = {.5, 1.5}}, "top_p[1] is 1.5, expected 0 to 1"),
      bad("min_p", fine(), {.min_p = {-1}}, "min_p[0] is -1, expected 0 to 1"),
      bad("penalty", fine(), {.penalty = {0}}, "repetition_penalty[0] is 0, expected a number above 0"),
      bad("history", fine(), {.history = History({2, 2}, {0, 1, -1, 3})},
          "history[1, 1] is 3, expected -1 (padding) to 2"),
      bad("history_shape", fine(), {.history = History({1, 2}, {0, 1})},
          "history is i64[1, 2], expected i64[2, any]"),
      bad("rank", In::Normal({2, 3, 1}), {}, "logits is f32[2, 3, 1], expected [batch, vocab]"),
      bad("no_tokens", In::Normal({2, 0}), {}, "logits is f32[2, 0], expected 1 to"),
      bad("rows", Given({3, 1}, {0, 1, 2}), {}, "[2], expected f"),
      {"stream", Attributes(SampleOp{-1}), Inputs(fine(), 2, {}), "stream is -1"},
  };
}

}  // namespace

OpCases Cases() {
  const Use all{.temperature = {.8, 0, 1.5, 1},
                .top_k = {20, 0, 5, 0},
                .top_p = {.9, 1, .5, .95},
                .min_p = {.05, 0, 0, .01},
                .penalty = {1.2, 1.5, 1, .7},
                .history = In::Integers({6, 9}, -1, 77),
                .seed = {1, 2, 3},
                .step = {0, 5}};
  OpCases cases{
      .cases =
          {
              Drawn("plain_draw", {5, 33}, {.seed = {1, 2, 3, 4, 5}}),
              Drawn("one_token", {2, 1}, {}),
              Drawn("no_rows", {0, 9}, {}),
              Drawn("empty_history", {2, 9}, {.penalty = {2}, .history = In::Integers({2, 0}, 0, 1)}),
              Drawn("top_k", {6, 101}, {.top_k = {1, 2, 3, 50, 101, 1000}}),
              Drawn("top_p", {6, 101}, {.top_p = {.01, .1, .5, .9, .999, 1}}),
              Drawn("min_p", {4, 101}, {.min_p = {.5, .1, .01, .001}}),
              Drawn("hot", {3, 77}, {.temperature = {100, 1e30, 0.01}}),
              Drawn("all", {6, 77}, all),
              Drawn("wide", {3, 3001}, {.top_k = {0, 500, 50}, .top_p = {.9}, .seed = {4, 5, 6}}),
              Drawn("vocabulary_128256", {1, 128256}, {.temperature = {.8}, .top_k = {50}, .top_p = {.95}},
                    true),
              Drawn("vocabulary_10000", {1, 10000}, {.temperature = {.8}, .top_k = {50}, .top_p = {.95}},
                    true),
              Drawn("top_p_only_10000", {1, 10000}, {.top_p = {.95}}, true),
              Drawn("unfiltered_10000", {1, 10000}, {}, true),
          },
      .bad = Bad(),
  };
  Append(&cases.cases, Values());
  return cases;
}

}  // namespace weft::ops::sample
