#include "frontends/data/separator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Documents(std::string_view text, std::string_view separator = "<|e|>") {
  std::vector<std::string> documents;
  DocumentReader reader(text, separator);
  for (std::string_view document; reader.Next(&document);) documents.emplace_back(document);
  return documents;
}

TEST(DocumentReader, OneDocument) {
  EXPECT_THAT(Documents(""), IsEmpty());
  EXPECT_THAT(Documents("a\n"), ElementsAre("a\n"));
  EXPECT_THAT(Documents("a<|e|>b", ""), ElementsAre("a<|e|>b"));
  EXPECT_THAT(Documents("a<|e"), ElementsAre("a<|e"));
}

TEST(DocumentReader, SeparatorInTheLine) {
  EXPECT_THAT(Documents("a<|e|>b"), ElementsAre("a", "b"));
  EXPECT_THAT(Documents("<|e|>a\n<|e|> b<|e|>"), ElementsAre("a\n", " b"));
  EXPECT_THAT(Documents("a\n<|e|>b"), ElementsAre("a\n", "b"));
  EXPECT_THAT(Documents("a<|e|>\nb"), ElementsAre("a", "\nb"));
}

TEST(DocumentReader, SeparatorOnItsOwnLineTakesTheLine) {
  EXPECT_THAT(Documents("a\n<|e|>\nb\n<|e|>\n"), ElementsAre("a", "b"));
  EXPECT_THAT(Documents("<|e|>\na\n<|e|>"), ElementsAre("a"));
  EXPECT_THAT(Documents("a\r\n<|e|>\r\nb"), ElementsAre("a", "b"));
  // Only one newline on each side.
  EXPECT_THAT(Documents("a\n\n<|e|>\n\nb"), ElementsAre("a\n", "\nb"));
}

TEST(DocumentReader, EmptyDocumentsAreNone) {
  EXPECT_THAT(Documents("<|e|>\n<|e|>\n<|e|><|e|>"), IsEmpty());
  EXPECT_THAT(Documents("a\n<|e|>\n<|e|>\nb"), ElementsAre("a", "b"));
  EXPECT_THAT(Documents("a<|e|><|e|>b"), ElementsAre("a", "b"));
}

TEST(DocumentReader, AnyBytes) {
  const std::string zero("a\0b", 3);
  EXPECT_THAT(Documents(zero + "<|e|>\xff\xfe"), ElementsAre(zero, "\xff\xfe"));
  EXPECT_THAT(Documents("aXbXX", "X"), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace weft
