// What passes that replace nodes share.
#pragma once
#include <optional>
#include <span>

#include "ir/builder.h"

namespace weft {

// A rule for nodes of one operator: the value that takes the place of the node's only used output 0, or an
// invalid Var where the rule does not apply. New nodes are emitted through `b`, which stands before the node
// and has its scope and phase.
struct RewriteRule {
  const OpDef* op;
  Var (*apply)(Builder& b, const Graph& graph, NodeId id);
};

// Goes through the nodes in order and applies to each the first rule that matches it, until none does. The
// new value takes the old one's name if it was made for it. Returns how many nodes were replaced.
int ApplyRules(Graph& graph, std::span<const RewriteRule> rules);

// The module path that all of them lie in; that of the first if they share none.
std::string CommonScope(const Graph& graph, const std::vector<NodeId>& nodes);
// `to` means the same as `from` and gets its readers and its name.
Status TakeOver(Graph& graph, ValueId from, ValueId to);

// The node that produces operand `operand` of `node`, if it is of operator A; null otherwise.
const Node* ProducerOf(const Graph& graph, const Node& node, size_t operand, const OpDef& op);
// True if nothing but one operand of one node reads the value.
bool HasOneUse(const Graph& graph, ValueId value);
// The number that all elements of a constant equal; none for another value, a large or an empty constant.
std::optional<double> UniformConstant(const Graph& graph, ValueId value);

}  // namespace weft
