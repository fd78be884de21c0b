// EncodeGraph: see graph_format.h.
#include <flatbuffers/flatbuffers.h>
#include <graph_generated.h>

#include <bit>
#include <cstring>
#include <map>
#include <type_traits>

#include "base/hash.h"
#include "base/quote.h"
#include "base/version.h"
#include "ir/attribute_kinds.h"
#include "ir/graph_format.h"

namespace weft {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are written as they lie in memory");

template <class T>
using Offset = flatbuffers::Offset<T>;

// A FlatBuffer cannot be larger than 2 GiB.
constexpr size_t kMaxBytes = size_t{1} << 30;

// Nothing for an empty list: the accessor then gives null, which the reader takes for empty.
template <class T>
Offset<flatbuffers::Vector<T>> VectorOf(flatbuffers::FlatBufferBuilder& builder,
                                        const std::vector<T>& items) {
  if (items.empty()) return {};
  return builder.CreateVector(items);
}
Offset<flatbuffers::String> TextOf(flatbuffers::FlatBufferBuilder& builder, std::string_view text) {
  if (text.empty()) return {};
  return builder.CreateString(text.data(), text.size());
}

// A body that is not there has its default, which is not written.
bool IsNoBody(const Field& field, const void* attributes) {
  return field.kind == AttributeKind::kGraph &&
         *static_cast<const GraphBody*>(field.Get(attributes)) == nullptr;
}

// One graph of the file.
class GraphEncoder {
 public:
  GraphEncoder(flatbuffers::FlatBufferBuilder& builder, const Graph& graph)
      : builder_(builder), graph_(graph) {}

  // `before` are the graphs before this one (initial values of states, bodies of nodes); constants of more
  // bytes than `max_inline` go to `outside`, if there is one.
  StatusOr<Offset<graph_file::Graph>> Encode(const std::map<const Graph*, int32_t>& before,
                                             int64_t max_inline, std::vector<NamedTensor>* outside) {
    before_ = &before;
    const auto inputs = Inputs();
    const auto constants = Constants(max_inline, outside);
    WEFT_ASSIGN_OR_RETURN(const auto nodes, Nodes());
    const auto outputs = Outputs();
    const auto states = States();
    const auto bounds = Bounds();
    const auto types = VectorOf(builder_, types_);  // after all that names a type, which may name formulas
    const auto formulas = VectorOf(builder_, formulas_);
    const auto operators = VectorOf(builder_, operators_);
    return graph_file::CreateGraph(builder_, TextOf(builder_, graph_.name), bounds, formulas, types,
                                   operators, inputs, constants, nodes, outputs, states);
  }

 private:
  template <class T>
  using Tables = Offset<flatbuffers::Vector<Offset<T>>>;
  Offset<flatbuffers::String> Text(std::string_view text) { return TextOf(builder_, text); }
  Offset<flatbuffers::String> Required(std::string_view text) {
    return builder_.CreateString(text.data(), text.size());
  }

  graph_file::Dim DimOf(const Dim& dim) {
    if (dim.is_constant()) return {dim.value(), 0};
    const std::string text = dim.ToString();
    const auto [it, added] = formula_of_.emplace(text, static_cast<uint32_t>(formulas_.size() + 1));
    if (added) formulas_.push_back(graph_file::CreateFormula(builder_, Required(text)));
    return {0, it->second};
  }
  Offset<flatbuffers::Vector<const graph_file::Dim*>> DimsOf(const Dims& dims) {
    std::vector<graph_file::Dim> all;
    for (const Dim& d : dims) all.push_back(DimOf(d));
    if (all.empty()) return {};
    return builder_.CreateVectorOfStructs(all);
  }

  uint32_t TypeOf(const TensorType& type) {
    const auto [it, added] = type_of_.emplace(type.ToString(), static_cast<uint32_t>(types_.size()));
    if (added) {
      const auto shape = DimsOf(type.shape);
      types_.push_back(graph_file::CreateType(builder_, static_cast<uint8_t>(OnnxCode(type.dtype)), shape));
    }
    return it->second;
  }
  uint32_t OperatorOf(const OpDef& op) {
    const auto [it, added] = operator_of_.emplace(&op, static_cast<uint32_t>(operators_.size()));
    if (added) {
      const auto domain = Text(op.domain);
      operators_.push_back(graph_file::CreateOperator(builder_, domain, Required(op.name)));
    }
    return it->second;
  }

