// Tokens of ONNX's text: identifiers, strings, numbers and punctuation, with comments (# to the end of the
// line) skipped. Tokens are views of the text, which must outlive them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace weft {

enum class TokenKind : uint8_t {
  kEnd,
  kIdentifier,  // [A-Za-z_][A-Za-z0-9_]*
  kString,      // between quotes, escapes \" and \\ still in
  kInteger,     // -?[0-9]+
  kFloat,       // 1. 1.5 1e3 -inf; inf and nan without a sign are identifiers
  kPunctuation,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // without quotes
  size_t offset = 0;
  bool Is(char c) const { return kind == TokenKind::kPunctuation && text.size() == 1 && text[0] == c; }
  bool IsArrow() const { return kind == TokenKind::kPunctuation && text.size() == 2; }  // =>
};

class TextLexer {
 public:
  explicit TextLexer(std::string_view text) : text_(text) {}
  // The next token. False at something that is none (an open string, a stray byte): see error().
  bool Next(Token* token);
  const std::string& error() const { return error_; }
  std::string_view text() const { return text_; }

 private:
  void SkipBlanks();
  bool Number(Token* token);
  bool String(Token* token);
  bool Fail(Token* token, size_t offset, std::string message);

  std::string_view text_;
  size_t at_ = 0;
  std::string error_;
};

bool IsNonFinite(std::string_view word);  // inf, infinity, nan, in any case
bool IsTypeWord(std::string_view word);   // float, int64, seq, ...: where a name may follow, it begins a type
// A string's characters, its escapes undone.
std::string Unescape(std::string_view text);
// `message` with the place: "line 3, column 7: message", the line itself and a caret below the column.
std::string AtOffset(std::string_view text, size_t offset, std::string_view message);

}  // namespace weft
