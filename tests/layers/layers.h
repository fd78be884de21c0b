// Who may include whom: the table of docs/design.md ("The house"), applied to the source tree.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

// Why `file` may not include `included` (both relative to the root, "ops/add/cpu.cc"), or empty if it may.
// Includes of other libraries are `<...>` without the brackets; only those of CUDA are judged.
std::string WhyNotInclude(std::string_view file, std::string_view included);

// One line for each include in `text`, the contents of `file`, that breaks the table: "FILE:LINE: ...".
std::vector<std::string> BrokenIncludes(std::string_view file, std::string_view text);

// All sources of the rooms under `root`.
StatusOr<std::vector<std::string>> SourceFiles(const std::string& root);

}  // namespace weft
