// The whole loop on a tiny model: it learns, stops and goes on with the same bits, accumulates as a large
// batch does.
#include "runtime/train/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "base/safetensors.h"
#include "frontends/models/transformer.h"
#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

class TrainerTest : public ::testing::Test {
 protected:
  // A text with a rule: token i+1 is token i + 3 modulo 17, with a jump now and then.
  void SetUp() override {
    auto writer = TokenShardSetWriter::Create(directory_.path(), "train", 17);
    ASSERT_TRUE(writer.ok()) << Message(writer.status());
    std::vector<uint32_t> ids;
    for (uint32_t i = 0, t = 0; i < 4000; ++i) ids.push_back(t = (t + (i % 31 == 0 ? 5 : 3)) % 17);
    ASSERT_TRUE(writer->Append(ids).ok());
    ASSERT_TRUE(writer->Commit().ok());
    auto val = TokenShardSetWriter::Create(directory_.path(), "val", 17);
    ASSERT_TRUE(val.ok());
    ASSERT_TRUE(val->Append(std::span(ids).first(200)).ok());
    ASSERT_TRUE(val->Commit().ok());
  }

  static TrainSettings Small() {
    TrainSettings s;
    s.context_length = 16;
    s.batch_size = 4;
    s.steps = 30;
    s.warmup_steps = 3;
    s.lr = 1e-2;
    s.eval_every = 10;
    s.save_every = 10;
    s.dropout = 0.1;
    s.threads = 2;
    return s;
  }

  TrainJob Job(const TrainSettings& s, const std::string& run) const {
    TransformerConfig c;
    c.vocab_size = 17, c.d_model = 32, c.num_layers = 2, c.num_heads = 2, c.d_ff = 48;
    c.context_length = s.context_length;
    c.dropout = static_cast<float>(s.dropout);
    EXPECT_TRUE(c.Complete().ok());
    TrainJob job;
    job.settings = s;
    job.directory = JoinPath(directory_.path(), run);
    EXPECT_TRUE(CreateDirectories(job.directory).ok());
    job.training_model = *BuildTransformer(c, true);
    job.evaluation_model = *BuildTransformer(c, false);
    job.config_json = DumpJson(ToJson(c));
    job.train = *TokenDataset::OpenSplit(directory_.path(), "train");
    job.val = *TokenDataset::OpenSplit(directory_.path(), "val");
    job.val_bytes = 200;
    return job;
  }

  // Runs to the end; returns the last metrics.
  StepMetrics Train(const TrainSettings& s, const std::string& run, bool resume = false) const {
    auto trainer = Trainer::Create(Job(s, run));
    EXPECT_TRUE(trainer.ok()) << Message(trainer.status());
    if (!trainer.ok()) return {};
    const Status status = (*trainer)->Run(resume);
    EXPECT_TRUE(status.ok()) << Message(status);
    return (*trainer)->last();
  }

  // Losses as written, without what depends on the clock.
  std::vector<std::string> Losses(const std::string& run) const {
    std::vector<std::string> lines;
    const std::string text = *ReadFile(JoinPath(directory_.path(), run + "/metrics.jsonl"));
    for (size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      lines.push_back(text.substr(begin, text.find(",\"ms\"", begin) - begin));
    }
    return lines;
  }

  std::string Weights(const std::string& run) const {
    return *ReadFile(JoinPath(directory_.path(), run + "/checkpoints/latest/model.safetensors"));
  }

  TemporaryDirectory directory_;
};

