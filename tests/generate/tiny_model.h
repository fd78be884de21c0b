// A small transformer with random weights, in memory or as a model directory.
#pragma once
#include <memory>
#include <string>

#include "frontends/models/transformer_config.h"
#include "frontends/tokenizer/tokenizer.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/generate/engine.h"

namespace weft::test {

// vocab_size 257: bytes and <|endoftext|>.
TransformerConfig TinyConfig();
// A session with the model's weights drawn from `seed`, larger than a fresh model's, so that its texts vary.
void InitRandom(const Graph& model, int64_t seed, Session* session);
// Writes config.json and model.safetensors.
void WriteTinyModel(const std::string& directory, const TransformerConfig& config, int64_t seed);

struct TinyEngine {
  explicit TinyEngine(const EngineOptions& options, const TransformerConfig& config = TinyConfig(),
                      int threads = 1);
  CpuTarget target;
  Session session;
  std::unique_ptr<Engine> engine;
};

Tokenizer ByteTokenizer();

}  // namespace weft::test
