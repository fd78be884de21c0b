// What passes made of a graph on its way to a program, kept to be shown: which operators were there after
// which pass, and what the fusion rules did and nearly did. Names only: the graphs themselves are gone.
//
// An operator is the same in two stages if its operator, its first output's name, its scope and its phase
// are.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/passes/fuse.h"
#include "ir/graph.h"

namespace weft {

class StageLog {
 public:
  struct Stage {
    std::string pass;
    double seconds = 0;  // of the pass
    int nodes = 0;       // of the graph it leaves
  };
  struct Operator {
    std::string op;      // "weft.Product"
    std::string output;  // the name of its first output
    std::string scope;
    std::string type;  // of that output, in the last stage that has it
    Phase phase = Phase::kForward;
    int first = 0, last = 0;  // the stages that have it
    int position = 0;         // among the nodes of the last stage that has it
  };

  // The graph as a pass left it ("" for the first stage: the graph as it was built).
  void Add(std::string_view pass, double seconds, const Graph& graph);
  std::vector<FusionNote>* mutable_fusions() { return &fusions_; }

  const std::vector<Stage>& stages() const { return stages_; }
  const std::vector<Operator>& operators() const { return operators_; }  // in the order they came
  const std::vector<FusionNote>& fusions() const { return fusions_; }

 private:
  std::vector<Stage> stages_;
  std::vector<Operator> operators_;
  std::vector<FusionNote> fusions_;
  std::map<std::string, size_t> latest_;  // the index in operators_ by what makes it the same
};

// Takes the time from its making to Done(), which adds the stage. Does nothing where `log` is null.
class StageTimer {
 public:
  explicit StageTimer(StageLog* log);
  void Done(std::string_view pass, const Graph& graph);

 private:
  StageLog* log_;
  int64_t begin_ = 0;  // nanoseconds
};

// "weft.Product"; ONNX's own operators without a domain.
std::string QualifiedName(const OpDef& op);

}  // namespace weft
