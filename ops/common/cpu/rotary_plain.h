// The plain kernels of attentions that hold a rotary embedding: q and k are turned into the workspace, the
// plain kernel of the same attention without the embedding runs on those, and what it gives for q and k is
// turned back.
#pragma once
#include "ops/common/cpu/rotary.h"

namespace weft::ops {

struct PlainRotary {
  RotaryLayout rotary;
  int64_t head_dim = 0;
  bool gradients = false;  // outputs 0 and 1 are those of q and k
  decltype(KernelDef::prepare) prepare;
};
StatusOr<std::unique_ptr<Kernel>> PreparePlainRotary(const KernelNode& node, const KernelContext& context,
                                                     const PlainRotary& plain);

}  // namespace weft::ops
