// Modules: a tree of named layers and parameters, as in PyTorch. A module computes nothing: its Forward emits
// nodes into the builder of the values it is given, under its own path as scope.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "frontends/layers/initializer.h"
#include "ir/builder.h"

namespace weft {

class Module;

// A trained tensor (Parameter) or a fixed one (Buffer) of a module; in a graph, a state called by its full
// name.
class Parameter {
 public:
  // Its initial value, by its full name.
  using InitFn = std::function<StatusOr<std::shared_ptr<const Graph>>(const std::string& full_name)>;
  Parameter(const Module* owner, std::string name, TensorType type, StateRole role, InitFn init)
      : owner_(owner), name_(std::move(name)), type_(std::move(type)), role_(role), init_(std::move(init)) {}

  // Its value in the graph being built: an input and a state, made at the first use.
  Var In(Builder& b) const;
  std::string FullName() const;  // "model.layers.3.mlp.up_proj.weight"
  const TensorType& type() const { return type_; }
  StateRole role() const { return role_; }

 private:
  const Module* owner_;
  std::string name_;
  TensorType type_;
  StateRole role_;
  InitFn init_;
};
using Buffer = Parameter;

class Module {
 public:
  Module() = default;
  virtual ~Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  std::string Path() const;  // "model.layers.3.mlp"; "" for the root
  // Every parameter and buffer below, in the order in which they were registered.
  std::vector<const Parameter*> Parameters() const;
  int64_t NumParameters() const;  // elements of parameters, buffers apart

 protected:
  // Makes a child module, owned by this one, called `name` ("a.b" nests).
  template <class M, class... Args>
  M& Register(std::string_view name, Args&&... args) {
    auto child = std::make_unique<M>(std::forward<Args>(args)...);
    M& result = *child;
    Adopt(name, std::move(child));
    return result;
  }
  const Parameter& AddParameter(std::string_view name, TensorType type, Initializer init);
  // A tensor that is computed once (from `init`: a graph with input seed) and never trained or saved.
  const Buffer& AddBuffer(std::string_view name, TensorType type, Parameter::InitFn init);
  void Adopt(std::string_view name, std::unique_ptr<Module> child);

 private:
  void Collect(std::vector<const Parameter*>* out) const;

  std::string name_;
  const Module* parent_ = nullptr;
  std::vector<std::unique_ptr<Module>> children_;
  std::vector<std::unique_ptr<Parameter>> parameters_;
};

// Sets the builder's scope to the module's path while it lives: the first line of every Forward.
class ModuleScope {
 public:
  ModuleScope(const Module& module, Builder& builder) : builder_(builder), saved_(builder.scope()) {
    builder.set_scope(module.Path());
  }
  ~ModuleScope() { builder_.set_scope(std::move(saved_)); }
  ModuleScope(const ModuleScope&) = delete;
  ModuleScope& operator=(const ModuleScope&) = delete;

 private:
  Builder& builder_;
  std::string saved_;
};

// Modules called "0", "1", ...
template <class M>
class ModuleList : public Module {
 public:
  template <class... Args>
  M& Append(Args&&... args) {
    modules_.push_back(&Register<M>(fmt::format("{}", modules_.size()), std::forward<Args>(args)...));
    return *modules_.back();
  }
  const M& operator[](size_t i) const { return *modules_[i]; }
  size_t size() const { return modules_.size(); }
  auto begin() const { return modules_.begin(); }
  auto end() const { return modules_.end(); }

 private:
  std::vector<M*> modules_;
};

// A module from one value to one value, and several of them in a row.
class UnaryModule : public Module {
 public:
  virtual Var Forward(Var x) const = 0;
};

class Sequential : public UnaryModule {
 public:
  template <class M, class... Args>
  Sequential& Append(Args&&... args) {
    modules_.push_back(&Register<M>(fmt::format("{}", modules_.size()), std::forward<Args>(args)...));
    return *this;
  }
  Var Forward(Var x) const override {
    for (const UnaryModule* m : modules_) x = m->Forward(x);
    return x;
  }

 private:
  std::vector<UnaryModule*> modules_;
};

}  // namespace weft
