// Code in docs/*.md under the name of a file ("```cpp ops/swish/op.h") is a part of that file as it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "base/file.h"

namespace weft {
namespace {

struct Excerpt {
  std::string file, code;
};

std::vector<Excerpt> ExcerptsOf(const std::string& text) {
  constexpr std::string_view kFence = "```";
  std::vector<Excerpt> excerpts;
  std::istringstream lines(text);
  bool inside = false, named = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kFence)) {
      if (inside && named) excerpts.back().code += line + "\n";
      continue;
    }
    inside = !inside;
    const size_t space = line.find(' ');
    named = inside && space != std::string::npos;
    if (named) excerpts.push_back({line.substr(space + 1), ""});
  }
  return excerpts;
}

TEST(DocsTest, ExcerptsAreFoundInMarkdown) {
  const auto found =
      ExcerptsOf("a\n```cpp x/y.h\nint a;\n\nint b;\n```\nb\n```\nc\n```\n```cpp z.h\nd\n```\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].file, "x/y.h");
  EXPECT_EQ(found[0].code, "int a;\n\nint b;\n");
  EXPECT_EQ(found[1].code, "d\n");
}

TEST(DocsTest, ExcerptsArePartsOfTheirFiles) {
  const std::filesystem::path root = WEFT_SOURCE_DIR;
  int64_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root / "docs")) {
    if (entry.path().extension() != ".md") continue;
    for (const Excerpt& excerpt : ExcerptsOf(*ReadFile(entry.path()))) {
      const StatusOr<std::string> file = ReadFile(root / excerpt.file);
      ASSERT_TRUE(file.ok()) << entry.path() << ": " << Message(file.status());
      EXPECT_NE(file->find(excerpt.code), std::string::npos)
          << entry.path() << " shows as a part of " << excerpt.file << ":\n"
          << excerpt.code;
      ++count;
    }
  }
  EXPECT_GE(count, 10) << "docs/adding_an_operator.md shows files";
}

}  // namespace
}  // namespace weft
