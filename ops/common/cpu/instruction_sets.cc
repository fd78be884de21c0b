#include "ops/instruction_sets.h"

#include "ops/common/cpu/highway_targets.h"
//
#include <hwy/highway.h>

#include <algorithm>
#include <cctype>
#include <oneapi/dnnl/dnnl.hpp>

#include "base/suggest.h"

namespace weft {
namespace {

// Single bits of a mask; the lowest is the best.
std::vector<int64_t> Bits(int64_t mask) {
  std::vector<int64_t> bits;
  for (; mask != 0; mask &= mask - 1) bits.push_back(mask & -mask);
  return bits;
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper;
}

}  // namespace

std::vector<std::string> InstructionSets() {
  std::vector<std::string> names;
  for (const int64_t bit : Bits(hwy::SupportedTargets() & HWY_TARGETS))
    names.emplace_back(hwy::TargetName(bit));
  return names;
}

Status LimitInstructionSets(std::string_view names) {
  std::vector<std::string> known;
  for (const int64_t bit : Bits(HWY_TARGETS)) known.emplace_back(hwy::TargetName(bit));
  int64_t kept = 0;
  while (!names.empty()) {
    const size_t comma = std::min(names.find(','), names.size());
    const std::string name = Upper(names.substr(0, comma));
    names.remove_prefix(std::min(comma + 1, names.size()));
    const auto it = std::find(known.begin(), known.end(), name);
    if (it == known.end()) {
      return InvalidArgument("the kernels are not compiled for an instruction set '{}'{}", name,
                             DidYouMean(name, known));
    }
    kept |= Bits(HWY_TARGETS)[static_cast<size_t>(it - known.begin())];
  }
  kept &= hwy::SupportedTargets();
  if (kept == 0) return InvalidArgument("this processor has none of those instruction sets");
  // Not DisableTargets: after it, each SupportedTargets() lets dispatch choose among all of the processor's
  // again.
  hwy::SetSupportedTargetsForTest(kept);
  hwy::GetChosenTarget().Update(kept);
  return OkStatus();
}

std::string OneDnnInstructionSet() {
  using dnnl::cpu_isa;
  switch (dnnl::get_effective_cpu_isa()) {
    case cpu_isa::sse41:
      return "sse41";
    case cpu_isa::avx:
      return "avx";
    case cpu_isa::avx2:
      return "avx2";
    case cpu_isa::avx2_vnni:
      return "avx2_vnni";
    case cpu_isa::avx512_core:
      return "avx512_core";
    case cpu_isa::avx512_core_vnni:
      return "avx512_core_vnni";
    case cpu_isa::avx512_core_bf16:
      return "avx512_core_bf16";
    case cpu_isa::avx512_core_amx:
      return "avx512_core_amx";
    default:
      return "another";
  }
}

bool HasBf16Products() {
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto bf16 = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return (isa & bf16) == bf16;
}

std::string OneDnnVersion() {
  const dnnl_version_t* v = dnnl_version();
  return fmt::format("{}.{}.{}", v->major, v->minor, v->patch);
}

std::string HighwayVersion() { return fmt::format("{}.{}.{}", HWY_MAJOR, HWY_MINOR, HWY_PATCH); }

}  // namespace weft
