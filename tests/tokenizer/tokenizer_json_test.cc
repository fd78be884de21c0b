// Reading and writing tokenizer.json, vocab.json and merges.txt: what is accepted, what is refused and how.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "frontends/tokenizer/bpe_trainer.h"
#include "frontends/tokenizer/byte_level.h"
#include "frontends/tokenizer/tokenizer.h"
#include "tests/tokenizer/reference.h"

namespace weft {
namespace {

using nlohmann::json;
using testing::Below;
using ::testing::HasSubstr;
using testing::Rng;
using Ids = std::vector<uint32_t>;

// All bytes as tokens 0 .. 255, then "ab", "abc" and "<s>".
json Small() {
  json vocab;
  const std::string alphabet = ByteLevelAlphabet();
  for (size_t i = 0; i < alphabet.size(); ++i) vocab[ToByteLevel(alphabet.substr(i, 1))] = i;
  vocab["ab"] = 256;
  vocab["abc"] = 257;
  return {{"version", "1.0"},
          {"added_tokens", {{{"id", 258}, {"content", "<s>"}, {"special", true}, {"normalized", false}}}},
          {"normalizer", nullptr},
          {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
          {"post_processor", nullptr},
          {"decoder", {{"type", "ByteLevel"}}},
          {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", {"a b", "ab c"}}}}};
}

StatusOr<Tokenizer> Read(const json& value) { return Tokenizer::FromJson(value.dump()); }
std::string Error(const json& value) { return Message(Read(value).status()); }

// The error after `change`.
template <class Change>
std::string After(Change change) {
  json value = Small();
  change(value);
  return Error(value);
}

TEST(TokenizerJson, Reads) {
  const Tokenizer tokenizer = Read(Small()).value();
  EXPECT_EQ(tokenizer.vocab_size(), 259);
  EXPECT_EQ(tokenizer.Encode("abcab<s>").value(), (Ids{257, 256, 258}));
  EXPECT_EQ(tokenizer.ToJson(), Small().dump()) << "written as it was read";
  json pairs = Small();
  pairs["model"]["merges"] = json::array({json::array({"a", "b"}), json::array({"ab", "c"})});
  EXPECT_EQ(Read(pairs)->Encode("abcab").value(), (Ids{257, 256}));
}

TEST(TokenizerJson, IgnoreMerges) {
  json value = Small();
  value["model"]["merges"] = json::array({"a b"});  // abc is a token that no merge makes
  EXPECT_EQ(Read(value)->Encode("abc").value(), (Ids{256, 66}));
  value["model"]["ignore_merges"] = true;
  EXPECT_EQ(Read(value)->Encode("abc abc").value(), (Ids{257, 220, 256, 66})) << "only whole pre-tokens";
}

TEST(TokenizerJson, Template) {
  json value = Small();
  value["post_processor"] = {
      {"type", "TemplateProcessing"},
      {"single",
       {{{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
        {{"Sequence", {{"id", "A"}, {"type_id", 0}}}},
        {{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}}}},
      {"special_tokens", {{"<s>", {{"id", "<s>"}, {"ids", {258}}, {"tokens", {"<s>"}}}}}}};
  EXPECT_EQ(Read(value)->Encode("ab").value(), (Ids{258, 256, 258}));
  EXPECT_EQ(Read(value)->Encode("ab", {.add_special_tokens = false}).value(), (Ids{256}));
  value["post_processor"] = {{"type", "Sequence"},
                             {"processors", {{{"type", "ByteLevel"}}, value["post_processor"]}}};
  EXPECT_EQ(Read(value)->Encode("ab").value(), (Ids{258, 256, 258}));
  value["post_processor"]["processors"][1]["special_tokens"]["<s>"]["ids"] = {9999};
  EXPECT_THAT(Error(value), HasSubstr("post_processor id is 9999"));
}

TEST(TokenizerJson, PreTokenizers) {
  const auto ids = [](json pre_tokenizer, std::string_view text) {
    json value = Small();
    value["pre_tokenizer"] = std::move(pre_tokenizer);
    return Read(value)->Encode(text).value().size();
  };
  const json byte_level = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
  EXPECT_EQ(ids(byte_level, "ab1ab"), 3u);
  const json split = {
      {"type", "Split"}, {"pattern", {{"Regex", "b"}}}, {"behavior", "Isolated"}, {"invert", false}};
  EXPECT_EQ(ids({{"type", "Sequence"}, {"pretokenizers", {split, byte_level}}}, "abab"), 4u);
  EXPECT_EQ(ids({{"type", "ByteLevel"}}, "ab"), 2u) << "add_prefix_space and use_regex are true where absent";
}

TEST(TokenizerJson, Refused) {
  EXPECT_THAT(After([](json& j) { j["model"]["type"] = "Unigram"; }), HasSubstr("model.type is 'Unigram'"));
  EXPECT_THAT(After([](json& j) { j["model"]["byte_fallback"] = true; }), HasSubstr("byte_fallback"));
  EXPECT_THAT(After([](json& j) { j["model"]["dropout"] = 0.1; }), HasSubstr("dropout"));
  EXPECT_THAT(After([](json& j) { j["model"]["end_of_word_suffix"] = "</w>"; }),
              HasSubstr("end_of_word_suffix"));
  EXPECT_THAT(After([](json& j) { j["normalizer"] = {{"type", "NFC"}}; }), HasSubstr("normalizer 'NFC'"));
  EXPECT_THAT(After([](json& j) {
                j["decoder"] = {{"type", "WordPiece"}};
              }),
              HasSubstr("decoder 'WordPiece'"));
  EXPECT_THAT(After([](json& j) { j["pre_tokenizer"] = nullptr; }), HasSubstr("pre_tokenizer"));
  EXPECT_THAT(After([](json& j) { j["pre_tokenizer"]["type"] = "Metaspace"; }), HasSubstr("'Metaspace'"));
  EXPECT_THAT(After([](json& j) { j["pre_tokenizer"]["use_regex"] = 1; }), HasSubstr("use_regex"));
  EXPECT_THAT(After([](json& j) { j["added_tokens"][0]["lstrip"] = true; }),
              HasSubstr("lstrip is not supported"));
  EXPECT_THAT(After([](json& j) {
                j["post_processor"] = {{"type", "BertProcessing"}};
              }),
              HasSubstr("'BertProcessing'"));
}

TEST(TokenizerJson, Malformed) {
  EXPECT_THAT(After([](json& j) { j.erase("model"); }), HasSubstr("model is null"));
  EXPECT_THAT(After([](json& j) { j["model"].erase("vocab"); }),
              HasSubstr("model.vocab is empty or missing"));
  EXPECT_THAT(After([](json& j) { j["model"] = 3; }), HasSubstr("model is number"));
  EXPECT_THAT(After([](json& j) { j["model"]["vocab"] = json::array(); }),
              HasSubstr("model.vocab is an array"));
  EXPECT_THAT(After([](json& j) { j["model"]["merges"] = json::object(); }),
              HasSubstr("model.merges is an object"));
  EXPECT_THAT(After([](json& j) { j["model"]["merges"] = nullptr; }), HasSubstr("model.merges is missing"));
  EXPECT_THAT(After([](json& j) { j["model"]["vocab"]["ab"] = "x"; }),
              HasSubstr("the id of 'ab' is not an integer"));
  EXPECT_THAT(After([](json& j) { j["model"]["vocab"]["ab"] = 1.5; }),
              HasSubstr("the id of 'ab' is not an integer"));
  EXPECT_THAT(After([](json& j) { j["model"]["vocab"]["ab"] = -1; }),
              HasSubstr("'ab' has id -1, expected 0 to"));
  EXPECT_THAT(After([](json& j) { j["model"]["vocab"]["ab"] = 4294967295; }), HasSubstr("has id 4294967295"));
  EXPECT_THAT(After([](json& j) { j["model"]["vocab"]["ab"] = 0; }), HasSubstr("id 0 is given to"));
  EXPECT_THAT(After([](json& j) { j["model"]["vocab"][""] = 300; }), HasSubstr("is empty"));
  EXPECT_THAT(After([](json& j) { j["model"]["merges"][1] = "ab x y"; }),
              HasSubstr("model.merges[1] is 'ab x y'"));
  EXPECT_THAT(After([](json& j) { j["model"]["merges"][1] = "abc"; }),
              HasSubstr("expected two tokens and a space"));
  EXPECT_THAT(After([](json& j) { j["model"]["merges"][1] = {"ab"}; }), HasSubstr("has one part"));
  EXPECT_THAT(After([](json& j) {
                j["model"]["merges"][1] = {"ab", "c", "d"};
              }),
              HasSubstr("more than two parts"));
  EXPECT_THAT(After([](json& j) { j["model"]["merges"][1] = 7; }), HasSubstr("model.merges[1] is neither"));
  EXPECT_THAT(After([](json& j) { j["model"]["merges"][1] = "ab qq"; }),
              HasSubstr("'qq' is not in model.vocab"));
  EXPECT_THAT(After([](json& j) { j["model"]["merges"][1] = "b a"; }),
              HasSubstr("'ba' is not in model.vocab"));
  EXPECT_THAT(After([](json& j) { j["added_tokens"][0]["id"] = 3; }), HasSubstr("which is another token's"));
  EXPECT_THAT(After([](json& j) { j["added_tokens"][0]["id"] = "3"; }),
              HasSubstr("added_tokens[0].id is string"));
  EXPECT_THAT(After([](json& j) { j["added_tokens"][0]["id"] = 1 << 21; }), HasSubstr("has id 2097152"));
  EXPECT_THAT(After([](json& j) { j["added_tokens"][0]["content"] = "ab"; }),
              HasSubstr("but 256 in model.vocab"));
  EXPECT_THAT(After([](json& j) { j["added_tokens"] = 5; }), HasSubstr("added_tokens is number"));
  EXPECT_THAT(After([](json& j) { j["added_tokens"].push_back(j["added_tokens"][0]); }),
              HasSubstr("is there twice"));
  EXPECT_THAT(Message(Tokenizer::FromJson("").status()), HasSubstr("syntax error"));
  EXPECT_THAT(Message(Tokenizer::FromJson("[1, 2]").status()), HasSubstr("is not a JSON object"));
  EXPECT_THAT(Message(Tokenizer::FromJson(std::string(100'000, '[')).status()),
              HasSubstr("not a JSON object"));
  std::string deep = "{\"normalizer\": ";
  for (int i = 0; i < 100'000; ++i) deep += "[";
  EXPECT_THAT(Message(Tokenizer::FromJson(deep).status()), HasSubstr("nested more than"));
  std::string twice = Small().dump();
  twice.insert(twice.find("\"ab\":"), "\"ab\":300,");
  EXPECT_THAT(Message(Tokenizer::FromJson(twice).status()), HasSubstr("'ab' is there twice"));
}

// Cut at any byte, and with bytes changed: an error of one line or a tokenizer that works, never a crash.
TEST(TokenizerJson, DamagedFiles) {
  const std::string good = Small().dump();
  Rng rng(15);
  for (size_t size = 0; size < good.size(); size += 7) {
    const StatusOr<Tokenizer> tokenizer = Tokenizer::FromJson(good.substr(0, size));
    ASSERT_FALSE(tokenizer.ok());
    ASSERT_EQ(Message(tokenizer.status()).find('\n'), std::string::npos);
  }
  for (int i = 0; i < 3000; ++i) {
    std::string bad = good;
    for (int n = 1 + Below(rng, 3); n > 0; --n) {
      const size_t at = static_cast<size_t>(Below(rng, static_cast<int>(bad.size())));
      switch (Below(rng, 3)) {
        case 0:
          bad[at] = static_cast<char>(Below(rng, 256));
          break;
        case 1:
          bad.erase(at, 1 + static_cast<size_t>(Below(rng, 20)));
          break;
        default:
          bad.insert(at, bad.substr(static_cast<size_t>(Below(rng, static_cast<int>(bad.size()))), 30));
      }
    }
    const StatusOr<Tokenizer> tokenizer = Tokenizer::FromJson(bad);
    if (tokenizer.ok()) {
      (void)tokenizer->Encode("abc <s> \xFF 日本");
    } else {
      ASSERT_EQ(Message(tokenizer.status()).find('\n'), std::string::npos) << tokenizer.status();
    }
  }
}

TEST(TokenizerJson, NormalizedTokensThatCouldOverlap) {
  json value = Small();
  value["added_tokens"].push_back(
      {{"id", 259}, {"content", "x<s>y"}, {"special", false}, {"normalized", true}});
  EXPECT_THAT(Error(value), HasSubstr("can overlap"));
  value["added_tokens"][1]["content"] = "xy";
  EXPECT_EQ(Read(value)->Encode("xy<s>").value(), (Ids{259, 258}));
}

TEST(TokenizerJson, SavedAndLoaded) {
  BpeTrainerOptions options;
  options.vocab_size = 500;
  options.special_tokens = {"<|endoftext|>", "<|quote\"\\é|>"};
  Rng rng(16);
  const std::string text = testing::RandomText(rng, 5000);
  for (const char* pattern : {"gpt2", "gpt4", R"(\w+|[^\w]+)"}) {
    options.pattern = pattern;
    const Tokenizer tokenizer = TrainBpeOnText(text, options).value();
    const std::string directory = ::testing::TempDir() + "/weft_saved";
    ASSERT_TRUE(CreateDirectories(directory).ok());
    ASSERT_TRUE(tokenizer.Save(directory + "/tokenizer.json").ok());
    const Tokenizer loaded = Tokenizer::Load(directory).value();
    EXPECT_EQ(loaded.ToJson(), tokenizer.ToJson());
    EXPECT_EQ(loaded.eos_id(), tokenizer.eos_id());
    for (int i = 0; i < 200; ++i) {
      const std::string sample = testing::RandomBytes(rng, 50) + "<|quote\"\\é|>";
      ASSERT_EQ(loaded.Encode(sample).value(), tokenizer.Encode(sample).value());
    }
  }
}

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "/weft_files";
    ASSERT_TRUE(RemoveAll(directory_).ok());
    ASSERT_TRUE(CreateDirectories(directory_).ok());
  }
  void Write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(WriteFileAtomically(directory_ + "/" + name, text).ok());
  }
  std::string directory_;
};

TEST_F(Files, VocabAndMerges) {
  json vocab = Small()["model"]["vocab"];
  vocab["<|endoftext|>"] = 258;
  Write("vocab.json", vocab.dump());
  Write("merges.txt", "#version: 0.2\na b\nab c\n");
  const Tokenizer tokenizer = Tokenizer::Load(directory_).value();
  EXPECT_EQ(tokenizer.Encode("abc<|endoftext|>ab").value(), (Ids{257, 258, 256}));
  EXPECT_EQ(tokenizer.eos_id(), 258u);
  const std::string v = directory_ + "/vocab.json", m = directory_ + "/merges.txt";
  EXPECT_GT(Tokenizer::LoadVocabAndMerges(v, m, {})->Encode("<|endoftext|>")->size(), 1u)
      << "text unless named";
  EXPECT_EQ(Tokenizer::LoadVocabAndMerges(v, m, {"<new>"})->Encode("a<new>").value(), (Ids{64, 259}));
  EXPECT_EQ(Tokenizer::FromJson(tokenizer.ToJson())->Encode("abc<|endoftext|>").value(), (Ids{257, 258}));
  Write("merges.txt", "a b\r\nab c\r\n");
  EXPECT_EQ(Tokenizer::Load(directory_)->Encode("abc").value(), (Ids{257}));
  Write("merges.txt", "a b\nab\n");
  EXPECT_THAT(Message(Tokenizer::Load(directory_).status()),
              HasSubstr("merges, line 2: 'ab' is not two tokens"));
  Write("merges.txt", "a q q\n");
  EXPECT_THAT(Message(Tokenizer::Load(directory_).status()), HasSubstr("line 1"));
  Write("merges.txt", "a b\n");
  Write("vocab.json", "{\"a\": {}}");
  EXPECT_THAT(Message(Tokenizer::Load(directory_).status()), HasSubstr("the id of 'a' is not an integer"));
  Write("vocab.json", "[]");
  EXPECT_THAT(Message(Tokenizer::Load(directory_).status()), HasSubstr("not a JSON object"));
}

TEST_F(Files, EndOfText) {
  EXPECT_THAT(Message(Tokenizer::Load(directory_).status()), HasSubstr("has no tokenizer.json"));
  EXPECT_THAT(Message(Tokenizer::Load(directory_ + "/x.json").status()), HasSubstr("x.json"));
  Write("tokenizer.json", Small().dump());
  EXPECT_EQ(Tokenizer::Load(directory_)->eos_id(), std::nullopt);
  Write("config.json", R"({"eos_token_id": 256})");
  EXPECT_EQ(Tokenizer::Load(directory_)->eos_id(), 256u);
  Write("generation_config.json", R"({"eos_token_id": [257, 256]})");
  EXPECT_EQ(Tokenizer::Load(directory_)->eos_id(), 257u);
  Write("tokenizer_config.json", R"({"eos_token": {"content": "<s>"}})");
  EXPECT_EQ(Tokenizer::Load(directory_)->eos_id(), 258u);
  Write("tokenizer_config.json", R"({"eos_token": "<s>"})");
  EXPECT_EQ(Tokenizer::Load(directory_)->eos_id(), 258u);
  Write("tokenizer_config.json", "nonsense");
  EXPECT_EQ(Tokenizer::Load(directory_)->eos_id(), 257u);
  Write("tokenizer.json", "{");
  EXPECT_THAT(Message(Tokenizer::Load(directory_).status()), HasSubstr("tokenizer.json: "));
}

}  // namespace
}  // namespace weft
