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

// Errors: what OpenModelDirectory and BindWeights say.
StatusOr<LoadedModel> LoadModel(const std::string& path);

}  // namespace weft
