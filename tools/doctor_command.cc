// weft doctor: the processor, what of it is used, how fast it is, and which libraries there are.
#include <fmt/format.h>
#include <fmt/ranges.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <CLI/CLI.hpp>
#include <CLI/Version.hpp>
#include <array>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/environment.h"
#include "base/human.h"
#include "base/json.h"
#include "base/process_memory.h"
#include "base/threads.h"
#include "ops/instruction_sets.h"
#include "ops/roofs.h"
#include "tools/commands.h"

namespace weft {
namespace {

struct Flags {
  int threads = 0;
  bool json = false;
};

// The value of the first line "model name : value".
std::string ProcessorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string Pcre2Version() {
  std::array<char, 64> text{};
  pcre2_config(PCRE2_CONFIG_VERSION, text.data());
  const std::string version(text.data());
  return version.substr(0, version.find(' '));
}

struct Roof {
  int threads;
  double flops, bf16_flops, bandwidth;
};

StatusOr<std::vector<Roof>> Roofs(int threads) {
  std::vector<Roof> roofs;
  for (const int n : {1, threads}) {
    if (!roofs.empty() && n == roofs.back().threads) continue;
    Roof roof{n, 0, 0, 0};
    WEFT_ASSIGN_OR_RETURN(roof.flops, MeasureMatmulFlops(n));
    WEFT_ASSIGN_OR_RETURN(roof.bf16_flops, MeasureMatmulFlops(n, DataType::kBF16));
    WEFT_ASSIGN_OR_RETURN(roof.bandwidth, MeasureReadBandwidth(n));
    roofs.push_back(roof);
  }
  return roofs;
}

Json Libraries() {
  return {{"oneDNN", OneDnnVersion()},
          {"Highway", HighwayVersion()},
          {"PCRE2", Pcre2Version()},
          {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
          {"nlohmann-json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                        NLOHMANN_JSON_VERSION_PATCH)},
          {"CLI11", CLI11_VERSION},
          {"OpenMP", _OPENMP},
          {"compiler", __VERSION__}};
}

void PrintText(const Flags& flags, const std::vector<Roof>& roofs) {
  fmt::print("processor           {}\n", ProcessorName());
  fmt::print("processors to use   {} (affinity and cgroup quota)\n", AvailableProcessors());
  fmt::print("threads             {}\n", flags.threads);
  fmt::print("memory              {}\n", HumanBytes(static_cast<double>(MachineMemory())));
  fmt::print("vector kernels      {}\n", fmt::join(InstructionSets(), " "));
  fmt::print("oneDNN              {}\n", OneDnnInstructionSet());
  for (const Roof& r : roofs) {
    fmt::print(
        "on {} thread{}         {:.1f} GFLOP/s in f32 products, {:.1f} in bf16{}, {:.1f} GB/s read from "
        "memory\n",
        r.threads, r.threads == 1 ? " " : "s", r.flops * 1e-9, r.bf16_flops * 1e-9,
        HasBf16Products() ? "" : " (converted)", r.bandwidth * 1e-9);
  }
  const Json libraries = Libraries();
  for (const auto& [name, version] : libraries.items()) {
    fmt::print("{:<20}{}\n", name, version.is_string() ? version.get<std::string>() : DumpJson(version));
  }
  for (const EnvironmentVariable& v : EnvironmentVariables()) {
    if (const std::optional<std::string> value = GetEnvironment(v.name))
      fmt::print("{:<20}{}\n", v.name, *value);
  }
}

void PrintJson(const Flags& flags, const std::vector<Roof>& roofs) {
  Json json = {{"processor", ProcessorName()},
               {"processors", AvailableProcessors()},
               {"threads", flags.threads},
               {"memory_bytes", MachineMemory()},
               {"vector_kernels", InstructionSets()},
               {"onednn_instruction_set", OneDnnInstructionSet()},
               {"roofs", Json::array()},
               {"libraries", Libraries()}};
  for (const Roof& r : roofs) {
    json["roofs"].push_back({{"threads", r.threads},
                             {"flops_per_second", r.flops},
                             {"bf16_flops_per_second", r.bf16_flops},
                             {"bytes_per_second", r.bandwidth}});
  }
  for (const EnvironmentVariable& v : EnvironmentVariables()) {
    if (const std::optional<std::string> value = GetEnvironment(v.name))
      json["environment"][std::string(v.name)] = *value;
  }
  fmt::print("{}\n", DumpJson(json, 2));
}

Status RunDoctor(const Flags& flags) {
  WEFT_ASSIGN_OR_RETURN(const std::vector<Roof> roofs, Roofs(flags.threads));
  if (flags.json) {
    PrintJson(flags, roofs);
  } else {
    PrintText(flags, roofs);
  }
  return OkStatus();
}

}  // namespace

void RegisterDoctorCommand(CLI::App& app, Status* result) {
  auto flags = std::make_shared<Flags>();
  flags->threads = AvailableProcessors();
  CLI::App* command =
      app.add_subcommand("doctor", "The processor, its measured roofs, libraries and versions");
  command->option_defaults()->always_capture_default();
  command->add_option("--threads", flags->threads, "threads")->check(CLI::PositiveNumber);
  command->add_flag("--json", flags->json, "as JSON");
  command->callback([flags, result] { *result = RunDoctor(*flags); });
}

}  // namespace weft
