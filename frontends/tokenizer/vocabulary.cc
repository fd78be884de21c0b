#include "frontends/tokenizer/vocabulary.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>

#include "base/quote.h"
#include "frontends/tokenizer/byte_level.h"
#include "frontends/tokenizer/unicode.h"

namespace weft {
namespace {

using Ids = absl::flat_hash_map<std::string_view, uint32_t>;

Status CheckId(std::string_view name, int64_t id) {
  if (id >= 0 && id < kMaxVocabSize) return OkStatus();
  return InvalidArgument("token {} has id {}, expected 0 to {}", Quote(name), id, kMaxVocabSize - 1);
}

StatusOr<Ids> IdsOf(const VocabEntries& vocab, TokenizerSpec* spec) {
  Ids ids;
  ids.reserve(vocab.size());
  int64_t largest = -1;
  for (const auto& [name, id] : vocab) {
    if (name.empty()) return InvalidArgument("model.vocab: token {} is empty", id);
    WEFT_RETURN_IF_ERROR(Prefix("model.vocab", CheckId(name, id)));
    if (!ids.emplace(name, static_cast<uint32_t>(id)).second) {
      return InvalidArgument("model.vocab: token {} is there twice", Quote(name));
    }
    largest = std::max(largest, id);
  }
  spec->tokens.assign(static_cast<size_t>(largest + 1), "");
  for (const auto& [name, id] : vocab) {
    std::string& bytes = spec->tokens[static_cast<size_t>(id)];
    if (!bytes.empty())
      return InvalidArgument("model.vocab: id {} is given to two tokens, one is {}", id, Quote(name));
    if (!FromByteLevel(name, &bytes)) bytes = name;
  }
  return ids;
}

}  // namespace

Status BuildVocabulary(const VocabEntries& vocab, const MergeEntries& merges, TokenizerSpec* spec) {
  if (vocab.empty()) return InvalidArgument("model.vocab is empty or missing");
  WEFT_ASSIGN_OR_RETURN(const Ids ids, IdsOf(vocab, spec));
  for (int byte = 0; byte < 256; ++byte) {
    const auto it = ids.find(ToByteLevel(std::string(1, static_cast<char>(byte))));
    spec->byte_ids[byte] = it == ids.end() ? kNoToken : it->second;
  }
  if (merges.size() > kMaxMerges) {
    return InvalidArgument("model.merges has {} entries, expected at most {}", merges.size(), kMaxMerges);
  }
  spec->merges.reserve(merges.size());
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    const auto& [left, right] = merges[rank];
    const std::string both = left + right;
    uint32_t found[3];
    int i = 0;
    for (const std::string* name : {&left, &right, &both}) {
      const auto it = ids.find(*name);
      if (it == ids.end()) {
        return InvalidArgument("model.merges[{}] ({} and {}): {} is not in model.vocab", rank, Quote(left),
                               Quote(right), Quote(*name));
      }
      found[i++] = it->second;
    }
    spec->merges.push_back({found[0], found[1], found[2]});
  }
  return OkStatus();
}

Status BuildAddedTokens(std::vector<AddedToken> added, const VocabEntries& vocab, TokenizerSpec* spec) {
  Ids ids;
  for (const auto& [name, id] : vocab) ids.emplace(name, static_cast<uint32_t>(id));
  Ids texts;
  for (AddedToken& token : added) {
    WEFT_RETURN_IF_ERROR(Prefix("added_tokens", CheckId(token.text, token.id)));
    if (!texts.emplace(token.text, token.id).second) {
      return InvalidArgument("added_tokens: {} is there twice", Quote(token.text));
    }
    const auto known = ids.find(token.text);
    if (known != ids.end() && known->second != token.id) {
      return InvalidArgument("added_tokens: {} has id {}, but {} in model.vocab", Quote(token.text), token.id,
                             known->second);
    }
    if (token.id >= spec->tokens.size()) spec->tokens.resize(token.id + size_t{1});
    std::string& bytes = spec->tokens[token.id];
    if (known == ids.end() && !bytes.empty()) {
      return InvalidArgument("added_tokens: {} has id {}, which is another token's", Quote(token.text),
                             token.id);
    }
    bytes = token.text;
    token.in_vocab = known != ids.end();
  }
  spec->added_tokens = std::move(added);
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
