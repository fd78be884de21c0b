// Reads a graph from ONNX's text: weft's own (PrintText's, exactly) and that of other writers. A malformed
// text is an error with line, column and a caret; it is never a crash, a hang, or more memory than the text
// justifies.
#pragma once
#include <string_view>
#include <vector>

#include "ir/from_onnx.h"

namespace weft {

// InvalidArgument for what does not parse or does not verify, naming line and column.
StatusOr<Graph> ParseText(std::string_view text, const ParseOptions& options);

// The text as data: nothing is known of operators yet.
StatusOr<OnnxModel> ParseOnnxText(std::string_view text);
// Nodes only: "y = Neg(x)\n z = Abs(y)".
StatusOr<std::vector<OnnxNode>> ParseOnnxNodes(std::string_view text);

}  // namespace weft
