#include "frontends/layers/linear.h"

#include <cmath>

#include "ops/product/op.h"

namespace weft {

Linear::Linear(int64_t in, int64_t out, bool bias)
    : Linear(
          in, out, bias,
          Initializer::TruncatedNormal(static_cast<float>(std::sqrt(2.0 / static_cast<double>(in + out))))) {}

Linear::Linear(int64_t in, int64_t out, bool bias, Initializer weight)
    : weight_(AddParameter("weight", {DataType::kF32, {out, in}}, weight)) {
  if (bias) bias_ = &AddParameter("bias", {DataType::kF32, {out}}, Initializer::Zeros());
}

Var Linear::Forward(Var x) const {
  if (!x.valid()) return {};
  ModuleScope scope(*this, *x.builder);
  Builder& b = *x.builder;
  return LinearProduct(x, weight_.In(b), bias_ ? bias_->In(b) : Var{});
}

Var LinearProduct(Var x, Var weight, Var bias) { return ops::Product(x, weight, {.trans_b = true}, bias); }

}  // namespace weft
