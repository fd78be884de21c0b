#include "ir/onnx_order.h"

#include <algorithm>
#include <unordered_map>

#include "base/quote.h"
#include "base/suggest.h"

namespace weft {
namespace {

constexpr size_t kNone = SIZE_MAX;

class Makers {
 public:
  explicit Makers(std::span<const OnnxNode> nodes) : nodes_(nodes) {
    for (size_t i = 0; i < nodes.size(); ++i) {
      for (const std::string& name : nodes[i].outputs) {
        if (!name.empty()) maker_.emplace(name, i);
      }
    }
  }

  size_t Of(std::string_view name) const {
    const auto it = maker_.find(name);
    return it == maker_.end() ? kNone : it->second;
  }

  // The values through which `name` needs an output of `end`, that output last; empty if it does not. Breadth
  // first, so that the cycle shown is a shortest one.
  std::vector<std::string_view> Path(std::string_view name, size_t end) const {
    struct Step {
      std::string_view value;
      size_t from;  // the step that needs it
    };
    std::vector<Step> steps = {{name, kNone}};
    std::vector<bool> seen(nodes_.size(), false);
    for (size_t at = 0; at < steps.size(); ++at) {
      const size_t maker = Of(steps[at].value);
      if (maker == end) {
        std::vector<std::string_view> path;
        for (size_t i = at; i != kNone; i = steps[i].from) path.push_back(steps[i].value);
        std::reverse(path.begin(), path.end());
        return path;
      }
      if (maker == kNone || seen[maker]) continue;
      seen[maker] = true;
      for (const std::string& input : nodes_[maker].inputs) steps.push_back({input, at});
    }
    return {};
  }

 private:
  std::span<const OnnxNode> nodes_;
  std::unordered_map<std::string_view, size_t> maker_;  // looked up only
};

}  // namespace

std::string WhyUndefined(std::span<const OnnxNode> nodes, const OnnxNode& node, const std::string& operand,
                         std::span<const std::string_view> known) {
  constexpr size_t kShown = 8;
  const Makers makers(nodes);
  const size_t maker = makers.Of(operand);
  if (maker == kNone)
    return fmt::format("operand {} is not defined{}", Quote(operand), DidYouMean(operand, known));
  const std::vector<std::string_view> path = makers.Path(operand, static_cast<size_t>(&node - nodes.data()));
  if (path.empty()) {
    return fmt::format("operand {} is computed only later, by {}: nodes stand in the order in which they run",
                       Quote(operand), nodes[maker].op_type);
  }
  std::string cycle = Quote(path.back());
  for (size_t i = 0; i < path.size(); ++i) {
    if (i < kShown || i + 1 == path.size()) cycle += fmt::format(" needs {}", Quote(path[i]));
    if (i == kShown && i + 1 < path.size()) cycle += " needs ..";
  }
  return fmt::format("operand {} closes a cycle: {}", Quote(operand), cycle);
}

}  // namespace weft
