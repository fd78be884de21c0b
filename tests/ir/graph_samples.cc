#include "tests/ir/graph_samples.h"

#include <bit>
#include <limits>

#include "base/hash.h"
#include "ir/graph_format.h"
#include "tests/ir/test_ops.h"

namespace weft::test {

Graph GraphOfNodes() {
  Graph g;
  g.name = "a graph";
  Builder b(g);
  const Dim n = Dim::Symbol("n"), seq = Dim::Symbol("seq");
  Var x = b.Input("x", {DataType::kF32, {n * Dim(2), seq + Dim(1)}});
  Var w = b.Input("0 \"odd\"\\name\n", {DataType::kF32, {5, 2}});
  Var seed = b.Input("seed", {DataType::kI64, {}});
  b.set_scope("blocks.3.attn");
  Var y = Emit(b, NegOp{}, {x});
  b.set_phase(Phase::kBackward);
  std::vector<Var> norm = b.EmitMany(NormOp{.epsilon = 1e-6F, .mode = 3}, {y}, 2);
  g.SetClone(g.value(norm[0].id).producer, 7);
  b.set_phase(Phase::kOptimizer);
  b.set_scope("backward:odd/scope/3");
  Var flat = Emit(b, ReshapeOp{{n * (seq + Dim(1)) * Dim(2)}}, {norm[0]});
  b.set_phase(Phase::kForward);
  b.set_scope("");
  std::vector<Var> parts = b.EmitMany(SplitOp{{1, 4}, 0}, {w}, 0);
  Var joined = Emit(b, ConcatOp{}, {parts[1], parts[0], w});
  Var dropped = b.EmitMany(DropoutOp{.ratio = 0.25F}, {joined, seed}, 0)[0];
  std::vector<Var> masked = b.EmitMany(DropoutOp{}, {dropped}, 2);  // one operand absent, one output more
  for (Var v : {flat, norm[1], masked[1], masked[0]}) b.Output(v);
  g.symbol_bounds = {{"n", 64}, {"seq", std::numeric_limits<int64_t>::max()}, {"unused", 1}};
  return g;
}

Graph GraphOfAttributes() {
  Graph g;
  Builder b(g);
  const Dim batch = Dim::Symbol("batch");
  Var x = b.Input("x", {DataType::kF32, {batch, 4}});
  KindsOp empty;
  empty.d = Dim(0);
  KindsOp full{
      .i = std::numeric_limits<int64_t>::min(),
      .f = 1e-45F,
      .b = true,
      .s = std::string("two words, \"quotes\"\0and a zero", 30),
      .t = DataType::kBF16,
      .d = batch * Dim(3) - Dim(1),
      .ints = {-1, std::numeric_limits<int64_t>::max()},
      .floats = {0.1F, -0.0F, std::numeric_limits<float>::infinity(), std::bit_cast<float>(0xffc12345)},
      .dims = {batch, 4, batch * Dim::Symbol("seq"), Dim(-7)}};
  KindsOp odd;
  odd.f = -0.0F;  // equal to the default, and not the same
  odd.dims = {1, 0};
  KindsOp nan;
  nan.f = std::bit_cast<float>(0x7fc54321);
  for (const KindsOp& a : {empty, full, odd, nan}) b.Output(Emit(b, a, {x}));
  return g;
}

Graph GraphOfConstants() {
  Graph g;
  Builder b(g);
  b.Input("x", {DataType::kF32, {}});
  for (int i = 0; i < kNumDataTypes; ++i) {
    const auto dtype = static_cast<DataType>(i);
    const std::string name(Name(dtype));
    Tensor t = Tensor::Zeros(dtype, {3});
    for (int64_t j = 0; j < 3; ++j) SetElementFromDouble(t, j, static_cast<double>(j % 2));
    b.Constant(t, "c_" + name);
    b.Constant(Tensor::Zeros(dtype, {}), "s_" + name);
    b.Constant(Tensor::Zeros(dtype, {0, 3}), "e_" + name);
  }
  const double odd[] = {-0.0, 5e-324, std::numeric_limits<double>::infinity(),
                        std::bit_cast<double>(0xfff8000000012345)};
  b.Output(b.Constant(Tensor::Of<double>({4}, odd), "odd"));
  return g;
}

Graph GraphOfStates() {
  const auto fill = std::make_shared<Graph>();
  {
    Builder b(*fill);
    b.Input("seed", {DataType::kI64, {}});
    b.set_scope("w");
    b.Output(Emit(b, FillOp{{4, 2}, 0.5F}, {Var{&b, ValueId::kNone}}), "value");
  }
  const auto zeros = std::make_shared<Graph>();
  {
    Builder b(*zeros);
    b.Input("seed", {DataType::kI64, {}});
    b.Output(b.Constant(Tensor::Zeros(DataType::kF32, {4, 2}), "value"));
  }
  Graph g;
  Builder b(g);
  const auto state = [&](std::string_view name, StateRole role, std::shared_ptr<const Graph> init) {
    const Var v = b.Input(name, {DataType::kF32, {4, 2}});
    g.AddState({fmt::format("layers.0 {}", name), role, v.id, ValueId::kNone, std::move(init)});
    return v;
  };
  Var w = state("w", StateRole::kParameter, fill), m = state("m", StateRole::kOptimizer, zeros);
  state("v", StateRole::kOptimizer, zeros);
  state("a", StateRole::kAccumulator, nullptr);
  state("b", StateRole::kBuffer, zeros);
  state("d", StateRole::kDerived, nullptr);
  Var cache = b.Input("cache", {DataType::kF32, {Dim::Symbol("pages"), 2}});
  g.AddState({"cache", StateRole::kCache, cache.id, ValueId::kNone, nullptr});
  Var next = Emit(b, NegOp{}, {w});
  Var next_m = Emit(b, AddOp{}, {m, next});
  b.Output(Emit(b, NegOp{}, {cache}), "result");
  b.Output(next_m);
  g.mutable_states()[0].next = next.id;
  g.mutable_states()[1].next = next_m.id;  // a result as well
  g.symbol_bounds = {{"pages", 64}};
  return g;
}

Graph SmallGraph() {
  const auto zeros = std::make_shared<Graph>();
  {
    Builder b(*zeros);
    b.Output(b.Constant(Tensor::Zeros(DataType::kBool, {2}), "value"));
  }
  Graph g;
  Builder b(g);
  const Dim n = Dim::Symbol("n");
  Var x = b.Input("x", {DataType::kF32, {n, 2}});
  Var s = b.Input("s", {DataType::kBool, {2}});
  b.set_scope("a");
  Var y = b.EmitMany(NormOp{.epsilon = 0.5F}, {x}, 0)[0];
  b.Output(Emit(b, ReshapeOp{{n * Dim(2)}}, {y}));
  g.AddState({"s", StateRole::kCache, s.id, s.id, zeros});
  g.symbol_bounds = {{"n", 8}};
  return g;
}

void Seal(std::string* bytes, uint32_t version) {
  if (bytes->size() < kGraphTrailerBytes) return;
  const auto put = [&](size_t from_end, uint64_t number, size_t size) {
    for (size_t i = 0; i < size; ++i) {
      (*bytes)[bytes->size() - from_end + i] = static_cast<char>(number >> 8 * i & 0xff);
    }
  };
  put(16, version, 4);
  put(12, 0, 4);
  put(8, HashContents(std::as_bytes(std::span(*bytes).first(bytes->size() - 8))), 8);
}

}  // namespace weft::test
