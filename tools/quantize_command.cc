// weft quantize: a model's weights in 8 or 4 bits, and what it costs: sizes, and the loss on a text before
// and after.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/threads.h"
#include "compiler/compile.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/generate/quantize.h"
#include "runtime/generate/text_loss.h"
#include "tools/commands.h"
#include "tools/eval_text.h"
#include "tools/quantized_directory.h"
#include "tools/standard_streams.h"
#include "tools/weights_flags.h"

namespace weft {
namespace {

struct Flags {
  std::string model, out, keep, data;
  std::vector<std::string> texts;
  int64_t bits = 8, group = 32, context = 0;
  int threads = 0;
  bool json = false;
};

struct Report {
  EvalText text;
  TextLoss before, after;
  int64_t bytes_before = 0;
  std::optional<int64_t> bytes_after;  // of what was written
  size_t matrices = 0;                 // that were quantised

  double BitsPerByte(const TextLoss& loss) const {
    return loss.nats / M_LN2 / static_cast<double>(text.bytes);
  }
};

class Command {
 public:
  explicit Command(const Flags& flags) : flags_(flags), target_({flags.threads, false}) {}

  Status Run() {
    options_ = {.bits = flags_.bits, .group = flags_.group, .keep = flags_.keep};
    WEFT_RETURN_IF_ERROR(CheckGroup(options_.group));
    if (!flags_.out.empty() && Exists(flags_.out))
      return InvalidArgument("'{}' exists: give another --out, or remove it", flags_.out);
    WEFT_ASSIGN_OR_RETURN(LoadedModel model, LoadModel(flags_.model));
    WEFT_RETURN_IF_ERROR(CheckNotQuantized(model, "weft quantize"));
    WEFT_RETURN_IF_ERROR(CheckContext(model));
    WEFT_ASSIGN_OR_RETURN(report_.text, FindEvalText(flags_.texts, flags_.data, flags_.model,
                                                     model.directory.tokenizer, flags_.threads));
    WEFT_ASSIGN_OR_RETURN(report_.bytes_before, WeightFileBytes(model.directory));
    WEFT_ASSIGN_OR_RETURN(LoadedModel quantized, Quantized());  // mistakes first: measuring takes time
    WEFT_ASSIGN_OR_RETURN(report_.before, Loss(std::move(model), "before"));
    WEFT_ASSIGN_OR_RETURN(report_.after, Loss(std::move(quantized), "after"));
    return flags_.json ? WriteOut(DumpJson(ToJson(), 2) + "\n") : WriteOut(ToText());
  }

 private:
  // The quantised model: as it was written, where --out says so.
  StatusOr<LoadedModel> Quantized() {
    WEFT_ASSIGN_OR_RETURN(LoadedModel model, LoadModel(flags_.model));
    WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> names, QuantizeModel(model.graph, options_));
    report_.matrices = names.size();
    if (flags_.out.empty()) return model;
    const auto compile = [&](const Graph& graph, const std::string& name) {
      return Compile(graph, {}, target_, {.name = name});
    };
    WEFT_RETURN_IF_ERROR(model.session->Derive(model.graph, compile));
    WEFT_RETURN_IF_ERROR(WriteQuantizedDirectory(flags_.out, model, options_, names));
    WEFT_ASSIGN_OR_RETURN(LoadedModel written, LoadModel(flags_.out));
    WEFT_ASSIGN_OR_RETURN(report_.bytes_after, WeightFileBytes(written.directory));
    return written;
  }

  Status CheckContext(const LoadedModel& model) const {
    const int64_t most = model.directory.config.context_length;
    if (flags_.context >= 0 && flags_.context <= most) return OkStatus();
    return InvalidArgument("--context-length is {}, expected 1 to {}, the model's (0: all of it)",
                           flags_.context, most);
  }

  StatusOr<TextLoss> Loss(LoadedModel model, const char* when) const {
    const int64_t context = flags_.context > 0 ? flags_.context : model.directory.config.context_length;
    Progress progress({.label = when, .total = std::ssize(report_.text.tokens), .unit = "tokens"});
    return MeasureTextLoss(std::move(model.graph), model.session.get(), target_, report_.text.tokens, context,
                           [&](int64_t done) { progress.Update(done); });
  }

