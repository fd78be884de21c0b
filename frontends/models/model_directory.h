// A model directory, as Hugging Face has it: config.json, model.safetensors (or shards with an index) and
// tokenizer.json.
//
// Of a model whose weights were quantised (`weft quantize`) config.json has
//   "quantization_config": {"quant_method": "weft", "bits": 8, "group_size": 32}
// and of each quantised matrix `NAME` the file has, in place of it or beside it, `NAME.q8` (I8 [N, K]; of 4
// bits `NAME.q4`, U8 [N, (K + 1) / 2]) and `NAME.q8.scales` (BF16 [N, groups]); ops/common/quantized_rows.h
// has the rest.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/safetensors.h"
#include "frontends/models/transformer_config.h"
#include "frontends/tokenizer/tokenizer.h"

namespace weft {

struct WeightQuantization {
  int64_t bits = 8, group = 32;
};
// The value of config.json's quantization_config.
nlohmann::json ToJson(const WeightQuantization& quantization);

struct ModelDirectory {
  std::string path;  // of the model directory, in a run directory too
  TransformerConfig config;
  SafetensorsSet weights;
  Tokenizer tokenizer;
  // Tensors that the file may have although the model has no such parameter: a tied head, rotary tables.
  std::vector<std::string> ignored_tensors;
  std::optional<WeightQuantization> quantization = {};  // none: no weight is quantised
};

// `path` is a model directory, or a run directory (one with checkpoints/), whose checkpoints/latest is taken.
// Nothing is checked but what can be seen without the model's graph: a tokenizer with more ids than
// vocab_size is an error. No tokenizer.json and a vocabulary of 256 or 257: bytes as tokens.
StatusOr<ModelDirectory> OpenModelDirectory(const std::string& path);
// The directory that OpenModelDirectory would take; the error says what a model directory is.
StatusOr<std::string> FindModelDirectory(const std::string& path);
StatusOr<TransformerConfig> ReadModelConfig(const std::string& directory);

}  // namespace weft