  // ---- attributes

  using Value = std::pair<graph_file::AttributeValue, Offset<void>>;
  Value ValueOf(int64_t v) {
    return {graph_file::AttributeValue::Int, graph_file::CreateInt(builder_, v).Union()};
  }
  Value ValueOf(float v) {
    return {graph_file::AttributeValue::Float, graph_file::CreateFloat(builder_, v).Union()};
  }
  Value ValueOf(bool v) {
    return {graph_file::AttributeValue::Bool, graph_file::CreateBool(builder_, v).Union()};
  }
  Value ValueOf(const std::string& v) {
    return {graph_file::AttributeValue::String, graph_file::CreateString(builder_, Required(v)).Union()};
  }
  Value ValueOf(DataType v) {
    return {graph_file::AttributeValue::Element,
            graph_file::CreateElement(builder_, static_cast<uint8_t>(OnnxCode(v))).Union()};
  }
  Value ValueOf(const Dim& v) {
    const graph_file::Dim dim = DimOf(v);
    return {graph_file::AttributeValue::Size, graph_file::CreateSize(builder_, &dim).Union()};
  }
  Value ValueOf(const std::vector<int64_t>& v) {
    return {graph_file::AttributeValue::Ints,
            graph_file::CreateInts(builder_, VectorOf(builder_, v)).Union()};
  }
  Value ValueOf(const std::vector<float>& v) {
    return {graph_file::AttributeValue::Floats,
            graph_file::CreateFloats(builder_, VectorOf(builder_, v)).Union()};
  }
  Value ValueOf(const Dims& v) {
    return {graph_file::AttributeValue::Sizes, graph_file::CreateSizes(builder_, DimsOf(v)).Union()};
  }

  Value ValueOf(const GraphBody& v) {
    const auto number = static_cast<uint32_t>(before_->at(v.get()));
    return {graph_file::AttributeValue::Body, graph_file::CreateBody(builder_, number).Union()};
  }

  Tables<graph_file::Attribute> Attributes(const Node& node) {
    std::vector<Offset<graph_file::Attribute>> all;
    for (const Field& field : node.op->fields) {
      if (IsNoBody(field, node.attributes.get())) continue;
      const Value value = WithTypeOf(field, [&]<class T>() {
        return ValueOf(*static_cast<const T*>(field.Get(node.attributes.get())));
      });
      all.push_back(graph_file::CreateAttribute(builder_, Required(field.name), value.first, value.second));
    }
    return VectorOf(builder_, all);
  }

  // ---- values and nodes

  Tables<graph_file::Input> Inputs() {
    std::vector<Offset<graph_file::Input>> all;
    for (ValueId id : graph_.inputs()) {
      const weft::Value& v = graph_.value(id);
      const uint32_t type = TypeOf(v.type);
      all.push_back(graph_file::CreateInput(builder_, Required(v.name), type));
      Number(id);
    }
    return VectorOf(builder_, all);
  }

