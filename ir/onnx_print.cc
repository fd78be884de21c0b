#include "ir/onnx_print.h"

#include <fmt/format.h>

#include "ir/onnx_text_writer.h"

namespace weft {
namespace {

class OnnxPrinter : public OnnxTextWriter {
 public:
  void Model(const OnnxModel& model) {
    text += fmt::format("<ir_version: {}, ", model.ir_version);
    Opsets(model.opsets);
    if (!model.producer_name.empty()) {
      text += ", producer_name: ";
      Quoted(model.producer_name);
    }
    if (!model.metadata.empty()) {
      text += ",\n metadata_props: [";
      List(model.metadata, "  ", [&](const auto& pair) { Pair(pair); });
      text += ']';
    }
    text += ">\n";
    Graph(model.graph);
    for (const OnnxFunction& f : model.functions) Function(f);
  }

  void Function(const OnnxFunction& f) {
    text += "<domain: ";
    Quoted(f.domain);
    if (!f.overload.empty()) {
      text += ", overload: ";
      Quoted(f.overload);
    }
    text += ", ";
    Opsets(f.opsets);
    text += ">\n";
    Name(f.name);
    if (!f.attributes.empty()) {
      text += '<';
      List(f.attributes, "  ", [&](const std::string& name) { text += name; });
      text += '>';
    }
    Signature(f.inputs, f.outputs);
    Nodes(f.nodes);
  }

 private:
  void Graph(const OnnxGraph& g) {
    Name(g.name);
    Signature(g.inputs, g.outputs);
    if (!g.initializers.empty() || !g.values.empty()) {
      text += '<';
      const size_t begin = text.size();
      if (!ValueList(g, false)) {
        text.resize(begin);
        ValueList(g, true);
      }
      text += ">\n";
    }
    Nodes(g.nodes);
  }

  void Signature(const std::vector<OnnxValueInfo>& inputs, const std::vector<OnnxValueInfo>& outputs) {
    text += " (";
    List(inputs, "  ", [&](const OnnxValueInfo& v) { ValueInfo(v); });
    text += ") => (";
    List(outputs, "  ", [&](const OnnxValueInfo& v) { ValueInfo(v); });
    text += ")\n";
  }

  // False if the items do not fit on one line.
  bool ValueList(const OnnxGraph& g, bool broken) {
    const size_t begin = text.size();
    const auto separate = [&] {
      if (text.size() > begin) text += broken ? ",\n " : ", ";
      return broken || text.size() - begin <= kWidth;
    };
    for (const OnnxTensor& t : g.initializers) {
      if (!separate()) return false;
      Initializer(t);
    }
    for (const OnnxValueInfo& v : g.values) {
      if (!separate()) return false;
      ValueInfo(v);
    }
    return broken || text.size() - begin <= kWidth;
  }

  void Nodes(const std::vector<OnnxNode>& nodes) {
    text += "{\n";
    for (const OnnxNode& n : nodes) Node(n);
    text += "}\n";
  }

  void Node(const OnnxNode& n) {
    text += "  ";
    if (!n.label.empty()) {
      text += '[';
      Quoted(n.label);
      text += "] ";
    }
    Arguments(n.outputs);
    text += n.outputs.empty() ? "= " : " = ";
    if (!n.domain.empty()) text += n.domain + ".";
    text += n.op_type;
    if (!n.overload.empty()) text += ":" + n.overload;
    if (!n.attributes.empty()) {
      text += '<';
      for (size_t i = 0; i < n.attributes.size(); ++i) {
        if (i > 0) text += ", ";
        Attribute(n.attributes[i]);
      }
      text += '>';
    }
    text += '(';
    Arguments(n.inputs);
    text += ')';
    if (!n.comment.empty()) {
      text += "  # ";
      for (char c : n.comment) text += c == '\n' || c == '\r' ? ' ' : c;
    }
    text += '\n';
  }

  void Arguments(const std::vector<std::string>& names) {
    for (size_t i = 0; i < names.size(); ++i) {
      if (i > 0) text += ", ";
      if (names[i].empty()) {
        text += "\"\"";
      } else {
        Name(names[i]);
      }
    }
  }

