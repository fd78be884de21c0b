#include "ir/text_printer.h"

#include "ir/onnx_print.h"

namespace weft {

std::string PrintText(const Graph& graph, const PrintOptions& options) {
  return PrintOnnx(ToOnnx(graph, options));
}

}  // namespace weft
