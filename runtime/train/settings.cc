#include "runtime/train/settings.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/process_memory.h"
#include "base/suggest.h"
#include "compiler/passes/fusions.h"

namespace weft {
namespace {

using S = TrainSettings;
constexpr std::string_view kData = "Data", kModel = "Model", kOptimisation = "Optimisation", kRun = "Run";

constexpr Setting kSettings[] = {
    {"tokenizer", kData, "bpe (trained on the text), bytes, or a tokenizer.json", &S::tokenizer},
    {"vocab-size", kData, "tokens of a trained tokenizer; 0: the preset's, or 2048", &S::vocab_size},
    {"val-fraction", kData, "share of the text held out, at its end", &S::val_fraction},
    {"context-length", kModel, "tokens a window", &S::context_length},
    {"d-model", kModel, "width of the residual stream", &S::d_model},
    {"num-layers", kModel, "transformer blocks", &S::num_layers},
    {"num-heads", kModel, "query heads", &S::num_heads},
    {"num-kv-heads", kModel, "key/value heads; 0: as many as query heads", &S::num_kv_heads},
    {"head-dim", kModel, "size of a head; 0: d-model / num-heads", &S::head_dim},
    {"d-ff", kModel, "width of the feed-forward layer; 0: 8/3 d-model (swiglu) or 4 d-model", &S::d_ff},
    {"norm", kModel, "RMSNorm: pre, post or none", &S::norm},
    {"rope", kModel, "rotary positions: half (Hugging Face), interleaved (CS336) or none", &S::rope},
    {"rope-theta", kModel, "base of the rotary frequencies", &S::rope_theta},
    {"feed-forward", kModel, "swiglu, silu, relu2 or gelu", &S::feed_forward},
    {"norm-epsilon", kModel, "added to the mean square", &S::norm_epsilon},
    {"tie-embeddings", kModel, "the head uses the embedding's weights", &S::tie_embeddings},
    {"qk-norm", kModel, "RMSNorm of queries and keys", &S::qk_norm},
    {"bias", kModel, "linear layers have a bias", &S::bias},
    {"dropout", kModel, "share dropped after the embedding and each layer", &S::dropout},
    {"batch-size", kOptimisation, "windows a micro batch", &S::batch_size},
    {"grad-accumulation", kOptimisation, "micro batches a step", &S::grad_accumulation},
    {"steps", kOptimisation, "updates", &S::steps},
    {"optimizer", kOptimisation, "adamw or sgd", &S::optimizer},
    {"lr", kOptimisation, "largest learning rate", &S::lr},
    {"min-lr", kOptimisation, "learning rate at the end", &S::min_lr},
    {"schedule", kOptimisation, "constant, cosine, linear or wsd (warmup, stable, decay)", &S::schedule},
    {"warmup-steps", kOptimisation, "steps of linear warmup", &S::warmup_steps},
    {"decay-steps", kOptimisation, "wsd: last steps that decay; 0: a fifth", &S::decay_steps},
    {"weight-decay", kOptimisation, "decoupled weight decay", &S::weight_decay},
    {"decay-vectors", kOptimisation, "decay gains and biases too", &S::decay_vectors},
    {"decay-embeddings", kOptimisation, "decay the embedding too", &S::decay_embeddings},
    {"beta1", kOptimisation, "AdamW's first decay", &S::beta1},
    {"beta2", kOptimisation, "AdamW's second decay", &S::beta2},
    {"epsilon", kOptimisation, "AdamW's epsilon", &S::epsilon},
    {"momentum", kOptimisation, "SGD's momentum", &S::momentum},
    {"grad-clip", kOptimisation, "largest norm of the gradient; 0: no clipping", &S::grad_clip},
    {"z-loss", kOptimisation,
     "times the square of each token's log-sum-exp, added to its training loss (PaLM: 1e-4)", &S::z_loss},
    {"precision", kOptimisation,
     "f32, or bf16: products and activations, with f32 weights, sums and statistics", &S::precision},
    {"keep-f32", kOptimisation,
     "with bf16: what stays in f32, a regular expression of scopes: 'lm_head|ln_.*'", &S::keep_f32},
    {"seed", kOptimisation, "of weights, windows and dropout", &S::seed},
    {"overfit-one-batch", kOptimisation, "every step sees the first step's windows: a check of the model",
     &S::overfit_one_batch},
    {"eval-every", kRun, "steps between evaluations; 0: only at the end", &S::eval_every, false},
    {"eval-windows", kRun, "held-out windows of an evaluation on the way; 0: all (as at the end)",
     &S::eval_windows, false},
    {"save-every", kRun, "steps between checkpoints; 0: only at the end", &S::save_every, false},
    {"keep", kRun, "checkpoints to keep beside the best", &S::keep, false},
    {"threads", kRun, "threads; 0: what affinity and cgroup allow", &S::threads, false},
    {"memory-limit", kRun, "the largest planned peak: 600MB, 2GB; empty: what the machine has",
     &S::memory_limit, false},
    {"recompute", kRun,
     "what backward computes again instead of keeping it: none, blocks (all inside of them), auto (as little "
     "as the memory "
     "limit allows)",
     &S::recompute, false},
    {"no-fuse", kRun, "compile without fusions: all, or names with commas between (--no-fuse=swiglu)",
     &S::no_fuse, true, "all"},
};

std::string Text(int64_t v) { return fmt::format("{}", v); }
std::string Text(double v) { return fmt::format("{}", v); }
std::string Text(bool v) { return v ? "true" : "false"; }
std::string Text(const std::string& v) { return v; }

Status Parse(std::string_view text, std::string_view name, int64_t* v) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *v);
  if (error == std::errc() && end == text.data() + text.size()) return OkStatus();
  return InvalidArgument("--{}: expected a whole number, got '{}'", name, text);
}
Status Parse(std::string_view text, std::string_view name, double* v) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *v);
  if (error == std::errc() && end == text.data() + text.size()) return OkStatus();
  return InvalidArgument("--{}: expected a number, got '{}'", name, text);
}
Status Parse(std::string_view text, std::string_view name, bool* v) {
  *v = text == "true" || text == "1";
  if (*v || text == "false" || text == "0") return OkStatus();
  return InvalidArgument("--{}: expected true or false, got '{}'", name, text);
}
Status Parse(std::string_view text, std::string_view, std::string* v) {
  *v = text;
  return OkStatus();
}

