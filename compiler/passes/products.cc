#include "compiler/passes/products.h"

#include <cmath>

#include "compiler/passes/rewrite.h"
#include "ops/add/op.h"
#include "ops/gemm/op.h"
#include "ops/mat_mul/op.h"
#include "ops/mul/op.h"
#include "ops/product/op.h"
#include "ops/transpose/op.h"

namespace weft {
namespace {

using ops::ProductOp;

const TensorType& TypeOf(const Graph& graph, ValueId v) { return graph.value(v).type; }

// x for a Transpose of x that swaps the last two dimensions and keeps the others.
ValueId SwappedOperand(const Graph& graph, const Node& node) {
  const int rank = TypeOf(graph, node.inputs[0]).rank();
  if (rank < 2) return ValueId::kNone;
  const std::vector<int64_t> perm = ops::ResolvedPerm(node.attrs<ops::TransposeOp>(), rank);
  for (int i = 0; i < rank; ++i) {
    const int expected = i == rank - 1 ? rank - 2 : i == rank - 2 ? rank - 1 : i;
    if (perm[static_cast<size_t>(i)] != expected) return ValueId::kNone;
  }
  return node.inputs[0];
}

Var FromMatMul(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const TensorType &x = TypeOf(graph, node.inputs[0]), &y = TypeOf(graph, node.inputs[1]);
  if (x.rank() < 2 || y.rank() < 2 || !IsFloat(x.dtype)) return {};
  return ops::Product(b.Wrap(node.inputs[0]), b.Wrap(node.inputs[1]));
}

// alpha op(a) op(b) + beta c; c stays a sum where it is no bias of the last dimension.
Var FromGemm(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const auto& gemm = node.attrs<ops::GemmOp>();
  const TensorType& y = TypeOf(graph, node.outputs[0]);
  const bool has_c = node.inputs.size() > 2 && node.inputs[2] != ValueId::kNone && gemm.beta != 0;
  const ProductOp attributes{.trans_a = gemm.transA, .trans_b = gemm.transB, .alpha = gemm.alpha};
  const Var x = b.Wrap(node.inputs[0]), w = b.Wrap(node.inputs[1]);
  if (!has_c) return ops::Product(x, w, attributes);
  const Var c = b.Wrap(node.inputs[2]);
  const Var scaled = gemm.beta == 1 ? c : ops::Mul(c, b.Scalar(static_cast<double>(gemm.beta), y.dtype));
  if (c.type() == TensorType{y.dtype, {y.shape.back()}}) return ops::Product(x, w, attributes, scaled);
  return ops::Add(ops::Product(x, w, attributes), scaled);
}

Var Operand(Builder& b, const Node& node, size_t i) {
  return i < node.inputs.size() && node.inputs[i] != ValueId::kNone ? b.Wrap(node.inputs[i]) : Var{};
}

Var TransposedOperands(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  ProductOp attributes = node.attrs<ProductOp>();
  Var operands[2] = {b.Wrap(node.inputs[0]), b.Wrap(node.inputs[1])};
  bool any = false;
  for (size_t i = 0; i < 2; ++i) {
    const Node* transpose = ProducerOf(graph, node, i, ops::TransposeOp::def);
    const ValueId x = transpose ? SwappedOperand(graph, *transpose) : ValueId::kNone;
    if (x == ValueId::kNone) continue;
    operands[i] = b.Wrap(x);
    bool& flag = i == 0 ? attributes.trans_a : attributes.trans_b;
    flag = !flag;
    any = true;
  }
  if (!any) return {};
  return ops::Product(operands[0], operands[1], attributes, Operand(b, node, 2), Operand(b, node, 3));
}

// The product that only this node reads, without bias and accumulator; null if there is none.
const Node* BareProduct(const Graph& graph, const Node& node, size_t operand) {
  const Node* product = ProducerOf(graph, node, operand, ProductOp::def);
  if (product == nullptr || !HasOneUse(graph, node.inputs[operand])) return nullptr;
  for (size_t i = 2; i < product->inputs.size(); ++i) {
    if (product->inputs[i] != ValueId::kNone) return nullptr;
  }
  return product;
}

// (op(a) op(b))' = op(b)' op(a)'
Var TransposedResult(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Node* product = BareProduct(graph, node, 0);
  if (product == nullptr || SwappedOperand(graph, node) == ValueId::kNone) return {};
  ProductOp attributes = product->attrs<ProductOp>();
  const bool trans_a = attributes.trans_a;
  attributes.trans_a = !attributes.trans_b;
  attributes.trans_b = !trans_a;
  return ops::Product(b.Wrap(product->inputs[1]), b.Wrap(product->inputs[0]), attributes);
}

Var Bias(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  for (size_t i = 0; i < 2; ++i) {
    const Node* product = BareProduct(graph, node, i);
    if (product == nullptr) continue;
    const ValueId bias = node.inputs[1 - i];
    const TensorType& y = TypeOf(graph, node.inputs[i]);
    if (TypeOf(graph, bias) != TensorType{y.dtype, {y.shape.back()}}) continue;
    return ops::Product(b.Wrap(product->inputs[0]), b.Wrap(product->inputs[1]), product->attrs<ProductOp>(),
                        b.Wrap(bias));
  }
  return {};
}

Var Scale(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  for (size_t i = 0; i < 2; ++i) {
    const Node* product = BareProduct(graph, node, i);
    const std::optional<double> scale = UniformConstant(graph, node.inputs[1 - i]);
    if (product == nullptr || !scale || TypeOf(graph, node.outputs[0]) != TypeOf(graph, node.inputs[i]))
      continue;
    ProductOp attributes = product->attrs<ProductOp>();
    const double alpha = static_cast<double>(attributes.alpha) * *scale;
    attributes.alpha = static_cast<float>(alpha);
    // Alpha is f32: a scale that it cannot hold stays a node.
    if (static_cast<double>(attributes.alpha) != alpha || !std::isfinite(alpha)) continue;
    return ops::Product(b.Wrap(product->inputs[0]), b.Wrap(product->inputs[1]), attributes);
  }
  return {};
}

const RewriteRule kRules[] = {
    {&ops::MatMulOp::def, FromMatMul},
    {&ops::GemmOp::def, FromGemm},
    {&ProductOp::def, TransposedOperands},
    {&ops::TransposeOp::def, TransposedResult},
    {&ops::AddOp::def, Bias},
    {&ops::MulOp::def, Scale},
};

}  // namespace

int MakeProducts(Graph& graph) { return ApplyRules(graph, kRules); }

}  // namespace weft
