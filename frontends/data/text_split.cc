#include "frontends/data/text_split.h"

#include <cmath>

#include "frontends/data/prepare.h"

namespace weft {
namespace {

// The cut in one text: `at` moved on to after the next separator, or to the start of a character.
size_t CutAt(std::string_view text, size_t at) {
  if (at >= text.size()) return text.size();
  // A separator that straddles the cut counts.
  const size_t from = at >= kDocumentSeparator.size() ? at - kDocumentSeparator.size() : 0;
  const size_t found = text.find(kDocumentSeparator, from);
  if (found != std::string_view::npos) {
    size_t cut = found + kDocumentSeparator.size();
    if (cut < text.size() && text[cut] == '\n') ++cut;
    return cut;
  }
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  return at;
}

}  // namespace

StatusOr<TextSplit> SplitText(const std::vector<std::string>& files, double val_fraction) {
  if (!(val_fraction >= 0 && val_fraction < 1)) {
    return InvalidArgument("val fraction is {}, expected at least 0 and less than 1", val_fraction);
  }
  if (files.empty()) return InvalidArgument("no text files were given");
  std::vector<std::shared_ptr<const MappedFile>> texts;
  size_t total = 0;
  for (const std::string& path : files) {
    WEFT_ASSIGN_OR_RETURN(auto file, MappedFile::Open(path));
    if (file->text().empty()) return InvalidArgument("{}: the file is empty", path);
    total += file->text().size();
    texts.push_back(std::move(file));
  }
  const auto held_out = static_cast<size_t>(std::llround(static_cast<double>(total) * val_fraction));
  TextSplit split;
  size_t left = total - held_out;  // bytes of training text that are still to come
  for (const auto& file : texts) {
    const size_t size = file->text().size();
    const size_t cut = held_out == 0 || left >= size ? size : CutAt(file->text(), left);
    if (cut > 0 && left > 0) split.train.push_back({file, 0, cut});
    const size_t begin = left > 0 ? cut : 0;
    if (begin < size) split.val.push_back({file, begin, size});
    left -= std::min(left, size);
  }
  return split;
}

}  // namespace weft
