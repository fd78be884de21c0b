// What json.cc and other SAX readers share: nlohmann's parse errors as one bounded line.
#pragma once
#include <string>
#include <string_view>

namespace weft::internal {

// "line 1, column 5: syntax error ..." from an exception's what(), without the text last read, which may be
// as long as the file and is not always valid UTF-8.
std::string DescribeJsonError(std::string_view what);

}  // namespace weft::internal
