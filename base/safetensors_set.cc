#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/quote.h"
#include "base/safetensors.h"
#include "base/suggest.h"

namespace weft {
namespace {

constexpr std::string_view kSingle = "model.safetensors";
constexpr std::string_view kIndex = "model.safetensors.index.json";

// A name of a file beside the index, not a way out of its directory.
bool IsPlainName(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

}  // namespace

StatusOr<SafetensorsSet> SafetensorsSet::Open(const std::string& path) {
  std::string file = path;
  if (IsDirectory(path)) {
    file = JoinPath(path, kSingle);
    if (!Exists(file)) file = JoinPath(path, kIndex);
    if (!Exists(file)) return NotFound("{} holds neither {} nor {}", Quote(path, 1000), kSingle, kIndex);
  }
  if (file.ends_with(".json")) return OpenIndex(file);
  SafetensorsSet set;
  set.path_ = file;
  WEFT_ASSIGN_OR_RETURN(SafetensorsFile only, SafetensorsFile::Open(file));
  for (const SafetensorsEntry& entry : only.entries()) set.file_of_[entry.name] = 0;
  set.files_.push_back(std::move(only));
  return set;
}

StatusOr<SafetensorsSet> SafetensorsSet::OpenIndex(const std::string& path) {
  const std::string shown = Quote(path, 1000);
  WEFT_ASSIGN_OR_RETURN(const Json index, ReadJsonFile(path, kMaxSafetensorsHeader));
  WEFT_ASSIGN_OR_RETURN(const Json* weight_map, GetObject(index, "weight_map", shown));
  std::map<std::string, size_t> number_of;  // file name -> place in files_, both sorted
  for (const auto& [tensor, file] : weight_map->items()) {
    if (!file.is_string() || !IsPlainName(file.get_ref<const std::string&>())) {
      return DataLoss("{}: weight_map: {} lies in {}, expected the name of a file beside the index", shown,
                      Quote(tensor), Quote(DumpJson(file)));
    }
    number_of.emplace(file.get<std::string>(), 0);
  }
  SafetensorsSet set;
  set.path_ = path;
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  for (auto& [name, number] : number_of) {
    WEFT_ASSIGN_OR_RETURN(SafetensorsFile file, SafetensorsFile::Open(JoinPath(directory, name)));
    number = set.files_.size();
    set.files_.push_back(std::move(file));
  }
  for (const auto& [tensor, file] : weight_map->items()) {
    const size_t number = number_of[file.get<std::string>()];
    const SafetensorsFile& shard = set.files_[number];
    if (shard.Find(tensor) == nullptr) {
      return DataLoss("{}: weight_map says that {} holds tensor {}, which it does not{}", shown,
                      Quote(shard.path(), 1000), Quote(tensor), DidYouMean(tensor, shard.Names()));
    }
    set.file_of_[tensor] = number;
  }
  return set;
}

std::vector<std::string> SafetensorsSet::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, file] : file_of_) names.push_back(name);
  return names;
}

const SafetensorsEntry* SafetensorsSet::Find(std::string_view name) const {
  const auto found = file_of_.find(name);
  return found == file_of_.end() ? nullptr : files_[found->second].Find(name);
}

StatusOr<Tensor> SafetensorsSet::Get(std::string_view name) const {
  const auto found = file_of_.find(name);
  if (found != file_of_.end()) return files_[found->second].Get(name);
  return NotFound("{}: there is no tensor {}{}", Quote(path_, 1000), Quote(name), DidYouMean(name, Names()));
}

}  // namespace weft
