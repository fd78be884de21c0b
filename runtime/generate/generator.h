// Texts from prompts: the loop around Engine that applies the stop rules and hands out text as it comes.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontends/tokenizer/tokenizer.h"
#include "runtime/generate/engine.h"

namespace weft {

enum class StopReason : uint8_t { kEndToken, kMaxTokens, kStopString, kContext, kInterrupted };
// "end_token", "max_tokens", "stop_string", "context", "interrupted"
std::string_view Name(StopReason reason);

struct GenerateRequest {
  std::vector<int64_t> prompt;  // at least one token
  SamplingSettings sampling;
};

struct GeneratedToken {
  int64_t id = 0;
  float logprob = 0;  // log softmax of the logits as the model gave them, in nats
};

struct Generation {
  std::vector<GeneratedToken> tokens;  // the end token, if one came, is the last
  std::string text;                    // without end token and stop string
  StopReason reason = StopReason::kMaxTokens;
  double first_token_seconds = 0;  // since the request was taken up
};

struct GenerateOptions {
  int64_t max_tokens = 0;  // 0: until the context is full
  std::optional<int64_t> end_token = {};
  std::vector<std::string> stops = {};
  // Text of request i as it comes: pieces that together are Generation::text.
  std::function<void(size_t request, std::string_view piece)> on_text = {};
  std::function<void(size_t request, const Generation& generation)> on_done = {};
};

struct GenerateSummary {
  int64_t prompt_tokens = 0, new_tokens = 0;
  double first_token_seconds = 0;  // of the first request
  double seconds = 0;              // all
  // Steps that only decoded: tokens and time, for a rate that no prompt has a part in.
  int64_t decoded_tokens = 0;
  double decode_seconds = 0;
};

// The tokens of a prompt; one that is empty begins with the token that ends documents, or is an error where
// the tokenizer has none. An error as well: more tokens than leave room for one in `context`.
StatusOr<std::vector<int64_t>> EncodePrompt(const Tokenizer& tokenizer, std::string_view prompt,
                                            int64_t context);

// All requests, as many at once as the engine takes, in order. A text depends on its own request only. Ctrl-C
// (base/interrupt.h) ends them with what they have.
StatusOr<std::vector<Generation>> Generate(Engine& engine, const Tokenizer& tokenizer,
                                           const std::vector<GenerateRequest>& requests,
                                           const GenerateOptions& options,
                                           GenerateSummary* summary = nullptr);

}  // namespace weft
