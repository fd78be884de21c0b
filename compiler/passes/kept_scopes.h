// Scopes that a pass leaves alone: those that have a regular expression (ECMAScript) as whole names between
// their dots. "lm_head|ln_.*" has "lm_head" and "blocks.3.ln_1".
#pragma once
#include <memory>
#include <string>

#include "ir/graph.h"

namespace weft {

class KeptScopes {
 public:
  // `flag` is the name in messages, "keep-f32". An empty pattern has no scope.
  static StatusOr<KeptScopes> Make(std::string flag, const std::string& pattern);
  bool Has(const std::string& scope) const;
  // An expression that no scope of the graph has is a slip of the pen: the error says what there is. The
  // optimizer's nodes do not count.
  Status Check(const Graph& graph) const;

 private:
  struct Expression;
  std::string flag_, pattern_;
  std::shared_ptr<const Expression> expression_;  // none: no scope
};

}  // namespace weft
