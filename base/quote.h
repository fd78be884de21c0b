// Text from a file, shown safely in a one-line error.
#pragma once
#include <string>
#include <string_view>

namespace weft {

// Length of the valid UTF-8 character at the start of `text` (1 to 4), or 0 if there is none. Overlong
// forms, surrogates and values past U+10FFFF are not valid.
int Utf8Length(std::string_view text);

// 'text' in single quotes, control characters and invalid UTF-8 as \n, \t or \xNN, cut after `limit`
// bytes with "..." .
std::string Quote(std::string_view text, size_t limit = 120);

}  // namespace weft
