// TensorScatter: a cache with new entries written along `axis`, each batch item at a place of its own.
//   past_cache     any type of whole bytes, [batch, .., n, ..]   n = dimension `axis`, which is not 0
//   update         past_cache's type, [batch, .., s, ..]         s <= n, else equal
//   write_indices  i64 [batch], optional (absent: 0)             >= 0
//   present_cache  past_cache's type and shape; takes the bytes of past_cache
//   present[b, .., w[b] + i, ..] = update[b, .., i, ..] for i < s; all else as in past_cache.
//   "linear": w[b] + s <= n, else an error at run time.  "circular": places count modulo n.
#pragma once
#include <string>

#include "ir/builder.h"

namespace weft::ops {

struct TensorScatterOp {
  static const OpDef def;
  int64_t axis = -2;
  std::string mode = "linear";
};

Var TensorScatter(Var past_cache, Var update, Var write_indices, int64_t axis = -2,
                  std::string mode = "linear");

}  // namespace weft::ops
