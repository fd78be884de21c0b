#include "frontends/layers/norm.h"

#include "ops/rms_normalization/op.h"

namespace weft {

RmsNorm::RmsNorm(int64_t dim, float epsilon)
    : weight_(AddParameter("weight", {DataType::kF32, {dim}}, Initializer::Ones())), epsilon_(epsilon) {}

Var RmsNorm::Forward(Var x) const {
  if (!x.valid()) return {};
  ModuleScope scope(*this, *x.builder);
  return ops::RmsNormalization(x, weight_.In(*x.builder), epsilon_);
}

}  // namespace weft
