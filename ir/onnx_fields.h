// Fields of an operator as ONNX writes them: attributes of the node, or constant operands. A bool is an int,
// a DataType its code, shapes are ints, or strings where they hold symbols ("batch*seq").
#pragma once
#include "ir/onnx_model.h"
#include "ir/op_def.h"

namespace weft {

OnnxAttribute AttributeFromField(const Field& field, const void* attributes);
// Errors name the field, what came and what was expected. A body is left to FromOnnx, which knows the
// operators.
Status FieldFromAttribute(const Field& field, const OnnxAttribute& attribute, void* attributes);

// A field that ONNX takes as an operand: int64 for ints and shapes (which must be constant: CHECK), float,
// bool.
Tensor TensorFromField(const Field& field, const void* attributes);
// Any integer or float type of at most one dimension is read.
Status FieldFromTensor(const Field& field, const Tensor& tensor, void* attributes);

// A body that is none: nothing is written.
bool FieldIsAbsent(const Field& field, const void* attributes);
bool FieldHasSymbols(const Field& field, const void* attributes);
const Field* FindField(const OpDef& op, std::string_view name);
// The field that ONNX takes as operand `index`, or null.
const Field* OperandField(const OpDef& op, size_t index);
// A dimension's text in a type or in a list of strings. Names that are no polynomial ("floor(n/2)") become
// symbols with other characters made '_'.
Dim DimFromName(std::string_view name);

}  // namespace weft
