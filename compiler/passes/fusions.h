// Which fusions a compilation makes, by name: all of them, or all but some (`--no-fuse`).
//   composites   Swish, Gelu, the softmaxes and normalizations as one operator each; off: as simpler ones,
//                also where the model has them whole
//   siblings     products of one operand with several parameters as one (join_siblings.h)
//   updates      the optimizer's updates of all parameters as one (join_updates.h)
//   any other    the rule of that name, of an operator's fuse.cc
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

inline constexpr std::string_view kCompositesFusion = "composites", kSiblingsFusion = "siblings",
                                  kUpdatesFusion = "updates";

class Fusions {
 public:
  Fusions() = default;  // all
  // All but these: names with commas between; "all" is each one, "" none. An unknown one is an error that
  // suggests the nearest.
  static StatusOr<Fusions> AllBut(std::string_view names);

  bool Has(std::string_view name) const { return !off_.contains(name); }

 private:
  std::set<std::string, std::less<>> off_;
};

// The names, those of rules in the operators' order.
std::vector<std::string_view> FusionNames();

}  // namespace weft
