#include "compiler/passes/add_kv_cache.h"

#include <algorithm>

#include "ir/builder.h"
#include "ops/attention/op.h"
#include "ops/cached_attention/op.h"

namespace weft {
namespace {

constexpr size_t kRotary = 7;  // cos_cache of Attention

Status CheckCacheable(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const std::string what = graph.Describe(id);
  if (!node.attrs<ops::AttentionOp>().is_causal) {
    return InvalidArgument(
        "{} is not causal: what it computes for a token changes with later ones, so it has no cache", what);
  }
  for (size_t i = 3; i < std::min(kRotary, node.inputs.size()); ++i) {
    if (node.inputs[i] == ValueId::kNone) continue;
    return InvalidArgument("{} has the input {}, which a cache does not go with", what,
                           node.op->inputs[i].name);
  }
  for (size_t i = 1; i < node.outputs.size(); ++i) {
    if (node.outputs[i] == ValueId::kNone) continue;
    return InvalidArgument("{} gives {}, which a cache does not go with", what, node.op->outputs[i].name);
  }
  const TensorType &q = graph.value(node.inputs[0]).type, &k = graph.value(node.inputs[1]).type;
  if (q.rank() != 3) return InvalidArgument("{}: Q is {}, expected 3 dimensions", what, q.ToString());
  if (q.shape[1] != k.shape[1]) {
    return InvalidArgument("{}: K {} has other tokens than Q {}", what, k.ToString(), q.ToString());
  }
  return OkStatus();
}

// A state of role cache, zeros at first: two of a scope are told apart by a number.
State& AddCache(Graph& graph, std::string_view scope, std::string_view name, TensorType type) {
  const std::string full = scope.empty() ? std::string(name) : fmt::format("{}.{}", scope, name);
  const ValueId value = graph.AddInput(graph.UniqueName(full), std::move(type));
  return graph.AddState({graph.value(value).name, StateRole::kCache, value, ValueId::kNone, nullptr});
}

Status ReplaceOne(Graph& graph, NodeId id, const KvCacheOptions& options, ValueId table, ValueId start) {
  const Node old = graph.node(id);
  const auto& attrs = old.attrs<ops::AttentionOp>();
  const auto cache = [&](std::string_view name, size_t rows) {
    const TensorType& type = graph.value(old.inputs[rows]).type;
    AddCache(graph, old.scope, name, {type.dtype, {options.pages, options.page, type.shape[2]}});
    return graph.states().size() - 1;
  };
  const size_t keys = cache("key_cache", 1), values = cache("value_cache", 2);
  Builder b(graph, id);
  b.set_scope(old.scope);
  b.set_phase(old.phase);
  const auto in = [&](size_t i) {
    return i < old.inputs.size() && old.inputs[i] != ValueId::kNone ? b.Wrap(old.inputs[i]) : Var{};
  };
  const ops::CachedAttentionVars out = ops::CachedAttention({in(0),
                                                             in(1),
                                                             in(2),
                                                             b.Wrap(graph.states()[keys].value),
                                                             b.Wrap(graph.states()[values].value),
                                                             b.Wrap(table),
                                                             b.Wrap(start),
                                                             {in(kRotary), in(kRotary + 1), in(kRotary + 2)}},
                                                            {.scale = attrs.scale,
                                                             .softcap = attrs.softcap,
                                                             .q_num_heads = attrs.q_num_heads,
                                                             .kv_num_heads = attrs.kv_num_heads,
                                                             .rotary_interleaved = attrs.rotary_interleaved});
  WEFT_RETURN_IF_ERROR(b.status());
  graph.mutable_states()[keys].next = out.key_cache.id;
  graph.mutable_states()[values].next = out.value_cache.id;
  if (!graph.ReplaceAllUses(old.outputs[0], out.y.id)) {
    return Internal("{}: its result cannot be replaced", graph.Describe(id));
  }
  graph.EraseNode(id);
  return OkStatus();
}

}  // namespace

Status AddKvCache(Graph& graph, const KvCacheOptions& asked) {
  KvCacheOptions options = asked;
  if (options.page == 0) {
    const auto bound = graph.symbol_bounds.find("seq");
    if (bound == graph.symbol_bounds.end()) {
      return InvalidArgument("the symbol seq has no bound: set the number of tokens in a page");
    }
    options.page = bound->second;
  }
  if (options.pages < 1 || options.page < 1 || options.max_pages < 1) {
    return InvalidArgument("a cache of {} pages of {} tokens, {} a sequence: expected 1 or more of each",
                           options.pages, options.page, options.max_pages);
  }
  std::vector<NodeId> attentions;
  for (const NodeId id : graph.NodeIds()) {
    if (graph.node(id).op != &ops::AttentionOp::def) continue;
    WEFT_RETURN_IF_ERROR(CheckCacheable(graph, id));
    attentions.push_back(id);
  }
  if (attentions.empty()) return InvalidArgument("the graph has no Attention to add a cache to");
  const Dim batch = graph.value(graph.node(attentions[0]).inputs[0]).type.shape[0];
  const ValueId table = graph.AddInput("table", {DataType::kI64, {batch, options.max_pages}});
  const ValueId start = graph.AddInput("start", {DataType::kI64, {batch}});
  for (const NodeId id : attentions) WEFT_RETURN_IF_ERROR(ReplaceOne(graph, id, options, table, start));
  return OkStatus();
}

}  // namespace weft
