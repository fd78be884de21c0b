// weft quantize as a user calls it, and models whose weights are in 8 or 4 bits, in this process.
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
#include "tools/load_model.h"

namespace weft::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Quantize : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteTinyModel(model_, TinyConfig(), 3);
    std::string text;
    for (int i = 0; i < 30; ++i) text += fmt::format("The {}th boat sailed over the bay. ", i * i % 17);
    ASSERT_TRUE(WriteFileAtomically(text_, text).ok());
  }

  std::string Run(std::vector<std::string> arguments) {
    CLI::App app;
    result_ = OkStatus();
    RegisterGenerateCommand(app, &result_);
    RegisterEvalCommand(app, &result_);
    RegisterQuantizeCommand(app, &result_);
    RegisterTrainCommand(app, &result_);
    arguments.insert(arguments.begin() + 1, {"--threads", "1"});
    std::reverse(arguments.begin(), arguments.end());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      result_ = InvalidArgument("usage: {}", error.what());
    }
    ::testing::internal::GetCapturedStderr();
    return ::testing::internal::GetCapturedStdout();
  }
  std::string Good(std::vector<std::string> arguments) {
    std::string out = Run(std::move(arguments));
    EXPECT_TRUE(result_.ok()) << Message(result_);
    return out;
  }
  Json GoodJson(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const std::string out = Good(std::move(arguments));
    return out.empty() ? Json::object() : Json::parse(out);
  }
  void ExpectError(std::vector<std::string> arguments,
                   const ::testing::Matcher<const std::string&>& matcher) {
    Run(std::move(arguments));
    EXPECT_THAT(result_.ok() ? "done" : Message(result_), AllOf(matcher, Not(HasSubstr("\n"))));
  }
  double Loss(const std::string& model, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"eval", "--model", model, "--text", text_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return GoodJson(std::move(arguments)).value("loss", -1.0);
  }

  TemporaryDirectory directory_;
  std::string model_ = directory_ / "model", text_ = directory_ / "text.txt", out_ = directory_ / "quantized";
  Status result_;
};

TEST_F(Quantize, WritesADirectoryThatEvalAndGenerateTake) {
  for (const char* bits : {"8", "4"}) {
    const std::string out = out_ + bits;
    const Json report = GoodJson({"quantize", model_, "--bits", bits, "--out", out, "--text", text_});
    EXPECT_EQ(report["matrices"], 15);  // 7 of each of two layers, and the head
    EXPECT_LT(report["weight_bytes_after"],
              report["weight_bytes_before"].get<double>() * (bits[0] == '8' ? 0.5 : 0.4));
    const double before = report["before"]["loss"], after = report["after"]["loss"];
    EXPECT_NEAR(before, Loss(model_), 1e-9);
    EXPECT_NEAR(after, Loss(out), 1e-9);
    EXPECT_NE(before, after);
    EXPECT_NEAR(before, after, bits[0] == '8' ? 0.02 : 0.5);
    // The same weights when they are made at loading; the file's embedding has been rounded beside.
    EXPECT_NEAR(after, Loss(model_, {"--weights", std::string("q") + bits}), 0.02);
    EXPECT_NEAR(after, Loss(out, {"--precision", "bf16"}), 0.05);
    const std::string written =
        Good({"generate", "--model", out, "--prompt", "The ", "--max-tokens", "8", "--greedy"});
    EXPECT_EQ(written, Good({"generate", "--model", out, "--prompt", "The ", "--max-tokens", "8", "--greedy",
                             "--no-cache"}));
  }
}

TEST_F(Quantize, PrintsSizesAndTheLossBeforeAndAfter) {
  const std::string text = Good({"quantize", model_, "--out", out_, "--text", text_, "--group", "32"});
  EXPECT_THAT(text, AllOf(HasSubstr("15 matrices in 8 bits, groups of 32: "), HasSubstr("bits per byte"),
                          HasSubstr("\nbefore"), HasSubstr("\nafter"), HasSubstr("\ndifference")));
  const std::string measured = Good({"quantize", model_, "--text", text_, "--bits", "4"});
  EXPECT_THAT(measured, HasSubstr("nothing is written without --out"));
}

// Codes and scales are read where they lie in the file; nothing of f32 is made of them.
TEST_F(Quantize, StoredWeightsAreMapped) {
  Good({"quantize", model_, "--out", out_, "--text", text_});
  const StatusOr<LoadedModel> model = LoadModel(out_);
  ASSERT_TRUE(model.ok()) << Message(model.status());
  const SessionState* codes = model->session->FindState("lm_head.weight.q8");
  const SessionState* scales = model->session->FindState("lm_head.weight.q8.scales");
  ASSERT_TRUE(codes != nullptr && scales != nullptr);
  EXPECT_TRUE(codes->read_only && scales->read_only);
  EXPECT_EQ(codes->dtype, DataType::kI8);
  EXPECT_EQ(scales->dtype, DataType::kBF16);
  EXPECT_EQ(model->session->FindState("lm_head.weight"), nullptr);
  EXPECT_EQ(model->graph.FindStateByName("lm_head.weight"), nullptr);
}

