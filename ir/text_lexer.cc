#include "ir/text_lexer.h"

#include <algorithm>

#include "base/quote.h"

namespace weft {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }

}  // namespace

bool IsNonFinite(std::string_view word) {
  std::string lower(word.substr(0, 9));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower == "inf" || lower == "infinity" || lower == "nan";
}

void TextLexer::SkipBlanks() {
  for (; at_ < text_.size(); ++at_) {
    if (text_[at_] == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      if (at_ == text_.size()) return;
    } else if (!IsBlank(text_[at_])) {
      return;
    }
  }
}

bool TextLexer::Fail(Token* token, size_t offset, std::string message) {
  token->offset = offset;
  error_ = std::move(message);
  return false;
}

bool TextLexer::String(Token* token) {
  const size_t begin = ++at_;
  for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
    if (text_[at_] == '\\') ++at_;
  }
  if (at_ >= text_.size()) return Fail(token, begin - 1, "a string that does not end");
  *token = {TokenKind::kString, text_.substr(begin, at_ - begin), begin - 1};
  ++at_;
  return true;
}

bool TextLexer::Number(Token* token) {
  const size_t begin = at_;
  const auto digits = [&] {
    const size_t from = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    return at_ > from;
  };
  if (text_[at_] == '-') ++at_;
  if (at_ < text_.size() && IsLetter(text_[at_])) {
    while (at_ < text_.size() && IsLetter(text_[at_])) ++at_;
    if (!IsNonFinite(text_.substr(begin + 1, at_ - begin - 1))) return Fail(token, begin, "unexpected '-'");
    *token = {TokenKind::kFloat, text_.substr(begin, at_ - begin), begin};
    return true;
  }
  if (!digits()) return Fail(token, begin, "unexpected '-'");
  TokenKind kind = TokenKind::kInteger;
  if (at_ < text_.size() && text_[at_] == '.') {
    kind = TokenKind::kFloat;
    ++at_;
    digits();
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    kind = TokenKind::kFloat;
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    if (!digits()) return Fail(token, begin, "a number whose exponent has no digits");
  }
  *token = {kind, text_.substr(begin, at_ - begin), begin};
  return true;
}

bool TextLexer::Next(Token* token) {
  SkipBlanks();
  if (at_ >= text_.size()) {
    *token = {TokenKind::kEnd, {}, text_.size()};
    return true;
  }
  const char c = text_[at_];
  const size_t begin = at_;
  if (IsLetter(c)) {
    while (at_ < text_.size() && (IsLetter(text_[at_]) || IsDigit(text_[at_]))) ++at_;
    *token = {TokenKind::kIdentifier, text_.substr(begin, at_ - begin), begin};
    return true;
  }
  if (IsDigit(c) || c == '-') return Number(token);
  if (c == '"') return String(token);
  if (std::string_view("<>()[]{}=,:.@?").find(c) == std::string_view::npos) {
    const size_t length = static_cast<size_t>(std::max(Utf8Length(text_.substr(begin)), 1));
    return Fail(token, begin, fmt::format("unexpected {}", Quote(text_.substr(begin, length))));
  }
  const bool arrow = c == '=' && text_.substr(begin, 2) == "=>";
  at_ += arrow ? 2 : 1;
  *token = {TokenKind::kPunctuation, text_.substr(begin, at_ - begin), begin};
  return true;
}

std::string Unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

std::string AtOffset(std::string_view text, size_t offset, std::string_view message) {
  constexpr size_t kShown = 110;  // of the line, around the column
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t newline = before.rfind('\n');
  const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const size_t end = std::min(text.find('\n', offset), text.size());
  const size_t column = offset - begin;
  const size_t from = column > kShown / 2 ? begin + column - kShown / 2 : begin;
  std::string shown(text.substr(from, std::min(end - from, kShown)));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f)
      c = c == '\t' ? ' ' : '?';
  }
  return fmt::format("line {}, column {}: {}\n  {}\n  {}^", line, column + 1, message, shown,
                     std::string(offset - from, ' '));
}

}  // namespace weft
