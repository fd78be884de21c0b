// The table of passes: the only place that knows them all.
#include "compiler/pass.h"
#include "compiler/passes/add_kv_cache.h"
#include "compiler/passes/bind.h"
#include "compiler/passes/canonicalize.h"
#include "compiler/passes/common_subexpressions.h"
#include "compiler/passes/dead_code.h"
#include "compiler/passes/decompose_all.h"
#include "compiler/passes/differentiate.h"
#include "compiler/passes/fold_constants.h"
#include "compiler/passes/fuse.h"
#include "compiler/passes/fuse_composites.h"
#include "compiler/passes/fuse_regions.h"
#include "compiler/passes/identities.h"
#include "compiler/passes/infer_shapes.h"
#include "compiler/passes/join_siblings.h"
#include "compiler/passes/join_updates.h"
#include "compiler/passes/last_token.h"
#include "compiler/passes/loss.h"
#include "compiler/passes/mixed_precision.h"
#include "compiler/passes/optimizer.h"
#include "compiler/passes/pack_weights.h"
#include "compiler/passes/products.h"
#include "compiler/passes/quantize_weights.h"
#include "compiler/passes/recompute.h"
#include "compiler/passes/sample.h"
#include "compiler/passes/widen.h"

namespace weft {
namespace {

constexpr PassSetting kKvCacheSettings[] = {
    {"pages", "pages of the whole cache", 1},
    {"page", "tokens in a page; 0: the bound of the symbol seq", 0},
    {"max_pages", "pages of one sequence", 1},
};

constexpr PassSetting kLossSettings[] = {
    {"z_loss", "times the square of each token's log-sum-exp, added to its loss", 0},
};

constexpr PassSetting kQuantizeSettings[] = {
    {"bits", "8 or 4", 8},
    {"group", "elements of a row that share a scale, a multiple of 32", 32},
};

constexpr OptimizerOptions kOptimizer;
constexpr PassSetting kOptimizerSettings[] = {
    {"sgd", "1: SGD, 0: AdamW", 0},
    {"beta1", "AdamW's first decay", kOptimizer.beta1},
    {"beta2", "AdamW's second decay", kOptimizer.beta2},
    {"epsilon", "AdamW's epsilon", kOptimizer.epsilon},
    {"momentum", "SGD's momentum", kOptimizer.momentum},
    {"weight_decay", "decoupled weight decay", kOptimizer.weight_decay},
    {"decay_vectors", "1: parameters of rank below 2 decay too", kOptimizer.decay_vectors},
    {"decay_embeddings", "1: what a Gather reads decays too", kOptimizer.decay_embeddings},
    {"max_norm", "largest norm of the mean gradient; 0: no clipping", kOptimizer.max_norm},
};

OptimizerOptions OptimizerOf(const PassContext& context) {
  const auto setting = [&](std::string_view name) {
    return static_cast<float>(SettingOf(kOptimizerSettings, context, name));
  };
  OptimizerOptions options;
  options.kind = setting("sgd") != 0 ? OptimizerOptions::kSgd : OptimizerOptions::kAdamW;
  options.beta1 = setting("beta1"), options.beta2 = setting("beta2"), options.epsilon = setting("epsilon");
  options.momentum = setting("momentum"), options.weight_decay = setting("weight_decay");
  options.decay_vectors = setting("decay_vectors") != 0;
  options.decay_embeddings = setting("decay_embeddings") != 0;
  options.max_norm = setting("max_norm");
  return options;
}

Status Note(StatusOr<std::vector<FusionNote>> notes, PassContext& context) {
  WEFT_RETURN_IF_ERROR(notes.status());
  if (context.fusions != nullptr)
    context.fusions->insert(context.fusions->end(), notes->begin(), notes->end());
  return OkStatus();
}

constexpr Pass kPasses[] = {
    {"verify", "check ids, use lists, order, names, types, states; changes nothing",
     [](Graph& graph, PassContext&) { return Verify(graph); }},
    {"bind", "give every symbol its number, within its bound",
     [](Graph& graph, PassContext& context) { return Bind(graph, context.bindings); }},
    {"infer_shapes", "infer the type of every value again, from the inputs on",
     [](Graph& graph, PassContext&) { return InferShapes(graph); }},
    {"fold_constants", "compute nodes whose operands are constants",
     [](Graph& graph, PassContext& context) {
       FoldConstants(graph, context.evaluate, context.max_folded_elements);
       return OkStatus();
     }},
    {"common_subexpressions", "one node for several that compute the same",
     [](Graph& graph, PassContext&) {
       MergeCommonSubexpressions(graph);
       return OkStatus();
     }},
    {"dead_code", "remove nodes, optional outputs and constants that nothing reads",
     [](Graph& graph, PassContext&) {
       RemoveDeadCode(graph);
       return OkStatus();
     }},
    {"identities", "remove nodes that give their operand back, join chains of reshapes, transposes, casts",
     [](Graph& graph, PassContext&) {
       RemoveIdentities(graph);
       return OkStatus();
     }},
    {"products", "weft.Product for MatMul with its transposes, bias and scale",
     [](Graph& graph, PassContext&) {
       MakeProducts(graph);
       return OkStatus();
     }},
    {"canonicalize",
     "identities, products, folding, common subexpressions and dead code until nothing changes",
     [](Graph& graph, PassContext& context) {
       return Canonicalize(graph, context.evaluate, context.max_folded_elements);
     }},
    {"loss", "the output 'logits' becomes loss_sum and token_count, against the input 'labels'",
     [](Graph& graph, PassContext& context) {
       return AddLoss(graph, SettingOf(kLossSettings, context, "z_loss"));
     },
     kLossSettings},
    {"differentiate",
     "outputs `<name>.grad` of the output 'loss_sum', or of the only one, by each parameter, or float input",
     [](Graph& graph, PassContext&) { return AddGradients(graph); }},
    {"accumulate", "what a micro batch adds to the accumulators: gradients and 'token_count'",
     [](Graph& graph, PassContext&) { return AddMicroStep(graph); }},
    {"optimizer", "a whole training step from 'loss_sum' and 'token_count': backward, clipping, update",
     [](Graph& graph, PassContext& context) { return AddTrainingStep(graph, OptimizerOf(context)); },
     kOptimizerSettings},
    {"last_token",
     "logits of each sequence's last token only, picked before the head; adds the input 'lengths'",
     [](Graph& graph, PassContext&) { return KeepLastToken(graph); }},
    {"add_kv_cache", "each causal Attention keeps its keys and values in pages between runs",
     [](Graph& graph, PassContext& context) {
       const auto setting = [&](std::string_view name) {
         return static_cast<int64_t>(SettingOf(kKvCacheSettings, context, name));
       };
       return AddKvCache(
           graph, {.pages = setting("pages"), .page = setting("page"), .max_pages = setting("max_pages")});
     },
     kKvCacheSettings},
    {"sample", "the output 'logits' becomes a token drawn from it and its log-probability",
     [](Graph& graph, PassContext&) { return AddSample(graph); }},
    {"quantize_weights",
     "products with a parameter read it in 8 or 4 bits, computed from it when it is loaded",
     [](Graph& graph, PassContext& context) {
       const auto setting = [&](std::string_view name) {
         return static_cast<int64_t>(SettingOf(kQuantizeSettings, context, name));
       };
       return QuantizeWeights(graph, {.bits = setting("bits"), .group = setting("group")}).status();
     },
     kQuantizeSettings},
    {"mixed_precision",
     "bf16 where it is worth it, f32 where it must be; adds bf16 copies of parameters and their update",
     [](Graph& graph, PassContext& context) { return MixedPrecision(graph, context.mixed_precision); }},
    {"fuse_composites",
     "Swish, RMSNormalization... where they are spelled with simpler operators; rules of operators with a "
     "gradient",
     [](Graph& graph, PassContext& context) { return Note(FuseComposites(graph, context.fuse), context); }},
    {"join_siblings", "one product for those of one operand with several parameters, which become one state",
     [](Graph& graph, PassContext& context) { return Note(JoinSiblings(graph, context.fuse), context); }},
    {"join_updates",
     "one update of all parameters, which writes their copies too, for the optimizer's updates of each",
     [](Graph& graph, PassContext& context) { return Note(JoinUpdates(graph, context.fuse), context); }},
    {"fuse", "the fusion rules of all operators",
     [](Graph& graph, PassContext& context) {
       return Note(Fuse(graph, FusionStage::kAll, context.fuse), context);
     }},
    {"fuse_regions",
     "elementwise chains and reductions of what they give as one operator each, run by tiles in cache",
     [](Graph& graph, PassContext& context) { return Note(FuseRegions(graph, context.fuse), context); }},
    {"pack_weights", "bf16 weights of products lie as the processor reads them, for serving",
     [](Graph& graph, PassContext&) { return PackWeights(graph); }},
    {"recompute", "backward keeps of each block its operands and results only, and computes the rest again",
     [](Graph& graph, PassContext&) {
       RecomputeBlocks(graph);
       return OkStatus();
     }},
    {"decompose", "replace every operator that has a body by it, down to the primitives",
     [](Graph& graph, PassContext&) { return DecomposeAll(graph); }},
    {"widen", "make every float f64", [](Graph& graph, PassContext&) { return Widen(graph); }},
};

}  // namespace

std::span<const Pass> AllPasses() { return kPasses; }

}  // namespace weft
