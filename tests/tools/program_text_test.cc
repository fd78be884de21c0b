// Whole programs as text: read back as the same program, with a function for each of weft's operators, and
// equal to themselves with every operator replaced by its body, in f64.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "compiler/compile.h"
#include "compiler/pass.h"
#include "frontends/models/transformer.h"
#include "ir/equal.h"
#include "ir/graph_diff.h"
#include "ir/graph_file.h"
#include "ops/text.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/generate/engine.h"
#include "runtime/train/programs.h"
#include "tests/base/temporary_directory.h"
#include "tools/run_graph.h"

namespace weft {
namespace {

constexpr int64_t kBatch = 2, kVocabulary = 23, kContext = 6;

struct Model {
  std::string name;
  TransformerConfig config;
  TrainSettings settings;
};

// What TransformerConfig and TrainSettings offer, over three models.
std::vector<Model> Models() {
  std::vector<Model> models(3);
  models[0].name = "llama";
  models[0].config.num_kv_heads = 2;
  models[1].name = "post_norm";
  models[1].config = {.norm = NormPlace::kPost,
                      .rope = RopeLayout::kInterleaved,
                      .feed_forward = FeedForwardKind::kGelu,
                      .tie_embeddings = true,
                      .bias = true,
                      .dropout = 0.25f};
  models[1].settings.grad_accumulation = 2;
  models[2].name = "no_norm";
  models[2].config = {.norm = NormPlace::kNone,
                      .rope = RopeLayout::kNone,
                      .feed_forward = FeedForwardKind::kRelu2,
                      .qk_norm = true};
  models[2].settings.optimizer = "sgd";
  for (Model& m : models) {
    TransformerConfig& c = m.config;
    c.vocab_size = kVocabulary, c.context_length = kContext, c.d_model = 16, c.num_layers = 2,
    c.num_heads = 4;
    m.settings.context_length = kContext, m.settings.batch_size = kBatch * m.settings.grad_accumulation;
    m.settings.dropout = static_cast<double>(c.dropout);
    EXPECT_TRUE(c.Complete().ok());
  }
  return models;
}

std::vector<Graph> ProgramsOf(const Model& m) {
  std::vector<Graph> programs;
  const CpuTarget target({1, false});
  auto trained = CompileTrainPrograms(*BuildTransformer(m.config, true), *BuildTransformer(m.config, false),
                                      m.settings, target, {.evaluation_batch = kBatch});
  EXPECT_TRUE(trained.ok()) << Message(trained.status());
  if (!trained.ok()) return programs;
  programs.push_back(trained->step.graph);
  if (trained->apply) programs.push_back(trained->apply->graph);
  programs.push_back(trained->evaluation->graph);
  for (const int64_t seq : {int64_t{4}, int64_t{1}}) {
    Graph model = *BuildTransformer(m.config, false);
    EXPECT_TRUE(MakeGenerationGraph(model, {.context = kContext, .max_sequences = kBatch}).ok());
    auto program = Compile(std::move(model), {{"batch", kBatch}, {"seq", seq}, {"history", 3}}, target,
                           {.name = "serve"});
    EXPECT_TRUE(program.ok()) << Message(program.status());
    if (program.ok()) programs.push_back(program->graph);
  }
  return programs;
}

class ProgramText : public ::testing::TestWithParam<int> {
 protected:
  static Model Current() { return Models()[static_cast<size_t>(GetParam())]; }
  static std::vector<Graph> Programs() { return ProgramsOf(Current()); }
  // And the model as it is built, with its symbols.
  static std::vector<Graph> Graphs() {
    std::vector<Graph> graphs = Programs();
    graphs.push_back(*BuildTransformer(Current().config, true));
    return graphs;
  }
};

TEST_P(ProgramText, ReadsBackAsTheSameProgram) {
  for (const Graph& program : Graphs()) {
    const std::string text = PrintText(program);
    const StatusOr<Graph> again = ParseText(text, WithOperators());
    ASSERT_TRUE(again.ok()) << Message(again.status()) << "\n" << text;
    std::string why;
    EXPECT_TRUE(Equal(program, *again, &why)) << why;
    EXPECT_EQ(PrintText(*again), text);
  }
}

// The file form: exactly the same graph, text and bytes.
TEST_P(ProgramText, ReadsBackFromAFile) {
  const TemporaryDirectory directory;
  const std::string path = directory / "program.weft", other = directory / "other.weft";
  for (const Graph& program : Graphs()) {
    const std::string text = PrintText(program);
    ASSERT_TRUE(SaveGraph(*ParseText(text, WithOperators()), path).ok());
    const StatusOr<Graph> again = LoadGraph(path, WithOperators());
    ASSERT_TRUE(again.ok()) << Message(again.status());
    std::string why;
    EXPECT_TRUE(Equal(program, *again, &why)) << why;
    EXPECT_EQ(PrintText(*again), text);
    ASSERT_TRUE(SaveGraph(*again, other).ok());
    EXPECT_TRUE(*ReadFile(path) == *ReadFile(other));
    EXPECT_THAT(DiffGraphs(program, *again).differences, testing::IsEmpty());
  }
}

TEST_P(ProgramText, HasAFunctionForEachOperatorOfWefts) {
  for (const Graph& program : Graphs()) {
    const OnnxModel model = ToOnnx(program);
    std::set<std::string> known;
    const auto check = [&](const std::vector<OnnxNode>& nodes) {
      for (const OnnxNode& n : nodes) {
        EXPECT_TRUE(n.domain != "weft" || known.contains(n.op_type + ":" + n.overload)) << n.op_type;
      }
    };
    for (const OnnxFunction& f : model.functions) {
      check(f.nodes);
      known.insert(f.name + ":" + f.overload);
    }
    check(model.graph.nodes);
  }
}

// ---- the bodies

// Small, within what the programs' inputs by name may be.
Tensor InputFor(const std::string& name, const TensorType& type) {
  Tensor t = Tensor::Zeros(type.dtype, ToShape(type.shape));
  std::mt19937_64 random(std::hash<std::string>()(name));
  const bool positive = name.find("adamw.v") == 0;
  for (int64_t i = 0; i < t.num_elements(); ++i) {
    double x = static_cast<double>(random() >> 11) * 0x1p-52 - 1;
    if (positive) x = std::fabs(x);
    if (type.dtype == DataType::kI64) x = static_cast<double>(random() % kContext);
    SetElementFromDouble(t, i, x);
  }
  const auto fill = [&](double value) {
    for (int64_t i = 0; i < t.num_elements(); ++i) SetElementFromDouble(t, i, value);
  };
  if (name == "table") {  // each sequence its page
    for (int64_t i = 0; i < t.num_elements(); ++i) SetElementFromDouble(t, i, static_cast<double>(i));
  }
  for (const auto& [input, value] : std::map<std::string, double>{{"lengths", 1},
                                                                  {"start", 2},
                                                                  {"step", 3},
                                                                  {"seed", 5},
                                                                  {"lr", 0.01},
                                                                  {"temperature", 0.8},
                                                                  {"top_k", 9},
                                                                  {"top_p", 0.9},
                                                                  {"min_p", 0.01},
                                                                  {"repetition_penalty", 1.5}}) {
    if (name == input) fill(value);
  }
  return t;
}

// The graph after passes, through text, on those inputs.
std::vector<NamedTensor> RunAfter(const Graph& program, std::string_view passes) {
  Graph graph = *ParseText(PrintText(program), WithOperators());
  const auto list = PassesByName(passes);
  EXPECT_TRUE(list.ok()) << Message(list.status());
  PassContext context;
  EXPECT_TRUE(PassRunner().Run(graph, *list, context).ok());
  std::map<std::string, Tensor, std::less<>> inputs;
  for (ValueId v : graph.inputs()) {
    const State* state = graph.FindState(v);
    const std::string& name = state == nullptr ? graph.value(v).name : state->name;
    inputs.emplace(name, InputFor(name, graph.value(v).type));
  }
  RunGraphOptions options;
  options.context = {1, true};
  options.tensor = [&](std::string_view name) -> StatusOr<Tensor> {
    const auto it = inputs.find(name);
    if (it == inputs.end()) return NotFound("there is no tensor '{}'", name);
    return it->second;
  };
  const auto results = RunGraphText(PrintText(graph), options);
  EXPECT_TRUE(results.ok()) << Message(results.status());
  return results.ok() ? *results : std::vector<NamedTensor>();
}

TEST_P(ProgramText, EqualsItsBodies) {
  for (const Graph& program : Programs()) {
    const std::vector<NamedTensor> whole = RunAfter(program, "widen"),
                                   bodies = RunAfter(program, "widen,decompose");
    ASSERT_EQ(whole.size(), bodies.size());
    ASSERT_FALSE(whole.empty());
    for (size_t i = 0; i < whole.size(); ++i) {
      const Tensor &a = whole[i].tensor, &b = bodies[i].tensor;
      ASSERT_EQ(whole[i].name, bodies[i].name);
      ASSERT_EQ(a.shape(), b.shape());
      double largest = 1, difference = 0;
      for (int64_t k = 0; k < a.num_elements(); ++k) {
        ASSERT_TRUE(std::isfinite(ElementAsDouble(a, k))) << whole[i].name;
        largest = std::max(largest, std::fabs(ElementAsDouble(b, k)));
        difference = std::max(difference, std::fabs(ElementAsDouble(a, k) - ElementAsDouble(b, k)));
      }
      EXPECT_LE(difference, 1e-9 * largest) << whole[i].name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, ProgramText, ::testing::Range(0, 3),
                         [](const auto& info) { return Models()[static_cast<size_t>(info.param)].name; });

}  // namespace
}  // namespace weft
