// The instruction set that the kernels run on is the one that WEFT_CPU_TARGETS leaves, not merely the one
// reported.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/ops/instruction_sets_test.cc"
#include "ops/common/cpu/highway_targets.h"
//
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::HWY_NAMESPACE {
// What dynamic dispatch calls.
const char* DispatchedTo() { return hwy::TargetName(HWY_TARGET); }
}  // namespace weft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/environment.h"
#include "ops/instruction_sets.h"

namespace weft {
HWY_EXPORT(DispatchedTo);
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::string Dispatched() { return HWY_DYNAMIC_DISPATCH(DispatchedTo)(); }

TEST(InstructionSetsTest, KernelsRunOnTheBestOfThoseReported) {
  ASSERT_THAT(InstructionSets(), Not(SizeIs(0)));
  EXPECT_EQ(Dispatched(), InstructionSets().front());
  EXPECT_EQ(Dispatched(), InstructionSets().front());  // asking changes nothing
}

// Says something where the variable is set: in the second run of tests/run.sh.
TEST(InstructionSetsTest, TheEnvironmentLimitsThem) {
  const std::optional<std::string> names = GetEnvironment("WEFT_CPU_TARGETS");
  if (!names) GTEST_SKIP() << "WEFT_CPU_TARGETS is not set";
  for (const std::string& name : InstructionSets()) EXPECT_THAT(*names, HasSubstr(name));
  EXPECT_THAT(*names, HasSubstr(Dispatched()));
}

TEST(InstructionSetsTest, UnknownNamesAreRefused) {
  const std::vector<std::string> before = InstructionSets();
  EXPECT_THAT(Message(LimitInstructionSets("AVX9")), HasSubstr("not compiled for an instruction set 'AVX9'"));
  EXPECT_THAT(Message(LimitInstructionSets("AVX2,,SSE4")), HasSubstr("instruction set ''"));
  EXPECT_EQ(InstructionSets(), before);
}

}  // namespace
}  // namespace weft
#endif
