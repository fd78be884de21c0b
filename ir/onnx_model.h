// An ONNX model as data, before anything is known of its operators: what ONNX's text holds (text_lexer,
// text_parser, onnx_print) and what a graph is made of (from_onnx) or becomes (to_onnx). A file in another
// encoding needs only a reader and a writer of these structs.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/tensor.h"

namespace weft {

// Where in the text a thing begins, in bytes; -1: it does not come from text.
using OnnxOffset = int64_t;

struct OnnxDim {
  enum Kind : uint8_t { kUnknown, kNumber, kName };
  Kind kind = kUnknown;
  int64_t number = 0;
  std::string name;  // any text: "batch", "batch*seq"
};

struct OnnxType {
  DataType dtype = DataType::kF32;
  bool has_shape = true;            // false: `float[]`, the rank is unknown
  std::vector<OnnxDim> shape = {};  // empty: a scalar
  // Not empty: what weft has no type for ("string", "seq", "complex64"); the rest is then not filled.
  std::string unsupported = {};
};

struct OnnxValueInfo {
  std::string name;
  std::optional<OnnxType> type;
  OnnxOffset at = -1;
};

using OnnxStrings = std::vector<std::pair<std::string, std::string>>;

struct OnnxTensor {
  std::string name;
  OnnxType type;
  Tensor data;           // where `external` is empty and the type supported
  OnnxStrings external;  // "location", "offset", "length": the bytes lie in another file
  OnnxOffset at = -1;
};

struct OnnxGraph;

struct OnnxAttribute {
  enum Kind : uint8_t { kInt, kFloat, kString, kTensor, kGraph, kType, kInts, kFloats, kStrings, kOther };
  std::string name;
  Kind kind = kInt;
  std::string reference =
      {};  // of a function's attribute, `name: float = @reference`; the value is then empty
  int64_t i = 0;
  float f = 0;
  std::string s = {};
  std::vector<int64_t> ints = {};
  std::vector<float> floats = {};
  std::vector<std::string> strings = {};
  std::shared_ptr<const OnnxTensor> tensor = {};
  std::shared_ptr<const OnnxGraph> graph = {};
  OnnxOffset at = -1;
};
// As written in text: "int", "floats".
std::string_view Name(OnnxAttribute::Kind kind);

struct OnnxNode {
  std::string label;  // NodeProto.name
  std::string domain;
  std::string op_type;
  std::string overload;
  std::vector<std::string> inputs, outputs;  // "": absent
  std::vector<OnnxAttribute> attributes;
  std::string comment;  // printed behind the node; nobody reads it back
  OnnxOffset at = -1;   // of the operator's name
};

struct OnnxGraph {
  std::string name;
  std::vector<OnnxValueInfo> inputs, outputs;
  std::vector<OnnxTensor> initializers;
  std::vector<OnnxValueInfo> values;  // types of what nodes produce
  std::vector<OnnxNode> nodes;
};

struct OnnxOpsets {
  std::vector<std::pair<std::string, int64_t>> imports;        // domain, version
  std::optional<int64_t> Find(std::string_view domain) const;  // "" also finds "ai.onnx"
};

struct OnnxFunction {
  std::string name, domain, overload;
  OnnxOpsets opsets;
  std::vector<std::string> attributes;
  std::vector<OnnxValueInfo> inputs, outputs;
  std::vector<OnnxNode> nodes;
  OnnxOffset at = -1;
};

struct OnnxModel {
  int64_t ir_version = 10;
  OnnxOpsets opsets;
  std::string producer_name;
  OnnxStrings metadata;
  OnnxGraph graph;
  std::vector<OnnxFunction> functions;
};

}  // namespace weft
