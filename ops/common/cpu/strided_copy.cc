#include "ops/common/cpu/strided_copy.h"

#include <algorithm>
#include <cstring>

#include "base/threads.h"
#include "ops/common/cpu/collapsed_dims.h"
#include "ops/common/cpu/copy.h"

namespace weft::ops {
namespace {

using Dimension = StridedCopy::Dimension;
constexpr int64_t kGrainBytes = 1 << 17;  // what is worth waking a thread for
constexpr int64_t kTile = 16;

// ---- pieces of rows x columns

template <class T>
void CopyRuns(const Dimension& row, const Dimension& column, const void* from, void* to) {
  for (int64_t r = 0; r < row.size; ++r) {
    std::memcpy(static_cast<T*>(to) + r * row.to, static_cast<const T*>(from) + r * row.from,
                static_cast<size_t>(column.size) * sizeof(T));
  }
}

template <class T>
void Fill(T* y, int64_t n, T value) {
  constexpr int64_t kChunk = 64 / static_cast<int64_t>(sizeof(T));
  T chunk[kChunk];
  std::fill(chunk, chunk + kChunk, value);
  int64_t i = 0;
  for (; i + kChunk <= n; i += kChunk) std::memcpy(y + i, chunk, sizeof(chunk));
  for (; i < n; ++i) y[i] = value;
}

template <class T>
void FillRuns(const Dimension& row, const Dimension& column, const void* from, void* to) {
  for (int64_t r = 0; r < row.size; ++r) {
    Fill(static_cast<T*>(to) + r * row.to, column.size, static_cast<const T*>(from)[r * row.from]);
  }
}

template <class T>
void CopyElements(const Dimension& row, const Dimension& column, const void* from, void* to) {
  for (int64_t r = 0; r < row.size; ++r) {
    const T* x = static_cast<const T*>(from) + r * row.from;
    T* y = static_cast<T*>(to) + r * row.to;
    for (int64_t c = 0; c < column.size; ++c) y[c * column.to] = x[c * column.from];
  }
}

// 4 x 4 elements of 4 bytes: y[r][c] = x[c][r]. Vectors of the compiler's own: 128 bits, which every
// processor has, are enough to move elements.
typedef uint32_t Four __attribute__((vector_size(16)));  // NOLINT: using cannot take the attribute everywhere

inline Four Load(const uint32_t* x) {
  Four v;
  std::memcpy(&v, x, sizeof(v));
  return v;
}

void Transpose4x4(const uint32_t* x, int64_t x_pitch, uint32_t* y, int64_t y_pitch) {
  const Four x0 = Load(x), x1 = Load(x + x_pitch), x2 = Load(x + 2 * x_pitch), x3 = Load(x + 3 * x_pitch);
  const Four low01 = __builtin_shufflevector(x0, x1, 0, 4, 1, 5);
  const Four low23 = __builtin_shufflevector(x2, x3, 0, 4, 1, 5);
  const Four high01 = __builtin_shufflevector(x0, x1, 2, 6, 3, 7);
  const Four high23 = __builtin_shufflevector(x2, x3, 2, 6, 3, 7);
  const Four rows[4] = {__builtin_shufflevector(low01, low23, 0, 1, 4, 5),
                        __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
                        __builtin_shufflevector(high01, high23, 0, 1, 4, 5),
                        __builtin_shufflevector(high01, high23, 2, 3, 6, 7)};
  for (int r = 0; r < 4; ++r) std::memcpy(y + r * y_pitch, &rows[r], sizeof(Four));
}

// The input steps by one along rows, the output along columns: by tiles that the first-level cache holds, so
// that each cache line is fetched once.
template <class T>
void TransposeTile(int64_t rows, int64_t columns, const T* x, int64_t x_pitch, T* y, int64_t y_pitch) {
  if constexpr (sizeof(T) == 4) {
    if (rows == kTile && columns == kTile) {
      for (int64_t r = 0; r < kTile; r += 4) {
        for (int64_t c = 0; c < kTile; c += 4) {
          Transpose4x4(x + c * x_pitch + r, x_pitch, y + r * y_pitch + c, y_pitch);
        }
      }
      return;
    }
  }
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) y[r * y_pitch + c] = x[c * x_pitch + r];
  }
}

template <class T>
void TransposeRuns(const Dimension& row, const Dimension& column, const void* from, void* to) {
  for (int64_t r = 0; r < row.size; r += kTile) {
    for (int64_t c = 0; c < column.size; c += kTile) {
      TransposeTile(std::min(kTile, row.size - r), std::min(kTile, column.size - c),
                    static_cast<const T*>(from) + r + c * column.from, column.from,
                    static_cast<T*>(to) + r * row.to + c, row.to);
    }
  }
}

