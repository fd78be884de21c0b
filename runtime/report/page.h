// One self-contained HTML page around data: no network, no file beside it. What it shows is the JSON that
// lies in it; html/ has its style and scripts, which CMake puts into the binary.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace weft {

enum class PageKind : uint8_t { kExplain, kReport };

// `data` is what html/explain.js or html/report.js reads. Any text in it, and any title, is safe: it cannot
// end the element that it lies in.
std::string Page(PageKind kind, std::string_view title, const nlohmann::json& data);

}  // namespace weft
