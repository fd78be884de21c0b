// The tree of modules that scopes spell: "blocks.3.attn" is in "blocks.3", which is in "blocks", which is in
// the root "". What is added to one is added to all around it.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/report/cost.h"

namespace weft {

class ModuleTree {
 public:
  // Deeper parts of a scope are one name: a scope of nothing but dots makes no deep tree.
  static constexpr int kMaxDepth = 12;

  struct Module {
    std::string path;  // "blocks.3"; of the root ""
    std::string name;  // "3"
    int parent = -1;
    int64_t calls = 0;
    CallCost cost;
  };

  ModuleTree() : modules_(1) { index_.emplace("", 0); }
  // The index of the module; it and those around it are made if they are new.
  int At(std::string_view path);
  void Add(std::string_view path, const CallCost& cost);
  // The root first, then as they came.
  const std::vector<Module>& modules() const { return modules_; }

 private:
  std::vector<Module> modules_;
  std::map<std::string, int, std::less<>> index_;
};

}  // namespace weft
