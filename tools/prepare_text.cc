#include "tools/prepare_text.h"

#include <memory>

#include "base/interrupt.h"
#include "base/progress.h"
#include "frontends/data/stories.h"

namespace weft {

StatusOr<DataInfo> PrepareText(const std::vector<std::string>& files, const std::string& directory,
                               PrepareOptions options) {
  if (!options.document_nats) options.document_nats = StoryNats;
  std::unique_ptr<Progress> line;
  std::string current;
  RunControl control;
  control.cancelled = InterruptRequested;
  control.progress = [&](std::string_view stage, int64_t done, int64_t total) {
    if (stage != current) {
      current = stage;
      const bool bytes = stage != "merging";
      line = std::make_unique<Progress>(
          Progress::Options{.label = current, .total = std::max<int64_t>(total, 0), .bytes = bytes});
    }
    line->Update(done);
  };
  return PrepareData(files, directory, options, control);
}

}  // namespace weft
