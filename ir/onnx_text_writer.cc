#include "ir/onnx_text_writer.h"

#include <algorithm>

#include "ir/text_lexer.h"

namespace weft {
namespace {

bool IsIdentifier(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (name.empty() || !letter(name[0])) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

void OnnxTextWriter::Name(std::string_view name) {
  if (IsIdentifier(name) && !IsTypeWord(name) && !IsNonFinite(name)) {
    text += name;
  } else {
    Quoted(name);
  }
}

void OnnxTextWriter::Quoted(std::string_view s) {
  text += '"';
  for (char c : s) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
}

void OnnxTextWriter::Pair(const std::pair<std::string, std::string>& pair) {
  Quoted(pair.first);
  text += ": ";
  Quoted(pair.second);
}

}  // namespace weft
