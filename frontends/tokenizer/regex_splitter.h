// A text cut at the matches of a regular expression (PCRE2, compiled to machine code): each match is a
// piece, and what lies between two matches is one too.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

class RegexSplitter {
 public:
  // `pattern` in the dialect of regex_dialect.h. Errors: a malformed or refused pattern.
  static StatusOr<std::shared_ptr<const RegexSplitter>> Compile(std::string_view pattern);
  ~RegexSplitter();
  RegexSplitter(const RegexSplitter&) = delete;
  RegexSplitter& operator=(const RegexSplitter&) = delete;

  struct Piece {
    size_t end;    // byte offset; it begins where the one before ends
    bool matched;  // or lies between matches
  };
  // Appends the pieces of text[begin..], in order; the text must be well-formed UTF-8, and what lies before
  // `begin` is only looked back at. If more text may follow (!complete), stops before the first piece that
  // could then be another. Empty matches cut, as in Oniguruma's search. An error of PCRE2 (a limit on
  // backtracking) is an error here, naming the offset.
  Status Split(std::string_view text, size_t begin, bool complete, std::vector<Piece>* pieces) const;

  const std::string& pattern() const { return pattern_; }
  // How many characters before a position may decide what matches there.
  size_t max_lookbehind() const { return max_lookbehind_; }

 private:
  RegexSplitter() = default;
  std::string pattern_;
  void* code_ = nullptr;  // pcre2_code
  uint32_t max_lookbehind_ = 0;
};

}  // namespace weft
