// Tensors made from the cases of operators, for their tests and benchmarks.
#pragma once
#include <optional>
#include <vector>

#include "ops/cases.h"

namespace weft::test {

// The case's inputs, the same at every call. Float inputs (dtype f32 in the case) get dtype `floats`, with
// values that f32 holds exactly, so that twins of different width see the same numbers. Absent ones have no
// value.
std::vector<std::optional<Tensor>> MakeInputs(const std::vector<CaseInput>& inputs, DataType floats);

// The type that MakeInputs gives an input which is not absent.
DataType InputType(const CaseInput& input, DataType floats);

std::vector<const Tensor*> Pointers(const std::vector<std::optional<Tensor>>& tensors);

}  // namespace weft::test
