#include "frontends/layers/feed_forward.h"

#include "ops/gelu/op.h"
#include "ops/mul/op.h"
#include "ops/relu/op.h"
#include "ops/swish/op.h"

namespace weft {

static constexpr std::string_view kNames[] = {"swiglu", "silu", "relu2", "gelu"};
std::string_view Name(FeedForwardKind kind) { return kNames[static_cast<int>(kind)]; }
bool FromName(std::string_view name, FeedForwardKind* kind) {
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] != name) continue;
    *kind = static_cast<FeedForwardKind>(i);
    return true;
  }
  return false;
}

FeedForward::FeedForward(int64_t d_model, int64_t d_ff, FeedForwardKind kind, bool bias)
    : kind_(kind),
      gate_proj_(kind == FeedForwardKind::kSwiGlu ? &Register<Linear>("gate_proj", d_model, d_ff, bias)
                                                  : nullptr),
      up_proj_(Register<Linear>("up_proj", d_model, d_ff, bias)),
      down_proj_(Register<Linear>("down_proj", d_ff, d_model, bias)) {}

Var FeedForward::Forward(Var x) const {
  if (!x.valid()) return {};
  ModuleScope scope(*this, *x.builder);
  Var hidden = up_proj_.Forward(x);
  switch (kind_) {
    case FeedForwardKind::kSwiGlu:
      hidden = ops::Mul(ops::Swish(gate_proj_->Forward(x)), hidden);
      break;
    case FeedForwardKind::kSilu:
      hidden = ops::Swish(hidden);
      break;
    case FeedForwardKind::kRelu2: {
      hidden = ops::Relu(hidden);
      hidden = ops::Mul(hidden, hidden);
      break;
    }
    case FeedForwardKind::kGelu:
      hidden = ops::Gelu(hidden);
      break;
  }
  return down_proj_.Forward(hidden);
}

}  // namespace weft
