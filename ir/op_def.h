// What every operator answers, as data: one OpDef per operator, written in its def.cc. A new question to all
// operators is a new field here, never a switch over operators elsewhere.
#pragma once
#include <fmt/core.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "ir/attributes.h"
#include "ir/element.h"
#include "ir/type.h"

namespace weft {

class Builder;
struct OpDef;
struct Var;

struct OperandDef {
  enum Arity : uint8_t { kRequired, kOptional, kVariadic };  // variadic: the last, one or more
  std::string_view name;
  Arity arity = kRequired;
  // weft's own: ONNX's schema does not have it (a saved output, a seed). A node that has it is printed in
  // domain `weft`.
  bool weft_only = false;
};

// A node as operators see it: attributes and operand types. An absent optional operand is null.
struct NodeTypes {
  const OpDef* op = nullptr;
  const void* attributes = nullptr;
  std::vector<const TensorType*> inputs;
  std::vector<const TensorType*> outputs;  // empty while inferring
  std::string_view scope;                  // for messages

  template <class A>
  const A& attrs() const {
    return *static_cast<const A*>(attributes);
  }
  bool has_input(size_t i) const { return i < inputs.size() && inputs[i] != nullptr; }
  bool has_output(size_t i) const { return i < outputs.size() && outputs[i] != nullptr; }
  const TensorType& input(size_t i) const { return *inputs[i]; }
  const TensorType& output(size_t i) const { return *outputs[i]; }

  // "RMSNormalization 'blocks.3.ln1': <message>", invalid argument.
  template <class... T>
  Status Error(fmt::format_string<T...> format, T&&... args) const {
    return ErrorText(fmt::vformat(format, fmt::make_format_args(args...)));
  }
  Status ErrorText(std::string_view message) const;
};

// Where an output is a part of an input's bytes, without any work: element (r, c) of the output, seen as rows
// of its last dimension, is element (row_offset + r, column_offset + c) of the input; a reshape keeps all
// elements in their order and needs a dense input unless the last dimension stays.
struct View {
  enum Kind : uint8_t { kReshape, kSlice };
  Kind kind = kReshape;
  int input = 0;
  int64_t row_offset = 0;
  int64_t column_offset = 0;
};

struct InPlacePair {
  int input;
  int output;
};

// An operator's row of mixed precision: what it does where f32 and bf16 stand side by side. Whatever the
// types, inputs are widened exactly, the body runs in f32 or wider, and each output is rounded once.
struct Precision {
  enum Kind : uint8_t {
    kWide,    // f32 only: statistics, updates, sums, and what nobody asked for
    kNarrow,  // worth bf16: its operands are converted for it
    kFollow,  // bf16 where one of its operands is
    kMove,    // moves bytes of any one type, without a look: inference and kernels take all types
  };
  Kind kind = kWide;
  // Bit i: input i stays in f32 and does not make the result bf16 (gains, biases, tables, saved statistics).
  uint32_t wide_inputs = 0;
  uint32_t wide_outputs = 0;                              // bit i: output i is f32 whatever the inputs are
  bool (*wide_results)(const NodeTypes& node) = nullptr;  // where true, every output is f32
  // Of several products: what one gives to the next is rounded too, so that no output is nearer than bf16.
  bool rounds_inside = false;

  bool mixes() const { return kind == kNarrow || kind == kFollow; }
  bool narrow_input(size_t i) const { return i >= 32 || !(wide_inputs >> i & 1); }
};

struct OpDef {
  std::string_view name = {};    // ONNX's: "RMSNormalization"
  std::string_view domain = {};  // "" (ONNX's own) or "weft"
  int since_version = 1;         // of ONNX's operator
  std::string_view doc = {};     // the formula, one line
  Fields fields = {};
  AttributeType attributes = {};
  std::span<const OperandDef> inputs = {};   // in memory: without those that are fields
  std::span<const OperandDef> outputs = {};  // optional ones exist only while used

  // Verifies attributes, operand types and shapes, and gives the types of all outputs, also of optional
  // ones that are absent. Inputs' arity has been checked. Shapes may hold symbols.
  StatusOr<std::vector<TensorType>> (*infer)(const NodeTypes& node) = nullptr;

  // The operator's meaning as simpler operators, `outputs` being one Var for each output of the node that is
  // present. Null for a primitive.
  void (*decompose)(Builder& b, const NodeTypes& node, std::span<const Var> inputs,
                    std::span<Var> outputs) = nullptr;

  // True where the node says more than ONNX's schema allows in what neither its fields nor its operands'
  // presence show (types that ONNX does not mix): it is printed in domain `weft`. Null: never.
  bool (*beyond_onnx)(const NodeTypes& node) = nullptr;
  // The body of a primitive of domain `weft` as ONNX text ("y = Neg(x)\n" over the names of `inputs` and
  // `outputs`), for its function in text and ONNX files. Null: decompose, or none; "": none for this node.
  std::string (*onnx_body)(const NodeTypes& node) = nullptr;

  // Floating-point operations of one run; null: one for each element of output 0. Shapes are bound.
  double (*flops)(const NodeTypes& node) = nullptr;
  // Bytes read and written; null: all inputs and outputs once.
  double (*bytes)(const NodeTypes& node) = nullptr;

  // True and *view filled if output `output` can be a view; null: never. Shapes are bound.
  bool (*view)(const NodeTypes& node, int output, View* view) = nullptr;
  // Output may take the input's bytes when the types agree in size: the kernels read element i of the input
  // no later than they write element i of the output.
  std::span<const InPlacePair> in_place = {};

  Precision precision = {};

  // The node as a step of a chain of elementwise ones (weft.FusedElementwise). Null: never.
  ElementForm (*element)(const NodeTypes& node) = nullptr;

  bool commutative = false;    // in its first two inputs
  bool random = false;         // draws numbers: has fields `stream` and seed operands
  bool differentiable = true;  // false: no gradient flows to any input (comparisons, integer results)

  bool weft_domain() const { return domain == "weft"; }
};

}  // namespace weft
