#include "runtime/generate/generator.h"

#include <chrono>
#include <memory>

#include "base/interrupt.h"
#include "runtime/generate/stop_text.h"

namespace weft {

std::string_view Name(StopReason reason) {
  constexpr std::string_view kNames[] = {"end_token", "max_tokens", "stop_string", "context", "interrupted"};
  return kNames[static_cast<size_t>(reason)];
}

StatusOr<std::vector<int64_t>> EncodePrompt(const Tokenizer& tokenizer, std::string_view prompt,
                                            int64_t context) {
  WEFT_ASSIGN_OR_RETURN(const std::vector<uint32_t> ids, tokenizer.Encode(prompt));
  std::vector<int64_t> tokens(ids.begin(), ids.end());
  if (tokens.empty()) {
    const std::optional<uint32_t> eos = tokenizer.eos_id();
    if (!eos) {
      return InvalidArgument(
          "the prompt is empty, and the tokenizer has no end-of-text token to begin with: give --prompt");
    }
    tokens.push_back(*eos);
  }
  if (std::ssize(tokens) >= context) {
    return InvalidArgument(
        "the prompt has {} tokens, the model's context is {}, and one must be left to write: "
        "shorten the prompt to {} tokens",
        tokens.size(), context, context - 1);
  }
  return tokens;
}

namespace {

using Clock = std::chrono::steady_clock;
double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// One request that is being written.
struct Writer {
  Writer(size_t r, const GenerateRequest& what, const Tokenizer& tokenizer, const GenerateOptions& options)
      : request(r), decoder(tokenizer), text(options.stops), begin(Clock::now()) {
    sequence.tokens = what.prompt;
    sequence.sampling = what.sampling;
  }
  size_t request;
  Sequence sequence;
  StreamDecoder decoder;
  StopText text;
  Clock::time_point begin;
  Generation result;
  bool done = false;
};

class Run {
 public:
  Run(Engine& engine, const Tokenizer& tokenizer, const std::vector<GenerateRequest>& requests,
      const GenerateOptions& options)
      : engine_(engine), tokenizer_(tokenizer), requests_(requests), options_(options) {
    results_.resize(requests.size());
  }
  ~Run() {
    for (const auto& w : active_) engine_.Release(w->sequence);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Status All();
  std::vector<Generation> TakeResults() { return std::move(results_); }
  const GenerateSummary& summary() const { return summary_; }

 private:
  Status Prepare();
  void Admit();
  Status Step();
  Status Accept(Writer& w);
  void Stop(Writer& w, StopReason reason);
  void Show(Writer& w, bool last);
  void RemoveDone();

  Engine& engine_;
  const Tokenizer& tokenizer_;
  const std::vector<GenerateRequest>& requests_;
  const GenerateOptions& options_;
  size_t next_ = 0;
  std::vector<std::unique_ptr<Writer>> active_;
  std::vector<Generation> results_;
  GenerateSummary summary_;
};

void Run::Admit() {
  while (next_ < requests_.size() && std::ssize(active_) < engine_.options().max_sequences) {
    const GenerateRequest& request = requests_[next_];
    active_.push_back(std::make_unique<Writer>(next_, request, tokenizer_, options_));
    summary_.prompt_tokens += std::ssize(request.prompt);
    ++next_;
  }
}

void Run::Show(Writer& w, bool last) {
  const std::string_view piece = w.text.Take(last);
  if (!piece.empty() && options_.on_text) options_.on_text(w.request, piece);
}

void Run::Stop(Writer& w, StopReason reason) {
  w.done = true;
  w.result.reason = reason;
  if (reason != StopReason::kStopString && w.text.Append(w.decoder.Finish())) {
    w.result.reason = StopReason::kStopString;
  }
  Show(w, true);
  w.result.text = w.text.text();
  if (options_.on_done) options_.on_done(w.request, w.result);
}

Status Run::Accept(Writer& w) {
  Generation& g = w.result;
  if (g.tokens.empty()) {
    g.first_token_seconds = SecondsSince(w.begin);
    if (w.request == 0) summary_.first_token_seconds = g.first_token_seconds;
  }
  const int64_t token = w.sequence.next;
  g.tokens.push_back({token, w.sequence.logprob});
  ++summary_.new_tokens;
  if (options_.end_token && token == *options_.end_token) {
    Stop(w, StopReason::kEndToken);
    return OkStatus();
  }
  w.sequence.tokens.push_back(token);
  WEFT_ASSIGN_OR_RETURN(const std::string piece, w.decoder.Push(static_cast<uint32_t>(token)));
  if (w.text.Append(piece)) {
    Stop(w, StopReason::kStopString);
  } else if (options_.max_tokens > 0 && std::ssize(g.tokens) >= options_.max_tokens) {
    Stop(w, StopReason::kMaxTokens);
  } else if (std::ssize(w.sequence.tokens) >= engine_.options().context) {
    Stop(w, StopReason::kContext);
  } else {
    Show(w, false);
  }
  return OkStatus();
}

Status Run::Step() {
  std::vector<Sequence*> sequences;
  bool only_decodes = true;
  for (const auto& w : active_) {
    sequences.push_back(&w->sequence);
    only_decodes &= !w->result.tokens.empty();
  }
  const Clock::time_point begin = Clock::now();
  WEFT_RETURN_IF_ERROR(engine_.Next(sequences));
  if (only_decodes) {
    summary_.decoded_tokens += std::ssize(sequences);
    summary_.decode_seconds += SecondsSince(begin);
  }
  for (const auto& w : active_) WEFT_RETURN_IF_ERROR(Accept(*w));
  return OkStatus();
}

void Run::RemoveDone() {
  std::erase_if(active_, [&](const std::unique_ptr<Writer>& w) {
    if (!w->done) return false;
    engine_.Release(w->sequence);
    results_[w->request] = std::move(w->result);
    return true;
  });
}

// The programs of the first prompts, so that their compilation is no part of the times.
Status Run::Prepare() {
  const auto n =
      std::min(std::ssize(requests_), static_cast<std::ptrdiff_t>(engine_.options().max_sequences));
  for (const GenerateRequest& r : std::span(requests_).first(static_cast<size_t>(n))) {
    WEFT_RETURN_IF_ERROR(engine_.Prepare(std::ssize(r.prompt), n));
  }
  return OkStatus();
}

Status Run::All() {
  WEFT_RETURN_IF_ERROR(Prepare());
  const Clock::time_point begin = Clock::now();
  for (Admit(); !active_.empty(); Admit()) {
    WEFT_RETURN_IF_ERROR(Step());
    if (InterruptRequested()) {
      next_ = requests_.size();
      for (const auto& w : active_) {
        if (!w->done) Stop(*w, StopReason::kInterrupted);
      }
    }
    RemoveDone();
  }
  summary_.seconds = SecondsSince(begin);
  return OkStatus();
}

}  // namespace

StatusOr<std::vector<Generation>> Generate(Engine& engine, const Tokenizer& tokenizer,
                                           const std::vector<GenerateRequest>& requests,
                                           const GenerateOptions& options, GenerateSummary* summary) {
  Run run(engine, tokenizer, requests, options);
  WEFT_RETURN_IF_ERROR(run.All());
  if (summary != nullptr) *summary = run.summary();
  return run.TakeResults();
}

}  // namespace weft
