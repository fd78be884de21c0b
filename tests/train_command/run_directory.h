// A small run for the tests of the command: its text, its flags, what it wrote.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/base/temporary_directory.h"
#include "tests/command/weft_process.h"

namespace weft::test {

class TrainCommandTest : public ::testing::Test {
 protected:
  TrainCommandTest();

  // `train --text ...` of a model small enough for a step in a millisecond, with dropout; `more` wins.
  std::vector<std::string> Flags(const std::string& run, const std::vector<std::string>& more = {}) const;
  Outcome Run(const std::vector<std::string>& args) const { return RunWeft(args); }
  std::string Path(const std::string& name) const { return directory_ / name; }

  // metrics.jsonl, without what depends on the clock.
  std::vector<std::string> Metrics(const std::string& run) const;
  std::string Contents(const std::string& path) const;
  // Checks that two runs have the same metrics, weights and moments.
  void ExpectSame(const std::string& a, const std::string& b) const;
  // Waits until metrics.jsonl has so many lines; false if the command ended before.
  bool WaitForStep(WeftProcess& command, const std::string& run, size_t step) const;
  // Waits until a name that begins like this, of something being written, is in the directory.
  bool WaitForUnfinished(WeftProcess& command, const std::string& directory, const std::string& prefix) const;

  TemporaryDirectory directory_;
};

}  // namespace weft::test
