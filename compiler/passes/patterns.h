// Small questions that patterns ask of a graph.
#pragma once
#include <span>

#include "ir/graph.h"

namespace weft {

// The node of operator `op` whose output 0 is `value`; null if there is none.
const Node* Producer(const Graph& graph, ValueId value, const OpDef& op);
// The same where nothing else reads the value, and it is no result.
const Node* OwnProducer(const Graph& graph, ValueId value, const OpDef& op);

// x of a sum x + number, in any order; x is kNone if `add` is none.
struct SumWithNumber {
  ValueId x = ValueId::kNone;
  double number = 0;
};
SumWithNumber AddedNumber(const Graph& graph, const Node& add);

inline bool SameType(const Graph& graph, ValueId a, ValueId b) {
  return graph.value(a).type == graph.value(b).type;
}

// The first of the axes if they are the last ones of `rank`; -1 if they are not, or there are none.
int TrailingAxes(std::span<const int64_t> axes, int rank);

// Whether `scale` has only dimensions that x has from `axis` on, all of its last ones, and its type.
bool IsScale(const Graph& graph, ValueId scale, ValueId x, int axis);

}  // namespace weft
