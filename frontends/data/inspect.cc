#include "frontends/data/inspect.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/file.h"
#include "base/interrupt.h"

namespace weft {
namespace {

constexpr int64_t kBlock = 1 << 16;  // tokens read at a time

// One pass over the tokens: the largest id of each shard, how many different ones, the first documents.
// `separator` is the id between documents, -1 for none.
Status ReadTokens(const TokenDataset& data, int64_t separator, const InspectOptions& options,
                  SplitReport* report) {
  std::vector<bool> seen;
  std::vector<int64_t> block;
  int64_t begin = 0;  // of the document, in tokens of the split
  DocumentReport document;
  const auto end_document = [&](int64_t end) {
    document.begin = begin;
    document.tokens = end - begin;
    const bool wanted = static_cast<int64_t>(report->documents.size()) < options.documents;
    if (wanted && document.tokens > 0) report->documents.push_back(document);
    document = {};
    begin = end + 1;
  };
  int64_t position = 0;
  for (const TokenShard& shard : data.shards()) {
    ShardReport out{shard.path(), shard.size(), shard.width(), shard.vocabulary_size(), 0};
    for (int64_t at = 0; at < shard.size(); at += kBlock) {
      WEFT_RETURN_IF_ERROR(CheckInterrupt());
      block.resize(static_cast<size_t>(std::min(kBlock, shard.size() - at)));
      shard.Copy(at, std::span<int64_t>(block));
      for (const int64_t value : block) {
        const auto id = static_cast<uint32_t>(value);
        out.largest_id = std::max(out.largest_id, id);
        if (id < seen.size() ? !seen[id] : id < (uint32_t{1} << 28)) {
          if (id >= seen.size()) seen.resize(size_t{id} + 1);
          seen[id] = true;
          ++report->distinct_ids;
        }
        if (value == separator) {
          end_document(position);
        } else if (static_cast<int64_t>(document.ids.size()) < options.max_tokens) {
          document.ids.push_back(id);
        }
        ++position;
      }
    }
    report->shards.push_back(std::move(out));
  }
  end_document(position);
  report->tokens = position;
  return OkStatus();
}

StatusOr<SplitReport> InspectSplit(const TokenDataset& data, std::string name,
                                   const std::optional<DataInfo>& info, const InspectOptions& options) {
  SplitReport report;
  report.name = std::move(name);
  for (const TokenShard& shard : data.shards()) WEFT_RETURN_IF_ERROR(shard.Verify());
  const int64_t separator = options.separator.has_value() ? int64_t{*options.separator} : -1;
  WEFT_RETURN_IF_ERROR(ReadTokens(data, separator, options, &report));
  if (!info.has_value()) return report;
  for (const ShardReport& shard : report.shards) {
    if (shard.vocabulary_size != 0 && shard.vocabulary_size != info->vocab_size) {
      return DataLoss("'{}' is of a vocabulary of {}, expected {} as {} says", shard.path,
                      shard.vocabulary_size, info->vocab_size, "data.json");
    }
    if (shard.tokens > 0 && shard.largest_id >= info->vocab_size) {
      return DataLoss("'{}' holds id {}, expected less than the vocabulary size {} in {}", shard.path,
                      shard.largest_id, info->vocab_size, "data.json");
    }
  }
  const SplitCounts& expected = report.name == "train" ? info->train : info->val;
  if (report.tokens != expected.tokens) {
    return DataLoss("split '{}' has {} tokens in its shards, expected {} as {} says", report.name,
                    report.tokens, expected.tokens, "data.json");
  }
  return report;
}

}  // namespace

StatusOr<InspectReport> InspectData(const std::string& path, const InspectOptions& options) {
  InspectReport report;
  if (!Exists(path)) return NotFound("'{}' does not exist", path);
  if (!IsDirectory(path)) {
    const std::vector<std::string> paths = {path};
    WEFT_ASSIGN_OR_RETURN(const TokenDataset data, TokenDataset::Open(paths));
    WEFT_ASSIGN_OR_RETURN(SplitReport split, InspectSplit(data, path, std::nullopt, options));
    report.splits.push_back(std::move(split));
    return report;
  }
  if (Exists(JoinPath(path, "data.json"))) {
    WEFT_ASSIGN_OR_RETURN(report.info, ReadDataInfo(path));
  }
  // The names of shards are SPLIT-NNNNN.bin.
  WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(path));
  std::set<std::string> splits;
  for (const std::string& name : names) {
    const size_t dash = name.rfind('-');
    if (dash != std::string::npos && dash > 0 && name.ends_with(".bin")) splits.insert(name.substr(0, dash));
  }
  if (splits.empty()) return NotFound("'{}' holds no token shards (SPLIT-00000.bin)", path);
  for (const std::string& name : splits) {
    WEFT_ASSIGN_OR_RETURN(const TokenDataset data, TokenDataset::OpenSplit(path, name));
    WEFT_ASSIGN_OR_RETURN(SplitReport split, InspectSplit(data, name, report.info, options));
    report.splits.push_back(std::move(split));
  }
  return report;
}

}  // namespace weft
