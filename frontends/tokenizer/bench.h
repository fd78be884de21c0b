// How fast the tokenizer is on a text of the user's: `weft bench tokenizer`.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

struct TokenizerBenchOptions {
  std::string pattern = "gpt4";
  int64_t vocab_size = 32000;
  int threads = 1;
  int runs = 5;                                // of each; the median counts
  int64_t encode_bytes = int64_t{20'000'000};  // of the text are encoded and decoded, at most; 0: all
};

struct TokenizerBench {
  int threads = 1;
  int64_t text_bytes = 0;        // trained on
  int64_t vocab_size = 0;        // reached
  double train_seconds = 0;      // all threads, reading and merging
  int64_t train_peak_bytes = 0;  // resident memory of the process at its highest while it trained
  int64_t encoded_bytes = 0;     // encoded and decoded
  int64_t ids = 0;
  double bytes_per_token = 0;
  // 10^6 bytes a second.
  double train_mb_per_s = 0;
  double encode_mb_per_s_one_thread = 0;  // cold caches, as every run has its own tokenizer
  double encode_mb_per_s = 0;             // all threads
  double decode_mb_per_s = 0;             // one thread
};

// Trains on the text, encodes and decodes it, and checks that it comes back. Errors: an empty text, those of
// training and encoding.
StatusOr<TokenizerBench> BenchTokenizer(std::string_view text, const TokenizerBenchOptions& options);
// Trains on files as they are on disk, larger than memory if need be; encodes the first bytes of the first
// one.
StatusOr<TokenizerBench> BenchTokenizerOnFiles(const std::vector<std::string>& files,
                                               const TokenizerBenchOptions& options);

}  // namespace weft
