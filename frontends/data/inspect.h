// Looks into prepared data: every shard checked, tokens counted, the first documents decoded.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/shards.h"
#include "base/status.h"
#include "frontends/data/prepare.h"

namespace weft {

struct ShardReport {
  std::string path;
  int64_t tokens = 0;
  int width = 2;                // bytes a token
  int64_t vocabulary_size = 0;  // 0: the file does not say
  uint32_t largest_id = 0;
};

struct DocumentReport {
  int64_t begin = 0;          // of the document in the split, in tokens
  int64_t tokens = 0;         // without the separator
  std::vector<uint32_t> ids;  // the first of them
};

struct SplitReport {
  std::string name;
  int64_t tokens = 0;
  int64_t distinct_ids = 0;
  std::vector<ShardReport> shards;
  std::vector<DocumentReport> documents;  // the first ones
};

struct InspectOptions {
  int64_t documents = 1;              // shown of each split
  int64_t max_tokens = 64;            // shown of each document
  std::optional<uint32_t> separator;  // the id between documents
};

struct InspectReport {
  std::optional<DataInfo> info;  // of a directory with data.json
  std::vector<SplitReport> splits;
};

// `path` is a directory of shards or one shard (then the only split, with the file's name). `separator` is
// the id between documents, if any. Reads every token: a shard that is damaged, an id outside of the
// vocabulary, or a count that differs from data.json is an error.
StatusOr<InspectReport> InspectData(const std::string& path, const InspectOptions& options);

}  // namespace weft
