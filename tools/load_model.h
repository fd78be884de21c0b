// A model directory or a run directory, ready to run: its graph, a session that holds its weights, its
// tokenizer.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "compiler/passes/quantize_weights.h"
#include "frontends/models/model_directory.h"
#include "ir/graph.h"
#include "runtime/executor/session.h"

namespace weft {

struct LoadedModel {
  ModelDirectory directory;
  Graph graph;  // tokens, positions -> logits
  std::unique_ptr<Session> session;
};

// The graph is that of model.weft where the directory has one, else what config.json describes. Errors: what
// OpenModelDirectory, LoadGraph and BindWeights say, and a model.weft that is no such graph. Weights that are
// stored quantised are read as they lie; `quantize`, of a model that is not: the graph derives them.
StatusOr<LoadedModel> LoadModel(const std::string& path,
                                const std::optional<QuantizeWeightsOptions>& quantize = {});
// Refuses a model whose weights are stored quantised, for `what` ("weft train"), which needs them whole.
Status CheckNotQuantized(const LoadedModel& model, std::string_view what);

}  // namespace weft
