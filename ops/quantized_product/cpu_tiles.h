// Many rows times a quantised weight: tiles of it are unpacked into the workspace, and oneDNN multiplies them
// there. In bf16 beside an a of bf16, where the processor multiplies that, else in f32.
#pragma once
#include <memory>
#include <string>

#include "ops/kernel.h"

namespace weft::ops::quantized_product {

std::string TilesAccept(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareTiles(const KernelNode& node, const KernelContext& context);

}  // namespace weft::ops::quantized_product
