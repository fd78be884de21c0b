// Damage to small good files: every truncation, and single flipped bits (all of a small file, the same random
// ones of a larger one every time). A reader must answer each with success or a one-line error, at once, and
// without asking for more memory than the file justifies.
#pragma once
#include <functional>
#include <string>

#include "base/status.h"

namespace weft::test {

struct DamageCounts {
  int read = 0;     // damage that the reader could not know
  int refused = 0;  // with an error
};

// Damages `file` in the directory, calls `read` on each, and puts the good bytes back. The good file must be
// read.
DamageCounts DamageFile(const std::string& directory, const std::string& file,
                        const std::function<Status()>& read);

}  // namespace weft::test
