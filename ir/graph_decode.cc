// DecodeGraph: see graph_format.h.
//
// What the file says is believed step by step: the hash, the FlatBuffer's own offsets (its verifier, with as
// many tables as the bytes can hold), every number that names something, every type, and at the end the graph
// as a whole (Verify).
#include <cstring>

#include "base/hash.h"
#include "base/version.h"
#include "ir/graph_decode_internal.h"

namespace weft {
namespace {

uint64_t NumberAt(std::string_view bytes, size_t at, int size) {
  uint64_t number = 0;
  for (int i = 0; i < size; ++i) {
    number |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[at + static_cast<size_t>(i)])) << 8 * i;
  }
  return number;
}

Status CheckTrailer(std::string_view bytes) {
  if (!LooksLikeGraphFormat(bytes)) return InvalidArgument("not a graph in weft's file form");
  const uint64_t hash = HashContents(std::as_bytes(std::span(bytes).first(bytes.size() - 8)));
  if (hash != NumberAt(bytes, bytes.size() - 8, 8)) {
    return DataLoss("damaged, or cut short: its hash is not that of its {} bytes", bytes.size());
  }
  const uint32_t version = GraphFormatVersion(bytes);
  if (version > kGraphFormatVersion) {
    return FailedPrecondition(
        "version {} of the file form; weft {} reads up to version {}: take a newer weft", version, kVersion,
        kGraphFormatVersion);
  }
  return version == kGraphFormatVersion ? OkStatus()
                                        : DataLoss("version {} of the file form never was", version);
}

}  // namespace

bool LooksLikeGraphFormat(std::string_view bytes) {
  if (bytes.size() < 8 + kGraphTrailerBytes) return false;
  const uint64_t root = NumberAt(bytes, 0, 4);  // in text some 500 million or more
  return bytes.substr(4, 4) == graph_file::FileIdentifier() && root % 4 == 0 && root < bytes.size();
}

uint32_t GraphFormatVersion(std::string_view bytes) {
  if (!LooksLikeGraphFormat(bytes)) return 0;
  return static_cast<uint32_t>(NumberAt(bytes, bytes.size() - kGraphTrailerBytes, 4));
}

StatusOr<Graph> DecodeGraph(std::string_view bytes, const ParseOptions& options,
                            const OutsideConstants& outside) {
  WEFT_RETURN_IF_ERROR(CheckTrailer(bytes));
  const size_t size = bytes.size() - kGraphTrailerBytes;
  if (size >= FLATBUFFERS_MAX_BUFFER_SIZE) return InvalidArgument("{} bytes, expected less than 2 GiB", size);
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  std::vector<uint64_t> aligned;
  if (reinterpret_cast<uintptr_t>(data) % alignof(uint64_t) != 0) {
    aligned.resize(size / sizeof(uint64_t) + 1);
    std::memcpy(aligned.data(), data, size);
    data = reinterpret_cast<const uint8_t*>(aligned.data());
  }
  constexpr uint32_t kDepth = 16;
  // A table takes four bytes, and four where it is named.
  flatbuffers::Verifier verifier(data, size, kDepth, static_cast<uint32_t>(size / 8 + 1));
  if (!graph_file::VerifyFileBuffer(verifier)) return DataLoss("damaged: its tables do not fit together");
  const graph_file::File& file = *graph_file::GetFile(data);
  if (Count(file.graphs()) == 0) return DataLoss("holds no graph");
  GraphDecodeBudget budget{static_cast<int64_t>(size)};
  GraphDecoder::Graphs before;
  for (uint32_t i = 0; i + 1 < file.graphs()->size(); ++i) {
    GraphDecoder decoder(*file.graphs()->Get(i), options, budget);
    StatusOr<Graph> graph = decoder.Decode(before, nullptr);
    if (!graph.ok()) return Prefix(fmt::format("graph {}", i), graph.status());
    before.push_back(std::make_shared<const Graph>(*std::move(graph)));
  }
  return GraphDecoder(*file.graphs()->Get(file.graphs()->size() - 1), options, budget)
      .Decode(before, &outside);
}

}  // namespace weft
