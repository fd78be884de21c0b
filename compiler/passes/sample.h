// From logits to tokens: the last step of a program that generates.
#pragma once
#include "ir/graph.h"

namespace weft {

// Replaces the output `logits` [batch, vocab] by weft.Sample's
//   token    i64 [batch]  the one drawn
//   logprob  f32 [batch]  log softmax(logits)[token]
// and adds its inputs: temperature, top_p, min_p, repetition_penalty f32 [batch], top_k, seed, step i64
// [batch], history i64 [batch, history] (the tokens the penalty falls on, -1 is padding; the symbol may be
// 0).
Status AddSample(Graph& graph);

}  // namespace weft
