#include "frontends/tokenizer/bpe_model.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/tokenizer/reference.h"

namespace weft {
namespace {

using testing::Below;
using testing::Rng;

// Bytes 'a'.. as tokens 0.., and merges of tokens that exist by then: what training could give.
std::vector<Merge> RandomMerges(Rng& rng, int letters, int count) {
  std::vector<Merge> merges;
  std::set<std::pair<uint32_t, uint32_t>> seen;
  std::set<std::string> strings;
  std::vector<std::string> tokens;
  for (int i = 0; i < letters; ++i) tokens.emplace_back(1, static_cast<char>('a' + i));
  for (int tries = 0; tries < 20 * count && static_cast<int>(merges.size()) < count; ++tries) {
    const int size = static_cast<int>(tokens.size());
    const auto left = static_cast<uint32_t>(Below(rng, size)),
               right = static_cast<uint32_t>(Below(rng, size));
    if (!strings.insert(tokens[left] + tokens[right]).second || !seen.emplace(left, right).second) continue;
    merges.push_back({left, right, static_cast<uint32_t>(size)});
    tokens.push_back(tokens[left] + tokens[right]);
  }
  return merges;
}

std::vector<uint32_t> ByteIds(int letters) {
  std::vector<uint32_t> ids(256, kNoToken);
  for (int i = 0; i < letters; ++i) ids['a' + i] = static_cast<uint32_t>(i);
  return ids;
}

BpeModel Model(const std::vector<uint32_t>& byte_ids, const std::vector<Merge>& merges, uint32_t vocab_size) {
  std::array<uint32_t, 256> ids{};
  std::copy(byte_ids.begin(), byte_ids.end(), ids.begin());
  return BpeModel(ids, merges, vocab_size);
}

TEST(BpeModel, WordsOfAnyLengthAsThePlainEncoder) {
  Rng rng(9);
  for (int i = 0; i < 300; ++i) {
    const int letters = 1 + Below(rng, 4);
    const std::vector<Merge> merges = RandomMerges(rng, letters, Below(rng, 60));
    const BpeModel model = Model(ByteIds(letters), merges, static_cast<uint32_t>(letters + merges.size()));
    ASSERT_TRUE(model.regular());
    const testing::PlainEncoder plain(ByteIds(letters), merges);
    WordEncoder encoder(model);
    for (int n = 0; n < 12; ++n) {
      const std::string word =
          testing::RandomLetters(rng, letters, n < 8 ? 1 + Below(rng, 70) : 60 + Below(rng, 300));
      std::vector<uint32_t> ids;
      ASSERT_TRUE(encoder.Encode(word, &ids).ok());
      ASSERT_EQ(ids, plain.EncodeWord(word)) << word;
    }
  }
}

// Merges in an order that training cannot give: parts made later, the same pair twice.
TEST(BpeModel, IrregularTables) {
  Rng rng(10);
  int irregular = 0;
  for (int i = 0; i < 300; ++i) {
    const int letters = 1 + Below(rng, 3);
    std::vector<Merge> merges = RandomMerges(rng, letters, 2 + Below(rng, 30));
    for (int n = Below(rng, 6); n > 0 && merges.size() > 1; --n) {
      std::swap(merges[Below(rng, static_cast<int>(merges.size()))],
                merges[Below(rng, static_cast<int>(merges.size()))]);
    }
    const BpeModel model = Model(ByteIds(letters), merges, static_cast<uint32_t>(letters + merges.size()));
    irregular += !model.regular();
    const testing::PlainEncoder plain(ByteIds(letters), merges);
    WordEncoder encoder(model);
    for (int n = 0; n < 10; ++n) {
      const std::string word = testing::RandomLetters(rng, letters, 1 + Below(rng, 100));
      std::vector<uint32_t> ids;
      ASSERT_TRUE(encoder.Encode(word, &ids).ok());
      ASSERT_EQ(ids, plain.EncodeWord(word)) << word;
    }
  }
  EXPECT_GT(irregular, 100);
}

TEST(BpeModel, OfEqualPairsTheLastCounts) {
  const std::vector<Merge> merges = {{0, 1, 2}, {1, 0, 3}, {0, 1, 2}};
  const BpeModel model = Model(ByteIds(2), merges, 4);
  WordEncoder encoder(model);
  std::vector<uint32_t> ids;
  ASSERT_TRUE(encoder.Encode("aba", &ids).ok());
  EXPECT_EQ(ids, (std::vector<uint32_t>{0, 3})) << "ba has rank 1, ab 2";
}

TEST(BpeModel, MissingByte) {
  const BpeModel model = Model(ByteIds(2), {}, 2);
  WordEncoder encoder(model);
  std::vector<uint32_t> ids;
  EXPECT_EQ(Message(encoder.Encode("abc", &ids)), "byte 0x63 of the text has no token in this vocabulary");
  EXPECT_TRUE(ids.empty());
}

// Ten million bytes of one letter, and of two in turn: time linear in the bytes, or this would not end.
TEST(BpeModel, HugeWords) {
  std::vector<Merge> merges;
  for (uint32_t id = 0; id < 20; ++id) merges.push_back({id == 0 ? 0 : id + 1, id == 0 ? 0 : id + 1, id + 2});
  merges.push_back({0, 1, 22});
  const BpeModel model = Model(ByteIds(2), merges, 23);
  ASSERT_TRUE(model.regular());
  WordEncoder encoder(model);
  std::vector<uint32_t> ids;
  ASSERT_TRUE(encoder.Encode(std::string(10 << 20, 'a'), &ids).ok());
  EXPECT_EQ(ids, std::vector<uint32_t>(10, 21));
  std::string word;
  for (int i = 0; i < 1 << 20; ++i) word += "ab";
  ids.clear();
  ASSERT_TRUE(encoder.Encode(word, &ids).ok());
  EXPECT_EQ(ids, std::vector<uint32_t>(1 << 20, 22));
}

}  // namespace
}  // namespace weft
