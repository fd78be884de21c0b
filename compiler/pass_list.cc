// The table of passes: the only place that knows them all.
#include "compiler/pass.h"
#include "compiler/passes/add_kv_cache.h"
#include "compiler/passes/bind.h"
#include "compiler/passes/canonicalize.h"
#include "compiler/passes/common_subexpressions.h"
#include "compiler/passes/dead_code.h"
#include "compiler/passes/decompose_all.h"
#include "compiler/passes/fold_constants.h"
#include "compiler/passes/fuse_composites.h"
#include "compiler/passes/identities.h"
#include "compiler/passes/infer_shapes.h"
#include "compiler/passes/last_token.h"
#include "compiler/passes/loss.h"
#include "compiler/passes/products.h"
#include "compiler/passes/sample.h"
#include "compiler/passes/widen.h"

namespace weft {
namespace {

constexpr PassSetting kKvCacheSettings[] = {
    {"pages", "pages of the whole cache", 1},
    {"page", "tokens in a page; 0: the bound of the symbol seq", 0},
    {"max_pages", "pages of one sequence", 1},
};

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
     [](Graph& graph, PassContext&) { return AddLoss(graph); }},
    {"last_token",
     "logits of each sequence's last token only, picked before the head; adds the input 'lengths'",
     [](Graph& graph, PassContext&) { return KeepLastToken(graph); }},
    {"add_kv_cache", "each causal Attention keeps its keys and values in pages between runs",
     [](Graph& graph, PassContext& context) {
       const auto setting = [&](size_t i) {
         const PassSetting& s = kKvCacheSettings[i];
         const auto given = context.settings.find(std::string(s.name));
         return given == context.settings.end() ? s.default_value : given->second;
       };
       return AddKvCache(graph, {.pages = setting(0), .page = setting(1), .max_pages = setting(2)});
     },
     kKvCacheSettings},
    {"sample", "the output 'logits' becomes a token drawn from it and its log-probability",
     [](Graph& graph, PassContext&) { return AddSample(graph); }},
    {"fuse_composites", "Swish, Gelu, RMSNormalization where they are spelled with simpler operators",
     [](Graph& graph, PassContext&) {
       FuseComposites(graph);
       return OkStatus();
     }},
    {"decompose", "replace every operator that has a body by it, down to the primitives",
     [](Graph& graph, PassContext&) { return DecomposeAll(graph); }},
    {"widen", "make every float f64", [](Graph& graph, PassContext&) { return Widen(graph); }},
};

}  // namespace

std::span<const Pass> AllPasses() { return kPasses; }

}  // namespace weft
