// Byte-level BPE tokenizer: text to ids and back, exactly as Hugging Face tokenizers would (ids of tiktoken's
// encodings are the same), for any bytes: Decode(Encode(x)) == x. Immutable and shared: copies are cheap, and
// all const functions may be called from several threads at once.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "frontends/tokenizer/run_control.h"

namespace weft {

struct TokenizerSpec;

struct EncodeOptions {
  bool special_tokens_as_text = false;  // "<|endoftext|>" in the text is nine words or so, not the token
  bool add_special_tokens = true;       // what the file puts around a text (Llama 3: <|begin_of_text|>)
  int threads = 1;
};

class Tokenizer {
 public:
  // The tokenizer of a model directory (tokenizer.json, else vocab.json and merges.txt), a tokenizer.json
  // file, or, for the word "bytes", the bytes as tokens with <|endoftext|> = 256. Errors name file and field.
  static StatusOr<Tokenizer> Load(const std::string& path);
  // GPT-2's files; each special token has the id vocab.json gives it, else a new one.
  static StatusOr<Tokenizer> LoadVocabAndMerges(const std::string& vocab_path, const std::string& merges_path,
                                                const std::vector<std::string>& special_tokens);
  // 256 ids, then the special tokens.
  static StatusOr<Tokenizer> PlainBytes(const std::vector<std::string>& special_tokens);
  static StatusOr<Tokenizer> FromJson(std::string_view json);
  static StatusOr<Tokenizer> Create(TokenizerSpec spec);

  // The file's own text if it came from a tokenizer.json.
  std::string ToJson() const;
  // Whole or not at all.
  Status Save(const std::string& path) const;

  // One more than the largest id.
  int64_t vocab_size() const;
  // The id of an added token (special or not) with this text.
  std::optional<uint32_t> SpecialTokenId(std::string_view text) const;
  // Ids of all special tokens, ascending.
  std::vector<uint32_t> special_ids() const;
  bool IsSpecial(uint32_t id) const;
  // The bytes an id stands for; empty where no token has this id.
  std::string_view TokenBytes(uint32_t id) const;
  // The id that ends a document: what the model directory says, else a token of a well-known name
  // (<|endoftext|>, <|end_of_text|>, </s>, <|im_end|>, <|eot_id|>), if there is one.
  std::optional<uint32_t> eos_id() const;

  // Errors: a byte the vocabulary lacks; a pattern that gives up; pre-tokens of over 256 MiB.
  StatusOr<std::vector<uint32_t>> Encode(std::string_view text, const EncodeOptions& options = {}) const;
  // Files of any size, each a text of its own, in memory that does not grow with them. sink gets the ids in
  // order, a block at a time, from one thread at a time; its error ends the run.
  Status EncodeFiles(const std::vector<std::string>& paths, const EncodeOptions& options,
                     const std::function<Status(std::span<const uint32_t>)>& sink,
                     const RunControl& control = {}) const;

  // The bytes. Errors: an id that no token has.
  StatusOr<std::string> DecodeBytes(std::span<const uint32_t> ids, bool skip_special_tokens = false) const;
  // The same as text: invalid UTF-8 is replaced by U+FFFD.
  StatusOr<std::string> Decode(std::span<const uint32_t> ids, bool skip_special_tokens = false) const;

 private:
  struct Impl;
  explicit Tokenizer(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

// Text from ids as they come: a character split across tokens is held back until it is whole, so that the
// pieces put together are Decode of all ids.
class StreamDecoder {
 public:
  explicit StreamDecoder(Tokenizer tokenizer, bool skip_special_tokens = true)
      : tokenizer_(std::move(tokenizer)), skip_special_tokens_(skip_special_tokens) {}

  // The text that `id` completes, perhaps empty. Errors: an id that no token has.
  StatusOr<std::string> Push(uint32_t id);
  // What is still held back, as U+FFFD. The decoder is as new then.
  std::string Finish();

 private:
  Tokenizer tokenizer_;
  bool skip_special_tokens_;
  std::string held_;
};

}  // namespace weft
