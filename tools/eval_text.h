// What a model is evaluated on: tokens, the bytes they stand for, and the floor where it is known.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "frontends/tokenizer/tokenizer.h"

namespace weft {

struct EvalText {
  std::string name;  // the files, or the directory of the prepared data
  std::vector<uint32_t> tokens;
  int64_t bytes = 0;  // of the tokens asked for: all but the first
  // Where every document is a story of the grammar (frontends/data/prepare.h: FloorNats), over all of the
  // text's bytes.
  std::optional<double> floor_bits_per_byte;
};

// Text files one after the other; "-" is standard input.
StatusOr<EvalText> EvalTextFromFiles(const std::vector<std::string>& paths, const Tokenizer& tokenizer,
                                     int threads);
// The held-out split of prepared data. Error: the data's tokenizer is not the model's.
StatusOr<EvalText> EvalTextFromData(const std::string& directory, const Tokenizer& tokenizer);
// Of --text or --data, or else of the run directory `model`. Both given is a usage error.
StatusOr<EvalText> FindEvalText(const std::vector<std::string>& texts, const std::string& data,
                                const std::string& model, const Tokenizer& tokenizer, int threads);
// The prepared data that a run directory was trained on. Error: it is not a run directory.
StatusOr<std::string> DataOfRun(const std::string& run);

}  // namespace weft
