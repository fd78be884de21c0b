#include "ops/registry.h"

namespace weft {

const OpEntry* FindOp(std::string_view domain, std::string_view name) {
  for (const OpEntry& entry : AllOps()) {
    if (entry.def->name == name && entry.def->domain == domain) return &entry;
  }
  return nullptr;
}

const OpEntry* FindOp(const OpDef& def) {
  for (const OpEntry& entry : AllOps()) {
    if (entry.def == &def) return &entry;
  }
  return nullptr;
}

}  // namespace weft
