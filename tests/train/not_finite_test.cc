// A loss or a gradient that is not finite leaves every parameter and moment as it was, and the run ends with
// the step, the node and its scope.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "compiler/compile.h"
#include "ops/add/op.h"
#include "ops/gather/op.h"
#include "ops/product/op.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/train/programs.h"
#include "runtime/train/trainer.h"
#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr int64_t kVocabulary = 17, kBatch = 2, kSeq = 4;

std::shared_ptr<const Graph> InitialValue(const Shape& shape, float scale) {
  auto graph = std::make_shared<Graph>();
  Builder b(*graph);
  b.Input("seed", {DataType::kI64, {}});
  Tensor values = Tensor::Zeros(DataType::kF32, shape);
  for (int64_t i = 0; i < values.num_elements(); ++i) {
    SetElementFromDouble(values, i, scale * std::sin(1.0 + static_cast<double>(i)));
  }
  const Var constant = b.Constant(values, "values");
  b.Output(ops::Add(constant, b.Scalar(0, DataType::kF32)));
  EXPECT_TRUE(b.status().ok()) << Message(b.status());
  return graph;
}

Var Weight(Builder& b, const std::string& name, const Shape& shape) {
  const Var w = b.Input(name, {DataType::kF32, ToDims(shape)});
  b.graph().AddState({name, StateRole::kParameter, w.id, ValueId::kNone, InitialValue(shape, 0.3F)});
  return w;
}

// Embedding and head. The last token can never be predicted: its logit is minus infinity, so that where it is
// the label the loss is infinite, while the gradient, softmax - 1 at the label, is finite.
Graph Model() {
  Graph graph;
  graph.name = "masked";
  Builder b(graph);
  const Dims shape = {Dim::Symbol("batch"), Dim::Symbol("seq")};
  const Var tokens = b.Input("tokens", {DataType::kI64, shape});
  const Var hidden = ops::Gather(Weight(b, "embed.weight", {kVocabulary, 8}), tokens, 0);
  std::vector<float> mask(kVocabulary, 0);
  mask.back() = -kInf;
  b.set_scope("head");
  const Var logits = ops::Product(hidden, Weight(b, "head.weight", {kVocabulary, 8}), {.trans_b = true});
  b.Output(ops::Add(logits, b.Constant(Tensor::Of<float>({kVocabulary}, mask), "mask")), "logits");
  EXPECT_TRUE(b.status().ok()) << Message(b.status());
  return graph;
}

TrainSettings Settings(int64_t accumulation, const std::string& optimizer = "adamw") {
  TrainSettings s;
  s.context_length = kSeq;
  s.batch_size = kBatch;
  s.grad_accumulation = accumulation;
  s.optimizer = optimizer;
  s.warmup_steps = 0;
  s.steps = 40;
  s.save_every = 1;
  s.threads = 2;
  s.dropout = 0;
  return s;
}

// The programs of a step, with states to look at.
class Steps {
 public:
  Steps(int64_t accumulation, const std::string& optimizer) {
    const TrainSettings s = Settings(accumulation, optimizer);
    auto programs = CompileTrainPrograms(Model(), Model(), s, target_, {});
    EXPECT_TRUE(programs.ok()) << Message(programs.status());
    step_ = session_.AddProgram("step", std::move(programs->step)).value();
    if (programs->apply) apply_ = session_.AddProgram("apply", *std::move(programs->apply)).value();
    const auto compile = [&](const Graph& g, const std::string& name) {
      return Compile(g, {}, target_, {.name = name});
    };
    for (Executor* e : {step_, apply_}) {
      if (e == nullptr) continue;
      EXPECT_TRUE(session_.RunInit(e->program().graph, compile, 1).ok());
    }
  }

  Session& session() { return session_; }

