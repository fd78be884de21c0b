// Each fusion rule on its smallest example (tests/compiler/fusions/NAME.txt) and on one where it must not
// fire (NAME.refused.txt), as a person runs them: the first line of a file is the command, the others that
// begin with # are what --explain says of the rule.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>

#include "base/file.h"
#include "compiler/passes/fusions.h"
#include "tests/command/weft_process.h"

namespace weft::test {
namespace {

const std::string kFolder = WEFT_SOURCE_DIR "/tests/compiler/fusions";

std::string WithSingleSpaces(const std::string& line) {
  std::istringstream words(line);
  std::string result;
  for (std::string word; words >> word;) result += (result.empty() ? "" : " ") + word;
  return result;
}

// Lines that begin with # in a file, without it; of all lines, those that name the fusion.
std::vector<std::string> Comments(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line) && line.starts_with("# ");)
    lines.push_back(line.substr(2));
  return lines;
}
std::set<std::string> LinesOf(const std::string& fusion, const std::string& text) {
  std::set<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    line = WithSingleSpaces(line);
    if (line.starts_with(fusion + " ")) lines.insert(line);
  }
  return lines;
}

void ExpectExplained(const std::string& fusion, const std::string& file, const std::string& outcome) {
  SCOPED_TRACE(file);
  const StatusOr<std::string> text = ReadFile(kFolder + "/" + file);
  ASSERT_TRUE(text.ok()) << "each fusion has an example: " << Message(text.status());
  std::vector<std::string> said = Comments(*text);
  ASSERT_GE(said.size(), 2u);
  std::vector<std::string> command;
  std::istringstream words(said[0]);
  for (std::string word; words >> word;) command.push_back(word);
  ASSERT_EQ(command[0], "weft");
  command.erase(command.begin());
  command.push_back(kFolder + "/" + file);
  const Outcome run = RunWeft(command);
  EXPECT_EQ(run.code, 0) << run.err;
  said.erase(said.begin());
  EXPECT_EQ(LinesOf(fusion, run.err), std::set<std::string>(said.begin(), said.end())) << run.err;
  for (const std::string& line : said) EXPECT_TRUE(line.starts_with(fusion + " " + outcome)) << line;
}

TEST(FusionExamplesTest, EachFiresOnItsExampleAndSaysWhyNotOnTheOther) {
  std::set<std::string> files;
  for (std::string_view name : FusionNames()) {
    if (name == kCompositesFusion) continue;  // no rule: it reads what the model means (tests/passes)
    const std::string fusion(name);
    ExpectExplained(fusion, fusion + ".txt", "fused ");
    ExpectExplained(fusion, fusion + ".refused.txt", "not ");
    files.insert({fusion + ".txt", fusion + ".refused.txt"});
  }
  EXPECT_FALSE(files.empty());
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    EXPECT_TRUE(files.contains(entry.path().filename().string())) << entry.path() << " is of no fusion";
}

}  // namespace
}  // namespace weft::test
