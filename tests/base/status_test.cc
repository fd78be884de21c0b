#include "base/status.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

StatusOr<int> Half(int x) {
  if (x % 2) return InvalidArgument("{} is odd", x);
  return x / 2;
}
Status Quarter(int x, int* out) {
  WEFT_ASSIGN_OR_RETURN(int half, Half(x));
  WEFT_ASSIGN_OR_RETURN(*out, Half(half));
  return OkStatus();
}

TEST(Status, MacrosPassErrorsOn) {
  int out = 0;
  EXPECT_TRUE(Quarter(8, &out).ok());
  EXPECT_EQ(out, 2);
  EXPECT_EQ(Message(Quarter(6, &out)), "3 is odd");
  EXPECT_EQ(Message(Prefix("here", Quarter(6, &out))), "here: 3 is odd");
}

}  // namespace
}  // namespace weft
