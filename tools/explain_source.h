// What `weft graph explain` looks at: the programs of a model (of a run with its settings, of a model
// directory, of a preset) or of a graph's text, each with what the passes did.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "compiler/program.h"
#include "compiler/stage_log.h"

namespace weft {

struct ExplainFlags {
  std::string path, preset, output, profile, passes = "fuse_composites,bind,canonicalize";
  std::vector<std::string> programs, bind, set;
  int64_t batch_size = 0, context_length = 0, vocab_size = 0;  // 0: the source's own
  int threads = 0;
  bool json = false;
  double roof_flops = 0, roof_bandwidth = 0;  // 0: measured
};

struct ExplainedProgram {
  Program program;
  StageLog log;
};

struct ExplainSource {
  std::string title;  // "run/quickstart", "preset tiny"
  std::string facts;  // "4 layers, d_model 128, ...": a line for people; empty: nothing is known
  std::deque<ExplainedProgram> programs;  // a Program does not move in a vector
};

// The programs that flags.programs names ("train", "eval", "prefill", "decode"; none: all), compiled for the
// CPU. Errors: no such path or preset, a run.json or graph text that is wrong, symbols of a text that are not
// bound.
StatusOr<ExplainSource> ReadExplainSource(const ExplainFlags& flags);

}  // namespace weft