  void Attribute(const OnnxAttribute& a) {
    using Kind = OnnxAttribute::Kind;
    text += a.name;
    text += ": ";
    text += weft::Name(a.kind);
    text += " = ";
    if (!a.reference.empty()) {
      text += "@" + a.reference;
      return;
    }
    switch (a.kind) {
      case Kind::kInt:
        Put(a.i);
        break;
      case Kind::kFloat:
        Put(a.f);
        break;
      case Kind::kString:
        Quoted(a.s);
        break;
      case Kind::kTensor:
        Type(a.tensor->type);
        text += ' ';
        Data(*a.tensor);
        break;
      case Kind::kInts:
        Brackets(a.ints);
        break;
      case Kind::kFloats:
        Brackets(a.floats);
        break;
      case Kind::kStrings:
        Brackets(a.strings);
        break;
      case Kind::kGraph:
        Graph(*a.graph);
        break;
      case Kind::kType:
      case Kind::kOther:
        WEFT_CHECK(false, "attribute '{}' is not written", a.name);
    }
  }

  void Initializer(const OnnxTensor& t) {
    Type(t.type);
    text += ' ';
    Name(t.name);
    text += " = ";
    if (t.external.empty()) {
      Data(t);
      return;
    }
    text += '[';
    for (size_t i = 0; i < t.external.size(); ++i) {
      if (i > 0) text += ", ";
      Pair(t.external[i]);
    }
    text += ']';
  }

  template <class T>
  void Elements(const OnnxTensor& t, size_t count) {
    const T* values = static_cast<const T*>(t.data.data());
    text += '{';
    for (size_t i = 0; i < count; ++i) {
      if (i > 0) text += ", ";
      Put(values[i]);
    }
    text += '}';
  }

  // Narrow floats as bit patterns, 4-bit elements packed, as ONNX has them.
  void Data(const OnnxTensor& t) {
    const auto n = static_cast<size_t>(t.data.num_elements());
    switch (t.type.dtype) {
      case DataType::kF64:
        return Elements<double>(t, n);
      case DataType::kF32:
        return Elements<float>(t, n);
      case DataType::kI64:
        return Elements<int64_t>(t, n);
      case DataType::kI32:
        return Elements<int32_t>(t, n);
      case DataType::kU64:
        return Elements<uint64_t>(t, n);
      case DataType::kU32:
        return Elements<uint32_t>(t, n);
      case DataType::kI8:
        return Elements<int8_t>(t, n);
      case DataType::kBF16:
      case DataType::kF16:
      case DataType::kU16:
        return Elements<uint16_t>(t, n);
      default:
        return Elements<uint8_t>(t, t.data.size_bytes());
    }
  }

  void ValueInfo(const OnnxValueInfo& v) {
    if (v.type) {
      Type(*v.type);
      text += ' ';
    }
    Name(v.name);
  }

  void Type(const OnnxType& type) {
    WEFT_CHECK(type.unsupported.empty());
    text += OnnxName(type.dtype);
    if (!type.has_shape) text += "[]";
    if (!type.has_shape || type.shape.empty()) return;
    text += '[';
    for (size_t i = 0; i < type.shape.size(); ++i) {
      if (i > 0) text += ',';
      const OnnxDim& d = type.shape[i];
      if (d.kind == OnnxDim::kNumber) Put(d.number);
      if (d.kind == OnnxDim::kName) Name(d.name);
      if (d.kind == OnnxDim::kUnknown) text += '?';
    }
    text += ']';
  }

  void Opsets(const OnnxOpsets& opsets) {
    text += "opset_import: [";
    for (size_t i = 0; i < opsets.imports.size(); ++i) {
      if (i > 0) text += ", ";
      Quoted(opsets.imports[i].first);
      text += fmt::format(": {}", opsets.imports[i].second);
    }
    text += ']';
  }
};

}  // namespace

std::string PrintOnnx(const OnnxModel& model) {
  OnnxPrinter printer;
  printer.Model(model);
  return std::move(printer.text);
}

std::string PrintOnnxFunction(const OnnxFunction& function) {
  OnnxPrinter printer;
  printer.Function(function);
  return std::move(printer.text);
}

}  // namespace weft
