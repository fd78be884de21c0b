#include "ir/graph_file.h"

#include "base/file.h"
#include "base/quote.h"
#include "base/safetensors.h"
#include "ir/graph_format.h"

namespace weft {
namespace {

bool NamesGraphFormat(std::string_view path) { return path.ends_with(".weft"); }
std::string ConstantsPath(const std::string& path) { return path + ".safetensors"; }

StatusOr<Graph> Load(std::string_view bytes, const std::string& path, const ParseOptions& options) {
  if (!IsGraphFormat(bytes, path)) {
    WEFT_ASSIGN_OR_RETURN(Graph graph, ParseText(bytes, options));
    WEFT_RETURN_IF_ERROR(Verify(graph));
    return graph;
  }
  std::optional<SafetensorsFile> constants;  // opened by the first constant that lies there
  return DecodeGraph(bytes, options, [&](const std::string& name) -> StatusOr<Tensor> {
    if (!constants) {
      WEFT_ASSIGN_OR_RETURN(constants, SafetensorsFile::Open(ConstantsPath(path)));
    }
    return constants->Get(name);
  });
}

}  // namespace

bool IsGraphFormat(std::string_view bytes, const std::string& path) {
  return NamesGraphFormat(path) || LooksLikeGraphFormat(bytes);
}

StatusOr<Graph> LoadGraphFrom(std::string_view bytes, const std::string& path, const ParseOptions& options) {
  StatusOr<Graph> graph = Load(bytes, path, options);
  return graph.ok() ? std::move(graph) : Prefix(path, graph.status());
}

StatusOr<Graph> LoadGraph(const std::string& path, const ParseOptions& options) {
  WEFT_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path == "-" ? "/dev/stdin" : path));
  return LoadGraphFrom(bytes, path, options);
}

Status SaveGraph(const Graph& graph, const std::string& path, const PrintOptions& print) {
  if (!NamesGraphFormat(path)) return WriteFileAtomically(path, PrintText(graph, print));
  WEFT_ASSIGN_OR_RETURN(const EncodedGraph encoded, EncodeGraph(graph));
  if (!encoded.outside.empty()) {
    WEFT_RETURN_IF_ERROR(WriteSafetensors(ConstantsPath(path), encoded.outside));
  }
  return WriteFileAtomically(path, encoded.bytes);
}

}  // namespace weft
