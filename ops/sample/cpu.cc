#include <algorithm>
#include <cmath>
#include <span>

#include "base/threads.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/sample/cpu_fast.h"

namespace weft::ops::sample {
namespace {

// ---- plain: everything in f64, the tokens sorted

struct Token {
  double z, w;
  int64_t id;
};
using Tokens = std::span<Token>;

double SumOf(Tokens tokens) {
  double sum = 0;
  for (const Token& t : tokens) sum += t.w;
  return sum;
}

// The tokens that stay, by id.
Tokens Filter(const RowSettings& s, Tokens tokens) {
  std::sort(tokens.begin(), tokens.end(),
            [](const Token& a, const Token& b) { return a.z > b.z || (a.z == b.z && a.id < b.id); });
  if (s.top_k > 0) tokens = tokens.first(std::min(tokens.size(), static_cast<size_t>(s.top_k)));
  if (s.top_p < 1) {
    const double target = s.top_p * SumOf(tokens);
    double before = 0;
    size_t kept = 0;
    while (kept < tokens.size() && (kept == 0 || before < target)) before += tokens[kept++].w;
    tokens = tokens.first(kept);
  }
  while (tokens.back().w < s.min_p) tokens = tokens.first(tokens.size() - 1);
  std::sort(tokens.begin(), tokens.end(), [](const Token& a, const Token& b) { return a.id < b.id; });
  return tokens;
}

int64_t DrawFrom(Tokens tokens, const RandomKey& key) {
  const double target = Draw(key) * SumOf(tokens);
  double running = 0;
  int64_t last = 0;
  for (const Token& t : tokens) {
    if (t.w == 0) continue;
    running += t.w;
    last = t.id;
    if (running > target) break;
  }
  return last;
}

template <class T>
RowResult SampleRowPlain(const T* logits, const RowSettings& s, Tokens tokens) {
  double raw_max = -INFINITY, max = -INFINITY, sum = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const double x = logits[i];
    if (std::isnan(x)) return {RowResult::kNotANumber};
    if (x > 0 && std::isinf(x)) return {RowResult::kInfinite};
    tokens[i] = {x, 0, static_cast<int64_t>(i)};
    raw_max = std::max(raw_max, x);
  }
  if (std::isinf(raw_max)) return {RowResult::kNothingPossible};
  for (const Token& t : tokens) sum += std::exp(t.z - raw_max);
  for (int64_t i = 0; i < s.history_size && s.penalty != 1; ++i) {
    const int64_t id = s.history[i];
    if (id >= 0) tokens[static_cast<size_t>(id)].z = Penalise<double>(logits[id], s.penalty);
  }
  for (const Token& t : tokens) max = std::max(max, t.z);
  RowResult result;
  if (s.temperature == 0) {
    result.token = std::find_if(tokens.begin(), tokens.end(), [&](const Token& t) { return t.z == max; })->id;
  } else {
    for (Token& t : tokens) t.w = std::exp((t.z - max) / s.temperature);
    result.token = DrawFrom(Filter(s, tokens), s.key);
  }
  result.logprob = static_cast<double>(logits[result.token]) - raw_max - std::log(sum);
  return result;
}

template <class T>
std::unique_ptr<Kernel> MakePlain(const KernelNode& node) {
  Settings settings(node);
  const auto tokens_bytes = settings.vocab() * static_cast<int64_t>(sizeof(Token));
  const auto results_bytes = settings.batch() * static_cast<int64_t>(sizeof(RowResult));
  auto run = [settings = std::move(settings), tokens_bytes](const KernelArgs& args) {
    WEFT_RETURN_IF_ERROR(settings.Check<T>(args));
    const Tokens tokens(static_cast<Token*>(args.workspace), static_cast<size_t>(settings.vocab()));
    auto* results = reinterpret_cast<RowResult*>(static_cast<char*>(args.workspace) + tokens_bytes);
    for (int64_t row = 0; row < settings.batch(); ++row) {
      const T* logits = args.in<T>(0) + row * settings.vocab();
      results[row] = SampleRowPlain(logits, settings.Row<T>(args, row), tokens);
      args.out<int64_t>(0)[row] = results[row].token;
      args.out<T>(1)[row] = static_cast<T>(results[row].logprob);
    }
    return settings.Faults<T>(args, results);
  };
  return MakeKernel(std::move(run), tokens_bytes + results_bytes);
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return MakePlain<T>(node); });
}

// ---- fast: a row on one thread; the workspace holds each thread's scratch and each row's result

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  Settings settings(node);
  const int64_t each = RowScratch::Bytes(settings.vocab());
  const auto threads = static_cast<int>(std::clamp<int64_t>(settings.batch(), 1, context.threads));
  const int64_t workspace = threads * each + settings.batch() * static_cast<int64_t>(sizeof(RowResult));
  auto run = [settings = std::move(settings), threads, each](const KernelArgs& args) {
    WEFT_RETURN_IF_ERROR(settings.Check<float>(args));
    auto* memory = static_cast<char*>(args.workspace);
    auto* results = reinterpret_cast<RowResult*>(memory + threads * each);
    const int64_t vocab = settings.vocab();
    ParallelFor(settings.batch(), threads, 1, [&](int64_t begin, int64_t end, int thread) {
      const RowScratch scratch = RowScratch::At(memory + thread * each, vocab);
      for (int64_t row = begin; row < end; ++row) {
        results[row] =
            SampleRow(args.in<float>(0) + row * vocab, vocab, settings.Row<float>(args, row), scratch);
        args.out<int64_t>(0)[row] = results[row].token;
        args.out<float>(1)[row] = static_cast<float>(results[row].logprob);
      }
    });
    return settings.Faults<float>(args, results);
  };
  return MakeKernel(std::move(run), workspace);
}

constexpr KernelDef kKernels[] = {{"simd", AcceptsF32, PrepareSimd}, {"plain", AcceptsAll, PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sample