  void Micro(int64_t label) {
    const std::vector<int64_t> tokens = {1, 2, 3, 4, 5, 6, 7, 8};
    std::vector<int64_t> labels = {2, 3, 4, 5, 6, 7, 8, 9};
    labels[3] = label;
    Set("tokens", Tensor::Of<int64_t>({kBatch, kSeq}, tokens));
    Set("labels", Tensor::Of<int64_t>({kBatch, kSeq}, labels));
    Set("lr", Tensor::Scalar<float>(0.1F));
    Set("step", Tensor::Scalar<int64_t>(++count_));
    EXPECT_TRUE(step_->Run().ok());
  }
  float Apply() {
    Executor* update = apply_ != nullptr ? apply_ : step_;
    EXPECT_TRUE(apply_ == nullptr || apply_->Run().ok());
    return update->Output("grad_norm")->as<float>()[0];
  }
  float loss() { return step_->Output("loss_sum")->as<float>()[0]; }

  std::map<std::string, std::string> Bytes(StateRole role) const {
    std::map<std::string, std::string> bytes;
    for (const auto& s : session_.states()) {
      if (s->role != role) continue;
      bytes[s->name].assign(reinterpret_cast<const char*>(s->data), static_cast<size_t>(s->bytes()));
    }
    return bytes;
  }

 private:
  void Set(std::string_view name, const Tensor& value) {
    for (Executor* e : {step_, apply_}) {
      if (e != nullptr && e->program().FindInput(name) != nullptr) {
        EXPECT_TRUE(e->SetInput(name, value).ok());
      }
    }
  }
  CpuTarget target_{KernelContext{2, false}};
  Session session_;
  Executor* step_ = nullptr;
  Executor* apply_ = nullptr;
  int64_t count_ = 0;
};

class NotFinite : public ::testing::TestWithParam<std::pair<int64_t, const char*>> {};

// One bad micro batch among good ones; `spoil` makes it bad and returns the label to give it.
template <class Spoil>
void ExpectNothingChanges(int64_t accumulation, const std::string& optimizer, Spoil spoil, bool loss_alone) {
  Steps steps(accumulation, optimizer);
  for (int64_t i = 0; i < accumulation; ++i) steps.Micro(5);
  ASSERT_TRUE(std::isfinite(steps.Apply()));
  const int64_t label = spoil(steps);
  const auto parameters = steps.Bytes(StateRole::kParameter), moments = steps.Bytes(StateRole::kOptimizer);
  ASSERT_FALSE(moments.empty());
  for (int64_t i = 0; i < accumulation; ++i) {
    steps.Micro(i == accumulation / 2 ? label : 5);
    EXPECT_TRUE(!loss_alone || i != accumulation / 2 || steps.loss() == kInf) << steps.loss();
  }
  EXPECT_FALSE(std::isfinite(steps.Apply()));
  EXPECT_EQ(steps.Bytes(StateRole::kParameter), parameters);
  EXPECT_EQ(steps.Bytes(StateRole::kOptimizer), moments);
  for (const auto& [name, bytes] : steps.Bytes(StateRole::kAccumulator)) {
    EXPECT_EQ(bytes, std::string(bytes.size(), '\0')) << name;
  }
}

TEST_P(NotFinite, ALossWithAFiniteGradientChangesNoState) {
  const auto [accumulation, optimizer] = GetParam();
  ExpectNothingChanges(
      accumulation, optimizer, [](Steps&) { return kVocabulary - 1; }, true);
}

TEST_P(NotFinite, ANanAmongTheWeightsChangesNoOtherState) {
  const auto [accumulation, optimizer] = GetParam();
  const auto spoil = [](Steps& steps) {
    Tensor head = steps.session().FindState("head.weight")->tensor().Clone();
    SetElementFromDouble(head, 11, NAN);
    EXPECT_TRUE(steps.session().SetState("head.weight", head).ok());
    return int64_t{5};
  };
  ExpectNothingChanges(accumulation, optimizer, spoil, false);
}

