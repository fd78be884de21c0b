#include "runtime/train/settings.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "runtime/train/schedule.h"

namespace weft {
namespace {

const Setting& Find(std::string_view name) {
  for (const Setting& s : AllSettings()) {
    if (s.name == name) return s;
  }
  ADD_FAILURE() << name;
  return AllSettings()[0];
}

TEST(Settings, RoundTripThroughJson) {
  TrainSettings s;
  s.lr = 0.1;
  s.norm = "post";
  s.steps = 7;
  s.tie_embeddings = true;
  TrainSettings t;
  ASSERT_TRUE(FromJson(ToJson(s), "run.json", &t).ok());
  EXPECT_EQ(ToJson(s), ToJson(t));
}

TEST(Settings, NameWhatIsWrong) {
  TrainSettings s;
  EXPECT_EQ(Message(FromJson(Json{{"batchsize", 3}}, "c.json", &s)),
            "c.json: there is no setting 'batchsize'; did you mean 'batch_size'?");
  EXPECT_EQ(Message(FromJson(Json{{"lr", "high"}}, "c.json", &s)),
            "c.json: lr is \"high\", expected a number");
  EXPECT_EQ(Message(FromText("fast", Find("lr"), &s)), "--lr: expected a number, got 'fast'");
  EXPECT_EQ(Message(FromText("1.5", Find("steps"), &s)), "--steps: expected a whole number, got '1.5'");
  s.schedule = "cosinus";
  EXPECT_EQ(Message(Check(s)), "--schedule is 'cosinus', expected one of constant, cosine, linear, wsd");
  s.schedule = "linear";
  s.batch_size = 0;
  EXPECT_NE(Message(Check(s)).find("--batch-size is 0"), std::string::npos);
}

TEST(Settings, MathematicsMayNotChangeOnResume) {
  TrainSettings a, b;
  b.lr = 2e-3;
  b.save_every = 1;
  const auto differences = MathematicalDifferences(a, b);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0], "lr: 0.001 before, 0.002 now");
}

TEST(Schedule, FollowsItsFormula) {
  TrainSettings s;
  s.lr = 1;
  s.min_lr = 0.1;
  s.steps = 110;
  s.warmup_steps = 10;
  EXPECT_DOUBLE_EQ(LearningRate(s, 1), 0.1);
  EXPECT_DOUBLE_EQ(LearningRate(s, 10), 1);
  EXPECT_NEAR(LearningRate(s, 60), 0.55, 1e-12);
  EXPECT_NEAR(LearningRate(s, 110), 0.1, 1e-12);
  s.schedule = "linear";
  EXPECT_NEAR(LearningRate(s, 35), 0.775, 1e-12);
  s.schedule = "constant";
  EXPECT_DOUBLE_EQ(LearningRate(s, 110), 1);
  s.schedule = "wsd";
  s.decay_steps = 20;
  EXPECT_DOUBLE_EQ(LearningRate(s, 90), 1);
  EXPECT_NEAR(LearningRate(s, 100), 0.55, 1e-12);
  EXPECT_NEAR(LearningRate(s, 110), 0.1, 1e-12);
}

}  // namespace
}  // namespace weft
