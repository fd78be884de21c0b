// The version of weft, as in CMakeLists.txt: --version prints it, runs record it.
#pragma once
#include <string_view>

namespace weft {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace weft
