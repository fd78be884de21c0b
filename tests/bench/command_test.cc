// weft bench train|generate|tokenizer as a user calls it, in this process, on small models. Not how fast it
// is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "tests/base/temporary_directory.h"
#include "tests/generate/tiny_model.h"
#include "tools/commands.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class BenchCommand : public ::testing::Test {
 protected:
  // What the command printed; its outcome is in result_.
  std::string Run(std::vector<std::string> arguments) {
    CLI::App app;
    result_ = OkStatus();
    RegisterBenchCommand(app, &result_);
    arguments.insert(arguments.begin(), "bench");
    std::reverse(arguments.begin(), arguments.end());
    ::testing::internal::CaptureStdout();
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      result_ = InvalidArgument("usage: {}", error.what());
    }
    return ::testing::internal::GetCapturedStdout();
  }
  Json Measure(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const std::string text = Run(std::move(arguments));
    EXPECT_TRUE(result_.ok()) << Message(result_);
    return result_.ok() ? Json::parse(text) : Json();
  }
  std::string Error(std::vector<std::string> arguments) {
    EXPECT_EQ(Run(std::move(arguments)), "");
    return result_.ok() ? "done" : Message(result_);
  }
  static std::vector<std::string> Keys(const Json& json) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : json.items()) {
      // None is null: not a number, or infinite.
      EXPECT_TRUE(value.is_number() || key == "precision") << key;
      keys.push_back(key);
    }
    return keys;
  }
  TemporaryDirectory directory_;
  Status result_;
};

const std::vector<std::string> kTrain = {
    "train", "--d-model", "32", "--num-layers", "2", "--num-heads",      "4",  "--vocab-size",
    "50",    "--d-ff",    "64", "--batch-size", "3", "--context-length", "16", "--steps",
    "4",     "--warm-up", "1",  "--threads",    "2"};

