#include "ops/common/views.h"

namespace weft::ops {

bool ReshapeAsView(const NodeTypes&, int, View* view) {
  *view = {.kind = View::kReshape};
  return true;
}

bool SliceAsView(const Shape& shape, const std::vector<int64_t>& starts, const Shape& size, View* view) {
  if (shape.empty()) return false;
  *view = {.kind = View::kSlice};
  const size_t last = shape.size() - 1;
  if (NumElements(size) == 0) return true;
  view->column_offset = starts[last];
  bool inside = false;  // a dimension with several elements has been met
  for (size_t i = 0; i < last; ++i) {
    if (inside && size[i] != shape[i]) return false;
    inside |= size[i] > 1;
    view->row_offset = view->row_offset * shape[i] + starts[i];
  }
  return true;
}

}  // namespace weft::ops
