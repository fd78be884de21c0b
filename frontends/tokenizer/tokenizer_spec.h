// What a tokenizer is, as read from a file, trained or put together; Tokenizer::Create makes it work.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "frontends/tokenizer/bpe_model.h"
#include "frontends/tokenizer/pretokenizer.h"

namespace weft {

struct AddedToken {
  std::string text;
  uint32_t id = 0;
  bool special = true;      // may be read as text, may be left out of decoded text
  bool normalized = false;  // matched after those that are not
  bool in_vocab = true;     // also a token of the model's vocabulary
};

struct TokenizerSpec {
  std::vector<std::string> tokens;       // the bytes each id decodes to; empty: there is no such id
  std::array<uint32_t, 256> byte_ids{};  // kNoToken: none
  std::vector<Merge> merges;             // by rank
  bool ignore_merges = false;            // a pre-token that is a token is not encoded by merges
  std::vector<AddedToken> added_tokens;
  PreTokenizerSpec pretokenizer;
  std::vector<uint32_t> prefix, suffix;  // ids that the file puts around a text
  std::optional<uint32_t> end_of_text;   // the id that ends a document
  std::string json;                      // the tokenizer.json this was read from
};

// tokenizer.json of Hugging Face tokenizers (BPE with ByteLevel; see tokenizer_json.cc for what is refused).
// Its truncation and padding settings do not count. Errors name the field, what was expected and found.
StatusOr<TokenizerSpec> ParseTokenizerJson(std::string_view json);
// GPT-2's pair of files; special tokens get the id they have in vocab.json, else the next free ones.
StatusOr<TokenizerSpec> ParseVocabAndMerges(std::string_view vocab_json, std::string_view merges_txt,
                                            const std::vector<std::string>& special_tokens);
// The 256 bytes as tokens 0..255, special tokens from 256.
StatusOr<TokenizerSpec> BytesSpec(const std::vector<std::string>& special_tokens);
// A trained vocabulary, laid out as Hugging Face does: special tokens, ByteLevelAlphabet, merges. The merges'
// ids are the final ones.
StatusOr<TokenizerSpec> TrainedSpec(const std::vector<std::string>& special_tokens, std::vector<Merge> merges,
                                    PreTokenizerSpec pretokenizer);

// tokenizer.json as text, readable by Hugging Face tokenizers. spec.json if there is one.
std::string TokenizerJson(const TokenizerSpec& spec);

// Special tokens that a user names. Errors: an empty one, one twice, a single byte, not UTF-8.
Status CheckSpecialTokens(const std::vector<std::string>& special_tokens);

}  // namespace weft
