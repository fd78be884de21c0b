// Bytes as tokens, 256 between documents: enough of a tokenizer for tests of data.
#pragma once
#include <string>

#include "frontends/data/text_tokenizer.h"

namespace weft {

inline TextTokenizer ByteTokenizer() {
  TextTokenizer tokenizer;
  tokenizer.name = "bytes";
  tokenizer.json = "{}\n";
  tokenizer.vocabulary_size = 257;
  tokenizer.separator_id = 256;
  tokenizer.encode = [](std::string_view text, std::vector<uint32_t>* ids) {
    for (const char c : text) ids->push_back(static_cast<uint8_t>(c));
    return OkStatus();
  };
  tokenizer.encode_stream = [](std::string_view text, int, const IdSink& sink) {
    constexpr size_t kPiece = 100'003;
    for (size_t i = 0; i < text.size(); i += kPiece) {
      std::vector<uint32_t> ids;
      for (const char c : text.substr(i, kPiece)) ids.push_back(static_cast<uint8_t>(c));
      WEFT_RETURN_IF_ERROR(sink(ids));
    }
    return OkStatus();
  };
  tokenizer.decode = [](std::span<const uint32_t> ids) -> StatusOr<std::string> {
    std::string text;
    for (const uint32_t id : ids) {
      if (id > 256) return OutOfRange("id {} is no token", id);
      if (id < 256) text += static_cast<char>(id);
    }
    return text;
  };
  return tokenizer;
}

}  // namespace weft
