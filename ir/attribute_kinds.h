// From an attribute's kind to its C++ type: the only switch over kinds for what treats all of them alike.
#pragma once
#include <utility>

#include "ir/attributes.h"

namespace weft {

// visit.operator()<T>() with the field's type T.
template <class Visit>
auto WithTypeOf(const Field& field, Visit&& visit) {
  switch (field.kind) {
    case AttributeKind::kInt:
      return visit.template operator()<int64_t>();
    case AttributeKind::kFloat:
      return visit.template operator()<float>();
    case AttributeKind::kBool:
      return visit.template operator()<bool>();
    case AttributeKind::kString:
      return visit.template operator()<std::string>();
    case AttributeKind::kDataType:
      return visit.template operator()<DataType>();
    case AttributeKind::kDim:
      return visit.template operator()<Dim>();
    case AttributeKind::kInts:
      return visit.template operator()<std::vector<int64_t>>();
    case AttributeKind::kFloats:
      return visit.template operator()<std::vector<float>>();
    case AttributeKind::kDims:
      return visit.template operator()<Dims>();
    case AttributeKind::kGraph:
      return visit.template operator()<GraphBody>();
    case AttributeKind::kNone:
      break;
  }
  WEFT_CHECK(false, "field {} has no kind", field.name);
}

}  // namespace weft
