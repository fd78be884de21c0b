#include "base/interrupt.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace weft {
namespace {

TEST(Interrupt, TheFirstSignalIsARequest) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const InterruptScope scope;
    EXPECT_FALSE(InterruptRequested());
    EXPECT_TRUE(CheckInterrupt().ok());
    raise(signal);
    EXPECT_TRUE(InterruptRequested());
    EXPECT_EQ(Message(CheckInterrupt()), "interrupted");
    EXPECT_EQ(CheckInterrupt().code(), absl::StatusCode::kCancelled);
  }
  EXPECT_FALSE(InterruptRequested());
}

TEST(Interrupt, WhatWasThereBeforeComesBack) {
  struct sigaction ignore = {}, before, after;
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, &before);
  {
    const InterruptScope scope;
    raise(SIGINT);
    EXPECT_TRUE(InterruptRequested());  // although it was ignored
  }
  sigaction(SIGINT, &before, &after);
  EXPECT_EQ(after.sa_handler, SIG_IGN);
}

TEST(InterruptDeathTest, TheSecondSignalEndsTheProcess) {
  EXPECT_EXIT(
      {
        const InterruptScope scope;
        raise(SIGINT);
        if (InterruptRequested()) raise(SIGTERM);
        _exit(1);
      },
      testing::ExitedWithCode(130), "");
}

TEST(InterruptDeathTest, OutsideAScopeASignalKills) {
  EXPECT_EXIT(
      {
        { const InterruptScope scope; }
        signal(SIGTERM, SIG_DFL);
        raise(SIGTERM);
        _exit(1);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(InterruptDeathTest, OneScopeAtATime) {
  EXPECT_DEATH(
      {
        const InterruptScope scope;
        const InterruptScope second;
      },
      "one InterruptScope at a time");
}

}  // namespace
}  // namespace weft
