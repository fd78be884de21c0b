// weft run GRAPH --input in.safetensors --output out.safetensors: any graph on tensors from a file.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/threads.h"
#include "ir/graph_file.h"
#include "ops/text.h"
#include "tools/commands.h"
#include "tools/no_fuse_flag.h"
#include "tools/run_graph.h"

namespace weft {
namespace {

struct RunFlags {
  std::string graph, input, output, kernels = "fast", profile, no_fuse;
  std::vector<std::string> bindings;
  int threads = 0;
  int64_t seed = 0;
  bool check = false;
};

StatusOr<std::map<std::string, int64_t>> ParseBindings(const std::vector<std::string>& flags) {
  std::map<std::string, int64_t> bindings;
  for (const std::string& flag : flags) {
    const size_t equals = flag.find('=');
    const char* begin = flag.c_str() + (equals == std::string::npos ? 0 : equals + 1);
    char* end = nullptr;
    const long long value = std::strtoll(begin, &end, 10);
    if (equals == std::string::npos || equals == 0 || end == begin || *end != '\0' || value < 0) {
      return InvalidArgument("--bind {}: expected NAME=NUMBER, as in batch=8", flag);
    }
    bindings[flag.substr(0, equals)] = value;
  }
  return bindings;
}

// "y f32[2, 3]: 0.5 1 -2 ..."
void Print(const NamedTensor& result) {
  constexpr int64_t kShown = 8;
  std::string values;
  const int64_t n = result.tensor.num_elements();
  for (int64_t i = 0; i < std::min(n, kShown); ++i)
    values += fmt::format(" {:g}", ElementAsDouble(result.tensor, i));
  fmt::print("{} {}{}:{}{}\n", result.name, Name(result.tensor.dtype()), ToString(result.tensor.shape()),
             values, n > kShown ? " ..." : "");
}

Status Run(const RunFlags& flags) {
  RunGraphOptions options;
  StatusOr<std::map<std::string, int64_t>> bindings = ParseBindings(flags.bindings);
  if (!bindings.ok()) return UsageError(bindings.status());
  options.bindings = *std::move(bindings);
  WEFT_ASSIGN_OR_RETURN(options.fuse, FusionsWithout(flags.no_fuse));
  WEFT_ASSIGN_OR_RETURN(const std::string text, ReadFile(flags.graph));
  options.context.threads = flags.threads > 0 ? flags.threads : AvailableProcessors();
  options.context.plain_only = flags.kernels == "plain";
  options.seed = flags.seed;
  options.checked = flags.check;
  options.profile = flags.profile;
  std::optional<SafetensorsFile> file;
  if (!flags.input.empty()) {
    WEFT_ASSIGN_OR_RETURN(file, SafetensorsFile::Open(flags.input));
  }
  options.tensor = [&](std::string_view name) -> StatusOr<Tensor> {
    if (file) return file->Get(name);
    return NotFound("there is no tensor '{}': give a file with --input", name);
  };
  StatusOr<std::vector<NamedTensor>> results = NotFound("");
  if (IsGraphFormat(text, flags.graph)) {
    WEFT_ASSIGN_OR_RETURN(Graph graph, LoadGraphFrom(text, flags.graph, WithOperators()));
    results = RunGraph(std::move(graph), options);
  } else {  // the inputs' tensors have a part in reading it
    results = RunGraphText(text, options);
  }
  if (!results.ok()) return Prefix(flags.graph, results.status());
  if (!flags.output.empty()) return WriteSafetensors(flags.output, *results);
  for (const NamedTensor& result : *results) Print(result);
  return OkStatus();
}

}  // namespace

void RegisterRunCommand(CLI::App& app, Status* result) {
  CLI::App* run = app.add_subcommand("run", "Run any graph on tensors from a file.");
  auto flags = std::make_shared<RunFlags>();
  run->add_option("graph", flags->graph, "The graph: .weft or ONNX text")->required();
  run->add_option("--input", flags->input, "A .safetensors file with a tensor for each input and state");
  run->add_option(
      "--output", flags->output,
      "A .safetensors file for the outputs and the states that change; without it they are printed");
  run->add_option("--bind", flags->bindings, "NAME=NUMBER for symbols that no input's shape gives")
      ->allow_extra_args(false);
  run->add_option("--seed", flags->seed, "Of the initial values of states that are not in the input file");
  run->add_option("--threads", flags->threads, "0: as many as this process may use");
  run->add_option("--kernels", flags->kernels, "fast, or plain: the reference kernels")
      ->check(CLI::IsMember({"fast", "plain"}));
  run->add_option("--profile", flags->profile, "Write a Chrome trace of passes and kernels to this file");
  run->add_flag("--check", flags->check, "Stop at the first node that makes a NaN or an infinity");
  AddNoFuseFlag(run, &flags->no_fuse);
  run->callback([flags, result] { *result = Run(*flags); });
}

}  // namespace weft
