#include "runtime/executor/profile.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "compiler/program.h"

namespace weft {
namespace {

std::string Quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string Arguments(const Profile::Label& label) {
  std::string args;
  auto add = [&](std::string_view name, const std::string& value) {
    args += fmt::format("{}\"{}\":{}", args.empty() ? "" : ",", name, value);
  };
  if (!label.op.empty()) add("op", Quoted(label.op));
  if (!label.kernel.empty()) add("kernel", Quoted(label.kernel));
  if (label.flops > 0) add("flops", fmt::format("{}", label.flops));
  if (label.bytes > 0) add("bytes", fmt::format("{}", label.bytes));
  if (!label.program.empty()) add("program", Quoted(label.program));
  if (label.call >= 0) add("call", fmt::format("{}", label.call));
  return args;
}

}  // namespace

int32_t Profile::AddLabel(Label label) {
  labels_.push_back(std::move(label));
  sums_.emplace_back();
  return static_cast<int32_t>(labels_.size()) - 1;
}

int32_t Profile::AddCounterName(std::string name) {
  counters_.push_back(std::move(name));
  return static_cast<int32_t>(counters_.size()) - 1;
}

void Profile::Keep(Event event) {
  if (events_.size() < kMaxEvents) {
    events_.push_back(event);
  } else {
    ++dropped_;
  }
}

void Profile::AddSpan(int32_t label, int64_t begin, int64_t end) {
  Sum& sum = sums_[static_cast<size_t>(label)];
  ++sum.count;
  sum.nanoseconds += end - begin;
  Keep({label, begin, end - begin});
}

void Profile::AddCounter(int32_t counter, int64_t at, int64_t value) { Keep({-1 - counter, at, value}); }

int32_t Profile::AddProgram(const Program& program) {
  const auto first = static_cast<int32_t>(labels_.size());
  int32_t index = 0;
  for (const Call& call : program.calls) {
    const NodeTypes types = program.graph.TypesOf(call.node);
    AddLabel({.name = std::string(types.scope),
              .category = "kernel",
              .op = std::string(types.op->name),
              .kernel = std::string(call.kernel),
              .flops = call.flops,
              .bytes = call.bytes,
              .program = program.name,
              .call = index++});
  }
  return first;
}

void Profile::AddPasses(const Program& program) {
  double total = 0;
  for (const PassTime& pass : program.pass_times) total += pass.seconds;
  int64_t at = std::max<int64_t>(0, Now() - static_cast<int64_t>(total * 1e9));
  for (const PassTime& pass : program.pass_times) {
    const int64_t end = at + static_cast<int64_t>(pass.seconds * 1e9);
    AddSpan(AddLabel({.name = fmt::format("{}: {}", program.name, pass.name), .category = "pass"}), at, end);
    at = end;
  }
}

template <class Key>
std::vector<Profile::Total> Profile::Totals(Key key) const {
  std::map<std::string, Total> by_key;
  for (size_t i = 0; i < labels_.size(); ++i) {
    const Label& label = labels_[i];
    if (label.category != "kernel" || sums_[i].count == 0) continue;
    Total& total = by_key[key(label)];
    const auto count = static_cast<double>(sums_[i].count);
    total.count += sums_[i].count;
    total.seconds += static_cast<double>(sums_[i].nanoseconds) * 1e-9;
    total.flops += label.flops * count;
    total.bytes += label.bytes * count;
  }
  std::vector<Total> totals;
  for (auto& [name, total] : by_key) {
    total.name = name;
    totals.push_back(total);
  }
  std::stable_sort(totals.begin(), totals.end(),
                   [](const Total& a, const Total& b) { return a.seconds > b.seconds; });
  return totals;
}

std::vector<Profile::Total> Profile::ByOp() const {
  return Totals([](const Label& label) { return label.op + " " + label.kernel; });
}

std::vector<Profile::Total> Profile::ByName() const {
  return Totals([](const Label& label) { return label.name; });
}

Status Profile::WriteChromeTrace(const std::string& path) const {
  WEFT_ASSIGN_OR_RETURN(FileWriter file, FileWriter::Create(path));
  WEFT_RETURN_IF_ERROR(file.Write("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"));
  std::vector<std::string> fixed;  // of each label, all but its times
  for (const Label& label : labels_) {
    const int thread = label.category == "kernel" ? 1 : label.category == "pass" ? 2 : 3;
    fixed.push_back(fmt::format("\"name\":{},\"cat\":{},\"ph\":\"X\",\"pid\":1,\"tid\":{},\"args\":{{{}}}",
                                Quoted(label.name), Quoted(label.category), thread, Arguments(label)));
  }
  for (const Event& e : events_) {
    const double at = static_cast<double>(e.begin) * 1e-3;  // the format counts in microseconds
    std::string line;
    if (e.label >= 0) {
      line = fmt::format("{{{},\"ts\":{:.3f},\"dur\":{:.3f}}},\n", fixed[static_cast<size_t>(e.label)], at,
                         static_cast<double>(e.value) * 1e-3);
    } else {
      line = fmt::format("{{\"name\":{},\"ph\":\"C\",\"pid\":1,\"ts\":{:.3f},\"args\":{{\"bytes\":{}}}}},\n",
                         Quoted(counters_[static_cast<size_t>(-1 - e.label)]), at, e.value);
    }
    WEFT_RETURN_IF_ERROR(file.Write(line));
  }
  WEFT_RETURN_IF_ERROR(file.Write(
      fmt::format("{{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{{\"name\":\"weft\"}}}}\n],\n"
                  "\"otherData\":{{\"dropped_events\":{}}}}}\n",
                  dropped_)));
  return file.Commit();
}

std::string FormatTotals(const std::vector<Profile::Total>& totals) {
  double all = 0;
  size_t width = 0;
  for (const Profile::Total& t : totals) {
    all += t.seconds;
    width = std::max(width, t.name.size());
  }
  std::string text;
  for (const Profile::Total& t : totals) {
    const double seconds = std::max(t.seconds, 1e-12);
    text += fmt::format("{:<{}} {:>8} calls {:>10.3f} ms {:>5.1f} % {:>8.1f} GFLOP/s {:>7.1f} GB/s\n", t.name,
                        width, t.count, t.seconds * 1e3, 100 * t.seconds / std::max(all, 1e-12),
                        t.flops / seconds * 1e-9, t.bytes / seconds * 1e-9);
  }
  return text;
}

}  // namespace weft
