// Reads the text of a tokenizer.json (or of a vocab.json) once: model.vocab and model.merges into plain
// lists, the few other fields that matter into a JSON value of limited size, the rest not at all.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/status.h"
#include "frontends/tokenizer/vocabulary.h"

namespace weft {

struct TokenizerJsonParts {
  VocabEntries vocab;
  MergeEntries merges;
  bool has_merges = false;
};

// `settings` gets the object without model.vocab and model.merges. Errors: malformed JSON, wrong types in
// vocab or merges, more settings than any tokenizer has.
Status ReadTokenizerJson(std::string_view text, TokenizerJsonParts* parts, nlohmann::json* settings);
// {"token": id, ...}
Status ReadVocabJson(std::string_view text, VocabEntries* vocab);

}  // namespace weft
