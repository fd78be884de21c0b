#include "ir/equal.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace weft {
namespace {

template <class T>
bool SameFloats(const Tensor& a, const Tensor& b) {
  const std::span<const T> x = a.as<T>(), y = b.as<T>();
  return std::equal(x.begin(), x.end(), y.begin(), [](T p, T q) {
    if (std::isnan(p) || std::isnan(q))
      return std::isnan(p) && std::isnan(q) && std::signbit(p) == std::signbit(q);
    return std::memcmp(&p, &q, sizeof p) == 0;
  });
}

class Comparer {
 public:
  Comparer(const Graph& a, const Graph& b) : a_(a), b_(b) {}

  bool Run() {
    if (a_.symbol_bounds != b_.symbol_bounds) return Differ("the bounds of symbols differ");
    return Values("input", a_.inputs(), b_.inputs()) && Constants() && Nodes() &&
           Values("output", a_.outputs(), b_.outputs()) && States();
  }
  std::string why;

 private:
  bool Differ(std::string what) {
    why = std::move(what);
    return false;
  }
  static std::string NameOf(const Graph& g, ValueId v) { return v == ValueId::kNone ? "" : g.value(v).name; }

  // The same names and types; trailing absent ones do not count.
  bool Values(std::string_view what, std::vector<ValueId> a, std::vector<ValueId> b) {
    while (!a.empty() && a.back() == ValueId::kNone) a.pop_back();
    while (!b.empty() && b.back() == ValueId::kNone) b.pop_back();
    if (a.size() != b.size()) return Differ(fmt::format("{} {}s, {}", a.size(), what, b.size()));
    for (size_t i = 0; i < a.size(); ++i) {
      const std::string x = NameOf(a_, a[i]), y = NameOf(b_, b[i]);
      if (x != y) return Differ(fmt::format("{} {} is '{}', '{}'", what, i, x, y));
      if (a[i] == ValueId::kNone) continue;
      const TensorType &s = a_.value(a[i]).type, &t = b_.value(b[i]).type;
      if (s != t) return Differ(fmt::format("{} '{}' is {}, {}", what, x, s.ToString(), t.ToString()));
    }
    return true;
  }

  bool Constants() {
    const std::vector<ValueId> a = a_.ConstantIds(), b = b_.ConstantIds();
    if (!Values("constant", a, b)) return false;
    for (size_t i = 0; i < a.size(); ++i) {
      if (!Equal(*a_.value(a[i]).constant, *b_.value(b[i]).constant)) {
        return Differ(fmt::format("the values of constant '{}' differ", a_.value(a[i]).name));
      }
    }
    return true;
  }

  bool Nodes() {
    if (a_.num_nodes() != b_.num_nodes()) {
      return Differ(fmt::format("{} nodes, {}", a_.num_nodes(), b_.num_nodes()));
    }
    const std::vector<NodeId> a = a_.NodeIds(), b = b_.NodeIds();
    for (size_t i = 0; i < a.size(); ++i) {
      if (SameNode(a[i], b[i])) continue;
      why = fmt::format("node {}, {}: {}", i, a_.Describe(a[i]), why);
      return false;
    }
    return true;
  }

  bool SameNode(NodeId x, NodeId y) {
    const Node &a = a_.node(x), &b = b_.node(y);
    if (a.op != b.op) return Differ(fmt::format("operator {}, {}", a.op->name, b.op->name));
    if (!AttributesEqual(a.op->fields, a.attributes.get(), b.attributes.get())) {
      return Differ(fmt::format("attributes {}; {}", DescribeAttributes(a.op->fields, a.attributes.get()),
                                DescribeAttributes(b.op->fields, b.attributes.get())));
    }
    if (a.scope != b.scope) return Differ(fmt::format("scope '{}', '{}'", a.scope, b.scope));
    if (a.phase != b.phase) return Differ(fmt::format("phase {}, {}", Name(a.phase), Name(b.phase)));
    if (a.clone != b.clone) return Differ(fmt::format("clone {}, {}", a.clone, b.clone));
    return Values("operand", a.inputs, b.inputs) && Values("output", a.outputs, b.outputs);
  }

  bool States() {
    if (a_.states().size() != b_.states().size()) {
      return Differ(fmt::format("{} states, {}", a_.states().size(), b_.states().size()));
    }
    for (size_t i = 0; i < a_.states().size(); ++i) {
      const State &a = a_.states()[i], &b = b_.states()[i];
      if (a.name != b.name) return Differ(fmt::format("state {} is '{}', '{}'", i, a.name, b.name));
      const bool same = a.role == b.role && NameOf(a_, a.value) == NameOf(b_, b.value) &&
                        NameOf(a_, a.next) == NameOf(b_, b.next) &&
                        (a.init == nullptr) == (b.init == nullptr);
      if (!same) return Differ(fmt::format("state '{}': role, value, next or initial value differ", a.name));
      if (a.init == nullptr) continue;
      Comparer init(*a.init, *b.init);  // its graph's name says nothing
      if (!init.Run()) return Differ(fmt::format("initial value of state '{}': {}", a.name, init.why));
    }
    return true;
  }

  const Graph& a_;
  const Graph& b_;
};

}  // namespace

bool Equal(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || a.shape() != b.shape()) return false;
  if (a.dtype() == DataType::kF32) return SameFloats<float>(a, b);
  if (a.dtype() == DataType::kF64) return SameFloats<double>(a, b);
  return a.size_bytes() == 0 || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

bool Equal(const Graph& a, const Graph& b, std::string* why) {
  Comparer comparer(a, b);
  bool same = comparer.Run();
  if (same && a.name != b.name) {
    same = false;
    comparer.why = fmt::format("the graphs are called '{}', '{}'", a.name, b.name);
  }
  if (why != nullptr) *why = comparer.why;
  return same;
}

}  // namespace weft
