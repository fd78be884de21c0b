#include "compiler/program.h"

#include <algorithm>

namespace weft {

std::string_view Name(StorageKind kind) {
  static constexpr std::string_view kNames[] = {"arena", "state", "input", "output", "constant"};
  return kNames[static_cast<int>(kind)];
}

double Program::flops() const {
  double sum = 0;
  for (const Call& call : calls) sum += call.flops;
  return sum;
}

double Program::recomputed_flops() const {
  double sum = 0;
  for (const Call& call : calls) sum += graph.node(call.node).clone > 0 ? call.flops : 0;
  return sum;
}

double Program::bytes() const {
  double sum = 0;
  for (const Call& call : calls) sum += call.bytes;
  return sum;
}

int64_t Program::num_kernel_calls() const {
  return std::count_if(calls.begin(), calls.end(), [](const Call& call) { return !call.is_view; });
}

std::vector<int64_t> Program::LiveBytes() const {
  std::vector<int64_t> change(calls.size() + 1, 0);
  for (const Storage& s : storages) {
    if (s.kind != StorageKind::kArena || s.last < s.first) continue;
    change[static_cast<size_t>(s.first)] += AlignStorage(s.bytes);
    change[static_cast<size_t>(s.last) + 1] -= AlignStorage(s.bytes);
  }
  for (size_t i = 1; i < change.size(); ++i) change[i] += change[i - 1];
  change.pop_back();
  return change;
}

std::string Program::Describe(int32_t call) const {
  return fmt::format("call {} ({})", call, graph.Describe(calls[static_cast<size_t>(call)].node));
}

std::string Program::DescribeStorage(int32_t index) const {
  const Storage& storage = storages[static_cast<size_t>(index)];
  if (storage.value != ValueId::kNone) return fmt::format("'{}'", graph.value(storage.value).name);
  return fmt::format("the workspace of {}", Describe(storage.first));
}

const Port* Program::FindPort(const std::vector<Port>& ports, std::string_view name) {
  for (const Port& port : ports) {
    if (port.name == name) return &port;
  }
  return nullptr;
}

}  // namespace weft
