#include "ir/onnx_fields.h"

#include <algorithm>

#include "base/quote.h"
#include "ir/body.h"
#include "ir/onnx_node_writer.h"

namespace weft {
namespace {

using Kind = OnnxAttribute::Kind;

template <class T>
const T& Get(const Field& field, const void* attributes) {
  return *static_cast<const T*>(field.Get(attributes));
}
template <class T>
T& Get(const Field& field, void* attributes) {
  return *static_cast<T*>(field.get(attributes));
}

std::string_view Expected(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::kInt:
      return "int";
    case AttributeKind::kFloat:
      return "float";
    case AttributeKind::kBool:
      return "int (0 or 1)";
    case AttributeKind::kString:
      return "string";
    case AttributeKind::kDataType:
      return "int (the code of an element type)";
    case AttributeKind::kDim:
      return "int, or string with symbols";
    case AttributeKind::kInts:
      return "ints";
    case AttributeKind::kFloats:
      return "floats";
    case AttributeKind::kDims:
      return "ints, or strings with symbols";
    case AttributeKind::kGraph:
      return "graph";
    case AttributeKind::kNone:
      break;
  }
  return "nothing";
}

Status WrongKind(const Field& field, const OnnxAttribute& attribute) {
  return InvalidArgument("attribute '{}' is {}, expected {}", field.name, Name(attribute.kind),
                         Expected(field.kind));
}

Status ReadBool(const Field& field, int64_t value, void* attributes) {
  if (value != 0 && value != 1)
    return InvalidArgument("attribute '{}' is {}, expected 0 or 1", field.name, value);
  Get<bool>(field, attributes) = value != 0;
  return OkStatus();
}

Status ReadDataType(const Field& field, int64_t code, void* attributes) {
  if (FromOnnxCode(code, &Get<DataType>(field, attributes))) return OkStatus();
  return InvalidArgument("attribute '{}' is {}, which is no element type that weft has", field.name, code);
}

Status ReadDims(const Field& field, const OnnxAttribute& a, void* attributes) {
  Dims& dims = Get<Dims>(field, attributes);
  dims.clear();
  if (a.kind == Kind::kInts) dims.assign(a.ints.begin(), a.ints.end());
  for (const std::string& s : a.strings) {
    WEFT_ASSIGN_OR_RETURN(Dim d, Dim::Parse(s));
    dims.push_back(std::move(d));
  }
  return a.kind == Kind::kInts || a.kind == Kind::kStrings ? OkStatus() : WrongKind(field, a);
}

std::vector<std::string> Texts(const Dims& dims) {
  std::vector<std::string> texts;
  for (const Dim& d : dims) texts.push_back(d.ToString());
  return texts;
}

int64_t IntegerAt(const Tensor& tensor, int64_t i) {
  if (tensor.dtype() == DataType::kI64) return tensor.as<int64_t>()[static_cast<size_t>(i)];
  return static_cast<int64_t>(ElementAsDouble(tensor, i));
}

Tensor IntegerTensor(std::span<const int64_t> values, bool scalar) {
  Shape shape;
  if (!scalar) shape.push_back(static_cast<int64_t>(values.size()));
  return Tensor::Of<int64_t>(std::move(shape), values);
}

}  // namespace

