#include "tools/verify/random_run.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "base/interrupt.h"
#include "compiler/passes/bind.h"
#include "runtime/executor/cpu_target.h"
#include "tools/verify/shrink.h"

namespace weft {
namespace {

class Runner {
 public:
  explicit Runner(const RandomRunOptions& options)
      : options_(options), table_(options.max_elements), one_({1, false}), two_({2, false}) {}

  StatusOr<RandomRun> Run() {
    std::vector<std::thread> workers;
    for (int i = 1; i < options_.workers; ++i) workers.emplace_back([this] { Work(false); });
    Work(true);
    for (std::thread& t : workers) t.join();
    WEFT_RETURN_IF_ERROR(CheckInterrupt());
    if (run_.failed) {
      run_.shrunk = ShrinkFailure(*run_.failed, OptionsFor(run_.failed_seed), run_.report.findings[0].check);
    }
    return std::move(run_);
  }

 private:
  TrialOptions OptionsFor(uint64_t seed) const {
    const int threads = seed % 3 == 0 ? 2 : 1;
    TrialOptions o;
    o.target = options_.target ? options_.target(threads) : threads == 2 ? &two_ : &one_;
    o.rewrite = options_.rewrite;
    return o;
  }

  // Takes the next graph until there is none, or one has failed.
  void Work(bool tells) {
    for (;;) {
      const int64_t i = next_++;
      if (i >= options_.graphs || failed_ || InterruptRequested()) return;
      Check(options_.seed + static_cast<uint64_t>(i));
      if (tells && options_.progress) options_.progress(std::min<int64_t>(next_, options_.graphs));
    }
  }

  void Check(uint64_t seed) {
    StatusOr<Trial> trial = MakeRandomGraph(table_, {.seed = seed, .steps = options_.steps});
    if (!trial.ok()) return Fail(seed, Trial(), MadeBadly(trial.status()));
    VerifyReport report = CheckTrial(*trial, OptionsFor(seed));
    if (!report.findings.empty()) return Fail(seed, *std::move(trial), std::move(report));
    const std::lock_guard<std::mutex> lock(mutex_);
    Count(*trial);
    run_.report.Add(report);
  }

  static VerifyReport MadeBadly(const Status& status) {
    VerifyReport report;
    report.findings.emplace_back();
    report.findings.back().message = fmt::format("the random graph itself: {}", Message(status));
    return report;
  }

  void Fail(uint64_t seed, Trial trial, VerifyReport report) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (failed_ && run_.failed_seed < seed) return;
    failed_ = true;
    run_.failed_seed = seed;
    run_.failed = std::move(trial);
    run_.report.findings = std::move(report.findings);
  }

  void Count(const Trial& trial) {
    ++run_.graphs;
    run_.nodes += trial.graph.num_nodes();
    run_.symbolic += !trial.bindings.empty();
    run_.differentiated += !trial.differentiate.empty();
    bool empty = false;
    for (ValueId v : trial.graph.inputs()) {
      for (const Dim& d : trial.graph.value(v).type.shape) empty |= d == Dim(0);
    }
    run_.empty += empty;
    std::set<std::string_view> names;
    for (NodeId id : trial.graph.NodeIds()) names.insert(trial.graph.node(id).op->name);
    for (std::string_view name : names) ++run_.operators[std::string(name)];
  }

  const RandomRunOptions& options_;
  const CaseTable table_;
  const CpuTarget one_, two_;
  std::atomic<int64_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;  // of run_
  RandomRun run_;
};

}  // namespace

StatusOr<RandomRun> RunRandomGraphs(const RandomRunOptions& options) { return Runner(options).Run(); }

Trial ShrinkFailure(const Trial& trial, const TrialOptions& options, CheckKind check) {
  return Shrink(trial, {.fails = [&](const Trial& candidate) {
                  if (InterruptRequested()) return false;
                  const VerifyReport report = CheckTrial(candidate, options);
                  return !report.findings.empty() && report.findings[0].check == check;
                }});
}

}  // namespace weft
