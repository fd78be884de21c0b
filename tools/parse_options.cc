#include "tools/parse_options.h"

#include "ops/registry.h"

namespace weft {

ParseOptions AllOperators() {
  ParseOptions options;
  options.find = [](std::string_view domain, std::string_view name) -> const OpDef* {
    const OpEntry* entry = FindOp(domain, name);
    return entry == nullptr ? nullptr : entry->def;
  };
  options.names = [] {
    std::vector<std::string_view> names;
    for (const OpEntry& entry : AllOps()) names.push_back(entry.def->name);
    return names;
  };
  return options;
}

}  // namespace weft
