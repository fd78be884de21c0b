#include "base/hash.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

uint64_t Contents(std::string_view text) { return HashContents(std::as_bytes(std::span(text))); }

TEST(Fnv1a, KnownAnswers) {
  EXPECT_EQ(Fnv1a(""), 0xcbf29ce484222325);
  EXPECT_EQ(Fnv1a("a"), 0xaf63dc4c8601ec8c);
  EXPECT_EQ(Fnv1a("foobar"), 0x85944171f73967e8);
  EXPECT_EQ(Fnv1a("bar", Fnv1a("foo")), Fnv1a("foobar"));
  static_assert(Fnv1a("a") == 0xaf63dc4c8601ec8c);
}

TEST(ContentHash, KnownAnswersOfXxh64) {
  EXPECT_EQ(Contents(""), 0xef46db3751d8e999);
  EXPECT_EQ(Contents("a"), 0xd24ec4f1a98c6e5b);
  EXPECT_EQ(Contents("abc"), 0x44bc2cf5ad770999);
  EXPECT_EQ(Contents("Nobody inspects the spammish repetition"), 0xfbcea83c8a378bf1);
}

TEST(ContentHash, TheSameHoweverItIsCut) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 37);
  for (size_t size = 0; size < 110; ++size) {
    const std::string_view part = std::string_view(text).substr(0, size);
    for (size_t a = 0; a <= size; ++a) {
      ContentHash hash;
      hash.Add(part.data(), a);
      const size_t b = a + (size - a) / 3;
      hash.Add(part.data() + a, b - a);
      hash.Add(part.data() + b, size - b);
      ASSERT_EQ(hash.Value(), Contents(part)) << size << " " << a;
    }
  }
}

TEST(ContentHash, EveryBitMatters) {
  std::string text(200, 'x');
  std::set<uint64_t> hashes = {Contents(text)};
  for (size_t i = 0; i < text.size() * 8; ++i) {
    text[i / 8] = static_cast<char>(text[i / 8] ^ (1 << (i % 8)));
    EXPECT_TRUE(hashes.insert(Contents(text)).second) << i;
    text[i / 8] = static_cast<char>(text[i / 8] ^ (1 << (i % 8)));
  }
}

TEST(ContentHash, OfFiles) {
  const TemporaryDirectory dir;
  const std::string text(40'000'001, 'y');
  ASSERT_TRUE(WriteFileAtomically(dir / "a", text).ok());
  EXPECT_EQ(*HashFile(dir / "a"), Contents(text));
  ASSERT_TRUE(WriteFileAtomically(dir / "empty", "").ok());
  EXPECT_EQ(HashText(*HashFile(dir / "empty")), "ef46db3751d8e999");
  EXPECT_FALSE(HashFile(dir / "none").ok());
  EXPECT_EQ(HashText(5), "0000000000000005");
}

}  // namespace
}  // namespace weft
