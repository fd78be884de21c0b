// Runs the built `weft` as a shell does, and keeps what it said.
#pragma once
#include <string>
#include <vector>

namespace weft::test {

struct Outcome {
  int code = -1;  // the exit code; 128 + the signal if one ended it
  std::string out, err;
};

struct Streams {
  std::string in = "/dev/null";  // files
  std::string out = {};          // empty: kept in Outcome::out
  bool close_out = false;        // weft starts without a standard output
  bool broken_pipe = false;      // its reader has gone
};

// A command that has not ended after two minutes is killed: code 137.
Outcome RunWeft(std::vector<std::string> arguments, const Streams& streams = {});

}  // namespace weft::test
