#include "tools/verify/check_trial.h"

#include <set>

#include "base/hash.h"
#include "compiler/compile.h"
#include "compiler/passes/bind.h"
#include "compiler/passes/canonicalize.h"
#include "compiler/passes/fuse.h"
#include "compiler/passes/fuse_composites.h"
#include "compiler/passes/fuse_regions.h"
#include "compiler/verify_plan.h"
#include "tools/verify/check_gradients.h"
#include "tools/verify/check_kernels.h"
#include "tools/verify/check_rewrites.h"

namespace weft {
namespace {

class TrialCheck {
 public:
  TrialCheck(const Trial& trial, const TrialOptions& options) : trial_(trial), options_(options) {}

  VerifyReport Run() {
    const Status status = RunChecks();
    if (!status.ok()) {
      Finding f;
      f.check = CheckKind::kCompile;
      f.message = Message(status);
      report_.findings.push_back(std::move(f));
    }
    return std::move(report_);
  }

 private:
  bool ok() const { return report_.findings.empty(); }

  Status RunChecks() {
    written_ = trial_.graph;
    WEFT_RETURN_IF_ERROR(Bind(written_, trial_.bindings));
    WEFT_RETURN_IF_ERROR(Verify(written_));
    WEFT_ASSIGN_OR_RETURN(feed_, MakeFeed(written_, trial_.inputs));
    if (options_.feed != nullptr) {
      for (const auto& [name, tensor] : *options_.feed) feed_[name] = tensor;
    }
    // Composites are fused while there are symbols, as for a model.
    Graph fused = trial_.graph;
    WEFT_RETURN_IF_ERROR(FuseComposites(fused).status());
    WEFT_RETURN_IF_ERROR(Bind(fused, trial_.bindings));
    WEFT_RETURN_IF_ERROR(CheckOne(written_, fused, nullptr));
    if (!ok() || trial_.differentiate.empty() || SeededOutputs(written_).empty()) return OkStatus();
    return CheckDifferentiated(fused);
  }

  // Gradients of the graph as it was written, against those of the graph with composites fused.
  Status CheckDifferentiated(const Graph& fused) {
    WEFT_ASSIGN_OR_RETURN(const Graph gradient, GradientGraph(written_, trial_.differentiate));
    WEFT_ASSIGN_OR_RETURN(const Graph of_fused, GradientGraph(fused, trial_.differentiate));
    for (ValueId v : SeededOutputs(written_)) {
      const std::string name = "dy." + written_.value(v).name;
      feed_.emplace(name, MakeDy(name, written_.value(v).type));
    }
    WEFT_RETURN_IF_ERROR(CheckGradients(written_, gradient, trial_.differentiate, feed_, &report_));
    if (!ok()) return OkStatus();
    std::set<std::string> forward;  // names that do not come from differentiating
    for (NodeId id : written_.NodeIds()) {
      for (ValueId v : written_.node(id).outputs) {
        if (v != ValueId::kNone) forward.insert(written_.value(v).name);
      }
    }
    return CheckOne(gradient, of_fused, &forward);
  }

  static Tensor MakeDy(const std::string& name, const TensorType& type) {
    const std::map<std::string, InputRule, std::less<>> rules = {
        {"dy", {CaseInput::Normal({}), Fnv1a(name)}}};
    Graph one;
    one.AddInput("dy", type);
    return MakeFeed(one, rules)->at("dy");
  }

  // `graph` means what `written` says; both bound.
  Status CheckOne(const Graph& written, Graph graph, const std::set<std::string>* names) {
    WideFolder folder;
    WEFT_RETURN_IF_ERROR(Canonicalize(graph, folder.evaluator(), int64_t{1} << 20));
    WEFT_RETURN_IF_ERROR(Fuse(graph, FusionStage::kAll).status());
    WEFT_RETURN_IF_ERROR(FuseRegions(graph).status());
    if (options_.rewrite) WEFT_RETURN_IF_ERROR(options_.rewrite(graph));
    WEFT_RETURN_IF_ERROR(Verify(graph));
    WEFT_ASSIGN_OR_RETURN(const Program program,
                          CompileBound(std::move(graph), *options_.target, {.verify_plan = false}));
    ++report_.plans;
    if (const Status plan = VerifyPlan(program); !plan.ok()) {
      Finding f;
      f.check = CheckKind::kPlan;
      f.message = Message(plan);
      report_.findings.push_back(std::move(f));
      return OkStatus();
    }
    WEFT_RETURN_IF_ERROR(
        CheckRewrites(written, program.graph, feed_, {.names = names, .folder = &folder}, &report_));
    if (ok()) WEFT_RETURN_IF_ERROR(CheckKernels(program, feed_, {}, &report_));
    return OkStatus();
  }

  const Trial& trial_;
  const TrialOptions& options_;
  Graph written_;
  Feed feed_;
  VerifyReport report_;
};

}  // namespace

VerifyReport CheckTrial(const Trial& trial, const TrialOptions& options) {
  return TrialCheck(trial, options).Run();
}

}  // namespace weft
