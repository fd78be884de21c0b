// The bytes of a `.weft` file: a graph as a FlatBuffer (graph.fbs), and behind it 16 bytes that say that it
// is whole.
//
//   FlatBuffer   identifier "WEFT" at byte 4
//   u32          version: kGraphFormatVersion
//   u32          zero
//   u64          XXH64 of all bytes before it, little-endian like the others
//
// The version counts what an older reader would misread. New operators and attributes are not among it: a
// reader that lacks one names it. An attribute that a file lacks has its default.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/safetensors.h"
#include "ir/from_onnx.h"
#include "ir/graph.h"

namespace weft {

inline constexpr uint32_t kGraphFormatVersion = 1;
inline constexpr size_t kGraphTrailerBytes = 16;

struct EncodedGraph {
  std::string bytes;
  std::vector<NamedTensor> outside;  // constants for a safetensors file beside it, by their names
};

struct GraphEncodeOptions {
  int64_t max_inline_bytes = 4096;  // larger constants of the program go outside
};

// The same bytes for the same graph. Errors: what the form cannot hold (an initial value with states of its
// own).
StatusOr<EncodedGraph> EncodeGraph(const Graph& graph, const GraphEncodeOptions& options = {});

// The tensor of that name from the file beside it.
using OutsideConstants = std::function<StatusOr<Tensor>(const std::string& name)>;

// The graph, which verifies (Verify, as for text): EncodeGraph of it gives the same bytes. DataLoss for bytes
// that are damaged, FailedPrecondition for a newer version, InvalidArgument for what no graph of this weft
// can be.
StatusOr<Graph> DecodeGraph(std::string_view bytes, const ParseOptions& options,
                            const OutsideConstants& outside = {});

// Whether bytes begin like a `.weft` file; no text does.
bool LooksLikeGraphFormat(std::string_view bytes);
// The version they say they have; 0: they do not look like one.
uint32_t GraphFormatVersion(std::string_view bytes);

}  // namespace weft
