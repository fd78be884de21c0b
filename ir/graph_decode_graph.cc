// One graph of a `.weft` file: the order of things, types, values, states.
#include <algorithm>
#include <cstring>
#include <set>

#include "base/hash.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "ir/graph_decode_internal.h"
#include "ir/type_limits.h"

namespace weft {
namespace {

StatusOr<Tensor> Outside(const graph_file::Constant& c, const std::string& name, const TensorType& type,
                         const OutsideConstants* outside) {
  if (Count(c.data()) != 0) return DataLoss("its data lies inside and outside");
  if (outside == nullptr || !*outside) return NotFound("its data lies in another file");
  WEFT_ASSIGN_OR_RETURN(Tensor tensor, (*outside)(name));
  if (tensor.dtype() != type.dtype || tensor.shape() != ToShape(type.shape)) {
    return DataLoss("outside it is {}{}, expected {}", Name(tensor.dtype()), ToString(tensor.shape()),
                    type.ToString());
  }
  if (HashContents({static_cast<const std::byte*>(tensor.data()), tensor.size_bytes()}) != c.hash()) {
    return DataLoss("its data outside has changed: its hash is another");
  }
  return tensor;
}

}  // namespace

StatusOr<Graph> GraphDecoder::Decode(const Graphs& before, const OutsideConstants* outside) {
  before_ = &before;
  graph_.name = Copy(file_.name());
  WEFT_RETURN_IF_ERROR(ReadBounds());
  WEFT_RETURN_IF_ERROR(ReadFormulas());
  WEFT_RETURN_IF_ERROR(ReadTypes());
  WEFT_RETURN_IF_ERROR(ReadOperators());
  WEFT_RETURN_IF_ERROR(ReadInputs());
  for (uint32_t i = 0; i < Count(file_.constants()); ++i) {
    WEFT_RETURN_IF_ERROR(ReadConstant(*file_.constants()->Get(i), outside));
  }
  for (uint32_t i = 0; i < Count(file_.nodes()); ++i) {
    if (Status s = ReadNode(*file_.nodes()->Get(i)); !s.ok()) return Prefix(fmt::format("node {}", i), s);
  }
  WEFT_RETURN_IF_ERROR(ReadOutputs());
  for (uint32_t i = 0; i < Count(file_.states()); ++i) {
    const graph_file::State& state = *file_.states()->Get(i);
    if (Status s = ReadState(state, before); !s.ok()) {
      return Prefix(fmt::format("state {}", Quote(TextOf(state.name()))), s);
    }
  }
  WEFT_RETURN_IF_ERROR(budget_.Check());
  WEFT_RETURN_IF_ERROR(Verify(graph_));
  return std::move(graph_);
}

std::string GraphDecoder::Copy(const flatbuffers::String* text) {
  const std::string_view view = TextOf(text);
  budget_.Take(view.size());
  return std::string(view);
}

Status GraphDecoder::ReadBounds() {
  for (uint32_t i = 0; i < Count(file_.bounds()); ++i) {
    const graph_file::Bound& b = *file_.bounds()->Get(i);
    if (b.bound() <= 0) {
      return DataLoss("the bound of {} is {}, expected a positive number", Quote(TextOf(b.symbol())),
                      b.bound());
    }
    if (!graph_.symbol_bounds.emplace(Copy(b.symbol()), b.bound()).second) {
      return DataLoss("{} has two bounds", Quote(TextOf(b.symbol())));
    }
  }
  return budget_.Check();
}

Status GraphDecoder::ReadFormulas() {
  for (uint32_t i = 0; i < Count(file_.formulas()); ++i) {
    const std::string_view text = TextOf(file_.formulas()->Get(i)->text());
    budget_.Take(text.size());
    WEFT_RETURN_IF_ERROR(budget_.Check());
    StatusOr<Dim> dim = Dim::Parse(text);
    if (!dim.ok() || dim->is_constant() || dim->ToString() != text) {
      return DataLoss("{} is no formula in normal form", Quote(text));
    }
    formulas_.push_back(*std::move(dim));
  }
  return OkStatus();
}

Status GraphDecoder::ReadTypes() {
  for (uint32_t i = 0; i < Count(file_.types()); ++i) {
    const graph_file::Type& t = *file_.types()->Get(i);
    TensorType& type = types_.emplace_back();
    if (!FromOnnxCode(t.element(), &type.dtype)) {
      return InvalidArgument("element type {} is none that weft has", t.element());
    }
    WEFT_RETURN_IF_ERROR(ReadDims(t.shape(), &type.shape));
    WEFT_RETURN_IF_ERROR(CheckType(type, fmt::format("type {}", i)));
  }
  return OkStatus();
}

StatusOr<const TensorType*> GraphDecoder::TypeAt(uint32_t index) const {
  if (index >= types_.size()) return DataLoss("type {}, but there are {}", index, types_.size());
  return &types_[index];
}

StatusOr<Dim> GraphDecoder::DimOf(const graph_file::Dim& dim) const {
  if (dim.formula() == 0) return Dim(dim.value());
  if (dim.formula() > formulas_.size() || dim.value() != 0) {
    return DataLoss("a dimension is formula {}, but there are {}", dim.formula(), formulas_.size());
  }
  return formulas_[dim.formula() - 1];
}

Status GraphDecoder::ReadDims(const flatbuffers::Vector<const graph_file::Dim*>* list, Dims* dims) {
  budget_.Take(Count(list) * sizeof(graph_file::Dim));
  WEFT_RETURN_IF_ERROR(budget_.Check());
  WEFT_RETURN_IF_ERROR(CheckAligned(list));
  dims->clear();
  for (uint32_t i = 0; i < Count(list); ++i) {
    WEFT_ASSIGN_OR_RETURN(Dim dim, DimOf(*list->Get(i)));
    dims->push_back(std::move(dim));
  }
  return OkStatus();
}

Status GraphDecoder::ReadOperators() {
  for (uint32_t i = 0; i < Count(file_.operators()); ++i) {
    const graph_file::Operator& o = *file_.operators()->Get(i);
    const std::string_view name = TextOf(o.name());
    const OpDef* op = options_.find ? options_.find(TextOf(o.domain()), name) : nullptr;
    if (op == nullptr) {
      const auto names = options_.names ? options_.names() : std::vector<std::string_view>();
      return InvalidArgument("operator {} is unknown{}", Quote(name), DidYouMean(name, names));
    }
    operators_.push_back(op);
  }
  return OkStatus();
}

// A value's name, which must be new.
StatusOr<std::string> GraphDecoder::NewName(const flatbuffers::String* text) {
  std::string name = Copy(text);
  WEFT_RETURN_IF_ERROR(budget_.Check());
  if (name.empty()) return DataLoss("a value without a name");
  if (graph_.Find(name) != ValueId::kNone) return DataLoss("two values are called {}", Quote(name));
  return name;
}

Status GraphDecoder::ReadInputs() {
  for (uint32_t i = 0; i < Count(file_.inputs()); ++i) {
    const graph_file::Input& input = *file_.inputs()->Get(i);
    WEFT_ASSIGN_OR_RETURN(std::string name, NewName(input.name()));
    WEFT_ASSIGN_OR_RETURN(const TensorType* type, TypeAt(input.type()));
    values_.push_back(graph_.AddInput(name, *type));
  }
  return OkStatus();
}

Status GraphDecoder::ReadConstant(const graph_file::Constant& c, const OutsideConstants* outside) {
  WEFT_ASSIGN_OR_RETURN(const std::string name, NewName(c.name()));
  WEFT_ASSIGN_OR_RETURN(const TensorType* type, TypeAt(c.type()));
  if (!IsConstant(type->shape)) {
    return DataLoss("constant {} is {}, expected a shape of numbers", Quote(name), type->ToString());
  }
  StatusOr<Tensor> tensor = c.outside() ? Outside(c, name, *type, outside) : Inside(c, *type);
  if (!tensor.ok()) return Prefix(fmt::format("constant {}", Quote(name)), tensor.status());
  values_.push_back(graph_.AddConstant(name, *std::move(tensor)));
  return OkStatus();
}

StatusOr<Tensor> GraphDecoder::Inside(const graph_file::Constant& c, const TensorType& type) {
  const size_t size = Count(c.data());
  budget_.Take(size);
  WEFT_RETURN_IF_ERROR(budget_.Check());
  const Shape shape = ToShape(type.shape);
  WEFT_ASSIGN_OR_RETURN(const int64_t bytes, CheckedSizeInBytes(type.dtype, shape));
  if (static_cast<int64_t>(size) != bytes) {
    return DataLoss("has {} bytes, expected {} for {}", size, bytes, type.ToString());
  }
  WEFT_ASSIGN_OR_RETURN(Tensor tensor, Tensor::Allocate(type.dtype, shape));
  if (size == 0) return tensor;
  if (type.dtype == DataType::kBool &&
      std::any_of(c.data()->begin(), c.data()->end(), [](uint8_t b) { return b > 1; })) {
    return DataLoss("a bool is neither 0 nor 1");
  }
  std::memcpy(tensor.mutable_data(), c.data()->data(), size);
  return tensor;
}

// ---- outputs and states

StatusOr<ValueId> GraphDecoder::ValueAt(int64_t index) const {
  if (index < 0 || index >= static_cast<int64_t>(values_.size())) {
    return DataLoss("value {}, but there are {}", index, values_.size());
  }
  return values_[static_cast<size_t>(index)];
}

Status GraphDecoder::ReadOutputs() {
  std::vector<ValueId> outputs;
  std::set<ValueId> seen;
  for (uint32_t i = 0; i < Count(file_.outputs()); ++i) {
    WEFT_ASSIGN_OR_RETURN(const ValueId v, ValueAt(file_.outputs()->Get(i)));
    if (!seen.insert(v).second) return DataLoss("{} is an output twice", Quote(graph_.value(v).name));
    outputs.push_back(v);
  }
  graph_.SetOutputs(std::move(outputs));
  return OkStatus();
}

StatusOr<std::shared_ptr<const Graph>> GraphDecoder::InitOf(const graph_file::State& s,
                                                            const TensorType& type, const Graphs& before) {
  if (s.init() < 0 || s.init() >= static_cast<int64_t>(before.size())) {
    return DataLoss("its initial value is graph {}, but there are {} before it", s.init(), before.size());
  }
  const std::shared_ptr<const Graph>& init = before[static_cast<size_t>(s.init())];
  if (!init->states().empty()) return DataLoss("its initial value has states");
  if (init->outputs().size() != 1 || init->value(init->outputs()[0]).type != type) {
    return InvalidArgument("its initial value must have one output, {}", type.ToString());
  }
  return init;
}

Status GraphDecoder::ReadState(const graph_file::State& s, const Graphs& before) {
  State state;
  state.name = Copy(s.name());
  WEFT_RETURN_IF_ERROR(budget_.Check());
  if (state.name.empty()) return DataLoss("has no name");
  if (s.role() > graph_file::Role::MAX) return DataLoss("role {}", static_cast<int>(s.role()));
  state.role = static_cast<StateRole>(s.role());
  WEFT_ASSIGN_OR_RETURN(state.value, ValueAt(s.value()));
  if (s.next() != -1) {
    WEFT_ASSIGN_OR_RETURN(state.next, ValueAt(s.next()));
  }
  if (s.init() != -1) {
    WEFT_ASSIGN_OR_RETURN(state.init, InitOf(s, graph_.value(state.value).type, before));
  }
  graph_.AddState(std::move(state));
  return OkStatus();
}

}  // namespace weft
