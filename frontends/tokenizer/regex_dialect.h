// Regular expressions in tokenizer.json are written for Oniguruma (Hugging Face's engine); ours is PCRE2.
// Where the two read the same letters differently, the pattern is rewritten or refused:
//
//   \s \S   Unicode's White_Space (PCRE2 adds U+180E)      \w \W \b \B   Alphabetic, M, Nd, Pc
//   \h \H   a hexadecimal digit (PCRE2: horizontal space)  \uHHHH   a code point
//   refused: {n,m}+ (possessive to PCRE2, a repeated group to Oniguruma), && and nested [ in a class,
//            \W and \H inside a class, \Q, \G, \K, \X, \R, \C
#pragma once
#include <string>
#include <string_view>

#include "base/status.h"

namespace weft {

// The same pattern for PCRE2 in UTF and UCP mode with multi-line anchors. Errors say what is refused and
// what to write instead.
StatusOr<std::string> TranslateRegex(std::string_view pattern);

}  // namespace weft