Status TakeJson(const nlohmann::json& json, const Setting& setting, const std::string& file,
                TrainSettings* s) {
  auto wrong = [&](std::string_view expected) {
    return InvalidArgument("{}: {} is {}, expected {}", file, JsonKey(setting), json.dump(), expected);
  };
  return std::visit(
      [&]<class T>(T TrainSettings::*member) {
        if constexpr (std::is_same_v<T, int64_t>) {
          if (!json.is_number_integer()) return wrong("a whole number");
        } else if constexpr (std::is_same_v<T, double>) {
          if (!json.is_number()) return wrong("a number");
        } else if constexpr (std::is_same_v<T, bool>) {
          if (!json.is_boolean()) return wrong("true or false");
        } else {
          if (!json.is_string()) return wrong("a string");
        }
        s->*member = json.get<T>();
        return OkStatus();
      },
      setting.member);
}

Status Range(std::string_view flag, double value, double low, double high) {
  if (value >= low && value <= high) return OkStatus();
  return InvalidArgument("--{} is {}, expected {} to {}", flag, value, low, high);
}

Status OneOf(std::string_view flag, const std::string& value, std::initializer_list<std::string_view> names) {
  std::string list;
  for (std::string_view n : names) {
    if (n == value) return OkStatus();
    list += (list.empty() ? "" : ", ") + std::string(n);
  }
  return InvalidArgument("--{} is '{}', expected one of {}", flag, value, list);
}

}  // namespace

std::span<const Setting> AllSettings() { return kSettings; }

std::string JsonKey(const Setting& setting) {
  std::string key(setting.name);
  for (char& c : key) {
    if (c == '-') c = '_';
  }
  return key;
}

std::string ToText(const TrainSettings& settings, const Setting& setting) {
  return std::visit([&](auto member) { return Text(settings.*member); }, setting.member);
}

Status FromText(std::string_view text, const Setting& setting, TrainSettings* settings) {
  return std::visit([&](auto member) { return Parse(text, setting.name, &(settings->*member)); },
                    setting.member);
}

nlohmann::json ToJson(const TrainSettings& settings) {
  nlohmann::json json = nlohmann::json::object();
  for (const Setting& s : kSettings) {
    std::visit([&](auto member) { json[JsonKey(s)] = settings.*member; }, s.member);
  }
  return json;
}

Status FromJson(const nlohmann::json& json, const std::string& file, TrainSettings* settings) {
  if (!json.is_object()) return InvalidArgument("{}: expected a JSON object of settings", file);
  for (auto it = json.begin(); it != json.end(); ++it) {
    const Setting* found = nullptr;
    std::vector<std::string> names;
    for (const Setting& s : kSettings) {
      names.push_back(JsonKey(s));
      if (names.back() == it.key()) found = &s;
    }
    if (found == nullptr) {
      return InvalidArgument("{}: there is no setting '{}'{}", file, it.key(), DidYouMean(it.key(), names));
    }
    WEFT_RETURN_IF_ERROR(TakeJson(it.value(), *found, file, settings));
  }
  return OkStatus();
}

