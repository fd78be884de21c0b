// Rotary position embedding (Su et al. 2021): the tables cos and sin of positions times theta^(-2i/d).
#pragma once
#include "frontends/layers/module.h"

namespace weft {

enum class RopeLayout : uint8_t {
  kNone,
  kHalf,
  kInterleaved
};  // half: Hugging Face's; interleaved: Meta's, CS336's
std::string_view Name(RopeLayout layout);
bool FromName(std::string_view name, RopeLayout* layout);

class RotaryTables : public Module {
 public:
  // Tables [max_positions, head_dim / 2].
  RotaryTables(int64_t max_positions, int64_t head_dim, float theta, RopeLayout layout);
  // x [batch, seq, num_heads * head_dim], positions i64 [batch, seq] -> x rotated.
  Var Forward(Var x, Var positions, int64_t num_heads) const;

 private:
  RopeLayout layout_;
  const Buffer& cos_;
  const Buffer& sin_;
};

}  // namespace weft
