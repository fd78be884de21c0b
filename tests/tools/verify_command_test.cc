// weft verify as a person calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tests/base/temporary_directory.h"
#include "tests/command/weft_process.h"

namespace weft::test {
namespace {

using testing::HasSubstr;

std::vector<std::string> Tiny(std::vector<std::string> more) {
  std::vector<std::string> arguments = {
      "verify", "--preset", "tiny", "--vocab-size", "64", "--num-layers", "1", "--context-length", "8"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(VerifyCommandTest, AModelsProgramsAreEqual) {
  const Outcome all = RunWeft(Tiny({}));
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_THAT(all.out, HasSubstr("equal\n"));
  EXPECT_THAT(all.out, HasSubstr("AttentionGrad"));
  EXPECT_THAT(all.out, HasSubstr("CachedAttention"));
  EXPECT_THAT(all.out, HasSubstr("onednn"));
  // What it will take is said first.
  for (const char* program : {"training step: ", "evaluation: ", "prefill: ", "decode: "})
    EXPECT_THAT(all.err, HasSubstr(program));
  EXPECT_THAT(all.err, HasSubstr("about 0:0"));
}

TEST(VerifyCommandTest, OtherSettingsAreEqualToo) {
  const Outcome train =
      RunWeft(Tiny({"--program", "train", "--grad-accumulation", "2", "--norm", "post", "--feed-forward",
                    "gelu", "--bias", "--qk-norm", "--dropout", "0.1", "--tie-embeddings", "--optimizer",
                    "sgd", "--z-loss", "0.01", "--json"}));
  EXPECT_EQ(train.code, 0) << train.err;
  const nlohmann::json json = nlohmann::json::parse(train.out, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(json.is_object()) << train.out;
  EXPECT_TRUE(json["equal"].get<bool>());
  EXPECT_EQ(json["plans"], 2);  // the micro step, and the apply step
  EXPECT_GT(json["rewrites"]["values"].get<int64_t>(), 1000);
}

TEST(VerifyCommandTest, SoAreThoseInBf16) {
  const Outcome all = RunWeft(Tiny({"--precision", "bf16"}));
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_THAT(all.out, HasSubstr("equal\n"));
  EXPECT_THAT(all.out, HasSubstr("Cast"));
  const Outcome other = RunWeft(
      Tiny({"--precision", "bf16", "--program", "train", "--grad-accumulation", "2", "--norm", "post",
            "--feed-forward", "gelu", "--bias", "--qk-norm", "--dropout", "0.1", "--tie-embeddings"}));
  EXPECT_EQ(other.code, 0) << other.err;
}

TEST(VerifyCommandTest, SoAreThoseWithQuantisedWeights) {
  for (const char* weights : {"q8", "q4"}) {
    for (const char* program : {"prefill", "decode"}) {
      const Outcome one = RunWeft(Tiny(
          {"--weights", weights, "--program", program, "--precision", "bf16", "--bias", "--tie-embeddings"}));
      EXPECT_EQ(one.code, 0) << one.err;
      EXPECT_THAT(one.out, HasSubstr("equal\n"));
      EXPECT_THAT(one.out, HasSubstr("QuantizedProduct"));
    }
  }
}

TEST(VerifyCommandTest, RandomGraphsTellWhatTheyWere) {
  const Outcome run = RunWeft({"verify", "--random-graphs", "30", "--seed", "5"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("seeds 5 to 34: 30 graphs, "));
  EXPECT_THAT(run.out, HasSubstr("gradients: "));
}

TEST(VerifyCommandTest, ATextThatDoesNotRunEndsWithOne) {
  const TemporaryDirectory directory;
  const std::string file = directory / "g.txt";
  const std::string graph =
      "<ir_version: 10, opset_import: [\"\": 24]>\n"
      "g (float[3] x, int64[1] i) => (float[1] y) { y = Gather(x, i) }\n";
  ASSERT_TRUE(WriteFileAtomically(file, "# weft verify: input i given 7\n" + graph).ok());
  const Outcome wrong = RunWeft({"verify", file});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("not equal: compile: "));
  EXPECT_THAT(wrong.err, HasSubstr("is 7, expected -3 to 2"));
  ASSERT_TRUE(WriteFileAtomically(file, graph).ok());
  const Outcome right = RunWeft({"verify", file});
  EXPECT_EQ(right.code, 0) << right.err;
  const std::string form = directory / "g.weft";
  ASSERT_EQ(RunWeft({"graph", "dump", file, "-o", form}).code, 0);
  EXPECT_EQ(RunWeft({"verify", form}).code, 0);
  EXPECT_EQ(RunWeft({"verify", "-"}, {.in = form}).code, 0);
}

TEST(VerifyCommandTest, WhatIsToBeVerifiedMustBeSaid) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"verify"},
                                             {"verify", "--preset", "tiny", "--random-graphs", "3"},
                                             {"verify", "g.txt", "--model", "m"}}) {
    const Outcome run = RunWeft(arguments);
    EXPECT_EQ(run.code, 2);
    EXPECT_THAT(run.err, HasSubstr("give one of FILE, --preset"));
  }
  EXPECT_EQ(RunWeft({"verify", "there_is_no_such_file.txt"}).code, 1);
  EXPECT_EQ(RunWeft({"verify", "--preset", "tniy"}).code, 2);
}

}  // namespace
}  // namespace weft::test
