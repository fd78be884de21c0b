// Writing a model directory whose weights are quantised.
#pragma once
#include <string>
#include <vector>

#include "tools/load_model.h"

namespace weft {

// `model` was loaded with `quantize` and its session holds what the graph derives; `quantized`: the
// parameters that are. The directory appears whole or not at all; an error if there is something already. It
// has
//   model.safetensors  each quantised matrix as codes and scales; the others as they were, but those that are
//   only
//                      looked up (embeddings, a tied head beside its codes) in bf16
//   config.json        the model's, with quantization_config
//   tokenizer, generation settings and model.weft, where the model has them
Status WriteQuantizedDirectory(const std::string& directory, const LoadedModel& model,
                               const QuantizeWeightsOptions& quantize,
                               const std::vector<std::string>& quantized);

// Of a model's tensor files, together.
StatusOr<int64_t> WeightFileBytes(const ModelDirectory& directory);

}  // namespace weft
