#include "tools/no_fuse_flag.h"

#include <CLI/CLI.hpp>

#include "tools/commands.h"

namespace weft {

void AddNoFuseFlag(CLI::App* command, std::string* names) {
  command->add_flag("--no-fuse{all}", *names,
                    "compile without fusions: all, or names with commas between (--no-fuse=swiglu)");
}

StatusOr<Fusions> FusionsWithout(const std::string& names) {
  StatusOr<Fusions> fusions = Fusions::AllBut(names);
  if (!fusions.ok()) return UsageError(Prefix("--no-fuse", fusions.status()));
  return fusions;
}

}  // namespace weft