OnnxAttribute AttributeFromField(const Field& field, const void* attributes) {
  OnnxAttribute a;
  a.name = field.name;
  switch (field.kind) {
    case AttributeKind::kInt:
      a.i = Get<int64_t>(field, attributes);
      break;
    case AttributeKind::kBool:
      a.i = Get<bool>(field, attributes) ? 1 : 0;
      break;
    case AttributeKind::kDataType:
      a.i = OnnxCode(Get<DataType>(field, attributes));
      break;
    case AttributeKind::kFloat:
      a.kind = Kind::kFloat;
      a.f = Get<float>(field, attributes);
      break;
    case AttributeKind::kString:
      a.kind = Kind::kString;
      a.s = Get<std::string>(field, attributes);
      break;
    case AttributeKind::kDim: {
      const Dim& dim = Get<Dim>(field, attributes);
      a.kind = dim.is_constant() ? Kind::kInt : Kind::kString;
      (dim.is_constant() ? void(a.i = dim.value()) : void(a.s = dim.ToString()));
      break;
    }
    case AttributeKind::kInts:
      a.kind = Kind::kInts;
      a.ints = Get<std::vector<int64_t>>(field, attributes);
      break;
    case AttributeKind::kFloats:
      a.kind = Kind::kFloats;
      a.floats = Get<std::vector<float>>(field, attributes);
      break;
    case AttributeKind::kDims: {
      const Dims& dims = Get<Dims>(field, attributes);
      a.kind = IsConstant(dims) ? Kind::kInts : Kind::kStrings;
      (IsConstant(dims) ? void(a.ints = ToShape(dims)) : void(a.strings = Texts(dims)));
      break;
    }
    case AttributeKind::kGraph:
      a.kind = Kind::kGraph;
      a.graph = OnnxBody(*Get<GraphBody>(field, attributes));
      break;
    case AttributeKind::kNone:
      break;
  }
  return a;
}

Status FieldFromAttribute(const Field& field, const OnnxAttribute& a, void* attributes) {
  if (!a.reference.empty()) {
    return InvalidArgument("attribute '{}' refers to '@{}' outside of a function's body", field.name,
                           a.reference);
  }
  const auto read = [&]<class T>(Kind kind, const T& value) -> Status {
    if (a.kind != kind) return WrongKind(field, a);
    Get<T>(field, attributes) = value;
    return OkStatus();
  };
  switch (field.kind) {
    case AttributeKind::kInt:
      return read(Kind::kInt, a.i);
    case AttributeKind::kFloat:
      return read(Kind::kFloat, a.f);
    case AttributeKind::kString:
      return read(Kind::kString, a.s);
    case AttributeKind::kInts:
      return read(Kind::kInts, a.ints);
    case AttributeKind::kFloats:
      return read(Kind::kFloats, a.floats);
    case AttributeKind::kBool:
      return a.kind == Kind::kInt ? ReadBool(field, a.i, attributes) : WrongKind(field, a);
    case AttributeKind::kDataType:
      return a.kind == Kind::kInt ? ReadDataType(field, a.i, attributes) : WrongKind(field, a);
    case AttributeKind::kDim: {
      if (a.kind != Kind::kInt && a.kind != Kind::kString) return WrongKind(field, a);
      Dim dim(a.i);
      if (a.kind == Kind::kString) {
        WEFT_ASSIGN_OR_RETURN(dim, Dim::Parse(a.s));
      }
      Get<Dim>(field, attributes) = dim;
      return OkStatus();
    }
    case AttributeKind::kDims:
      return ReadDims(field, a, attributes);
    case AttributeKind::kGraph:  // the reader of the graph around it reads it
    case AttributeKind::kNone:
      break;
  }
  return WrongKind(field, a);
}

namespace {
template <class T>
Tensor OneElement(const T& value, bool scalar) {
  return scalar ? Tensor::Scalar<T>(value) : Tensor::Of<T>({1}, std::span(&value, 1));
}
}  // namespace

Tensor TensorFromField(const Field& field, const void* attributes) {
  const bool scalar = (field.operand_flags & kVectorOperand) == 0;
  switch (field.kind) {
    case AttributeKind::kInt:
      return IntegerTensor(std::span(&Get<int64_t>(field, attributes), 1), scalar);
    case AttributeKind::kDim: {
      const int64_t value = Get<Dim>(field, attributes).value();
      return IntegerTensor(std::span(&value, 1), scalar);
    }
    case AttributeKind::kInts:
      return IntegerTensor(Get<std::vector<int64_t>>(field, attributes), false);
    case AttributeKind::kDims:
      return IntegerTensor(ToShape(Get<Dims>(field, attributes)), false);
    case AttributeKind::kFloat:
      return OneElement(Get<float>(field, attributes), scalar);
    case AttributeKind::kFloats: {
      const auto& values = Get<std::vector<float>>(field, attributes);
      return Tensor::Of<float>({static_cast<int64_t>(values.size())}, std::span<const float>(values));
    }
    case AttributeKind::kBool:
      return OneElement(Get<bool>(field, attributes), scalar);
    default:
      break;
  }
  WEFT_CHECK(false, "field '{}' cannot be an operand", field.name);
}

