// The type of a graph value: element type and shape.
#pragma once
#include <string>

#include "base/data_type.h"
#include "ir/dim.h"

namespace weft {

struct TensorType {
  DataType dtype = DataType::kF32;
  Dims shape;

  int rank() const { return static_cast<int>(shape.size()); }
  Dim num_elements() const { return Product(shape); }
  bool operator==(const TensorType&) const = default;
  std::string ToString() const;  // "f32[batch, 512]"
};

inline std::string TensorType::ToString() const { return std::string(Name(dtype)) + weft::ToString(shape); }

}  // namespace weft
