// Where a text is cut into a training part and a held-out end.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"

namespace weft {

struct TextPart {
  std::shared_ptr<const MappedFile> file;
  size_t begin = 0, end = 0;
  std::string_view text() const { return file->text().substr(begin, end - begin); }
  bool whole() const { return begin == 0 && end == file->text().size(); }
};

struct TextSplit {
  std::vector<TextPart> train, val;
};

// The last `val_fraction` of the bytes of all files is held out, from the first document boundary after the
// cut where documents are separated, else from the first byte after it that begins a character.
StatusOr<TextSplit> SplitText(const std::vector<std::string>& files, double val_fraction);

}  // namespace weft
