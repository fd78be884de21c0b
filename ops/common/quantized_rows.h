// Weights in 8 or 4 bits, as weft.QuantizeRows writes and weft.QuantizedProduct reads them. Each row of a
// matrix [N, K] is cut into groups of `group` elements, the last of which may be shorter, and each group has
// one scale:
//   w[n, k] ~ q[n, k] * scale[n, k / group]
//   8 bits  q in [-127, 127], one i8 each: [N, K]
//   4 bits  q in [-8, 7], as q + 8, two to a u8, the even k in its low half: [N, (K + 1) / 2]
// These are the blocks of ONNX Runtime's MatMulNBits (4 bits: its packing and its default zero point 8), and
// the values of ONNX's blocked DequantizeLinear.
#pragma once
#include <cstdint>

#include "base/data_type.h"
#include "ir/op_def.h"

namespace weft::ops {

inline constexpr int64_t kQuantBlock = 32;  // groups are a multiple of it: kernels take as many at once
inline constexpr int64_t kMaxQuantGroup = int64_t{1} << 20;
inline constexpr int kNibbleZero = 8;
// Of 4 bits: by which the extreme of a group is divided for each of the scales that are tried.
inline constexpr double kFourBitDivisors[] = {-8.0, -8.5, -7.5, -9.0, -7.0, 7.0};

inline DataType QuantizedType(int64_t bits) { return bits == 4 ? DataType::kU8 : DataType::kI8; }
inline int64_t QuantizedRowBytes(int64_t k, int64_t bits) { return bits == 4 ? k / 2 + k % 2 : k; }
inline int64_t QuantGroups(int64_t k, int64_t group) { return k / group + (k % group != 0 ? 1 : 0); }

// Refuses other bits than 4 and 8, and a group that is no multiple of 32.
Status CheckQuantization(const NodeTypes& node, int64_t bits, int64_t group);

}  // namespace weft::ops
