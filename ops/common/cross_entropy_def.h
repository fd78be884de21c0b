// What the loss and its gradient share.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

// Checks scores [N, C, d..], labels i64 [N, d..] and weights [C] (inputs 0, 1, 2), the reduction and z_loss.
Status CheckCrossEntropy(const NodeTypes& node, const std::string& reduction, float z_loss);
Status CheckZLoss(const NodeTypes& node, float z_loss);

// z_loss lse^2.
Var ZLoss(Var lse, float z_loss);

// Masks of scores' shape and of labels': one_hot is true at each label's class, kept (bool) where the label
// counts; invalid where all do.
struct LabelMasks {
  Var one_hot, kept;
};
LabelMasks MasksOf(Builder& b, Var scores, Var labels, int64_t ignore_index);

// The weight of each label [N, d..]: weights[label] (1 without weights), 0 where ignored.
Var LabelWeights(Builder& b, Var scores, Var labels, const LabelMasks& masks, Var weights);

}  // namespace weft::ops
