#include "tools/verify/finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/human.h"

namespace weft {

std::string_view Name(CheckKind check) {
  constexpr std::string_view kNames[] = {"compile", "plan", "rewrite", "kernel", "gradient"};
  return kNames[static_cast<size_t>(check)];
}

namespace {

std::string_view Compared(CheckKind check) {
  switch (check) {
    case CheckKind::kRewrite:
      return "before it was optimised";
    case CheckKind::kGradient:
      return "by finite differences";
    default:
      return "in f64";
  }
}

// JSON has no infinity and no NaN.
nlohmann::json Number(double x) {
  if (std::isfinite(x)) return x;
  return std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf";
}

}  // namespace

std::string Finding::ToString() const {
  std::string text(Name(check));
  text += ":";
  if (!op.empty()) text += fmt::format(" {} '{}'", op, scope);
  if (!kernel.empty()) text += fmt::format(" ({})", kernel);
  if (!op.empty()) text += ":";
  if (value.empty()) return text + " " + message;
  text += fmt::format(" '{}'", value);
  if (!index.empty()) text += weft::ToString(index);
  text += fmt::format(" is {:.9g}, {:.9g} {} (largest error {:.3g}, allowed {:.3g})", got, want,
                      Compared(check), error, allowed);
  return message.empty() ? text : text + "; " + message;
}

nlohmann::json ToJson(const Finding& f) {
  nlohmann::json json = {{"check", Name(f.check)}, {"text", f.ToString()}};
  if (!f.op.empty()) json["op"] = f.op, json["scope"] = f.scope;
  if (!f.kernel.empty()) json["kernel"] = f.kernel;
  if (f.value.empty()) return json;
  json["value"] = f.value;
  json["index"] = f.index;
  json["got"] = Number(f.got), json["expected"] = Number(f.want);
  json["error"] = Number(f.error), json["allowed"] = Number(f.allowed);
  return json;
}

Finding FindingAt(CheckKind check, const Graph& graph, NodeId node, std::string_view value) {
  Finding f;
  f.check = check;
  f.value = value;
  if (node == NodeId::kNone) return f;
  const NodeTypes types = graph.TypesOf(node);
  f.op = types.op->name;
  f.scope = types.scope;
  return f;
}

namespace {

void AddCount(VerifyReport::Count& to, const VerifyReport::Count& from) {
  to.calls += from.calls;
  to.values += from.values;
  to.worst = std::max(to.worst, from.worst);
}

}  // namespace

void VerifyReport::Add(const VerifyReport& other) {
  findings.insert(findings.end(), other.findings.begin(), other.findings.end());
  for (const auto& [key, count] : other.kernels) AddCount(kernels[key], count);
  AddCount(rewrites, other.rewrites);
  AddCount(gradients, other.gradients);
  kinks += other.kinks;
  plans += other.plans;
}

std::string VerifyReport::Summary() const {
  std::string text;
  if (!kernels.empty()) {
    text += fmt::format("{:<34}{:<12}{:>10}{:>14}{:>12}\n", "operator", "kernel", "calls", "values", "error");
  }
  std::map<std::string_view, Count> by_kernel;
  for (const auto& [key, count] : kernels) {
    text += fmt::format("{:<34}{:<12}{:>10}{:>14}{:>9.0f} %\n", key.first, key.second,
                        GroupedDigits(count.calls), GroupedDigits(count.values), 100 * count.worst);
    AddCount(by_kernel[key.second], count);
  }
  if (!kernels.empty()) text += "(error: the largest, as a part of what is allowed)\n";
  for (const auto& [kernel, count] : by_kernel) {
    text += fmt::format("{} {} calls, {} values\n", kernel, GroupedDigits(count.calls),
                        GroupedDigits(count.values));
  }
  text += fmt::format("rewrites: {} tensors, {} values\n", GroupedDigits(rewrites.calls),
                      GroupedDigits(rewrites.values));
  text += fmt::format("plans: {}\n", GroupedDigits(plans));
  if (gradients.calls + kinks > 0) {
    text += fmt::format("gradients: {} directions ({} more at a kink)\n", GroupedDigits(gradients.calls),
                        GroupedDigits(kinks));
  }
  return text;
}

nlohmann::json ToJson(const VerifyReport& report) {
  const auto count = [](const VerifyReport::Count& c) {
    return nlohmann::json{{"calls", c.calls}, {"values", c.values}, {"worst", Number(c.worst)}};
  };
  nlohmann::json kernels = nlohmann::json::array(), findings = nlohmann::json::array();
  for (const auto& [key, c] : report.kernels) {
    nlohmann::json entry = count(c);
    entry["op"] = key.first, entry["kernel"] = key.second;
    kernels.push_back(std::move(entry));
  }
  for (const Finding& f : report.findings) findings.push_back(ToJson(f));
  return {{"equal", report.findings.empty()},
          {"findings", std::move(findings)},
          {"kernels", std::move(kernels)},
          {"rewrites", count(report.rewrites)},
          {"plans", report.plans},
          {"gradients", {{"directions", report.gradients.calls}, {"kinks", report.kinks}}}};
}

}  // namespace weft
