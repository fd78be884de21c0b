#include "frontends/tokenizer/tokenizer.h"

#include <algorithm>
#include <mutex>
#include <new>

#include "base/file.h"
#include "base/quote.h"
#include "frontends/tokenizer/parallel_blocks.h"
#include "frontends/tokenizer/text_encoder.h"
#include "frontends/tokenizer/tokenizer_spec.h"
#include "frontends/tokenizer/unicode.h"

namespace weft {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;
constexpr int64_t kMaxFile = int64_t{1} << 30;  // of a tokenizer

// The tokens of the model's vocabulary: all but added tokens that are not in it.
TokenIndex VocabularyIndex(const TokenizerSpec& spec) {
  std::vector<bool> left_out(spec.tokens.size(), false);
  for (const AddedToken& token : spec.added_tokens) left_out[token.id] = !token.in_vocab;
  TokenIndex index(spec.tokens);
  for (uint32_t id = 0; id < spec.tokens.size(); ++id) {
    if (!left_out[id] && !spec.tokens[id].empty()) index.Add(id);
  }
  return index;
}

SpecialTokenFinder Finder(const TokenizerSpec& spec, bool special_as_text) {
  std::vector<SpecialToken> tokens;
  for (const AddedToken& token : spec.added_tokens) {
    tokens.push_back({token.text, token.id, special_as_text && token.special});
  }
  return SpecialTokenFinder(std::move(tokens));
}

// Normalized tokens are sought in what the others leave. One search, the longest of the leftmost, gives the
// same unless a normalized token can begin before another one and reach into it.
Status CheckOneSearch(const std::vector<AddedToken>& tokens) {
  for (const AddedToken& first : tokens) {
    for (const AddedToken& second : tokens) {
      if (first.normalized || !second.normalized) continue;
      bool conflict = second.text.find(first.text) != std::string::npos;
      for (size_t n = 1; n < std::min(first.text.size(), second.text.size()); ++n) {
        conflict |= second.text.ends_with(std::string_view(first.text).substr(0, n));
      }
      if (conflict) {
        return Unimplemented("added_tokens: {} (normalized) and {} (not) can overlap in a text",
                             Quote(second.text), Quote(first.text));
      }
    }
  }
  return OkStatus();
}

std::optional<uint32_t> WellKnownEnd(const TokenizerSpec& spec) {
  for (const char* name : {"<|endoftext|>", "<|end_of_text|>", "</s>", "<|im_end|>", "<|eot_id|>"}) {
    for (const AddedToken& token : spec.added_tokens) {
      if (token.text == name) return token.id;
    }
  }
  return std::nullopt;
}

}  // namespace

struct Tokenizer::Impl {
  Impl(TokenizerSpec s, std::shared_ptr<const PreTokenizer> p)
      : spec(std::move(s)),
        pretokenizer(std::move(p)),
        model(spec.byte_ids, std::move(spec.merges), static_cast<uint32_t>(spec.tokens.size())),
        finder(Finder(spec, false)),
        finder_as_text(Finder(spec, true)),
        special(spec.tokens.size(), false) {
    if (spec.ignore_merges) whole_words = VocabularyIndex(spec);
    for (const AddedToken& token : spec.added_tokens) {
      if (token.special) special[token.id] = true;
    }
    if (!spec.end_of_text) spec.end_of_text = WellKnownEnd(spec);
  }

  // Encoders hold a cache worth keeping: those not in use wait here.
  std::unique_ptr<TextEncoder> TakeEncoder() const {
    {
      const std::lock_guard lock(mutex);
      if (!encoders.empty()) {
        auto encoder = std::move(encoders.back());
        encoders.pop_back();
        return encoder;
      }
    }
    return std::make_unique<TextEncoder>(model, *pretokenizer, whole_words);
  }
  void GiveBack(std::unique_ptr<TextEncoder> encoder) const {
    const std::lock_guard lock(mutex);
    encoders.push_back(std::move(encoder));
  }
  Status EncodeAll(TextBlocks* blocks, const EncodeOptions& options, const RunControl& control,
                   const std::function<Status(std::span<const uint32_t>)>& sink) const;

