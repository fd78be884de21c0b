#include "frontends/models/model_directory.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"

namespace weft {
namespace {

StatusOr<Tokenizer> LoadTokenizer(const std::string& directory, const TransformerConfig& config) {
  const bool has_file =
      Exists(JoinPath(directory, "tokenizer.json")) ||
      (Exists(JoinPath(directory, "vocab.json")) && Exists(JoinPath(directory, "merges.txt")));
  if (!has_file && config.vocab_size == 256) return Tokenizer::PlainBytes(std::vector<std::string>());
  if (!has_file && config.vocab_size == 257) return Tokenizer::Load("bytes");
  WEFT_ASSIGN_OR_RETURN(Tokenizer tokenizer, Tokenizer::Load(directory));
  if (tokenizer.vocab_size() > config.vocab_size) {
    return InvalidArgument("{}: the tokenizer has {} ids, config.json says vocab_size {}", directory,
                           tokenizer.vocab_size(), config.vocab_size);
  }
  return tokenizer;
}

// Other methods than ours are refused: their tensors would only look damaged.
StatusOr<std::optional<WeightQuantization>> ReadQuantization(const std::string& directory) {
  const std::string file = JoinPath(directory, "config.json");
  WEFT_ASSIGN_OR_RETURN(const Json json, ReadJsonFile(file));
  if (!json.is_object() || !json.contains("quantization_config") || json["quantization_config"].is_null())
    return std::optional<WeightQuantization>();
  WEFT_ASSIGN_OR_RETURN(const Json* config, GetObject(json, "quantization_config", file));
  WEFT_ASSIGN_OR_RETURN(const std::string method, GetString(*config, "quant_method", file));
  if (method != "weft") {
    return Unimplemented(
        "{}: quantization_config has quant_method '{}', only 'weft' is read: give the model as it was "
        "before, and "
        "`weft quantize` it",
        file, method);
  }
  WeightQuantization q;
  WEFT_ASSIGN_OR_RETURN(q.bits, GetInt(*config, "bits", file));
  WEFT_ASSIGN_OR_RETURN(q.group, GetInt(*config, "group_size", file));
  if (q.bits != 4 && q.bits != 8)
    return InvalidArgument("{}: quantization_config has bits {}, expected 4 or 8", file, q.bits);
  if (q.group < 1 || q.group % 32 != 0) {
    return InvalidArgument("{}: quantization_config has group_size {}, expected a multiple of 32", file,
                           q.group);
  }
  return std::optional(q);
}

std::vector<std::string> IgnoredTensors(const TransformerConfig& config, const SafetensorsSet& weights) {
  std::vector<std::string> ignored;
  for (const std::string& name : weights.Names()) {
    const bool tied_head = config.tie_embeddings && name == "lm_head.weight";
    if (tied_head || name.ends_with("rotary_emb.inv_freq")) ignored.push_back(name);
  }
  return ignored;
}

}  // namespace

Json ToJson(const WeightQuantization& q) {
  return {{"quant_method", "weft"}, {"bits", q.bits}, {"group_size", q.group}};
}

StatusOr<std::string> FindModelDirectory(const std::string& path) {
  if (!Exists(path)) return NotFound("'{}' does not exist", path);
  if (Exists(JoinPath(path, "config.json"))) return path;
  const std::string checkpoints = JoinPath(path, "checkpoints");
  const std::string latest = JoinPath(checkpoints, "latest");
  if (Exists(latest)) return latest;
  if (Exists(checkpoints))
    return NotFound("the run directory '{}' has no checkpoint yet (checkpoints/latest)", path);
  return NotFound("'{}' is neither a model directory (no config.json) nor a run directory (no checkpoints)",
                  path);
}

StatusOr<TransformerConfig> ReadModelConfig(const std::string& directory) {
  const std::string file = JoinPath(directory, "config.json");
  WEFT_ASSIGN_OR_RETURN(const Json json, ReadJsonFile(file));
  return TransformerConfigFromJson(json, file);
}

StatusOr<ModelDirectory> OpenModelDirectory(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(std::string directory, FindModelDirectory(path));
  WEFT_ASSIGN_OR_RETURN(const TransformerConfig config, ReadModelConfig(directory));
  WEFT_ASSIGN_OR_RETURN(SafetensorsSet weights, SafetensorsSet::Open(directory));
  WEFT_ASSIGN_OR_RETURN(Tokenizer tokenizer, LoadTokenizer(directory, config));
  std::vector<std::string> ignored = IgnoredTensors(config, weights);
  WEFT_ASSIGN_OR_RETURN(const std::optional<WeightQuantization> quantization, ReadQuantization(directory));
  return ModelDirectory{std::move(directory), config,      std::move(weights), std::move(tokenizer),
                        std::move(ignored),   quantization};
}

}  // namespace weft
