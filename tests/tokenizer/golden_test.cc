// Ids, texts and merges that Hugging Face tokenizers gave (golden/make_golden.py).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "frontends/tokenizer/bpe_trainer.h"
#include "frontends/tokenizer/tokenizer.h"

namespace weft {
namespace {

using nlohmann::json;
using Ids = std::vector<uint32_t>;

const json& Golden() {
  static const json golden =
      json::parse(ReadFile(WEFT_SOURCE_DIR "/tests/tokenizer/golden/golden.json").value());
  return golden;
}

class GoldenTokenizer : public ::testing::TestWithParam<int> {
 protected:
  const json& entry() const { return Golden()["tokenizers"][static_cast<size_t>(GetParam())]; }
};

TEST_P(GoldenTokenizer, SameIdsAndTexts) {
  const StatusOr<Tokenizer> tokenizer = Tokenizer::FromJson(entry()["tokenizer"].dump());
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  for (size_t i = 0; i < Golden()["texts"].size(); ++i) {
    const std::string text = Golden()["texts"][i];
    const json& expected = entry()["cases"][i];
    SCOPED_TRACE(entry()["name"].get<std::string>() + ": " + text);
    const Ids ids = tokenizer->Encode(text).value();
    EXPECT_EQ(ids, expected["ids"].get<Ids>());
    EXPECT_EQ(tokenizer->Encode(text, {.add_special_tokens = false}).value(), expected["plain"].get<Ids>());
    EXPECT_EQ(tokenizer->Decode(ids).value(), expected["decoded"].get<std::string>());
  }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenTokenizer, ::testing::Range(0, 8));

TEST(Golden, NoneLeftOut) { EXPECT_EQ(Golden()["tokenizers"].size(), 8u); }

// The vocabularies that Hugging Face trained on the corpus, trained again.
TEST(Golden, SameVocabularies) {
  for (const json& entry : Golden()["tokenizers"]) {
    const std::string name = entry["name"];
    if (name != "gpt2" && name != "gpt4") continue;
    BpeTrainerOptions options;
    options.vocab_size = 420;
    options.pattern = name;
    const Tokenizer tokenizer = TrainBpeOnText(Golden()["corpus"].get<std::string>(), options).value();
    const json model = json::parse(tokenizer.ToJson())["model"];
    EXPECT_EQ(model["vocab"], entry["tokenizer"]["model"]["vocab"]) << name;
    json merges = json::array();
    for (const json& merge : entry["tokenizer"]["model"]["merges"]) {
      merges.push_back(merge[0].get<std::string>() + " " + merge[1].get<std::string>());
    }
    EXPECT_EQ(model["merges"], merges) << name;
  }
}

}  // namespace
}  // namespace weft
