// The arithmetic of what `weft bench` reports, on measurements made up by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tools/bench_report.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

TEST(BenchReportTest, Training) {
  TrainBench b;
  b.threads = 2;
  b.parameters = 1'000'000;
  b.tokens_per_step = 2048;
  b.flops_per_step = 20e9;
  b.step_seconds = {0.1, 0.3, 0.2};
  b.roof_flops = 200e9;
  b.planned.parameters = 1000;
  b.planned.library = 24;
  b.measured_bytes = 1030;
  b.arena_bytes = 600, b.arena_lower_bound = 500;
  const nlohmann::json json = ToJson(b);
  EXPECT_DOUBLE_EQ(json["step_ms"], 200);
  EXPECT_DOUBLE_EQ(json["step_ms_p10"], 120);
  EXPECT_DOUBLE_EQ(json["step_ms_p90"], 280);
  EXPECT_DOUBLE_EQ(json["tok_s"], 10240);
  EXPECT_DOUBLE_EQ(json["flops_per_token"], 20e9 / 2048);
  EXPECT_DOUBLE_EQ(json["gflop_s"], 100);
  EXPECT_DOUBLE_EQ(json["roof_gflop_s"], 200);
  EXPECT_DOUBLE_EQ(json["mfu"], 0.5);
  EXPECT_EQ(json["planned_peak_bytes"], 1024);
  EXPECT_EQ(json["measured_peak_bytes"], 1030);
  const std::string text = ToText(b);
  EXPECT_THAT(text, HasSubstr("200.0 ms (p10 120.0, p90 280.0; 3 steps, 2 threads)"));
  EXPECT_THAT(text, HasSubstr("10240 tok/s, 100.0 GFLOP/s"));
  EXPECT_THAT(text, HasSubstr("MFU 50.0 %"));
  EXPECT_THAT(text, HasSubstr("1.2000 of its lower bound"));
}

TEST(BenchReportTest, Generation) {
  GenerateBench b;
  b.options = {.prompt_tokens = 100, .new_tokens = 11, .sequences = 4, .runs = 3};
  b.first_token_seconds = {0.5, 0.4, 0.2};
  b.decode_seconds = {0.2, 0.1, 0.4};
  b.step_seconds = {0.02, 0.01, 0.03};
  b.weight_bytes = 70e6;
  b.cache_bytes = 10e6;
  b.roof_bandwidth = 16e9;
  const nlohmann::json json = ToJson(b);
  EXPECT_DOUBLE_EQ(json["prefill_tok_s"], 1000);  // 400 prompt tokens in 0.4 s
  EXPECT_DOUBLE_EQ(json["decode_tok_s"], 200);    // 4 x 10 tokens in 0.2 s: 50 steps a second
  EXPECT_DOUBLE_EQ(json["bytes_per_token"], 20e6);
  EXPECT_DOUBLE_EQ(json["read_gb_s"], 4);  // 50 times 80 MB
  EXPECT_DOUBLE_EQ(json["roof_share"], 0.25);
  EXPECT_DOUBLE_EQ(json["first_token_ms"], 400);
  EXPECT_DOUBLE_EQ(json["decode_step_ms"], 20);
  EXPECT_THAT(ToText(b), HasSubstr("25.0 % of it"));
  EXPECT_THAT(ToText(b), HasSubstr("4 sequences of 100 + 11 tokens"));
}

}  // namespace
}  // namespace weft
