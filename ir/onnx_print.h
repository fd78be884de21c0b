// ONNX's text of a model: what onnx.parser reads. Floats have the shortest digits that read back as the same
// bits; names are quoted where they are no identifier.
#pragma once
#include <string>

#include "ir/onnx_model.h"

namespace weft {

std::string PrintOnnx(const OnnxModel& model);
std::string PrintOnnxFunction(const OnnxFunction& function);

}  // namespace weft
