#include "tools/verify_programs.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/hash.h"
#include "base/philox.h"
#include "compiler/compile.h"
#include "compiler/passes/bind.h"
#include "compiler/passes/loss.h"
#include "frontends/models/transformer.h"
#include "ir/joined_name.h"
#include "ops/case_inputs.h"
#include "ops/evaluate.h"
#include "ops/product/op.h"
#include "runtime/generate/engine.h"
#include "runtime/train/programs.h"
#include "tools/verify/check_rewrites.h"

namespace weft {
namespace {

constexpr int64_t kHistory = 4;  // tokens that a repetition penalty sees

// ---- numbers

Tensor Filled(const TensorType& type, double value) {
  Tensor t = Tensor::Zeros(type.dtype, ToShape(type.shape));
  for (int64_t i = 0; i < t.num_elements(); ++i) SetElementFromDouble(t, i, value);
  return t;
}

Tensor Drawn(const TensorType& type, const CaseInput& fill, const std::string& name) {
  CaseInput in = fill;
  in.shape = ToShape(type.shape);
  in.dtype = IsFloat(type.dtype) ? DataType::kF32 : type.dtype;
  return MakeInput(in, type.dtype, Fnv1a(name));
}

class FeedMaker {
 public:
  FeedMaker(const VerifyModel& model, int64_t start) : model_(model), start_(start) {}

  // For inputs and states of both graphs. Derived states come last, for they are computed from others.
  StatusOr<Feed> Make(const Graph& written, const Graph& optimised) {
    Feed feed;
    for (const bool derived : {false, true}) {
      for (const Graph* graph : {&written, &optimised})
        WEFT_RETURN_IF_ERROR(AddInputs(*graph, derived, &feed));
    }
    return feed;
  }

 private:
  // What the graph reads and is not there. A state that has been joined is made of its parts.
  Status AddInputs(const Graph& graph, bool derived, Feed* feed) const {
    for (ValueId v : graph.inputs()) {
      const State* state = graph.FindState(v);
      const Value& value = graph.value(v);
      const std::string& name = state == nullptr ? value.name : state->name;
      const bool is_derived = state != nullptr && state->role == StateRole::kDerived;
      if (is_derived != derived || feed->contains(name)) continue;
      if (state == nullptr) {
        (*feed)[name] = Input(name, value.type);
        continue;
      }
      StatusOr<Tensor> tensor = derived                        ? Derived(*state, *feed)
                                : PartsOf(state->name).empty() ? StateValue(*state, value.type)
                                                               : Joined(state->name, value.type, *feed);
      if (!tensor.ok()) return Prefix(fmt::format("state '{}'", name), tensor.status());
      (*feed)[name] = *std::move(tensor);
    }
    return OkStatus();
  }

  // In f64: where it is read in a narrower type, it is rounded there, and nowhere else.
  static StatusOr<Tensor> Derived(const State& state, const Feed& feed) {
    WEFT_ASSIGN_OR_RETURN(const Graph wide, WideBody(*state.init));
    WEFT_ASSIGN_OR_RETURN(const std::vector<Tensor> values, Interpret(wide, feed));
    return values[static_cast<size_t>(wide.outputs()[0])];
  }

  // Positions go on where the cache ends; what pads a chunk stays within the tables of positions.
  Tensor Positions(const TensorType& type) const {
    Tensor t = Tensor::Zeros(type.dtype, ToShape(type.shape));
    const int64_t row = std::max<int64_t>(t.shape().empty() ? 1 : t.shape().back(), 1);
    for (int64_t i = 0; i < t.num_elements(); ++i) {
      const int64_t position = std::min(start_ + i % row, model_.config.context_length - 1);
      SetElementFromDouble(t, i, static_cast<double>(position));
    }
    return t;
  }

