#include "runtime/generate/engine.h"

#include <algorithm>
#include <cstring>

#include "compiler/compile.h"
#include "compiler/pass.h"

namespace weft {
namespace {

constexpr int64_t kSmallestWindow = 16;
constexpr int64_t kChunks[] = {16, 64, 256};

template <class T>
StatusOr<std::span<T>> Input(Executor& program, std::string_view name) {
  const Port* port = program.program().FindInput(name);
  if (port == nullptr) return std::span<T>();  // nothing in the program reads it
  WEFT_ASSIGN_OR_RETURN(std::byte * bytes, program.InputBuffer(name));
  return std::span<T>(reinterpret_cast<T*>(bytes), static_cast<size_t>(NumElements(port->shape)));
}

// Calls value(row) for each row of an input that has one number a row.
template <class T, class Rows, class Value>
Status Fill(Executor& program, std::string_view name, const Rows& rows, Value value) {
  WEFT_ASSIGN_OR_RETURN(const std::span<T> input, Input<T>(program, name));
  for (size_t r = 0; r < input.size(); ++r) input[r] = static_cast<T>(value(rows[r]));
  return OkStatus();
}

}  // namespace

std::vector<int64_t> PrefillChunks(int64_t context) {
  std::vector<int64_t> chunks;
  for (const int64_t size : kChunks) {
    if (chunks.empty() || size / 4 < context) chunks.push_back(size);
  }
  return chunks;
}

std::string GenerationProgramName(int64_t batch, int64_t seq) {
  return seq == 1 ? fmt::format("decode of {}", batch) : fmt::format("prefill of {} x {}", batch, seq);
}

Status MakeGenerationGraph(Graph& model, const EngineOptions& options, StageLog* log) {
  PassContext context;
  context.fuse = options.fuse;
  if (options.use_cache) {
    const int64_t largest = PrefillChunks(options.context).back();
    context.settings["pages"] = static_cast<double>(options.max_sequences);
    context.settings["max_pages"] = 1;
    context.settings["page"] =
        static_cast<double>(options.context + largest);  // padding of the last chunk lies behind the context
    model.symbol_bounds["seq"] = std::max(options.context, largest);
  }
  const std::string passes = fmt::format("last_token,{}sample{}", options.use_cache ? "add_kv_cache," : "",
                                         options.as_written ? "" : ",fuse_composites");
  WEFT_ASSIGN_OR_RETURN(const std::vector<const Pass*> list, PassesByName(passes));
  if (log != nullptr) log->Add("", 0, model);
  PassRunner runner;
  runner.log = log;
  return runner.Run(model, list, context);
}

Engine::Engine(Graph model, Session* session, const Target* target, const EngineOptions& options)
    : model_(std::move(model)), session_(session), target_(target), options_(options) {
  chunks_ = PrefillChunks(options.context);
  for (int64_t page = options.max_sequences; page > 0; --page) free_pages_.push_back(page - 1);
  rows_.reserve(static_cast<size_t>(options.max_sequences));
}

StatusOr<std::unique_ptr<Engine>> Engine::Create(Graph model, Session* session, const Target* target,
                                                 const EngineOptions& options) {
  WEFT_CHECK(options.context > 0 && options.max_sequences > 0);
  const auto init = [&](const Graph& graph, const std::string& name) {
    return Compile(graph, {}, *target, {.name = name});
  };
  WEFT_RETURN_IF_ERROR(session->RunInit(model, init, /*seed=*/0));
  std::unique_ptr<Engine> engine(new Engine(std::move(model), session, target, options));
  WEFT_RETURN_IF_ERROR(MakeGenerationGraph(engine->model_, options));
  return engine;
}

StatusOr<Executor*> Engine::ProgramFor(int64_t batch, int64_t seq) {
  const auto known = programs_.find({batch, seq});
  if (known != programs_.end()) return known->second;
  WEFT_ASSIGN_OR_RETURN(Executor * program, CompileFor(batch, seq));
  programs_.emplace(std::pair(batch, seq), program);
  return program;
}

StatusOr<Executor*> Engine::CompileFor(int64_t batch, int64_t seq) {
  const std::string name = GenerationProgramName(batch, seq);
  const std::string key = fmt::format("{}{}", name, options_.use_cache ? "" : ", no cache");
  if (Executor* program = session_->FindProgram(key)) return program;
  const std::map<std::string, int64_t> binding = {
      {"batch", batch}, {"seq", seq}, {"history", options_.penalties ? options_.context : 0}};
  WEFT_ASSIGN_OR_RETURN(
      Program program,
      Compile(model_, binding, *target_,
              {.name = name, .fuse = options_.fuse, .bf16 = options_.bf16, .pack_weights = true}));
  WEFT_ASSIGN_OR_RETURN(Executor * executor, session_->AddProgram(key, std::move(program)));
  const auto compile = [&](const Graph& graph, const std::string& what) {
    return Compile(graph, {}, *target_, {.name = what});
  };
  WEFT_RETURN_IF_ERROR(session_->Derive(executor->program().graph, compile));
  if (options_.profile != nullptr) executor->set_profile(options_.profile);
  return executor;
}

Status Engine::FillTokens(Executor& program, std::span<const Row> rows, int64_t seq) {
  WEFT_ASSIGN_OR_RETURN(const std::span<int64_t> tokens, Input<int64_t>(program, "tokens"));
  WEFT_ASSIGN_OR_RETURN(const std::span<int64_t> positions, Input<int64_t>(program, "positions"));
  const int64_t last = options_.context - 1;  // padding stays within the tables of positions
  for (size_t r = 0; r < rows.size(); ++r) {
    for (int64_t i = 0; i < seq; ++i) {
      const size_t at = r * static_cast<size_t>(seq) + static_cast<size_t>(i);
      const int64_t from = rows[r].begin + i;
      tokens[at] = i < rows[r].count ? rows[r].sequence->tokens[static_cast<size_t>(from)] : 0;
      if (!positions.empty()) positions[at] = std::min(from, last);
    }
  }
  return Fill<int64_t>(program, "lengths", rows, [](const Row& row) { return row.count; });
}

Status Engine::FillSampling(Executor& program, std::span<const Row> rows) {
  const auto floats = [&](std::string_view name, double SamplingSettings::*member) {
    return Fill<float>(program, name, rows, [&](const Row& row) { return row.sequence->sampling.*member; });
  };
  WEFT_RETURN_IF_ERROR(floats("temperature", &SamplingSettings::temperature));
  WEFT_RETURN_IF_ERROR(floats("top_p", &SamplingSettings::top_p));
  WEFT_RETURN_IF_ERROR(floats("min_p", &SamplingSettings::min_p));
  WEFT_RETURN_IF_ERROR(floats("repetition_penalty", &SamplingSettings::repetition_penalty));
  WEFT_RETURN_IF_ERROR(
      Fill<int64_t>(program, "top_k", rows, [](const Row& row) { return row.sequence->sampling.top_k; }));
  WEFT_RETURN_IF_ERROR(
      Fill<int64_t>(program, "seed", rows, [](const Row& row) { return row.sequence->sampling.seed; }));
  WEFT_RETURN_IF_ERROR(
      Fill<int64_t>(program, "step", rows, [](const Row& row) { return row.begin + row.count; }));
  WEFT_ASSIGN_OR_RETURN(const std::span<int64_t> history, Input<int64_t>(program, "history"));
  std::fill(history.begin(), history.end(), -1);
  const size_t width = history.size() / rows.size();
  for (size_t r = 0; r < rows.size() && width > 0; ++r) {
    const std::vector<int64_t>& tokens = rows[r].sequence->tokens;
    std::copy_n(tokens.begin(), std::min(width, tokens.size()),
                history.begin() + static_cast<int64_t>(r * width));
  }
  return OkStatus();
}

Status Engine::FillCache(Executor& program, std::span<const Row> rows) {
  WEFT_RETURN_IF_ERROR(
      Fill<int64_t>(program, "table", rows, [](const Row& row) { return row.sequence->page; }));
  return Fill<int64_t>(program, "start", rows, [](const Row& row) { return row.begin; });
}

Status Engine::RunRows(std::span<const Row> rows, int64_t seq) {
  WEFT_ASSIGN_OR_RETURN(Executor * program, ProgramFor(static_cast<int64_t>(rows.size()), seq));
  WEFT_RETURN_IF_ERROR(FillTokens(*program, rows, seq));
  WEFT_RETURN_IF_ERROR(FillSampling(*program, rows));
  if (options_.use_cache) WEFT_RETURN_IF_ERROR(FillCache(*program, rows));
  WEFT_RETURN_IF_ERROR(program->Run());
  WEFT_ASSIGN_OR_RETURN(const std::byte* token, program->OutputData("token"));
  WEFT_ASSIGN_OR_RETURN(const std::byte* logprob, program->OutputData("logprob"));
  for (size_t r = 0; r < rows.size(); ++r) {
    rows[r].sequence->next = reinterpret_cast<const int64_t*>(token)[r];
    rows[r].sequence->logprob = reinterpret_cast<const float*>(logprob)[r];
    rows[r].sequence->cached = rows[r].begin + rows[r].count;
  }
  return OkStatus();
}

Status Engine::NextUncached(std::span<Sequence* const> sequences) {
  rows_.clear();
  int64_t longest = 0;
  for (Sequence* s : sequences) {
    rows_.push_back({s, 0, static_cast<int64_t>(s->tokens.size())});
    longest = std::max(longest, rows_.back().count);
  }
  int64_t window = kSmallestWindow;
  while (window < longest) window *= 2;
  return RunRows(rows_, std::min(window, options_.context));
}

int64_t Engine::ChunkFor(int64_t tokens) const {
  const auto fits = std::lower_bound(chunks_.begin(), chunks_.end(), tokens);
  return fits == chunks_.end() ? chunks_.back() : *fits;
}

Status Engine::Prepare(int64_t prompt_tokens, int64_t sequences) {
  if (!options_.use_cache) return OkStatus();
  for (int64_t left = prompt_tokens; left > 1; left -= ChunkFor(left)) {
    WEFT_RETURN_IF_ERROR(ProgramFor(1, ChunkFor(left)).status());
  }
  return ProgramFor(sequences, 1).status();
}

StatusOr<const Program*> Engine::DecodeProgram(int64_t sequences) {
  WEFT_ASSIGN_OR_RETURN(const Executor* decode, ProgramFor(sequences, 1));
  return &decode->program();
}

// All but the last chunk are full; what they draw is thrown away.
Status Engine::Prefill(Sequence& s) {
  const auto size = static_cast<int64_t>(s.tokens.size());
  while (s.cached < size) {
    const int64_t left = size - s.cached;
    const int64_t chunk = ChunkFor(left);
    const Row row = {&s, s.cached, std::min(left, chunk)};
    WEFT_RETURN_IF_ERROR(RunRows({&row, 1}, chunk));
  }
  return OkStatus();
}

Status Engine::NextCached(std::span<Sequence* const> sequences) {
  rows_.clear();
  for (Sequence* s : sequences) {
    if (s->page < 0) {
      WEFT_CHECK(!free_pages_.empty(), "more than {} sequences", options_.max_sequences);
      s->page = free_pages_.back();
      free_pages_.pop_back();
      s->cached = 0;
    }
    const auto size = static_cast<int64_t>(s->tokens.size());
    WEFT_CHECK(s->cached < size);
    if (size - s->cached == 1) {
      rows_.push_back({s, s->cached, 1});
    } else {
      WEFT_RETURN_IF_ERROR(Prefill(*s));
    }
  }
  return rows_.empty() ? OkStatus() : RunRows(rows_, 1);
}

Status Engine::Next(std::span<Sequence* const> sequences) {
  WEFT_CHECK(!sequences.empty() && std::ssize(sequences) <= options_.max_sequences);
  for (const Sequence* s : sequences)
    WEFT_CHECK(!s->tokens.empty() && std::ssize(s->tokens) <= options_.context);
  return options_.use_cache ? NextCached(sequences) : NextUncached(sequences);
}

void Engine::Release(Sequence& s) {
  if (s.page >= 0) free_pages_.push_back(s.page);
  s.page = -1;
  s.cached = 0;
}

}  // namespace weft
