#include "frontends/layers/rotary.h"

#include <cmath>

#include "ops/cos/op.h"
#include "ops/cum_sum/op.h"
#include "ops/expand/op.h"
#include "ops/mul/op.h"
#include "ops/rotary_embedding/op.h"
#include "ops/sin/op.h"

namespace weft {

static constexpr std::string_view kNames[] = {"none", "half", "interleaved"};
std::string_view Name(RopeLayout layout) { return kNames[static_cast<int>(layout)]; }
bool FromName(std::string_view name, RopeLayout* layout) {
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] != name) continue;
    *layout = static_cast<RopeLayout>(i);
    return true;
  }
  return false;
}

namespace {

// cos or sin of p * theta^(-2i/d) for p = 0 .. max-1: positions are the running sum of ones.
std::shared_ptr<const Graph> TableGraph(int64_t max_positions, int64_t head_dim, float theta, bool cosine) {
  auto graph = std::make_shared<Graph>();
  graph->name = "init";
  Builder b(*graph);
  b.Input("seed", {DataType::kI64, {}});
  std::vector<float> frequencies;
  for (int64_t i = 0; i < head_dim / 2; ++i) {
    const double exponent = -2.0 * static_cast<double>(i) / static_cast<double>(head_dim);
    frequencies.push_back(static_cast<float>(std::pow(static_cast<double>(theta), exponent)));
  }
  const Var frequency = b.Constant(Tensor::Of<float>({head_dim / 2}, frequencies), "frequency");
  const Var ones = ops::Expand(b.Scalar(1, DataType::kF32), {max_positions, 1});
  const Var position = ops::CumSum(ones, 0, /*exclusive=*/true);
  const Var angle = ops::Mul(position, frequency);
  b.Output(cosine ? ops::Cos(angle) : ops::Sin(angle));
  WEFT_CHECK(b.status().ok(), "{}", Message(b.status()));
  return graph;
}

}  // namespace

RotaryTables::RotaryTables(int64_t max_positions, int64_t head_dim, float theta, RopeLayout layout)
    : layout_(layout),
      cos_(AddBuffer("cos", {DataType::kF32, {max_positions, head_dim / 2}},
                     [=](const std::string&) { return TableGraph(max_positions, head_dim, theta, true); })),
      sin_(AddBuffer("sin", {DataType::kF32, {max_positions, head_dim / 2}},
                     [=](const std::string&) { return TableGraph(max_positions, head_dim, theta, false); })) {
}

Var RotaryTables::Forward(Var x, Var positions, int64_t num_heads) const {
  if (!x.valid() || layout_ == RopeLayout::kNone) return x;
  Builder& b = *x.builder;  // the caller's scope: q and k are rotated where they are used
  return ops::RotaryEmbedding(x, cos_.In(b), sin_.In(b), positions,
                              {.interleaved = layout_ == RopeLayout::kInterleaved, .num_heads = num_heads});
}

}  // namespace weft
