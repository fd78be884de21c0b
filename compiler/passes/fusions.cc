#include "compiler/passes/fusions.h"

#include <algorithm>

#include "base/quote.h"
#include "base/suggest.h"
#include "compiler/passes/fuse_regions.h"
#include "ops/registry.h"

namespace weft {

StatusOr<Fusions> Fusions::AllBut(std::string_view names) {
  const std::vector<std::string_view> known = FusionNames();
  Fusions fusions;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    if (name == "all") {
      fusions.off_.insert(known.begin(), known.end());
    } else if (std::find(known.begin(), known.end(), name) != known.end()) {
      fusions.off_.emplace(name);
    } else {
      std::string list;
      for (std::string_view k : known) list += fmt::format(", {}", k);
      return NotFound("there is no fusion {}{} (there are all{})", Quote(name), DidYouMean(name, known),
                      list);
    }
  }
  return fusions;
}

std::vector<std::string_view> FusionNames() {
  std::vector<std::string_view> names = {kCompositesFusion, kSiblingsFusion, kUpdatesFusion, kRegionsFusion};
  for (const OpEntry& entry : AllOps()) {
    if (entry.rules == nullptr) continue;
    RuleSet rules;
    entry.rules(rules);
    for (const Rule& rule : rules.rules()) {
      if (names.back() != rule.name())
        names.push_back(rule.name());  // spellings of one fusion follow each other
    }
  }
  return names;
}

}  // namespace weft