StatusOr<int64_t> MemoryLimit(const TrainSettings& settings) {
  const std::string& text = settings.memory_limit;
  if (text.empty()) return MachineMemory();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view suffix = std::string_view(text).substr(static_cast<size_t>(end - text.data()));
  const std::pair<std::string_view, double> units[] = {{"", 1},       {"B", 1},         {"kB", 1e3},
                                                       {"KB", 1e3},   {"MB", 1e6},      {"GB", 1e9},
                                                       {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}};
  for (const auto& [unit, factor] : units) {
    if (error == std::errc() && value > 0 && suffix == unit) return static_cast<int64_t>(value * factor);
  }
  return InvalidArgument("--memory-limit: expected a size such as 600MB or 2GB, got '{}'", text);
}

Status Check(const TrainSettings& s) {
  constexpr double kMany = 1e15;
  WEFT_RETURN_IF_ERROR(Range("val-fraction", s.val_fraction, 0, 0.9));
  WEFT_RETURN_IF_ERROR(Range("batch-size", static_cast<double>(s.batch_size), 1, 1 << 20));
  WEFT_RETURN_IF_ERROR(Range("grad-accumulation", static_cast<double>(s.grad_accumulation), 1, 1 << 20));
  WEFT_RETURN_IF_ERROR(Range("steps", static_cast<double>(s.steps), 0, 4294967295.0));
  WEFT_RETURN_IF_ERROR(Range("lr", s.lr, 0, 1e6));
  WEFT_RETURN_IF_ERROR(Range("min-lr", s.min_lr, 0, 1e6));
  WEFT_RETURN_IF_ERROR(Range("weight-decay", s.weight_decay, 0, 1e6));
  WEFT_RETURN_IF_ERROR(Range("beta1", s.beta1, 0, 0.9999999));
  WEFT_RETURN_IF_ERROR(Range("beta2", s.beta2, 0, 0.9999999));
  WEFT_RETURN_IF_ERROR(Range("momentum", s.momentum, 0, 0.9999999));
  WEFT_RETURN_IF_ERROR(Range("epsilon", s.epsilon, 0, 1));
  WEFT_RETURN_IF_ERROR(Range("grad-clip", s.grad_clip, 0, 1e30));
  WEFT_RETURN_IF_ERROR(Range("z-loss", s.z_loss, 0, 1e6));
  WEFT_RETURN_IF_ERROR(Range("warmup-steps", static_cast<double>(s.warmup_steps), 0, kMany));
  WEFT_RETURN_IF_ERROR(Range("decay-steps", static_cast<double>(s.decay_steps), 0, kMany));
  WEFT_RETURN_IF_ERROR(Range("eval-every", static_cast<double>(s.eval_every), 0, kMany));
  WEFT_RETURN_IF_ERROR(Range("eval-windows", static_cast<double>(s.eval_windows), 0, kMany));
  WEFT_RETURN_IF_ERROR(Range("save-every", static_cast<double>(s.save_every), 0, kMany));
  WEFT_RETURN_IF_ERROR(Range("keep", static_cast<double>(s.keep), 1, kMany));
  WEFT_RETURN_IF_ERROR(Range("threads", static_cast<double>(s.threads), 0, 1024));
  WEFT_RETURN_IF_ERROR(OneOf("precision", s.precision, {"f32", "bf16"}));
  if (!s.keep_f32.empty() && s.precision != "bf16")
    return InvalidArgument("--keep-f32 goes with --precision bf16");
  WEFT_RETURN_IF_ERROR(MemoryLimit(s).status());
  WEFT_RETURN_IF_ERROR(OneOf("recompute", s.recompute, {"none", "blocks", "auto"}));
  WEFT_RETURN_IF_ERROR(Prefix("--no-fuse", Fusions::AllBut(s.no_fuse).status()));
  WEFT_RETURN_IF_ERROR(OneOf("optimizer", s.optimizer, {"adamw", "sgd"}));
  return OneOf("schedule", s.schedule, {"constant", "cosine", "linear", "wsd"});
}

DataType ProductsOf(const TrainSettings& settings) {
  return settings.precision == "bf16" ? DataType::kBF16 : DataType::kF32;
}

std::vector<std::string> MathematicalDifferences(const TrainSettings& before, const TrainSettings& now) {
  std::vector<std::string> differences;
  for (const Setting& s : kSettings) {
    const std::string a = ToText(before, s), b = ToText(now, s);
    if (s.mathematics && a != b) differences.push_back(fmt::format("{}: {} before, {} now", s.name, a, b));
  }
  return differences;
}

}  // namespace weft
