// From logits to a loss: the last step of a language model's training and evaluation programs.
#pragma once
#include "ir/graph.h"

namespace weft {

inline constexpr int64_t kIgnoredLabel = -1;  // labels with this value count for nothing

// Replaces the output `logits` [batch, seq, vocab] by
//   loss_sum     f32 []  the sum over kept labels of -log softmax(logits)[label], in nats; with z_loss, of
//   z_loss
//                        (log sum exp(logits))^2 too, which keeps logits from drifting
//   token_count  f32 []  how many labels are kept
// and adds the input `labels` i64 [batch, seq]. Sums, not means, so that micro batches add up.
Status AddLoss(Graph& graph, double z_loss = 0);

}  // namespace weft
