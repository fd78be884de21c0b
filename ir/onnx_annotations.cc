#include "ir/onnx_annotations.h"

#include <charconv>

#include "base/quote.h"
#include "base/suggest.h"

namespace weft {
namespace {

constexpr Phase kPhases[] = {Phase::kForward, Phase::kBackward, Phase::kOptimizer};

bool TakePhase(std::string_view* label, Phase* phase) {
  for (Phase p : kPhases) {
    const std::string_view name = Name(p);
    if (label->substr(0, name.size()) != name || label->substr(name.size(), 1) != ":") continue;
    *phase = p;
    label->remove_prefix(name.size() + 1);
    return true;
  }
  return false;
}

// Reads digits only: no sign, no blank.
template <class T>
bool ReadDigits(std::string_view text, T* value) {
  if (text.empty() || text[0] < '0' || text[0] > '9') return false;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && at == text.data() + text.size();
}

}  // namespace

std::string WriteLabel(const Node& node, int64_t number) {
  if (node.scope.empty() && node.phase == Phase::kForward && node.clone == 0) return "";
  std::string_view rest = node.scope;
  Phase ignored;
  const bool misleading = TakePhase(&rest, &ignored);  // a scope that begins like a phase
  std::string label;
  if (node.phase != Phase::kForward || misleading) label = fmt::format("{}:", Name(node.phase));
  label += fmt::format("{}/{}", node.scope, number);
  if (node.clone != 0) label += fmt::format("~{}", node.clone);
  return label;
}

NodeLabel ReadLabel(std::string_view label) {
  NodeLabel out;
  const std::string_view whole = label;
  const size_t slash = label.rfind('/');
  if (slash == std::string_view::npos) return {std::string(whole)};
  std::string_view number = label.substr(slash + 1);
  if (const size_t tilde = number.find('~'); tilde != std::string_view::npos) {
    if (!ReadDigits(number.substr(tilde + 1), &out.clone)) return {std::string(whole)};
    number = number.substr(0, tilde);
  }
  int64_t ignored = 0;
  if (!ReadDigits(number, &ignored)) return {std::string(whole)};
  label = label.substr(0, slash);
  TakePhase(&label, &out.phase);
  out.scope = label;
  return out;
}

std::string WriteStateNote(const StateNote& note) {
  std::string text(Name(note.role));
  if (!note.init.empty() || !note.name.empty()) text += " " + (note.init.empty() ? "-" : note.init);
  if (!note.name.empty()) text += " " + note.name;
  return text;
}

StatusOr<StateNote> ReadStateNote(std::string_view text) {
  static constexpr std::string_view kRoles[] = {"parameter", "optimizer", "accumulator",
                                                "cache",     "buffer",    "derived"};
  StateNote note;
  const auto word = [&] {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view w = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return w;
  };
  const std::string_view role = word();
  if (!FromName(role, &note.role)) {
    return InvalidArgument("{} is no role of a state{}", Quote(role), DidYouMean(role, kRoles));
  }
  const std::string_view init = word();
  if (init != "-") note.init = init;
  note.name = text;
  return note;
}

StatusOr<int64_t> ReadCount(std::string_view text) {
  int64_t value = 0;
  if (ReadDigits(text, &value) && value > 0) return value;
  return InvalidArgument("{} is no positive number", Quote(text));
}

}  // namespace weft
