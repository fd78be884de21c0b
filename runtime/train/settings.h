// Every setting of a training run, in one table: flags, --config, run.json and the check on resume are loops
// over it.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/data_type.h"
#include "base/status.h"

namespace weft {

struct TrainSettings {
  // data
  std::string tokenizer = "bpe";
  int64_t vocab_size = 0;
  double val_fraction = 0.05;
  // model
  int64_t context_length = 128, d_model = 128, num_layers = 4, num_heads = 4, num_kv_heads = 0, head_dim = 0,
          d_ff = 0;
  std::string norm = "pre", rope = "half", feed_forward = "swiglu";
  double rope_theta = 10000, norm_epsilon = 1e-5, dropout = 0;
  bool tie_embeddings = false, qk_norm = false, bias = false;
  // optimisation
  int64_t batch_size = 16, grad_accumulation = 1, steps = 1000;
  std::string optimizer = "adamw", schedule = "cosine";
  double lr = 1e-3, min_lr = 1e-4, weight_decay = 0.1, beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8,
         momentum = 0.9, grad_clip = 1, z_loss = 0;
  int64_t warmup_steps = 100, decay_steps = 0;
  std::string precision = "f32", keep_f32;
  bool decay_vectors = false, decay_embeddings = false, overfit_one_batch = false;
  int64_t seed = 1;
  // the run
  int64_t eval_every = 250, eval_windows = 256, save_every = 500, keep = 3, threads = 0;
  std::string memory_limit, recompute = "auto", no_fuse;
};

struct Setting {
  std::string_view name;   // "batch-size": the flag; in JSON "batch_size"
  std::string_view group;  // a heading in --help
  std::string_view help;
  std::variant<int64_t TrainSettings::*, double TrainSettings::*, std::string TrainSettings::*,
               bool TrainSettings::*>
      member;
  bool mathematics = true;      // a resumed run must have it as it was
  std::string_view alone = {};  // of a text: what the flag means without a value; empty: it needs one
};
std::span<const Setting> AllSettings();
std::string JsonKey(const Setting& setting);

// The value as text, and from text; the error names the setting and what was expected.
std::string ToText(const TrainSettings& settings, const Setting& setting);
Status FromText(std::string_view text, const Setting& setting, TrainSettings* settings);

nlohmann::json ToJson(const TrainSettings& settings);
// Takes the fields that `json` has; unknown ones are refused with a suggestion, wrong types named.
Status FromJson(const nlohmann::json& json, const std::string& file, TrainSettings* settings);

// The bytes of memory_limit, or, where there is none, those that this machine or its cgroup has (0: not
// known).
StatusOr<int64_t> MemoryLimit(const TrainSettings& settings);

// Ranges and sense: the error names the flag, what was expected and got.
Status Check(const TrainSettings& settings);

// The type of most matrix products.
DataType ProductsOf(const TrainSettings& settings);

// "lr: 0.001 before, 0.002 now", for each setting that belongs to the mathematics and differs.
std::vector<std::string> MathematicalDifferences(const TrainSettings& before, const TrainSettings& now);

}  // namespace weft