  Tables<graph_file::Constant> Constants(int64_t max_inline, std::vector<NamedTensor>* outside) {
    std::vector<Offset<graph_file::Constant>> all;
    for (ValueId id : graph_.ConstantIds()) {
      const weft::Value& v = graph_.value(id);
      const Tensor& tensor = *v.constant;
      const std::span bytes(static_cast<const std::byte*>(tensor.data()), tensor.size_bytes());
      const bool leave = outside != nullptr && static_cast<int64_t>(bytes.size()) > max_inline &&
                         !SafetensorsName(tensor.dtype()).empty();
      if (leave) outside->push_back({v.name, tensor});
      const uint32_t type = TypeOf(v.type);
      const auto name = Required(v.name);
      Offset<flatbuffers::Vector<uint8_t>> data;
      if (!leave && !bytes.empty()) {
        data = builder_.CreateVector(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
      }
      all.push_back(
          graph_file::CreateConstant(builder_, name, type, data, leave, leave ? HashContents(bytes) : 0));
      Number(id);
    }
    return VectorOf(builder_, all);
  }

  StatusOr<Tables<graph_file::Node>> Nodes() {
    std::vector<Offset<graph_file::Node>> all;
    for (NodeId id : graph_.NodeIds()) {
      all.push_back(EncodeNode(graph_.node(id)));
      if (builder_.GetSize() > kMaxBytes)
        return ResourceExhausted("the graph is too large for the file form");
    }
    return VectorOf(builder_, all);
  }

  Offset<graph_file::Node> EncodeNode(const Node& node) {
    std::vector<int32_t> inputs;
    for (ValueId v : node.inputs) inputs.push_back(v == ValueId::kNone ? -1 : numbers_.at(v));
    while (!inputs.empty() && inputs.back() < 0) inputs.pop_back();
    std::vector<Offset<graph_file::Output>> outputs;
    size_t present = node.outputs.size();
    while (present > 0 && node.outputs[present - 1] == ValueId::kNone) --present;
    for (size_t i = 0; i < present; ++i) {
      const ValueId id = node.outputs[i];
      if (id == ValueId::kNone) {
        outputs.push_back(graph_file::CreateOutput(builder_));
        continue;
      }
      const uint32_t type = TypeOf(graph_.value(id).type);
      outputs.push_back(graph_file::CreateOutput(builder_, Required(graph_.value(id).name), type));
      Number(id);
    }
    const uint32_t op = OperatorOf(*node.op);
    const auto operands = VectorOf(builder_, inputs);
    const auto results = VectorOf(builder_, outputs);
    const auto attributes = Attributes(node);
    return graph_file::CreateNode(builder_, op, operands, results, attributes, Text(node.scope),
                                  static_cast<graph_file::Phase>(node.phase), node.clone);
  }

  Offset<flatbuffers::Vector<uint32_t>> Outputs() {
    std::vector<uint32_t> all;
    for (ValueId v : graph_.outputs()) all.push_back(static_cast<uint32_t>(numbers_.at(v)));
    return VectorOf(builder_, all);
  }

  Tables<graph_file::State> States() {
    std::vector<Offset<graph_file::State>> all;
    for (const State& s : graph_.states()) {
      const int32_t next = s.next == ValueId::kNone ? -1 : numbers_.at(s.next);
      const int32_t init = s.init == nullptr ? -1 : before_->at(s.init.get());
      all.push_back(graph_file::CreateState(builder_, Required(s.name), static_cast<graph_file::Role>(s.role),
                                            static_cast<uint32_t>(numbers_.at(s.value)), next, init));
    }
    return VectorOf(builder_, all);
  }

  Tables<graph_file::Bound> Bounds() {
    std::vector<Offset<graph_file::Bound>> all;
    for (const auto& [symbol, bound] : graph_.symbol_bounds) {
      all.push_back(graph_file::CreateBound(builder_, Required(symbol), bound));
    }
    return VectorOf(builder_, all);
  }

  void Number(ValueId id) { numbers_.emplace(id, static_cast<int32_t>(numbers_.size())); }

  flatbuffers::FlatBufferBuilder& builder_;
  const Graph& graph_;
  const std::map<const Graph*, int32_t>* before_ = nullptr;  // looked up only
  std::vector<Offset<graph_file::Formula>> formulas_;
  std::vector<Offset<graph_file::Type>> types_;
  std::vector<Offset<graph_file::Operator>> operators_;
  // looked up only
  std::map<std::string, uint32_t> formula_of_, type_of_;
  std::map<const OpDef*, uint32_t> operator_of_;
  std::map<ValueId, int32_t> numbers_;
};

// The numbers of the file are those of the enumerations.
static_assert(static_cast<int>(graph_file::Phase::MAX) == static_cast<int>(Phase::kOptimizer));
static_assert(static_cast<int>(graph_file::Phase::Backward) == static_cast<int>(Phase::kBackward));
static_assert(static_cast<int>(graph_file::Role::MAX) == static_cast<int>(StateRole::kDerived));
static_assert(static_cast<int>(graph_file::Role::Parameter) == static_cast<int>(StateRole::kParameter));
static_assert(static_cast<int>(graph_file::Role::Optimizer) == static_cast<int>(StateRole::kOptimizer));
static_assert(static_cast<int>(graph_file::Role::Accumulator) == static_cast<int>(StateRole::kAccumulator));
static_assert(static_cast<int>(graph_file::Role::Cache) == static_cast<int>(StateRole::kCache));
static_assert(static_cast<int>(graph_file::Role::Buffer) == static_cast<int>(StateRole::kBuffer));

void AppendNumber(std::string* bytes, uint64_t number, int size) {
  for (int i = 0; i < size; ++i) bytes->push_back(static_cast<char>(number >> 8 * i & 0xff));
}

// All graphs of a file: each after those that it names.
class FileEncoder {
 public:
  explicit FileEncoder(flatbuffers::FlatBufferBuilder& builder) : builder_(builder) {}

