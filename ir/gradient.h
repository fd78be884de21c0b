// What an operator's grad.cc is given: the forward node, the gradients of its outputs, and a place to put
// those of its inputs. It emits nodes; it computes nothing.
#pragma once
#include <vector>

#include "ir/builder.h"

namespace weft {

class GradientContext {
 public:
  GradientContext(Builder& builder, NodeId node, std::vector<Var> grad_outputs, std::vector<bool> wanted);

  Builder& builder() { return builder_; }
  NodeId node_id() const { return node_; }
  template <class A>
  const A& attrs() const {
    return builder_.graph().node(node_).attrs<A>();
  }
  int num_inputs() const { return static_cast<int>(builder_.graph().node(node_).inputs.size()); }
  int num_outputs() const { return static_cast<int>(builder_.graph().node(node_).outputs.size()); }

  Var input(int i) const;   // invalid if absent
  Var output(int i) const;  // invalid if absent; an output that exists in the forward node
  // Output i, which is optional and kept only for backward (1/rms, log-sum-exp): made to exist.
  Var saved(int i);
  // d loss / d output i: invalid if nothing flows there.
  Var grad(int i) const { return i < static_cast<int>(grad_outputs_.size()) ? grad_outputs_[i] : Var{}; }
  // Whether the gradient of input i is asked for: compute no other.
  bool wants(int i) const { return i < static_cast<int>(wanted_.size()) && wanted_[i]; }
  // d loss / d input i; its type must be the input's.
  void set(int i, Var gradient);
  const std::vector<Var>& results() const { return results_; }

 private:
  Builder& builder_;
  NodeId node_;
  std::vector<Var> grad_outputs_;
  std::vector<bool> wanted_;
  std::vector<Var> results_;
};

// Emits the gradient of one node through ctx.builder(). Errors go to the builder.
using GradientFn = void (*)(GradientContext& ctx);

}  // namespace weft