TEST_F(Quantize, ATiedHeadIsQuantisedBesideItsTable) {
  TransformerConfig config = TinyConfig();
  config.tie_embeddings = true;
  const std::string tied = directory_ / "tied";
  WriteTinyModel(tied, config, 5);
  const Json report = GoodJson({"quantize", tied, "--out", out_, "--text", text_});
  EXPECT_EQ(report["matrices"], 15);
  EXPECT_NEAR(report["after"]["loss"].get<double>(), report["before"]["loss"].get<double>(), 0.05);
  const StatusOr<SafetensorsFile> file = SafetensorsFile::Open(JoinPath(out_, "model.safetensors"));
  ASSERT_TRUE(file.ok());
  ASSERT_NE(file->Find("model.embed_tokens.weight"), nullptr);
  EXPECT_EQ(file->Find("model.embed_tokens.weight")->dtype, DataType::kBF16);
  EXPECT_NE(file->Find("model.embed_tokens.weight.q8"), nullptr);
}

TEST_F(Quantize, WhatIsKeptStaysAsItWas) {
  const Json report =
      GoodJson({"quantize", model_, "--out", out_, "--text", text_, "--keep", "lm_head|k_proj"});
  EXPECT_EQ(report["matrices"], 12);
  const StatusOr<SafetensorsFile> file = SafetensorsFile::Open(JoinPath(out_, "model.safetensors"));
  ASSERT_TRUE(file.ok());
  ASSERT_NE(file->Find("lm_head.weight"), nullptr);
  EXPECT_EQ(file->Find("lm_head.weight")->dtype, DataType::kF32);
  EXPECT_EQ(file->Find("lm_head.weight.q8"), nullptr);
  EXPECT_NEAR(report["after"]["loss"].get<double>(), Loss(out_), 1e-9);
}

TEST_F(Quantize, BadUsesAreOneLine) {
  ExpectError({"quantize", model_, "--bits", "3", "--text", text_}, HasSubstr("--bits"));
  ExpectError({"quantize", model_, "--group", "48", "--text", text_},
              HasSubstr("--group is 48, expected a multiple of 32"));
  ExpectError(
      {"quantize", model_, "--group", "128", "--text", text_},
      HasSubstr("does not fit 'model.layers.0.self_attn.q_proj.weight' f32[32, 32]: its rows have 32, "
                "expected 32 at most"));
  ExpectError({"quantize", model_, "--keep", "lm_haed", "--text", text_},
              HasSubstr("did you mean 'lm_head'"));
  ExpectError({"quantize", model_, "--keep", "lm_(", "--text", text_},
              HasSubstr("is not a regular expression"));
  ExpectError({"quantize", model_, "--keep", ".*", "--text", text_},
              HasSubstr("there is nothing to quantise"));
  ExpectError({"quantize", model_}, HasSubstr("give --text FILE... or --data DIRECTORY"));
  ExpectError({"quantize", directory_ / "none", "--text", text_}, HasSubstr("does not exist"));
  ExpectError({"quantize", model_, "--out", model_, "--text", text_},
              HasSubstr("exists: give another --out"));
  ExpectError({"eval", "--model", model_, "--text", text_, "--keep", "lm_head"},
              HasSubstr("--keep goes with --weights"));
  ExpectError({"eval", "--model", model_, "--text", text_, "--group", "64"},
              HasSubstr("--group goes with --weights"));
  Good({"quantize", model_, "--out", out_, "--text", text_});
  ExpectError({"quantize", out_, "--text", text_},
              HasSubstr("is quantised to 8 bits: weft quantize needs the model"));
  ExpectError({"eval", "--model", out_, "--text", text_, "--weights", "q4"},
              HasSubstr("is quantised to 8 bits already"));
  ExpectError({"train", "--init-from", out_, "--out", directory_ / "run", "--text", text_},
              HasSubstr("is quantised to 8 bits: weft train needs the model that it was made of"));
}

// config.json and the tensors must say the same.
TEST_F(Quantize, ADirectoryThatDoesNotFitItsConfigIsRefused) {
  Good({"quantize", model_, "--out", out_, "--text", text_});
  const std::string config_file = JoinPath(out_, "config.json");
  const StatusOr<Json> good = ReadJsonFile(config_file);
  ASSERT_TRUE(good.ok());
  const auto expect = [&](const Json& quantization, const std::string& error) {
    Json config = *good;
    config["quantization_config"] = quantization;
    ASSERT_TRUE(WriteJsonFile(config_file, config).ok());
    ExpectError({"eval", "--model", out_, "--text", text_}, HasSubstr(error));
  };
  expect({{"quant_method", "gptq"}, {"bits", 4}, {"group_size", 128}}, "only 'weft' is read");
  expect({{"quant_method", "weft"}, {"bits", 5}, {"group_size", 32}}, "has bits 5, expected 4 or 8");
  expect({{"quant_method", "weft"}, {"bits", 8}, {"group_size", 0}},
         "group_size 0, expected a multiple of 32");
  expect({{"quant_method", "weft"}, {"bits", 4}, {"group_size", 32}}, "there is no tensor 'NAME.weight.q4'");
  expect({{"quant_method", "weft"}, {"bits", 8}, {"group_size", 1024}}, "does not fit");
  expect({{"quant_method", "weft"}, {"bits", 8}}, "group_size");
  expect(Json(), "not in the model");  // no longer said to be quantised
  expect("weft", "quantization_config");
}

}  // namespace
}  // namespace weft::test
