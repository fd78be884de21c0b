// Sizes around a tile (512 elements), a row's block (4096) and eight rows; every kind of broadcast; both
// kinds of reductions; several results; casts; bodies that are none.
#include "ops/common/cases.h"

#include "ops/common/body_cases.h"
#include "ops/fused_elementwise/op.h"

namespace weft::ops::fused_elementwise {
namespace {

using In = CaseInput;
using Vars = std::vector<Var>;

std::shared_ptr<const void> WithBody(const std::vector<CaseInput>& inputs, const BodyFunction& compute) {
  std::vector<TensorType> types;
  for (const CaseInput& in : inputs) {
    const bool f64 = in.fill == CaseInput::kGiven && in.dtype == DataType::kF64;  // narrowed by tests
    types.push_back({f64 ? DataType::kF32 : in.dtype, ToDims(in.shape)});
  }
  return Attributes(FusedElementwiseOp{MakeBody(types, compute)});
}

Case Make(std::string name, std::vector<CaseInput> inputs, const BodyFunction& compute) {
  Case c{.name = std::move(name), .attributes = WithBody(inputs, compute), .inputs = std::move(inputs)};
  int64_t elements = 0;
  for (const CaseInput& in : c.inputs) elements = std::max(elements, NumElements(in.shape));
  c.gradient = elements <= 128;
  return c;
}

// (a * b + c) / (1 + e^-(a * b)), which reads a * b twice.
Vars Chain(Builder&, const Vars& x) {
  const Var product = x[0] * x[1];
  return {(product + x[2]) * Sigmoid(product)};
}

std::vector<Case> ChainCases() {
  std::vector<Case> cases;
  const auto same = [&](const char* name, const Shape& shape) {
    cases.push_back(Make(name, {In::Normal(shape), In::Normal(shape), In::Normal(shape)}, Chain));
  };
  same("odd", {3, 5, 7}), same("scalar", {}), same("one", {1}), same("empty", {0, 4});
  same("tile", {512}), same("tile_less", {511}), same("tile_more", {513}), same("block_more", {4097});
  same("long", {3, 9001});
  const auto with = [&](const char* name, const Shape& a, const Shape& b, const Shape& c) {
    cases.push_back(Make(name, {In::Normal(a), In::Normal(b), In::Normal(c)}, Chain));
  };
  with("row", {4, 19}, {19}, {19}), with("column", {4, 19}, {4, 1}, {4, 19});
  with("number", {4, 19}, {}, {1}), with("leading", {2, 3, 5}, {1, 3, 5}, {2, 3, 5});
  with("middle", {2, 3, 5}, {2, 1, 5}, {2, 3, 1}), with("of_ones", {4, 1, 6}, {4, 3, 1}, {4, 3, 6});
  with("rows_of_tiles", {3, 1025}, {1025}, {3, 1}), with("one_column", {7, 1}, {1}, {7, 1});
  return cases;
}

// What normalizations are made of: the mean square of a sum, with the sum.
Vars MeanSquare(Builder&, const Vars& x) {
  const Var sum = x[0] + x[1];
  return {sum, ReduceMean(sum * sum, {-1})};
}
Vars SumAndMax(Builder&, const Vars& x) {
  const Var y = x[0] * x[1];
  return {ReduceSum(Exp(y), {1, 2}, false), ReduceMax(y, {-1, -2}, true)};
}
// The gradients of a gain and of a bias.
Vars GainAndBias(Builder&, const Vars& x) {
  const int rank = x[0].rank();
  std::vector<int64_t> axes;
  for (int i = 0; i + 1 < rank; ++i) axes.push_back(i);
  return {ReduceSum(x[0] * x[1], axes, false), ReduceSum(x[0], axes, false), x[0] * x[2]};
}
Vars MeanOfRows(Builder&, const Vars& x) {
  return {ReduceMean(Tanh(x[0]), {0}, true), ReduceMax(Tanh(x[0]), {0}, true)};
}

std::vector<Case> ReductionCases() {
  std::vector<Case> cases;
  for (const Shape& shape : {Shape{4, 19}, Shape{3, 1, 5}, Shape{2, 513}, Shape{3, 4097}, Shape{1, 20000},
                             Shape{5, 1}, Shape{0, 3}, Shape{3, 0}, Shape{70, 6}}) {
    std::string name = "mean_square";
    for (int64_t d : shape) name += fmt::format("_{}", d);
    cases.push_back(Make(name, {In::Normal(shape), In::Normal(shape)}, MeanSquare));
  }
  cases.push_back(Make("mean_square_column", {In::Normal({6, 11}), In::Normal({6, 1})}, MeanSquare));
  cases.push_back(Make("two_axes", {In::Normal({2, 3, 7}), In::Normal({2, 3, 7})}, SumAndMax));
  cases.push_back(Make("two_axes_row", {In::Normal({2, 3, 600}), In::Normal({600})}, SumAndMax));
  for (const Shape& shape : {Shape{9, 5}, Shape{2, 4, 6}, Shape{64, 3}, Shape{65, 3}, Shape{200, 17},
                             Shape{11, 1030}, Shape{7, 1}, Shape{0, 4}}) {
    std::string name = "gain";
    for (int64_t d : shape) name += fmt::format("_{}", d);
    cases.push_back(
        Make(name, {In::Normal(shape), In::Normal(shape), In::Normal({shape.back()})}, GainAndBias));
  }
  cases.push_back(Make("mean_of_rows", {In::Distinct({13, 6})}, MeanOfRows));
  cases.push_back(Make("everything", {In::Normal({37, 41})},
                       [](Builder&, const Vars& x) { return Vars{ReduceSum(x[0] * x[0], {}, false)}; }));
  return cases;
}

std::vector<Case> FunctionCases() {
  std::vector<Case> cases;
  const Shape shape = {3, 21};
  cases.push_back(
      Make("masks", {In::Normal(shape), In::Normal(shape), In::Normal({21})}, [](Builder& b, const Vars& x) {
        const Var high = Greater(x[0], x[1]), low = Less(x[0], x[2]);
        const Var mask = And(Not(high), low);
        return Vars{Where(mask, x[0], b.Scalar(0.25, x[0].dtype())), Cast(mask, x[0].dtype()) * x[1], high};
      }));
  cases.back().gradient = false;
  cases.push_back(Make("activations", {In::Normal(shape), In::Normal(shape)}, [](Builder&, const Vars& x) {
    const Var y = Swish(Gelu(x[0], "tanh"), 1.5F) + Gelu(x[1]);
    return Vars{SwiGlu(y, x[1]), SwishGrad(y, x[0]) - GeluGrad(y, x[1])};
  }));
  cases.push_back(
      Make("powers", {In::Uniform(shape, 0.5, 2), In::Uniform({21}, -2, 2)}, [](Builder&, const Vars& x) {
        return Vars{Pow(x[0], 2.0) + Pow(x[0], x[1]), Sqrt(x[0]) / Pow(x[0], -1.5)};
      }));
  cases.push_back(Make("expanded", {In::Normal({3, 1}), In::Normal(shape)}, [](Builder&, const Vars& x) {
    const Var wide = Expand(x[0], {3, 21});
    return Vars{wide * x[1], wide};
  }));
  cases.push_back(Make("largest", {In::Distinct(shape), In::Distinct({21})}, [](Builder&, const Vars& x) {
    const Var both[] = {x[0], x[1]};
    return Vars{Max(both) * x[0]};
  }));
  cases.back().gradient = false;  // their numbers meet
  const auto given = [](std::initializer_list<double> v) {
    return Given({static_cast<int64_t>(v.size())}, v);
  };
  cases.push_back(
      Make("values", {given({1, 2, -3}), given({4, 0.5, 1}), given({1, 1, 1})}, [](Builder&, const Vars& x) {
        const Var y = x[0] * x[1] + x[2];
        return Vars{y, ReduceSum(y, {0}, false)};
      }));
  cases.back().expected = {Doubles({3}, {5, 2, -2}), Doubles({}, {5})};
  // The first operand's place is free for the first result while the last step still reads it.
  cases.push_back(Make("read_again", {In::Normal(shape), In::Normal(shape)}, [](Builder&, const Vars& x) {
    const Var y = x[0] + x[1];
    return Vars{y, y * x[0]};
  }));
  cases.push_back(Make("dropout",
                       {In::Normal({5, 300}), In::Given(Tensor::Scalar<int64_t>(7)),
                        In::Given(Tensor::Scalar<int64_t>(3)), In::Given(Tensor::Scalar<int64_t>(2))},
                       [](Builder&, const Vars& x) {
                         const Var kept = Dropout(x[0] * x[0], 0.3F, {x[1], x[2], x[3]}, 11);
                         return Vars{kept + x[0]};
                       }));
  return cases;
}

// What mixed precision leaves: operands in bf16 beside f32, results that are rounded and read on, given,
// summed.
std::vector<Case> CastCases() {
  constexpr DataType kNarrow = DataType::kBF16, kWide = DataType::kF32;
  std::vector<Case> cases;
  const auto add = [&](const char* name, const Shape& a, const Shape& b, const BodyFunction& compute) {
    cases.push_back(Make(name, {In::Normal(a), In::Normal(b)}, compute));
    cases.back().tolerance = 0x1p-6;
  };
  const BodyFunction through = [](Builder&, const Vars& x) {
    const Var narrow = Cast(x[0], kNarrow), product = narrow * Cast(x[1], kNarrow);
    return Vars{Cast(product, kWide) + x[1], Sigmoid(Cast(-narrow, kWide))};
  };
  const BodyFunction given = [](Builder&, const Vars& x) {
    const Var sum = x[0] + x[1], narrow = Cast(sum, kNarrow), gate = Swish(narrow);
    return Vars{narrow, gate, sum, gate * narrow};
  };
  const BodyFunction row = [](Builder&, const Vars& x) {
    return Vars{Cast(Cast(x[0], kNarrow) * x[1] + 0.5, kNarrow)};
  };
  const BodyFunction summed = [](Builder&, const Vars& x) {
    const Var narrow = Cast(x[0], kNarrow) * Cast(x[1], kNarrow), wide = Cast(narrow, kWide);
    return Vars{ReduceSum(wide, {0}, false), ReduceSum(wide * wide, {0}, false), narrow};
  };
  for (const Shape& shape : {Shape{3, 21}, Shape{2, 1025}, Shape{0, 4}, Shape{1}}) {
    std::string size;
    for (int64_t d : shape) size += fmt::format("_{}", d);
    add(("cast" + size).c_str(), shape, shape, through);
    add(("cast_given" + size).c_str(), shape, shape, given);
    add(("cast_summed" + size).c_str(), shape, shape, summed);
    add(("cast_row" + size).c_str(), shape, {shape.back()}, row);
    cases.back().gradient = false;  // of a product of both types: nobody asks, mixed precision comes later
  }
  add("cast_column", {4, 700}, {4, 1}, row);
  cases.back().gradient = false;
  return cases;
}

// Regions of training steps: a residual, a gate's gradient in bf16 with the cast of what follows, a bias with
// activation and dropout, what a normalization divides by, the gradients of a bias and of a gain.
std::vector<Case> BenchmarkCases() {
  const Shape large = {2048, 512};
  const auto wide = [&] { return In::Normal(large); };
  const auto narrow = [&] { return In::Normal(large).As(DataType::kBF16); };
  const auto number = [](int64_t n) { return In::Given(Tensor::Scalar<int64_t>(n)); };
  std::vector<Case> cases;
  cases.push_back(Make("chain", {wide(), In::Normal({512}), wide()}, Chain));
  cases.push_back(Make("gate_bf16", {narrow(), narrow(), narrow()}, [](Builder&, const Vars& x) {
    const Var gate = Swish(x[0]);
    return Vars{x[2] * gate, SwishGrad(x[2] * x[1], x[0])};
  }));
  cases.push_back(Make("residual_bf16", {wide(), narrow()}, [](Builder&, const Vars& x) {
    const Var sum = x[0] + Cast(x[1], DataType::kF32);
    return Vars{sum, Cast(sum, DataType::kBF16)};
  }));
  cases.push_back(Make("bias_gelu_dropout", {wide(), In::Normal({512}), number(7), number(3), number(0)},
                       [](Builder&, const Vars& x) {
                         return Vars{Dropout(Gelu(x[0] + x[1], "tanh"), 0.1F, {x[2], x[3], x[4]}, 11)};
                       }));
  cases.push_back(Make("mean_square", {wide(), wide()}, MeanSquare));
  cases.push_back(Make("gains", {wide(), wide(), wide()}, GainAndBias));
  for (Case& c : cases) c.benchmark = true;
  return cases;
}

std::vector<BadCase> BadCases() {
  const std::vector<CaseInput> one = {In::Normal({2, 3})}, two = {In::Normal({2, 3}), In::Normal({3})};
  const auto bad = [](const char* name, const std::vector<CaseInput>& made_with,
                      std::vector<CaseInput> inputs, const BodyFunction& compute, const char* error) {
    return BadCase{name, WithBody(made_with, compute), std::move(inputs), error};
  };
  const BodyFunction square = [](Builder&, const Vars& x) { return Vars{x[0] * x[0]}; };
  return {
      {"no_body", Attributes(FusedElementwiseOp{}), one, "has no body"},
      bad("operands", one, two, square, "has 2 operands, its body 1 inputs"),
      bad(
          "shapes", two, {In::Normal({2, 3}), In::Normal({4})},
          [](Builder&, const Vars& x) { return Vars{x[0] * x[1]}; },
          "in its body, Mul 'mul': A [2, 3] and B [4] do not broadcast"),
      bad(
          "softmax", one, one, [](Builder&, const Vars& x) { return Vars{Softmax(x[0], -1)}; },
          "Softmax 'softmax' in its body is not elementwise"),
      bad(
          "cast", one, one, [](Builder&, const Vars& x) { return Vars{Cast(x[0], DataType::kI64)}; },
          "is not elementwise: it casts to a type that is no float"),
      bad(
          "after_reduction", one, one,
          [](Builder&, const Vars& x) { return Vars{x[0] - ReduceSum(x[0], {-1})}; },
          "ReduceSum 'reduce_sum' in its body is read by Sub 'sub': a reduction comes last"),
      bad(
          "middle_axis", {In::Normal({2, 3, 4})}, {In::Normal({2, 3, 4})},
          [](Builder&, const Vars& x) { return Vars{ReduceSum(x[0], {1})}; },
          "reduces neither the last axes nor the first ones"),
      bad(
          "both_ways", one, one,
          [](Builder&, const Vars& x) {
            return Vars{ReduceSum(x[0], {0}), ReduceSum(x[0], {1})};
          },
          "take different axes"),
      bad(
          "fewer_axes", one, one,
          [](Builder&, const Vars& x) {
            return Vars{ReduceSum(x[0], {1}), ReduceSum(x[0], {0, 1})};
          },
          "take different axes"),
      bad(
          "other_shape", two, two, [](Builder&, const Vars& x) { return Vars{x[0] * Exp(x[1])}; },
          "computes over [2, 3], Exp 'exp' over [3]: expected one shape"),
      bad(
          "no_node", one, one, [](Builder&, const Vars& x) { return Vars{x[0]}; }, "its body has no node"),
      bad(
          "output_is_input", one, one,
          [](Builder&, const Vars& x) {
            return Vars{Exp(x[0]), x[0]};
          },
          "output 'x0' of its body is computed by no node of it"),
      bad(
          "no_output", one, one,
          [](Builder&, const Vars& x) {
            Exp(x[0]);
            return Vars{};
          },
          "its body has no output"),
  };
}

}  // namespace

OpCases Cases() {
  std::vector<Case> cases = ChainCases();
  Append(&cases, ReductionCases());
  Append(&cases, FunctionCases());
  Append(&cases, CastCases());
  Append(&cases, BenchmarkCases());
  return {.cases = std::move(cases), .bad = BadCases()};
}

}  // namespace weft::ops::fused_elementwise
