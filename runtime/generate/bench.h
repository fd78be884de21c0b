// How fast prompts are read and tokens written: `weft bench generate`.
//
// Floor of a decoding step: it must read every weight that a product needs once, and the keys and values of
// the tokens so far once for each sequence; at the measured read bandwidth that takes BytesPerStep() /
// roof_bandwidth seconds.
#pragma once
#include <optional>
#include <vector>

#include "base/statistics.h"
#include "compiler/passes/fusions.h"
#include "compiler/passes/mixed_precision.h"
#include "compiler/program.h"
#include "ir/graph.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"

namespace weft {

struct GenerateBenchOptions {
  int64_t prompt_tokens = 128;  // of each sequence, drawn at random
  int64_t new_tokens = 128;     // of each sequence, 2 or more: the first belongs to the prompt's time
  int64_t sequences = 1;        // at once
  int64_t runs = 5;             // timed, after one that is not
  std::optional<MixedPrecisionOptions> bf16 = {};
  Fusions fuse = {};           // those that are made
  Profile* profile = nullptr;  // gets the kernels' times, those of the run that is not timed too
};

// Ranges; the error names the flag of `weft bench generate`.
Status Check(const GenerateBenchOptions& options);

struct GenerateBench {
  GenerateBenchOptions options;
  int threads = 1;
  int64_t parameters = 0;  // elements
  double compile_seconds = 0;
  std::vector<double> first_token_seconds;  // by run: all prompts read, a first token for each
  std::vector<double> decode_seconds;       // by run: all other tokens
  std::vector<double> step_seconds;         // of all runs: one more token for each sequence
  double weight_bytes = 0;                  // parameters that a decoding step reads
  double cache_bytes = 0;                   // keys and values that it reads, in the middle of the new tokens
  double roof_bandwidth = 0;                // bytes a second, reading on all threads, measured after the runs

  double PrefillTokensPerSecond() const;
  double DecodeTokensPerSecond() const;
  double BytesPerStep() const { return weight_bytes + cache_bytes; }
  double BytesPerToken() const { return BytesPerStep() / static_cast<double>(options.sequences); }
  double BytesPerSecond() const { return BytesPerToken() * DecodeTokensPerSecond(); }
  double ShareOfRoof() const { return BytesPerSecond() / roof_bandwidth; }
};

// model: tokens, positions -> logits, with states in `session` or with initial values. The best token is
// taken each time. Errors: those of Check, and those of compiling and running.
StatusOr<GenerateBench> BenchGeneration(Graph model, Session* session, const CpuTarget& target,
                                        const GenerateBenchOptions& options);

// Bytes of the parameters that a program's calls read: each operand that is one, as often as it is read, but
// no more of it than the call touches (a few rows of an embedding).
double ParameterBytesRead(const Program& program);
// Bytes of keys and values that the cache holds for a token of a sequence, all layers together.
double CacheBytesPerToken(const Program& program);

}  // namespace weft
