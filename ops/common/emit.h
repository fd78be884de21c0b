// What builder functions of operators share.
#pragma once
#include <initializer_list>
#include <utility>

#include "ir/builder.h"

namespace weft::ops {

// Emits a node of A::def through the builder of the first valid operand; invalid if there is none (an earlier
// error has been kept by the builder).
template <class A>
Var EmitOn(A attributes, std::initializer_list<Var> inputs) {
  for (const Var& v : inputs) {
    if (v.builder != nullptr) return v.builder->Emit(std::move(attributes), inputs);
  }
  return {};
}

}  // namespace weft::ops
