#include "ops/common/cpu/random.h"

#include "ops/common/cpu/indices.h"

namespace weft::ops {

RandomSource::RandomSource(const KernelNode& node, size_t first, int64_t stream, const Shape& shape,
                           int64_t seed)
    : first_(first),
      has_seed_(node.has_input(first)),
      has_step_(node.has_input(first + 1)),
      has_row_(node.has_input(first + 2)),
      seed_(seed),
      stream_(static_cast<uint32_t>(stream)),
      row_elements_(1),
      who_(Describe(node)) {
  for (size_t i = 1; i < shape.size(); ++i) row_elements_ *= shape[i];
}

StatusOr<RandomSource::Place> RandomSource::At(const KernelArgs& args) const {
  const int64_t seed = has_seed_ ? *args.in<int64_t>(first_) : seed_;
  const int64_t step = has_step_ ? *args.in<int64_t>(first_ + 1) : 0;
  const int64_t row = has_row_ ? *args.in<int64_t>(first_ + 2) : 0;
  if (row < 0) return OutOfRange("{}: row is {}, expected 0 or more", who_, row);
  return Place{{static_cast<uint64_t>(seed), static_cast<uint32_t>(step), stream_},
               static_cast<uint64_t>(row) * static_cast<uint64_t>(row_elements_)};
}

}  // namespace weft::ops
