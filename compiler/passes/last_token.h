// Generation needs the logits of each sequence's last token only: the head of a large vocabulary costs more
// than many layers.
#pragma once
#include "ir/graph.h"

namespace weft {

// The output `logits` [batch, seq, vocab] becomes [batch, vocab], of row lengths[b] - 1 of sequence b, where
// `lengths` i64 [batch] is a new input, 1 <= lengths[b] <= seq. The rows are picked as early as what lies
// before computes each row from its own: products with weights, norms over the last dimension, elementwise
// operators with operands that are the same for all rows.
Status KeepLastToken(Graph& graph);

}  // namespace weft
