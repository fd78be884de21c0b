// JSON in and out without exceptions: errors name the file, the field, what was expected and what was there.
// `where` says which file, and if need be which part of it, the errors should name ("config.json").
// Callers that look inside a Json include <nlohmann/json.hpp> in their .cc file.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

using Json = nlohmann::json;

// Deeper nesting than this is refused: walking, printing and comparing a Json recurse.
inline constexpr int kMaxJsonDepth = 256;

// Line and column of the first mistake in the error. A key twice in one object is refused.
StatusOr<Json> ParseJson(std::string_view text, std::string_view where, int max_depth = kMaxJsonDepth);
StatusOr<Json> ReadJsonFile(const std::string& path, int64_t limit = int64_t{1} << 30);

// `indent` < 0: on one line. Keys are sorted; numbers are the shortest that read back the same; NaN and
// infinities, which JSON lacks, become null; invalid UTF-8 is replaced by U+FFFD.
std::string DumpJson(const Json& json, int indent = -1);
Status WriteJsonFile(const std::string& path, const Json& json);  // indented by 2, atomically
// The double that is written as shortly as the float: 1e-5f gives 1e-05, not 9.999999747378752e-06. It
// narrows to the same float.
double DecimalOf(float x);

// The field of an object. Missing, of another type, or not representable: an error. Whole floats such as 1e6
// count as integers.
StatusOr<int64_t> GetInt(const Json& object, std::string_view field, std::string_view where);
StatusOr<double> GetDouble(const Json& object, std::string_view field, std::string_view where);
StatusOr<bool> GetBool(const Json& object, std::string_view field, std::string_view where);
StatusOr<std::string> GetString(const Json& object, std::string_view field, std::string_view where);
StatusOr<std::vector<int64_t>> GetInts(const Json& object, std::string_view field, std::string_view where);
StatusOr<std::vector<std::string>> GetStrings(const Json& object, std::string_view field,
                                              std::string_view where);
StatusOr<const Json*> GetArray(const Json& object, std::string_view field, std::string_view where);
StatusOr<const Json*> GetObject(const Json& object, std::string_view field, std::string_view where);

// The same, but a field that is absent or null gives `otherwise`.
StatusOr<int64_t> GetIntOr(const Json& object, std::string_view field, int64_t otherwise,
                           std::string_view where);
StatusOr<double> GetDoubleOr(const Json& object, std::string_view field, double otherwise,
                             std::string_view where);
StatusOr<bool> GetBoolOr(const Json& object, std::string_view field, bool otherwise, std::string_view where);
StatusOr<std::string> GetStringOr(const Json& object, std::string_view field, std::string_view otherwise,
                                  std::string_view where);

// An error if `json` is not an object or has a field that is not among `known`, with a suggestion.
Status RefuseUnknownFields(const Json& json, std::span<const std::string_view> known, std::string_view where);

}  // namespace weft
