#include "ops/common/cases.h"

#include "ops/tensor_scatter/op.h"

namespace weft::ops::tensor_scatter {
namespace {

using In = CaseInput;

std::shared_ptr<const void> Mode(std::string mode, int64_t axis = -2) {
  return Attributes(TensorScatterOp{axis, std::move(mode)});
}
In At(std::initializer_list<int64_t> x) { return In::Given(Longs({static_cast<int64_t>(x.size())}, x)); }

std::vector<Case> Values() {
  auto past = [] { return Given({2, 4, 1}, {1, 2, 3, 4, 5, 6, 7, 8}); };
  auto update = [] { return Given({2, 2, 1}, {-1, -2, -3, -4}); };
  return {
      {.name = "values_linear",
       .attributes = Mode("linear"),
       .inputs = {past(), update(), At({2, 0})},
       .expected = {Doubles({2, 4, 1}, {1, 2, -1, -2, -3, -4, 7, 8})}},
      {.name = "values_circular",
       .attributes = Mode("circular"),
       .inputs = {past(), update(), At({3, 5})},
       .expected = {Doubles({2, 4, 1}, {-2, 2, 3, -1, 5, -3, -4, 8})}},
      {.name = "values_from_zero",
       .attributes = Mode("linear"),
       .inputs = {past(), update()},
       .expected = {Doubles({2, 4, 1}, {-1, -2, 3, 4, -3, -4, 7, 8})}},
      {.name = "values_last_axis",
       .attributes = Mode("circular", 1),
       .inputs = {Given({2, 3}, {1, 2, 3, 4, 5, 6}), Given({2, 3}, {-1, -2, -3, -4, -5, -6}), At({2, 0})},
       .expected = {Doubles({2, 3}, {-2, -3, -1, -4, -5, -6})}},
  };
}

std::vector<BadCase> Bad() {
  auto bad = [](std::string name, std::string mode, int64_t axis, In update, In at, std::string error) {
    return BadCase{std::move(name),
                   Mode(std::move(mode), axis),
                   {In::Normal({2, 4, 3}), std::move(update), std::move(at)},
                   std::move(error)};
  };
  auto two = [] { return In::Normal({2, 2, 3}); };
  return {
      bad("mode", "ring", -2, two(), In::Absent(), "mode is 'ring', expected linear or circular"),
      bad("batch_axis", "linear", 0, two(), In::Absent(),
          "axis is 0: dimension 0 of past_cache f32[2, 4, 3] is the batch"),
      bad("axis", "linear", 3, two(), In::Absent(), "axis is 3, expected -3 to 2"),
      bad("update", "linear", -2, In::Normal({2, 2, 4}), In::Absent(),
          "update is f32[2, 2, 4], expected f32[2, 2, 3]"),
      bad("rank", "linear", -2, In::Normal({2, 2}), In::Absent(),
          "update is f32[2, 2], expected f32[2, 4, 3]"),
      bad("too_long", "circular", -2, In::Normal({2, 5, 3}), In::Absent(),
          "5 entries do not fit in dimension 1 of past_cache f32[2, 4, 3]"),
      bad("indices", "linear", -2, two(), At({0}), "write_indices is i64[1], expected i64[2]"),
      bad("overflow", "linear", -2, two(), At({2, 3}),
          "write_indices[1] is 3, expected at most 2 (2 entries in dimension 1 of past_cache [2, 4, 3])"),
      bad("negative", "circular", -2, two(), At({-1, 0}), "write_indices[0] is -1, expected 0 or more"),
  };
}

}  // namespace

OpCases Cases() {
  OpCases all{
      .cases =
          {
              {.name = "heads",
               .attributes = Mode("linear"),
               .inputs = {In::Normal({2, 3, 7, 5}), In::Normal({2, 3, 2, 5}), At({5, 1})}},
              {.name = "heads_circular",
               .attributes = Mode("circular"),
               .inputs = {In::Normal({3, 2, 5, 4}), In::Normal({3, 2, 5, 4}), At({4, 0, 12})}},
              {.name = "rows",
               .attributes = Mode("linear", 1),
               .inputs = {In::Normal({3, 5}), In::Normal({3, 1}), At({4, 0, 2})}},
              {.name = "no_update",
               .attributes = Mode("linear"),
               .inputs = {In::Normal({2, 3, 4}), In::Normal({2, 0, 4}), At({3, 0})}},
              {.name = "no_batch",
               .attributes = Mode("linear"),
               .inputs = {In::Normal({0, 3, 4}), In::Normal({0, 1, 4})}},
              {.name = "no_columns",
               .attributes = Mode("linear"),
               .inputs = {In::Normal({2, 3, 0}), In::Normal({2, 1, 0})}},
              {.name = "bytes",
               .attributes = Mode("circular", 1),
               .inputs = {In::Integers({2, 5}, 0, 2, DataType::kBool),
                          In::Integers({2, 3}, 0, 2, DataType::kBool), At({4, 1})}},
              {.name = "threads",
               .attributes = Mode("linear"),
               .inputs = {In::Normal({5, 3, 301, 67}), In::Normal({5, 3, 100, 67}), At({0, 201, 7, 99, 150})},
               .gradient = false},
          },
      .bad = Bad(),
  };
  Append(&all.cases, Values());
  return all;
}

}  // namespace weft::ops::tensor_scatter
