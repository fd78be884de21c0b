#include "frontends/tokenizer/bpe_trainer.h"

#include <algorithm>
#include <chrono>
#include <new>

#include "base/threads.h"
#include "frontends/tokenizer/byte_level.h"
#include "frontends/tokenizer/parallel_blocks.h"
#include "frontends/tokenizer/pretokenizer.h"
#include "frontends/tokenizer/text_blocks.h"
#include "frontends/tokenizer/tokenizer_spec.h"
#include "frontends/tokenizer/word_counts.h"

namespace weft {
namespace {

constexpr size_t kBlockBytes = size_t{2} << 20;
constexpr int kReportEvery = 256;  // merges

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Status CheckOptions(const BpeTrainerOptions& options) {
  WEFT_RETURN_IF_ERROR(CheckSpecialTokens(options.special_tokens));
  const int64_t least = 256 + static_cast<int64_t>(options.special_tokens.size());
  if (options.vocab_size < least) {
    return InvalidArgument("vocabulary of {} tokens, expected at least {}: 256 bytes and {} special tokens",
                           options.vocab_size, least, options.special_tokens.size());
  }
  if (options.vocab_size > kMaxVocabSize) {
    return InvalidArgument("vocabulary of {} tokens, expected at most {}", options.vocab_size, kMaxVocabSize);
  }
  if (options.min_frequency < 0) {
    return InvalidArgument("min_frequency is {}, expected 0 or more", options.min_frequency);
  }
  if (options.threads < 1) return InvalidArgument("threads is {}, expected at least 1", options.threads);
  return OkStatus();
}

template <bool kGpt4>
void CountNamed(const NamedPattern& pattern, std::string_view segment, const uint8_t* readable,
                WordCounts* counts) {
  const PatternScanner<kGpt4> scanner(pattern);
  const auto* p = reinterpret_cast<const uint8_t*>(segment.data());
  const uint8_t* end = p + segment.size();
  while (p < end) {
    const uint8_t* next = scanner.Next(p, end);
    counts->Add(p, static_cast<size_t>(next - p), readable);
    p = next;
  }
}

void CountBlock(const TextBlock& block, const PreTokenizer& pretokenizer, const SpecialTokenFinder& specials,
                WordCounts* counts) {
  const std::string_view all = block.buffer.text();
  const auto* base = reinterpret_cast<const uint8_t*>(all.data());
  const uint8_t* readable = base + all.size();
  if (block.split) {
    for (const Span& span : block.spans) {
      if (span.special < 0) counts->Add(base + span.begin, span.end - span.begin, readable);
    }
    return;
  }
  const NamedPattern& pattern = *pretokenizer.named();
  const auto count = [&](std::string_view segment) {
    pattern.gpt4 ? CountNamed<true>(pattern, segment, readable, counts)
                 : CountNamed<false>(pattern, segment, readable, counts);
  };
  const std::string_view text = block.text();
  size_t begin = 0;
  SpecialTokenFinder::Match match{};
  while (specials.Next(text, begin, &match)) {
    count(text.substr(begin, match.begin - begin));
    begin = match.end;
  }
  count(text.substr(begin));
}

// Adds up all counts into the first, pairs of tables side by side.
void AddUp(std::vector<WordCounts>* counts) {
  const int64_t n = static_cast<int64_t>(counts->size());
  for (int64_t step = 1; step < n; step *= 2) {
    const int64_t pairs = (n - step + 2 * step - 1) / (2 * step);
    ParallelFor(pairs, static_cast<int>(pairs), 1, [&](int64_t begin, int64_t end, int) {
      for (int64_t pair = begin; pair < end; ++pair) {
        WordCounts& other = (*counts)[static_cast<size_t>(2 * step * pair + step)];
        (*counts)[static_cast<size_t>(2 * step * pair)].Add(other);
        other = WordCounts();
      }
    });
  }
}

Status CountWords(TextBlocks* blocks, const PreTokenizer& pretokenizer, const SpecialTokenFinder& specials,
                  const BpeTrainerOptions& options, const RunControl& control, WordCounts* total) {
  std::vector<WordCounts> counts(static_cast<size_t>(options.threads));
  const size_t limit = static_cast<size_t>(std::max<int64_t>(options.max_memory, 0) / options.threads);
  WEFT_RETURN_IF_ERROR(
      ForEachBlock(blocks, options.threads, "reading", control, [&](int thread, const TextBlock& block) {
        WordCounts& own = counts[static_cast<size_t>(thread)];
        CountBlock(block, pretokenizer, specials, &own);
        if (own.memory_bytes() <= limit) return OkStatus();
        return ResourceExhausted(
            "distinct pre-tokens take more than {} bytes after {} bytes of text: train on less text, choose "
            "a "
            "pattern with shorter words or raise the limit",
            options.max_memory, block.offset);
      }));
  AddUp(&counts);
  *total = std::move(counts[0]);
  return OkStatus();
}

StatusOr<std::vector<Merge>> ChooseMerges(WordCounts counts, const BpeTrainerOptions& options,
                                          const RunControl& control) {
  PairMerger merger(ByteLevelAlphabet(), options.tie_break, options.min_frequency);
  Status status;
  // The order of words does not matter: merges depend on sums over all of them.
  counts.ForEach([&](std::string_view word, int64_t count) {
    if (status.ok()) status = merger.AddWord(word, count);
  });
  WEFT_RETURN_IF_ERROR(status);
  counts = WordCounts();
  merger.CountPairs();
  const uint32_t specials = static_cast<uint32_t>(options.special_tokens.size());
  const int64_t wanted = options.vocab_size - 256 - specials;
  std::vector<Merge> merges;
  PairMerger::MergedPair pair{};
  while (static_cast<int64_t>(merges.size()) < wanted && merger.NextMerge(&pair)) {
    const uint32_t result = specials + 256 + static_cast<uint32_t>(merges.size());
    merges.push_back({specials + pair.left, specials + pair.right, result});
    if (merges.size() % kReportEvery != 0) continue;
    if (control.Cancelled()) return Cancelled("merging was stopped");
    control.Report("merging", static_cast<int64_t>(merges.size()), wanted);
  }
  return merges;
}

StatusOr<Tokenizer> Train(const std::vector<std::string>* files, std::string_view text,
                          const BpeTrainerOptions& options, const RunControl& control,
                          BpeTrainingReport* report) try {
  WEFT_RETURN_IF_ERROR(CheckOptions(options));
  const std::string_view known = PatternOfName(options.pattern);
  PreTokenizerSpec spec;
  spec.steps.push_back({known.empty() ? options.pattern : std::string(known)});
  WEFT_ASSIGN_OR_RETURN(const auto pretokenizer, PreTokenizer::Create(spec));
  std::vector<SpecialToken> specials;
  for (const std::string& special : options.special_tokens) specials.push_back({special, 0});
  const SpecialTokenFinder finder(std::move(specials));
  TextBlocks blocks(*pretokenizer, finder, kBlockBytes);
  if (files != nullptr) {
    WEFT_RETURN_IF_ERROR(blocks.OpenFiles(*files));
  } else {
    blocks.OpenMemory(text);
  }
  BpeTrainingReport ignored;
  if (report == nullptr) report = &ignored;
  const auto start = std::chrono::steady_clock::now();
  WordCounts counts;
  WEFT_RETURN_IF_ERROR(CountWords(&blocks, *pretokenizer, finder, options, control, &counts));
  if (counts.size() == 0) {
    return InvalidArgument("there is no text to train on: {} bytes in {} files", blocks.bytes_given(),
                           files == nullptr ? 0 : files->size());
  }
  report->bytes = blocks.bytes_given();
  report->distinct_words = static_cast<int64_t>(counts.size());
  report->reading_seconds = SecondsSince(start);
  const auto merging = std::chrono::steady_clock::now();
  WEFT_ASSIGN_OR_RETURN(std::vector<Merge> merges, ChooseMerges(std::move(counts), options, control));
  report->merges = static_cast<int64_t>(merges.size());
  report->merging_seconds = SecondsSince(merging);
  WEFT_ASSIGN_OR_RETURN(TokenizerSpec trained,
                        TrainedSpec(options.special_tokens, std::move(merges), std::move(spec)));
  return Tokenizer::Create(std::move(trained));
} catch (const std::bad_alloc&) {
  return ResourceExhausted("out of memory while training a tokenizer");
}

}  // namespace

StatusOr<Tokenizer> TrainBpe(const std::vector<std::string>& files, const BpeTrainerOptions& options,
                             const RunControl& control, BpeTrainingReport* report) {
  if (files.empty()) return InvalidArgument("there are no files to train on");
  return Train(&files, {}, options, control, report);
}

StatusOr<Tokenizer> TrainBpeOnText(std::string_view text, const BpeTrainerOptions& options,
                                   const RunControl& control, BpeTrainingReport* report) {
  return Train(nullptr, text, options, control, report);
}

}  // namespace weft
