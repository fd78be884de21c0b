#include <cmath>
#include <type_traits>

#include "base/clamped_integer.h"
#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/integer.h"
#include "ops/pow/op.h"

namespace weft::ops::pow {
namespace {

// Floats in their own type; an integer to a float power through f64, cut toward zero and clamped.
template <class X, class Y>
X FloatPower(X x, Y y) {
  if constexpr (std::is_integral_v<X>) {
    return ClampedInteger<X>(std::pow(static_cast<double>(x), static_cast<double>(y)));
  } else if constexpr (std::is_same_v<X, float> && sizeof(Y) == 8) {
    return static_cast<X>(std::pow(static_cast<double>(x), static_cast<double>(y)));
  } else {
    return std::pow(x, static_cast<X>(y));
  }
}

// By squaring; x != 0 if y < 0.
template <class X, class Y>
X IntegerPower(X x, Y y) {
  if (y < 0) return x == 1 ? 1 : x == -1 ? (y % 2 == 0 ? 1 : -1) : 0;
  X z = 1;
  for (auto n = static_cast<uint64_t>(y); n > 0; n >>= 1) {
    if (n & 1) z = Wrapping(z, x, [](auto a, auto b) { return a * b; });
    x = Wrapping(x, x, [](auto a, auto b) { return a * b; });
  }
  return z;
}

template <class X, class Y>
std::unique_ptr<Kernel> IntegerKernel(const KernelNode& node) {
  return CheckedBinaryKernel<X, Y, X>(node, [scope = node.scope](X x, Y y, int64_t i, X* out) {
    if (x == 0 && y < 0) return InvalidArgument("Pow '{}': 0 to the power {} at element {}", scope, y, i);
    *out = IntegerPower(x, y);
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchNumber(node.inputs[0].dtype, [&]<class X>(X) {
    return DispatchAnyNumber(node.inputs[1].dtype, [&]<class Y>(Y) -> std::unique_ptr<Kernel> {
      if constexpr (std::is_integral_v<X> && std::is_integral_v<Y>) {
        return IntegerKernel<X, Y>(node);
      } else {
        return PlainBinaryKernel<X, Y, X>(node, [](X x, Y y) { return FloatPower(x, y); });
      }
    });
  });
}

// The square, by far the most frequent power, as a product; which power it is, only the data says.
std::string AcceptsSquare(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32 || node.inputs[1].dtype != DataType::kF32) return "f32 only";
  return node.inputs[1].num_elements() == 1 ? "" : "the powers differ";
}

StatusOr<std::unique_ptr<Kernel>> PrepareSquare(const KernelNode& node, const KernelContext& context) {
  KernelNode product = node;
  product.inputs[1] = product.inputs[0];
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> square,
                        PrepareSimdBinary(BinaryFunction::kMul, 0, product, context));
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> other, PreparePlain(node, context));
  return MakeKernel([square = std::move(square), other = std::move(other)](const KernelArgs& args) {
    if (*args.in<float>(1) != 2) return other->Run(args);
    const void* const inputs[] = {args.inputs[0], args.inputs[0]};
    return square->Run({inputs, args.outputs, args.workspace});
  });
}

constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = AcceptsSquare, .prepare = PrepareSquare, .pitched = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain, .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::pow
