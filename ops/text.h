// Graph text with weft's operators.
#pragma once
#include "ir/text_parser.h"
#include "ir/text_printer.h"

namespace weft {

// `options` that find the operators of the registry.
ParseOptions WithOperators(ParseOptions options = {});

}  // namespace weft
