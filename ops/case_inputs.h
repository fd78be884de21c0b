// Tensors made from the cases of operators, for their tests and benchmarks and for random graphs.
#pragma once
#include <optional>
#include <vector>

#include "ops/cases.h"

namespace weft {

// A tensor filled as `input` (not absent) says, the same for the same seed. Float inputs (dtype f32 in the
// case) get dtype `floats`, with values that f32 holds exactly.
Tensor MakeInput(const CaseInput& input, DataType floats, uint64_t seed);

// The case's inputs, the same at every call. Float inputs (dtype f32 in the case) get dtype `floats`, with
// values that f32 holds exactly, so that twins of different width see the same numbers. Absent ones have no
// value.
std::vector<std::optional<Tensor>> MakeInputs(const std::vector<CaseInput>& inputs, DataType floats);

// The type that MakeInputs gives an input which is not absent.
DataType InputType(const CaseInput& input, DataType floats);

std::vector<const Tensor*> Pointers(const std::vector<std::optional<Tensor>>& tensors);

}  // namespace weft
