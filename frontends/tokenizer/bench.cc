#include "frontends/tokenizer/bench.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "frontends/tokenizer/bpe_trainer.h"
#include "frontends/tokenizer/tokenizer.h"

namespace weft {
namespace {

// The median speed of `runs` calls in 10^6 bytes a second.
StatusOr<double> Median(int runs, size_t bytes, const std::function<Status()>& prepare,
                        const std::function<Status()>& run) {
  std::vector<double> speeds;
  for (int i = 0; i < runs; ++i) {
    WEFT_RETURN_IF_ERROR(prepare());
    const auto start = std::chrono::steady_clock::now();
    WEFT_RETURN_IF_ERROR(run());
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    speeds.push_back(1e-6 * static_cast<double>(bytes) / std::max(seconds.count(), 1e-9));
  }
  std::nth_element(speeds.begin(), speeds.begin() + runs / 2, speeds.end());
  return speeds[static_cast<size_t>(runs / 2)];
}

}  // namespace

StatusOr<TokenizerBench> BenchTokenizer(std::string_view text, const TokenizerBenchOptions& options) {
  if (options.runs < 1) return InvalidArgument("runs is {}, expected at least 1", options.runs);
  BpeTrainerOptions train;
  train.vocab_size = options.vocab_size;
  train.pattern = options.pattern;
  train.threads = options.threads;
  std::optional<Tokenizer> tokenizer;
  TokenizerBench bench;
  const auto nothing = [] { return OkStatus(); };
  WEFT_ASSIGN_OR_RETURN(bench.train_mb_per_s, Median(options.runs, text.size(), nothing, [&]() -> Status {
                          WEFT_ASSIGN_OR_RETURN(tokenizer, TrainBpeOnText(text, train));
                          return OkStatus();
                        }));
  const std::string json = tokenizer->ToJson();
  // A tokenizer of its own for each run: its caches are empty.
  const auto fresh = [&]() -> Status {
    WEFT_ASSIGN_OR_RETURN(tokenizer, Tokenizer::FromJson(json));
    return OkStatus();
  };
  std::vector<uint32_t> ids;
  const auto encode = [&](int threads) -> StatusOr<double> {
    return Median(options.runs, text.size(), fresh, [&]() -> Status {
      WEFT_ASSIGN_OR_RETURN(ids, tokenizer->Encode(text, {.threads = threads}));
      return OkStatus();
    });
  };
  WEFT_ASSIGN_OR_RETURN(bench.encode_mb_per_s_one_thread, encode(1));
  WEFT_ASSIGN_OR_RETURN(bench.encode_mb_per_s, encode(options.threads));
  std::string decoded;
  WEFT_ASSIGN_OR_RETURN(bench.decode_mb_per_s, Median(options.runs, text.size(), nothing, [&]() -> Status {
                          WEFT_ASSIGN_OR_RETURN(decoded, tokenizer->DecodeBytes(ids));
                          return OkStatus();
                        }));
  if (decoded != text) return Internal("the decoded text is not the text that was encoded");
  bench.text_bytes = static_cast<int64_t>(text.size());
  bench.vocab_size = tokenizer->vocab_size();
  bench.ids = static_cast<int64_t>(ids.size());
  bench.bytes_per_token = static_cast<double>(text.size()) / static_cast<double>(ids.size());
  return bench;
}

}  // namespace weft
