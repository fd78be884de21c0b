// The safetensors file format: named dense tensors, read where they lie.
//
//   8 bytes   n, the header's length, little-endian
//   n bytes   JSON {"__metadata__": {text: text}, NAME: {"dtype": "F32", "shape": [2, 3],
//             "data_offsets": [begin, end]}, ...}, then spaces
//   the rest  the bytes, row-major, little-endian; offsets count from here
//
// Invariant checked before anything is used: the tensors' byte ranges, in order, cover the rest of the file
// exactly once, and each is as long as its type and shape say.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "base/tensor.h"

namespace weft {

// As in Python's library: a longer header is refused.
inline constexpr int64_t kMaxSafetensorsHeader = 100'000'000;

// The format's name of a type, "BF16"; empty for i4 and u4, which it lacks.
std::string_view SafetensorsName(DataType type);

struct SafetensorsEntry {
  std::string name;
  DataType dtype = DataType::kF32;
  Shape shape;
  int64_t begin = 0;  // bytes from the start of the data
  int64_t end = 0;
};
using SafetensorsMetadata = std::map<std::string, std::string>;

class SafetensorsFile {
 public:
  static StatusOr<SafetensorsFile> Open(const std::string& path);
  // The same for bytes in memory that `owner` keeps alive; `path` is used in errors only.
  static StatusOr<SafetensorsFile> FromBytes(std::span<const std::byte> bytes, std::string path,
                                             std::shared_ptr<const void> owner);

  // In the order of their bytes in the file.
  const std::vector<SafetensorsEntry>& entries() const { return entries_; }
  // Sorted bytewise.
  std::vector<std::string> Names() const;
  const SafetensorsEntry* Find(std::string_view name) const;  // nullptr if there is none
  // Shares the mapping; a tensor that does not lie aligned to its element is copied. NotFound with a
  // suggestion; a bool that is neither 0 nor 1 is an error.
  StatusOr<Tensor> Get(std::string_view name) const;
  const SafetensorsMetadata& metadata() const { return metadata_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::shared_ptr<const void> owner_;
  std::span<const std::byte> data_;
  std::vector<SafetensorsEntry> entries_;
  std::vector<uint32_t> by_name_;  // indices into entries_
  SafetensorsMetadata metadata_;
};

// Several files that hold one model: a .safetensors file, a "*.safetensors.index.json" (`weight_map`: tensor
// -> file beside it), or a directory with model.safetensors or model.safetensors.index.json.
class SafetensorsSet {
 public:
  static StatusOr<SafetensorsSet> Open(const std::string& path);
  std::vector<std::string> Names() const;                     // sorted bytewise
  const SafetensorsEntry* Find(std::string_view name) const;  // nullptr if there is none
  StatusOr<Tensor> Get(std::string_view name) const;
  const std::vector<SafetensorsFile>& files() const { return files_; }  // sorted by name
  const std::string& path() const { return path_; }

 private:
  static StatusOr<SafetensorsSet> OpenIndex(const std::string& path);
  std::string path_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string, size_t, std::less<>> file_of_;
};

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

// Writes the same bytes for the same arguments, atomically. Wider element types come first, otherwise in the
// order given, so that each tensor lies aligned and can be read without a copy.
Status WriteSafetensors(const std::string& path, std::span<const NamedTensor> tensors,
                        const SafetensorsMetadata& metadata = {});

// The same in pieces, for tensors that do not all exist in host memory at once: say what will come, then
// give each one's bytes in the order of entries(), then Commit. Nothing is held but the header.
class SafetensorsWriter {
 public:
  struct Spec {
    std::string name;
    DataType dtype;
    Shape shape;
  };
  static StatusOr<SafetensorsWriter> Create(const std::string& path, std::span<const Spec> specs,
                                            const SafetensorsMetadata& metadata = {});
  const std::vector<SafetensorsEntry>& entries() const { return entries_; }
  Status Append(std::span<const std::byte> bytes);  // any cut; CHECKs that there is room left
  Status Commit();                                  // CHECKs that every byte was given

 private:
  explicit SafetensorsWriter(FileWriter file) : file_(std::move(file)) {}
  FileWriter file_;
  std::vector<SafetensorsEntry> entries_;
  int64_t header_bytes_ = 0;
};

}  // namespace weft
