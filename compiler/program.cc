#include "compiler/program.h"

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
