#include "frontends/tokenizer/vocabulary.h"

#include <algorithm>
#include <set>

#include "base/quote.h"
#include "frontends/tokenizer/byte_level.h"
#include "frontends/tokenizer/unicode.h"

namespace weft {
namespace {

// Ids may leave gaps, but not ask for more memory than the number of tokens justifies.
Status CheckId(std::string_view name, int64_t id, size_t tokens) {
  const int64_t limit = std::min<int64_t>(kMaxVocabSize, 65'536 + 2 * static_cast<int64_t>(tokens));
  if (id >= 0 && id < limit) return OkStatus();
  return InvalidArgument("token {} has id {}, expected 0 to {}", Quote(name), id, limit - 1);
}

}  // namespace

Status VocabularyBuilder::SetVocab(VocabEntries vocab) {
  if (vocab.empty()) return InvalidArgument("model.vocab is empty or missing");
  int64_t largest = -1;
  for (const auto& [name, id] : vocab) {
    if (name.empty()) return InvalidArgument("model.vocab: token {} is empty", id);
    WEFT_RETURN_IF_ERROR(Prefix("model.vocab", CheckId(name, id, vocab.size())));
    largest = std::max(largest, id);
  }
  names_.resize(static_cast<size_t>(largest + 1));
  spec_->tokens.resize(names_.size());
  index_ = TokenIndex(names_);
  for (auto& [name, id] : vocab) {
    std::string& place = names_[static_cast<size_t>(id)];
    if (!place.empty()) {
      return InvalidArgument("model.vocab: id {} is given to {} and {}", id, Quote(place), Quote(name));
    }
    place = std::move(name);
    if (!index_.Add(static_cast<uint32_t>(id))) {
      return InvalidArgument("model.vocab: token {} is there twice", Quote(place));
    }
    std::string& bytes = spec_->tokens[static_cast<size_t>(id)];
    if (!FromByteLevel(place, &bytes)) bytes = place;
  }
  for (int byte = 0; byte < 256; ++byte) {
    spec_->byte_ids[byte] = Find(ToByteLevel(std::string(1, static_cast<char>(byte))));
  }
  return OkStatus();
}

Status VocabularyBuilder::SetMerges(const MergeEntries& merges) {
  if (merges.size() > kMaxMerges) {
    return InvalidArgument("model.merges has {} entries, expected at most {}", merges.size(), kMaxMerges);
  }
  spec_->merges.reserve(merges.size());
  std::string both;
  uint32_t next = kNoToken;  // what the result most likely is
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    const auto& [left, right] = merges[rank];
    both = left;
    both += right;
    const bool guessed = next < names_.size() && names_[next] == both;
    const Merge merge = {Find(left), Find(right), guessed ? next : Find(both)};
    if (merge.left == kNoToken || merge.right == kNoToken || merge.result == kNoToken) {
      const std::string& missing = merge.left == kNoToken ? left : merge.right == kNoToken ? right : both;
      return InvalidArgument("model.merges[{}] ({} and {}): {} is not in model.vocab", rank, Quote(left),
                             Quote(right), Quote(missing));
    }
    next = merge.result + 1;
    spec_->merges.push_back(merge);
  }
  return OkStatus();
}

Status VocabularyBuilder::SetAddedTokens(std::vector<AddedToken> added) {
  std::set<std::string_view> texts;
  for (AddedToken& token : added) {
    WEFT_RETURN_IF_ERROR(Prefix("added_tokens", CheckId(token.text, token.id, names_.size() + added.size())));
    if (!texts.insert(token.text).second) {
      return InvalidArgument("added_tokens: {} is there twice", Quote(token.text));
    }
    const uint32_t known = Find(token.text);
    token.in_vocab = known != kNoToken;
    if (token.in_vocab && known != token.id) {
      return InvalidArgument("added_tokens: {} has id {}, but {} in model.vocab", Quote(token.text), token.id,
                             known);
    }
    if (token.id >= spec_->tokens.size()) spec_->tokens.resize(token.id + size_t{1});
    std::string& bytes = spec_->tokens[token.id];
    if (!token.in_vocab && !bytes.empty()) {
      return InvalidArgument("added_tokens: {} has id {}, which is another token's", Quote(token.text),
                             token.id);
    }
    bytes = token.text;
  }
  spec_->added_tokens = std::move(added);
  return OkStatus();
}

Status CheckSpecialTokens(const std::vector<std::string>& special_tokens) {
  for (size_t i = 0; i < special_tokens.size(); ++i) {
    const std::string& text = special_tokens[i];
    if (text.empty()) return InvalidArgument("special token {} is empty", i);
    if (ValidUtf8Prefix(text) != text.size())
      return InvalidArgument("special token {} is not valid UTF-8", i);
    if (text.size() == 1) {
      return InvalidArgument("special token {} is a single byte, which is a token already", Quote(text));
    }
    if (std::count(special_tokens.begin(), special_tokens.end(), text) > 1) {
      return InvalidArgument("special token {} is named twice", Quote(text));
    }
  }
  return OkStatus();
}

}  // namespace weft
