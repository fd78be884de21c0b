#include "runtime/train/step.h"

#include "runtime/train/batches.h"

namespace weft {

StatusOr<double> ScalarOutput(const Executor& program, std::string_view output) {
  WEFT_ASSIGN_OR_RETURN(const std::byte* value, program.OutputData(output));
  return static_cast<double>(*reinterpret_cast<const float*>(value));
}

Status FillMicroStep(const StepPrograms& programs, const StepInputs& inputs, int64_t micro) {
  const std::pair<std::string_view, int64_t> numbers[] = {
      {"step", inputs.step}, {"seed", inputs.seed}, {"row", micro * inputs.batch_size}};
  for (Executor* program : {programs.step, programs.apply}) {
    if (program == nullptr) continue;
    WEFT_RETURN_IF_ERROR(FillScalar(*program, "lr", static_cast<float>(inputs.lr)));
    for (const auto& [name, value] : numbers) WEFT_RETURN_IF_ERROR(FillScalar(*program, name, value));
  }
  return inputs.fill_batch(*programs.step, micro);
}

StatusOr<StepResult> RunStep(const StepPrograms& programs, const StepInputs& inputs) {
  StepResult result;
  for (int64_t micro = 0; micro < inputs.micro_steps; ++micro) {
    WEFT_RETURN_IF_ERROR(FillMicroStep(programs, inputs, micro));
    WEFT_RETURN_IF_ERROR(programs.step->Run(inputs.step));
    WEFT_ASSIGN_OR_RETURN(const double sum, ScalarOutput(*programs.step, "loss_sum"));
    WEFT_ASSIGN_OR_RETURN(const double count, ScalarOutput(*programs.step, "token_count"));
    result.loss_sum += sum;
    result.token_count += count;
  }
  if (programs.apply != nullptr) WEFT_RETURN_IF_ERROR(programs.apply->Run(inputs.step));
  WEFT_ASSIGN_OR_RETURN(result.grad_norm,
                        ScalarOutput(programs.apply ? *programs.apply : *programs.step, "grad_norm"));
  return result;
}

}  // namespace weft
