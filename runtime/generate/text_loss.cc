#include "runtime/generate/text_loss.h"

#include <algorithm>

#include "base/interrupt.h"
#include "compiler/compile.h"
#include "compiler/pass.h"

namespace weft {
namespace {

constexpr int64_t kTokensAtOnce = 4096;  // enough for the products to be large
constexpr int64_t kIgnored = -1;

class Windows {
 public:
  Windows(Executor& program, std::span<const uint32_t> tokens, int64_t batch, int64_t context)
      : program_(program), tokens_(tokens), batch_(batch), context_(context) {}

  // Windows first .. first + batch into the program's inputs.
  Status Fill(int64_t first) {
    WEFT_ASSIGN_OR_RETURN(int64_t* const tokens, Input("tokens"));
    WEFT_ASSIGN_OR_RETURN(int64_t* const labels, Input("labels"));
    WEFT_ASSIGN_OR_RETURN(int64_t* const positions, Input("positions"));
    const int64_t begin = first * context_, last = std::ssize(tokens_) - 1;
    for (int64_t i = 0; i < batch_ * context_; ++i) {
      const bool there = begin + i < last;
      tokens[i] = there ? tokens_[static_cast<size_t>(begin + i)] : 0;
      labels[i] = there ? static_cast<int64_t>(tokens_[static_cast<size_t>(begin + i + 1)]) : kIgnored;
      if (positions != nullptr) positions[i] = i % context_;
    }
    return OkStatus();
  }

 private:
  // Null where the program has no such input (a model without positions).
  StatusOr<int64_t*> Input(std::string_view name) {
    if (program_.program().FindInput(name) == nullptr) return nullptr;
    WEFT_ASSIGN_OR_RETURN(std::byte * bytes, program_.InputBuffer(name));
    return reinterpret_cast<int64_t*>(bytes);
  }
  Executor& program_;
  std::span<const uint32_t> tokens_;
  int64_t batch_, context_;
};

StatusOr<Executor*> AddLossProgram(Graph model, Session* session, const Target& target, int64_t batch,
                                   int64_t context, const Fusions& fuse,
                                   const std::optional<MixedPrecisionOptions>& bf16) {
  const auto init = [&](const Graph& graph, const std::string& name) {
    return Compile(graph, {}, target, {.name = name});
  };
  WEFT_RETURN_IF_ERROR(session->RunInit(model, init, /*seed=*/0));
  PassContext pass_context;
  pass_context.fuse = fuse;
  WEFT_ASSIGN_OR_RETURN(const std::vector<const Pass*> passes, PassesByName("loss,fuse_composites"));
  WEFT_RETURN_IF_ERROR(PassRunner().Run(model, passes, pass_context));
  WEFT_ASSIGN_OR_RETURN(Program program, Compile(std::move(model), {{"batch", batch}, {"seq", context}},
                                                 target, {.name = "evaluation", .fuse = fuse, .bf16 = bf16}));
  WEFT_ASSIGN_OR_RETURN(
      Executor * executor,
      session->AddProgram(fmt::format("evaluation of {} x {}", batch, context), std::move(program)));
  WEFT_RETURN_IF_ERROR(session->Derive(executor->program().graph, init));
  return executor;
}

}  // namespace

StatusOr<TextLoss> MeasureTextLoss(Graph model, Session* session, const Target& target,
                                   std::span<const uint32_t> tokens, int64_t context,
                                   const std::function<void(int64_t)>& progress, const Fusions& fuse,
                                   const std::optional<MixedPrecisionOptions>& bf16) {
  if (tokens.size() < 2) {
    return InvalidArgument("the text has {} tokens, expected 2 or more: the first is never asked for",
                           tokens.size());
  }
  TextLoss loss;
  loss.num_tokens = std::ssize(tokens) - 1;
  context = std::min(context, loss.num_tokens);
  loss.num_windows = (loss.num_tokens + context - 1) / context;
  const int64_t batch = std::min(loss.num_windows, std::max<int64_t>(1, kTokensAtOnce / context));
  WEFT_ASSIGN_OR_RETURN(Executor * program,
                        AddLossProgram(std::move(model), session, target, batch, context, fuse, bf16));
  Windows windows(*program, tokens, batch, context);
  for (int64_t first = 0; first < loss.num_windows; first += batch) {
    WEFT_RETURN_IF_ERROR(windows.Fill(first));
    WEFT_RETURN_IF_ERROR(program->Run());
    WEFT_ASSIGN_OR_RETURN(const Tensor sum, program->Output("loss_sum"));
    loss.nats += static_cast<double>(sum.as<float>()[0]);
    if (progress) progress(std::min((first + batch) * context, loss.num_tokens));
    WEFT_RETURN_IF_ERROR(CheckInterrupt());
  }
  return loss;
}

}  // namespace weft