  TokenizerSpec spec;  // its merges have moved into the model
  std::shared_ptr<const PreTokenizer> pretokenizer;
  BpeModel model;
  SpecialTokenFinder finder, finder_as_text;
  TokenIndex whole_words;
  std::vector<bool> special;
  mutable std::mutex mutex;
  mutable std::vector<std::unique_ptr<TextEncoder>> encoders;
};

Status Tokenizer::Impl::EncodeAll(TextBlocks* blocks, const EncodeOptions& options, const RunControl& control,
                                  const std::function<Status(std::span<const uint32_t>)>& sink) const {
  std::vector<std::unique_ptr<TextEncoder>> own;
  for (int i = 0; i < options.threads; ++i) own.push_back(TakeEncoder());
  const SpecialTokenFinder& specials = options.special_tokens_as_text ? finder_as_text : finder;
  const Status status = EncodeBlocks(
      blocks, options.threads, control,
      [&](int thread, const TextBlock& block, std::vector<uint32_t>* ids) {
        return own[static_cast<size_t>(thread)]->Encode(block, specials, ids);
      },
      sink);
  for (auto& encoder : own) GiveBack(std::move(encoder));
  return status;
}

StatusOr<Tokenizer> Tokenizer::Create(TokenizerSpec spec) {
  WEFT_RETURN_IF_ERROR(CheckOneSearch(spec.added_tokens));
  WEFT_ASSIGN_OR_RETURN(auto pretokenizer, PreTokenizer::Create(spec.pretokenizer));
  return Tokenizer(std::make_shared<const Impl>(std::move(spec), std::move(pretokenizer)));
}

StatusOr<Tokenizer> Tokenizer::FromJson(std::string_view json) {
  WEFT_ASSIGN_OR_RETURN(TokenizerSpec spec, ParseTokenizerJson(json));
  return Create(std::move(spec));
}

StatusOr<Tokenizer> Tokenizer::PlainBytes(const std::vector<std::string>& special_tokens) {
  WEFT_ASSIGN_OR_RETURN(TokenizerSpec spec, BytesSpec(special_tokens));
  return Create(std::move(spec));
}

StatusOr<Tokenizer> Tokenizer::LoadVocabAndMerges(const std::string& vocab_path,
                                                  const std::string& merges_path,
                                                  const std::vector<std::string>& special_tokens) {
  WEFT_ASSIGN_OR_RETURN(const std::string vocab, ReadFile(vocab_path, kMaxFile));
  WEFT_ASSIGN_OR_RETURN(const std::string merges, ReadFile(merges_path, kMaxFile));
  StatusOr<TokenizerSpec> spec = ParseVocabAndMerges(vocab, merges, special_tokens);
  if (!spec.ok()) return Prefix(vocab_path, spec.status());
  return Create(*std::move(spec));
}

std::string Tokenizer::ToJson() const {
  if (!impl_->spec.json.empty()) return impl_->spec.json;
  TokenizerSpec spec = impl_->spec;
  spec.merges = impl_->model.merges();
  return TokenizerJson(spec);
}

Status Tokenizer::Save(const std::string& path) const { return WriteFileAtomically(path, ToJson()); }

int64_t Tokenizer::vocab_size() const { return static_cast<int64_t>(impl_->spec.tokens.size()); }

std::optional<uint32_t> Tokenizer::SpecialTokenId(std::string_view text) const {
  for (const AddedToken& token : impl_->spec.added_tokens) {
    if (token.text == text) return token.id;
  }
  return std::nullopt;
}

std::vector<uint32_t> Tokenizer::special_ids() const {
  std::vector<uint32_t> ids;
  for (uint32_t id = 0; id < impl_->special.size(); ++id) {
    if (impl_->special[id]) ids.push_back(id);
  }
  return ids;
}

bool Tokenizer::IsSpecial(uint32_t id) const { return id < impl_->special.size() && impl_->special[id]; }

std::string_view Tokenizer::TokenBytes(uint32_t id) const {
  return id < impl_->spec.tokens.size() ? std::string_view(impl_->spec.tokens[id]) : std::string_view();
}

