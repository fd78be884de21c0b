#include "runtime/train/bench_step.h"

#include "runtime/train/batches.h"

namespace weft {

StatusOr<int64_t> VocabularyOf(const Graph& model) {
  const ValueId logits = model.Find("logits");
  if (logits == ValueId::kNone)
    return InvalidArgument("the model graph has no output logits [batch, seq, vocab]");
  return model.value(logits).type.shape.back().value();
}

StepInputs RandomStep(const TrainSettings& settings, int64_t vocab_size, int64_t step) {
  const RandomKey key = {static_cast<uint64_t>(settings.seed), static_cast<uint32_t>(step), 0};
  return {.step = step,
          .micro_steps = settings.grad_accumulation,
          .batch_size = settings.batch_size,
          .seed = settings.seed,
          .lr = settings.lr,
          .fill_batch = [key, vocab_size](Executor& program, int64_t micro) {
            RandomKey of_micro = key;
            of_micro.stream = static_cast<uint32_t>(micro);
            return FillRandomBatch(program, vocab_size, of_micro);
          }};
}

}  // namespace weft
