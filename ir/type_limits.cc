#include "ir/type_limits.h"

#include <algorithm>

#include "base/quote.h"
#include "base/tensor.h"

namespace weft {

// Polynomials multiply when shapes are flattened: what a hostile file could blow up is refused.
Status CheckFormula(const Dims& shape, std::string_view name) {
  constexpr size_t kMaxTerms = 256, kMaxDegree = 64;
  size_t terms = 1, degree = 0;
  for (const Dim& d : shape) {
    terms *= std::max<size_t>(d.num_terms(), 1);
    degree += d.degree();
    if (terms > kMaxTerms || degree > kMaxDegree) {
      return InvalidArgument("{}: its shape is too complex a formula", Quote(name));
    }
  }
  return OkStatus();
}

Status CheckType(const TensorType& type, std::string_view name) {
  constexpr size_t kMaxRank = 64;
  if (type.shape.size() > kMaxRank) {
    return InvalidArgument("{} has {} dimensions, expected at most {}", Quote(name), type.rank(), kMaxRank);
  }
  WEFT_RETURN_IF_ERROR(CheckFormula(type.shape, name));
  if (!IsConstant(type.shape)) return OkStatus();
  const StatusOr<int64_t> bytes = CheckedSizeInBytes(type.dtype, ToShape(type.shape));
  return bytes.ok() ? OkStatus() : InvalidArgument("{}: {}", Quote(name), Message(bytes.status()));
}

}  // namespace weft
