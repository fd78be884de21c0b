// One form for matrix products: weft.Product for MatMul and Gemm, with the transposes of its operands and its
// result as flags, and a bias that is added to its last dimension as operand.
#pragma once
#include "ir/graph.h"

namespace weft {

//   MatMul(a, b)                          both of two dimensions or more
//   Gemm(a, b, c)                         c [N] as bias, any other added
//   Product(Transpose(a), b)              the last two dimensions swapped: trans_a, trans_b
//   Transpose(Product(a, b))              Product(b, a) with both flags turned, where nothing else reads it
//   Add(Product(a, b), bias)              bias [N]; where nothing else reads the product
//   Mul(Product(a, b), number)            alpha; where nothing else reads the product
// Returns how many nodes were replaced.
int MakeProducts(Graph& graph);

}  // namespace weft
