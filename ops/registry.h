// The table of all operators (written by CMake from op_list.inc).
#pragma once
#include <span>
#include <string_view>

#include "ir/gradient.h"
#include "ir/op_def.h"
#include "ir/rule.h"

namespace weft {

struct OpEntry {
  const OpDef* def;
  GradientFn gradient;      // grad.cc; null: the gradient of its decomposition, or none
  void (*rules)(RuleSet&);  // fuse.cc: the rules that produce it; null: none
};

// In the order of op_list.inc.
std::span<const OpEntry> AllOps();
// By ONNX domain ("" or "weft") and name; null if there is none.
const OpEntry* FindOp(std::string_view domain, std::string_view name);
const OpEntry* FindOp(const OpDef& def);

}  // namespace weft
