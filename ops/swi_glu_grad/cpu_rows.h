// Runs of elements of dY, gate, up, dgate and dup, whose rows may each lie apart: as long as a row, or as all
// of them where every operand is dense.
#pragma once
#include <algorithm>
#include <array>

#include "ops/kernel.h"

namespace weft::ops::swi_glu_grad {

class PitchedRows {
 public:
  explicit PitchedRows(const KernelNode& node) : n_(node.outputs[0].num_elements()), row_(n_) {
    const Operand* operands[] = {&node.inputs[0], &node.inputs[1], &node.inputs[2], &node.outputs[0],
                                 &node.outputs[1]};
    if (!std::all_of(std::begin(operands), std::end(operands), [](const Operand* o) { return o->dense(); }))
      row_ = operands[0]->row();
    for (size_t i = 0; i < 5; ++i) pitch_[i] = operands[i]->pitch;
  }

  int64_t num_elements() const { return n_; }
  // f(where the run begins in each operand, its length) for the runs of elements [begin, end).
  template <class F>
  void ForRange(int64_t begin, int64_t end, F f) const {
    while (begin < end) {
      const int64_t row = begin / row_, column = begin % row_;
      const int64_t count = std::min(row_ - column, end - begin);
      std::array<int64_t, 5> at;
      for (size_t i = 0; i < 5; ++i) at[i] = row * pitch_[i] + column;
      f(at, count);
      begin += count;
    }
  }

 private:
  int64_t n_, row_;
  std::array<int64_t, 5> pitch_{};
};

}  // namespace weft::ops::swi_glu_grad
