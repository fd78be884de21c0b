// What builder functions of operators share.
#pragma once
#include <initializer_list>
#include <memory>
#include <span>
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

// The same of an operator that takes any number of operands.
template <class A>
Var EmitOnAny(A attributes, std::span<const Var> inputs) {
  for (const Var& v : inputs) {
    if (v.builder == nullptr) continue;
    return v.builder->EmitAll(A::def, std::make_shared<const A>(std::move(attributes)), inputs)[0];
  }
  return {};
}

}  // namespace weft::ops
