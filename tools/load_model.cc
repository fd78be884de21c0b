#include "tools/load_model.h"

#include "frontends/models/transformer.h"
#include "runtime/generate/weights.h"

namespace weft {

StatusOr<LoadedModel> LoadModel(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(ModelDirectory directory, OpenModelDirectory(path));
  WEFT_ASSIGN_OR_RETURN(Graph graph, BuildTransformer(directory.config, /*training=*/false));
  auto session = std::make_unique<Session>();
  WEFT_RETURN_IF_ERROR(BindWeights(graph, directory.weights, directory.ignored_tensors, session.get()));
  return LoadedModel{std::move(directory), std::move(graph), std::move(session)};
}

}  // namespace weft
