// Bodies: graphs that are attributes of a node. A body has inputs, constants, nodes and outputs; no states.
// It is compared by structure: the names of its values mean nothing.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ir/graph.h"

namespace weft {

// "(f32[8, 4], f32[4]) => {v0 = Mul(x0, x1); v1 = Exp(v0)} => (v1)": all of it, values by number. Constants
// of more than 16 elements stand as the hash of their bytes.
std::string BodyText(const Graph& body);
// Its nodes alone, for people: "v0 = Mul(x0, x1), v1 = Exp(v0)", constants as numbers.
std::string BodySteps(const Graph& body);
bool SameBody(const Graph& a, const Graph& b);

// A copy with every dimension of its types and attributes changed.
std::shared_ptr<const Graph> BodyWithDims(const Graph& body, const std::function<void(Dim&)>& change);
void CollectBodySymbols(const Graph& body, std::vector<std::string>* symbols);

}  // namespace weft