template <class T>
StridedCopy::Piece PieceFor(const Dimension& row, const Dimension& column) {
  if (column.to == 1 && column.from == 1) return CopyRuns<T>;
  if (column.to == 1 && column.from == 0) return FillRuns<T>;
  if (column.to == 1 && row.from == 1) return TransposeRuns<T>;
  return CopyElements<T>;
}

// Takes the last of `dims` for which `chosen` holds, else the last; `none` if there is none.
template <class Predicate>
Dimension TakeDimension(std::vector<Dimension>* dims, Dimension none, Predicate chosen) {
  if (dims->empty()) return none;
  auto it = std::find_if(dims->rbegin(), dims->rend(), chosen);
  if (it == dims->rend()) it = dims->rbegin();
  const Dimension taken = *it;
  dims->erase(std::next(it).base());
  return taken;
}

}  // namespace

StridedCopy::StridedCopy(DataType dtype, const Shape& shape, const Strides& from, const Strides& to)
    : bytes_(SizeInBytes(dtype, 1)) {
  const CollapsedDims<2> loops(shape, {from, to});
  if (loops.num_elements == 0) return;
  for (const auto& d : loops.dims) outer_.push_back({d.size, d.strides[0], d.strides[1]});
  column_ = TakeDimension(&outer_, {1, 1, 1}, [](const Dimension& d) { return d.to == 1; });
  const bool runs = column_.from == 1 || column_.from == 0;
  row_ = TakeDimension(&outer_, {1, 0, 0}, [&](const Dimension& d) { return !runs && d.from == 1; });
  pieces_ = 1;
  for (const Dimension& d : outer_) pieces_ *= d.size;
  piece_ = DispatchSize(bytes_, [&]<class T>(T) { return PieceFor<T>(row_, column_); });
}

void StridedCopy::Locate(int64_t piece, int64_t* from, int64_t* to) const {
  *from = *to = 0;
  for (size_t d = outer_.size(); d-- > 0;) {
    const int64_t index = piece % outer_[d].size;
    piece /= outer_[d].size;
    *from += index * outer_[d].from;
    *to += index * outer_[d].to;
  }
}

// Rows [begin, end) of all pieces' rows, counted through.
void StridedCopy::CopyRows(const std::byte* from, std::byte* to, int64_t begin, int64_t end) const {
  while (begin < end) {
    int64_t x = 0, y = 0;
    Locate(begin / row_.size, &x, &y);
    const int64_t first = begin % row_.size;
    Dimension rows = row_;
    rows.size = std::min(row_.size - first, end - begin);
    piece_(rows, column_, from + (x + first * row_.from) * bytes_, to + (y + first * row_.to) * bytes_);
    begin += rows.size;
  }
}

void StridedCopy::Run(const void* from, void* to, int threads) const {
  if (pieces_ == 0) return;
  const auto* x = static_cast<const std::byte*>(from);
  auto* y = static_cast<std::byte*>(to);
  const int64_t rows = pieces_ * row_.size;
  if (rows >= threads || column_.size * bytes_ < 2 * kGrainBytes) {
    ParallelFor(rows, threads, kGrainBytes / (column_.size * bytes_) + 1,
                [&](int64_t begin, int64_t end, int) { CopyRows(x, y, begin, end); });
    return;
  }
  for (int64_t r = 0; r < rows; ++r) {  // few long rows: each is shared
    int64_t x0 = 0, y0 = 0;
    Locate(r / row_.size, &x0, &y0);
    x0 += r % row_.size * row_.from;
    y0 += r % row_.size * row_.to;
    ParallelFor(column_.size, threads, kGrainBytes / bytes_, [&](int64_t begin, int64_t end, int) {
      const Dimension row{1, row_.from, row_.to}, column{end - begin, column_.from, column_.to};
      piece_(row, column, x + (x0 + begin * column_.from) * bytes_, y + (y0 + begin * column_.to) * bytes_);
    });
  }
}

std::unique_ptr<Kernel> CopyKernel(DataType dtype, const Shape& shape, const Strides& from, const Strides& to,
                                   int64_t from_start, const KernelContext& context) {
  return MakeKernel([copy = StridedCopy(dtype, shape, from, to), skip = from_start * SizeInBytes(dtype, 1),
                     threads = context.threads](const KernelArgs& args) {
    copy.Run(args.in<std::byte>(0) + skip, args.outputs[0], threads);
    return OkStatus();
  });
}

}  // namespace weft::ops
