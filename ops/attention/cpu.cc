#include "ops/attention/cpu_kernels.h"
#include "ops/common/cpu/attention_by_heads.h"

namespace weft::ops::attention {
namespace {

using enum HeadOperand;
constexpr HeadOperand kInputs[] = {kQuery,
                                   kKey,
                                   kValue,
                                   kNone,
                                   kNone,
                                   kNone,
                                   kNone,
                                   HeadOperand::kTable,
                                   HeadOperand::kTable,
                                   HeadOperand::kTable};
constexpr HeadOperand kOutputs[] = {kResult, kNone, kNone, kNone, kLse};

std::string NarrowAccepts(const KernelNode& node) {
  const AttentionLayout l = LayoutOf(node, node.attrs<AttentionOp>());
  if (l.q_heads * l.kv_heads * l.head_dim == 0) return "takes no empty heads";
  return AcceptsByHeads(node, kInputs, kOutputs);
}

StatusOr<std::unique_ptr<Kernel>> PrepareNarrow(const KernelNode& node, const KernelContext& context) {
  const auto& attrs = node.attrs<AttentionOp>();
  const auto rotary = RotaryLayout::Of(node, kRotary, attrs.rotary_interleaved);
  return PrepareByHeads(node, {LayoutOf(node, attrs), kInputs, kOutputs, PrepareSimd, rotary},
                        context.threads);
}

constexpr KernelDef kKernels[] = {
    {.name = "simd_bf16",
     .accepts = NarrowAccepts,
     .prepare = PrepareNarrow,
     .pitched = true,
     .narrow = true},
    {.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd, .pitched = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::attention
