#include "ops/operators.h"

#include "ops/add/op.h"
#include "ops/div/op.h"
#include "ops/mul/op.h"
#include "ops/neg/op.h"
#include "ops/sub/op.h"

namespace weft {
namespace {

Var ScalarLike(Var x, double value) { return x.valid() ? x.builder->Scalar(value, x.dtype()) : Var{}; }

}  // namespace

Var operator+(Var a, Var b) { return ops::Add(a, b); }
Var operator-(Var a, Var b) { return ops::Sub(a, b); }
Var operator*(Var a, Var b) { return ops::Mul(a, b); }
Var operator/(Var a, Var b) { return ops::Div(a, b); }
Var operator-(Var a) { return ops::Neg(a); }

Var operator+(Var a, double b) { return ops::Add(a, ScalarLike(a, b)); }
Var operator-(Var a, double b) { return ops::Sub(a, ScalarLike(a, b)); }
Var operator*(Var a, double b) { return ops::Mul(a, ScalarLike(a, b)); }
Var operator/(Var a, double b) { return ops::Div(a, ScalarLike(a, b)); }
Var operator+(double a, Var b) { return ops::Add(ScalarLike(b, a), b); }
Var operator-(double a, Var b) { return ops::Sub(ScalarLike(b, a), b); }
Var operator*(double a, Var b) { return ops::Mul(ScalarLike(b, a), b); }
Var operator/(double a, Var b) { return ops::Div(ScalarLike(b, a), b); }

}  // namespace weft