// q, k, v and gate, up are one state each while the run lasts; files have them apart, with the values they
// would have alone.
TEST_F(TrainerTest, JoinedParametersAreSavedApart) {
  TrainSettings s = Small();
  s.steps = 2;
  s.lr = s.min_lr = 0;
  for (const int64_t accumulation : {1, 2}) {
    s.grad_accumulation = accumulation;
    const std::string joined = fmt::format("joined{}", accumulation),
                      apart = fmt::format("apart{}", accumulation);
    s.no_fuse = "";
    Train(s, joined);
    s.no_fuse = "siblings";
    Train(s, apart);
    for (const char* file : {"model.safetensors", "optimizer.safetensors"}) {
      const auto path = [&](const std::string& run) {
        return JoinPath(directory_.path(), run + "/checkpoints/latest/" + file);
      };
      const auto a = SafetensorsFile::Open(path(joined)), b = SafetensorsFile::Open(path(apart));
      ASSERT_TRUE(a.ok() && b.ok());
      ASSERT_EQ(a->Names(), b->Names());
      for (const std::string& name : b->Names()) {
        const StatusOr<Tensor> x = a->Get(name), y = b->Get(name);
        ASSERT_TRUE(x.ok()) << Message(x.status());
        ASSERT_TRUE(y.ok());
        ASSERT_EQ(x->shape(), y->shape()) << name;
        for (int64_t i = 0; i < y->num_elements(); ++i) {
          const double expected = ElementAsDouble(*y, i);
          const double tolerance = file == std::string_view("model.safetensors") ? 0 : 1e-5;
          ASSERT_NEAR(ElementAsDouble(*x, i), expected, tolerance) << name << " [" << i << "]";
        }
      }
    }
  }
}

// Elements are updated alike and copied alike, whichever call does it; and no gradient waits longer.
TEST_F(TrainerTest, OneUpdateOfAllParametersHasTheSameBits) {
  TrainSettings s = Small();
  s.steps = 5;
  for (const char* precision : {"f32", "bf16"}) {
    for (const int64_t accumulation : {1, 2}) {
      SCOPED_TRACE(fmt::format("{}, accumulation {}", precision, accumulation));
      s.precision = precision;
      s.grad_accumulation = accumulation;
      int64_t peaks[2];
      std::string files[2];
      std::vector<std::string> losses[2];
      for (const bool joined : {false, true}) {
        s.no_fuse = joined ? "" : "updates";
        const std::string run = fmt::format("{}{}{}", joined ? "one" : "each", precision, accumulation);
        auto trainer = Trainer::Create(Job(s, run));
        ASSERT_TRUE(trainer.ok()) << Message(trainer.status());
        ASSERT_TRUE((*trainer)->Run(false).ok());
        peaks[joined] = (*trainer)->plan().memory.Total();
        losses[joined] = Losses(run);
        files[joined] = Weights(run) + *ReadFile(JoinPath(directory_.path(),
                                                          run + "/checkpoints/latest/optimizer.safetensors"));
      }
      EXPECT_EQ(losses[0], losses[1]);
      EXPECT_EQ(files[0], files[1]);
      EXPECT_LE(peaks[1], peaks[0]);
    }
  }
}

TEST_F(TrainerTest, LearnsAndReportsWhatItDid) {
  const StepMetrics last = Train(Small(), "a");
  EXPECT_EQ(last.step, 30);
  EXPECT_EQ(last.tokens, 30 * 4 * 16);
  EXPECT_LT(last.loss, std::log(17.0) / 2);
  ASSERT_TRUE(last.val_loss.has_value());
  EXPECT_LT(*last.val_loss, std::log(17.0) / 2);
  const std::vector<std::string> lines = Losses("a");
  ASSERT_EQ(lines.size(), 30u);
  EXPECT_NE(lines[9].find("val_loss"), std::string::npos);
  EXPECT_EQ(lines[8].find("val_loss"), std::string::npos);
  for (const char* file :
       {"config.json", "model.safetensors", "optimizer.safetensors", "trainer_state.json"}) {
    EXPECT_TRUE(Exists(JoinPath(directory_.path(), std::string("a/checkpoints/latest/") + file))) << file;
  }
}

