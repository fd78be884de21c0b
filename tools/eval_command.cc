// weft eval: how well a model predicts any text, or the text that its run held out, beside the floor of that
// text and an n-gram model that saw the same tokens.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/human.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/threads.h"
#include "frontends/data/kneser_ney.h"
#include "frontends/data/ngram_loss.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/generate/text_loss.h"
#include "tools/commands.h"
#include "tools/eval_text.h"
#include "tools/load_model.h"
#include "tools/no_fuse_flag.h"
#include "tools/precision_flags.h"
#include "tools/weights_flags.h"

namespace weft {
namespace {

struct Flags {
  std::string model, no_fuse;
  std::vector<std::string> texts;
  std::string data;
  int64_t context = 0;
  int kneser_ney = 0;  // order; 0: none
  PrecisionFlags precision;
  WeightsFlags weights;
  int threads = 0;
  bool json = false;
};

struct Report {
  TextLoss loss;
  std::optional<NgramLoss> ngrams;
};

StatusOr<EvalText> ReadText(const Flags& flags, const LoadedModel& model) {
  if (!flags.texts.empty() && flags.data.empty() && flags.kneser_ney > 0) {
    return InvalidArgument(
        "--kneser-ney needs a training split to count in: give --data, or a run as --model");
  }
  return FindEvalText(flags.texts, flags.data, flags.model, model.directory.tokenizer, flags.threads);
}

double BitsPerByte(double nats, int64_t bytes) { return nats / M_LN2 / static_cast<double>(bytes); }

void PrintJson(const EvalText& text, const Report& report) {
  const double mean = report.loss.Mean();
  const bool bytes = text.bytes > 0;
  Json json = {{"loss", mean},
               {"perplexity", std::exp(mean)},
               {"tokens", report.loss.num_tokens},
               {"windows", report.loss.num_windows},
               {"bytes", text.bytes},
               {"bits_per_byte", bytes ? Json(BitsPerByte(report.loss.nats, text.bytes)) : Json()}};
  if (text.floor_bits_per_byte) json["floor_bits_per_byte"] = *text.floor_bits_per_byte;
  if (report.ngrams) {
    json["kneser_ney"] = {
        {"order", report.ngrams->order},
        {"nats_per_token", report.ngrams->Mean()},
        {"bits_per_byte", bytes ? Json(BitsPerByte(report.ngrams->nats, text.bytes)) : Json()}};
  }
  fmt::print("{}\n", DumpJson(json));
}

// One line of the table: bits per byte and how far they are above the floor, nats a token, perplexity.
void PrintRow(const EvalText& text, std::string_view name, double bits_per_byte, double nats_per_token) {
  const std::optional<double> floor = text.floor_bits_per_byte;
  const std::string above =
      floor && bits_per_byte != *floor ? fmt::format("{:+.1f} %", 100 * (bits_per_byte / *floor - 1)) : "";
  fmt::print("{:<22}{:>13}", name, text.bytes > 0 ? fmt::format("{:.4f}", bits_per_byte) : "");
  if (floor) fmt::print("{:>14}", above);
  fmt::print("{:>14.4f}{:>14.4f}\n", nats_per_token, std::exp(nats_per_token));
}

void PrintTable(const EvalText& text, const Report& report) {
  const TextLoss& loss = report.loss;
  fmt::print("{}: {} tokens asked for in {} windows, {}\n", text.name, loss.num_tokens, loss.num_windows,
             HumanBytes(static_cast<double>(text.bytes)));
  fmt::print("{:<22}{:>13}{}{:>14}{:>14}\n", "", "bits per byte",
             text.floor_bits_per_byte ? fmt::format("{:>14}", "above floor") : "", "nats a token",
             "perplexity");
  if (const std::optional<double> floor = text.floor_bits_per_byte) {
    const double nats = *floor * M_LN2 * static_cast<double>(text.bytes);
    PrintRow(text, "its floor", *floor, nats / static_cast<double>(loss.num_tokens));
  }
  PrintRow(text, "the model", BitsPerByte(loss.nats, text.bytes), loss.Mean());
  if (report.ngrams) {
    PrintRow(text, fmt::format("Kneser-Ney, order {}", report.ngrams->order),
             BitsPerByte(report.ngrams->nats, text.bytes), report.ngrams->Mean());
  }
}

Status RunEval(const Flags& flags) {
  WEFT_ASSIGN_OR_RETURN(const Fusions fuse, FusionsWithout(flags.no_fuse));
  WEFT_ASSIGN_OR_RETURN(const auto quantize, ToQuantizeWeights(flags.weights));
  WEFT_ASSIGN_OR_RETURN(LoadedModel model, LoadModel(flags.model, quantize));
  const int64_t most = model.directory.config.context_length;
  if (flags.context < 0 || flags.context > most) {
    return InvalidArgument("--context-length is {}, expected 1 to {}, the model's (0: all of it)",
                           flags.context, most);
  }
  WEFT_ASSIGN_OR_RETURN(const EvalText text, ReadText(flags, model));
  WEFT_ASSIGN_OR_RETURN(const auto bf16, ToMixedPrecision(flags.precision));
  const CpuTarget target({flags.threads, false});
  Report report;
  {
    Progress progress({.label = "eval", .total = std::ssize(text.tokens), .unit = "tokens"});
    WEFT_ASSIGN_OR_RETURN(report.loss, MeasureTextLoss(
                                           std::move(model.graph), model.session.get(), target, text.tokens,
                                           flags.context > 0 ? flags.context : most,
                                           [&](int64_t done) { progress.Update(done); }, fuse, bf16));
  }
  if (flags.kneser_ney > 0) {
    WEFT_ASSIGN_OR_RETURN(report.ngrams, MeasureNgramLoss(text.name, flags.kneser_ney, flags.threads));
  }
  if (flags.json) {
    PrintJson(text, report);
  } else {
    PrintTable(text, report);
  }
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
  command->add_option("--text", flags->texts, "text files, one after the other ('-': standard input)");
  command->add_option(
      "--data", flags->data,
      "the held-out split of this prepared data (without --text and --data: of the run's own)");
  command->add_option("--context-length", flags->context, "tokens in a window; 0: the model's");
  command
      ->add_option(
          "--kneser-ney", flags->kneser_ney,
          "beside it an interpolated Kneser-Ney model of this order, from the training split, on the "
          "same held-out tokens; 0: none")
      ->check(CLI::Range(0, kMaxNgramOrder));
  AddPrecisionOptions(command, &flags->precision);
  AddWeightsOptions(command, &flags->weights);
  command->add_option("--threads", flags->threads, "threads")->check(CLI::PositiveNumber);
  AddNoFuseFlag(command, &flags->no_fuse);
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback([flags, result] { *result = RunEval(*flags); });
}

}  // namespace weft
