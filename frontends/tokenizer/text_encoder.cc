#include "frontends/tokenizer/text_encoder.h"

#include <algorithm>
#include <bit>

namespace weft {
namespace {

const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }
uint64_t HashOf(std::string_view text) { return HashBytes(Bytes(text), text.size()); }

}  // namespace

WholeWords::WholeWords(const std::vector<std::string>& tokens, const std::vector<uint32_t>& left_out)
    : tokens_(&tokens) {
  index_.assign(std::bit_ceil(2 * tokens.size() + 1), 0);
  for (uint32_t id = 0; id < tokens.size(); ++id) {
    if (tokens[id].empty() || std::find(left_out.begin(), left_out.end(), id) != left_out.end()) continue;
    size_t i = HashOf(tokens[id]) & (index_.size() - 1);
    while (index_[i] != 0 && tokens[index_[i] - 1] != tokens[id]) i = (i + 1) & (index_.size() - 1);
    if (index_[i] == 0) index_[i] = id + 1;
  }
}

uint32_t WholeWords::Find(std::string_view word) const {
  for (size_t i = HashOf(word) & (index_.size() - 1); index_[i] != 0; i = (i + 1) & (index_.size() - 1)) {
    if ((*tokens_)[index_[i] - 1] == word) return index_[i] - 1;
  }
  return kNoToken;
}

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
                         const WholeWords& whole_words)
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

template <bool kGpt4>
Status TextEncoder::EncodeNamed(std::string_view segment, const uint8_t* readable, Output* out) {
  const PatternScanner<kGpt4> scanner(*pretokenizer_.named());
  const uint8_t* p = Bytes(segment);
  const uint8_t* end = p + segment.size();
  while (p < end) {
    const uint8_t* next = scanner.Next(p, end);
    WEFT_RETURN_IF_ERROR(EncodeWord(p, static_cast<size_t>(next - p), readable, out));
    p = next;
  }
  return OkStatus();
}

Status TextEncoder::EncodeSpans(std::string_view text, const std::vector<Span>& spans, Output* out) {
  const uint8_t* base = Bytes(text);
  const uint8_t* readable = base + text.size();
  std::string spaced;
  for (const Span& span : spans) {
    if (span.special >= 0) {
      const uint32_t id = static_cast<uint32_t>(span.special);
      out->Append(std::span<const uint32_t>(&id, 1));
    } else if (span.prefix_space) {
      spaced.assign(1, ' ');
      spaced += text.substr(span.begin, span.end - span.begin);
      WEFT_RETURN_IF_ERROR(EncodeWord(Bytes(spaced), spaced.size(), Bytes(spaced) + spaced.size(), out));
    } else {
      WEFT_RETURN_IF_ERROR(EncodeWord(base + span.begin, span.end - span.begin, readable, out));
    }
  }
  return OkStatus();
}

inline Status TextEncoder::EncodeWord(const uint8_t* p, size_t n, const uint8_t* readable, Output* out) {
  if (n <= WordKey::kMaxBytes) [[likely]] {
    const WordKey key = WordKey::Of(p, n, readable);
    if (const WordCache::Entry* entry = cache_.Find(key)) [[likely]] {
      out->Append(*entry);
      return OkStatus();
    }
    return EncodeNew({reinterpret_cast<const char*>(p), n}, &key, out);
  }
  return EncodeNew({reinterpret_cast<const char*>(p), n}, nullptr, out);
}

// A word that is not in the cache's entries. key: of a short word.
Status TextEncoder::EncodeNew(std::string_view word, const WordKey* key, Output* out) {
  const bool may_keep = word.size() <= WordCache::kMaxLongWord;
  std::span<const uint32_t> ids;
  if (may_keep && cache_.FindLong(word, &ids)) {
    out->Append(ids);
    return OkStatus();
  }
  word_ids_.clear();
  const uint32_t whole = whole_words_.empty() ? kNoToken : whole_words_.Find(word);
  if (whole != kNoToken) {
    word_ids_.push_back(whole);
  } else {
    WEFT_RETURN_IF_ERROR(words_.Encode(word, &word_ids_));
  }
  out->Append(word_ids_);
  if (key != nullptr && word_ids_.size() <= WordCache::kMaxIds) {
    cache_.Insert(*key, word_ids_);
  } else if (may_keep) {
    cache_.InsertLong(word, word_ids_);
  }
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
