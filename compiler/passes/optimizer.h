// The update of the parameters as nodes: gradients, global norm, clipping, AdamW or SGD. Parameters, moments
// and accumulators are states; their next values are outputs of the update nodes.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace weft {

struct OptimizerOptions {
  enum Kind : uint8_t { kAdamW, kSgd };
  Kind kind = kAdamW;
  float beta1 = 0.9f, beta2 = 0.95f, epsilon = 1e-8f;
  float momentum = 0.9f;  // sgd
  float weight_decay = 0.1f;
  bool decay_vectors = false;     // parameters of rank < 2
  bool decay_embeddings = false;  // parameters that a Gather reads
  float max_norm = 1.0f;          // of the mean gradient over all parameters; 0: no clipping
};

// One program: adds to a graph with outputs `loss_sum` and `token_count` (see loss.h) the backward pass and
// the update by gradients of loss_sum / token_count. New inputs: lr f32 [], step i64 [] (1 for the first
// update; a graph whose dropout reads `step` shares it). New output: grad_norm f32 [], of the mean gradient
// before clipping. If it or loss_sum is not finite, all parameters and moments keep their bits, and grad_norm
// is not finite.
Status AddTrainingStep(Graph& graph, const OptimizerOptions& options);

// Two programs that do the same over several micro batches. The micro step adds gradients and token_count to
// states of role accumulator (called "grad.<parameter>", "grad.token_count": NaN once a loss was not
// finite)...
Status AddMicroStep(Graph& graph);
// ... and the apply step, a graph of its own with the parameters of `model`, reads and zeroes them.
StatusOr<Graph> BuildApplyStep(const Graph& model, const OptimizerOptions& options);

// Which parameters are decayed, with the reason for those that are not ("vector", "embedding"): for people.
struct DecayGroup {
  std::string parameter;
  bool decayed;
};
std::vector<DecayGroup> DecayGroups(const Graph& model, const OptimizerOptions& options);

}  // namespace weft
