// What a graph that comes from outside may have for types: shapes that no inference blows up. For all readers
// of files.
#pragma once
#include <string_view>

#include "ir/type.h"

namespace weft {

// Errors name the value.
Status CheckFormula(const Dims& shape, std::string_view name);
Status CheckType(const TensorType& type,
                 std::string_view name);  // and its rank, and its bytes where they are known

}  // namespace weft
