#include "runtime/generate/weights.h"

#include <algorithm>
#include <set>

#include "base/data_type.h"
#include "base/suggest.h"
#include "ops/evaluate.h"
#include "ops/registry.h"

namespace weft {
namespace {

constexpr size_t kListed = 3;  // of each kind of mistake, in the message

// "2 tensors are missing ('a', 'b')"
void AddList(std::string_view what, const std::vector<std::string>& items, std::string* message) {
  if (items.empty()) return;
  if (!message->empty()) *message += "; ";
  *message += fmt::format("{} {} {} {}: ", items.size(), items.size() == 1 ? "tensor" : "tensors",
                          items.size() == 1 ? "is" : "are", what);
  for (size_t i = 0; i < std::min(items.size(), kListed); ++i) {
    *message += fmt::format("{}{}", i == 0 ? "" : ", ", items[i]);
  }
  if (items.size() > kListed) *message += ", ...";
}

struct Mistakes {
  std::vector<std::string> missing, unexpected, wrong;
};

Mistakes Compare(const Graph& model, const SafetensorsSet& weights, std::span<const std::string> ignored) {
  Mistakes m;
  std::set<std::string, std::less<>> known(ignored.begin(), ignored.end());
  std::vector<std::string> missing;
  for (const State& s : model.states()) {
    if (s.role != StateRole::kParameter) continue;
    known.insert(s.name);
    const SafetensorsEntry* e = weights.Find(s.name);
    if (e == nullptr) {
      missing.push_back(s.name);
      m.missing.push_back(fmt::format("'{}'", s.name));
      continue;
    }
    const TensorType& type = model.value(s.value).type;
    const bool converts = IsFloat(type.dtype) && IsFloat(e->dtype);
    if (ToDims(e->shape) == type.shape && (e->dtype == type.dtype || converts)) continue;
    m.wrong.push_back(fmt::format("'{}' is {}{}, expected {}", s.name, Name(e->dtype), ToString(e->shape),
                                  type.ToString()));
  }
  for (const std::string& name : weights.Names()) {
    if (known.contains(name)) continue;
    const std::string_view hint =
        ClosestMatch(name, std::vector<std::string_view>(missing.begin(), missing.end()));
    m.unexpected.push_back(hint.empty() ? fmt::format("'{}'", name)
                                        : fmt::format("'{}' (is it '{}'?)", name, hint));
  }
  return m;
}

Tensor Converted(const Tensor& from, DataType to) {
  const OpEntry* cast = FindOp("", "Cast");
  WEFT_CHECK(cast != nullptr);
  const std::shared_ptr<void> attributes = cast->def->attributes.make();
  for (const Field& f : cast->def->fields) {
    if (f.kind == AttributeKind::kDataType) *static_cast<DataType*>(f.get(attributes.get())) = to;
  }
  const Tensor* inputs[] = {&from};
  StatusOr<std::vector<Tensor>> result = EvaluateNode(*cast->def, attributes.get(), inputs);
  WEFT_CHECK(result.ok(), "{}", Message(result.status()));  // of floats, in memory
  return std::move((*result)[0]);
}

}  // namespace

Status BindWeights(const Graph& model, const SafetensorsSet& weights, std::span<const std::string> ignored,
                   Session* session) {
  const Mistakes m = Compare(model, weights, ignored);
  std::string message;
  AddList("missing", m.missing, &message);
  AddList("not in the model", m.unexpected, &message);
  AddList("of another type", m.wrong, &message);
  if (!message.empty()) return InvalidArgument("{}: {}", weights.path(), message);
  for (const State& s : model.states()) {
    if (s.role != StateRole::kParameter) continue;
    WEFT_ASSIGN_OR_RETURN(Tensor tensor, weights.Get(s.name));
    const DataType dtype = model.value(s.value).type.dtype;
    if (tensor.dtype() == dtype) {
      WEFT_RETURN_IF_ERROR(session->BindState(s.name, s.role, tensor));
      continue;
    }
    const auto make = [tensor, dtype] { return Converted(tensor, dtype); };
    WEFT_RETURN_IF_ERROR(session->BindState(s.name, s.role, dtype, tensor.shape(), make));
  }
  return OkStatus();
}

}  // namespace weft
