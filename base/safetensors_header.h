// Reading the JSON header of a safetensors file.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/safetensors.h"

namespace weft::internal {

inline constexpr size_t kMaxSafetensorsRank = 64;
inline constexpr std::string_view kSafetensorsMetadataKey = "__metadata__";

// Reads the header event by event, without a JSON tree: memory stays in proportion to the text.
// Entries come in the order of their bytes, checked to cover [0, data_bytes) exactly.
Status ParseSafetensorsHeader(std::string_view header, int64_t data_bytes, std::string_view file,
                              std::vector<SafetensorsEntry>* entries, SafetensorsMetadata* metadata);

}  // namespace weft::internal
