// Products of bf16 on a processor that multiplies none: tiles of both operands are widened into the workspace
// and multiplied in f32 there, so that memory holds and moves bf16 only.
//   y[rows, columns] = alpha a[rows, K] b[K, columns] + bias + accumulator, tile after tile
#pragma once
#include <memory>
#include <string>

#include "ops/common/cpu/onednn.h"

namespace weft::ops {

// "" if PrepareTiledProduct takes the product: one batch; a or b of bf16, the other or y that or f32; bias of
// f32, accumulator of y's type. Only where HasBf16Products() is false.
std::string TiledProductAccepts(const ProductPlan& plan, const OneDnnProductOptions& options);
StatusOr<std::unique_ptr<Kernel>> PrepareTiledProduct(const ProductPlan& plan,
                                                      const OneDnnProductOptions& options);

}  // namespace weft::ops
