#include "ir/rule.h"

#include <algorithm>

namespace weft {
namespace {

size_t FindLabel(const Rule& rule, std::string_view label) {
  const auto nodes = rule.nodes();
  const auto at =
      std::find_if(nodes.begin(), nodes.end(), [&](const PatternNode& n) { return n.label == label; });
  WEFT_CHECK(at != nodes.end(), "rule {} has no pattern '{}'", rule.name(), label);
  return static_cast<size_t>(at - nodes.begin());
}

}  // namespace

Pattern Pattern::Named(std::string_view label) const {
  rule->nodes_[static_cast<size_t>(id)].label = label;
  return *this;
}

ValueId Match::value(std::string_view label) const { return values[FindLabel(*rule, label)]; }

const Node& Match::node(const Graph& graph, std::string_view label) const {
  return graph.node(nodes[FindLabel(*rule, label)]);
}

Pattern Rule::Add(PatternNode node) {
  nodes_.push_back(std::move(node));
  return {this, static_cast<int16_t>(nodes_.size() - 1)};
}

Rule& Rule::Matches(Pattern root) {
  WEFT_CHECK(node(root).kind == PatternNode::kOperator, "rule {}: the root is no operator", name_);
  root_ = root;
  return *this;
}

Rule& Rule::Exports(Pattern value) {
  WEFT_CHECK(node(value).kind == PatternNode::kOperator, "rule {}: only an operator's output is new", name_);
  exports_.push_back(value);
  return *this;
}

Rule& Rule::When(FusionCondition holds, std::string_view otherwise) {
  conditions_.push_back({holds, otherwise});
  return *this;
}

Rule& Rule::BecomesOp(const OpDef& op, std::initializer_list<Pattern> operands, FusionAttributes attributes) {
  op_ = &op;
  operands_ = operands;
  attributes_ = attributes;
  return *this;
}

std::shared_ptr<const void> Rule::Attributes(const Graph& graph, const Match& match) const {
  return attributes_ != nullptr ? attributes_(graph, match) : op_->attributes.make();
}

int Rule::num_operators() const {
  return static_cast<int>(std::count_if(
      nodes_.begin(), nodes_.end(), [](const PatternNode& n) { return n.kind == PatternNode::kOperator; }));
}

}  // namespace weft
