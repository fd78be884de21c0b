// Training byte-level BPE: the words (pre-tokens) of all files are counted, by all threads, in memory that
// grows with the distinct words and not with the text; then merges are chosen (pair_merger.h). Special tokens
// are cut out of the text first. The result is the same for any number of threads.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "frontends/tokenizer/pair_merger.h"
#include "frontends/tokenizer/run_control.h"
#include "frontends/tokenizer/tokenizer.h"

namespace weft {

struct BpeTrainerOptions {
  int64_t vocab_size = 0;        // bytes, special tokens and merges
  std::string pattern = "gpt2";  // gpt2, gpt4 or a regular expression
  std::vector<std::string> special_tokens = {"<|endoftext|>"};
  int64_t min_frequency = 1;  // of a pair that is merged
  TieBreak tie_break = TieBreak::kHuggingFace;
  int threads = 1;
  int64_t max_memory = int64_t{8} << 30;  // bytes that counts of distinct words may take
};

struct BpeTrainingReport {
  int64_t bytes = 0;           // of text
  int64_t distinct_words = 0;  // pre-tokens
  int64_t merges = 0;          // fewer than asked for where no pair is frequent enough
  double reading_seconds = 0, merging_seconds = 0;
};

// Errors: a vocabulary that does not hold 256 bytes and the special tokens, files that cannot be read or are
// all empty, a pattern that does not compile or gives up, more distinct words than max_memory holds.
StatusOr<Tokenizer> TrainBpe(const std::vector<std::string>& files, const BpeTrainerOptions& options,
                             const RunControl& control = {}, BpeTrainingReport* report = nullptr);
// The same from a text in memory.
StatusOr<Tokenizer> TrainBpeOnText(std::string_view text, const BpeTrainerOptions& options,
                                   const RunControl& control = {}, BpeTrainingReport* report = nullptr);

}  // namespace weft
