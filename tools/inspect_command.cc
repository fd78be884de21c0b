// weft inspect: what is in a file: tensors of a safetensors file or a model directory, tokens of a shard, a
// graph.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/json.h"
#include "base/safetensors.h"
#include "base/shards.h"
#include "frontends/models/model_directory.h"
#include "tools/commands.h"
#include "tools/inspect_graph.h"

namespace weft {
namespace {

struct Flags {
  std::string path;
  bool json = false;
};

constexpr int64_t kShownTokens = 16;

Json ToJson(const SafetensorsFile& file) {
  Json json = {{"path", file.path()}, {"tensors", Json::array()}, {"metadata", file.metadata()}};
  for (const SafetensorsEntry& e : file.entries()) {
    json["tensors"].push_back(
        {{"name", e.name}, {"dtype", Name(e.dtype)}, {"shape", e.shape}, {"bytes", e.end - e.begin}});
  }
  return json;
}

void Print(const SafetensorsFile& file) {
  size_t width = 0;
  int64_t elements = 0, bytes = 0;
  for (const SafetensorsEntry& e : file.entries()) {
    width = std::max(width, e.name.size());
    elements += NumElements(e.shape);
    bytes += e.end - e.begin;
  }
  fmt::print("{}: {} tensors, {} elements, {}\n", file.path(), file.entries().size(),
             HumanCount(static_cast<double>(elements)), HumanBytes(static_cast<double>(bytes)));
  for (const auto& [key, value] : file.metadata()) fmt::print("  {} = {}\n", key, value);
  for (const SafetensorsEntry& e : file.entries()) {
    fmt::print("  {:<{}}  {:<5} {:<18} {:>12}\n", e.name, width, Name(e.dtype), ToString(e.shape),
               HumanBytes(static_cast<double>(e.end - e.begin)));
  }
}

Status InspectTensors(const Flags& flags, const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(const SafetensorsSet set, SafetensorsSet::Open(path));
  Json all = Json::array();
  for (const SafetensorsFile& file : set.files()) {
    if (flags.json) {
      all.push_back(ToJson(file));
    } else {
      Print(file);
    }
  }
  if (flags.json) fmt::print("{}\n", DumpJson(all.size() == 1 ? all[0] : all, 2));
  return OkStatus();
}

Status InspectShard(const Flags& flags) {
  WEFT_ASSIGN_OR_RETURN(const TokenShard shard, TokenShard::Open(flags.path));
  WEFT_RETURN_IF_ERROR(shard.Verify());
  std::vector<uint32_t> first;
  for (int64_t i = 0; i < std::min(shard.size(), kShownTokens); ++i) first.push_back(shard.token(i));
  if (flags.json) {
    const Json json = {{"path", flags.path},
                       {"tokens", shard.size()},
                       {"bytes_per_token", shard.width()},
                       {"vocab_size", shard.vocabulary_size()},
                       {"first", first}};
    fmt::print("{}\n", DumpJson(json, 2));
    return OkStatus();
  }
  fmt::print("{}: {} tokens of {} bytes, vocabulary {}\n  begins", flags.path, shard.size(), shard.width(),
             shard.vocabulary_size() > 0 ? fmt::format("{}", shard.vocabulary_size()) : "not said");
  for (const uint32_t id : first) fmt::print(" {}", id);
  fmt::print("\n");
  return OkStatus();
}

Status InspectModel(const Flags& flags) {
  WEFT_ASSIGN_OR_RETURN(const std::string directory, FindModelDirectory(flags.path));
  WEFT_ASSIGN_OR_RETURN(const TransformerConfig c, ReadModelConfig(directory));
  if (!flags.json) {
    fmt::print(
        "{}: {} layers, d_model {}, {} heads ({} for keys and values) of {}, d_ff {}, vocabulary {}, context "
        "{}\n",
        directory, c.num_layers, c.d_model, c.num_heads, c.num_kv_heads, c.head_dim, c.d_ff, c.vocab_size,
        c.context_length);
  }
  return InspectTensors(flags, directory);
}

Status RunInspect(const Flags& flags) {
  if (!Exists(flags.path)) return NotFound("'{}' does not exist", flags.path);
  if (flags.path.ends_with(".bin")) return InspectShard(flags);
  if (flags.path.ends_with(".safetensors") || flags.path.ends_with(".index.json"))
    return InspectTensors(flags, flags.path);
  if (NamesGraph(flags.path)) return InspectGraph(flags.path, flags.json);
  if (IsDirectory(flags.path)) return InspectModel(flags);
  return InvalidArgument(
      "'{}' is not a safetensors file, a token shard (.bin), a graph (.weft, .onnxtxt) or a model directory",
      flags.path);
}

}  // namespace

void RegisterInspectCommand(CLI::App& app, Status* result) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("inspect", "What is in a file: tensors, tokens, a graph, sizes");
  command
      ->add_option(
          "PATH", flags->path,
          "a .safetensors file, a token shard (.bin), a graph (.weft, .onnxtxt), a model or run directory")
      ->required();
  command->add_flag("--json", flags->json, "as JSON");
  command->callback([flags, result] { *result = RunInspect(*flags); });
}

}  // namespace weft
