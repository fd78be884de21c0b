#include "tools/load_model.h"

#include "base/file.h"
#include "base/quote.h"
#include "frontends/models/transformer.h"
#include "ir/graph_file.h"
#include "ops/text.h"
#include "runtime/generate/quantize.h"
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

// The graph of a model whose file holds quantised weights.
Status ReadQuantized(const ModelDirectory& directory, Graph& graph) {
  const int64_t bits = directory.quantization->bits;
  const auto stored = [&](const std::string& name) {
    return directory.weights.Find(QuantizedName(name, bits)) != nullptr;
  };
  const auto names =
      QuantizeModel(graph, {.bits = bits, .group = directory.quantization->group, .stored = stored});
  if (!names.ok()) return Prefix(directory.path, names.status());
  if (!names->empty()) return OkStatus();
  return DataLoss(
      "{}: config.json says that weights have {} bits, but there is no tensor '{}': was the file replaced?",
      directory.weights.path(), bits, QuantizedName("NAME.weight", bits));
}

}  // namespace

StatusOr<LoadedModel> LoadModel(const std::string& path,
                                const std::optional<QuantizeWeightsOptions>& quantize) {
  WEFT_ASSIGN_OR_RETURN(ModelDirectory directory, OpenModelDirectory(path));
  if (directory.quantization && quantize) {
    return InvalidArgument(
        "'{}' is quantised to {} bits already: give the model that it was made of, or leave its weights as "
        "they are",
        path, directory.quantization->bits);
  }
  WEFT_ASSIGN_OR_RETURN(Graph graph, GraphOf(directory));
  if (directory.quantization) WEFT_RETURN_IF_ERROR(ReadQuantized(directory, graph));
  auto session = std::make_unique<Session>();
  WEFT_RETURN_IF_ERROR(BindWeights(graph, directory.weights, directory.ignored_tensors, session.get()));
  if (quantize) WEFT_RETURN_IF_ERROR(QuantizeModel(graph, *quantize).status());
  return LoadedModel{std::move(directory), std::move(graph), std::move(session)};
}

Status CheckNotQuantized(const LoadedModel& model, std::string_view what) {
  if (!model.directory.quantization) return OkStatus();
  return InvalidArgument("'{}' is quantised to {} bits: {} needs the model that it was made of",
                         model.directory.path, model.directory.quantization->bits, what);
}

}  // namespace weft
