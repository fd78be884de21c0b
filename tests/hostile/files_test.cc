// Every file format that weft reads, damaged in every way of damage.h.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/safetensors.h"
#include "base/shards.h"
#include "frontends/data/prepare.h"
#include "frontends/models/model_directory.h"
#include "frontends/models/transformer.h"
#include "frontends/tokenizer/bpe_trainer.h"
#include "frontends/tokenizer/tokenizer.h"
#include "ir/graph_file.h"
#include "ir/graph_format.h"
#include "ops/text.h"
#include "runtime/generate/quantize.h"
#include "runtime/train/checkpoint.h"
#include "runtime/train/settings.h"
#include "tests/base/temporary_directory.h"
#include "tests/hostile/damage.h"
#include "tests/ir/graph_samples.h"
#include "tools/load_model.h"

namespace weft::test {
namespace {

class HostileFilesTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return directory_ / name; }
  void Write(const std::string& name, std::string_view bytes) {
    const Status status = WriteFileAtomically(Path(name), bytes);
    ASSERT_TRUE(status.ok()) << Message(status);
  }
  DamageCounts Damage(const std::string& name, const std::function<Status()>& read) {
    return DamageFile(directory_.path(), name, read);
  }
  TemporaryDirectory directory_;
};

std::vector<NamedTensor> SomeTensors() {
  const std::vector<float> floats = {1, -2, 3.5F, 0, 5, 6};
  const std::vector<int64_t> integers = {7, -1};
  return {{"model.norm.weight", Tensor::Of<float>({2, 3}, std::span(floats))},
          {"step", Tensor::Of<int64_t>({2}, std::span(integers))},
          {"empty", Tensor::Zeros(DataType::kBF16, {0, 4})}};
}

// Reads every tensor.
Status ReadTensors(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(const SafetensorsFile file, SafetensorsFile::Open(path));
  for (const SafetensorsEntry& entry : file.entries()) {
    WEFT_ASSIGN_OR_RETURN(const Tensor tensor, file.Get(entry.name));
    for (int64_t i = 0; i < tensor.num_elements(); ++i) ElementAsDouble(tensor, i);
  }
  return OkStatus();
}

TEST_F(HostileFilesTest, Safetensors) {
  ASSERT_TRUE(WriteSafetensors(Path("a.safetensors"), SomeTensors()).ok());
  const DamageCounts counts = Damage("a.safetensors", [&] { return ReadTensors(Path("a.safetensors")); });
  EXPECT_GT(counts.refused, 300);
  EXPECT_GT(counts.read, 300);  // bits of the data
}