Status FieldFromTensor(const Field& field, const Tensor& tensor, void* attributes) {
  const auto wrong = [&](std::string_view expected) {
    return InvalidArgument("operand '{}' is {} {}, expected {}", field.name, Name(tensor.dtype()),
                           ToString(tensor.shape()), expected);
  };
  const bool list = field.kind == AttributeKind::kInts || field.kind == AttributeKind::kDims ||
                    field.kind == AttributeKind::kFloats;
  if (tensor.shape().size() > 1) return wrong("at most one dimension");
  const int64_t n = tensor.num_elements();
  if (!list && n != 1) return wrong("one element");
  const bool wants_float = field.kind == AttributeKind::kFloat || field.kind == AttributeKind::kFloats;
  const bool wants_bool = field.kind == AttributeKind::kBool;
  if (wants_float && !IsFloat(tensor.dtype())) return wrong("a float type");
  if (wants_bool && tensor.dtype() != DataType::kBool) return wrong("bool");
  if (!wants_float && !wants_bool && !IsInteger(tensor.dtype())) return wrong("an integer type");
  std::vector<int64_t> ints;
  std::vector<float> floats;
  for (int64_t i = 0; i < n; ++i) {
    if (wants_float) {
      floats.push_back(static_cast<float>(ElementAsDouble(tensor, i)));
    } else {
      ints.push_back(IntegerAt(tensor, i));
    }
  }
  switch (field.kind) {
    case AttributeKind::kInt:
      Get<int64_t>(field, attributes) = ints[0];
      break;
    case AttributeKind::kDim:
      Get<Dim>(field, attributes) = Dim(ints[0]);
      break;
    case AttributeKind::kInts:
      Get<std::vector<int64_t>>(field, attributes) = std::move(ints);
      break;
    case AttributeKind::kDims:
      Get<Dims>(field, attributes) = ToDims(ints);
      break;
    case AttributeKind::kFloat:
      Get<float>(field, attributes) = floats[0];
      break;
    case AttributeKind::kFloats:
      Get<std::vector<float>>(field, attributes) = std::move(floats);
      break;
    case AttributeKind::kBool:
      Get<bool>(field, attributes) = ints[0] != 0;
      break;
    default:
      return wrong("no operand");
  }
  return OkStatus();
}

bool FieldIsAbsent(const Field& field, const void* attributes) {
  return field.kind == AttributeKind::kGraph && Get<GraphBody>(field, attributes) == nullptr;
}

bool FieldHasSymbols(const Field& field, const void* attributes) {
  if (field.kind == AttributeKind::kDim) return !Get<Dim>(field, attributes).is_constant();
  return field.kind == AttributeKind::kDims && !IsConstant(Get<Dims>(field, attributes));
}

const Field* FindField(const OpDef& op, std::string_view name) {
  for (const Field& f : op.fields) {
    if (f.name == name) return &f;
  }
  return nullptr;
}

const Field* OperandField(const OpDef& op, size_t index) {
  for (const Field& f : op.fields) {
    if (f.onnx == static_cast<int>(index)) return &f;
  }
  return nullptr;
}

Dim DimFromName(std::string_view name) {
  if (StatusOr<Dim> dim = Dim::Parse(name); dim.ok()) return *std::move(dim);
  std::string symbol(name);
  for (char& c : symbol) {
    const bool keep = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!keep) c = '_';
  }
  if (symbol.empty() || (symbol[0] >= '0' && symbol[0] <= '9')) symbol.insert(0, "_");
  return Dim::Symbol(symbol);
}

}  // namespace weft
