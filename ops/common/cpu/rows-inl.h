// Loops over one row of f32 for Highway kernels: included once per instruction set, after highway.h, inside a
// file that foreach_target.h includes. The last elements of a row go through a vector as well, so that an
// element's bits do not depend on where the row ends, and a row's not on other rows.

#if defined(WEFT_OPS_COMMON_CPU_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEFT_OPS_COMMON_CPU_ROWS_INL_H_
#undef WEFT_OPS_COMMON_CPU_ROWS_INL_H_
#else
#define WEFT_OPS_COMMON_CPU_ROWS_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace row_loops {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

HWY_INLINE int64_t Lanes() { return static_cast<int64_t>(hn::Lanes(D())); }

// How a loop's body reads and writes at element i: a whole vector, or its first `count` lanes (the others
// read as 0 and are not written).
struct Whole {
  HWY_INLINE V Load(const float* p, int64_t i) const { return hn::LoadU(D(), p + i); }
  HWY_INLINE void Store(V v, float* p, int64_t i) const { hn::StoreU(v, D(), p + i); }
  HWY_INLINE V Or(V v, V) const { return v; }  // v in the lanes that count, other elsewhere
};
struct Part {
  size_t count;
  HWY_INLINE V Load(const float* p, int64_t i) const {
    HWY_ALIGN float lanes[16] = {};
    for (size_t k = 0; k < count; ++k) lanes[k] = p[i + static_cast<int64_t>(k)];
    return hn::Load(D(), lanes);
  }
  HWY_INLINE void Store(V v, float* p, int64_t i) const {
    HWY_ALIGN float lanes[16];
    hn::Store(v, D(), lanes);
    for (size_t k = 0; k < count; ++k) p[i + static_cast<int64_t>(k)] = lanes[k];
  }
  HWY_INLINE V Or(V v, V other) const { return hn::IfThenElse(hn::FirstN(D(), count), v, other); }
};

// body(access, i) for each vector of n elements.
template <class Body>
HWY_INLINE void ForEach(int64_t n, Body body) {
  const int64_t lanes = Lanes();
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) body(Whole(), i);
  if (i < n) body(Part{static_cast<size_t>(n - i)}, i);
}

// The sum of the lanes of four vectors, added in f64: of a row, as many roundings in f32 are left as one lane
// has terms.
HWY_INLINE float SumOfAll(V s0, V s1, V s2, V s3) {
  const D d;
  const auto lanes = Lanes();
  HWY_ALIGN float sums[4 * 16];
  hn::Store(s0, d, sums);
  hn::Store(s1, d, sums + lanes);
  hn::Store(s2, d, sums + 2 * lanes);
  hn::Store(s3, d, sums + 3 * lanes);
  const hn::CappedTag<double, 4> d64;
  const hn::Rebind<float, decltype(d64)> d32;
  const auto step = static_cast<int64_t>(hn::Lanes(d64));
  auto sum = hn::Zero(d64);
  for (int64_t i = 0; i < 4 * lanes; i += step)
    sum = hn::Add(sum, hn::PromoteTo(d64, hn::LoadU(d32, sums + i)));
  return static_cast<float>(hn::GetLane(hn::SumOfLanes(d64, sum)));
}

// The sum of term(access, i) over n elements. Four sums, so that additions do not wait for each other.
template <class Term>
HWY_INLINE float Sum(int64_t n, Term term) {
  const D d;
  const int64_t lanes = Lanes();
  const V zero = hn::Zero(d);
  V s0 = zero, s1 = zero, s2 = zero, s3 = zero;
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    s0 = hn::Add(s0, term(Whole(), i));
    s1 = hn::Add(s1, term(Whole(), i + lanes));
    s2 = hn::Add(s2, term(Whole(), i + 2 * lanes));
    s3 = hn::Add(s3, term(Whole(), i + 3 * lanes));
  }
  for (; i + lanes <= n; i += lanes) s0 = hn::Add(s0, term(Whole(), i));
  if (i < n) {
    const Part part{static_cast<size_t>(n - i)};
    s1 = hn::Add(s1, part.Or(term(part, i), zero));
  }
  return SumOfAll(s0, s1, s2, s3);
}

}  // namespace row_loops
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
