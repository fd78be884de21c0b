// weft eval: how well a model predicts any text.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/interrupt.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/threads.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/generate/text_loss.h"
#include "tools/commands.h"
#include "tools/load_model.h"

namespace weft {
namespace {

struct Flags {
  std::string model;
  std::vector<std::string> texts;
  int64_t context = 0;
  int threads = 0;
  bool json = false;
};

StatusOr<std::vector<uint32_t>> Encode(const Flags& flags, const Tokenizer& tokenizer) {
  std::vector<std::string> paths = flags.texts;
  for (std::string& path : paths) {
    if (path == "-") path = "/dev/stdin";
  }
  std::vector<uint32_t> tokens;
  EncodeOptions options;
  options.threads = flags.threads;
  const auto sink = [&](std::span<const uint32_t> ids) {
    tokens.insert(tokens.end(), ids.begin(), ids.end());
    return OkStatus();
  };
  WEFT_RETURN_IF_ERROR(tokenizer.EncodeFiles(paths, options, sink, {{}, InterruptRequested}));
  return tokens;
}

// Bytes of the tokens that are asked for: all but the first.
int64_t BytesAskedFor(const Tokenizer& tokenizer, std::span<const uint32_t> tokens) {
  int64_t bytes = 0;
  for (const uint32_t id : tokens.subspan(1)) bytes += std::ssize(tokenizer.TokenBytes(id));
  return bytes;
}

void Print(const Flags& flags, const TextLoss& loss, int64_t bytes) {
  const double bits_per_byte = loss.nats / M_LN2 / static_cast<double>(bytes);
  if (flags.json) {
    const Json json = {{"loss", loss.Mean()},
                       {"perplexity", std::exp(loss.Mean())},
                       {"tokens", loss.num_tokens},
                       {"windows", loss.num_windows},
                       {"bytes", bytes},
                       {"bits_per_byte", bytes > 0 ? Json(bits_per_byte) : Json()}};
    fmt::print("{}\n", DumpJson(json));
    return;
  }
  fmt::print("loss            {:.4f} nats a token\n", loss.Mean());
  fmt::print("perplexity      {:.4f}\n", std::exp(loss.Mean()));
  if (bytes > 0) fmt::print("bits per byte   {:.4f}\n", bits_per_byte);
  fmt::print("tokens          {} in {} windows, {} bytes\n", loss.num_tokens, loss.num_windows, bytes);
}

Status RunEval(const Flags& flags) {
  WEFT_ASSIGN_OR_RETURN(LoadedModel model, LoadModel(flags.model));
  const int64_t most = model.directory.config.context_length;
  if (flags.context < 0 || flags.context > most) {
    return InvalidArgument("--context-length is {}, expected 1 to {}, the model's (0: all of it)",
                           flags.context, most);
  }
  WEFT_ASSIGN_OR_RETURN(const std::vector<uint32_t> tokens, Encode(flags, model.directory.tokenizer));
  const CpuTarget target({flags.threads, false});
  TextLoss loss;
  {
    Progress progress({.label = "eval", .total = std::ssize(tokens), .unit = "tokens"});
    WEFT_ASSIGN_OR_RETURN(loss, MeasureTextLoss(std::move(model.graph), model.session.get(), target, tokens,
                                                flags.context > 0 ? flags.context : most,
                                                [&](int64_t done) { progress.Update(done); }));
  }
  Print(flags, loss, BytesAskedFor(model.directory.tokenizer, tokens));
  return OkStatus();
}

}  // namespace

void RegisterEvalCommand(CLI::App& app, Status* result) {
  auto flags = std::make_shared<Flags>();
  flags->threads = AvailableProcessors();
  CLI::App* command = app.add_subcommand("eval", "Loss, perplexity and bits per byte of a text");
  command->option_defaults()->always_capture_default();
  command
      ->add_option("--model", flags->model, "a model directory, or a run directory (its latest checkpoint)")
      ->required();
  command->add_option("--text", flags->texts, "text files, one after the other ('-': standard input)")
      ->required();
  command->add_option("--context-length", flags->context, "tokens in a window; 0: the model's");
  command->add_option("--threads", flags->threads, "threads")->check(CLI::PositiveNumber);
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback([flags, result] { *result = RunEval(*flags); });
}

}  // namespace weft
