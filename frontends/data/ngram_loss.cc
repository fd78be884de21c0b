#include "frontends/data/ngram_loss.h"

#include <vector>

#include "base/shards.h"
#include "frontends/data/kneser_ney.h"
#include "frontends/data/prepare.h"

namespace weft {
namespace {

StatusOr<std::vector<uint32_t>> AllTokens(const std::string& directory, const char* split) {
  WEFT_ASSIGN_OR_RETURN(const TokenDataset data, TokenDataset::OpenSplit(directory, split));
  std::vector<uint32_t> tokens(static_cast<size_t>(data.size()));
  for (size_t i = 0; i < tokens.size(); ++i) tokens[i] = data.token(static_cast<int64_t>(i));
  return tokens;
}

}  // namespace

StatusOr<NgramLoss> MeasureNgramLoss(const std::string& directory, int order, int threads) {
  WEFT_ASSIGN_OR_RETURN(const DataInfo info, ReadDataInfo(directory));
  WEFT_ASSIGN_OR_RETURN(const std::vector<uint32_t> train, AllTokens(directory, "train"));
  WEFT_ASSIGN_OR_RETURN(const std::vector<uint32_t> val, AllTokens(directory, "val"));
  if (val.size() < 2) return InvalidArgument("'{}' has no held-out tokens to measure on", directory);
  KneserNey::Options options;
  options.order = order;
  WEFT_ASSIGN_OR_RETURN(const KneserNey model, KneserNey::Train(train, info.vocab_size, options));
  WEFT_ASSIGN_OR_RETURN(const double nats, model.Nats(val, threads));
  return NgramLoss{order, nats, std::ssize(val) - 1};
}

}  // namespace weft
