// The files of html/, as CMake put them into the binary.
#pragma once
#include <string_view>

namespace weft::assets {

extern const std::string_view kPageCss, kDomJs, kTreeJs, kMemoryJs, kChartJs, kExplainJs, kReportJs;

}  // namespace weft::assets
