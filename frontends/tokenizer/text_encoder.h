// Text to ids: special tokens, pre-tokens, the cache, and merges for words that are not in it. One for each
// thread; what it refers to must outlive it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "frontends/tokenizer/bpe_model.h"
#include "frontends/tokenizer/pretokenizer.h"
#include "frontends/tokenizer/special_tokens.h"
#include "frontends/tokenizer/text_blocks.h"
#include "frontends/tokenizer/word_cache.h"

namespace weft {

// Ids of pre-tokens that are tokens, for vocabularies that look there before they merge.
class WholeWords {
 public:
  WholeWords() = default;
  // tokens: bytes by id, empty for none; must outlive this. Those in `left_out` do not count.
  WholeWords(const std::vector<std::string>& tokens, const std::vector<uint32_t>& left_out);
  bool empty() const { return index_.empty(); }
  uint32_t Find(std::string_view word) const;  // kNoToken if none

 private:
  const std::vector<std::string>* tokens_ = nullptr;
  std::vector<uint32_t> index_;  // id + 1, 0: free
};

class TextEncoder {
 public:
  TextEncoder(const BpeModel& model, const PreTokenizer& pretokenizer, const WholeWords& whole_words);

  // Appends the ids of a text, or of a block.
  Status Encode(std::string_view text, const SpecialTokenFinder& specials, std::vector<uint32_t>* ids);
  Status Encode(const TextBlock& block, const SpecialTokenFinder& specials, std::vector<uint32_t>* ids);

 private:
  class Output;

  template <bool kGpt4>
  Status EncodeNamed(std::string_view segment, const uint8_t* readable, Output* out);
  Status EncodeSpans(std::string_view text, const std::vector<Span>& spans, Output* out);
  Status EncodeSegments(std::string_view text, const SpecialTokenFinder& specials, Output* out);
  Status EncodeWord(std::string_view word, Output* out);
  Status EncodeShort(std::string_view word, const WordKey& key, uint64_t hash, Output* out);
  Status EncodeNewShort(std::string_view word, const WordKey& key, Output* out);
  Status EncodeLong(std::string_view word, Output* out);
  Status Merge(std::string_view word);
  Status EncodePlainBytes(std::string_view text, Output* out);

  const BpeModel& model_;
  const PreTokenizer& pretokenizer_;
  const WholeWords& whole_words_;
  const bool plain_bytes_;  // no merges: each byte is its token
  WordEncoder words_;
  WordCache cache_;
  std::vector<uint32_t> word_ids_;
  std::vector<Span> spans_;
};

}  // namespace weft
