#include "compiler/pass.h"

#include <chrono>

#include "base/quote.h"
#include "base/suggest.h"
#include "compiler/stage_log.h"

namespace weft {

StatusOr<std::vector<const Pass*>> PassesByName(std::string_view names) {
  std::vector<const Pass*> passes;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    const Pass* found = nullptr;
    std::vector<std::string_view> known;
    for (const Pass& pass : AllPasses()) {
      known.push_back(pass.name);
      if (pass.name == name) found = &pass;
    }
    if (found == nullptr) return NotFound("there is no pass {}{}", Quote(name), DidYouMean(name, known));
    passes.push_back(found);
  }
  return passes;
}

double SettingOf(std::span<const PassSetting> settings, const PassContext& context, std::string_view name) {
  if (auto it = context.settings.find(std::string(name)); it != context.settings.end()) return it->second;
  for (const PassSetting& s : settings) {
    if (s.name == name) return s.default_value;
  }
  WEFT_CHECK(false, "there is no setting {}", name);
}

Status PassRunner::Run(Graph& graph, std::span<const Pass* const> passes, PassContext& context) {
  if (log != nullptr && context.fusions == nullptr) context.fusions = log->mutable_fusions();
  for (const Pass* pass : passes) {
    if (before) before(*pass, graph);
    PassRecord& record = records.emplace_back();
    record.name = pass->name;
    record.nodes_before = graph.num_nodes();
    const auto start = std::chrono::steady_clock::now();
    Status status = pass->run(graph, context);
    record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    record.nodes_after = graph.num_nodes();
    if (!status.ok()) return Prefix(fmt::format("pass {}", pass->name), status);
    if (verify) {
      if (status = Verify(graph); !status.ok())
        return Prefix(fmt::format("after pass {}", pass->name), status);
    }
    if (log != nullptr) log->Add(pass->name, record.seconds, graph);
    if (after) after(*pass, graph);
  }
  return OkStatus();
}

}  // namespace weft
