// What a step of the loop does again and again (draw windows, fill inputs, run, read the sums) allocates
// nothing of ours, neither as one program nor as micro steps with an apply step.
#include <gtest/gtest.h>

#include "base/shards.h"
#include "frontends/models/transformer.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"
#include "runtime/train/batches.h"
#include "runtime/train/programs.h"
#include "runtime/train/step.h"
#include "tests/base/temporary_directory.h"
#include "tests/executor/count_allocations.h"

namespace weft::test {
namespace {

constexpr int64_t kVocabulary = 17;

TokenDataset WriteTokens(const TemporaryDirectory& directory) {
  auto writer = TokenShardSetWriter::Create(directory.path(), "train", kVocabulary);
  EXPECT_TRUE(writer.ok());
  std::vector<uint32_t> ids;
  for (uint32_t i = 0; i < 2000; ++i) ids.push_back(i * i % kVocabulary);
  EXPECT_TRUE(writer->Append(ids).ok());
  EXPECT_TRUE(writer->Commit().ok());
  return *TokenDataset::OpenSplit(directory.path(), "train");
}

struct Loop {
  TrainSettings settings;
  CpuTarget target{{.threads = 2}};
  Session session;
  Executor* step = nullptr;
  Executor* apply = nullptr;
  std::optional<TrainWindows> windows;

  Status Start(const TokenDataset* data) {
    TransformerConfig c;
    c.vocab_size = kVocabulary, c.d_model = 32, c.num_layers = 2, c.num_heads = 2, c.d_ff = 48;
    c.context_length = settings.context_length;
    c.dropout = static_cast<float>(settings.dropout);
    WEFT_RETURN_IF_ERROR(c.Complete());
    WEFT_ASSIGN_OR_RETURN(const Graph model, BuildTransformer(c, true));
    WEFT_ASSIGN_OR_RETURN(TrainPrograms programs, CompileTrainPrograms(model, model, settings, target, {}));
    WEFT_ASSIGN_OR_RETURN(step, session.AddProgram("step", std::move(programs.step)));
    if (programs.apply) {
      WEFT_ASSIGN_OR_RETURN(apply, session.AddProgram("apply", *std::move(programs.apply)));
    }
    WEFT_ASSIGN_OR_RETURN(windows, TrainWindows::Create(data, settings.context_length, 1));
    return OkStatus();
  }

  Status Step(int64_t number) {
    return RunStep({step, apply}, {.step = number,
                                   .micro_steps = settings.grad_accumulation,
                                   .batch_size = settings.batch_size,
                                   .seed = 42,
                                   .lr = 1e-3,
                                   .fill_batch =
                                       [this, number](Executor& program, int64_t micro) {
                                         return FillTrainingBatch(program, *windows, number,
                                                                  micro * settings.batch_size);
                                       }})
        .status();
  }
};

TEST(StepAllocationTest, NothingOfOursAllocates) {
  if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer owns the allocator";
  const TemporaryDirectory directory;
  const TokenDataset data = WriteTokens(directory);
  for (const int64_t accumulation : {1, 3}) {
    Loop loop;
    loop.settings.context_length = 16;
    loop.settings.batch_size = 4;
    loop.settings.dropout = 0.1;
    loop.settings.grad_accumulation = accumulation;
    Status status = loop.Start(&data);
    if (status.ok()) status = loop.Step(1);
    StartCountingAllocations();
    for (int64_t step = 2; step < 6 && status.ok(); ++step) status = loop.Step(step);
    const Allocations seen = StopCountingAllocations();
    ASSERT_TRUE(status.ok()) << Message(status);
    EXPECT_EQ(seen.ours, 0) << accumulation << " micro steps: " << seen.first_of_ours;
  }
}

}  // namespace
}  // namespace weft::test
