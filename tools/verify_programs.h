// The programs of a model as `weft verify` takes them: each with its graph as it was written and numbers to
// run it on.
#pragma once
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/passes/quantize_weights.h"
#include "compiler/program.h"
#include "compiler/target.h"
#include "frontends/models/transformer_config.h"
#include "runtime/executor/session.h"
#include "runtime/train/settings.h"
#include "tools/verify/interpret.h"

namespace weft {

struct VerifySubject {
  std::string name;  // "training step"
  Graph written;     // bound, no rule applied
  Program program;
  std::set<std::string> names;  // of values that mean the same in both, besides outputs and states
  Feed feed;
};

struct VerifyModel {
  TransformerConfig config;
  TrainSettings settings;            // batch_size and context_length are those of every program
  const Session* weights = nullptr;  // parameters that are there; null: those of the initialisers
  std::optional<QuantizeWeightsOptions> quantize = {};  // of prefill and decode, before anything else is done
};

// (A list: a program cannot be copied.) `program`: train (with accumulation: a micro step and the apply
// step), eval, prefill or decode.
StatusOr<std::list<VerifySubject>> BuildSubjects(const VerifyModel& model, std::string_view program,
                                                 const Target& target);

// What verifying it takes, roughly.
struct VerifyCost {
  double operations = 0;  // of one run
  double seconds = 0;     // of all runs in f64 with the plain kernels, which are measured
  int64_t bytes = 0;
};
VerifyCost EstimateCost(const VerifySubject& subject);

}  // namespace weft