  Tensor Input(const std::string& name, const TensorType& type) const {
    const TrainSettings& s = model_.settings;
    const std::map<std::string_view, double> numbers = {{"step", 3},
                                                        {"seed", static_cast<double>(s.seed)},
                                                        {"row", 1},
                                                        {"lr", s.lr},
                                                        {"temperature", 0.8},
                                                        {"top_k", 9},
                                                        {"top_p", 0.9},
                                                        {"min_p", 0.01},
                                                        {"repetition_penalty", 1.5}};
    if (const auto it = numbers.find(name); it != numbers.end()) return Filled(type, it->second);
    if (name == "start") return Filled(type, static_cast<double>(start_));
    if (name == "lengths") return Filled(type, static_cast<double>(length_));
    if (name == "positions") return Positions(type);
    if (name == "table") {  // row r is page r
      Tensor t = Filled(type, 0);
      for (int64_t i = 0; i < t.num_elements(); ++i) SetElementFromDouble(t, i, static_cast<double>(i));
      return t;
    }
    if (IsFloat(type.dtype)) return Drawn(type, CaseInput::Normal({}), name);
    Tensor ids = Drawn(type, CaseInput::Integers({}, 0, model_.config.vocab_size), name);
    // Some labels count for nothing, as at the end of a text.
    if (name == "labels" && ids.num_elements() > 1)
      SetElementFromDouble(ids, ids.num_elements() - 1, static_cast<double>(kIgnoredLabel));
    return ids;
  }

  // The weights that are there, what the initialiser gives, or such numbers as training leaves.
  StatusOr<Tensor> StateValue(const State& state, const TensorType& type) const {
    const SessionState* there = model_.weights == nullptr ? nullptr : model_.weights->FindState(state.name);
    if (there != nullptr) return there->tensor();
    if (state.role == StateRole::kOptimizer) {
      const bool square = state.name.starts_with("adamw.v.");
      return Drawn(type, square ? CaseInput::Uniform({}, 0, 1e-4) : CaseInput::Normal({}, 0, 1e-2),
                   state.name);
    }
    if (state.role == StateRole::kAccumulator && type.rank() == 0) return Filled(type, 7);  // tokens
    if (state.init == nullptr || state.role == StateRole::kAccumulator)
      return Drawn(type, CaseInput::Normal({}), state.name);
    WEFT_ASSIGN_OR_RETURN(const std::vector<Tensor> values,
                          Interpret(*state.init, {{"seed", Tensor::Scalar<int64_t>(model_.settings.seed)}},
                                    {.context = {1, false}}));
    return values[static_cast<size_t>(state.init->outputs()[0])];
  }

  static StatusOr<Tensor> Joined(std::string_view name, const TensorType& type, const Feed& feed) {
    Tensor whole = Tensor::Zeros(type.dtype, ToShape(type.shape));
    auto* to = static_cast<std::byte*>(whole.mutable_data());
    const std::byte* const end = to + whole.size_bytes();
    for (const JoinedPart& p : PartsOf(name)) {
      const auto part = feed.find(p.name);
      if (part == feed.end() || static_cast<std::ptrdiff_t>(part->second.size_bytes()) > end - to)
        return Internal("its part '{}' is not a state of the graph as it was written", p.name);
      to = std::copy_n(static_cast<const std::byte*>(part->second.data()), part->second.size_bytes(), to);
    }
    return whole;
  }

  const VerifyModel& model_;
  int64_t start_;

 public:
  int64_t length_ = 1;
};

// ---- programs

std::set<std::string> NamesOf(const Graph& graph) {
  std::set<std::string> names;
  for (NodeId id : graph.NodeIds()) {
    for (ValueId v : graph.node(id).outputs) {
      if (v != ValueId::kNone) names.insert(graph.value(v).name);
    }
  }
  return names;
}

class SubjectBuilder {
 public:
  SubjectBuilder(const VerifyModel& model, const Target& target) : model_(model), target_(target) {}

  StatusOr<std::list<VerifySubject>> Training(bool evaluate) {
    const TrainSettings& s = model_.settings;
    WEFT_ASSIGN_OR_RETURN(const Graph training, BuildTransformer(model_.config, true));
    WEFT_ASSIGN_OR_RETURN(const Graph evaluation, BuildTransformer(model_.config, false));
    WEFT_ASSIGN_OR_RETURN(TrainGraphs written, TrainGraphsAsWritten(training, evaluation, s));
    WEFT_ASSIGN_OR_RETURN(TrainPrograms programs,
                          CompileTrainPrograms(training, evaluation, s, target_,
                                               {.evaluation_batch = evaluate ? s.batch_size : 0}));
    Graph forward = evaluate ? evaluation : training;
    WEFT_RETURN_IF_ERROR(AddLoss(forward));
    const std::set<std::string> names = NamesOf(forward);
    std::list<VerifySubject> subjects;
    if (evaluate) {
      // It may take fewer windows at once than the step does.
      const int64_t batch = programs.evaluation->FindInput("tokens")->shape[0];
      WEFT_RETURN_IF_ERROR(Add("evaluation", std::move(written.evaluation), Binding(batch),
                               *std::move(programs.evaluation), names, &subjects));
      return subjects;
    }
    WEFT_RETURN_IF_ERROR(Add(written.apply ? "micro step" : "training step", std::move(written.step),
                             Binding(s.batch_size), std::move(programs.step), names, &subjects));
    if (!written.apply) return subjects;
    WEFT_RETURN_IF_ERROR(
        Add("apply step", *std::move(written.apply), {}, *std::move(programs.apply), {}, &subjects));
    return subjects;
  }

