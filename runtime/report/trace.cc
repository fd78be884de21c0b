#include "runtime/report/trace.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "base/quote.h"

namespace weft {

// Takes the text of a trace value by value:
//   {"traceEvents": [{"cat": "kernel", "dur": 1.5, "args": {"op": "Add", "program": "step", "call": 3, ...}},
//   ...]}
class TraceReader final : public nlohmann::json_sax<Json> {
 public:
  TraceReader(Trace& trace, const std::string& path) : trace_(trace), path_(path) {}
  Status status() const { return status_; }
  int64_t kernels() const { return kernels_; }
  int64_t unnamed() const { return unnamed_; }
  bool has_events() const { return has_events_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(int64_t value) override { return Number(static_cast<double>(value)); }
  bool number_unsigned(uint64_t value) override { return Number(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) override { return Number(value); }
  bool binary(Json::binary_t&) override { return true; }
  bool string(std::string& value) override {
    if (depth_ == kEvent && key_ == "cat") is_kernel_ = value == "kernel";
    if (!InArguments()) return true;
    if (key_ == "op") event_.op = value;
    if (key_ == "kernel") event_.kernel = value;
    if (key_ == "program") program_ = value;
    return true;
  }
  bool start_object(size_t) override {
    if (!Deeper()) return false;
    if (in_events_ && depth_ == kEvent) {
      event_ = {}, program_.clear(), call_ = -1, is_kernel_ = false;
    }
    if (depth_ == kArguments) in_arguments_ = in_events_ && key_ == "args";
    return true;
  }
  bool end_object() override {
    if (in_events_ && depth_ == kEvent) EndEvent();
    if (depth_ == kArguments) in_arguments_ = false;
    --depth_;
    return true;
  }
  bool start_array(size_t) override {
    if (!Deeper()) return false;
    if (depth_ == kEvent - 1 && key_ == "traceEvents") in_events_ = has_events_ = true;
    return true;
  }
  bool end_array() override {
    if (depth_ == kEvent - 1) in_events_ = false;
    --depth_;
    return true;
  }
  bool key(std::string& name) override {
    key_ = name;
    return true;
  }
  bool parse_error(size_t position, const std::string&, const Json::exception&) override {
    status_ = InvalidArgument("{}: not a trace: the JSON is wrong at byte {}", path_, position);
    return false;
  }

 private:
  static constexpr int kEvent = 3, kArguments = 4;  // depths: root, traceEvents, event, args

  bool InArguments() const { return in_arguments_ && depth_ == kArguments; }
  bool Deeper() {
    if (++depth_ <= kMaxJsonDepth) return true;
    status_ = InvalidArgument("{}: not a trace: nested deeper than {}", path_, kMaxJsonDepth);
    return false;
  }
  bool Number(double value) {
    if (in_events_ && depth_ == kEvent && key_ == "dur") event_.microseconds = value;
    if (!InArguments()) return true;
    if (key_ == "flops") event_.flops = value;
    if (key_ == "bytes") event_.bytes = value;
    constexpr double kMaxCalls = 1 << 30;
    if (key_ == "call" && value >= 0 && value < kMaxCalls) call_ = static_cast<int64_t>(value);
    return true;
  }
  void EndEvent() {
    if (!is_kernel_) return;
    ++kernels_;
    const bool sane = event_.microseconds >= 0 && std::isfinite(event_.microseconds);
    if (program_.empty() || call_ < 0 || !sane) {
      ++unnamed_;
      return;
    }
    Trace::Sum& sum = trace_.sums_[program_][call_];
    if (sum.count == 0) sum.op = event_.op, sum.kernel = event_.kernel;
    ++sum.count;
    sum.microseconds += event_.microseconds;
    sum.flops += event_.flops;
    sum.bytes += event_.bytes;
  }

  Trace& trace_;
  const std::string& path_;
  Status status_;
  int depth_ = 0;
  bool in_events_ = false, has_events_ = false, in_arguments_ = false, is_kernel_ = false;
  std::string key_, program_;
  int64_t call_ = -1, kernels_ = 0, unnamed_ = 0;
  Trace::Sum event_;
};

namespace {

// Sums of equal numbers, divided again.
bool Near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

}  // namespace

StatusOr<Trace> Trace::Read(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  Trace trace;
  trace.path_ = path;
  TraceReader reader(trace, path);
  const std::string_view text = file->text();
  const bool whole = Json::sax_parse(text.begin(), text.end(), &reader);
  WEFT_RETURN_IF_ERROR(reader.status());
  if (!whole) return InvalidArgument("{}: not a trace: the JSON is wrong", path);
  if (!reader.has_events()) return InvalidArgument("{}: not a trace: it has no list 'traceEvents'", path);
  if (!trace.sums_.empty()) return trace;
  if (reader.unnamed() > 0) {
    return InvalidArgument(
        "{}: its spans do not say of which program and call they are: profile again with this weft", path);
  }
  return InvalidArgument("{}: no kernel ran in this trace", path);
}

StatusOr<std::vector<Trace::CallTime>> Trace::TimesOf(const Program& program) const {
  const auto it = sums_.find(program.name);
  if (it == sums_.end()) return std::vector<CallTime>();
  std::vector<CallTime> times(program.calls.size());
  for (const auto& [call, sum] : it->second) {
    const Call* here = call < static_cast<int64_t>(program.calls.size())
                           ? &program.calls[static_cast<size_t>(call)]
                           : nullptr;
    const std::string_view op = here == nullptr ? "nothing" : program.graph.node(here->node).op->name;
    const auto runs = static_cast<double>(sum.count);
    if (op != sum.op || !Near(sum.flops / runs, here->flops) || !Near(sum.bytes / runs, here->bytes)) {
      return InvalidArgument(
          "{}: a profile of another program: call {} of {} is {} with {} FLOP and {} bytes there, {} with {} "
          "and "
          "{} here (profile with the same settings and the same weft)",
          path_, call, Quote(program.name), Quote(sum.op), sum.flops / runs, sum.bytes / runs, Quote(op),
          here == nullptr ? 0 : here->flops, here == nullptr ? 0 : here->bytes);
    }
    times[static_cast<size_t>(call)] = {sum.count, sum.microseconds * 1e-6 / runs};
  }
  return times;
}

std::vector<Trace::OperatorTime> Trace::ByOperator() const {
  std::map<std::string, OperatorTime> by_name;
  for (const auto& [program, calls] : sums_) {
    for (const auto& [call, sum] : calls) {
      OperatorTime& total = by_name[sum.op + " " + sum.kernel];
      total.count += sum.count;
      total.seconds += sum.microseconds * 1e-6;
      total.flops += sum.flops, total.bytes += sum.bytes;
    }
  }
  std::vector<OperatorTime> totals;
  for (auto& [name, total] : by_name) {
    totals.push_back(total);
    totals.back().name = name;
  }
  std::stable_sort(totals.begin(), totals.end(),
                   [](const OperatorTime& a, const OperatorTime& b) { return a.seconds > b.seconds; });
  return totals;
}

std::vector<std::string> Trace::programs() const {
  std::vector<std::string> names;
  for (const auto& [name, calls] : sums_) names.push_back(name);
  return names;
}

}  // namespace weft
