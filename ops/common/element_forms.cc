#include "ops/common/element_forms.h"

#include <algorithm>

#include "ops/abs/op.h"
#include "ops/add/op.h"
#include "ops/cast/op.h"
#include "ops/common/reduce_def.h"
#include "ops/div/op.h"
#include "ops/dropout/op.h"
#include "ops/equal/op.h"
#include "ops/erf/op.h"
#include "ops/exp/op.h"
#include "ops/expand/op.h"
#include "ops/gelu/op.h"
#include "ops/gelu_grad/op.h"
#include "ops/greater/op.h"
#include "ops/less/op.h"
#include "ops/log/op.h"
#include "ops/logical_and/op.h"
#include "ops/logical_not/op.h"
#include "ops/max/op.h"
#include "ops/min/op.h"
#include "ops/mul/op.h"
#include "ops/neg/op.h"
#include "ops/pow/op.h"
#include "ops/reciprocal/op.h"
#include "ops/reduce_max/op.h"
#include "ops/reduce_mean/op.h"
#include "ops/reduce_sum/op.h"
#include "ops/relu/op.h"
#include "ops/sigmoid/op.h"
#include "ops/sqrt/op.h"
#include "ops/sub/op.h"
#include "ops/swi_glu/op.h"
#include "ops/swish/op.h"
#include "ops/swish_grad/op.h"
#include "ops/tanh/op.h"
#include "ops/where/op.h"

namespace weft::ops {
namespace {

using F = ElementFunction;
struct Row {
  const OpDef* op;
  ElementForm (*form)(const NodeTypes& node);
};

template <F kFunction>
ElementForm Always(const NodeTypes&) {
  return {kFunction};
}
template <class A, F kFunction>
ElementForm WithAlpha(const NodeTypes& node) {
  return {kFunction, node.attrs<A>().alpha};
}
template <class A, F kErf, F kTanh>
ElementForm Approximate(const NodeTypes& node) {
  return {node.attrs<A>().approximate == "tanh" ? kTanh : kErf};
}
template <F kFunction>
ElementForm OfTwo(const NodeTypes& node) {
  if (node.inputs.size() != 2) return {.why_not = "it has not two operands"};
  return {kFunction};
}
template <class A, F kFunction>
ElementForm Reduction(const NodeTypes& node) {
  const A& a = node.attrs<A>();
  return {kFunction, 0, ReducedAxes(a.axes, a.noop_with_empty_axes, node.input(0).rank())};
}
ElementForm OfCast(const NodeTypes& node) {
  if (node.input(0).dtype == DataType::kBool && IsFloat(node.attrs<CastOp>().to)) return {F::kFromBool};
  return {.why_not = "it casts other types than bool to a float"};
}
ElementForm OfDropout(const NodeTypes& node) {
  if (!node.attrs<DropoutOp>().active()) return {.why_not = "it drops nothing"};
  if (node.has_output(1)) return {.why_not = "its mask is asked for"};
  return {F::kDropout, node.attrs<DropoutOp>().ratio};
}

constexpr Row kRows[] = {
    {&AbsOp::def, Always<F::kAbs>},
    {&AddOp::def, Always<F::kAdd>},
    {&AndOp::def, Always<F::kAnd>},
    {&DivOp::def, Always<F::kDiv>},
    {&EqualOp::def, Always<F::kEqual>},
    {&ErfOp::def, Always<F::kErf>},
    {&ExpOp::def, Always<F::kExp>},
    {&ExpandOp::def, Always<F::kCopy>},
    {&GreaterOp::def, Always<F::kGreater>},
    {&LessOp::def, Always<F::kLess>},
    {&LogOp::def, Always<F::kLog>},
    {&MulOp::def, Always<F::kMul>},
    {&NegOp::def, Always<F::kNeg>},
    {&NotOp::def, Always<F::kNot>},
    {&PowOp::def, Always<F::kPow>},
    {&ReciprocalOp::def, Always<F::kReciprocal>},
    {&ReluOp::def, Always<F::kRelu>},
    {&SigmoidOp::def, Always<F::kSigmoid>},
    {&SqrtOp::def, Always<F::kSqrt>},
    {&SubOp::def, Always<F::kSub>},
    {&TanhOp::def, Always<F::kTanh>},
    {&WhereOp::def, Always<F::kWhere>},
    {&CastOp::def, OfCast},
    {&DropoutOp::def, OfDropout},
    {&GeluOp::def, Approximate<GeluOp, F::kGelu, F::kGeluTanh>},
    {&GeluGradOp::def, Approximate<GeluGradOp, F::kGeluGrad, F::kGeluTanhGrad>},
    {&MaxOp::def, OfTwo<F::kMax>},
    {&MinOp::def, OfTwo<F::kMin>},
    {&ReduceMaxOp::def, Reduction<ReduceMaxOp, F::kReduceMax>},
    {&ReduceMeanOp::def, Reduction<ReduceMeanOp, F::kReduceMean>},
    {&ReduceSumOp::def, Reduction<ReduceSumOp, F::kReduceSum>},
    {&SwiGluOp::def, WithAlpha<SwiGluOp, F::kSwiGlu>},
    {&SwishOp::def, WithAlpha<SwishOp, F::kSwish>},
    {&SwishGradOp::def, WithAlpha<SwishGradOp, F::kSwishGrad>},
};

}  // namespace

ElementForm ElementFormOf(const NodeTypes& node) {
  const auto* row =
      std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.op == node.op; });
  return row == std::end(kRows) ? ElementForm{} : row->form(node);
}

}  // namespace weft::ops
