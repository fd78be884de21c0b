#include "compiler/dot.h"

namespace weft {
namespace {

std::string Escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string_view ColorOf(Phase phase) {
  static constexpr std::string_view kColors[] = {"#dbe9f6", "#fbe3d0", "#dff0d8"};
  return kColors[static_cast<int>(phase)];
}

class DotPrinter {
 public:
  explicit DotPrinter(const Graph& graph) : graph_(graph) {}

  std::string Print() && {
    text_ = fmt::format(
        "digraph \"{}\" {{\n  node [fontname=\"Helvetica\", fontsize=10];\n"
        "  edge [fontname=\"Helvetica\", fontsize=8, color=\"#555555\"];\n",
        Escaped(graph_.name));
    for (ValueId v : graph_.inputs()) PrintInput(v);
    for (NodeId id : graph_.NodeIds()) PrintNode(id);
    for (ValueId v : graph_.outputs()) PrintOutput(v, graph_.value(v).name);
    for (const State& s : graph_.states()) {
      if (s.next != ValueId::kNone) PrintOutput(s.next, "state " + s.name);
    }
    text_ += "}\n";
    return std::move(text_);
  }

 private:
  void PrintInput(ValueId v) {
    const Value& value = graph_.value(v);
    text_ += fmt::format("  v{} [shape=ellipse, style=filled, fillcolor=\"#eeeeee\", label=\"{}\\n{}\"];\n",
                         static_cast<int>(v), Escaped(value.name), Escaped(value.type.ToString()));
  }

  void PrintNode(NodeId id) {
    const Node& node = graph_.node(id);
    const std::string domain = node.op->domain.empty() ? "" : std::string(node.op->domain) + ".";
    text_ += fmt::format(
        "  n{} [shape=box, style=\"filled,rounded\", fillcolor=\"{}\", label=\"{}{}\\n{}\"];\n",
        static_cast<int>(id), ColorOf(node.phase), domain, node.op->name, Escaped(graph_.TypesOf(id).scope));
    for (ValueId v : node.inputs) {
      if (v != ValueId::kNone && !graph_.value(v).constant) Edge(v, fmt::format("n{}", static_cast<int>(id)));
    }
  }

  void PrintOutput(ValueId v, std::string_view name) {
    if (graph_.value(v).constant) return;
    const int number = num_outputs_++;
    text_ += fmt::format("  o{} [shape=ellipse, style=filled, fillcolor=\"#fff7bc\", label=\"{}\"];\n",
                         number, Escaped(name));
    Edge(v, fmt::format("o{}", number));
  }

  void Edge(ValueId v, const std::string& to) {
    const Value& value = graph_.value(v);
    const std::string from = value.producer == NodeId::kNone
                                 ? fmt::format("v{}", static_cast<int>(v))
                                 : fmt::format("n{}", static_cast<int>(value.producer));
    text_ += fmt::format("  {} -> {} [label=\"{}\"];\n", from, to, Escaped(value.type.ToString()));
  }

  const Graph& graph_;
  std::string text_;
  int num_outputs_ = 0;
};

}  // namespace

std::string DotOf(const Graph& graph) { return DotPrinter(graph).Print(); }

}  // namespace weft
