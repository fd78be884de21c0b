// The plain kernel goes through a type that holds every value of the source exactly: f64, i64 or u64.
#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

#include "base/clamped_integer.h"
#include "base/float_convert.h"
#include "ops/cast/cpu_simd.h"
#include "ops/cast/op.h"
#include "ops/kernel.h"

namespace weft::ops::cast {
namespace {

// Storage types of floats that C++ lacks.
struct Bf16 {
  uint16_t bits;
};
struct F16 {
  uint16_t bits;
};
struct F8E4M3 {
  uint8_t bits;
};
struct F8E5M2 {
  uint8_t bits;
};

template <class Fn>
auto DispatchElement(DataType dtype, Fn&& fn) {
  switch (dtype) {
    case DataType::kF64:
      return fn(double{});
    case DataType::kF32:
      return fn(float{});
    case DataType::kBF16:
      return fn(Bf16{});
    case DataType::kF16:
      return fn(F16{});
    case DataType::kF8E4M3:
      return fn(F8E4M3{});
    case DataType::kF8E5M2:
      return fn(F8E5M2{});
    case DataType::kI64:
      return fn(int64_t{});
    case DataType::kI32:
      return fn(int32_t{});
    case DataType::kI8:
      return fn(int8_t{});
    case DataType::kU64:
      return fn(uint64_t{});
    case DataType::kU32:
      return fn(uint32_t{});
    case DataType::kU16:
      return fn(uint16_t{});
    case DataType::kU8:
      return fn(uint8_t{});
    case DataType::kBool:
      return fn(bool{});
    default:
      WEFT_CHECK(false, "no cast of {}", Name(dtype));
  }
}

// ---- source -> f64, i64 or u64, exactly
double Widen(double x) { return x; }
double Widen(float x) { return x; }
double Widen(Bf16 x) { return Bf16ToFloat(x.bits); }
double Widen(F16 x) { return F16ToFloat(x.bits); }
double Widen(F8E4M3 x) { return F8E4M3ToFloat(x.bits); }
double Widen(F8E5M2 x) { return F8E5M2ToFloat(x.bits); }
template <class T>
requires std::is_integral_v<T> std::conditional_t<std::is_same_v<T, uint64_t>, uint64_t, int64_t> Widen(T x) {
  return x;
}

// ---- f64, i64 or u64 -> target
// An integer as a double that rounds to a narrower float like the integer itself: what does not fit in 53
// bits is kept as one sticky bit.
double RoundToOdd(uint64_t magnitude) {
  const int excess = 64 - std::countl_zero(magnitude) - 53;
  if (excess <= 0) return static_cast<double>(magnitude);
  const uint64_t low = magnitude & ((uint64_t{1} << excess) - 1);
  return std::ldexp(static_cast<double>((magnitude >> excess) | (low != 0 ? 1 : 0)), excess);
}
double ForNarrowFloat(double x) { return x; }
double ForNarrowFloat(uint64_t x) { return RoundToOdd(x); }
double ForNarrowFloat(int64_t x) {
  return x < 0 ? -RoundToOdd(uint64_t{0} - static_cast<uint64_t>(x)) : RoundToOdd(static_cast<uint64_t>(x));
}

template <class To, class Wide>
To Narrow(Wide x, [[maybe_unused]] bool saturate) {
  if constexpr (std::is_same_v<To, bool>) {
    return x != 0;
  } else if constexpr (std::is_same_v<To, Bf16>) {
    return {DoubleToBf16(ForNarrowFloat(x))};
  } else if constexpr (std::is_same_v<To, F16>) {
    return {DoubleToF16(ForNarrowFloat(x))};
  } else if constexpr (std::is_same_v<To, F8E4M3>) {
    return {DoubleToF8E4M3(ForNarrowFloat(x), saturate)};
  } else if constexpr (std::is_same_v<To, F8E5M2>) {
    return {DoubleToF8E5M2(ForNarrowFloat(x), saturate)};
  } else if constexpr (std::is_integral_v<To> && std::is_same_v<Wide, double>) {
    return ClampedInteger<To>(x);
  } else {
    return static_cast<To>(x);
  }
}

// The kernel works in chunks: load widens into a buffer, store narrows out of it. That is 14 + 3 * 14 loops
// instead of 14 * 14.
constexpr int64_t kChunk = 256;
enum class Wide : uint8_t { kDouble, kSigned, kUnsigned };
using Load = void (*)(const void* from, int64_t first, int64_t n, void* wide);
using Store = void (*)(const void* wide, int64_t n, bool saturate, void* to, int64_t first);

Load LoadOf(DataType dtype, Wide* wide) {
  return DispatchElement(dtype, [&]<class T>(T) -> Load {
    using W = decltype(Widen(T{}));
    *wide = std::is_same_v<W, double>    ? Wide::kDouble
            : std::is_same_v<W, int64_t> ? Wide::kSigned
                                         : Wide::kUnsigned;
    return [](const void* from, int64_t first, int64_t n, void* buffer) {
      const T* x = static_cast<const T*>(from) + first;
      for (int64_t i = 0; i < n; ++i) static_cast<W*>(buffer)[i] = Widen(x[i]);
    };
  });
}

template <class W>
Store StoreOf(DataType dtype) {
  return DispatchElement(dtype, []<class T>(T) -> Store {
    return [](const void* buffer, int64_t n, bool saturate, void* to, int64_t first) {
      T* y = static_cast<T*>(to) + first;
      for (int64_t i = 0; i < n; ++i) y[i] = Narrow<T>(static_cast<const W*>(buffer)[i], saturate);
    };
  });
}

StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext&) {
  Wide wide = Wide::kDouble;
  const Load load = LoadOf(node.inputs[0].dtype, &wide);
  const DataType to = node.outputs[0].dtype;
  const Store store = wide == Wide::kDouble   ? StoreOf<double>(to)
                      : wide == Wide::kSigned ? StoreOf<int64_t>(to)
                                              : StoreOf<uint64_t>(to);
  const bool saturate = node.attrs<CastOp>().saturate;
  const int64_t n = node.outputs[0].num_elements();
  return MakeKernel([=](const KernelArgs& args) {
    alignas(8) unsigned char buffer[kChunk * 8];
    for (int64_t i = 0; i < n; i += kChunk) {
      const int64_t count = std::min(kChunk, n - i);
      load(args.inputs[0], i, count, buffer);
      store(buffer, count, saturate, args.outputs[0], i);
    }
    return OkStatus();
  });
}

constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = AcceptsSimd, .prepare = PrepareSimd},
    {.name = "plain", .accepts = AcceptsAll, .prepare = Prepare},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::cast
