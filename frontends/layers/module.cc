#include "frontends/layers/module.h"

namespace weft {

Var Parameter::In(Builder& b) const {
  const std::string name = FullName();
  Graph& graph = b.graph();
  if (const State* state = graph.FindStateByName(name)) return b.Wrap(state->value);
  if (graph.Find(name) != ValueId::kNone) {
    b.SetError(InvalidArgument("parameter '{}': another value of the graph has that name", name));
    return {};
  }
  StatusOr<std::shared_ptr<const Graph>> init = init_(name);
  if (!init.ok()) {
    b.SetError(init.status());
    return {};
  }
  const Var value = b.Input(name, type_);
  graph.AddState({name, role_, value.id, ValueId::kNone, *std::move(init)});
  return value;
}

std::string Parameter::FullName() const {
  const std::string path = owner_->Path();
  return path.empty() ? name_ : path + "." + name_;
}

std::string Module::Path() const {
  if (parent_ == nullptr) return name_;
  const std::string above = parent_->Path();
  return above.empty() ? name_ : above + "." + name_;
}

void Module::Collect(std::vector<const Parameter*>* out) const {
  for (const auto& p : parameters_) out->push_back(p.get());
  for (const auto& c : children_) c->Collect(out);
}

std::vector<const Parameter*> Module::Parameters() const {
  std::vector<const Parameter*> all;
  Collect(&all);
  return all;
}

int64_t Module::NumParameters() const {
  int64_t n = 0;
  for (const Parameter* p : Parameters()) {
    if (p->role() == StateRole::kParameter) n += p->type().num_elements().value();
  }
  return n;
}

const Parameter& Module::AddParameter(std::string_view name, TensorType type, Initializer init) {
  auto graph = [init, type](const std::string& full_name) { return InitGraph(init, full_name, type); };
  parameters_.push_back(
      std::make_unique<Parameter>(this, std::string(name), type, StateRole::kParameter, std::move(graph)));
  return *parameters_.back();
}

const Buffer& Module::AddBuffer(std::string_view name, TensorType type, Parameter::InitFn init) {
  parameters_.push_back(std::make_unique<Buffer>(this, std::string(name), std::move(type), StateRole::kBuffer,
                                                 std::move(init)));
  return *parameters_.back();
}

void Module::Adopt(std::string_view name, std::unique_ptr<Module> child) {
  child->name_ = name;
  child->parent_ = this;
  children_.push_back(std::move(child));
}

}  // namespace weft
