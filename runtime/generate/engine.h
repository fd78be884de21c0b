// The next token of sequences, from programs compiled as they are needed:
//   with the cache     prefill of one sequence in chunks of a few sizes, decode of a batch, one token each;
//   each
//                      sequence owns one page of the cache while it lives
//   without            the whole sequence each time, in a window as wide as it needs (powers of two)
// Rows are padded on the right. What a sequence gets depends on its tokens and settings, not on its
// neighbours.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/passes/fusions.h"
#include "compiler/passes/mixed_precision.h"
#include "compiler/stage_log.h"
#include "compiler/target.h"
#include "ir/graph.h"
#include "runtime/executor/session.h"
#include "runtime/generate/sampling.h"

namespace weft {

struct EngineOptions {
  int64_t context = 0;        // the most tokens a sequence may have
  int64_t max_sequences = 1;  // that may be alive at once
  bool use_cache = true;
  bool penalties = false;                          // some sequence has a repetition penalty
  Fusions fuse = {};                               // those that are made
  std::optional<MixedPrecisionOptions> bf16 = {};  // none: in the model's own types
  Profile* profile = nullptr;                      // gets every kernel's time, if it is there
  bool as_written = false;  // no composite is made and none spelled out: what the others are compared with
};

// One sequence. Its tokens grow by what Next gives.
struct Sequence {
  std::vector<int64_t> tokens;
  SamplingSettings sampling;
  // What Next found; the caller decides whether it becomes a token.
  int64_t next = -1;
  float logprob = 0;

  // The engine's own: the page, and how many of the tokens are in it.
  int64_t page = -1;
  int64_t cached = 0;
};

// Sizes of the chunks in which prompts are read into the cache, ascending; the largest is not much larger
// than the context.
std::vector<int64_t> PrefillChunks(int64_t context);
// Makes a model graph (tokens, positions -> logits) the graph behind all programs of an engine: last_token,
// add_kv_cache if wanted, sample; for any batch, seq (up to a chunk) and history. `log` gets what each pass
// did.
Status MakeGenerationGraph(Graph& model, const EngineOptions& options, StageLog* log = nullptr);
// What a program of an engine is called: "decode of 4", "prefill of 1 x 256".
std::string GenerationProgramName(int64_t batch, int64_t seq);

class Engine {
 public:
  // model: inputs tokens, positions i64 [batch, seq], output logits [batch, seq, vocab]; its states are in
  // `session` already, or come with an initial value. Session and target must outlive the engine.
  static StatusOr<std::unique_ptr<Engine>> Create(Graph model, Session* session, const Target* target,
                                                  const EngineOptions& options);

  const EngineOptions& options() const { return options_; }
  // Sets next and logprob of each: 1 to max_sequences of them, each with 1 to `context` tokens. Errors: a row
  // of logits that is not finite. Allocates nothing once the programs it needs are compiled.
  Status Next(std::span<Sequence* const> sequences);
  // Compiles now what reading a prompt of so many tokens and decoding so many sequences will need.
  Status Prepare(int64_t prompt_tokens, int64_t sequences);
  // What decodes so many sequences, one token each; compiled if need be.
  StatusOr<const Program*> DecodeProgram(int64_t sequences);
  // Gives its page back.
  void Release(Sequence& sequence);

 private:
  struct Row {
    Sequence* sequence;
    int64_t begin, count;  // tokens of the sequence that go in
  };
  Engine(Graph model, Session* session, const Target* target, const EngineOptions& options);
  Status NextUncached(std::span<Sequence* const> sequences);
  Status NextCached(std::span<Sequence* const> sequences);
  Status Prefill(Sequence& sequence);
  int64_t ChunkFor(int64_t tokens) const;                      // the smallest that holds them, or the largest
  StatusOr<Executor*> ProgramFor(int64_t batch, int64_t seq);  // compiled when first asked for
  StatusOr<Executor*> CompileFor(int64_t batch, int64_t seq);
  // Runs the program for those rows, `seq` tokens wide; sets next and logprob.
  Status RunRows(std::span<const Row> rows, int64_t seq);
  Status FillTokens(Executor& program, std::span<const Row> rows, int64_t seq);
  Status FillSampling(Executor& program, std::span<const Row> rows);
  Status FillCache(Executor& program, std::span<const Row> rows);

  Graph model_;  // with last_token, add_kv_cache and sample
  Session* session_;
  const Target* target_;
  EngineOptions options_;
  std::vector<int64_t> chunks_;  // of prefill, ascending
  std::vector<int64_t> free_pages_;
  std::map<std::pair<int64_t, int64_t>, Executor*> programs_;  // by batch and seq
  std::vector<Row> rows_;                                      // of the batch that Next works on
};

}  // namespace weft
