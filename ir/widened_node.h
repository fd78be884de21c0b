// A node's types with f32 in place of bf16: what inference, bodies and costs of operators that mix the two
// are asked about.
#pragma once
#include <deque>

#include "ir/op_def.h"

namespace weft {

class WidenedNode {
 public:
  explicit WidenedNode(const NodeTypes& node) : node_(node) {
    for (std::vector<const TensorType*>* operands : {&node_.inputs, &node_.outputs}) {
      for (const TensorType*& t : *operands) {
        if (t == nullptr || t->dtype != DataType::kBF16) continue;
        t = &types_.emplace_back(TensorType{DataType::kF32, t->shape});
      }
    }
  }
  WidenedNode(const WidenedNode&) = delete;
  WidenedNode& operator=(const WidenedNode&) = delete;

  const NodeTypes& node() const { return node_; }
  bool changed() const { return !types_.empty(); }

 private:
  NodeTypes node_;
  std::deque<TensorType> types_;  // node_ points into it
};

}  // namespace weft
