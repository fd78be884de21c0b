#include "runtime/generate/bench.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/interrupt.h"
#include "base/philox.h"
#include "ops/roofs.h"
#include "runtime/generate/engine.h"

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;
double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

class Bench {
 public:
  Bench(Engine& engine, int64_t vocab_size, GenerateBench* result)
      : engine_(engine), vocab_size_(vocab_size), options_(result->options), result_(*result) {}

  Status Run(int64_t run, bool timed) {
    std::vector<Sequence> sequences(static_cast<size_t>(options_.sequences));
    std::vector<Sequence*> all;
    for (size_t i = 0; i < sequences.size(); ++i) {
      sequences[i].tokens = Prompt(run, i);
      sequences[i].sampling.temperature = 0;
      all.push_back(&sequences[i]);
    }
    const Clock::time_point begin = Clock::now();
    WEFT_RETURN_IF_ERROR(engine_.Next(all));
    const double first = SecondsSince(begin);
    const Clock::time_point decode = Clock::now();
    for (int64_t i = 1; i < options_.new_tokens; ++i) {
      const Clock::time_point step = Clock::now();
      for (Sequence* s : all) s->tokens.push_back(s->next);
      WEFT_RETURN_IF_ERROR(engine_.Next(all));
      if (timed) result_.step_seconds.push_back(SecondsSince(step));
      WEFT_RETURN_IF_ERROR(CheckInterrupt());
    }
    for (Sequence* s : all) engine_.Release(*s);
    if (!timed) return OkStatus();
    result_.decode_seconds.push_back(SecondsSince(decode));
    result_.first_token_seconds.push_back(first);
    return OkStatus();
  }

 private:
  std::vector<int64_t> Prompt(int64_t run, size_t sequence) const {
    const RandomKey key = {1, static_cast<uint32_t>(run), static_cast<uint32_t>(sequence)};
    std::vector<int64_t> tokens;
    for (int64_t i = 0; i < options_.prompt_tokens; ++i) {
      tokens.push_back(static_cast<int64_t>(RandomWord(key, static_cast<uint64_t>(i))) % vocab_size_);
    }
    return tokens;
  }

  Engine& engine_;
  int64_t vocab_size_;
  const GenerateBenchOptions& options_;
  GenerateBench& result_;
};

int64_t Parameters(const Session& session) {
  int64_t elements = 0;
  for (const auto& state : session.states()) {
    if (state->role == StateRole::kParameter) elements += NumElements(state->shape);
  }
  return elements;
}

std::set<int32_t> ParameterStorages(const Program& program) {
  std::set<int32_t> storages;
  for (const Port& state : program.states) {
    const bool weight = state.role == StateRole::kParameter || state.role == StateRole::kDerived;
    if (weight) storages.insert(state.storage);
  }
  return storages;
}

}  // namespace

Status Check(const GenerateBenchOptions& o) {
  constexpr int64_t kMost = int64_t{1} << 30;
  const std::pair<std::string_view, int64_t> counts[] = {{"--prompt-length", o.prompt_tokens},
                                                         {"--new-tokens", o.new_tokens},
                                                         {"--batch-size", o.sequences},
                                                         {"--runs", o.runs}};
  for (const auto& [flag, count] : counts) {
    if (count < 1) return InvalidArgument("{} is {}, expected 1 or more", flag, count);
    if (count > kMost) return InvalidArgument("{} is {}, expected at most {}", flag, count, kMost);
  }
  if (o.new_tokens >= 2) return OkStatus();
  return InvalidArgument("--new-tokens is 1, expected 2 or more (the first is part of the prompt's time)");
}

double GenerateBench::PrefillTokensPerSecond() const {
  return static_cast<double>(options.sequences * options.prompt_tokens) / Median(first_token_seconds);
}

double GenerateBench::DecodeTokensPerSecond() const {
  return static_cast<double>(options.sequences * (options.new_tokens - 1)) / Median(decode_seconds);
}

double ParameterBytesRead(const Program& program) {
  const std::set<int32_t> parameters = ParameterStorages(program);
  double sum = 0;
  for (const Call& call : program.calls) {
    if (call.is_view) continue;
    for (const CallOperand& o : call.inputs) {
      if (o.value == ValueId::kNone || !parameters.contains(o.storage)) continue;
      sum +=
          std::min(static_cast<double>(SizeInBytes(o.operand.dtype, o.operand.num_elements())), call.bytes);
    }
  }
  return sum;
}

double CacheBytesPerToken(const Program& program) {
  double sum = 0;
  for (const Port& state : program.states) {
    if (state.role == StateRole::kCache)
      sum += static_cast<double>(SizeInBytes(state.dtype, state.shape.back()));
  }
  return sum;
}

StatusOr<GenerateBench> BenchGeneration(Graph model, Session* session, const CpuTarget& target,
                                        const GenerateBenchOptions& options) {
  WEFT_RETURN_IF_ERROR(Check(options));
  const ValueId logits = model.Find("logits");
  if (logits == ValueId::kNone)
    return InvalidArgument("the model graph has no output logits [batch, seq, vocab]");
  const int64_t vocab_size = model.value(logits).type.shape.back().value();
  EngineOptions engine_options;
  engine_options.context = options.prompt_tokens + options.new_tokens;
  engine_options.max_sequences = options.sequences;
  engine_options.bf16 = options.bf16;
  engine_options.fuse = options.fuse;
  engine_options.profile = options.profile;
  GenerateBench result;
  result.options = options;
  result.threads = target.context().threads;
  WEFT_ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine,
                        Engine::Create(std::move(model), session, &target, engine_options));
  const Clock::time_point begin = Clock::now();
  WEFT_RETURN_IF_ERROR(engine->Prepare(options.prompt_tokens, options.sequences));
  WEFT_ASSIGN_OR_RETURN(const Program* decode, engine->DecodeProgram(options.sequences));
  result.compile_seconds = SecondsSince(begin);
  result.parameters = Parameters(*session);
  result.weight_bytes = ParameterBytesRead(*decode);
  // The first decoding step sees prompt + 1 tokens, the last one prompt + new - 1.
  const double tokens =
      static_cast<double>(options.prompt_tokens) + static_cast<double>(options.new_tokens) / 2;
  result.cache_bytes = CacheBytesPerToken(*decode) * tokens * static_cast<double>(options.sequences);
  Bench bench(*engine, vocab_size, &result);
  for (int64_t run = 0; run <= options.runs; ++run) WEFT_RETURN_IF_ERROR(bench.Run(run, run > 0));
  WEFT_ASSIGN_OR_RETURN(result.roof_bandwidth, MeasureReadBandwidth(result.threads));
  return result;
}

}  // namespace weft
