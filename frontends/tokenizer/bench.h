// How fast the tokenizer is on a text of the user's: `weft bench tokenizer`.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace weft {

struct TokenizerBenchOptions {
  std::string pattern = "gpt4";
  int64_t vocab_size = 32000;
  int threads = 1;
  int runs = 5;  // of each; the median counts
};

struct TokenizerBench {
  int64_t text_bytes = 0;
  int64_t vocab_size = 0;  // reached
  int64_t ids = 0;
  double bytes_per_token = 0;
  double train_mb_per_s = 0;              // 10^6 bytes, all threads, merges included
  double encode_mb_per_s_one_thread = 0;  // cold caches, as every run has its own tokenizer
  double encode_mb_per_s = 0;             // all threads
  double decode_mb_per_s = 0;             // one thread
};

// Trains on the text, encodes and decodes it, and checks that it comes back. Errors: an empty text, those of
// training and encoding.
StatusOr<TokenizerBench> BenchTokenizer(std::string_view text, const TokenizerBenchOptions& options);

}  // namespace weft
