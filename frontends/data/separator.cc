#include "frontends/data/separator.h"

#include <cstring>

namespace weft {
namespace {

// memmem is many times faster than std::string_view::find on long texts.
size_t Find(std::string_view text, std::string_view what, size_t from) {
  const void* found = memmem(text.data() + from, text.size() - from, what.data(), what.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

// Length of a newline at the front (or of the one at the back): 0, 1 or 2 (\r\n).
size_t FrontNewline(std::string_view s) {
  if (s.substr(0, 2) == "\r\n") return 2;
  return s.substr(0, 1) == "\n" ? 1 : 0;
}
size_t BackNewline(std::string_view s) {
  if (s.size() >= 2 && s.substr(s.size() - 2) == "\r\n") return 2;
  return !s.empty() && s.back() == '\n' ? 1 : 0;
}

}  // namespace

bool DocumentReader::Next(std::string_view* document) {
  while (!finished_) {
    const size_t begin = position_;
    const size_t at = separator_.empty() ? std::string_view::npos : Find(text_, separator_, begin);
    if (at == std::string_view::npos) {
      finished_ = true;
      *document = text_.substr(begin);
      return !document->empty();
    }
    size_t end = at;
    position_ = at + separator_.size();
    const size_t before = BackNewline(text_.substr(0, at));
    const size_t after = FrontNewline(text_.substr(position_));
    if ((at == 0 || before > 0) && (position_ == text_.size() || after > 0)) {
      // The newline before may already belong to the separator above.
      end = at - before < begin ? begin : at - before;
      position_ += after;
    }
    *document = text_.substr(begin, end - begin);
    if (!document->empty()) return true;
  }
  return false;
}

}  // namespace weft