TEST_F(TrainerTest, GoesOnWithTheSameBits) {
  Train(Small(), "whole");
  // Steps 1 to 20 of the same run: the schedule is that of 30 steps, so the run is cut by removing what came
  // later.
  Train(Small(), "parts");
  const std::string root = JoinPath(directory_.path(), "parts");
  ASSERT_TRUE(RemoveAll(root + "/checkpoints/step-00000030").ok());
  ASSERT_TRUE(ReplaceLink(root + "/checkpoints/latest", "step-00000020").ok());
  Train(Small(), "parts", /*resume=*/true);
  EXPECT_EQ(Losses("whole"), Losses("parts"));
  EXPECT_EQ(Weights("whole"), Weights("parts"));
}

TEST_F(TrainerTest, AccumulationEqualsTheLargeBatch) {
  TrainSettings large = Small(), small = Small();
  large.dropout = small.dropout = 0;
  large.batch_size = 8;
  small.batch_size = 2;
  small.grad_accumulation = 4;
  small.steps = large.steps = 5;
  const StepMetrics a = Train(large, "large"), b = Train(small, "small");
  EXPECT_NEAR(a.loss, b.loss, 1e-6 * a.loss);
  EXPECT_NEAR(a.grad_norm, b.grad_norm, 1e-6 * a.grad_norm);
}

// Nothing is learned yet: a label's logit is 0 in the mean, and the loss near the log-sum-exp. Held-out
// losses are without it.
TEST_F(TrainerTest, ZLossIsPartOfTheTrainingLossAlone) {
  TrainSettings without = Small();
  without.steps = 1;
  without.lr = without.min_lr = without.dropout = 0;
  TrainSettings with = without;
  with.z_loss = 0.5;
  const StepMetrics a = Train(without, "without"), b = Train(with, "with");
  const double expected = 0.5 * a.loss * a.loss;
  EXPECT_NEAR(b.loss - a.loss, expected, 0.2 * expected);
  EXPECT_NE(a.grad_norm, b.grad_norm);
  EXPECT_EQ(a.val_loss, b.val_loss);
}

// The gradient itself, not only its norm: with plain SGD and a rate of 1 the weights differ by their first
// value and the gradients alone.
TEST_F(TrainerTest, AccumulatedGradientsAreThoseOfTheLargeBatch) {
  TrainSettings large = Small(), small = Small();
  for (TrainSettings* s : {&large, &small}) {
    s->optimizer = "sgd";
    s->momentum = s->weight_decay = s->grad_clip = s->dropout = 0;
    s->lr = s->min_lr = 1;
    s->warmup_steps = 0;
    s->steps = 3;
  }
  large.batch_size = 8;
  small.batch_size = 2;
  small.grad_accumulation = 4;
  Train(large, "large");
  Train(small, "small");
  const auto weights = [&](const std::string& run) {
    return CheckpointDirectory::Load(JoinPath(directory_.path(), run + "/checkpoints/latest"))->parameters;
  };
  const std::vector<NamedTensor> a = weights("large"), b = weights("small");
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    double largest = 0, difference = 0;
    for (int64_t k = 0; k < a[i].tensor.num_elements(); ++k) {
      const double x = ElementAsDouble(a[i].tensor, k), y = ElementAsDouble(b[i].tensor, k);
      largest = std::max(largest, std::abs(x));
      difference = std::max(difference, std::abs(x - y));
    }
    EXPECT_LE(difference, 1e-6 * largest) << a[i].name;
  }
}

