#include "ir/body.h"

#include <fmt/format.h>

#include <map>

#include "base/hash.h"
#include "ir/equal.h"

namespace weft {
namespace {

constexpr int64_t kMaxWritten = 16;  // elements of a constant

std::string ElementsOf(const Tensor& tensor) {
  std::string text;
  for (int64_t i = 0; i < tensor.num_elements(); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", ElementAsDouble(tensor, i));
  }
  return text;
}

std::string HashOf(const Tensor& tensor) {
  return HashText(HashContents({static_cast<const std::byte*>(tensor.data()), tensor.size_bytes()}));
}

// Values by number: x0, x1, ... the inputs, v0, v1, ... what nodes give; constants by what they hold.
class BodyWriter {
 public:
  BodyWriter(const Graph& body, bool exact) : body_(body), exact_(exact) {
    for (ValueId v : body.inputs()) names_[v] = fmt::format("x{}", names_.size());
    for (ValueId v : body.ConstantIds()) names_[v] = Constant(body.value(v));
    int next = 0;
    for (NodeId id : body.NodeIds()) {
      for (ValueId v : body.node(id).outputs) {
        if (v != ValueId::kNone) names_[v] = fmt::format("v{}", next++);
      }
    }
  }

  std::string List(const std::vector<ValueId>& values) const {
    std::string text;
    for (size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : ", ") + Name(values[i]);
    return text;
  }

  std::string Steps(std::string_view separator) const {
    std::string text;
    for (NodeId id : body_.NodeIds()) {
      const Node& node = body_.node(id);
      if (!text.empty()) text += separator;
      text += fmt::format("{} = {}{}{}({})", List(node.outputs), node.op->domain,
                          node.op->domain.empty() ? "" : ".", node.op->name, List(node.inputs));
      const std::string attributes = DescribeAttributes(node.op->fields, node.attributes.get());
      if (!attributes.empty()) text.insert(text.rfind('('), fmt::format("<{}>", attributes));
    }
    return text;
  }

 private:
  std::string Name(ValueId v) const { return v == ValueId::kNone ? "-" : names_.at(v); }
  std::string Constant(const Value& value) const {
    const Tensor& tensor = *value.constant;
    const std::string data = tensor.num_elements() <= kMaxWritten ? ElementsOf(tensor) : HashOf(tensor);
    if (!exact_) return tensor.num_elements() == 1 ? data : value.type.ToString();
    return fmt::format("{}{{{}}}", value.type.ToString(), data);
  }

  const Graph& body_;
  bool exact_;
  std::map<ValueId, std::string> names_;
};

}  // namespace

std::string BodyText(const Graph& body) {
  const BodyWriter writer(body, true);
  std::string types;
  for (ValueId v : body.inputs()) types += (types.empty() ? "" : ", ") + body.value(v).type.ToString();
  return fmt::format("({}) => {{{}}} => ({})", types, writer.Steps("; "), writer.List(body.outputs()));
}

std::string BodySteps(const Graph& body) { return BodyWriter(body, false).Steps(", "); }

bool SameBody(const Graph& a, const Graph& b) {
  if (BodyText(a) != BodyText(b)) return false;
  // Constants that the text only hashes, and the sign of zeros and NaNs.
  const std::vector<ValueId> x = a.ConstantIds(), y = b.ConstantIds();
  if (x.size() != y.size()) return false;
  for (size_t i = 0; i < x.size(); ++i) {
    if (!Equal(*a.value(x[i]).constant, *b.value(y[i]).constant)) return false;
  }
  return true;
}

std::shared_ptr<const Graph> BodyWithDims(const Graph& body, const std::function<void(Dim&)>& change) {
  auto changed = std::make_shared<Graph>(body);
  for (size_t i = 0; i < changed->num_value_slots(); ++i) {
    const auto id = static_cast<ValueId>(i);
    if (!changed->value(id).alive || changed->value(id).constant != nullptr) continue;
    TensorType type = changed->value(id).type;
    for (Dim& d : type.shape) change(d);
    changed->SetType(id, std::move(type));
  }
  for (NodeId id : changed->NodeIds()) {
    const Node& node = changed->node(id);
    std::shared_ptr<void> attributes = node.op->attributes.copy(node.attributes.get());
    ForEachDim(node.op->fields, attributes.get(), change);
    changed->SetAttributes(id, std::move(attributes));
  }
  return changed;
}

void CollectBodySymbols(const Graph& body, std::vector<std::string>* symbols) {
  for (size_t i = 0; i < body.num_value_slots(); ++i) {
    const Value& value = body.value(static_cast<ValueId>(i));
    if (!value.alive) continue;
    for (const Dim& d : value.type.shape) d.CollectSymbols(symbols);
  }
  for (NodeId id : body.NodeIds()) {
    CollectSymbols(body.node(id).op->fields, body.node(id).attributes.get(), symbols);
  }
}

}  // namespace weft
