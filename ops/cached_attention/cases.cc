#include "ops/cases.h"

#include "ops/cached_attention/op.h"

namespace weft::ops::cached_attention {

OpCases Cases() {
  using In = CaseInput;
  const auto ints = [](Shape shape, std::vector<int64_t> values) {
    return In::Given(Tensor::Of<int64_t>(std::move(shape), std::span<const int64_t>(values)));
  };
  const auto numbers = [](Shape shape, std::vector<double> values) {
    return Tensor::Of<double>(std::move(shape), std::span<const double>(values));
  };
  const auto two = Attributes(CachedAttentionOp{.q_num_heads = 4, .kv_num_heads = 2});
  const auto one = Attributes(CachedAttentionOp{.q_num_heads = 1, .kv_num_heads = 1});
  // The inputs of two sequences in pages of 8, `seq` new tokens each, heads of 16.
  const auto paged = [&](int64_t seq, std::vector<int64_t> table, std::vector<int64_t> start) {
    return std::vector<CaseInput>{In::Normal({2, seq, 64}),   In::Normal({2, seq, 32}),
                                  In::Normal({2, seq, 32}),   In::Normal({7, 8, 32}),
                                  In::Normal({7, 8, 32}),     ints({2, 3}, std::move(table)),
                                  ints({2}, std::move(start))};
  };
  // The same with a rotary embedding.
  const auto turned = [&](std::string name, bool interleaved, int64_t seq, std::vector<int64_t> start,
                          CaseInput table, bool positions) {
    Case c{.name = std::move(name),
           .attributes = Attributes(
               CachedAttentionOp{.q_num_heads = 4, .kv_num_heads = 2, .rotary_interleaved = interleaved}),
           .inputs = paged(seq, {6, 2, 0, 1, 3, 5}, std::move(start)),
           .gradient = false};
    c.inputs.insert(c.inputs.end(), {table, table});
    if (positions) c.inputs.push_back(In::Integers({2, seq}, 0, table.shape[0]));
    return c;
  };
  // One head of one element; equal scores give the mean of the open values: 10, 20 in the cache, then 60.
  Case value{.name = "value",
             .attributes = one,
             .inputs = {In::Given(numbers({1, 2, 1}, {0, 0})), In::Given(numbers({1, 2, 1}, {5, 6})),
                        In::Given(numbers({1, 2, 1}, {60, 130})),
                        In::Given(numbers({2, 4, 1}, {1, 2, 3, 4, 5, 6, 7, 8})),
                        In::Given(numbers({2, 4, 1}, {0, 0, 0, 0, 10, 20, 30, 40})), ints({1, 1}, {1}),
                        ints({1}, {2})},
             .gradient = false};
  value.expected = {numbers({1, 2, 1}, {30, 55}), numbers({2, 4, 1}, {1, 2, 3, 4, 5, 6, 5, 6}),
                    numbers({2, 4, 1}, {0, 0, 0, 0, 10, 20, 60, 130})};
  return {
      .cases =
          {
              value,
              {.name = "decode",
               .attributes = two,
               .inputs = paged(1, {6, 2, 0, 1, 3, 5}, {0, 23}),
               .gradient = false},
              {.name = "across_pages",
               .attributes = two,
               .inputs = paged(5, {6, 2, 0, 1, 3, 5}, {6, 13}),
               .gradient = false},
              turned("rotary_decode", false, 1, {0, 23}, In::Normal({30, 8}), true),
              turned("rotary_across_pages", true, 5, {6, 13}, In::Normal({30, 8}), true),
              turned("rotary_partial", true, 18, {3, 6}, In::Normal({2, 18, 5}), false),
              {.name = "unused_table",
               .attributes = two,
               .inputs = paged(3, {6, -1, -1, 1, -1, -1}, {5, 0}),
               .gradient = false},
              {.name = "tiles",
               .attributes = two,
               .inputs = {In::Normal({1, 70, 64}), In::Normal({1, 70, 32}), In::Normal({1, 70, 32}),
                          In::Normal({2, 160, 32}), In::Normal({2, 160, 32}), ints({1, 1}, {1}),
                          ints({1}, {67})},
               .gradient = false},
              {.name = "odd_heads",
               .attributes = Attributes(
                   CachedAttentionOp{.scale = 0.5f, .softcap = 3, .q_num_heads = 3, .kv_num_heads = 1}),
               .inputs = {In::Normal({2, 2, 15}), In::Normal({2, 2, 5}), In::Normal({2, 2, 7}),
                          In::Normal({4, 3, 5}), In::Normal({4, 3, 7}), ints({2, 2}, {3, 0, 2, 1}),
                          ints({2}, {1, 4})},
               .gradient = false},
          },
      .bad =
          {
              {.name = "page_number",
               .attributes = two,
               .inputs = paged(2, {6, 7, 0, 1, 3, 5}, {7, 0}),
               .error = "table[0, 1] is 7, expected 0 to 6"},
              {.name = "rotary_far",
               .attributes = two,
               .inputs =
                   [&] {
                     std::vector<CaseInput> far =
                         turned("", false, 1, {0, 23}, In::Normal({30, 8}), true).inputs;
                     far.back() = In::Integers({2, 1}, 30, 31);
                     return far;
                   }(),
               .error = "position 30 (batch 0, token 0) is out of range: the tables have 30"},
              {.name = "full",
               .attributes = two,
               .inputs = paged(2, {6, 2, 0, 1, 3, 5}, {0, 23}),
               .error = "start[1] is 23 with 2 new tokens"},
              {.name = "cache_width",
               .attributes = two,
               .inputs = {In::Normal({1, 2, 64}), In::Normal({1, 2, 32}), In::Normal({1, 2, 32}),
                          In::Normal({7, 8, 31}), In::Normal({7, 8, 32}), ints({1, 1}, {0}), ints({1}, {0})},
               .error = "key_cache is f32[7, 8, 31], expected f32[pages, page, 32]"},
              {.name = "table_rows",
               .attributes = two,
               .inputs = {In::Normal({1, 2, 64}), In::Normal({1, 2, 32}), In::Normal({1, 2, 32}),
                          In::Normal({7, 8, 32}), In::Normal({7, 8, 32}), ints({2, 1}, {0, 0}),
                          ints({1}, {0})},
               .error = "table is i64[2, 1], expected i64[1, max_pages]"},
          },
  };
}

}  // namespace weft::ops::cached_attention
