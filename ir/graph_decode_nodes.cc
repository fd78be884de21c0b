// One node of a `.weft` file.
#include <algorithm>
#include <set>

#include "base/quote.h"
#include "base/suggest.h"
#include "ir/attribute_kinds.h"
#include "ir/graph_decode_internal.h"
#include "ir/type_limits.h"

namespace weft {
namespace {

// The table that holds an attribute of C++ type T.
template <class T>
struct TableOf;
// clang-format off
template <> struct TableOf<int64_t> { using Type = graph_file::Int; };
template <> struct TableOf<float> { using Type = graph_file::Float; };
template <> struct TableOf<bool> { using Type = graph_file::Bool; };
template <> struct TableOf<std::string> { using Type = graph_file::String; };
template <> struct TableOf<DataType> { using Type = graph_file::Element; };
template <> struct TableOf<Dim> { using Type = graph_file::Size; };
template <> struct TableOf<std::vector<int64_t>> { using Type = graph_file::Ints; };
template <> struct TableOf<std::vector<float>> { using Type = graph_file::Floats; };
template <> struct TableOf<Dims> { using Type = graph_file::Sizes; };
template <> struct TableOf<GraphBody> { using Type = graph_file::Body; };
// clang-format on

}  // namespace

Status GraphDecoder::Read(const graph_file::Int& from, int64_t* to) {
  *to = from.value();
  return OkStatus();
}
Status GraphDecoder::Read(const graph_file::Bool& from, bool* to) {
  *to = from.value();
  return OkStatus();
}
Status GraphDecoder::Read(const graph_file::Float& from, float* to) {
  if (!from.value()) return DataLoss("has no value");
  *to = *from.value();
  return OkStatus();
}
Status GraphDecoder::Read(const graph_file::String& from, std::string* to) {
  *to = Copy(from.value());
  return OkStatus();
}
Status GraphDecoder::Read(const graph_file::Element& from, DataType* to) {
  if (FromOnnxCode(from.value(), to)) return OkStatus();
  return InvalidArgument("is {}, which is no element type that weft has", from.value());
}
Status GraphDecoder::Read(const graph_file::Size& from, Dim* to) {
  WEFT_ASSIGN_OR_RETURN(*to, DimOf(*from.value()));
  return OkStatus();
}
template <class T>
Status GraphDecoder::ReadList(const flatbuffers::Vector<T>* from, std::vector<T>* to) {
  budget_.Take(Count(from) * sizeof(T));
  WEFT_RETURN_IF_ERROR(budget_.Check());
  WEFT_RETURN_IF_ERROR(CheckAligned(from));
  to->clear();
  for (uint32_t i = 0; i < Count(from); ++i) to->push_back(from->Get(i));
  return OkStatus();
}
Status GraphDecoder::Read(const graph_file::Ints& from, std::vector<int64_t>* to) {
  return ReadList(from.values(), to);
}
Status GraphDecoder::Read(const graph_file::Floats& from, std::vector<float>* to) {
  return ReadList(from.values(), to);
}
Status GraphDecoder::Read(const graph_file::Sizes& from, Dims* to) {
  WEFT_RETURN_IF_ERROR(ReadDims(from.values(), to));
  return CheckFormula(*to, "value");
}

Status GraphDecoder::Read(const graph_file::Body& from, GraphBody* to) {
  if (from.graph() >= before_->size()) {
    return DataLoss("is graph {}, but there are {} before it", from.graph(), before_->size());
  }
  *to = (*before_)[from.graph()];
  return (*to)->states().empty() ? OkStatus() : DataLoss("has states");
}

Status GraphDecoder::ReadAttribute(const graph_file::Attribute& a, const Field& field, void* attributes) {
  return WithTypeOf(field, [&]<class T>() -> Status {
    using Table = typename TableOf<T>::Type;
    const Table* table = a.template value_as<Table>();
    if (table != nullptr) return Read(*table, static_cast<T*>(field.get(attributes)));
    return InvalidArgument(
        "is {}, expected {}", graph_file::EnumNameAttributeValue(a.value_type()),
        graph_file::EnumNameAttributeValue(graph_file::AttributeValueTraits<Table>::enum_value));
  });
}

// What a file lacks has its default: an older weft did not know it.
Status GraphDecoder::ReadAttributes(const graph_file::Node& node, const OpDef& op, void* attributes) {
  std::set<std::string_view> seen;
  for (uint32_t i = 0; i < Count(node.attributes()); ++i) {
    const graph_file::Attribute& a = *node.attributes()->Get(i);
    const std::string_view name = TextOf(a.name());
    const auto field =
        std::find_if(op.fields.begin(), op.fields.end(), [&](const Field& f) { return f.name == name; });
    if (field == op.fields.end()) {
      std::vector<std::string_view> names;
      for (const Field& f : op.fields) names.push_back(f.name);
      return InvalidArgument("{} has no attribute {}{}", op.name, Quote(name), DidYouMean(name, names));
    }
    if (!seen.insert(field->name).second) return DataLoss("attribute '{}' stands twice", name);
    if (Status s = ReadAttribute(a, *field, attributes); !s.ok()) {
      return MakeError(s.code(), fmt::format("{}: attribute '{}' {}", op.name, name, Message(s)));
    }
  }
  return OkStatus();
}

StatusOr<std::vector<ValueId>> GraphDecoder::Operands(const flatbuffers::Vector<int32_t>* list) {
  std::vector<ValueId> operands;
  budget_.Take(Count(list) * sizeof(int32_t));
  WEFT_RETURN_IF_ERROR(budget_.Check());
  for (uint32_t i = 0; i < Count(list); ++i) {
    const int32_t v = list->Get(i);
    if (v < -1 || v >= static_cast<int64_t>(values_.size())) {
      return DataLoss("operand {} is value {}, but there are {} before it", i, v, values_.size());
    }
    operands.push_back(v < 0 ? ValueId::kNone : values_[static_cast<size_t>(v)]);
  }
  while (!operands.empty() && operands.back() == ValueId::kNone) operands.pop_back();
  return operands;
}

StatusOr<std::vector<Graph::NewOutput>> GraphDecoder::Results(const graph_file::Node& node) {
  std::vector<Graph::NewOutput> outputs;
  std::set<std::string> names;
  for (uint32_t i = 0; i < Count(node.outputs()); ++i) {
    const graph_file::Output& o = *node.outputs()->Get(i);
    outputs.emplace_back();
    if (o.name() == nullptr) continue;
    WEFT_ASSIGN_OR_RETURN(outputs.back().name, NewName(o.name()));
    if (!names.insert(outputs.back().name).second) {
      return DataLoss("two values are called {}", Quote(outputs.back().name));
    }
    WEFT_ASSIGN_OR_RETURN(const TensorType* type, TypeAt(o.type()));
    outputs.back().type = *type;
  }
  while (!outputs.empty() && outputs.back().name.empty()) outputs.pop_back();
  return outputs;
}

Status GraphDecoder::ReadNode(const graph_file::Node& node) {
  if (node.op() >= operators_.size()) {
    return DataLoss("operator {}, but there are {}", node.op(), operators_.size());
  }
  const OpDef& op = *operators_[node.op()];
  std::shared_ptr<void> attributes = op.attributes.make();
  WEFT_RETURN_IF_ERROR(ReadAttributes(node, op, attributes.get()));
  WEFT_ASSIGN_OR_RETURN(std::vector<ValueId> operands, Operands(node.inputs()));
  WEFT_ASSIGN_OR_RETURN(std::vector<Graph::NewOutput> outputs, Results(node));
  if (node.phase() > graph_file::Phase::MAX) return DataLoss("phase {}", static_cast<int>(node.phase()));
  if (node.clone() < 0) return DataLoss("clone number {}", node.clone());
  const std::string scope = Copy(node.scope());
  WEFT_RETURN_IF_ERROR(budget_.Check());
  const NodeId id = graph_.AddNode(op, std::move(attributes), std::move(operands), std::move(outputs), scope,
                                   static_cast<Phase>(node.phase()));
  graph_.SetClone(id, node.clone());
  for (ValueId v : graph_.node(id).outputs) {
    if (v != ValueId::kNone) values_.push_back(v);
  }
  return OkStatus();
}

}  // namespace weft
