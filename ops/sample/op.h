// Sample: one token of each row of logits.
//   logits              f32 f64, [batch, vocab]; -inf is a token that never comes
//   temperature         [batch]   0: the best token (of equals the smallest id), no draw
//   top_k               i64 [batch], optional   0: off; of equals the smaller ids stay
//   top_p, min_p        [batch], optional       1 and 0: off
//   repetition_penalty  [batch], optional       1: off
//   history             i64 [batch, h], optional: the tokens the penalty falls on; -1 is padding; h may be 0
//   seed                i64 [batch]
//   step                i64 [batch], optional (absent: 0): the position, so that each draws anew
//   token               i64 [batch]
//   logprob             [batch]   log softmax(logits)[token]: of the logits as they came
// (Where no type is named: that of logits.)
//
// In this order, as Hugging Face's transformers do:
//   penalty      z = x < 0 ? x * penalty : x / penalty   for tokens of the history, else z = x
//   temperature  w = exp((z - max z) / temperature)
//   top_k        the k tokens of the largest z stay
//   top_p        of the largest z downwards, those stay before which less than top_p of the sum of w lies
//   min_p        those stay with w >= min_p (the largest w is 1)
//   draw         the first token, by id, at which the running sum of w exceeds u times the sum; u, 53 bits,
//   from
//                Philox under (seed[row], step[row], stream): a row's token depends on no other row
//
// NaN or +inf in logits, a row of -inf only, and settings out of range are errors at run time.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SampleOp {
  static const OpDef def;
  int64_t stream = 0;
};

struct SampleInputs {
  Var logits, temperature, top_k, top_p, min_p, repetition_penalty, history, seed, step;
};
struct SampleVars {
  Var token, logprob;
};
SampleVars Sample(const SampleInputs& in, int64_t stream);

}  // namespace weft::ops
