#include "ops/common/quantized_rows.h"

namespace weft::ops {

Status CheckQuantization(const NodeTypes& node, int64_t bits, int64_t group) {
  if (bits != 4 && bits != 8) return node.Error("bits is {}, expected 4 or 8", bits);
  if (group < kQuantBlock || group > kMaxQuantGroup || group % kQuantBlock != 0) {
    return node.Error("group is {}, expected a multiple of {}, at most {}", group, kQuantBlock,
                      kMaxQuantGroup);
  }
  return OkStatus();
}

}  // namespace weft::ops
