// Kernels that say they take operands whose rows are not adjacent, on such operands: the results must be
// those of the plain kernel on dense ones, and what lies between the rows must stay as it was.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "ops/cases.h"
#include "ops/evaluate.h"
#include "ops/registry.h"

namespace weft {
namespace {

constexpr int64_t kGap = 3;  // elements between rows, or a multiple
constexpr int kFiller = 0x7b;

Tensor Fill(const CaseInput& in, uint64_t seed) {
  const bool is_f64 = in.fill == CaseInput::kGiven && in.given.dtype() == DataType::kF64;
  Tensor t = Tensor::Zeros(is_f64 ? DataType::kF32 : in.dtype, in.shape);
  std::mt19937_64 random(seed);
  for (int64_t i = 0; i < t.num_elements(); ++i) {
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    double x = in.low + u * (in.high - in.low);
    if (in.fill == CaseInput::kGiven) x = ElementAsDouble(in.given, i);
    if (in.fill == CaseInput::kIntegers) x = std::floor(x);
    if (in.fill == CaseInput::kDistinct) x = static_cast<double>(i * 7919 % 1009) / 1009;
    SetElementFromDouble(t, i, x);
  }
  return t;
}

bool CanBePitched(const Operand& o) { return o.present && o.rank() >= 2 && SizeInBits(o.dtype) >= 8; }

// The operand's bytes with gaps between its rows, filled with kFiller.
struct Spread {
  std::vector<unsigned char> bytes;
  int64_t row_bytes = 0, pitch_bytes = 0, rows = 0;

  Spread(const Operand& o, const Tensor* from) {
    rows = o.num_rows();
    row_bytes = SizeInBytes(o.dtype, o.row());
    pitch_bytes = SizeInBytes(o.dtype, o.pitch);
    bytes.assign(static_cast<size_t>(rows * pitch_bytes) + 64, kFiller);
    for (int64_t r = 0; from != nullptr && row_bytes > 0 && r < rows; ++r) {
      std::memcpy(bytes.data() + r * pitch_bytes, static_cast<const char*>(from->data()) + r * row_bytes,
                  static_cast<size_t>(row_bytes));
    }
  }
  void GatherInto(Tensor* to) const {
    for (int64_t r = 0; row_bytes > 0 && r < rows; ++r) {
      std::memcpy(static_cast<char*>(to->mutable_data()) + r * row_bytes, bytes.data() + r * pitch_bytes,
                  static_cast<size_t>(row_bytes));
    }
  }
  bool GapsUntouched() const {
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      const bool inside = pitch_bytes > 0 && at < rows * pitch_bytes && at % pitch_bytes < row_bytes;
      if (!inside && bytes[i] != kFiller) return false;
    }
    return true;
  }
};

void ExpectClose(const Tensor& got, const Tensor& want, double tolerance) {
  double scale = 1e-30;
  for (int64_t i = 0; i < want.num_elements(); ++i) {
    if (std::isfinite(ElementAsDouble(want, i))) scale = std::max(scale, std::fabs(ElementAsDouble(want, i)));
  }
  for (int64_t i = 0; i < want.num_elements(); ++i) {
    const double x = ElementAsDouble(got, i), y = ElementAsDouble(want, i);
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    ASSERT_LE(std::fabs(x - y) / scale, tolerance) << "element " << i << ": " << x << ", expected " << y;
  }
}

// Gaps of several sizes between the rows of the first so many operands, the widest first.
void CheckKernel(const KernelDef& def, KernelNode node, size_t first, const std::vector<Tensor>& inputs,
                 const std::vector<Tensor>& expected, int threads, double tolerance) {
  bool pitched = false;
  for (std::vector<Operand>* operands : {&node.inputs, &node.outputs}) {
    for (size_t i = 0; i < std::min(first, operands->size()); ++i) {
      Operand& o = (*operands)[i];
      if (CanBePitched(o)) o.pitch += kGap * static_cast<int64_t>(operands->size() - i);
      pitched |= !o.dense();
    }
  }
  if (!pitched || !def.accepts(node).empty()) return;
  auto kernel = def.prepare(node, {threads, false});
  ASSERT_TRUE(kernel.ok()) << Message(kernel.status());
  std::vector<Spread> in, out;
  for (size_t i = 0; i < inputs.size(); ++i) in.emplace_back(node.inputs[i], &inputs[i]);
  for (const Operand& o : node.outputs) out.emplace_back(o, nullptr);
  std::vector<const void*> from;
  std::vector<void*> to;
  for (size_t i = 0; i < in.size(); ++i)
    from.push_back(node.inputs[i].present ? in[i].bytes.data() : nullptr);
  for (size_t i = 0; i < out.size(); ++i)
    to.push_back(node.outputs[i].present ? out[i].bytes.data() : nullptr);
  Tensor workspace = Tensor::Zeros(DataType::kU8, {(*kernel)->workspace_bytes()});
  const Status run = (*kernel)->Run({from.data(), to.data(), workspace.mutable_data()});
  ASSERT_TRUE(run.ok()) << Message(run);
  for (size_t i = 0; i < out.size(); ++i) {
    if (!node.outputs[i].present) continue;
    Tensor got = Tensor::Zeros(node.outputs[i].dtype, node.outputs[i].shape);
    out[i].GatherInto(&got);
    ExpectClose(got, expected[i], tolerance);
    EXPECT_TRUE(out[i].GapsUntouched()) << "output " << i;
  }
}

void CheckCase(const OpDef& op, const Case& c) {
  std::vector<Tensor> inputs;
  std::vector<const Tensor*> pointers;
  for (size_t i = 0; i < c.inputs.size(); ++i) inputs.push_back(Fill(c.inputs[i], 31 + i));
  for (size_t i = 0; i < inputs.size(); ++i) {
    pointers.push_back(c.inputs[i].fill == CaseInput::kAbsent ? nullptr : &inputs[i]);
  }
  const KernelContext plain{1, true};
  auto expected = EvaluateNode(op, c.attributes.get(), pointers, c.optional_outputs, plain);
  ASSERT_TRUE(expected.ok()) << Message(expected.status());
  KernelNode node;
  node.op = &op;
  node.attributes = c.attributes.get();
  for (const Tensor* t : pointers)
    node.inputs.push_back(t ? DenseOperand(t->dtype(), t->shape()) : Operand{});
  for (size_t i = 0; i < expected->size(); ++i) {
    const bool optional = i < op.outputs.size() && op.outputs[i].arity == OperandDef::kOptional;
    const bool present = !optional || (c.optional_outputs >> i & 1) != 0;
    const Tensor& t = (*expected)[i];
    node.outputs.push_back(present ? DenseOperand(t.dtype(), t.shape()) : Operand{});
  }
  for (const KernelDef& def : CpuKernels(op)) {
    if (!def.pitched) continue;
    for (int threads : {1, 2}) {
      // Attention and rotations take rows apart in some of their operands only.
      for (const size_t first : {size_t{1}, size_t{3}, std::max(node.inputs.size(), node.outputs.size())}) {
        SCOPED_TRACE(fmt::format("{} {}, kernel {} on {} threads, the first {} operands", op.name, c.name,
                                 def.name, threads, first));
        CheckKernel(def, node, first, inputs, *expected, threads, c.tolerance);
      }
    }
  }
}

TEST(Pitched, KernelsTakeRowsThatAreApart) {
  for (const OpEntry& entry : AllOps()) {
    for (const Case& c : CasesOf(*entry.def).cases) {
      if (!c.benchmark && !entry.def->random) CheckCase(*entry.def, c);
    }
  }
}

}  // namespace
}  // namespace weft
