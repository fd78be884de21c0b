// Cast: each element in another type. weft's rules where ONNX leaves them to the implementation:
//   to float      rounded once, to the nearest, ties to even, from whatever type; too large is infinity in
//   f32,
//                 bf16 and f16; in f8, with `saturate`, the largest finite value, else infinity (e5m2) or NaN
//   float to int  cut toward zero, then clamped to the type's range; NaN is 0
//   int to int    modulo 2^bits
//   to bool       any value but 0 is true, NaN too; bool is 1 or 0
// `round_mode` only concerns f8e8m0, which weft does not have.
//   input  any type of whole bytes   ->  output  type `to`, same shape
#pragma once
#include <string>

#include "ir/builder.h"

namespace weft::ops {

struct CastOp {
  static const OpDef def;
  DataType to = DataType::kI4;  // must be given: it is refused as it stands
  bool saturate = true;
  std::string round_mode = "up";
};

// input itself if it has the type.
Var Cast(Var input, DataType to);

}  // namespace weft::ops
