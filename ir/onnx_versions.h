// ONNX's operator sets: what weft writes, and which versions it can read as if they were that one.
#pragma once
#include <optional>

#include "ir/onnx_model.h"
#include "ir/op_def.h"

namespace weft {

inline constexpr int64_t kOnnxIrVersion = 10;
inline constexpr int64_t kOnnxOpset = 24;        // written, and what operators mean
inline constexpr int64_t kNewestOnnxOpset = 28;  // newest one whose changes were compared with 24

// An error unless `op` (of ONNX's domain) means at `opset` what it means at 24, for all that 24 accepts.
Status CheckOpset(const OpDef& op, int64_t opset);

// The attribute that a node of an older opset leaves unsaid and that 24 needs: before 18, a Split without
// lengths makes as many equal parts as it has outputs. Nothing for any other node.
std::optional<OnnxAttribute> OldDefault(const OnnxNode& node, int64_t opset);

}  // namespace weft
