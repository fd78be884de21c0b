// How the tools read graph text: with all operators of weft.
#pragma once
#include "ir/from_onnx.h"

namespace weft {

ParseOptions AllOperators();

}  // namespace weft
