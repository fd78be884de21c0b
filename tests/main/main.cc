// The main of every test program: GoogleTest's, after the limit that `weft` itself obeys, so that the whole
// suite runs on a lesser instruction set by WEFT_CPU_TARGETS=AVX2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "base/environment.h"
#include "ops/instruction_sets.h"

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  if (const std::optional<std::string> names = weft::GetEnvironment("WEFT_CPU_TARGETS")) {
    if (const weft::Status limit = weft::LimitInstructionSets(*names); !limit.ok()) {
      fmt::print(stderr, "WEFT_CPU_TARGETS: {}\n", weft::Message(limit));
      return 1;
    }
  }
  return RUN_ALL_TESTS();
}
