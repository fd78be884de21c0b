#include "frontends/tokenizer/text_encoder.h"

#include <algorithm>

namespace weft {
namespace {

const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

}  // namespace

// Ids at the end of a vector, which is kept larger than they need so that adding some is a few stores.
class TextEncoder::Output {
 public:
  Output(std::vector<uint32_t>* ids, size_t text_bytes) : ids_(*ids), size_(ids->size()) {
    ids_.resize(size_ + text_bytes / 3 + 64);
  }
  ~Output() { ids_.resize(size_); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Append(std::span<const uint32_t> ids) {
    if (ids_.size() - size_ < ids.size()) Grow(ids.size());
    std::copy(ids.begin(), ids.end(), ids_.begin() + static_cast<ptrdiff_t>(size_));
    size_ += ids.size();
  }
  void Append(const WordCache::Entry& entry) {
    if (ids_.size() - size_ < WordCache::kMaxIds) Grow(WordCache::kMaxIds);
    for (uint32_t i = 0; i < WordCache::kMaxIds; ++i) ids_[size_ + i] = entry.ids[i];
    size_ += entry.count;
  }

 private:
  void Grow(size_t more) { ids_.resize(ids_.size() + ids_.size() / 2 + more); }

  std::vector<uint32_t>& ids_;
  size_t size_;
};

TextEncoder::TextEncoder(const BpeModel& model, const PreTokenizer& pretokenizer,
                         const TokenIndex& whole_words)
    : model_(model),
      pretokenizer_(pretokenizer),
      whole_words_(whole_words),
      plain_bytes_(model.merges().empty() && whole_words.empty()),
      words_(model) {}

Status TextEncoder::Encode(std::string_view text, const SpecialTokenFinder& specials,
                           std::vector<uint32_t>* ids) {
  Output out(ids, text.size());
  if (pretokenizer_.named()) return EncodeSegments(text, specials, &out);
  spans_.clear();
  SplitPosition position;
  WEFT_RETURN_IF_ERROR(pretokenizer_.Split(text, true, specials, &position, &spans_));
  return EncodeSpans(text, spans_, &out);
}

Status TextEncoder::Encode(const TextBlock& block, const SpecialTokenFinder& specials,
                           std::vector<uint32_t>* ids) {
  Output out(ids, block.text().size());
  if (block.split) return EncodeSpans(block.buffer.text(), block.spans, &out);
  return EncodeSegments(block.text(), specials, &out);
}

Status TextEncoder::EncodeSegments(std::string_view text, const SpecialTokenFinder& specials, Output* out) {
  const uint8_t* readable = Bytes(text) + text.size();
  const auto encode = [&](std::string_view segment) {
    if (plain_bytes_) return EncodePlainBytes(segment, out);
    return pretokenizer_.named()->gpt4 ? EncodeNamed<true>(segment, readable, out)
                                       : EncodeNamed<false>(segment, readable, out);
  };
  size_t begin = 0;
  SpecialTokenFinder::Match match{};
  while (specials.Next(text, begin, &match)) {
    WEFT_RETURN_IF_ERROR(encode(text.substr(begin, match.begin - begin)));
    out->Append(std::span<const uint32_t>(&match.id, 1));
    begin = match.end;
  }
  return encode(text.substr(begin));
}

// `hash` is key's.
inline Status TextEncoder::EncodeShort(std::string_view word, const WordKey& key, uint64_t hash,
                                       Output* out) {
  const WordCache::Entry* entry = cache_.Find(key, hash);
  if (entry == nullptr) return EncodeNewShort(word, key, out);
  if (entry->count == WordCache::kMany) return EncodeLong(word, out);
  out->Append(*entry);
  return OkStatus();
}

// Words are found some at a time, so that the cache's memory is on its way when they are looked up.
template <bool kGpt4>
Status TextEncoder::EncodeNamed(std::string_view segment, const uint8_t* readable, Output* out) {
  constexpr size_t kBatch = 32;
  struct Word {
    const uint8_t* begin;
    size_t size;
    WordKey key;
    uint64_t hash;
  };
  Word words[kBatch];
  const PatternScanner<kGpt4> scanner(*pretokenizer_.named());
  const uint8_t* p = Bytes(segment);
  const uint8_t* end = p + segment.size();
  while (p < end) {
    size_t n = 0;
    for (; n < kBatch && p < end; ++n) {
      Word& word = words[n];
      word.begin = p;
      p = scanner.Next(p, end);
      word.size = static_cast<size_t>(p - word.begin);
      if (word.size > WordKey::kMaxBytes) continue;
      word.key = WordKey::Of(word.begin, word.size, readable);
      word.hash = word.key.Hash();
      cache_.Prefetch(word.hash);
    }
    for (size_t i = 0; i < n; ++i) {
      const Word& word = words[i];
      const std::string_view text(reinterpret_cast<const char*>(word.begin), word.size);
      WEFT_RETURN_IF_ERROR(word.size <= WordKey::kMaxBytes ? EncodeShort(text, word.key, word.hash, out)
                                                           : EncodeLong(text, out));
    }
  }
  return OkStatus();
}

Status TextEncoder::EncodeSpans(std::string_view text, const std::vector<Span>& spans, Output* out) {
  std::string spaced;
  for (const Span& span : spans) {
    if (span.special >= 0) {
      const uint32_t id = static_cast<uint32_t>(span.special);
      out->Append(std::span<const uint32_t>(&id, 1));
    } else if (span.prefix_space) {
      spaced.assign(1, ' ');
      spaced += text.substr(span.begin, span.end - span.begin);
      WEFT_RETURN_IF_ERROR(EncodeWord(spaced, out));
    } else {
      WEFT_RETURN_IF_ERROR(EncodeWord(text.substr(span.begin, span.end - span.begin), out));
    }
  }
  return OkStatus();
}

Status TextEncoder::EncodeWord(std::string_view word, Output* out) {
  if (word.size() > WordKey::kMaxBytes) return EncodeLong(word, out);
  const WordKey key = WordKey::Of(Bytes(word), word.size(), Bytes(word) + word.size());
  return EncodeShort(word, key, key.Hash(), out);
}

// A word with a key that is not in the cache.
Status TextEncoder::EncodeNewShort(std::string_view word, const WordKey& key, Output* out) {
  WEFT_RETURN_IF_ERROR(Merge(word));
  out->Append(word_ids_);
  if (word_ids_.size() <= WordCache::kMaxIds) {
    cache_.Insert(key, word_ids_);
  } else {
    cache_.Insert(key, {});
    cache_.InsertLong(word, word_ids_);
  }
  return OkStatus();
}

// A word without a key, or with more ids than an entry takes.
Status TextEncoder::EncodeLong(std::string_view word, Output* out) {
  const bool may_keep = word.size() <= WordCache::kMaxLongWord;
  std::span<const uint32_t> ids;
  if (may_keep && cache_.FindLong(word, &ids)) {
    out->Append(ids);
    return OkStatus();
  }
  WEFT_RETURN_IF_ERROR(Merge(word));
  out->Append(word_ids_);
  if (may_keep) cache_.InsertLong(word, word_ids_);
  return OkStatus();
}

// Sets word_ids_.
Status TextEncoder::Merge(std::string_view word) {
  word_ids_.clear();
  const uint32_t whole = whole_words_.Find(word);
  if (whole == kNoToken) return words_.Encode(word, &word_ids_);
  word_ids_.push_back(whole);
  return OkStatus();
}

Status TextEncoder::EncodePlainBytes(std::string_view text, Output* out) {
  for (const char c : text) {
    const uint32_t id = model_.byte_ids()[static_cast<uint8_t>(c)];
    if (id == kNoToken) {
      return InvalidArgument("byte 0x{:02X} of the text has no token in this vocabulary",
                             static_cast<uint8_t>(c));
    }
    out->Append(std::span<const uint32_t>(&id, 1));
  }
  return OkStatus();
}

}  // namespace weft
