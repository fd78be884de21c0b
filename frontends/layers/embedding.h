// Embedding: y = weight[ids], with weight [num_embeddings, embedding_dim].
#pragma once
#include "frontends/layers/module.h"

namespace weft {

class Embedding : public UnaryModule {
 public:
  Embedding(int64_t num_embeddings, int64_t embedding_dim,
            Initializer weight = Initializer::TruncatedNormal(1));
  // ids i64 [...] -> [..., embedding_dim]
  Var Forward(Var ids) const override;
  const Parameter& weight() const { return weight_; }

 private:
  const Parameter& weight_;
};

}  // namespace weft
