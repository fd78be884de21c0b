// Attention on bf16: each key/value head with its queries is widened into its thread's part of the workspace,
// given to the f32 kernel there, and its results are rounded on their way back. What memory sees is bf16.
#pragma once
#include <span>
#include <string>

#include "ops/common/cpu/attention_layout.h"
#include "ops/common/cpu/rotary.h"

namespace weft::ops {

// What an operand of an attention is, forward or backward.
enum class HeadOperand : uint8_t {
  kNone,    // absent in what this takes
  kQuery,   // [batch, q_heads, seq, head_dim], as q lies
  kKey,     // as k lies
  kValue,   // as v lies
  kResult,  // [batch, q_heads, seq, v_head_dim], as y lies
  kLse,     // f32 [batch, q_heads, seq]
  kTable,   // of a rotary embedding: f32 tables and i64 positions, as they are
};

struct AttentionByHeads {
  AttentionLayout layout;
  std::span<const HeadOperand> inputs, outputs;
  decltype(KernelDef::prepare) prepare;  // of the f32 kernel
  RotaryLayout rotary = {};
};

// "" if every operand is bf16, or what a kLse or kTable is, and none but those is there.
std::string AcceptsByHeads(const KernelNode& node, std::span<const HeadOperand> inputs,
                           std::span<const HeadOperand> outputs);
StatusOr<std::unique_ptr<Kernel>> PrepareByHeads(const KernelNode& node, const AttentionByHeads& attention,
                                                 int threads);

}  // namespace weft::ops
