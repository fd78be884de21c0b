// A model directory or a run directory, ready to run: its graph, a session that holds its weights, its
// tokenizer.
#pragma once
#include <memory>
#include <string>

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
// OpenModelDirectory, LoadGraph and BindWeights say, and a model.weft that is no such graph.
StatusOr<LoadedModel> LoadModel(const std::string& path);

}  // namespace weft
