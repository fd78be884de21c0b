// The rotary embedding inside attention's kernels: rows of a head are turned in the buffers they were packed
// into, or turned back there. (a, b) -> (a cos - b sin, a sin + b cos); backwards sin is negated.
#pragma once
#include <string>

#include "ops/kernel.h"

namespace weft::ops {

struct RotaryLayout {
  size_t operand = 0;  // cos_cache; sin_cache and position_ids follow
  int64_t pairs = 0;   // of a head that turn; 0: none do
  int64_t batch = 0, seq = 0;
  int64_t rows = 0;  // of the tables; of no meaning without positions
  bool interleaved = false, positions = false;

  // Of a node that inference accepts, with or without those operands.
  static RotaryLayout Of(const KernelNode& node, size_t operand, bool interleaved);
  // Every position has a row in the tables; the error names the first that has none.
  Status CheckPositions(const KernelArgs& args, const std::string& who) const;
};

// Such a layout and its operands.
template <class T>
struct Rotation {
  RotaryLayout layout = {};
  const T* cos = nullptr;
  const T* sin = nullptr;
  const int64_t* positions = nullptr;

  Rotation() = default;
  Rotation(const RotaryLayout& l, const KernelArgs& args) : layout(l) {
    if (l.pairs == 0) return;
    cos = args.in<T>(l.operand);
    sin = args.in<T>(l.operand + 1);
    if (l.positions) positions = args.in<int64_t>(l.operand + 2);
  }
  // Where a token's angles begin in both tables.
  int64_t At(int64_t b, int64_t token) const {
    const int64_t i = b * layout.seq + token;
    return (positions != nullptr ? positions[i] : i) * layout.pairs;
  }
};

// Rows of one head, of tokens `first` .. `first + count - 1` of sequence b: element i of row r at r * stride
// + i.
struct HeadRows {
  int64_t b = 0, first = 0, count = 1, stride = 0;
};
void Rotate(const Rotation<float>& rotation, const HeadRows& rows, float* x);
void RotateBack(const Rotation<float>& rotation, const HeadRows& rows, float* x);

// The same of one row, as plain as can be; `way` is 1, or -1 for backwards.
template <class T>
void RotatePlain(const Rotation<T>& rotation, int64_t b, int64_t token, T way, T* x) {
  const RotaryLayout& l = rotation.layout;
  const T* cos = rotation.cos + rotation.At(b, token);
  const T* sin = rotation.sin + rotation.At(b, token);
  for (int64_t i = 0; i < l.pairs; ++i) {
    T& first = l.interleaved ? x[2 * i] : x[i];
    T& second = l.interleaved ? x[2 * i + 1] : x[l.pairs + i];
    const T a = first, c = second;
    first = a * cos[i] - c * way * sin[i];
    second = a * way * sin[i] + c * cos[i];
  }
}

}  // namespace weft::ops