std::vector<std::string> With(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST_F(BenchCommand, Train) {
  const Json json = Measure(kTrain);
  EXPECT_THAT(Keys(json),
              ElementsAre("arena_bytes", "arena_lower_bound_bytes", "bytes_per_step", "compile_seconds",
                          "first_loss", "flops_per_step", "flops_per_token", "gflop_s", "init_seconds",
                          "last_loss", "measured_peak_bytes", "mfu", "parameters", "planned_library_bytes",
                          "planned_peak_bytes", "precision", "roof_gflop_s", "step_ms", "step_ms_p10",
                          "step_ms_p90", "steps", "threads", "tok_s", "tokens_per_step"));
  EXPECT_EQ(json["steps"], 4);
  EXPECT_EQ(json["tokens_per_step"], 48);
  EXPECT_EQ(json["threads"], 2);
  const int64_t products = 2 * (4 * 32 * 32 + 3 * 32 * 64) + 32 * 50;
  EXPECT_EQ(json["parameters"],
            products + 32 * 50 + 5 * 32);  // the embedding and the gains take part in no product
  const double flops = json["flops_per_step"];
  EXPECT_GT(flops, 6.0 * products * 48);
  EXPECT_LT(flops, 1.5 * 6.0 * products * 48);  // attention and the rest beside the products
  // AdamW alone reads four tensors of the parameters' size and writes three.
  EXPECT_GT(json["bytes_per_step"], 7 * 4 * json["parameters"].get<int64_t>());
  EXPECT_NEAR(json["first_loss"], std::log(50.0), 0.5);
  EXPECT_LE(json["step_ms_p10"], json["step_ms"]);
  EXPECT_LE(json["step_ms"], json["step_ms_p90"]);
  EXPECT_NEAR(json["tok_s"].get<double>() * json["step_ms"].get<double>(), 48e3, 1e-3);
  EXPECT_NEAR(json["gflop_s"].get<double>() * json["step_ms"].get<double>() * 1e6, flops, 1e-6 * flops);
  EXPECT_GT(json["measured_peak_bytes"], 0);
}

TEST_F(BenchCommand, TrainWithAccumulationDropoutAndSgd) {
  const Json once = Measure(kTrain);
  const Json json =
      Measure(With(kTrain, {"--grad-accumulation", "2", "--dropout", "0.1", "--optimizer", "sgd"}));
  EXPECT_EQ(json["tokens_per_step"], 96);
  EXPECT_GT(json["flops_per_step"], 1.9 * once["flops_per_step"].get<double>());
  EXPECT_NEAR(json["first_loss"], std::log(50.0), 0.5);
}

TEST_F(BenchCommand, TrainTakesPresetsAndSettingsFromFiles) {
  ASSERT_TRUE(WriteFileAtomically(directory_ / "s.json", R"({"preset": "tiny", "batch_size": 1})").ok());
  const Json json = Measure(
      {"train", "--config", directory_ / "s.json", "--steps", "1", "--warm-up", "0", "--vocab-size", "100"});
  const TransformerConfig tiny = *FindPreset("tiny");
  EXPECT_EQ(json["tokens_per_step"], tiny.context_length);
  EXPECT_THAT(Run(kTrain), HasSubstr("tok/s"));
}

TEST_F(BenchCommand, TrainWithoutFusions) {
  const Json with = Measure(kTrain);
  const Json some = Measure(With(kTrain, {"--no-fuse=swiglu,rms_normalization_grad_accumulate"}));
  const Json none = Measure(With(kTrain, {"--no-fuse"}));
  EXPECT_LT(with["bytes_per_step"], some["bytes_per_step"]);
  EXPECT_LT(some["bytes_per_step"], none["bytes_per_step"]);
  EXPECT_NEAR(with["first_loss"], none["first_loss"], 1e-4);
  EXPECT_THAT(Error({"train", "--no-fuse=swighlu"}), HasSubstr("did you mean 'swiglu'?"));
}

TEST_F(BenchCommand, Fusions) {
  std::vector<std::string> arguments = kTrain;
  arguments[0] = "fusions";
  const Json json = Measure(arguments);
  EXPECT_EQ(json["rounds"], 4);
  const Json& variants = json["variants"];
  std::vector<std::string> without;
  for (const Json& v : variants) {
    without.push_back(v["without"]);
    EXPECT_GT(v["step_ms"], 0);
    EXPECT_GT(v["time_ratio"], 0);
    if (v["without"] == "") continue;
    EXPECT_GT(v["calls"], variants[0]["calls"]) << without.back();
    EXPECT_GT(v["bytes"], variants[0]["bytes"]) << without.back();
  }
  EXPECT_THAT(without, ElementsAre("", "composites", "siblings", "updates", "regions", "rotary_attention",
                                   "linear_cross_entropy_loss", "product_accumulate",
                                   "rms_normalization_grad_accumulate", "swiglu", "all"));
  EXPECT_EQ(variants[0]["time_ratio"], 1);
  EXPECT_THAT(Run(arguments), HasSubstr("without swiglu"));
  EXPECT_THAT(Error({"fusions", "--steps", "0"}), HasSubstr("--steps is 0"));
  EXPECT_THAT(Error({"fusions", "--grad-accumulation", "2"}), HasSubstr("--grad-accumulation is 2"));
}

TEST_F(BenchCommand, TrainRefuses) {
  EXPECT_EQ(Error({"train", "--steps", "0"}), "--steps is 0, expected 1 or more");
  EXPECT_EQ(Error({"train", "--warm-up", "-1"}), "--warm-up is -1, expected 0 or more");
  EXPECT_THAT(Error({"train", "--preset", "huge"}), HasSubstr("'huge'"));
  EXPECT_THAT(Error({"train", "--d-model", "130"}),
              HasSubstr("--d-model 130 is not divisible by --num-heads 4"));
  EXPECT_THAT(Error({"train", "--batch-size", "0"}), HasSubstr("--batch-size is 0"));
  EXPECT_THAT(Error({"train", "--text", "a"}), HasSubstr("usage"));
  EXPECT_THAT(Error({"train", "--threads", "0"}), HasSubstr("usage"));
}

TEST_F(BenchCommand, GenerateOnRandomWeights) {
  const Json json = Measure({"generate", "--preset", "tiny", "--vocab-size", "100", "--prompt-length", "20",
                             "--new-tokens", "5", "--batch-size", "3", "--runs", "2", "--threads", "1"});
  EXPECT_THAT(
      Keys(json),
      ElementsAre("batch_size", "bytes_per_token", "cache_bytes_per_step", "compile_seconds",
                  "decode_step_ms", "decode_step_ms_p10", "decode_step_ms_p90", "decode_tok_s",
                  "first_token_ms", "new_tokens", "parameters", "prefill_tok_s", "prompt_length", "read_gb_s",
                  "roof_read_gb_s", "roof_share", "runs", "threads", "weight_bytes_per_step"));
  TransformerConfig c = *FindPreset("tiny");
  c.vocab_size = 100;
  ASSERT_TRUE(c.Complete().ok());
  const int64_t width = c.num_kv_heads * c.head_dim, d = c.d_model;
  const int64_t layer = 2 * d * d + 2 * d * width + 3 * d * c.d_ff + 2 * d;
  const int64_t read =
      c.num_layers * layer + d + d * c.vocab_size;  // the head, and no more than rows of the embedding
  EXPECT_EQ(json["parameters"], read + d * c.vocab_size);
  EXPECT_GE(json["weight_bytes_per_step"], 4 * (read + 3 * d));
  EXPECT_LE(json["weight_bytes_per_step"], 4 * (read + 3 * 3 * d));
  // In the middle of the new tokens: 20 + 5 / 2 of them, three sequences.
  EXPECT_DOUBLE_EQ(json["cache_bytes_per_step"], 4.0 * c.num_layers * 2 * width * 22.5 * 3);
  const double bytes = json["bytes_per_token"];
  EXPECT_DOUBLE_EQ(3 * bytes,
                   json["weight_bytes_per_step"].get<double>() + json["cache_bytes_per_step"].get<double>());
  EXPECT_NEAR(json["read_gb_s"].get<double>(), 1e-9 * bytes * json["decode_tok_s"].get<double>(), 1e-9);
  EXPECT_NEAR(json["prefill_tok_s"].get<double>() * json["first_token_ms"].get<double>(), 60e3, 1e-3);
}

// A step reads codes and scales: 8.5 or 4.5 bits of each weight of a product, and the norms in f32.
TEST_F(BenchCommand, GenerateWithQuantisedWeights) {
  TransformerConfig c = *FindPreset("tiny");
  c.vocab_size = 100;
  ASSERT_TRUE(c.Complete().ok());
  const int64_t width = c.num_kv_heads * c.head_dim, d = c.d_model;
  const int64_t groups_of_ff = (c.d_ff + 31) / 32;  // its last group is shorter
  for (const int64_t bits : {8, 4}) {
    const Json json =
        Measure({"generate", "--preset", "tiny", "--vocab-size", "100", "--prompt-length", "20",
                 "--new-tokens", "2", "--runs", "1", "--threads", "1", "--weights", bits == 8 ? "q8" : "q4"});
    const auto matrix = [&](int64_t n, int64_t k, int64_t groups) { return n * (k * bits / 8 + 2 * groups); };
    const int64_t layer = matrix(2 * d + 2 * width, d, d / 32) + matrix(2 * c.d_ff, d, d / 32) +
                          matrix(d, c.d_ff, groups_of_ff) + 4 * 2 * d;
    const int64_t read = c.num_layers * layer + 4 * d + matrix(c.vocab_size, d, d / 32);
    EXPECT_GE(json["weight_bytes_per_step"], read);
    EXPECT_LE(json["weight_bytes_per_step"], read + 4 * 3 * d);  // and a row or two of the embedding
  }
  EXPECT_THAT(Error({"generate", "--weights", "q8", "--group", "40"}), HasSubstr("--group is 40"));
}

TEST_F(BenchCommand, GenerateOnAModel) {
  const std::string model = directory_ / "model";
  test::WriteTinyModel(model, test::TinyConfig(), 3);
  const Json json = Measure({"generate", "--model", model, "--prompt-length", "30", "--new-tokens", "18",
                             "--runs", "1", "--threads", "1"});
  EXPECT_EQ(json["prompt_length"], 30);
  EXPECT_GT(json["decode_tok_s"], 0);
  EXPECT_THAT(Error({"generate", "--model", model, "--prompt-length", "30", "--new-tokens", "19"}),
              HasSubstr("are 49 tokens, the model's context is 48"));
  EXPECT_THAT(Error({"generate", "--model", model, "--vocab-size", "9"}), HasSubstr("--model has its own"));
}

TEST_F(BenchCommand, GenerateRefuses) {
  EXPECT_EQ(Error({"generate", "--prompt-length", "0"}), "--prompt-length is 0, expected 1 or more");
  EXPECT_EQ(Error({"generate", "--batch-size", "0"}), "--batch-size is 0, expected 1 or more");
  EXPECT_EQ(Error({"generate", "--runs", "0"}), "--runs is 0, expected 1 or more");
  EXPECT_EQ(Error({"generate", "--new-tokens", "9000000000000000000"}),
            "--new-tokens is 9000000000000000000, expected at most 1073741824");
  EXPECT_THAT(Error({"generate", "--new-tokens", "1"}), HasSubstr("--new-tokens is 1, expected 2 or more"));
  EXPECT_THAT(Error({"generate", "--model", directory_ / "none"}), HasSubstr("none"));
  EXPECT_THAT(Error({"generate", "--preset", "tiny", "--model", "m"}), HasSubstr("usage"));
}

TEST_F(BenchCommand, Tokenizer) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += fmt::format("number {} and number {}\n", i, i * i);
  ASSERT_TRUE(WriteFileAtomically(directory_ / "empty.txt", "").ok());
  ASSERT_TRUE(WriteFileAtomically(directory_ / "t.txt", text).ok());
  const Json json = Measure({"tokenizer", "--input", directory_ / "empty.txt", directory_ / "t.txt",
                             "--vocab-size", "300", "--runs", "2", "--threads", "2"});
  EXPECT_THAT(Keys(json),
              ElementsAre("bytes_per_token", "decode_mb_s", "encode_mb_s", "encode_one_thread_mb_s",
                          "encoded_bytes", "ids", "text_bytes", "threads", "train_mb_s", "train_peak_bytes",
                          "train_seconds", "vocab_size"));
  EXPECT_EQ(json["text_bytes"], text.size());
  EXPECT_EQ(json["encoded_bytes"], text.size());
  EXPECT_EQ(json["vocab_size"], 300);
  EXPECT_NEAR(json["bytes_per_token"].get<double>() * json["ids"].get<double>(), text.size(), 1e-6);
  EXPECT_NEAR(json["train_mb_s"].get<double>() * json["train_seconds"].get<double>(), 1e-6 * text.size(),
              1e-9);
  EXPECT_GT(json["train_peak_bytes"], 0);
}

TEST_F(BenchCommand, TokenizerRefuses) {
  EXPECT_THAT(Error({"tokenizer", "--input", directory_ / "none.txt"}), HasSubstr("none.txt"));
  ASSERT_TRUE(WriteFileAtomically(directory_ / "empty.txt", "").ok());
  EXPECT_THAT(Error({"tokenizer", "--input", directory_ / "empty.txt"}), HasSubstr("no text to train on"));
  ASSERT_TRUE(WriteFileAtomically(directory_ / "t.txt", "some text").ok());
  EXPECT_THAT(Error({"tokenizer", "--input", directory_ / "t.txt", "--vocab-size", "9"}),
              HasSubstr("9 tokens"));
  EXPECT_EQ(Error({"tokenizer", "--input", directory_ / "t.txt", "--runs", "0"}),
            "--runs is 0, expected 1 or more");
}

}  // namespace
}  // namespace weft
