#include "base/environment.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <set>

namespace weft {
namespace {

TEST(Environment, EveryVariableHasALine) {
  std::set<std::string_view> names;
  for (const EnvironmentVariable& v : EnvironmentVariables()) {
    EXPECT_TRUE(names.insert(v.name).second) << v.name;
    EXPECT_FALSE(v.meaning.empty());
    EXPECT_EQ(v.meaning.find('\n'), std::string_view::npos);
    EXPECT_TRUE(v.ours || !v.name.starts_with("WEFT_"));
  }
}

TEST(Environment, ValuesAndEmptyOnes) {
  setenv("WEFT_CPU_TARGETS", "AVX2", 1);
  EXPECT_EQ(GetEnvironment("WEFT_CPU_TARGETS"), "AVX2");
  setenv("WEFT_CPU_TARGETS", "", 1);
  EXPECT_EQ(GetEnvironment("WEFT_CPU_TARGETS"), std::nullopt);
  unsetenv("WEFT_CPU_TARGETS");
  EXPECT_EQ(GetEnvironment("WEFT_CPU_TARGETS"), std::nullopt);
}

TEST(EnvironmentDeathTest, UnlistedVariablesAreNotRead) {
  EXPECT_DEATH(GetEnvironment("WEFT_SECRET"), "WEFT_SECRET has no line");
}

TEST(Environment, ColoursNeedATerminalThatWantsThem) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  EXPECT_FALSE(IsTerminal(pipe_ends[1]));
  EXPECT_FALSE(UseColor(pipe_ends[1]));
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0) GTEST_SKIP() << "no pseudo-terminals here";
  setenv("TERM", "xterm", 1);
  unsetenv("NO_COLOR");
  EXPECT_TRUE(IsTerminal(terminal));
  EXPECT_TRUE(UseColor(terminal));
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(UseColor(terminal));
  EXPECT_TRUE(IsTerminal(terminal));
  unsetenv("NO_COLOR");
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(IsTerminal(terminal));
  close(terminal);
}

}  // namespace
}  // namespace weft
