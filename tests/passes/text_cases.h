// Tests of passes as text: a graph, the passes, and the graph that must come out.
//
//   # words about the case
//   name: sum_of_zero
//   passes: identities
//   bind: batch=2,seq=3         (for the passes; optional)
//   set: page_size=16           (settings of passes; optional)
//   keep_f32: lm_head|ln_.*     (for mixed_precision; optional)
//   skip: numbers               (do not compare what both graphs compute; optional)
//   g (float[2] x) => (float[2] y) <float z = {0}> { y = Add(x, z) }
//   ----
//   the same graph as it must be after, or `unchanged`, or `error: a part of the message`
//   ====
//
// Both graphs are compared as graphs, not as text. Unless told otherwise they are also run on the same random
// inputs, and must give the same numbers.
#pragma once
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "ir/graph.h"

namespace weft::test {

struct TextCase {
  std::string file, name, passes, input, expected, keep_f32;
  std::map<std::string, int64_t> bindings;
  std::map<std::string, double> settings;
  bool numbers = true;
};
void PrintTo(const TextCase& c, std::ostream* os);

// All cases of tests/passes/*.txt.
std::vector<TextCase> AllTextCases();

}  // namespace weft::test