  std::string Row(std::string_view name, const TextLoss& loss) const {
    const double mean = loss.Mean();
    return fmt::format("{:<22}{:>13}{:>14.4f}{:>14.4f}\n", name,
                       report_.text.bytes > 0 ? fmt::format("{:.4f}", report_.BitsPerByte(loss)) : "", mean,
                       std::exp(mean));
  }

  std::string ToText() const {
    const auto bytes = [](int64_t n) { return HumanBytes(static_cast<double>(n)); };
    std::string text =
        fmt::format("{} matrices in {} bits, groups of {}", report_.matrices, options_.bits, options_.group);
    if (report_.bytes_after) {
      text +=
          fmt::format(": {} -> {} ({:.1f} %), {}\n", bytes(report_.bytes_before), bytes(*report_.bytes_after),
                      100.0 * static_cast<double>(*report_.bytes_after) /
                          static_cast<double>(std::max<int64_t>(report_.bytes_before, 1)),
                      flags_.out);
    } else {
      text += fmt::format(" of {}; nothing is written without --out\n", bytes(report_.bytes_before));
    }
    text += fmt::format("{}: {} tokens asked for in {} windows\n", report_.text.name,
                        report_.before.num_tokens, report_.before.num_windows);
    text += fmt::format("{:<22}{:>13}{:>14}{:>14}\n", "", "bits per byte", "nats a token", "perplexity");
    text += Row("before", report_.before) + Row("after", report_.after);
    return text + fmt::format("{:<22}{:>13}{:>+14.4f}\n", "difference", "",
                              report_.after.Mean() - report_.before.Mean());
  }

  Json ToJson(const TextLoss& loss) const {
    return {{"loss", loss.Mean()},
            {"perplexity", std::exp(loss.Mean())},
            {"bits_per_byte", report_.text.bytes > 0 ? Json(report_.BitsPerByte(loss)) : Json()}};
  }
  Json ToJson() const {
    return {{"bits", options_.bits},
            {"group", options_.group},
            {"matrices", report_.matrices},
            {"weight_bytes_before", report_.bytes_before},
            {"weight_bytes_after", report_.bytes_after ? Json(*report_.bytes_after) : Json()},
            {"tokens", report_.before.num_tokens},
            {"before", ToJson(report_.before)},
            {"after", ToJson(report_.after)}};
  }

  const Flags& flags_;
  CpuTarget target_;
  QuantizeWeightsOptions options_;
  Report report_;
};

}  // namespace

void RegisterQuantizeCommand(CLI::App& app, Status* result) {
  auto flags = std::make_shared<Flags>();
  flags->threads = AvailableProcessors();
  CLI::App* command = app.add_subcommand(
      "quantize", "Weights in 8 or 4 bits for generate and eval, and the loss before and after");
  command->option_defaults()->always_capture_default();
  command->add_option("MODEL", flags->model, "a model directory, or a run directory (its latest checkpoint)")
      ->required();
  command->add_option("--bits", flags->bits, "of a weight")->check(CLI::IsMember({8, 4}));
  command->add_option("--group", flags->group, "weights that share a scale, a multiple of 32");
  command->add_option("--keep", flags->keep,
                      "what is not quantised, a regular expression of scopes: 'lm_head'");
  command->add_option("--out", flags->out,
                      "the model directory to write, which must not exist; empty: only measure");
  command->add_option("--text", flags->texts,
                      "text files to measure on, one after the other ('-': standard input)");
  command->add_option(
      "--data", flags->data,
      "the held-out split of this prepared data (without --text and --data: of the run's own)");
  command->add_option("--context-length", flags->context, "tokens in a window; 0: the model's");
  command->add_option("--threads", flags->threads, "threads")->check(CLI::PositiveNumber);
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback([flags, result] { *result = Command(*flags).Run(); });
}

}  // namespace weft
