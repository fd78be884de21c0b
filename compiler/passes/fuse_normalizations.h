// The patterns of fuse_composites.h that normalize: Softmax, LogSoftmax, RMSNormalization,
// LayerNormalization.
#pragma once
#include "compiler/passes/factors.h"
#include "ir/builder.h"

namespace weft {

// From the last node of a product and what it multiplies.
Var FuseSoftmax(Builder& b, const Graph& graph, const Node& node, const Factors& f);
Var FuseRmsNormalization(Builder& b, const Graph& graph, const Node& node, const Factors& f);
Var FuseLayerNormalization(Builder& b, const Graph& graph, const Node& node, const Factors& f);

// Rules of their own.
Var FuseLogSoftmax(Builder& b, const Graph& graph, NodeId sub);
Var FuseLogOfSoftmax(Builder& b, const Graph& graph, NodeId log);
Var FuseLayerNormalizationBias(Builder& b, const Graph& graph, NodeId add);

}  // namespace weft
