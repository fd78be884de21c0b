// Transpose: output dimension i is data's dimension perm[i]; no perm reverses the order.
//   data  any type of whole bytes   ->  transposed  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct TransposeOp {
  static const OpDef def;
  std::vector<int64_t> perm = {};
};

Var Transpose(Var data, std::vector<int64_t> perm = {});
// perm of an accepted node with `rank` dimensions, the default spelled out.
std::vector<int64_t> ResolvedPerm(const TransposeOp& op, int rank);

}  // namespace weft::ops
