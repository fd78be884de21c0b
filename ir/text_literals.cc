// Types, numbers, strings, tensor data and attributes of ONNX's text.
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "base/quote.h"
#include "ir/text_parser_internal.h"

namespace weft {
namespace {

// Element and container types that ONNX's text has and weft has not.
constexpr std::string_view kOtherTypes[] = {
    "string",     "int16",      "complex64",  "complex128",    "float8e4m3fnuz", "float8e5m2fnuz",
    "float8e8m0", "float4e2m1", "float6e2m3", "float6e3m2",    "int2",           "uint2",
    "seq",        "map",        "optional",   "sparse_tensor", "opaque"};
bool IsContainer(std::string_view word) {
  return word == "seq" || word == "map" || word == "optional" || word == "sparse_tensor" || word == "opaque";
}

}  // namespace

bool IsTypeWord(std::string_view word) {
  DataType dtype;
  if (FromOnnxName(word, &dtype)) return true;
  for (std::string_view other : kOtherTypes) {
    if (word == other) return true;
  }
  return false;
}

// ---- words and numbers

bool TextParser::Identifier(std::string* value, std::string_view what) {
  if (token_.kind != TokenKind::kIdentifier) return Expected(what);
  *value = token_.text;
  Advance();
  return !failed_;
}

bool TextParser::Name(std::string* value, std::string_view what) {
  if (token_.kind == TokenKind::kString) return String(value);
  return Identifier(value, what);
}

bool TextParser::String(std::string* value) {
  if (token_.kind != TokenKind::kString) return Expected("a string");
  *value = Unescape(token_.text);
  Advance();
  return !failed_;
}

template <class T>
bool TextParser::Element(T* value) {
  if (token_.kind != TokenKind::kInteger) return Expected("a whole number");
  const char* end = token_.text.data() + token_.text.size();
  const auto [at, error] = std::from_chars(token_.text.data(), end, *value);
  if (error != std::errc() || at != end) {
    return Fail(token_.offset, fmt::format("{} does not fit {} bits{}", Quote(token_.text, 40), sizeof(T) * 8,
                                           std::is_unsigned_v<T> ? " without sign" : ""));
  }
  Advance();
  return !failed_;
}

bool TextParser::Integer(int64_t* value) { return Element(value); }

template <class T>
bool TextParser::Floating(T* value) {
  const bool word = token_.kind == TokenKind::kIdentifier && IsNonFinite(token_.text);
  if (token_.kind != TokenKind::kInteger && token_.kind != TokenKind::kFloat && !word)
    return Expected("a number");
  const char* end = token_.text.data() + token_.text.size();
  const auto [at, error] = std::from_chars(token_.text.data(), end, *value);
  if (error == std::errc::result_out_of_range) {  // too small is 0 or a subnormal, too large an error
    const double wide = std::strtod(std::string(token_.text).c_str(), nullptr);
    const T narrow = static_cast<T>(wide);
    if (std::isinf(narrow)) {
      return Fail(token_.offset,
                  fmt::format("{} is too large for {} bits", Quote(token_.text, 40), sizeof(T) * 8));
    }
    *value = narrow;
  } else if (error != std::errc() || at != end) {
    return Expected("a number");
  }
  Advance();
  return !failed_;
}

bool TextParser::StringPairs(OnnxStrings* pairs) {
  return List(']', [&] {
    std::string key, value;
    if (!String(&key) || !Expect(':') || !String(&value)) return false;
    pairs->emplace_back(std::move(key), std::move(value));
    return true;
  });
}

// ---- types

bool TextParser::AtType() const { return token_.kind == TokenKind::kIdentifier && IsTypeWord(token_.text); }

bool TextParser::Shape(OnnxType* type) {
  if (Take(']')) {
    type->has_shape = false;
    return !failed_;
  }
  do {
    OnnxDim& dim = type->shape.emplace_back();
    if (Take('?')) continue;
    if (AtName()) {
      dim.kind = OnnxDim::kName;
      if (!Name(&dim.name, "a dimension")) return false;
    } else {
      const size_t offset = token_.offset;
      dim.kind = OnnxDim::kNumber;
      if (!Integer(&dim.number)) return false;
      if (dim.number < 0) return Fail(offset, "a dimension is negative");
    }
  } while (Take(','));
  return Expect(']');
}

bool TextParser::Type(OnnxType* type) {
  const std::string_view word = token_.text;
  if (!AtType()) return Expected("a type");
  if (!FromOnnxName(word, &type->dtype)) type->unsupported = word;
  Advance();
  if (IsContainer(word)) {  // its contents are of no use here
    if (!Expect('(')) return false;
    for (int open = 1; open > 0; Advance()) {
      if (token_.kind == TokenKind::kEnd) return Expected("')'");
      open += token_.Is('(') ? 1 : token_.Is(')') ? -1 : 0;
    }
    return !failed_;
  }
  return Take('[') ? Shape(type) : !failed_;
}

bool TextParser::ValueInfo(OnnxValueInfo* value) {
  if (AtType()) {
    value->type.emplace();
    if (!Type(&*value->type)) return false;
  }
  value->at = static_cast<OnnxOffset>(token_.offset);
  return Name(&value->name, "a value's name");
}

// ---- data

template <class T>
bool TextParser::ElementsOf(OnnxTensor* tensor, int64_t count) {
  std::vector<T> values;
  const size_t offset = token_.offset;
  if (!Expect('{')) return false;
  const bool read = List('}', [&] {
    if constexpr (std::is_floating_point_v<T>) {
      return Floating(&values.emplace_back());
    } else {
      return Element(&values.emplace_back());
    }
  });
  if (!read) return false;
  if (static_cast<int64_t>(values.size()) != count) {
    return Fail(offset, fmt::format("{} values for a tensor that takes {}", values.size(), count));
  }
  weft::Shape shape;
  for (const OnnxDim& d : tensor->type.shape) shape.push_back(d.number);
  tensor->data = Tensor::Zeros(tensor->type.dtype, std::move(shape));
  if (!values.empty()) std::memcpy(tensor->data.mutable_data(), values.data(), values.size() * sizeof(T));
  return true;
}

bool TextParser::Elements(OnnxTensor* tensor) {
  std::vector<int64_t> shape;
  for (const OnnxDim& d : tensor->type.shape) {
    if (d.kind != OnnxDim::kNumber)
      return Fail(token_.offset, "data of a tensor whose shape is not whole numbers");
    shape.push_back(d.number);
  }
  const DataType dtype = tensor->type.dtype;
  const StatusOr<int64_t> bytes = CheckedSizeInBytes(dtype, shape);
  if (!bytes.ok()) return Fail(token_.offset, Message(bytes.status()));
  const int bits = SizeInBits(dtype);
  const int64_t count = bits < 8 ? *bytes : *bytes / (bits / 8);  // literals: 4-bit elements are packed
  if (dtype == DataType::kF64) return ElementsOf<double>(tensor, count);
  if (dtype == DataType::kF32) return ElementsOf<float>(tensor, count);
  const bool is_signed = dtype == DataType::kI64 || dtype == DataType::kI32 || dtype == DataType::kI8;
  if (bits == 64) return is_signed ? ElementsOf<int64_t>(tensor, count) : ElementsOf<uint64_t>(tensor, count);
  if (bits == 32) return is_signed ? ElementsOf<int32_t>(tensor, count) : ElementsOf<uint32_t>(tensor, count);
  if (bits == 16) return ElementsOf<uint16_t>(tensor, count);  // bf16 and f16 as bit patterns
  if (is_signed) return ElementsOf<int8_t>(tensor, count);
  const size_t offset = token_.offset;
  if (!ElementsOf<uint8_t>(tensor, count)) return false;
  if (dtype != DataType::kBool) return true;
  for (uint8_t v : tensor->data.as<uint8_t>()) {
    if (v > 1) return Fail(offset, "a bool is 0 or 1");
  }
  return true;
}

bool TextParser::Data(OnnxTensor* tensor) {
  if (Take('[')) return StringPairs(&tensor->external);
  if (!tensor->type.unsupported.empty()) {
    if (!Expect('{')) return false;
    return List('}', [&] {
      if (token_.kind == TokenKind::kEnd || token_.kind == TokenKind::kPunctuation)
        return Expected("a value");
      Advance();
      return !failed_;
    });
  }
  if (!tensor->type.has_shape) return Fail(token_.offset, "data of a tensor without a shape");
  return Elements(tensor);
}

// ---- attributes

bool TextParser::Attributes(std::vector<OnnxAttribute>* attributes) {
  return List('>', [&] {
    OnnxAttribute& attribute = attributes->emplace_back();
    attribute.at = static_cast<OnnxOffset>(token_.offset);
    return Identifier(&attribute.name, "an attribute's name") && Attribute(&attribute);
  });
}

bool TextParser::AttributeKindName(OnnxAttribute::Kind* kind) {
  static constexpr std::pair<std::string_view, OnnxAttribute::Kind> kNames[] = {
      {"int", OnnxAttribute::kInt},           {"float", OnnxAttribute::kFloat},
      {"string", OnnxAttribute::kString},     {"tensor", OnnxAttribute::kTensor},
      {"graph", OnnxAttribute::kGraph},       {"ints", OnnxAttribute::kInts},
      {"floats", OnnxAttribute::kFloats},     {"strings", OnnxAttribute::kStrings},
      {"type_proto", OnnxAttribute::kType},   {"sparse_tensor", OnnxAttribute::kOther},
      {"tensors", OnnxAttribute::kOther},     {"graphs", OnnxAttribute::kOther},
      {"type_protos", OnnxAttribute::kOther}, {"sparse_tensors", OnnxAttribute::kOther}};
  for (const auto& [name, value] : kNames) {
    if (token_.kind != TokenKind::kIdentifier || token_.text != name) continue;
    if (value == OnnxAttribute::kOther)
      return Fail(token_.offset, fmt::format("attributes of type {} are not read", name));
    *kind = value;
    Advance();
    return !failed_;
  }
  return Expected("an attribute's type (int, float, string, tensor, graph, ints, floats, strings)");
}

bool TextParser::Attribute(OnnxAttribute* attribute) {
  const bool typed = Take(':');
  if (typed && !AttributeKindName(&attribute->kind)) return false;
  if (!Take('=')) return typed ? Expected("'='") : Expected("':' or '='");
  if (Take('@')) {
    if (!typed) return Fail(token_.offset, "a reference needs a type: name: type = @reference");
    return Name(&attribute->reference, "an attribute's name");
  }
  if (Take('[')) return AttributeList(attribute, typed);
  return AttributeValue(attribute, typed);
}

bool TextParser::AttributeList(OnnxAttribute* attribute, bool typed) {
  using Kind = OnnxAttribute::Kind;
  if (!typed) {
    const bool word = token_.kind == TokenKind::kIdentifier && IsNonFinite(token_.text);
    if (token_.Is(']')) return Fail(token_.offset, "an empty list needs a type: name: ints = []");
    attribute->kind = token_.kind == TokenKind::kString          ? Kind::kStrings
                      : token_.kind == TokenKind::kFloat || word ? Kind::kFloats
                                                                 : Kind::kInts;
  }
  return List(']', [&] {
    if (attribute->kind == Kind::kStrings) return String(&attribute->strings.emplace_back());
    if (attribute->kind == Kind::kFloats) return Floating(&attribute->floats.emplace_back());
    if (attribute->kind == Kind::kInts) return Integer(&attribute->ints.emplace_back());
    return Expected(fmt::format("one value of type {}", weft::Name(attribute->kind)));
  });
}

bool TextParser::AttributeValue(OnnxAttribute* attribute, bool typed) {
  using Kind = OnnxAttribute::Kind;
  if (!typed) {
    const bool number = token_.kind == TokenKind::kIdentifier && IsNonFinite(token_.text);
    attribute->kind = token_.kind == TokenKind::kInteger                  ? Kind::kInt
                      : token_.kind == TokenKind::kFloat || number        ? Kind::kFloat
                      : token_.kind == TokenKind::kString                 ? Kind::kString
                      : token_.kind == TokenKind::kIdentifier && AtType() ? Kind::kTensor
                                                                          : Kind::kGraph;
  }
  switch (attribute->kind) {
    case Kind::kInt:
      return Integer(&attribute->i);
    case Kind::kFloat:
      return Floating(&attribute->f);
    case Kind::kString:
      return String(&attribute->s);
    case Kind::kTensor:
    case Kind::kType:
      return TensorOrType(attribute);
    case Kind::kGraph: {
      if (!AtName()) return Expected("a value");
      auto graph = std::make_shared<OnnxGraph>();
      if (!Graph(graph.get())) return false;
      attribute->graph = std::move(graph);
      return true;
    }
    default:
      return Expected(fmt::format("'[' and a list of {}", weft::Name(attribute->kind)));
  }
}

bool TextParser::TensorOrType(OnnxAttribute* attribute) {
  auto tensor = std::make_shared<OnnxTensor>();
  tensor->at = static_cast<OnnxOffset>(token_.offset);
  if (!Type(&tensor->type)) return false;
  if (token_.kind == TokenKind::kIdentifier && attribute->kind == OnnxAttribute::kTensor) {
    tensor->name = token_.text;
    Advance();
  }
  const bool has_data = Take('=') || token_.Is('{') || token_.Is('[');
  if (attribute->kind == OnnxAttribute::kTensor && has_data && !Data(tensor.get())) return false;
  if (!has_data) attribute->kind = OnnxAttribute::kType;
  attribute->tensor = std::move(tensor);
  return !failed_;
}

std::string_view Name(OnnxAttribute::Kind kind) {
  static constexpr std::string_view kNames[] = {"int",        "float", "string", "tensor",  "graph",
                                                "type_proto", "ints",  "floats", "strings", "other"};
  return kNames[kind];
}

std::optional<int64_t> OnnxOpsets::Find(std::string_view domain) const {
  for (const auto& [name, version] : imports) {
    if (name == domain || (domain.empty() && name == "ai.onnx")) return version;
  }
  return std::nullopt;
}

}  // namespace weft
