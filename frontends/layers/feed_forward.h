// The position-wise feed-forward layer, [.., d_model] -> [.., d_model]:
//   swiglu  down(silu(gate(x)) * up(x))      Shazeer 2020
//   silu    down(silu(up(x)))
//   relu2   down(relu(up(x))^2)              So et al. 2021
//   gelu    down(gelu(up(x)))                Hendrycks & Gimpel 2016, exact
#pragma once
#include "frontends/layers/linear.h"

namespace weft {

enum class FeedForwardKind : uint8_t { kSwiGlu, kSilu, kRelu2, kGelu };
std::string_view Name(FeedForwardKind kind);
bool FromName(std::string_view name, FeedForwardKind* kind);

class FeedForward : public UnaryModule {
 public:
  FeedForward(int64_t d_model, int64_t d_ff, FeedForwardKind kind, bool bias);
  Var Forward(Var x) const override;

 private:
  FeedForwardKind kind_;
  Linear* gate_proj_ = nullptr;  // swiglu only
  Linear& up_proj_;
  Linear& down_proj_;
};

}  // namespace weft
