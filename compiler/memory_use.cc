#include "compiler/memory_use.h"

#include <algorithm>

namespace weft {
namespace {

int64_t& CategoryOf(StateRole role, MemoryUse& use) {
  switch (role) {
    case StateRole::kParameter:
      return use.parameters;
    case StateRole::kOptimizer:
      return use.optimizer;
    case StateRole::kAccumulator:
      return use.gradients;
    case StateRole::kCache:
      return use.cache;
    case StateRole::kBuffer:
    case StateRole::kDerived:
      break;
  }
  return use.buffers;
}

// Storages that hold something the optimizer phase reads.
std::vector<bool> ReadByOptimizer(const Program& program) {
  std::vector<bool> read(program.storages.size(), false);
  for (const Call& call : program.calls) {
    if (program.graph.node(call.node).phase != Phase::kOptimizer) continue;
    for (const CallOperand& o : call.inputs) {
      if (o.value != ValueId::kNone) read[static_cast<size_t>(o.storage)] = true;
    }
  }
  return read;
}

void AddOutside(const Program& program, MemoryUse& use) {
  for (const Storage& s : program.storages) {
    if (s.kind == StorageKind::kInput || s.kind == StorageKind::kOutput)
      use.inputs_outputs += AlignStorage(s.bytes);
    if (s.kind == StorageKind::kConstant) use.constants += AlignStorage(s.bytes);
  }
  for (const Port& state : program.states) {
    const int64_t bytes = program.storages[static_cast<size_t>(state.storage)].bytes;
    CategoryOf(state.role, use) += AlignStorage(bytes);
  }
}

}  // namespace

MemoryUse MeasureMemory(const Program& program, const Target& target) {
  MemoryUse use;
  AddOutside(program, use);
  const std::vector<bool> gradient = ReadByOptimizer(program);
  int64_t live = 0;
  for (int32_t i : LiveAt(program, program.peak_call)) {
    const Storage& s = program.storages[static_cast<size_t>(i)];
    const int64_t bytes = AlignStorage(s.bytes);
    live += bytes;
    int64_t& category = s.value == ValueId::kNone          ? use.workspace
                        : gradient[static_cast<size_t>(i)] ? use.gradients
                                                           : use.activations;
    category += bytes;
  }
  use.unused = program.arena_bytes - live;
  use.library = target.LibraryBytes(program.num_kernel_calls());
  return use;
}

std::vector<int32_t> LiveAt(const Program& program, int32_t call) {
  std::vector<int32_t> live;
  for (size_t i = 0; i < program.storages.size(); ++i) {
    const Storage& s = program.storages[i];
    if (s.kind == StorageKind::kArena && s.first <= call && call <= s.last)
      live.push_back(static_cast<int32_t>(i));
  }
  std::stable_sort(live.begin(), live.end(), [&](int32_t a, int32_t b) {
    return program.storages[static_cast<size_t>(a)].bytes > program.storages[static_cast<size_t>(b)].bytes;
  });
  return live;
}

}  // namespace weft
