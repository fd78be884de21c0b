#include "frontends/layers/embedding.h"

#include "ops/gather/op.h"

namespace weft {

Embedding::Embedding(int64_t num_embeddings, int64_t embedding_dim, Initializer weight)
    : weight_(AddParameter("weight", {DataType::kF32, {num_embeddings, embedding_dim}}, weight)) {}

Var Embedding::Forward(Var ids) const {
  if (!ids.valid()) return {};
  ModuleScope scope(*this, *ids.builder);
  return ops::Gather(weight_.In(*ids.builder), ids, 0);
}

}  // namespace weft
