#include "ir/joined_name.h"

#include <fmt/format.h>

#include <charconv>

namespace weft {

std::string JoinedName(const std::vector<JoinedPart>& parts) {
  std::string name;
  for (const JoinedPart& p : parts) name += fmt::format("{}{}:{}", name.empty() ? "" : "+", p.name, p.rows);
  return name;
}

std::vector<JoinedPart> PartsOf(std::string_view name) {
  std::vector<JoinedPart> parts;
  while (!name.empty()) {
    const std::string_view part = name.substr(0, name.find('+'));
    name.remove_prefix(std::min(part.size() + 1, name.size()));
    const size_t colon = part.find(':');
    if (colon == 0 || colon == std::string_view::npos) return {};
    JoinedPart& p = parts.emplace_back();
    p.name = part.substr(0, colon);
    const char* end = part.data() + part.size();
    const auto [at, error] = std::from_chars(part.data() + colon + 1, end, p.rows);
    if (error != std::errc() || at != end || p.rows < 0) return {};
  }
  return parts.size() < 2 ? std::vector<JoinedPart>() : parts;
}

bool MayBeJoined(std::string_view name) {
  return !name.empty() && name.find_first_of("+:") == std::string_view::npos;
}

std::string WithPrefix(std::string_view prefix, std::string_view name) {
  std::vector<JoinedPart> parts = PartsOf(name);
  if (parts.empty()) return fmt::format("{}{}", prefix, name);
  std::vector<std::string> names;
  names.reserve(parts.size());
  for (JoinedPart& p : parts) p.name = names.emplace_back(fmt::format("{}{}", prefix, p.name));
  return JoinedName(parts);
}

}  // namespace weft