INSTANTIATE_TEST_SUITE_P(All, NotFinite,
                         ::testing::Values(std::pair(int64_t{1}, "adamw"), std::pair(int64_t{3}, "adamw"),
                                           std::pair(int64_t{1}, "sgd"), std::pair(int64_t{3}, "sgd")),
                         [](const auto& info) {
                           return fmt::format("{}{}", info.param.second, info.param.first);
                         });

// ---- the whole run

class NotFiniteRun : public ::testing::TestWithParam<int64_t> {
 protected:
  // Shards in which the token that cannot be predicted comes so seldom; 0: never.
  void WriteData(uint32_t interval) {
    std::vector<uint32_t> ids;
    for (uint32_t i = 1; i < 2000; ++i) {
      const bool bad = interval > 0 && i % interval == 0;
      ids.push_back(bad ? kVocabulary - 1 : (i * 7 + i / 5) % 16);
    }
    for (const char* split : {"train", "val"}) {
      auto writer = TokenShardSetWriter::Create(directory_.path(), split, kVocabulary);
      ASSERT_TRUE(writer.ok() && writer->Append(ids).ok() && writer->Commit().ok());
    }
  }

  Status Train(TrainSettings s, const InitialWeights& init = {}, bool resume = false) {
    TrainJob job;
    job.settings = s;
    job.directory = directory_ / "run";
    EXPECT_TRUE(CreateDirectories(job.directory).ok());
    job.training_model = job.evaluation_model = Model();
    job.config_json = "{}";
    job.train = *TokenDataset::OpenSplit(directory_.path(), "train");
    auto trainer = Trainer::Create(std::move(job));
    if (!trainer.ok()) return trainer.status();
    return (*trainer)->Run(resume, init);
  }

  TemporaryDirectory directory_;
};

TEST_P(NotFiniteRun, NamesStepNodeAndScope) {
  WriteData(GetParam() == 1 ? 199 : 397);
  const Status status = Train(Settings(GetParam()));
  ASSERT_FALSE(status.ok());
  const auto latest = CheckpointDirectory(directory_ / "run").LoadLatest();
  ASSERT_TRUE(latest.ok() && latest->has_value()) << "it should begin with finite steps: " << Message(status);
  const int64_t good = (*latest)->state.step;
  EXPECT_THAT(Message(status),
              AllOf(HasSubstr(fmt::format("step {}, SoftmaxCrossEntropyLoss 'loss'", good + 1)),
                    HasSubstr("its output 'loss_sum' f32[] is infinite at []")));
  // A second time the same step fails in the same way.
  EXPECT_EQ(Message(Train(Settings(GetParam()), {}, true)), Message(status));
}

TEST_P(NotFiniteRun, NamesTheWeightThatHoldsANan) {
  WriteData(0);
  InitialWeights init;
  init.from = "test";
  init.tensors = {{"embed.weight", Tensor::Zeros(DataType::kF32, {kVocabulary, 8})},
                  {"head.weight", Tensor::Zeros(DataType::kF32, {kVocabulary, 8})}};
  SetElementFromDouble(init.tensors[1].tensor, 11, NAN);
  EXPECT_THAT(Message(Train(Settings(GetParam()), init)),
              AllOf(HasSubstr("step 1: "), HasSubstr("state 'head.weight'"), HasSubstr("already holds NaN"),
                    HasSubstr("is NaN at [1, 3], first read by Product 'head'")));
}

TEST_P(NotFiniteRun, NamesWhereWeightsThatGrewTooLargeOverflow) {
  WriteData(0);
  TrainSettings s = Settings(GetParam());
  s.lr = 1e30;
  s.schedule = "constant";
  s.optimizer = "sgd";
  EXPECT_THAT(Message(Train(s)),
              AllOf(HasSubstr("step 2, Product 'head'"), HasSubstr("'logits' f32[2, 4, 17] is ")));
}

INSTANTIATE_TEST_SUITE_P(Accumulation, NotFiniteRun, ::testing::Values(1, 3));

}  // namespace
}  // namespace weft
