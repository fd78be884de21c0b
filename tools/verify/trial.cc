#include "tools/verify/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>

#include "base/hash.h"
#include "base/quote.h"
#include "compiler/passes/bind.h"
#include "ops/case_inputs.h"
#include "ops/text.h"

namespace weft {
namespace {

constexpr std::string_view kMark = "# weft verify:";
constexpr std::string_view kFills[] = {"normal", "uniform", "integers", "distinct", "given"};

// The numbers given, over and over.
Tensor Repeated(const Tensor& given, DataType dtype, const Shape& shape) {
  if (given.dtype() == dtype && given.shape() == shape) return given;
  Tensor t = Tensor::Zeros(dtype, shape);
  const int64_t n = given.num_elements();
  for (int64_t i = 0; i < t.num_elements() && n > 0; ++i)
    SetElementFromDouble(t, i, ElementAsDouble(given, i % n));
  return t;
}

InputRule DefaultRule(const std::string& name, DataType dtype) {
  const CaseInput fill = IsFloat(dtype) ? CaseInput::Normal({}) : CaseInput::Integers({}, 0, 2);
  return {fill, Fnv1a(name)};
}

StatusOr<Tensor> Fill(const InputRule& rule, const TensorType& type) {
  const Shape shape = ToShape(type.shape);
  WEFT_RETURN_IF_ERROR(CheckedSizeInBytes(type.dtype, shape).status());
  if (rule.fill.fill == CaseInput::kGiven) return Repeated(rule.fill.given, type.dtype, shape);
  CaseInput fill = rule.fill;
  fill.shape = shape;
  fill.dtype = IsFloat(type.dtype) ? DataType::kF32 : type.dtype;
  return MakeInput(fill, type.dtype, rule.seed);
}

// ---- text

std::string PrintRule(const InputRule& rule) {
  const CaseInput& fill = rule.fill;
  std::string text(kFills[fill.fill]);
  if (fill.fill == CaseInput::kGiven) {
    for (int64_t i = 0; i < fill.given.num_elements(); ++i)
      text += fmt::format(" {}", ElementAsDouble(fill.given, i));
    return text;
  }
  if (fill.fill != CaseInput::kDistinct) text += fmt::format(" {} {}", fill.low, fill.high);
  return text + fmt::format(" seed {}", rule.seed);
}

StatusOr<std::vector<double>> Numbers(std::span<const std::string> words) {
  std::vector<double> numbers;
  for (const std::string& word : words) {
    char* end = nullptr;
    numbers.push_back(std::strtod(word.c_str(), &end));
    if (word.empty() || *end != '\0') return InvalidArgument("{} is no number", Quote(word));
  }
  return numbers;
}

// "normal 0 1 seed 17"
StatusOr<InputRule> ReadRule(std::span<const std::string> words) {
  const auto* kind = words.empty() ? std::end(kFills) : std::find(kFills, std::end(kFills), words[0]);
  if (kind == std::end(kFills))
    return InvalidArgument("expected normal, uniform, integers, distinct or given after the input's name");
  InputRule rule;
  rule.fill.fill = static_cast<CaseInput::Fill>(kind - kFills);
  words = words.subspan(1);
  if (words.size() >= 2 && words[words.size() - 2] == "seed") {
    rule.seed = std::strtoull(words.back().c_str(), nullptr, 10);
    words = words.first(words.size() - 2);
  }
  WEFT_ASSIGN_OR_RETURN(const std::vector<double> numbers, Numbers(words));
  if (rule.fill.fill == CaseInput::kGiven) {
    rule.fill.given =
        Tensor::Of<double>({static_cast<int64_t>(numbers.size())}, std::span<const double>(numbers));
    return rule;
  }
  const size_t expected = rule.fill.fill == CaseInput::kDistinct ? 0 : 2;
  if (numbers.size() != expected) {
    return InvalidArgument("{} takes {} numbers, got {}", *kind, expected, numbers.size());
  }
  if (expected == 2) rule.fill.low = numbers[0], rule.fill.high = numbers[1];
  return rule;
}

Status ReadBinding(const std::string& word, Trial* trial) {
  const size_t equals = word.find('=');
  char* end = nullptr;
  const std::string number = equals == std::string::npos ? "" : word.substr(equals + 1);
  const int64_t value = std::strtoll(number.c_str(), &end, 10);
  if (number.empty() || *end != '\0') return InvalidArgument("expected NAME=NUMBER, got {}", Quote(word));
  trial->bindings[word.substr(0, equals)] = value;
  return OkStatus();
}

Status ReadLine(std::string_view line, Trial* trial) {
  std::istringstream stream{std::string(line)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  if (words.empty()) return OkStatus();
  const std::span<const std::string> rest(words.begin() + 1, words.end());
  if (words[0] == "bind") {
    for (const std::string& word : rest) WEFT_RETURN_IF_ERROR(ReadBinding(word, trial));
  } else if (words[0] == "differentiate") {
    trial->differentiate.insert(trial->differentiate.end(), rest.begin(), rest.end());
  } else if (words[0] == "input" && !rest.empty()) {
    WEFT_ASSIGN_OR_RETURN(trial->inputs[rest[0]], ReadRule(rest.subspan(1)));
  } else {
    return InvalidArgument("expected bind, input NAME or differentiate, got {}", Quote(words[0]));
  }
  return OkStatus();
}

}  // namespace

const std::string& FeedName(const Graph& graph, ValueId input) {
  const State* state = graph.FindState(input);
  return state == nullptr ? graph.value(input).name : state->name;
}

StatusOr<Feed> MakeFeed(const Graph& bound, const std::map<std::string, InputRule, std::less<>>& rules) {
  Feed feed;
  for (ValueId v : bound.inputs()) {
    const std::string& name = FeedName(bound, v);
    const TensorType& type = bound.value(v).type;
    const auto it = rules.find(name);
    StatusOr<Tensor> tensor = Fill(it == rules.end() ? DefaultRule(name, type.dtype) : it->second, type);
    if (!tensor.ok()) return Prefix(fmt::format("input '{}'", name), tensor.status());
    feed.emplace(name, *std::move(tensor));
  }
  return feed;
}

void Tidy(Trial* trial) {
  Graph& graph = trial->graph;
  const auto unused = [&](ValueId v) { return graph.value(v).uses.empty() && !graph.IsOutput(v); };
  for (size_t i = graph.states().size(); i-- > 0;) {
    if (graph.states()[i].next == ValueId::kNone && unused(graph.states()[i].value)) graph.EraseState(i);
  }
  for (ValueId v : std::vector<ValueId>(graph.inputs())) {
    if (graph.FindState(v) == nullptr && unused(v)) graph.EraseInput(v);
  }
  graph.EraseUnusedConstants();
  std::set<std::string, std::less<>> names;
  for (ValueId v : graph.inputs()) names.insert(FeedName(graph, v));
  std::erase_if(trial->inputs, [&](const auto& entry) { return !names.contains(entry.first); });
  std::erase_if(trial->differentiate, [&](const std::string& name) { return !names.contains(name); });
  const std::vector<std::string> symbols = SymbolsOf(graph);
  const auto gone = [&](const auto& entry) {
    return std::find(symbols.begin(), symbols.end(), entry.first) == symbols.end();
  };
  std::erase_if(trial->bindings, gone);
  std::erase_if(graph.symbol_bounds, gone);
}

std::string PrintTrial(const Trial& trial) {
  std::string text;
  for (const auto& [name, value] : trial.bindings) text += fmt::format("{} bind {}={}\n", kMark, name, value);
  for (const auto& [name, rule] : trial.inputs)
    text += fmt::format("{} input {} {}\n", kMark, name, PrintRule(rule));
  if (!trial.differentiate.empty())
    text += fmt::format("{} differentiate {}\n", kMark, fmt::join(trial.differentiate, " "));
  return text + PrintText(trial.graph);
}

StatusOr<Trial> ParseTrial(std::string_view text) {
  Trial trial;
  int number = 0;
  for (std::string_view left = text; !left.empty();) {
    const size_t end = std::min(left.find('\n'), left.size());
    const std::string_view line = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    ++number;
    if (!line.starts_with(kMark)) continue;
    const Status status = ReadLine(line.substr(kMark.size()), &trial);
    if (!status.ok()) return Prefix(fmt::format("line {}", number), status);
  }
  WEFT_ASSIGN_OR_RETURN(trial.graph, ParseText(text, WithOperators()));
  WEFT_RETURN_IF_ERROR(Verify(trial.graph));
  for (const auto& entry : trial.inputs) {
    const std::vector<ValueId>& inputs = trial.graph.inputs();
    const bool known = std::any_of(inputs.begin(), inputs.end(),
                                   [&](ValueId v) { return FeedName(trial.graph, v) == entry.first; });
    if (!known)
      return InvalidArgument("a comment fills {}, which is no input of the graph", Quote(entry.first));
  }
  return trial;
}

}  // namespace weft
