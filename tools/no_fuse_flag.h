// --no-fuse of the commands that compile.
#pragma once
#include <string>

#include "base/status.h"
#include "compiler/passes/fusions.h"

namespace CLI {
class App;
}

namespace weft {

// --no-fuse, --no-fuse=swiglu,composites; `names` must live as long as the command.
void AddNoFuseFlag(CLI::App* command, std::string* names);
// What is left; an unknown name is a mistake in the command's use.
StatusOr<Fusions> FusionsWithout(const std::string& names);

}  // namespace weft
