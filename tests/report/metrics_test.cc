// metrics.jsonl as curves, also where it is cut short, empty, or not what it should be.
#include "runtime/report/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "tests/base/temporary_directory.h"

namespace weft::test {
namespace {

std::string Line(int64_t step, const std::string& rest = R"("loss":2.5,"lr":0.001,"grad_norm":0.5,"ms":4)") {
  return fmt::format("{{\"step\":{},\"tokens\":{},{}}}\n", step, step * 100, rest);
}

// The column of a table, by name.
std::vector<Json> Column(const Json& table, std::string_view name) {
  std::vector<Json> values;
  for (size_t i = 0; i < table["columns"].size(); ++i) {
    if (table["columns"][i] != name) continue;
    for (const Json& row : table["rows"]) values.push_back(row[i]);
  }
  return values;
}

TEST(MetricsTest, ALineIsAPoint) {
  const Json json =
      MetricsJson(Line(1, R"("loss":3,"lr":0.5,"grad_norm":2,"ms":10,"tok_s":9000,"mem":77)") +
                  Line(2, R"("loss":2,"lr":0.25,"grad_norm":1,"ms":30,"tok_s":8000,"mem":99,)"
                          R"("val_loss":1.5,"val_bits_per_byte":0.6,"floor_bits_per_byte":0.4)"));
  EXPECT_EQ(json["step"], 2);
  EXPECT_EQ(json["tokens"], 200);
  EXPECT_DOUBLE_EQ(json["seconds"].get<double>(), 0.04);
  EXPECT_EQ(Column(json["points"], "loss"), (std::vector<Json>{3, 2}));
  EXPECT_EQ(Column(json["points"], "lr"), (std::vector<Json>{0.5, 0.25}));
  EXPECT_EQ(Column(json["points"], "memory"), (std::vector<Json>{77, 99}));
  EXPECT_EQ(json["steps_in_a_point"], 1);
  EXPECT_EQ(Column(json["evaluations"], "step"), (std::vector<Json>{2}));
  EXPECT_DOUBLE_EQ(json["floor_loss"].get<double>(), 0.4 * 1.5 / 0.6);
  EXPECT_EQ(json["best"], json["last_evaluation"]);
  EXPECT_EQ(json["unreadable_lines"], 0);
}

TEST(MetricsTest, ALongRunHasFewPointsWhoseMeansAreThoseOfItsSteps) {
  constexpr int kSteps = 5000;
  std::string text;
  for (int i = 1; i <= kSteps; ++i)
    text += Line(i, fmt::format("\"loss\":{},\"grad_norm\":1,\"val_loss\":{}", i % 10, kSteps - i));
  const Json json = MetricsJson(text);
  const size_t points = json["points"]["rows"].size();
  EXPECT_LE(points, kMostPoints);
  EXPECT_GE(points, kMostPoints / 2);
  EXPECT_EQ(json["steps_in_a_point"], 16);
  EXPECT_EQ(json["points"]["rows"].back()[0], kSteps);
  double sum = 0;
  const std::vector<Json> losses = Column(json["points"], "loss"), steps = Column(json["points"], "step");
  double before = 0;
  for (size_t i = 0; i < points; ++i) {
    sum += losses[i].get<double>() * (steps[i].get<double>() - before);
    before = steps[i].get<double>();
  }
  EXPECT_NEAR(sum / kSteps, 4.5, 1e-9);
  EXPECT_EQ(Column(json["points"], "loss_least")[0], 0);
  EXPECT_EQ(Column(json["points"], "loss_most")[0], 9);
  EXPECT_LE(json["evaluations"]["rows"].size(), kMostEvaluations);
  EXPECT_EQ(json["best"][0], kSteps);
}

TEST(MetricsTest, WhatIsNoMetricsIsCountedAndLeftOut) {
  const std::vector<std::string> lines = {"not json\n",
                                          "{\"step\":2,\"tok\n",
                                          "[1,2]\n",
                                          "{}\n",
                                          "null\n",
                                          "{\"step\":\"2\",\"tokens\":200}\n",
                                          "{\"step\":2,\"tokens\":NaN}\n",
                                          "{\"step\":-1,\"tokens\":200}\n",
                                          "{\"step\":2,\"tokens\":50}\n",
                                          "{\"step\":2,\"tokens\":1e999}\n",
                                          "{\"step\":2,\"tokens\":1e99}\n",
                                          "\xff\xfe\n",
                                          std::string(1 << 17, '[') + "\n"};
  for (const std::string& bad : lines) {
    SCOPED_TRACE(bad.substr(0, 60));
    const Json json = MetricsJson(Line(1) + bad + Line(3));
    EXPECT_EQ(json["unreadable_lines"], 1);
    EXPECT_EQ(Column(json["points"], "step"), (std::vector<Json>{1, 3}));
  }
}

TEST(MetricsTest, NumbersThatAreNoneAreNull) {
  const Json json =
      MetricsJson(Line(1, R"("loss":null,"lr":"x","grad_norm":[],"ms":{},"mem":true)") +
                  Line(2, R"("loss":1e308,"grad_norm":1e308,"val_loss":1,"val_bits_per_byte":0,)"
                          R"("floor_bits_per_byte":0.1)"));
  EXPECT_EQ(Column(json["points"], "loss"), (std::vector<Json>{nullptr, nullptr}));
  EXPECT_EQ(Column(json["points"], "lr"), (std::vector<Json>{nullptr, nullptr}));
  EXPECT_EQ(json["floor_loss"], nullptr);
  EXPECT_EQ(json["seconds"], 0);
}

TEST(MetricsTest, EveryTruncationIsRead) {
  const std::string text = Line(1) + Line(2, R"("loss":2,"val_loss":1.5)") + Line(3);
  for (size_t size = 0; size <= text.size(); ++size) {
    const Json json = MetricsJson(std::string_view(text).substr(0, size));
    EXPECT_LE(json["points"]["rows"].size(), 3U);
    EXPECT_LE(json["unreadable_lines"], 1) << size;
  }
}

TEST(MetricsTest, AFileThatIsNotThereHasNoPoints) {
  const TemporaryDirectory directory;
  const StatusOr<Json> none = ReadMetrics(directory / "metrics.jsonl");
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE((*none)["points"]["rows"].empty());
  EXPECT_EQ((*none)["last_evaluation"], nullptr);
  EXPECT_FALSE(ReadMetrics(directory.path()).ok()) << "a directory is no file";
}

}  // namespace
}  // namespace weft::test