  StatusOr<std::list<VerifySubject>> Generation(std::string_view program) {
    const int64_t context = model_.config.context_length, batch = model_.settings.batch_size;
    EngineOptions options{.context = context, .max_sequences = batch};
    const int64_t seq = program == "decode" ? 1 : PrefillChunks(context).front();
    WEFT_ASSIGN_OR_RETURN(Graph fused, BuildTransformer(model_.config, false));
    Graph written = fused;
    WEFT_RETURN_IF_ERROR(MakeGenerationGraph(fused, options));
    options.as_written = true;
    WEFT_RETURN_IF_ERROR(MakeGenerationGraph(written, options));
    const std::map<std::string, int64_t> binding = {{"batch", batch}, {"seq", seq}, {"history", kHistory}};
    const CompileOptions compile{
        .name = std::string(program), .bf16 = MixedPrecisionOf(model_.settings), .pack_weights = true};
    WEFT_ASSIGN_OR_RETURN(Program compiled, Compile(std::move(fused), binding, target_, compile));
    start_ = std::max<int64_t>(context / 2 - seq, 0);
    length_ = std::min(seq, context - start_);
    const std::set<std::string> names = NamesOf(written);
    std::list<VerifySubject> subjects;
    WEFT_RETURN_IF_ERROR(
        Add(std::string(program), std::move(written), binding, std::move(compiled), names, &subjects));
    return subjects;
  }

 private:
  std::map<std::string, int64_t> Binding(int64_t batch) const {
    return {{"batch", batch}, {"seq", model_.settings.context_length}};
  }

  Status Add(std::string name, Graph written, const std::map<std::string, int64_t>& binding, Program program,
             std::set<std::string> names, std::list<VerifySubject>* subjects) {
    WEFT_RETURN_IF_ERROR(Prefix(name, Bind(written, binding)));
    FeedMaker maker(model_, start_);
    maker.length_ = length_;
    WEFT_ASSIGN_OR_RETURN(Feed feed, maker.Make(written, program.graph));
    subjects->push_back(
        {std::move(name), std::move(written), std::move(program), std::move(names), std::move(feed)});
    return OkStatus();
  }

  const VerifyModel& model_;
  const Target& target_;
  int64_t start_ = 0, length_ = 1;
};

// Operations a second of the plain product in f64.
double PlainSpeed() {
  constexpr int64_t kSize = 128;
  const Tensor x = Tensor::Zeros(DataType::kF64, {kSize, kSize});
  const Tensor* operands[] = {&x, &x};
  const ops::ProductOp product;
  const auto begin = std::chrono::steady_clock::now();
  const auto done = EvaluateNode(ops::ProductOp::def, &product, operands, 0, {1, true});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return done.ok() ? 2.0 * kSize * kSize * kSize / std::max(seconds, 1e-6) : 1e9;
}

int64_t Elements(const Graph& graph) {
  int64_t sum = 0;
  for (size_t i = 0; i < graph.num_value_slots(); ++i) {
    const Value& v = graph.value(ValueId{static_cast<int32_t>(i)});
    if (v.alive) sum += v.type.num_elements().value();
  }
  return sum;
}

}  // namespace

StatusOr<std::list<VerifySubject>> BuildSubjects(const VerifyModel& model, std::string_view program,
                                                 const Target& target) {
  SubjectBuilder builder(model, target);
  if (program == "train" || program == "eval") return builder.Training(program == "eval");
  return builder.Generation(program);
}

VerifyCost EstimateCost(const VerifySubject& subject) {
  // Twice for the rewrites; five times for the kernels: in f64, from moved inputs, and thrice at their types.
  constexpr double kRuns = 7;
  VerifyCost cost;
  cost.operations = subject.program.flops();
  cost.seconds = kRuns * cost.operations / PlainSpeed();
  // Every value of both graphs in f64 at most, beside the program itself.
  cost.bytes =
      8 * (Elements(subject.written) + Elements(subject.program.graph)) + 2 * subject.program.memory.Total();
  return cost;
}

}  // namespace weft
