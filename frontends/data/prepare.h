// From text files to what training reads: a directory with
//   tokenizer.json      the tokenizer
//   train-00000.bin ..  token shards (base/shards.h)    val-00000.bin ..  the held-out end of the text
//   data.json           counts of tokens and bytes, vocabulary size, the held-out text's floor where it is
//   known
// The directory appears whole or not at all. Memory does not grow with the text.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "frontends/data/separator.h"
#include "frontends/tokenizer/run_control.h"

namespace weft {

// The exact negative log-probability (nats) of one document under the grammar that wrote it, its end
// included; nothing for a text of another kind.
using DocumentNats = std::function<std::optional<double>(std::string_view document)>;

struct PrepareOptions {
  // "bpe": trained on the training part; "bytes"; or a tokenizer.json or model directory.
  std::string tokenizer = "bpe";
  int64_t vocab_size = 2048;  // of a trained tokenizer
  std::string pattern = "gpt2";
  double val_fraction = 0.05;  // of the bytes, at the end; cut between documents where there are several
  int threads = 1;
  DocumentNats document_nats = {};  // empty: no floor
};

struct SplitCounts {
  int64_t tokens = 0, bytes = 0;
};

struct DataInfo {
  int64_t vocab_size = 0;
  SplitCounts train, val;
  std::optional<double> val_floor_nats;  // of the whole held-out text
  // Bits per byte of the held-out text under its own grammar: no model honestly gets below.
  std::optional<double> FloorBitsPerByte() const;
};

// The sum over all documents of a text; nothing if one of them is of another kind.
//
// Why this is a floor for the loss over windows that begin anywhere: in the mean no model's loss is below the
// entropy given what it sees, and that is not below the entropy given all that came before, whose mean this
// number is. What separates documents is certain: its bytes count but add no nats. On a handful of documents
// a model may be below by chance.
std::optional<double> FloorNats(std::string_view text, const DocumentNats& document_nats);

// `files` are read in order, as documents one after the other. Errors name the file: missing, empty, a
// directory.
StatusOr<DataInfo> PrepareData(const std::vector<std::string>& files, const std::string& directory,
                               const PrepareOptions& options, const RunControl& control = {});

// data.json of a prepared directory.
StatusOr<DataInfo> ReadDataInfo(const std::string& directory);

}  // namespace weft
