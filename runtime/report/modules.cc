#include "runtime/report/modules.h"

namespace weft {

int ModuleTree::At(std::string_view path) {
  if (path.empty()) return 0;
  if (const auto it = index_.find(path); it != index_.end()) return it->second;
  int at = 0;
  size_t begin = 0;
  for (int depth = 1; begin <= path.size(); ++depth) {
    const size_t dot = depth == kMaxDepth ? std::string_view::npos : path.find('.', begin);
    const size_t end = std::min(dot, path.size());
    const std::string prefix(path.substr(0, end));
    const auto [it, is_new] = index_.emplace(prefix, static_cast<int>(modules_.size()));
    if (is_new) {
      modules_.push_back({});
      modules_.back().path = prefix;
      modules_.back().name = std::string(path.substr(begin, end - begin));
      modules_.back().parent = at;
    }
    at = it->second;
    begin = end + 1;
  }
  return at;
}

void ModuleTree::Add(std::string_view path, const CallCost& cost) {
  for (int at = At(path); at >= 0; at = modules_[static_cast<size_t>(at)].parent) {
    Module& module = modules_[static_cast<size_t>(at)];
    ++module.calls;
    module.cost = module.cost + cost;
  }
}

}  // namespace weft
