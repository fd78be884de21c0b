// What this machine can do at most, measured: the roofs that times are compared with.
#pragma once
#include "base/data_type.h"
#include "base/status.h"

namespace weft {

// FLOP/s of a product of two 1024 x 1024 matrices of f32, or of bf16, on `threads` threads, the best of a few
// runs (some 0.1 s).
StatusOr<double> MeasureMatmulFlops(int threads, DataType dtype = DataType::kF32);
// Bytes per second of reading a buffer larger than the caches, the best of a few runs (some 0.2 s).
StatusOr<double> MeasureReadBandwidth(int threads);

}  // namespace weft
