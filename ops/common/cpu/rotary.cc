#include "ops/common/cpu/rotary.h"

#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/rotary.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Pairs from `i` on, as many as vectors of D take whole; returns how far it came.
template <class D>
HWY_INLINE int64_t TurnPairs(D d, bool interleaved, int64_t i, int64_t pairs, const float* cos,
                             const float* sin, float way, float* x) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto sign = hn::Set(d, way);
  for (; i + lanes <= pairs; i += lanes) {
    const auto c = hn::LoadU(d, cos + i), s = hn::Mul(hn::LoadU(d, sin + i), sign);
    if (interleaved) {
      hn::Vec<D> a, b;
      hn::LoadInterleaved2(d, x + 2 * i, a, b);
      hn::StoreInterleaved2(hn::NegMulAdd(b, s, hn::Mul(a, c)), hn::MulAdd(a, s, hn::Mul(b, c)), d,
                            x + 2 * i);
    } else {
      const auto a = hn::LoadU(d, x + i), b = hn::LoadU(d, x + pairs + i);
      hn::StoreU(hn::NegMulAdd(b, s, hn::Mul(a, c)), d, x + i);
      hn::StoreU(hn::MulAdd(a, s, hn::Mul(b, c)), d, x + pairs + i);
    }
  }
  return i;
}

void RotateImpl(const Rotation<float>& r, const HeadRows& rows, float way, float* x) {
  const RotaryLayout& l = r.layout;
  for (int64_t t = 0; t < rows.count; ++t, x += rows.stride) {
    const int64_t at = r.At(rows.b, rows.first + t);
    const float *cos = r.cos + at, *sin = r.sin + at;
    int64_t i = TurnPairs(hn::CappedTag<float, 16>(), l.interleaved, 0, l.pairs, cos, sin, way, x);
    i = TurnPairs(hn::CappedTag<float, 4>(), l.interleaved, i, l.pairs, cos, sin, way, x);
    TurnPairs(hn::CappedTag<float, 1>(), l.interleaved, i, l.pairs, cos, sin, way, x);
  }
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(RotateImpl);

void Rotate(const Rotation<float>& rotation, const HeadRows& rows, float* x) {
  if (rotation.layout.pairs > 0) HWY_DYNAMIC_DISPATCH(RotateImpl)(rotation, rows, 1.0f, x);
}
void RotateBack(const Rotation<float>& rotation, const HeadRows& rows, float* x) {
  if (rotation.layout.pairs > 0) HWY_DYNAMIC_DISPATCH(RotateImpl)(rotation, rows, -1.0f, x);
}

RotaryLayout RotaryLayout::Of(const KernelNode& node, size_t operand, bool interleaved) {
  if (!node.has_input(operand)) return {};
  const Operand &q = node.inputs[0], &cos = node.inputs[operand];
  return {operand,
          cos.dim(-1),
          q.dim(0),
          q.rank() == 4 ? q.dim(2) : q.dim(1),
          cos.dim(0),
          interleaved,
          node.has_input(operand + 2)};
}

Status RotaryLayout::CheckPositions(const KernelArgs& args, const std::string& who) const {
  if (!positions) return OkStatus();
  const auto* ids = args.in<int64_t>(operand + 2);
  for (int64_t i = 0; i < batch * seq; ++i) {
    if (ids[i] >= 0 && ids[i] < rows) continue;
    return OutOfRange("{}: position {} (batch {}, token {}) is out of range: the tables have {}", who, ids[i],
                      i / seq, i % seq, rows);
  }
  return OkStatus();
}

}  // namespace weft::ops
#endif
