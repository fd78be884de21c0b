#include "runtime/train/bench_step.h"

#include "runtime/train/batches.h"

namespace weft {

StatusOr<int64_t> VocabularyOf(const Graph& model) {
  const ValueId logits = model.Find("logits");
  if (logits == ValueId::kNone)
    return InvalidArgument("the model graph has no output logits [batch, seq, vocab]");
  return model.value(logits).type.shape.back().value();
}

Status FillRandomStep(Executor& program, const TrainSettings& settings, int64_t vocab_size, int64_t step,
                      int64_t micro) {
  const std::pair<std::string_view, Tensor> inputs[] = {
      {"lr", Tensor::Scalar<float>(static_cast<float>(settings.lr))},
      {"step", Tensor::Scalar<int64_t>(step)},
      {"seed", Tensor::Scalar<int64_t>(settings.seed)},
      {"row", Tensor::Scalar<int64_t>(micro * settings.batch_size)}};
  for (const auto& [name, value] : inputs) {
    if (program.program().FindInput(name) != nullptr) WEFT_RETURN_IF_ERROR(program.SetInput(name, value));
  }
  if (program.program().FindInput("tokens") == nullptr) return OkStatus();
  const RandomKey key = {static_cast<uint64_t>(settings.seed), static_cast<uint32_t>(step),
                         static_cast<uint32_t>(micro)};
  return FillRandomBatch(program, vocab_size, key);
}

}  // namespace weft
