// Documents in a text: what stands between separators. A separator that stands alone on its line takes its
// line with it (the newline before and the one after belong to neither document); empty documents are none.
#pragma once
#include <string_view>

namespace weft {

// Encoded as the special token of that name where the tokenizer has it.
inline constexpr std::string_view kDocumentSeparator = "<|endoftext|>";

// Walks through the documents of `text`, which must outlive it. An empty separator: all is one document.
class DocumentReader {
 public:
  DocumentReader(std::string_view text, std::string_view separator) : text_(text), separator_(separator) {}
  // The next document, never empty; false at the end.
  bool Next(std::string_view* document);

 private:
  std::string_view text_;
  std::string_view separator_;
  size_t position_ = 0;  // of the rest
  bool finished_ = false;
};

}  // namespace weft