  Status AddInits(const Graph& graph) {
    for (const State& s : graph.states()) {
      if (s.init == nullptr) continue;
      if (!s.init->states().empty()) {
        return InvalidArgument("the initial value of state {} has states of its own", Quote(s.name));
      }
      WEFT_RETURN_IF_ERROR(Add(*s.init, 0));
    }
    return OkStatus();
  }

  Status AddBodies(const Graph& graph, int depth) {
    for (NodeId id : graph.NodeIds()) {
      const Node& node = graph.node(id);
      for (const Field& field : node.op->fields) {
        if (field.kind != AttributeKind::kGraph || IsNoBody(field, node.attributes.get())) continue;
        const Graph& body = **static_cast<const GraphBody*>(field.Get(node.attributes.get()));
        if (depth >= kMaxDepth) return InvalidArgument("{}: bodies nested too deeply", graph.Describe(id));
        if (!body.states().empty()) return InvalidArgument("{}: its body has states", graph.Describe(id));
        WEFT_RETURN_IF_ERROR(Add(body, depth + 1));
      }
    }
    return OkStatus();
  }

  Status AddProgram(const Graph& graph, int64_t max_inline, std::vector<NamedTensor>* outside) {
    WEFT_RETURN_IF_ERROR(AddInits(graph));
    WEFT_RETURN_IF_ERROR(AddBodies(graph, 0));
    WEFT_ASSIGN_OR_RETURN(const auto program,
                          GraphEncoder(builder_, graph).Encode(numbers_, max_inline, outside));
    graphs_.push_back(program);
    return OkStatus();
  }

  const std::vector<Offset<graph_file::Graph>>& graphs() const { return graphs_; }

 private:
  static constexpr int kMaxDepth = 16;  // of bodies in bodies

  Status Add(const Graph& graph, int depth) {
    if (numbers_.contains(&graph)) return OkStatus();
    WEFT_RETURN_IF_ERROR(AddBodies(graph, depth));
    WEFT_ASSIGN_OR_RETURN(const auto encoded, GraphEncoder(builder_, graph).Encode(numbers_, 0, nullptr));
    numbers_.emplace(&graph, static_cast<int32_t>(graphs_.size()));
    graphs_.push_back(encoded);
    return OkStatus();
  }

  flatbuffers::FlatBufferBuilder& builder_;
  std::vector<Offset<graph_file::Graph>> graphs_;
  std::map<const Graph*, int32_t> numbers_;  // looked up only
};

}  // namespace

StatusOr<EncodedGraph> EncodeGraph(const Graph& graph, const GraphEncodeOptions& options) {
  EncodedGraph encoded;
  flatbuffers::FlatBufferBuilder builder(1 << 16);
  FileEncoder file(builder);
  WEFT_RETURN_IF_ERROR(file.AddProgram(graph, options.max_inline_bytes, &encoded.outside));
  const auto producer = builder.CreateString(fmt::format("weft {}", kVersion));
  const auto list = builder.CreateVector(file.graphs());
  graph_file::FinishFileBuffer(builder, graph_file::CreateFile(builder, producer, list));
  if (builder.GetSize() > kMaxBytes) return ResourceExhausted("the graph is too large for the file form");
  encoded.bytes.assign(reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize());
  AppendNumber(&encoded.bytes, kGraphFormatVersion, 4);
  AppendNumber(&encoded.bytes, 0, 4);
  AppendNumber(&encoded.bytes, HashContents(std::as_bytes(std::span(encoded.bytes))), 8);
  return encoded;
}

}  // namespace weft
