// Graphs in files: the one place where every command reads and writes them. A name that ends in `.weft` is
// the file form (graph_format.h), any other ONNX's text; what is read is known by its first bytes.
#pragma once
#include <string>
#include <string_view>

#include "ir/text_parser.h"
#include "ir/text_printer.h"

namespace weft {

// A graph that verifies. "-" is standard input. Errors begin with the path; of a text they show the place.
// Large constants of `X.weft` lie in `X.weft.safetensors` and are shared with that file's mapping.
StatusOr<Graph> LoadGraph(const std::string& path, const ParseOptions& options);
// The same for the bytes of a file that has been read; `path` is used for errors, and to find the constants.
StatusOr<Graph> LoadGraphFrom(std::string_view bytes, const std::string& path, const ParseOptions& options);

// Whether the file of that name, with these bytes, is in the file form rather than text.
bool IsGraphFormat(std::string_view bytes, const std::string& path);

// Each file appears whole or not at all. The constants' file is written first: until the other has replaced
// the old one too, that one is refused, because it knows the hashes of its constants.
Status SaveGraph(const Graph& graph, const std::string& path, const PrintOptions& print = {});

}  // namespace weft
