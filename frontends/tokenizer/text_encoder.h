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
#include "frontends/tokenizer/token_index.h"
#include "frontends/tokenizer/word_cache.h"

namespace weft {

class TextEncoder {
 public:
  // whole_words: pre-tokens that are not encoded by merges (ignore_merges); may be empty.
  TextEncoder(const BpeModel& model, const PreTokenizer& pretokenizer, const TokenIndex& whole_words);

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
  const TokenIndex& whole_words_;
  const bool plain_bytes_;  // no merges: each byte is its token
  WordEncoder words_;
  WordCache cache_;
  std::vector<uint32_t> word_ids_;
  std::vector<Span> spans_;
};

}  // namespace weft