TEST_F(HostileFilesTest, Shards) {
  {
    auto writer = TokenShardSetWriter::Create(directory_.path(), "train", 300);
    ASSERT_TRUE(writer.ok());
    std::vector<uint32_t> ids;
    for (uint32_t i = 0; i < 200; ++i) ids.push_back(i * 7 % 300);
    ASSERT_TRUE(writer->Append(ids).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  const DamageCounts counts = Damage("train-00000.bin", [&]() -> Status {
    WEFT_ASSIGN_OR_RETURN(const TokenShard shard, TokenShard::Open(Path("train-00000.bin")));
    WEFT_ASSIGN_OR_RETURN(const TokenDataset data, TokenDataset::OpenSplit(directory_.path(), "train"));
    std::vector<int64_t> all(static_cast<size_t>(data.size()));
    data.Copy(0, all);
    return shard.Verify();
  });
  EXPECT_GT(counts.refused, 1000);
}

// A tokenizer that was read, right or not, encodes and decodes without harm.
Status Use(const StatusOr<Tokenizer>& tokenizer) {
  WEFT_RETURN_IF_ERROR(tokenizer.status());
  const StatusOr<std::vector<uint32_t>> ids =
      tokenizer->Encode("the cat sat<|endoftext|>  caf\xc3\xa9 \xff 42");
  if (ids.ok()) (void)tokenizer->Decode(*ids);
  const uint32_t some[] = {0, 255, 256, 257, 300, 0xffffffff};
  (void)tokenizer->Decode(some);
  return OkStatus();
}

constexpr std::string_view kText = "the cat sat on the mat, the cat ate the rat. That cat!\n";

Tokenizer SmallTokenizer() {
  BpeTrainerOptions options;
  options.vocab_size = 265;
  StatusOr<Tokenizer> tokenizer = TrainBpeOnText(kText, options);
  EXPECT_TRUE(tokenizer.ok()) << Message(tokenizer.status());
  return *std::move(tokenizer);
}

TEST_F(HostileFilesTest, TokenizerJson) {
  ASSERT_TRUE(SmallTokenizer().Save(Path("tokenizer.json")).ok());
  const DamageCounts counts =
      Damage("tokenizer.json", [&] { return Use(Tokenizer::Load(Path("tokenizer.json"))); });
  EXPECT_GT(counts.refused, 600);
}

TEST_F(HostileFilesTest, VocabAndMerges) {
  const StatusOr<Json> json = ParseJson(SmallTokenizer().ToJson(), "tokenizer.json");
  ASSERT_TRUE(json.ok());
  const Json& model = json->at("model");
  std::string merges = "#version: 0.2\n";
  for (const Json& merge : model.at("merges")) {
    merges += merge.is_string()
                  ? merge.get<std::string>() + "\n"
                  : fmt::format("{} {}\n", merge[0].get<std::string>(), merge[1].get<std::string>());
  }
  Write("vocab.json", DumpJson(model.at("vocab")));
  Write("merges.txt", merges);
  for (const char* file : {"vocab.json", "merges.txt"}) {
    const DamageCounts counts = Damage(file, [&] {
      return Use(Tokenizer::LoadVocabAndMerges(Path("vocab.json"), Path("merges.txt"), {"<|endoftext|>"}));
    });
    EXPECT_GT(counts.refused, 50) << file;
  }
}

TEST_F(HostileFilesTest, PreparedData) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += kText;
  Write("text.txt", text);
  PrepareOptions options;
  options.tokenizer = "bytes";
  ASSERT_TRUE(PrepareData({Path("text.txt")}, Path("data"), options).ok());
  const DamageCounts counts = Damage("data/data.json", [&] { return ReadDataInfo(Path("data")).status(); });
  EXPECT_GT(counts.refused, 100);
}

TransformerConfig SmallModel() {
  TransformerConfig c;
  c.vocab_size = 257, c.d_model = 16, c.num_layers = 1, c.num_heads = 2, c.d_ff = 24, c.context_length = 8;
  EXPECT_TRUE(c.Complete().ok());
  return c;
}

TEST_F(HostileFilesTest, ModelConfig) {
  Write("config.json", DumpJson(ToJson(SmallModel()), 1));
  const DamageCounts counts = Damage("config.json", [&]() -> Status {
    WEFT_ASSIGN_OR_RETURN(const TransformerConfig config, ReadModelConfig(directory_.path()));
    return BuildTransformer(config, false).status();
  });
  EXPECT_GT(counts.refused, 300);
}

// A model whose weights are quantised: what its damaged file still holds is bound, or refused.
TEST_F(HostileFilesTest, QuantizedModel) {
  StatusOr<Graph> model = BuildTransformer(SmallModel(), false);
  ASSERT_TRUE(model.ok());
  const QuantizeWeightsOptions options{
      .bits = 4, .stored = [](const std::string& name) { return name == "lm_head.weight"; }};
  ASSERT_TRUE(QuantizeModel(*model, options).ok());
  std::vector<NamedTensor> tensors;
  for (const State& s : model->states()) {
    const TensorType& type = model->value(s.value).type;
    if (s.role == StateRole::kParameter)
      tensors.push_back({s.name, Tensor::Zeros(type.dtype, ToShape(type.shape))});
  }
  Json config = ToJson(SmallModel());
  config["quantization_config"] = ToJson(WeightQuantization{4, 32});
  Write("config.json", DumpJson(config, 1));
  ASSERT_TRUE(WriteSafetensors(Path("model.safetensors"), tensors).ok());
  const auto load = [&] { return LoadModel(directory_.path()).status(); };
  EXPECT_GT(Damage("model.safetensors", load).refused, 200);
  EXPECT_GT(Damage("config.json", load).refused, 200);
}

TEST_F(HostileFilesTest, TrainingSettings) {
  Write("settings.json", DumpJson(ToJson(TrainSettings()), 1));
  const DamageCounts counts = Damage("settings.json", [&]() -> Status {
    WEFT_ASSIGN_OR_RETURN(const Json json, ReadJsonFile(Path("settings.json")));
    TrainSettings settings;
    WEFT_RETURN_IF_ERROR(FromJson(json, "settings.json", &settings));
    return Check(settings);
  });
  EXPECT_GT(counts.refused, 300);
}

TEST_F(HostileFilesTest, Checkpoint) {
  weft::Checkpoint checkpoint;
  checkpoint.state.step = 7;
  checkpoint.state.tokens = 700;
  checkpoint.state.best_val_loss = 1.5;
  checkpoint.state.best_step = 6;
  checkpoint.parameters = SomeTensors();
  checkpoint.optimizer = SomeTensors();
  const CheckpointDirectory checkpoints(directory_.path());
  ASSERT_TRUE(checkpoints.Save(checkpoint, ToJson(SmallModel()), "", 3).ok());
  const auto load = [&]() -> Status {
    WEFT_ASSIGN_OR_RETURN(const std::optional<weft::Checkpoint> latest, checkpoints.LoadLatest());
    return latest ? OkStatus() : NotFound("there is no checkpoint");
  };
  for (const char* file : {"model.safetensors", "optimizer.safetensors"}) {
    const DamageCounts counts = Damage(std::string("checkpoints/latest/") + file, load);
    EXPECT_EQ(counts.read, 0) << file;  // their hash is known
  }
  EXPECT_GT(Damage("checkpoints/latest/trainer_state.json", load).refused, 50);
}

// In the file form: what its hash does not refuse, the reader must stand.
TEST_F(HostileFilesTest, GraphFile) {
  const StatusOr<Graph> model = BuildTransformer(SmallModel(), true);
  ASSERT_TRUE(model.ok());
  ASSERT_TRUE(SaveGraph(*model, Path("model.weft")).ok());
  const DamageCounts whole =
      Damage("model.weft", [&] { return LoadGraph(Path("model.weft"), WithOperators()).status(); });
  EXPECT_EQ(whole.read, 0);
  const DamageCounts counts = Damage("model.weft", [&]() -> Status {
    WEFT_ASSIGN_OR_RETURN(std::string bytes, ReadFile(Path("model.weft")));
    Seal(&bytes);
    WEFT_ASSIGN_OR_RETURN(const Graph graph, LoadGraphFrom(bytes, "model.weft", WithOperators()));
    WEFT_ASSIGN_OR_RETURN(const EncodedGraph encoded, EncodeGraph(graph));
    (void)PrintText(graph);
    return encoded.bytes.empty() ? Internal("nothing was written") : OkStatus();
  });
  EXPECT_GT(counts.refused, 600);
  EXPECT_GT(counts.read, 10);
}

// A constant beside it: neither file is believed without the other.
TEST_F(HostileFilesTest, GraphFileWithItsConstants) {
  Graph graph;
  const std::vector<float> values(2000, 0.5F);
  graph.AddOutput(graph.AddConstant("table", Tensor::Of<float>({2000}, std::span(values))));
  ASSERT_TRUE(SaveGraph(graph, Path("g.weft")).ok());
  const auto load = [&] { return LoadGraph(Path("g.weft"), WithOperators()).status(); };
  const DamageCounts counts = Damage("g.weft.safetensors", load);
  EXPECT_GT(counts.refused, 1500);
  EXPECT_LT(counts.read, 100);  // bits of the header that say nothing
  ASSERT_TRUE(RemoveAll(Path("g.weft.safetensors")).ok());
  EXPECT_NE(Message(load()).find("g.weft.safetensors"), std::string::npos) << Message(load());
}

TEST_F(HostileFilesTest, GraphText) {
  const StatusOr<Graph> model = BuildTransformer(SmallModel(), true);
  ASSERT_TRUE(model.ok());
  Write("model.onnxtxt", PrintText(*model));
  const DamageCounts counts = Damage("model.onnxtxt", [&]() -> Status {
    WEFT_ASSIGN_OR_RETURN(const std::string text, ReadFile(Path("model.onnxtxt")));
    WEFT_ASSIGN_OR_RETURN(const Graph graph, ParseText(text, WithOperators()));
    WEFT_RETURN_IF_ERROR(Verify(graph));
    (void)PrintText(graph);
    return OkStatus();
  });
  EXPECT_GT(counts.refused, 1000);
  EXPECT_GT(counts.read, 10);
}

}  // namespace
}  // namespace weft::test
