#include "ops/cases.h"

#include "ops/rotary_embedding/op.h"

namespace weft::ops::rotary_embedding {
namespace {

constexpr uint32_t kTables = 6;  // not differentiated

Case Make(std::string name, RotaryEmbeddingOp op, std::vector<CaseInput> inputs) {
  return {.name = std::move(name),
          .attributes = Attributes(op),
          .inputs = std::move(inputs),
          .constants = kTables};
}

Case Benchmark(std::string name, bool interleaved) {
  using In = CaseInput;
  Case c = Make(std::move(name), {.interleaved = interleaved, .num_heads = 16},
                {In::Normal({8, 256, 512}), In::Normal({256, 16}), In::Normal({256, 16}),
                 In::Integers({8, 256}, 0, 256)});
  c.benchmark = true;
  return c;
}

}  // namespace

OpCases Cases() {
  using In = CaseInput;
  const double x[] = {1, 2, 3, 4}, zero[] = {0, 0}, one[] = {1, 1}, halves[] = {-3, -4, 1, 2},
               pairs[] = {-2, 1, -4, 3};
  auto values = [&](bool interleaved, const double* expected) {
    Case c =
        Make(interleaved ? "value_interleaved" : "value_halves", {.interleaved = interleaved},
             {In::Given(Tensor::Of<double>({1, 1, 1, 4}, x)), In::Given(Tensor::Of<double>({1, 1, 2}, zero)),
              In::Given(Tensor::Of<double>({1, 1, 2}, one))});
    c.expected = {Tensor::Of<double>({1, 1, 1, 4}, std::span<const double>(expected, 4))};
    return c;
  };
  return {
      .cases =
          {
              Make("heads_in_rows", {.num_heads = 3},
                   {In::Normal({2, 5, 24}), In::Normal({7, 4}), In::Normal({7, 4}),
                    In::Integers({2, 5}, 0, 7)}),
              Make("interleaved", {.interleaved = true, .num_heads = 2},
                   {In::Normal({2, 3, 12}), In::Normal({4, 3}), In::Normal({4, 3}),
                    In::Integers({2, 3}, 0, 4)}),
              Make("heads_first", {},
                   {In::Normal({2, 3, 5, 8}), In::Normal({2, 5, 4}), In::Normal({2, 5, 4})}),
              Make("partial", {.interleaved = true, .rotary_embedding_dim = 4},
                   {In::Normal({1, 2, 3, 10}), In::Normal({6, 2}), In::Normal({6, 2}),
                    In::Integers({1, 3}, 0, 6)}),
              Make("empty", {.num_heads = 1},
                   {In::Normal({0, 3, 4}), In::Normal({3, 2}), In::Normal({3, 2}),
                    In::Integers({0, 3}, 0, 3)}),
              Benchmark("cs336_halves", false),
              Benchmark("cs336_interleaved", true),
              values(false, halves),
              values(true, pairs),
          },
      .bad =
          {
              {.name = "position",
               .attributes = Attributes(RotaryEmbeddingOp{.num_heads = 1}),
               .inputs = {In::Normal({1, 2, 4}), In::Normal({3, 2}), In::Normal({3, 2}),
                          In::Integers({1, 2}, 3, 4)},
               .error = "position 3 (batch 0, token 0) is out of range: the tables have 3"},
              {.name = "odd",
               .attributes = Attributes(RotaryEmbeddingOp{.num_heads = 1}),
               .inputs = {In::Normal({1, 2, 5}), In::Normal({3, 2}), In::Normal({3, 2}),
                          In::Integers({1, 2}, 0, 3)},
               .error = "cannot be paired"},
          },
  };
}

}  // namespace weft::ops::rotary_embedding
