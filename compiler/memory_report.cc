// MemoryReport, MemoryJson: see report.h.
#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/human.h"
#include "compiler/memory_use.h"
#include "compiler/report.h"

namespace weft {
namespace {

using Json = nlohmann::json;

std::vector<std::pair<std::string_view, int64_t>> Categories(const MemoryUse& use) {
  return {{"parameters", use.parameters}, {"optimizer", use.optimizer},
          {"gradients", use.gradients},   {"activations", use.activations},
          {"cache", use.cache},           {"buffers", use.buffers},
          {"workspace", use.workspace},   {"inputs_outputs", use.inputs_outputs},
          {"constants", use.constants},   {"unused", use.unused},
          {"library", use.library}};
}

std::string_view ScopeOf(const Program& program, const Storage& s) {
  const Graph& graph = program.graph;
  const NodeId node = s.value == ValueId::kNone ? program.calls[static_cast<size_t>(s.first)].node
                                                : graph.value(s.value).producer;
  const std::string_view scope = node == NodeId::kNone ? std::string_view() : graph.node(node).scope;
  return scope.empty() ? "(no scope)" : scope;
}

struct Group {
  std::string scope;
  int64_t bytes = 0;
  int64_t values = 0;
};

// What lives at the peak by scope, the largest first.
std::vector<Group> AtPeak(const Program& program) {
  std::map<std::string, Group> by_scope;
  for (int32_t i : LiveAt(program, program.peak_call)) {
    const Storage& s = program.storages[static_cast<size_t>(i)];
    Group& group = by_scope[ScopePattern(ScopeOf(program, s))];
    group.bytes += AlignStorage(s.bytes);
    ++group.values;
  }
  std::vector<Group> groups;
  for (auto& [scope, group] : by_scope) groups.push_back({scope, group.bytes, group.values});
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) { return a.bytes > b.bytes; });
  return groups;
}

std::string DescribeValue(const Program& program, int32_t storage) {
  const Storage& s = program.storages[static_cast<size_t>(storage)];
  if (s.value == ValueId::kNone) return program.DescribeStorage(storage);
  return fmt::format("{} {}", program.graph.value(s.value).name,
                     program.graph.value(s.value).type.ToString());
}

// Bars of eighths, each the largest of its share of the calls.
std::string Bars(const std::vector<int64_t>& live, int64_t full) {
  static constexpr std::string_view kBars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr size_t kWidth = 72;
  std::string text;
  const size_t columns = std::min(kWidth, live.size());
  for (size_t c = 0; c < columns; ++c) {
    const size_t begin = c * live.size() / columns, end = (c + 1) * live.size() / columns;
    const int64_t largest = *std::max_element(live.begin() + static_cast<std::ptrdiff_t>(begin),
                                              live.begin() + static_cast<std::ptrdiff_t>(end));
    text += kBars[full == 0 ? 0 : static_cast<size_t>((largest * 8 + full - 1) / full)];
  }
  return text;
}

std::string ArenaLine(const Program& program) {
  const double ratio = program.arena_lower_bound == 0 ? 1.0
                                                      : static_cast<double>(program.arena_bytes) /
                                                            static_cast<double>(program.arena_lower_bound);
  std::string line =
      fmt::format("arena {}, at least {} ({:.3f}x)", HumanBytes(static_cast<double>(program.arena_bytes)),
                  HumanBytes(static_cast<double>(program.arena_lower_bound)), ratio);
  if (program.peak_call >= 0) {
    line += fmt::format(", peak at {} of {}", program.Describe(program.peak_call), program.calls.size());
  }
  return line;
}

}  // namespace

std::string ScopePattern(std::string_view scope) {
  std::string pattern;
  while (!scope.empty()) {
    const size_t end = std::min(scope.find('.'), scope.size());
    const std::string_view part = scope.substr(0, end);
    const bool number = !part.empty() && std::all_of(part.begin(), part.end(),
                                                     [](unsigned char c) { return std::isdigit(c) != 0; });
    pattern += fmt::format("{}{}", pattern.empty() ? "" : ".", number ? "*" : part);
    scope.remove_prefix(std::min(end + 1, scope.size()));
  }
  return pattern;
}

std::string MemoryReport(const Program& program) {
  std::string text = fmt::format("program {}: planned peak {}\n", program.name,
                                 HumanBytes(static_cast<double>(program.memory.Total())));
  for (const auto& [name, bytes] : Categories(program.memory)) {
    if (bytes > 0) text += fmt::format("  {:<16}{:>12}\n", name, HumanBytes(static_cast<double>(bytes)));
  }
  text += ArenaLine(program) + "\n";
  text += fmt::format("  over the calls  |{}|\n", Bars(program.LiveBytes(), program.arena_bytes));
  if (program.peak_call >= 0) text += "lives at the peak:\n";
  for (const Group& g : AtPeak(program)) {
    text += fmt::format("  {:>12} {:>5.1f} % {:>6} value{} {}\n", HumanBytes(static_cast<double>(g.bytes)),
                        100.0 * static_cast<double>(g.bytes) / static_cast<double>(program.arena_lower_bound),
                        g.values, g.values == 1 ? " " : "s", g.scope);
  }
  constexpr size_t kLargest = 10;
  const std::vector<int32_t> live = LiveAt(program, program.peak_call);
  if (!live.empty()) text += "the largest of them, and the calls they live in:\n";
  for (size_t i = 0; i < std::min(kLargest, live.size()); ++i) {
    const Storage& s = program.storages[static_cast<size_t>(live[i])];
    text += fmt::format("  {:>12} {:>6} - {:<6} {}\n", HumanBytes(static_cast<double>(s.bytes)), s.first,
                        s.last, DescribeValue(program, live[i]));
  }
  for (const CopyNote& copy : program.copies) {
    text += fmt::format("copy of {} into {}: {}\n", HumanBytes(static_cast<double>(copy.bytes)), copy.what,
                        copy.reason);
  }
  return text;
}

nlohmann::json MemoryJson(const Program& program) {
  Json memory = Json::object();
  for (const auto& [name, bytes] : Categories(program.memory)) memory[std::string(name)] = bytes;
  Json json = {{"program", program.name},
               {"total_bytes", program.memory.Total()},
               {"memory", std::move(memory)},
               {"arena_bytes", program.arena_bytes},
               {"arena_lower_bound", program.arena_lower_bound},
               {"peak_call", program.peak_call},
               {"live_bytes", program.LiveBytes()}};
  if (program.peak_call >= 0) json["peak_node"] = program.Describe(program.peak_call);
  Json scopes = Json::array(), values = Json::array(), copies = Json::array();
  for (const Group& g : AtPeak(program)) {
    scopes.push_back({{"scope", g.scope}, {"bytes", g.bytes}, {"values", g.values}});
  }
  for (int32_t i : LiveAt(program, program.peak_call)) {
    const Storage& s = program.storages[static_cast<size_t>(i)];
    values.push_back({{"value", DescribeValue(program, i)},
                      {"scope", ScopeOf(program, s)},
                      {"bytes", s.bytes},
                      {"offset", s.offset},
                      {"first_call", s.first},
                      {"last_call", s.last}});
  }
  for (const CopyNote& c : program.copies) {
    copies.push_back({{"into", c.what}, {"bytes", c.bytes}, {"reason", c.reason}});
  }
  json["peak_by_scope"] = std::move(scopes);
  json["peak_values"] = std::move(values);
  json["copies"] = std::move(copies);
  return json;
}

}  // namespace weft
