#include "ops/text.h"

#include "ops/registry.h"

namespace weft {

ParseOptions WithOperators(ParseOptions options) {
  options.find = [](std::string_view domain, std::string_view name) -> const OpDef* {
    const OpEntry* entry = FindOp(domain, name);
    return entry ? entry->def : nullptr;
  };
  options.names = [] {
    std::vector<std::string_view> names;
    for (const OpEntry& entry : AllOps()) names.push_back(entry.def->name);
    return names;
  };
  return options;
}

}  // namespace weft
