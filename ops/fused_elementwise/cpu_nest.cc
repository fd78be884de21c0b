#include "ops/fused_elementwise/cpu_nest.h"

#include <algorithm>

namespace weft::ops::fused_elementwise {
namespace {

using Dimension = TileNest::Dimension;

// Strides of what a reduction keeps, as a tensor of its own: axes that it takes stay apart from those it does
// not.
Strides KeptStrides(const Shape& shape, Reduced reduced, const std::vector<bool>& axes) {
  Strides strides(shape.size(), 0);
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    if (reduced == Reduced::kNone || axes[i]) continue;
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

// The last operand is what is kept.
std::vector<Dimension> Collapsed(const Shape& shape, const std::vector<Strides>& strides) {
  std::vector<Dimension> dims;
  for (size_t i = shape.size(); i-- > 0;) {
    if (shape[i] == 1) continue;
    Dimension d{shape[i], {}};
    for (const Strides& s : strides) d.strides.push_back(s[i]);
    bool continues = !dims.empty();
    for (size_t k = 0; continues && k < strides.size(); ++k)
      continues = d.strides[k] == dims.back().strides[k] * dims.back().size;
    if (continues) {
      dims.back().size *= d.size;
    } else {
      dims.push_back(std::move(d));
    }
  }
  std::reverse(dims.begin(), dims.end());
  return dims;
}

}  // namespace

std::string MakeNest(const Shape& shape, const std::vector<Strides>& strides, Reduced reduced,
                     const std::vector<bool>& axes, TileNest* nest) {
  std::vector<Strides> all = strides;
  if (reduced != Reduced::kNone) all.push_back(KeptStrides(shape, reduced, axes));
  std::vector<Dimension> dims = Collapsed(shape, all);
  const auto kept = [](const Dimension& d) { return d.strides.back() != 0; };
  const bool fits =
      !dims.empty() && (reduced == Reduced::kNone || kept(dims.back()) == (reduced == Reduced::kFirst));
  if (!fits) dims.push_back({1, std::vector<int64_t>(all.size(), 0)});
  const Dimension inner = std::move(dims.back());
  dims.pop_back();
  for (size_t k = 0; k < strides.size(); ++k) {
    if (inner.strides[k] != 0 && inner.strides[k] != 1)
      return "an operand's elements do not lie side by side";
    nest->repeats.push_back(inner.strides[k] == 0 && inner.size > 1);
  }
  nest->columns = inner.size;
  for (Dimension& d : dims) {
    nest->rows *= d.size;
    if (reduced == Reduced::kFirst && kept(d)) return "the axes that a reduction keeps do not lie in one run";
    if (reduced == Reduced::kLast && kept(d)) nest->kept_rows *= d.size;
    d.strides.resize(strides.size());
  }
  nest->outer = std::move(dims);
  return "";
}

}  // namespace weft::ops::fused_elementwise
