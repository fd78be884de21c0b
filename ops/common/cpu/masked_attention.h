// Which scores of a blocked attention are open: what its forward and backward share.
#pragma once
#include <algorithm>

#include "ops/common/cpu/attention_layout.h"
#include "ops/common/cpu/attention_tiles.h"
#include "ops/common/cpu/block_product.h"

namespace weft::ops {

struct MaskedAttention {
  AttentionLayout layout;  // keys: layout.total()
  MaskLayout mask;
  bool lengths = false;  // the keys of each batch end at its length, with which queries are aligned

  int64_t Group() const { return layout.q_heads / layout.kv_heads; }

  // The keys of one batch that any query may see, and how queries are aligned with them: key j is open to
  // query i, if causal, iff j <= i + offset.
  struct Span {
    int64_t keys, offset;
  };
  Span SpanOf(const int64_t* lengths_data, int64_t b) const {
    Span s{layout.total(), layout.past};
    if (lengths) s = {lengths_data[b], lengths_data[b] - layout.seq};
    if (mask.present) s.keys = std::min(s.keys, mask.width);
    return s;
  }

  // Scores of queries [first, first + rows) of head h against the tile of keys from `key` on.
  ScoreTile TileOf(const void* mask_data, const Span& span, int64_t b, int64_t h, int64_t first, int64_t rows,
                   int64_t key, float* scores) const {
    ScoreTile tile{.scores = scores,
                   .rows = rows,
                   .columns = std::min(kKeyTile, span.keys - key),
                   .first_open = first + span.offset + 1 - key,
                   .causal = layout.causal,
                   .softcap = static_cast<float>(layout.softcap)};
    if (mask.present) {
      tile.mask = mask.At(mask_data, b, h, first, key);
      tile.boolean_mask = mask.boolean;
      tile.mask_row = mask.i;
    }
    return tile;
  }
};

// body(row, rows, open) for the rows of a tile, of which the first `open` columns hold all that is open: all
// at once below the diagonal, eight at a time on it.
template <class Body>
void ForOpenRows(const ScoreTile& tile, Body body) {
  if (tile.Open(0) == tile.columns) return body(int64_t{0}, tile.rows, tile.columns);
  for (int64_t i = 0; i < tile.rows; i += kBlockRows) {
    const int64_t rows = std::min(kBlockRows, tile.rows - i), open = tile.Open(i + rows - 1);
    if (open > 0) body(i, rows, open);
  }
}

// body(column, columns, first_row) for the columns of a tile, open to no row before first_row.
template <class Body>
void ForOpenColumns(const ScoreTile& tile, Body body) {
  if (tile.Open(0) == tile.columns) return body(int64_t{0}, tile.columns, int64_t{0});
  for (int64_t j = 0; j < tile.columns; j += kBlockRows) {
    const int64_t first_row = std::max<int64_t>(0, j + 1 - tile.first_open);
    if (first_row < tile.rows) body(j, std::min(kBlockRows, tile.columns - j), first_row);
  }
}

}  // namespace weft::ops
