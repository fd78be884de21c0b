// Attributes of an operator: a plain struct whose fields def.cc lists once. Printing, parsing, files,
// equality and hashing are one loop each over that list; a static_assert counts it, so no field can be
// forgotten.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/data_type.h"
#include "ir/dim.h"

namespace weft {

class Graph;
// A body: what the node does, as a graph over its operands. Two are the same if they compute the same way,
// whatever their values are called (ir/body.h).
using GraphBody = std::shared_ptr<const Graph>;

// The closed set of attribute kinds.
enum class AttributeKind : char {
  kNone,
  kInt,
  kFloat,
  kBool,
  kString,
  kDataType,
  kDim,
  kInts,
  kFloats,
  kDims,
  kGraph,
};
template <class T>
inline constexpr AttributeKind kAttributeKind = AttributeKind::kNone;
template <>
inline constexpr AttributeKind kAttributeKind<int64_t> = AttributeKind::kInt;
template <>
inline constexpr AttributeKind kAttributeKind<float> = AttributeKind::kFloat;
template <>
inline constexpr AttributeKind kAttributeKind<bool> = AttributeKind::kBool;
template <>
inline constexpr AttributeKind kAttributeKind<std::string> = AttributeKind::kString;
template <>
inline constexpr AttributeKind kAttributeKind<DataType> = AttributeKind::kDataType;
template <>
inline constexpr AttributeKind kAttributeKind<Dim> = AttributeKind::kDim;
template <>
inline constexpr AttributeKind kAttributeKind<std::vector<int64_t>> = AttributeKind::kInts;
template <>
inline constexpr AttributeKind kAttributeKind<std::vector<float>> = AttributeKind::kFloats;
template <>
inline constexpr AttributeKind kAttributeKind<Dims> = AttributeKind::kDims;
template <>
inline constexpr AttributeKind kAttributeKind<GraphBody> = AttributeKind::kGraph;

// Where a field is written in ONNX: an attribute of the node, or (where ONNX passes a constant tensor only to
// fix a shape or an axis) the operand with this index.
inline constexpr int kAsAttribute = -1;
// weft's own: ONNX's schema does not have the field. A node whose field differs from its default is then
// printed in domain `weft`.
inline constexpr int kWeftOnly = -2;
// How ONNX takes a field that is an operand there. Without a flag it is required, and a scalar field is a
// tensor of shape [].
inline constexpr uint8_t kOptionalOperand = 1;  // left out while the field has its default (Slice's axes)
inline constexpr uint8_t kVectorOperand = 2;    // a scalar field is a tensor of shape [1] (TopK's K)

struct Field {
  std::string_view name;
  AttributeKind kind;
  void* (*get)(void* attributes);
  int onnx = kAsAttribute;  // kAsAttribute, kWeftOnly, or the index of ONNX's operand
  uint8_t operand_flags = 0;
  const void* Get(const void* attributes) const { return get(const_cast<void*>(attributes)); }
};

namespace internal {
template <class C, class M>
C ClassOf(M C::*);
template <class C, class M>
M TypeOf(M C::*);
struct AnyField {
  template <class T>
  operator T() const;  // NOLINT: implicit on purpose
};
}  // namespace internal

// F<&RmsNormalizationOp::axis>("axis"), F<&ReshapeOp::shape>("shape", 1),
// F<&SliceOp::axes>("axes", 3, kOptionalOperand). A default is ONNX's own, or says "absent": an attribute of
// an ONNX operator is written only where it differs from its default.
template <auto M>
constexpr Field F(std::string_view name, int onnx = kAsAttribute, uint8_t operand_flags = 0) {
  using C = decltype(internal::ClassOf(M));
  using T = decltype(internal::TypeOf(M));
  static_assert(kAttributeKind<T> != AttributeKind::kNone, "not an attribute kind");
  return {name, kAttributeKind<T>, [](void* p) -> void* { return &(static_cast<C*>(p)->*M); }, onnx,
          operand_flags};
}

// The number of fields of aggregate T.
template <class T, class... A>
constexpr size_t FieldCount() {
  if constexpr (requires { T{A{}..., internal::AnyField{}}; }) {
    return FieldCount<T, A..., internal::AnyField>();
  } else {
    return sizeof...(A);
  }
}

// How the struct behind `const void* attributes` is made and copied.
struct AttributeType {
  std::shared_ptr<void> (*make)();
  std::shared_ptr<void> (*copy)(const void* attributes);
};
template <class A>
constexpr AttributeType AttributesOf() {
  return {
      []() -> std::shared_ptr<void> { return std::make_shared<A>(); },
      [](const void* p) -> std::shared_ptr<void> { return std::make_shared<A>(*static_cast<const A*>(p)); }};
}

using Fields = std::span<const Field>;
bool AttributesEqual(Fields fields, const void* a, const void* b);
uint64_t AttributesHash(Fields fields, const void* attributes);  // FNV-1a: the same in every run
bool FieldEqual(const Field& field, const void* a, const void* b);
// All fields as "axis=-1, epsilon=1e-05", for messages.
std::string DescribeAttributes(Fields fields, const void* attributes);
// Changes every dimension in Dim and Dims fields, and in bodies (which are copied): those of all their types
// and attributes.
void ForEachDim(Fields fields, void* attributes, const std::function<void(Dim&)>& change);
// Those that there are: the symbols in them.
void CollectSymbols(Fields fields, const void* attributes, std::vector<std::string>* symbols);
// Replaces symbols in them.
void SubstituteDims(Fields fields, void* attributes, const std::map<std::string, int64_t>& values);

}  // namespace weft
