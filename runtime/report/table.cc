#include "runtime/report/table.h"

#include <nlohmann/json.hpp>

namespace weft {

nlohmann::json NewTable(std::initializer_list<std::string_view> columns) {
  nlohmann::json table = {{"columns", nlohmann::json::array()}, {"rows", nlohmann::json::array()}};
  for (std::string_view column : columns) table["columns"].push_back(std::string(column));
  table["left_out"] = 0;
  return table;
}

std::string Shortened(std::string_view text) {
  if (text.size() <= kMaxText) return std::string(text);
  constexpr std::string_view kEllipsis = "…";
  size_t end = kMaxText - kEllipsis.size();
  const auto continues = [&](size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80; };
  while (end > 0 && continues(end)) --end;
  return std::string(text.substr(0, end)) + std::string(kEllipsis);
}

}  // namespace weft
