// A few operators of the tests' own, with kernels, so that what the compiler does to a graph is tested apart
// from what real operators are. All take f32 and, except where said, keep the shape.
#pragma once
#include <span>
#include <vector>

#include "compiler/target.h"
#include "ir/builder.h"

namespace weft::test {

struct AddTo {  // y = a + b; may overwrite either
  static const OpDef def;
};
struct Scale {  // y = factor * x; may overwrite it
  static const OpDef def;
  float factor = 2;
};
struct Log {  // y = log(x), in place
  static const OpDef def;
};
struct Step {  // w' = w - g; may overwrite w
  static const OpDef def;
};
struct StepApart {  // the same, but may overwrite nothing
  static const OpDef def;
};
struct SumAll {  // y [] = the sum of x, through a workspace of x's size
  static const OpDef def;
};
struct Block {  // y [rows, columns] = x [r, c] from (row, column) on: a view
  static const OpDef def;
  int64_t row = 0, column = 0, rows = 1, columns = 1;
};
struct Halves {  // a, b [r, c / 2] of x [r, c]: views
  static const OpDef def;
};
struct Shaped {  // y = x in another shape: a view
  static const OpDef def;
  std::vector<int64_t> shape;
};
struct Dense {  // y = x, by a kernel that takes only rows that are adjacent
  static const OpDef def;
};

// Runs the operators above on the CPU.
class TestTarget final : public Target {
 public:
  std::string_view name() const override { return "test"; }
  StatusOr<std::string_view> KernelFor(const KernelNode& node) const override;
  StatusOr<PreparedKernel> Prepare(const KernelNode& node) const override;
  int64_t LibraryBytes(int64_t) const override { return 0; }
};

// A graph under construction: short names for the tests.
struct Model {
  Graph graph;
  Builder b{graph};

  Var In(std::string_view name, Dims shape) { return b.Input(name, {DataType::kF32, std::move(shape)}); }
  Var Param(std::string_view name, Dims shape, StateRole role = StateRole::kParameter);
  void Next(Var state, Var next);
  template <class A>
  Var Op(A attributes, std::initializer_list<Var> inputs, std::string_view name = "") {
    if (!name.empty()) b.NameNext(name);
    return b.Emit(std::move(attributes), inputs);
  }
};

}  // namespace weft::test
