// Bodies that weft.FusedElementwise is tested with.
#pragma once
#include <functional>
#include <memory>

#include "ir/body.h"
#include "ir/builder.h"
#include "ops/add/op.h"
#include "ops/cast/op.h"
#include "ops/div/op.h"
#include "ops/dropout/op.h"
#include "ops/exp/op.h"
#include "ops/expand/op.h"
#include "ops/gelu/op.h"
#include "ops/gelu_grad/op.h"
#include "ops/greater/op.h"
#include "ops/less/op.h"
#include "ops/logical_and/op.h"
#include "ops/logical_not/op.h"
#include "ops/max/op.h"
#include "ops/mul/op.h"
#include "ops/operators.h"
#include "ops/pow/op.h"
#include "ops/reduce_max/op.h"
#include "ops/reduce_mean/op.h"
#include "ops/reduce_sum/op.h"
#include "ops/reshape/op.h"
#include "ops/sigmoid/op.h"
#include "ops/softmax/op.h"
#include "ops/sqrt/op.h"
#include "ops/sub/op.h"
#include "ops/swi_glu/op.h"
#include "ops/swish/op.h"
#include "ops/swish_grad/op.h"
#include "ops/tanh/op.h"
#include "ops/where/op.h"

namespace weft::ops {

using BodyFunction = std::function<std::vector<Var>(Builder& b, const std::vector<Var>& x)>;

// The graph of what `compute` emits on inputs of those types.
inline GraphBody MakeBody(const std::vector<TensorType>& inputs, const BodyFunction& compute) {
  auto body = std::make_shared<Graph>();
  body->name = "body";
  Builder b(*body);
  std::vector<Var> x;
  for (const TensorType& type : inputs) x.push_back(b.Input(fmt::format("x{}", x.size()), type));
  for (const Var& y : compute(b, x)) {
    if (y.valid()) body->AddOutput(y.id);
  }
  WEFT_CHECK(b.status().ok(), "{}", Message(b.status()));
  return body;
}

}  // namespace weft::ops
