#include "tests/generate/tiny_model.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "base/normal.h"
#include "base/safetensors.h"
#include "frontends/models/transformer.h"

namespace weft::test {
namespace {

Tensor RandomTensor(const Shape& shape, int64_t seed) {
  Tensor t = Tensor::Zeros(DataType::kF32, shape);
  uint64_t state = static_cast<uint64_t>(seed) * 0x9e3779b97f4a7c15U + 1;
  for (float& x : t.as_mutable<float>()) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    x = (static_cast<float>(state >> 40) / static_cast<float>(1 << 24) - 0.5f) * 0.6f;
  }
  return t;
}

std::vector<NamedTensor> RandomWeights(const Graph& model, int64_t seed) {
  std::vector<NamedTensor> tensors;
  for (const State& s : model.states()) {
    if (s.role != StateRole::kParameter) continue;
    const auto number = static_cast<int64_t>(tensors.size());
    tensors.push_back({s.name, RandomTensor(ToShape(model.value(s.value).type.shape), seed * 1000 + number)});
  }
  return tensors;
}

}  // namespace

TransformerConfig TinyConfig() {
  TransformerConfig c;
  c.vocab_size = 257;
  c.context_length = 48;
  c.d_model = 32;
  c.num_layers = 2;
  c.num_heads = 4;
  c.num_kv_heads = 2;
  c.d_ff = 64;
  const Status status = c.Complete();
  EXPECT_TRUE(status.ok()) << Message(status);
  return c;
}

void InitRandom(const Graph& model, int64_t seed, Session* session) {
  for (const NamedTensor& t : RandomWeights(model, seed)) {
    const Status status = session->BindState(t.name, StateRole::kParameter, t.tensor);
    ASSERT_TRUE(status.ok()) << Message(status);
  }
}

void WriteTinyModel(const std::string& directory, const TransformerConfig& config, int64_t seed) {
  const StatusOr<Graph> model = BuildTransformer(config, false);
  ASSERT_TRUE(model.ok()) << Message(model.status());
  ASSERT_TRUE(CreateDirectories(directory).ok());
  ASSERT_TRUE(WriteJsonFile(JoinPath(directory, "config.json"), ToJson(config)).ok());
  ASSERT_TRUE(WriteSafetensors(JoinPath(directory, "model.safetensors"), RandomWeights(*model, seed)).ok());
}

TinyEngine::TinyEngine(const EngineOptions& options, const TransformerConfig& config, int threads)
    : target({threads, false}) {
  StatusOr<Graph> model = BuildTransformer(config, false);
  EXPECT_TRUE(model.ok()) << Message(model.status());
  InitRandom(*model, 7, &session);
  StatusOr<std::unique_ptr<Engine>> created = Engine::Create(*std::move(model), &session, &target, options);
  EXPECT_TRUE(created.ok()) << Message(created.status());
  if (created.ok()) engine = *std::move(created);
}

Tokenizer ByteTokenizer() {
  StatusOr<Tokenizer> tokenizer = Tokenizer::Load("bytes");
  EXPECT_TRUE(tokenizer.ok()) << Message(tokenizer.status());
  return *std::move(tokenizer);
}

}  // namespace weft::test