// What backward computes again are the same bits as what it would have kept, dropout included.
TEST_F(TrainerTest, ComputesAgainWithTheSameBits) {
  TrainSettings s = Small();
  s.steps = 3;
  s.batch_size = 128;  // activations that count
  const auto run = [&](const std::string& mode, const std::string& limit) {
    s.recompute = mode;
    s.memory_limit = limit;
    const std::string name = mode + limit;
    auto trainer = Trainer::Create(Job(s, name));
    EXPECT_TRUE(trainer.ok()) << Message(trainer.status());
    EXPECT_TRUE((*trainer)->Run(false).ok());
    return (*trainer)->plan();
  };
  const auto peak = [](const TrainPlan& plan) { return plan.memory.Total(); };
  const TrainPlan none = run("none", ""), blocks = run("blocks", "");
  EXPECT_EQ(none.recomputed_nodes, 0);
  EXPECT_GT(blocks.recomputed_nodes, 10);
  EXPECT_LT(peak(blocks), peak(none));
  EXPECT_EQ(blocks.flops_per_token, none.flops_per_token);
  EXPECT_GT(blocks.recomputed_flops_per_token, 0.1 * none.flops_per_token);
  EXPECT_EQ(Losses("none"), Losses("blocks"));
  EXPECT_EQ(Weights("none"), Weights("blocks"));
  // A limit half-way: less than all is computed again, and it is kept to.
  const int64_t limit = (peak(none) + peak(blocks)) / 2;
  const TrainPlan some = run("auto", fmt::format("{}", limit));
  EXPECT_LE(peak(some), limit);
  EXPECT_GT(some.recomputed_nodes, 0);
  EXPECT_LT(some.recomputed_flops_per_token, blocks.recomputed_flops_per_token);
  EXPECT_EQ(Losses("none"), Losses(fmt::format("auto{}", limit)));
  EXPECT_EQ(Weights("none"), Weights(fmt::format("auto{}", limit)));
  // Nothing where there is room.
  EXPECT_EQ(run("auto", "1GB").recomputed_nodes, 0);
}

TEST_F(TrainerTest, BeginsWithTheWeightsGiven) {
  TrainSettings s = Small();
  s.steps = 10;
  Train(s, "first");
  const Checkpoint first =
      *CheckpointDirectory::Load(JoinPath(directory_.path(), "first/checkpoints/latest"));
  s.steps = 1;
  s.lr = s.min_lr = 0;
  s.weight_decay = 0;
  auto trainer = Trainer::Create(Job(s, "second"));
  ASSERT_TRUE(trainer.ok()) << Message(trainer.status());
  ASSERT_TRUE((*trainer)->Run(false, {first.parameters, "first"}).ok());
  EXPECT_EQ(Weights("first"), Weights("second"));
  InitialWeights odd = {first.parameters, "odd"};
  const std::string name = odd.tensors[3].name, shape = ToString(odd.tensors[3].tensor.shape());
  const auto error = [&] { return Message((*Trainer::Create(Job(s, "third")))->Run(false, odd)); };
  odd.tensors[3].tensor = Tensor::Zeros(DataType::kF32, {5});
  EXPECT_EQ(error(), fmt::format("odd: tensor '{}' has shape [5], expected {}", name, shape));
  odd.tensors[3].name += "s";
  EXPECT_EQ(error(),
            fmt::format("odd: tensor '{}s' is not one of this model's parameter tensors; did you mean '{}'?",
                        name, name));
  odd.tensors.erase(odd.tensors.begin() + 3);
  EXPECT_EQ(error(), fmt::format("odd: tensor '{}' is missing", name));
}

TEST_F(TrainerTest, OtherDataIsRefusedOnResume) {
  TrainSettings s = Small();
  s.steps = 10;
  Train(s, "run");
  auto writer = TokenShardSetWriter::Create(directory_.path(), "train", 17);
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer->Append(std::vector<uint32_t>(4000, 3)).ok());
  ASSERT_TRUE(writer->Commit().ok());
  auto trainer = Trainer::Create(Job(s, "run"));
  ASSERT_TRUE(trainer.ok());
  EXPECT_NE(Message((*trainer)->Run(true)).find("trained on other data: train had 4000 tokens, "),
            std::string::npos);
}

TEST_F(TrainerTest, ADamagedCheckpointIsRefusedByName) {
  TrainSettings s = Small();
  s.steps = 10;
  Train(s, "d");
  const std::string path = JoinPath(directory_.path(), "d/checkpoints/latest/model.safetensors");
  std::string bytes = *ReadFile(path);
  bytes[bytes.size() / 2] ^= 1;
  ASSERT_TRUE(WriteFileAtomically(path, bytes).ok());
  auto trainer = Trainer::Create(Job(s, "d"));
  ASSERT_TRUE(trainer.ok());
  const Status status = (*trainer)->Run(true);
  EXPECT_NE(Message(status).find("model.safetensors: damaged"), std::string::npos) << Message(status);
}

