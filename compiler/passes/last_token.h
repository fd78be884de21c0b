// What generation needs of a sequence's logits: those of its last token.
#pragma once
#include "ir/graph.h"

namespace weft {

// Replaces the output `logits` [batch, seq, vocab] by row length-1 of each sequence, [batch, vocab], and adds the
// input length i64 [batch] (1 <= length <= seq; the rest of a row is padding). Where the logits come from a
// product with a matrix, the row is taken before it, so that no other row meets the vocabulary.
Status AddLastToken(Graph& graph);

}  // namespace weft