std::optional<uint32_t> Tokenizer::eos_id() const { return impl_->spec.end_of_text; }

StatusOr<std::vector<uint32_t>> Tokenizer::Encode(std::string_view text, const EncodeOptions& options) const
    try {
  if (options.threads < 1) return InvalidArgument("threads is {}, expected at least 1", options.threads);
  const TokenizerSpec& spec = impl_->spec;
  std::vector<uint32_t> ids;
  if (options.add_special_tokens) ids = spec.prefix;
  if (options.threads == 1 || text.size() < 2 * kBlockBytes) {
    auto encoder = impl_->TakeEncoder();
    const Status status =
        encoder->Encode(text, options.special_tokens_as_text ? impl_->finder_as_text : impl_->finder, &ids);
    impl_->GiveBack(std::move(encoder));
    WEFT_RETURN_IF_ERROR(status);
  } else {
    TextBlocks blocks(*impl_->pretokenizer,
                      options.special_tokens_as_text ? impl_->finder_as_text : impl_->finder, kBlockBytes);
    blocks.OpenMemory(text);
    WEFT_RETURN_IF_ERROR(impl_->EncodeAll(&blocks, options, {}, [&ids](std::span<const uint32_t> more) {
      ids.insert(ids.end(), more.begin(), more.end());
      return OkStatus();
    }));
  }
  if (options.add_special_tokens) ids.insert(ids.end(), spec.suffix.begin(), spec.suffix.end());
  return ids;
} catch (const std::bad_alloc&) {
  return ResourceExhausted("out of memory while encoding {} bytes of text", text.size());
}

Status Tokenizer::EncodeFiles(const std::vector<std::string>& paths, const EncodeOptions& options,
                              const std::function<Status(std::span<const uint32_t>)>& sink,
                              const RunControl& control) const {
  if (options.threads < 1) return InvalidArgument("threads is {}, expected at least 1", options.threads);
  const TokenizerSpec& spec = impl_->spec;
  for (const std::string& path : paths) {
    TextBlocks blocks(*impl_->pretokenizer,
                      options.special_tokens_as_text ? impl_->finder_as_text : impl_->finder, kBlockBytes);
    WEFT_RETURN_IF_ERROR(blocks.OpenFiles({path}));
    if (options.add_special_tokens && !spec.prefix.empty()) WEFT_RETURN_IF_ERROR(sink(spec.prefix));
    WEFT_RETURN_IF_ERROR(impl_->EncodeAll(&blocks, options, control, sink));
    if (options.add_special_tokens && !spec.suffix.empty()) WEFT_RETURN_IF_ERROR(sink(spec.suffix));
  }
  return OkStatus();
}

StatusOr<std::string> Tokenizer::DecodeBytes(std::span<const uint32_t> ids, bool skip_special_tokens) const {
  std::string bytes;
  for (const uint32_t id : ids) {
    const std::string_view token = TokenBytes(id);
    if (token.empty()) return OutOfRange("id {} is not a token: expected 0 to {}", id, vocab_size() - 1);
    if (!skip_special_tokens || !IsSpecial(id)) bytes += token;
  }
  return bytes;
}

StatusOr<std::string> Tokenizer::Decode(std::span<const uint32_t> ids, bool skip_special_tokens) const {
  WEFT_ASSIGN_OR_RETURN(const std::string bytes, DecodeBytes(ids, skip_special_tokens));
  return ReplaceInvalidUtf8(bytes);
}

StatusOr<std::string> StreamDecoder::Push(uint32_t id) {
  WEFT_ASSIGN_OR_RETURN(const std::string bytes,
                        tokenizer_.DecodeBytes(std::span<const uint32_t>(&id, 1), skip_special_tokens_));
  held_ += bytes;
  const std::string rest = held_.substr(held_.size() - IncompleteUtf8Suffix(held_));
  held_.resize(held_.size() - rest.size());
  std::string text = ReplaceInvalidUtf8(held_);
  held_ = rest;
  return text;
}

std::string StreamDecoder::Finish() {
  std::string text = ReplaceInvalidUtf8(held_);
  held_.clear();
  return text;
}

}  // namespace weft
