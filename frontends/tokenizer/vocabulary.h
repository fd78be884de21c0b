// Files' names for tokens to ids, and what a list of merges means by them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "frontends/tokenizer/tokenizer_spec.h"

namespace weft {

// (name, id), and (left name, right name), as files have them.
using VocabEntries = std::vector<std::pair<std::string, int64_t>>;
using MergeEntries = std::vector<std::pair<std::string, std::string>>;

// Fills spec's tokens, byte_ids and merges. Errors: ids out of range or given twice, a name twice, merges of
// names that are not in the vocabulary.
Status BuildVocabulary(const VocabEntries& vocab, const MergeEntries& merges, TokenizerSpec* spec);

// Adds the added tokens to spec's tokens. Errors: an id that is another token's, a text with another id.
Status BuildAddedTokens(std::vector<AddedToken> added, const VocabEntries& vocab, TokenizerSpec* spec);

}  // namespace weft
