#include "tests/layers/layers.h"

#include <algorithm>
#include <array>

#include "base/file.h"

namespace weft {
namespace {

constexpr std::array<std::string_view, 8> kRooms = {"base",    "ir",        "ops",   "compiler",
                                                    "runtime", "frontends", "tools", "tests"};

std::vector<std::string_view> Parts(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

// A path as the table sees it: "ops/add/cpu.cc" is room ops, folder add, name cpu.cc.
struct Place {
  std::string_view path, room, folder, name;
  size_t depth;  // parts of the path

  explicit Place(std::string_view p) : path(p) {
    const std::vector<std::string_view> parts = Parts(p);
    depth = parts.size();
    room = parts.empty() ? "" : parts.front();
    folder = depth > 2 ? parts[1] : "";
    name = parts.empty() ? "" : parts.back();
  }
  bool under(std::string_view prefix) const { return path.starts_with(prefix); }
};

bool IsOperator(const Place& p) { return p.room == "ops" && p.depth == 3 && p.folder != "common"; }
// Headers directly in ops/: what an operator is, how a kernel looks, what a case is.
bool IsOpsInterface(const Place& p) { return p.room == "ops" && p.depth == 2; }
// An operator's builder and attributes, or the generated header of all of them.
bool IsOpHeader(const Place& p) { return (IsOperator(p) && p.name == "op.h") || p.path == "ops/operators.h"; }
bool IsDeviceFree(const Place& p) { return p.under("ops/common/") && p.depth == 3; }
bool IsKernelInterface(const Place& p) { return p.path == "ops/kernel.h" || p.path == "ops/cases.h"; }
bool NamesCuda(std::string_view path) { return path.find("cuda") != std::string_view::npos; }
bool IsDevice(const Place& p) { return p.name.starts_with("cpu") || p.name.starts_with("cuda"); }

std::string_view WhyNotOperator(const Place& file, const Place& to) {
  const bool own = to.room == "ops" && to.folder == file.folder;
  if (file.name.starts_with("cpu") || file.name.starts_with("cuda")) {
    const std::string_view device = file.name.starts_with("cpu") ? "cpu" : "cuda";
    const bool other_device = IsDevice(to) && !to.name.starts_with(device);
    if (own && !other_device) return {};
    if (to.path == "ops/kernel.h" || IsDeviceFree(to)) return {};
    if (to.under("ops/common/") && to.folder == "common" && Parts(to.path)[2] == device) return {};
    return "a kernel sees base, ir, its own folder, ops/kernel.h, ops/common and that of its device";
  }
  if (file.name == "cases.cc") {
    if (own && !IsDevice(to)) return {};
    if (to.path == "ops/cases.h" || IsDeviceFree(to)) return {};
    return "cases see base, ir, their own op.h, ops/cases.h and ops/common";
  }
  if (own && !IsDevice(to)) return {};
  if (IsOpHeader(to) || IsDeviceFree(to)) return {};
  if (IsOpsInterface(to) && !IsKernelInterface(to)) return {};
  return "an operator's meaning sees base, ir, op.h of others, ops/*.h but kernels, and ops/common";
}

std::string_view WhyNotOps(const Place& file, const Place& to) {
  if (to.room != "ops") return "ops sees base and ir";
  if (IsOperator(file)) return WhyNotOperator(file, to);
  if (IsOpsInterface(file))
    return IsOpsInterface(to) ? "" : "the interface of ops names no operator or helper";
  if (IsDeviceFree(file)) {  // helpers of meanings; cases.h here is one of cases
    if (IsOpHeader(to) || IsDeviceFree(to)) return {};
    if (to.path == "ops/cases.h" && file.name.find("cases.") != std::string::npos) return {};
    return IsOpsInterface(to) && !IsKernelInterface(to) ? "" : "ops/common/*.h knows no device";
  }
  // ops/common/<device>/
  const std::string_view device = Parts(file.path)[2];
  if (IsOpsInterface(to) || IsDeviceFree(to)) return {};
  if (to.under("ops/common/") && Parts(to.path)[2] == device) return {};
  return "ops/common/<device> sees base, ir, ops/*.h, ops/common and itself";
}

std::string_view WhyNotCompiler(const Place& file, const Place& to) {
  if (to.room == "compiler") return {};
  if (to.room != "ops") return "the compiler sees base, ir, ops and itself";
  if (file.under("compiler/passes/")) {
    if (IsOpHeader(to) || (IsOpsInterface(to) && !IsKernelInterface(to))) return {};
    return "a pass sees op.h of operators and ops/*.h, never a kernel, a definition or a helper";
  }
  if (to.path != "ops/operators.h" && IsOpsInterface(to)) return {};
  return "outside its passes the compiler names no operator: it sees ops/*.h only";
}

std::string_view WhyNotRuntime(const Place& file, const Place& to) {
  if (file.under("runtime/executor/")) {
    if (to.under("runtime/executor/")) return {};
    if (to.path == "compiler/program.h" || to.path == "compiler/target.h" || to.path == "ops/kernel.h" ||
        to.path == "ops/widened_kernel.h" || to.path == "ops/instruction_sets.h")
      return {};
    return "the executor sees base, ir, compiler/program.h, compiler/target.h, "
           "ops/{kernel,widened_kernel,instruction_sets}.h "
           "and "
           "itself";
  }
  if (file.folder == "train" || file.folder == "generate" || file.folder == "serve") {
    if (to.room == "runtime" && (to.folder == file.folder || to.folder == "executor")) return {};
    // Serving is generation for many.
    if (file.folder == "serve" && to.under("runtime/generate/")) return {};
    if (to.room == "compiler" || IsOpsInterface(to)) return {};  // they choose the passes of their programs
    if (to.under("frontends/tokenizer/") || to.under("frontends/data/")) return {};
    return "training and generation see base, ir, the compiler, ops/*.h, the executor, frontends/tokenizer "
           "and "
           "frontends/data";
  }
  if (file.folder == "report") {
    if (to.under("runtime/report/") || to.under("runtime/executor/") || to.room == "compiler") return {};
    if (to.path != "ops/operators.h" && IsOpsInterface(to)) return {};
    return "reports see base, ir, the compiler, ops/*.h, the executor and themselves";
  }
  return "this folder of runtime has no line in the table of tests/layers/layers.cc: add it";
}

std::string_view WhyNotFrontends(const Place& to) {
  if (to.room == "frontends" || IsOpHeader(to) || IsDeviceFree(to)) return {};
  return "frontends see base, ir, op.h of operators and themselves";
}

bool IsCudaHeader(std::string_view included) {
  constexpr std::string_view kStarts[] = {
      "cuda",       "cublas", "cudnn", "cufft",   "curand", "cusparse", "cusolver",           "nccl",
      "nvToolsExt", "nvtx3/", "nvrtc", "thrust/", "cub/",   "cutlass/", "cooperative_groups", "mma.h"};
  return std::any_of(std::begin(kStarts), std::end(kStarts),
                     [&](std::string_view start) { return included.starts_with(start); });
}

// The NAME of a line `#include "NAME"` or `#include <NAME>`; empty if it is none.
std::string_view IncludedBy(std::string_view line) {
  const auto skip_blanks = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip_blanks();
  if (!line.starts_with('#')) return {};
  line.remove_prefix(1);
  skip_blanks();
  constexpr std::string_view kInclude = "include";
  if (!line.starts_with(kInclude)) return {};
  line.remove_prefix(kInclude.size());
  skip_blanks();
  if (!line.starts_with('"') && !line.starts_with('<')) return {};
  const size_t end = line.find(line.front() == '"' ? '"' : '>', 1);
  return end == std::string_view::npos ? std::string_view() : line.substr(1, end - 1);
}

Status AddSources(const std::string& root, const std::string& directory, std::vector<std::string>* files) {
  WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(JoinPath(root, directory)));
  for (const std::string& name : names) {
    const std::string path = JoinPath(directory, name);
    if (IsDirectory(JoinPath(root, path))) {
      WEFT_RETURN_IF_ERROR(AddSources(root, path, files));
      continue;
    }
    for (const std::string_view ending : {".h", ".cc", ".cu", ".cuh", ".inc"}) {
      if (name.ends_with(ending)) files->push_back(path);
    }
  }
  return OkStatus();
}

}  // namespace

std::string WhyNotInclude(std::string_view file, std::string_view included) {
  const Place from(file);
  const Place to(included);
  if (IsCudaHeader(included) || (NamesCuda(included) && to.room != "tests")) {
    if (!NamesCuda(file)) return "only files named *cuda* or under a folder cuda/ see a CUDA header";
  }
  const bool ours = std::find(kRooms.begin(), kRooms.end(), to.room) != kRooms.end();
  if (!ours || from.room == "tools" || from.room == "tests") return {};
  if (to.room == "base") return {};
  if (from.room == "base") return "base sees nothing else of ours";
  if (to.room == "ir") return {};
  if (from.room == "ir") return "ir sees base only";
  if (from.room == "ops") return std::string(WhyNotOps(from, to));
  if (from.room == "compiler") return std::string(WhyNotCompiler(from, to));
  if (from.room == "runtime") return std::string(WhyNotRuntime(from, to));
  return std::string(WhyNotFrontends(to));
}

std::vector<std::string> BrokenIncludes(std::string_view file, std::string_view text) {
  std::vector<std::string> broken;
  int number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const std::string_view included = IncludedBy(line);
    if (included.empty()) continue;
    const bool beside = line.find('"') < line.find('<') && included.find('/') == std::string_view::npos;
    const std::string why = beside ? "includes are written from the root" : WhyNotInclude(file, included);
    if (!why.empty()) broken.push_back(fmt::format("{}:{}: includes {}: {}", file, number, included, why));
  }
  return broken;
}

StatusOr<std::vector<std::string>> SourceFiles(const std::string& root) {
  std::vector<std::string> files;
  for (const std::string_view room : kRooms)
    WEFT_RETURN_IF_ERROR(AddSources(root, std::string(room), &files));
  return files;
}

}  // namespace weft
