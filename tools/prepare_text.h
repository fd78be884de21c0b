// Text to shards, with a progress line: what `weft train --text` and `weft data prepare` share.
#pragma once
#include "frontends/data/prepare.h"

namespace weft {

// Documents that are stories of the grammar give the held-out text its floor, unless options say otherwise.
StatusOr<DataInfo> PrepareText(const std::vector<std::string>& files, const std::string& directory,
                               PrepareOptions options);

}  // namespace weft
