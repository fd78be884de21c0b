// What a verification found wrong, and what it looked at.
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/tensor.h"
#include "ir/graph.h"

namespace weft {

enum class CheckKind : uint8_t {
  kCompile,   // the graph does not compile, run or differentiate
  kPlan,      // the memory plan: verify_plan's error, or a value that changed before it was read
  kRewrite,   // the optimised graph's body against the graph as it was written, in f64
  kKernel,    // a kernel on the inputs it really got against the operator's body
  kGradient,  // a gradient against finite differences
};
std::string_view Name(CheckKind check);  // "compile", "plan", ...

struct Finding {
  CheckKind check = CheckKind::kCompile;
  std::string op, scope;  // of the node: "Mul", "blocks.0.mlp"; empty where no node is to blame
  std::string value;      // whose numbers differ; empty: see message
  std::string kernel;     // kKernel: "simd"
  Shape index = {};
  double got = 0, want = 0;
  double error = 0, allowed = 0;  // of the value, its largest
  std::string message = {};       // what else there is to say

  std::string ToString() const;  // one line
};
nlohmann::json ToJson(const Finding& finding);

// The finding with operator and scope of that node.
Finding FindingAt(CheckKind check, const Graph& graph, NodeId node, std::string_view value);

struct VerifyReport {
  struct Count {
    int64_t calls = 0, values = 0;  // values: numbers compared
    double worst = 0;               // largest error as a part of what was allowed
  };
  std::vector<Finding> findings;                                      // in the order in which they came up
  std::map<std::pair<std::string, std::string>, Count> kernels = {};  // by operator and kernel
  Count rewrites;                                                     // values compared and their numbers
  Count gradients;                                                    // directions compared
  int64_t kinks = 0;  // directions left out: the function has no derivative there
  int64_t plans = 0;

  void Add(const VerifyReport& other);
  // Lines for people: a table of kernels, then what was compared.
  std::string Summary() const;
};
nlohmann::json ToJson(const VerifyReport& report);

}  // namespace weft
