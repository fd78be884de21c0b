// How well a model predicts a text.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "compiler/passes/fusions.h"
#include "compiler/passes/mixed_precision.h"
#include "compiler/target.h"
#include "ir/graph.h"
#include "runtime/executor/session.h"

namespace weft {

struct TextLoss {
  double nats = 0;         // sum of -log p over the tokens asked for
  int64_t num_tokens = 0;  // all but the first
  int64_t num_windows = 0;
  double Mean() const { return nats / static_cast<double>(num_tokens); }
};

// Over windows of `context` tokens that do not overlap, as training's evaluation has them: window k reads
// tokens [k context, (k+1) context) and is asked for the ones after each, so that every token but the first
// is asked for once. At least two tokens, all below the model's vocabulary. model: tokens, positions ->
// logits [batch, seq, vocab]; its states are in `session` or have an initial value. progress(tokens done) is
// called now and then; Ctrl-C is Cancelled. bf16: in mixed precision.
StatusOr<TextLoss> MeasureTextLoss(Graph model, Session* session, const Target& target,
                                   std::span<const uint32_t> tokens, int64_t context,
                                   const std::function<void(int64_t)>& progress = {},
                                   const Fusions& fuse = {},
                                   const std::optional<MixedPrecisionOptions>& bf16 = {});

}  // namespace weft
