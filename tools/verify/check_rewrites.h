// Rewrites are equal: what the optimised graph's body computes, every float in f64, is what the graph
// computed as it was written: largest difference <= 1e-9 of the value's largest magnitude (absolute below
// 1).
//
// Both are run node by node with the plain kernels. Outputs and states' next values decide; where one
// differs, values that have the same name in both say where it began. Where the graph as it was written
// overflows or gives NaN (a softmax spelled out, of large numbers), a rewrite may give a number.
//
// A constant that was folded was computed at its type: here it stands for what it was folded from.
#pragma once
#include <functional>
#include <set>
#include <string>

#include "compiler/pass.h"
#include "tools/verify/finding.h"
#include "tools/verify/interpret.h"

namespace weft {

// Folds constants, and remembers what each is in f64.
class WideFolder {
 public:
  // For passes; the folder must outlive them.
  Evaluator evaluator();
  // Of a constant whose bytes these are; null: it was not folded.
  const Tensor* Find(const Tensor& constant) const;

 private:
  StatusOr<std::vector<Tensor>> Fold(const OpDef& op, const void* attributes,
                                     std::span<const Tensor* const> inputs, uint32_t optional_outputs);
  struct Twin {
    Tensor narrow, wide;  // narrow keeps its bytes, and with them their address
  };
  std::map<const void*, Twin> twins_;
};

struct RewriteOptions {
  // Names of the values that mean the same in both graphs, besides outputs and states; null: every name that
  // both have. (A gradient taken before and after fusion has names of its own.)
  const std::set<std::string>* names = nullptr;
  const WideFolder* folder = nullptr;              // that folded the optimised graph's constants
  std::function<Status(NodeId node)> before = {};  // each node that is run
};

// Graphs with all shapes bound. At most one finding is added. An error: one of them cannot be run.
Status CheckRewrites(const Graph& written, const Graph& optimised, const Feed& feed,
                     const RewriteOptions& options, VerifyReport* report);

// The graph with every operator replaced by its body and every float in f64.
StatusOr<Graph> WideBody(const Graph& graph, const WideFolder* folder = nullptr);

}  // namespace weft
