// Text to shards, with a progress line: what `weft train --text` and `weft data prepare` share.
#pragma once
#include "frontends/data/prepare.h"

namespace weft {

StatusOr<DataInfo> PrepareText(const std::vector<std::string>& files, const std::string& directory,
                               const PrepareOptions& options);

}  // namespace weft
