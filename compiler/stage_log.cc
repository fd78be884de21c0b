#include "compiler/stage_log.h"

#include <chrono>

namespace weft {
namespace {

int64_t Now() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The first output that is there.
const Value* FirstOutput(const Graph& graph, const Node& node) {
  for (ValueId v : node.outputs) {
    if (v != ValueId::kNone) return &graph.value(v);
  }
  return nullptr;
}

}  // namespace

std::string QualifiedName(const OpDef& op) {
  return op.domain.empty() ? std::string(op.name) : fmt::format("{}.{}", op.domain, op.name);
}

void StageLog::Add(std::string_view pass, double seconds, const Graph& graph) {
  const int stage = static_cast<int>(stages_.size());
  stages_.push_back({std::string(pass), seconds, graph.num_nodes()});
  int position = 0;
  for (NodeId id : graph.NodeIds()) {
    const Node& node = graph.node(id);
    const Value* output = FirstOutput(graph, node);
    Operator now;
    now.op = QualifiedName(*node.op);
    now.output = output == nullptr ? std::string() : output->name;
    now.scope = node.scope;
    now.phase = node.phase;
    const std::string key =
        fmt::format("{}\n{}\n{}\n{}", now.op, now.output, now.scope, static_cast<int>(now.phase));
    const auto [it, is_new] = latest_.emplace(key, operators_.size());
    if (!is_new && operators_[it->second].last < stage - 1) it->second = operators_.size();  // it came back
    if (it->second == operators_.size()) {
      now.first = stage;
      operators_.push_back(std::move(now));
    }
    Operator& kept = operators_[it->second];
    kept.last = stage;
    kept.position = position++;
    kept.type = output == nullptr ? std::string() : output->type.ToString();
  }
}

StageTimer::StageTimer(StageLog* log) : log_(log), begin_(log == nullptr ? 0 : Now()) {}

void StageTimer::Done(std::string_view pass, const Graph& graph) {
  if (log_ == nullptr) return;
  log_->Add(pass, static_cast<double>(Now() - begin_) * 1e-9, graph);
  begin_ = Now();
}

}  // namespace weft
