// Where the rows of a paged cache lie, and how new ones get there: what the kernels share.
#pragma once
#include <string>

#include "ops/cached_attention/op.h"
#include "ops/common/cpu/attention_layout.h"
#include "ops/common/cpu/rotary.h"
#include "ops/kernel.h"

namespace weft::ops::cached_attention {

inline constexpr size_t kRotary = 7;  // cos_cache

struct CacheLayout {
  explicit CacheLayout(const KernelNode& node);

  AttentionLayout l;  // of q, k, v, y
  int64_t pages, page, max_pages;
  int64_t key_width, value_width;  // elements of a row
  int64_t cache_bytes[2];
  int64_t element;  // bytes
  RotaryLayout rotary;
  std::string scope;

  // Every position of every sequence has a row; the error names the first that has none.
  Status CheckTable(const int64_t* table, const int64_t* start) const;
  // Makes outputs 1 and 2 the caches with the new rows, not turned. CheckTable went well.
  void Update(const KernelArgs& args) const;
  // The row of a position, in a cache.
  int64_t RowOf(const int64_t* table, int64_t b, int64_t position) const {
    return table[b * max_pages + position / page] * page + position % page;
  }
};

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext& context);
std::string SimdAccepts(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context);

}  // namespace weft::ops::cached_attention
