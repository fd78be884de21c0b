// From a DataType at run time to a C++ type at compile time.
#pragma once
#include "base/data_type.h"
#include "base/status.h"

namespace weft::ops {

// fn(T{}) for f32, f64, i32 or i64. What else there is, inference has refused.
template <class Fn>
auto DispatchNumber(DataType dtype, Fn&& fn) {
  switch (dtype) {
    case DataType::kF32:
      return fn(float{});
    case DataType::kF64:
      return fn(double{});
    case DataType::kI32:
      return fn(int32_t{});
    case DataType::kI64:
      return fn(int64_t{});
    default:
      WEFT_CHECK(false, "no kernel for {}", Name(dtype));
  }
}

// fn(T{}) for any type that C++ computes with but bool.
template <class Fn>
auto DispatchAnyNumber(DataType dtype, Fn&& fn) {
  switch (dtype) {
    case DataType::kI8:
      return fn(int8_t{});
    case DataType::kU8:
      return fn(uint8_t{});
    case DataType::kU16:
      return fn(uint16_t{});
    case DataType::kU32:
      return fn(uint32_t{});
    case DataType::kU64:
      return fn(uint64_t{});
    default:
      return DispatchNumber(dtype, fn);
  }
}

// The same and bool.
template <class Fn>
auto DispatchNumberOrBool(DataType dtype, Fn&& fn) {
  return dtype == DataType::kBool ? fn(bool{}) : DispatchAnyNumber(dtype, fn);
}

// fn(T{}) for f32 or f64.
template <class Fn>
auto DispatchFloat(DataType dtype, Fn&& fn) {
  WEFT_CHECK(dtype == DataType::kF32 || dtype == DataType::kF64, "no kernel for {}", Name(dtype));
  return dtype == DataType::kF32 ? fn(float{}) : fn(double{});
}

}  // namespace weft::ops
