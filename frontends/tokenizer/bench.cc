#include "frontends/tokenizer/bench.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/process_memory.h"
#include "base/statistics.h"
#include "frontends/tokenizer/bpe_trainer.h"
#include "frontends/tokenizer/tokenizer.h"

namespace weft {
namespace {

using TrainFn = std::function<StatusOr<Tokenizer>(const BpeTrainerOptions&, BpeTrainingReport*)>;

double MegabytesPerSecond(int64_t bytes, double seconds) {
  return 1e-6 * static_cast<double>(bytes) / std::max(seconds, 1e-9);
}

// The median of the seconds that `runs` calls take, each after one of `prepare`.
StatusOr<double> MedianSeconds(int runs, const std::function<Status()>& prepare,
                               const std::function<Status()>& run) {
  std::vector<double> seconds;
  for (int i = 0; i < runs; ++i) {
    WEFT_RETURN_IF_ERROR(CheckInterrupt());
    WEFT_RETURN_IF_ERROR(prepare());
    const auto start = std::chrono::steady_clock::now();
    WEFT_RETURN_IF_ERROR(run());
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return Median(std::move(seconds));
}

StatusOr<Tokenizer> BenchTrain(const TrainFn& train, const TokenizerBenchOptions& options,
                               TokenizerBench* bench) {
  if (options.runs < 1) return InvalidArgument("--runs is {}, expected 1 or more", options.runs);
  if (options.encode_bytes < 0)
    return InvalidArgument("bytes to encode: {}, expected 0 or more", options.encode_bytes);
  BpeTrainerOptions trainer;
  trainer.vocab_size = options.vocab_size;
  trainer.pattern = options.pattern;
  trainer.threads = options.threads;
  std::optional<Tokenizer> tokenizer;
  BpeTrainingReport report;
  ResetPeakResident();
  WEFT_ASSIGN_OR_RETURN(bench->train_seconds, MedianSeconds(options.runs, OkStatus, [&]() -> Status {
                          WEFT_ASSIGN_OR_RETURN(tokenizer, train(trainer, &report));
                          // Later runs only add what the allocator keeps of earlier ones.
                          if (bench->train_peak_bytes == 0) bench->train_peak_bytes = PeakResidentBytes();
                          return OkStatus();
                        }));
  bench->threads = options.threads;
  bench->text_bytes = report.bytes;
  bench->train_mb_per_s = MegabytesPerSecond(report.bytes, bench->train_seconds);
  bench->vocab_size = tokenizer->vocab_size();
  return *std::move(tokenizer);
}

Status BenchEncode(const Tokenizer& trained, std::string_view text, const TokenizerBenchOptions& options,
                   TokenizerBench* bench) {
  if (options.encode_bytes > 0) text = text.substr(0, static_cast<size_t>(options.encode_bytes));
  const auto bytes = static_cast<int64_t>(text.size());
  const std::string json = trained.ToJson();
  std::optional<Tokenizer> tokenizer;
  // A tokenizer of its own for each run: its caches are empty.
  const auto fresh = [&]() -> Status {
    WEFT_ASSIGN_OR_RETURN(tokenizer, Tokenizer::FromJson(json));
    return OkStatus();
  };
  std::vector<uint32_t> ids;
  for (const auto& [threads, speed] : {std::pair(1, &bench->encode_mb_per_s_one_thread),
                                       std::pair(options.threads, &bench->encode_mb_per_s)}) {
    WEFT_ASSIGN_OR_RETURN(const double seconds,
                          MedianSeconds(options.runs, fresh, [&, threads = threads]() -> Status {
                            WEFT_ASSIGN_OR_RETURN(ids, tokenizer->Encode(text, {.threads = threads}));
                            return OkStatus();
                          }));
    *speed = MegabytesPerSecond(bytes, seconds);
  }
  std::string decoded;
  WEFT_ASSIGN_OR_RETURN(const double seconds, MedianSeconds(options.runs, OkStatus, [&]() -> Status {
                          WEFT_ASSIGN_OR_RETURN(decoded, tokenizer->DecodeBytes(ids));
                          return OkStatus();
                        }));
  if (decoded != text) return Internal("the decoded text is not the text that was encoded");
  bench->decode_mb_per_s = MegabytesPerSecond(bytes, seconds);
  bench->encoded_bytes = bytes;
  bench->ids = static_cast<int64_t>(ids.size());
  bench->bytes_per_token = static_cast<double>(bytes) / static_cast<double>(ids.size());
  return OkStatus();
}

}  // namespace

StatusOr<TokenizerBench> BenchTokenizer(std::string_view text, const TokenizerBenchOptions& options) {
  TokenizerBench bench;
  const auto train = [&](const BpeTrainerOptions& trainer, BpeTrainingReport* report) {
    return TrainBpeOnText(text, trainer, {{}, InterruptRequested}, report);
  };
  WEFT_ASSIGN_OR_RETURN(const Tokenizer tokenizer, BenchTrain(train, options, &bench));
  WEFT_RETURN_IF_ERROR(BenchEncode(tokenizer, text, options, &bench));
  return bench;
}

StatusOr<TokenizerBench> BenchTokenizerOnFiles(const std::vector<std::string>& files,
                                               const TokenizerBenchOptions& options) {
  TokenizerBench bench;
  const auto train = [&](const BpeTrainerOptions& trainer, BpeTrainingReport* report) {
    return TrainBpe(files, trainer, {{}, InterruptRequested}, report);
  };
  WEFT_ASSIGN_OR_RETURN(const Tokenizer tokenizer, BenchTrain(train, options, &bench));
  for (const std::string& file : files) {  // the first that is not empty
    WEFT_ASSIGN_OR_RETURN(const auto text, MappedFile::Open(file));
    if (text->text().empty()) continue;
    WEFT_RETURN_IF_ERROR(BenchEncode(tokenizer, text->text(), options, &bench));
    break;
  }
  return bench;
}

}  // namespace weft
