#include "compiler/passes/kept_scopes.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <regex>
#include <set>
#include <vector>

#include "base/suggest.h"

namespace weft {

struct KeptScopes::Expression {
  std::regex regex;
};

namespace {

constexpr size_t kLongestScope = 1000;  // a regular expression may need a stack as deep as its text

// What stands between the dots, numbers left out.
void AddNames(const std::string& scope, std::set<std::string>* names) {
  for (size_t begin = 0; begin < scope.size();) {
    const size_t end = std::min(scope.find('.', begin), scope.size());
    const std::string name = scope.substr(begin, end - begin);
    if (name.find_first_not_of("0123456789") != std::string::npos) names->insert(name);
    begin = end + 1;
  }
}

}  // namespace

StatusOr<KeptScopes> KeptScopes::Make(std::string flag, const std::string& pattern) {
  KeptScopes kept;
  kept.flag_ = std::move(flag);
  if (pattern.empty()) return kept;
  try {
    kept.expression_ =
        std::make_shared<const Expression>(Expression{std::regex("(^|.*\\.)(" + pattern + ")(\\..*|$)")});
  } catch (const std::regex_error&) {
    return InvalidArgument("{} '{}' is not a regular expression", kept.flag_, pattern);
  }
  kept.pattern_ = pattern;
  return kept;
}

bool KeptScopes::Has(const std::string& scope) const {
  return expression_ != nullptr && scope.size() < kLongestScope &&
         std::regex_match(scope, expression_->regex);
}

Status KeptScopes::Check(const Graph& graph) const {
  if (expression_ == nullptr) return OkStatus();
  std::set<std::string> names;
  for (NodeId id : graph.NodeIds()) {
    const Node& node = graph.node(id);
    if (node.phase == Phase::kOptimizer) continue;
    if (Has(node.scope)) return OkStatus();
    AddNames(node.scope, &names);
  }
  if (names.empty()) return OkStatus();  // the optimizer alone, or a graph without scopes
  const std::vector<std::string> candidates(names.begin(), names.end());
  return InvalidArgument("{} '{}' is the scope of no operator, expected one of {}{}", flag_, pattern_,
                         fmt::join(candidates, ", "), DidYouMean(pattern_, candidates));
}

}  // namespace weft