TEST_F(TrainerTest, TooLittleTextIsRefused) {
  TrainSettings s = Small();
  s.context_length = 5000;
  const auto trainer = Trainer::Create(Job(s, "e"));
  EXPECT_FALSE(trainer.ok());
}

TrainSettings InBf16(TrainSettings s) {
  s.precision = "bf16";
  return s;
}

TEST_F(TrainerTest, LearnsInBf16AsInF32) {
  const StepMetrics wide = Train(Small(), "wide"), narrow = Train(InBf16(Small()), "narrow");
  ASSERT_TRUE(wide.val_loss && narrow.val_loss);
  EXPECT_NEAR(*narrow.val_loss, *wide.val_loss, 0.05);
  EXPECT_NE(Losses("narrow"), Losses("wide"));
  // The first step sees the same weights: its loss differs by the rounding of activations alone.
  TrainSettings one = Small();
  one.steps = 1;
  const StepMetrics a = Train(one, "a"), b = Train(InBf16(one), "b");
  EXPECT_NEAR(b.loss, a.loss, 5e-3 * a.loss);
  EXPECT_NEAR(b.grad_norm, a.grad_norm, 2e-2 * a.grad_norm);
}

TEST_F(TrainerTest, GoesOnInBf16WithTheSameBits) {
  for (const int64_t accumulation : {1, 2}) {
    TrainSettings s = InBf16(Small());
    s.grad_accumulation = accumulation;
    const std::string whole = fmt::format("whole{}", accumulation),
                      parts = fmt::format("parts{}", accumulation);
    Train(s, whole);
    Train(s, parts);
    const std::string root = JoinPath(directory_.path(), parts);
    ASSERT_TRUE(RemoveAll(root + "/checkpoints/step-00000030").ok());
    ASSERT_TRUE(ReplaceLink(root + "/checkpoints/latest", "step-00000020").ok());
    Train(s, parts, /*resume=*/true);
    EXPECT_EQ(Losses(whole), Losses(parts));
    EXPECT_EQ(Weights(whole), Weights(parts));
  }
}

TEST_F(TrainerTest, AccumulationInBf16EqualsTheLargeBatch) {
  TrainSettings large = InBf16(Small()), small = InBf16(Small());
  large.dropout = small.dropout = 0;
  large.batch_size = 8;
  small.batch_size = 2;
  small.grad_accumulation = 4;
  small.steps = large.steps = 5;
  const StepMetrics a = Train(large, "large"), b = Train(small, "small");
  EXPECT_NEAR(a.loss, b.loss, 2e-3 * a.loss);
  EXPECT_NEAR(a.grad_norm, b.grad_norm, 1e-2 * a.grad_norm);
}

TEST_F(TrainerTest, KeepsInF32WhatIsAskedFor) {
  TrainSettings s = InBf16(Small());
  s.steps = 1;
  s.keep_f32 = ".*";
  TrainSettings wide = Small();
  wide.steps = 1;
  Train(s, "kept");
  Train(wide, "wide");
  EXPECT_EQ(Losses("kept"), Losses("wide"));
  EXPECT_EQ(Weights("kept"), Weights("wide"));
  s.keep_f32 = "(";
  const auto refused = Trainer::Create(Job(s, "refused"));
  EXPECT_NE(Message(refused.status()).find("keep-f32 '(' is not a regular expression"), std::string::npos)
      << Message(refused.status());
}

TEST_F(TrainerTest, SgdLearnsToo) {
  TrainSettings s = Small();
  s.optimizer = "sgd";
  s.lr = 0.3;
  s.grad_clip = 0;
  const StepMetrics last = Train(s, "sgd");
  EXPECT_LT(last.loss, std::log(17.0) * 0.9);
}

}  // namespace
}  // namespace weft
