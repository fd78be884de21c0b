#include "ops/attention_grad/cpu_kernels.h"
#include "ops/common/cpu/attention_by_heads.h"

namespace weft::ops::attention_grad {
namespace {

using enum HeadOperand;
constexpr HeadOperand kInputs[] = {kQuery,
                                   kKey,
                                   kValue,
                                   kNone,
                                   kNone,
                                   kResult,
                                   kLse,
                                   kResult,
                                   HeadOperand::kTable,
                                   HeadOperand::kTable,
                                   HeadOperand::kTable};
constexpr HeadOperand kOutputs[] = {kQuery, kKey, kValue};

std::string NarrowAccepts(const KernelNode& node) {
  const AttentionLayout l = LayoutOf(node, node.attrs<AttentionGradOp>());
  if (l.q_heads * l.kv_heads == 0) return "takes no empty heads";
  return AcceptsByHeads(node, kInputs, kOutputs);
}

StatusOr<std::unique_ptr<Kernel>> PrepareNarrow(const KernelNode& node, const KernelContext& context) {
  const auto& attrs = node.attrs<AttentionGradOp>();
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

}  // namespace weft::ops::attention_grad
