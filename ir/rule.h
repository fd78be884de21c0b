// Fusion rules as data: a pattern of operators, what may escape it, conditions with a reason, and the
// operator that takes its place. An operator's fuse.cc writes its rules; compiler/passes/fuse.cc matches them
// all.
//
//   void Rules(RuleSet& rules) {
//     Rule& r = rules.Add("swiglu");
//     const Pattern gate = r.Any("gate"), up = r.Any("up");
//     r.Matches(Op<MulOp>(Op<SwishOp>(gate), up)).Becomes<SwiGluOp>({gate, up});
//   }
//
// The engine answers for everything else: that what disappears is read by nobody else, commutative operands
// in either order, one phase, topological order, types, termination.
#pragma once
#include <deque>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace weft {

class Rule;

// A part of a rule's pattern; a handle, cheap to copy. `output` is which output of an operator is meant.
struct Pattern {
  Rule* rule = nullptr;
  int16_t id = -1;
  int8_t output = 0;

  Pattern Output(int i) const { return {rule, id, static_cast<int8_t>(i)}; }
  Pattern Named(std::string_view label) const;  // for conditions and builders to find
};

struct PatternNode {
  enum Kind : uint8_t { kAny, kOptional, kNumber, kOperator };
  Kind kind = kAny;
  std::string_view label = {};         // with static storage
  double number = 0;                   // kNumber: a constant all of whose elements equal it
  const OpDef* op = nullptr;           // kOperator
  std::vector<Pattern> operands = {};  // kOperator; those after the last must be absent
};

// What a rule's pattern was found as, by pattern id.
struct Match {
  const Rule* rule = nullptr;
  std::vector<ValueId> values;  // kNone: an absent optional operand; of an operator: its first output
  std::vector<NodeId> nodes;    // of operators
  std::vector<bool> bound;

  ValueId value(std::string_view label) const;
  const Node& node(const Graph& graph, std::string_view label) const;
};

using FusionCondition = bool (*)(const Graph& graph, const Match& match);
// The attributes of the operator that takes the pattern's place.
using FusionAttributes = std::shared_ptr<const void> (*)(const Graph& graph, const Match& match);

class Rule {
 public:
  explicit Rule(std::string_view name) : name_(name) {}
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;

  // A value; the same label twice is the same value.
  Pattern Any(std::string_view label) { return Add({.kind = PatternNode::kAny, .label = label}); }
  // An operand that may be absent.
  Pattern Optional(std::string_view label) { return Add({.kind = PatternNode::kOptional, .label = label}); }
  Pattern Number(double number) { return Add({.kind = PatternNode::kNumber, .number = number}); }
  Pattern Add(PatternNode node);

  // The node that the pattern ends in; its first output becomes output 0.
  Rule& Matches(Pattern root);
  // A value that others may read: it becomes the next output (1, 2, ...), an optional one.
  Rule& Exports(Pattern value);
  Rule& When(FusionCondition holds, std::string_view otherwise);
  template <class A>
  Rule& Becomes(std::initializer_list<Pattern> operands, FusionAttributes attributes = nullptr) {
    return BecomesOp(A::def, operands, attributes);
  }

  struct Condition {
    FusionCondition holds;
    std::string_view otherwise;
  };
  std::string_view name() const { return name_; }
  std::span<const PatternNode> nodes() const { return nodes_; }
  const PatternNode& node(Pattern p) const { return nodes_[static_cast<size_t>(p.id)]; }
  Pattern root() const { return root_; }
  std::span<const Pattern> exports() const { return exports_; }
  std::span<const Condition> conditions() const { return conditions_; }
  const OpDef& op() const { return *op_; }
  std::span<const Pattern> operands() const { return operands_; }
  std::shared_ptr<const void> Attributes(const Graph& graph, const Match& match) const;
  int num_operators() const;  // in the pattern

 private:
  friend struct Pattern;
  Rule& BecomesOp(const OpDef& op, std::initializer_list<Pattern> operands, FusionAttributes attributes);

  std::string_view name_;
  std::vector<PatternNode> nodes_;
  Pattern root_;
  std::vector<Pattern> exports_;
  std::vector<Condition> conditions_;
  const OpDef* op_ = nullptr;
  std::vector<Pattern> operands_;
  FusionAttributes attributes_ = nullptr;
};

// An operator in a pattern.
template <class A, class... P>
Pattern Op(Pattern first, P... rest) {
  return first.rule->Add({.kind = PatternNode::kOperator, .op = &A::def, .operands = {first, rest...}});
}

class RuleSet {
 public:
  Rule& Add(std::string_view name) { return rules_.emplace_back(name); }
  const std::deque<Rule>& rules() const { return rules_; }

 private:
  std::deque<Rule> rules_;  // rules hand out pointers to themselves
};

}  // namespace weft
