// Operators for tests of the graph and its text: small, and together they use every kind of attribute,
// operand and output. Those of ONNX's domain have ONNX's names and meaning.
#pragma once
#include <string_view>
#include <vector>

#include "ir/builder.h"
#include "ir/text_parser.h"

namespace weft::test {

struct NegOp {  // y = -x
  static const OpDef def;
};
struct AddOp {  // z = x + y, equal shapes
  static const OpDef def;
};
struct ReshapeOp {  // operand 1 is a field
  static const OpDef def;
  Dims shape;
  bool allowzero = false;
};
struct SliceOp {  // operands 1, 2 are fields, 3 and 4 optional ones
  static const OpDef def;
  std::vector<int64_t> starts, ends, axes, steps;
};
struct TopKOp {  // operand 1 a field, as a tensor of one element
  static const OpDef def;
  int64_t k = 1;
  int64_t axis = -1;
};
struct DropoutOp {  // operands 1 and 2 optional fields, a float and a bool; output 1 optional; a seed of
                    // weft's own
  static const OpDef def;
  float ratio = 0.5F;
  bool training_mode = false;
};
struct ConcatOp {  // variadic operands
  static const OpDef def;
  int64_t axis = 0;
};
struct SplitOp {  // variadic outputs
  static const OpDef def;
  std::vector<int64_t> split;
  int64_t axis = 0;
};
struct CastOp {
  static const OpDef def;
  DataType to = DataType::kF32;
};
struct NormOp {  // y = -(-x), with an output and a field that ONNX lacks; decomposes
  static const OpDef def;
  float epsilon = 1e-5F;
  int64_t mode = 0;  // weft's own
};
struct KindsOp {  // domain weft: a field of every kind; decomposes into -x
  static const OpDef def;
  int64_t i = 0;
  float f = 0;
  bool b = false;
  std::string s;
  DataType t = DataType::kF32;
  Dim d = 1;
  std::vector<int64_t> ints;
  std::vector<float> floats;
  Dims dims;
};
struct FlattenOp {  // domain weft: [a, b, ...] to [a*b*...], by Reshape in its body
  static const OpDef def;
};
struct FillOp {  // domain weft, no operand: a primitive whose body is ONNX text
  static const OpDef def;
  Dims shape;
  float value = 0;
};

const OpDef* FindTestOp(std::string_view domain, std::string_view name);
std::vector<std::string_view> TestOpNames();
inline ParseOptions TestParseOptions() { return {.find = FindTestOp, .names = TestOpNames}; }

template <class A>
Var Emit(Builder& b, A attributes, std::initializer_list<Var> inputs) {
  return b.Emit(std::move(attributes), inputs);
}

}  // namespace weft::test
