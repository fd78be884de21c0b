#include "tools/quantized_directory.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "base/float_convert.h"
#include "base/json.h"
#include "ops/gather/op.h"

namespace weft {
namespace {

// Beside config.json and the tensors; what a model does not have is left out.
constexpr const char* kCopied[] = {"tokenizer.json",
                                   "tokenizer_config.json",
                                   "special_tokens_map.json",
                                   "vocab.json",
                                   "merges.txt",
                                   "generation_config.json",
                                   "model.weft",
                                   "model.weft.safetensors"};

Status CopyFile(const std::string& from, const std::string& to) {
  WEFT_ASSIGN_OR_RETURN(const auto file, MappedFile::Open(from));
  return WriteFileAtomically(to, file->text());
}

Tensor InBf16(const Tensor& from) {
  Tensor to = Tensor::Zeros(DataType::kBF16, from.shape());
  const std::span<const float> x = from.as<float>();
  auto* y = static_cast<uint16_t*>(to.mutable_data());
  for (size_t i = 0; i < x.size(); ++i) y[i] = FloatToBf16(x[i]);
  return to;
}

// Whether all that reads the parameter picks rows of it.
bool OnlyLookedUp(const Graph& graph, const std::string& name) {
  const State* state = graph.FindStateByName(name);
  if (state == nullptr) return false;
  const std::vector<Use>& uses = graph.value(state->value).uses;
  return !uses.empty() && std::all_of(uses.begin(), uses.end(), [&](const Use& use) {
    return graph.node(use.node).op == &ops::GatherOp::def && use.operand == 0;
  });
}

StatusOr<std::vector<NamedTensor>> Tensors(const LoadedModel& model, int64_t bits,
                                           const std::vector<std::string>& quantized) {
  const ModelDirectory& directory = model.directory;
  const std::set<std::string> left_out(directory.ignored_tensors.begin(), directory.ignored_tensors.end());
  std::vector<NamedTensor> tensors;
  for (const std::string& name : directory.weights.Names()) {
    if (left_out.contains(name)) continue;
    const bool codes = std::find(quantized.begin(), quantized.end(), name) != quantized.end();
    const bool looked_up = OnlyLookedUp(model.graph, name);
    if (!codes || looked_up) {
      WEFT_ASSIGN_OR_RETURN(Tensor tensor, directory.weights.Get(name));
      const bool rounds = looked_up && tensor.dtype() == DataType::kF32;
      tensors.push_back({name, rounds ? InBf16(tensor) : std::move(tensor)});
    }
    if (!codes) continue;
    for (const std::string& derived : {QuantizedName(name, bits), ScalesName(name, bits)}) {
      const SessionState* state = model.session->FindState(derived);
      WEFT_CHECK(state != nullptr, "{} is not there", derived);
      tensors.push_back({derived, state->tensor()});
    }
  }
  return tensors;
}

}  // namespace

Status WriteQuantizedDirectory(const std::string& directory, const LoadedModel& model,
                               const QuantizeWeightsOptions& quantize,
                               const std::vector<std::string>& quantized) {
  const std::string& from = model.directory.path;
  const std::string config_file = JoinPath(from, "config.json");
  WEFT_ASSIGN_OR_RETURN(Json config, ReadJsonFile(config_file));
  config["quantization_config"] = ToJson(WeightQuantization{quantize.bits, quantize.group});
  WEFT_ASSIGN_OR_RETURN(const std::vector<NamedTensor> tensors, Tensors(model, quantize.bits, quantized));
  return WriteDirectoryAtomically(directory, [&](const std::string& to) -> Status {
    WEFT_RETURN_IF_ERROR(WriteSafetensors(JoinPath(to, "model.safetensors"), tensors, {{"format", "pt"}}));
    WEFT_RETURN_IF_ERROR(WriteJsonFile(JoinPath(to, "config.json"), config));
    for (const char* name : kCopied) {
      if (Exists(JoinPath(from, name)))
        WEFT_RETURN_IF_ERROR(CopyFile(JoinPath(from, name), JoinPath(to, name)));
    }
    return OkStatus();
  });
}

StatusOr<int64_t> WeightFileBytes(const ModelDirectory& directory) {
  int64_t sum = 0;
  for (const SafetensorsFile& file : directory.weights.files()) {
    WEFT_ASSIGN_OR_RETURN(const int64_t bytes, FileSize(file.path()));
    sum += bytes;
  }
  return sum;
}

}  // namespace weft
