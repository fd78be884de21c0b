#include "tools/load_model.h"

#include "base/file.h"
#include "base/quote.h"
#include "frontends/models/transformer.h"
#include "ir/graph_file.h"
#include "ops/text.h"
#include "runtime/generate/weights.h"

namespace weft {
namespace {

constexpr char kGraphFile[] = "model.weft";

// What generation and evaluation need of a model: tokens, positions -> logits.
Status CheckModel(const Graph& graph, int64_t vocab_size) {
  bool tokens = false, positions = false;
  for (ValueId v : graph.inputs()) {
    if (graph.FindState(v) != nullptr) continue;
    const Value& input = graph.value(v);
    (input.name == "positions" ? positions : tokens) = true;
    if ((input.name != "tokens" && input.name != "positions") || input.type.dtype != DataType::kI64 ||
        input.type.rank() != 2) {
      return InvalidArgument("input {} is {}; expected 'tokens' and 'positions', i64[batch, seq]",
                             Quote(input.name), input.type.ToString());
    }
  }
  if (!tokens || !positions) return InvalidArgument("has not the inputs 'tokens' and 'positions'");
  const ValueId logits = graph.Find("logits");
  if (logits == ValueId::kNone || graph.outputs() != std::vector<ValueId>{logits}) {
    return InvalidArgument("expected one output, 'logits'");
  }
  const TensorType& type = graph.value(logits).type;
  if (type.rank() != 3 || type.shape[2] != Dim(vocab_size)) {
    return InvalidArgument("'logits' is {}, expected [batch, seq, {}] (config.json's vocab_size)",
                           type.ToString(), vocab_size);
  }
  return OkStatus();
}

StatusOr<Graph> GraphOf(const ModelDirectory& directory) {
  const std::string file = JoinPath(directory.path, kGraphFile);
  if (!Exists(file)) return BuildTransformer(directory.config, /*training=*/false);
  WEFT_ASSIGN_OR_RETURN(Graph graph, LoadGraph(file, WithOperators()));
  WEFT_RETURN_IF_ERROR(Prefix(file, CheckModel(graph, directory.config.vocab_size)));
  return graph;
}

}  // namespace

StatusOr<LoadedModel> LoadModel(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(ModelDirectory directory, OpenModelDirectory(path));
  WEFT_ASSIGN_OR_RETURN(Graph graph, GraphOf(directory));
  auto session = std::make_unique<Session>();
  WEFT_RETURN_IF_ERROR(BindWeights(graph, directory.weights, directory.ignored_tensors, session.get()));
  return LoadedModel{std::move(directory), std::move(graph), std::move(session)};
}

}  // namespace weft
