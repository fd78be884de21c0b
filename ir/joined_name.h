// States that lie side by side, one after the other along axis 0, so that programs see them as one: its name
// says what it is made of, "q_proj.weight:512+k_proj.weight:128". Sessions keep, save and load the parts, by
// their own names; a program of the same session may have the whole, another one the parts.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

struct JoinedPart {
  std::string_view name;
  int64_t rows = 0;
};

std::string JoinedName(const std::vector<JoinedPart>& parts);
// Of two parts or more; empty if the name is not made of parts.
std::vector<JoinedPart> PartsOf(std::string_view name);
// Whether a state of that name can be a part.
bool MayBeJoined(std::string_view name);
// The prefix before the name, or before that of each part: "adamw.m.q:2+adamw.m.k:1".
std::string WithPrefix(std::string_view prefix, std::string_view name);

}  // namespace weft
