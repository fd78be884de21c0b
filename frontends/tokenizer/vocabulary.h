// Files' names for tokens to ids, and what lists of merges and added tokens mean by them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "frontends/tokenizer/token_index.h"
#include "frontends/tokenizer/tokenizer_spec.h"

namespace weft {

// (name, id), and (left name, right name), as files have them.
using VocabEntries = std::vector<std::pair<std::string, int64_t>>;
using MergeEntries = std::vector<std::pair<std::string, std::string>>;

// Fills a spec; the steps in this order.
class VocabularyBuilder {
 public:
  explicit VocabularyBuilder(TokenizerSpec* spec) : spec_(spec) {}
  VocabularyBuilder(const VocabularyBuilder&) = delete;
  VocabularyBuilder& operator=(const VocabularyBuilder&) = delete;

  // tokens and byte_ids. Errors: ids out of range or given twice, a name twice or empty.
  Status SetVocab(VocabEntries vocab);
  // merges. Errors: names that are not in the vocabulary.
  Status SetMerges(const MergeEntries& merges);
  // added_tokens, and their tokens. Errors: an id that is another token's, a text that has another id.
  Status SetAddedTokens(std::vector<AddedToken> added);

  // kNoToken if the vocabulary lacks it.
  uint32_t Find(std::string_view name) const { return index_.Find(name); }

 private:
  TokenizerSpec* spec_;
  std::vector<std::string> names_;  // by id
  TokenIndex index_;                // of names_
};

}  // namespace weft
