// A table in JSON: {"columns": [...], "rows": [[...], ...], "left_out": N}. Small enough for a page: at most
// kMaxRows rows, texts cut at kMaxText bytes.
#pragma once
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace weft {

inline constexpr size_t kMaxRows = 20'000;
inline constexpr size_t kMaxText = 200;

// An empty table. Push rows into ["rows"].
nlohmann::json NewTable(std::initializer_list<std::string_view> columns);
// A name for people: cut at kMaxText bytes, never inside a character, with an ellipsis.
std::string Shortened(std::string_view text);

}  // namespace weft
