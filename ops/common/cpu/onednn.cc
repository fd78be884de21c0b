#include "ops/common/cpu/onednn.h"

#include <omp.h>

#include <algorithm>
#include <cstring>
#include <oneapi/dnnl/dnnl.hpp>

#include "base/threads.h"
#include "ops/instruction_sets.h"

namespace weft::ops {
namespace {

using dnnl::memory;

// Immutable once made, and the library's handles may be shared by threads.
const dnnl::engine& Engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

// How many threads the library uses is what OpenMP would use on the calling thread.
class OmpThreads {
 public:
  explicit OmpThreads(int threads) : saved_(omp_get_max_threads()) { omp_set_num_threads(threads); }
  ~OmpThreads() { omp_set_num_threads(saved_); }
  OmpThreads(const OmpThreads&) = delete;
  OmpThreads& operator=(const OmpThreads&) = delete;

 private:
  int saved_;
};

memory::data_type TypeOf(DataType dtype) {
  return dtype == DataType::kBF16 ? memory::data_type::bf16 : memory::data_type::f32;
}

// A dimension of 1 may carry any stride; the library wants one that would fit.
memory::desc MatrixOf(const ProductPlan& plan, const MatrixLayout& m, DataType dtype) {
  memory::dims dims, strides;
  const int64_t whole = std::max(m.rows * m.row_stride, m.columns * m.column_stride);
  for (size_t i = 0; i < plan.batch.size(); ++i) {
    const bool broadcast = m.batch_strides[i] == 0;
    dims.push_back(broadcast ? 1 : plan.batch[i]);
    strides.push_back(broadcast ? whole : m.batch_strides[i]);
  }
  dims.insert(dims.end(), {m.rows, m.columns});
  strides.insert(strides.end(),
                 {m.rows == 1 ? std::max(m.row_stride, m.columns * m.column_stride) : m.row_stride,
                  m.columns == 1 ? std::max<int64_t>(m.column_stride, 1) : m.column_stride});
  return {dims, TypeOf(dtype), strides};
}

// Blocks of 64 columns and 32 rows, pairs of rows inside: ops/pack_weight/op.h.
memory::desc PackedOf(const ProductPlan& plan) {
  return {{plan.b.rows, plan.b.columns}, memory::data_type::bf16, memory::format_tag::BA16a64b2a};
}

memory::desc BiasOf(const ProductPlan& plan, DataType dtype) {
  memory::dims dims(plan.batch.size() + 2, 1), strides(dims.size(), plan.y.columns);
  dims.back() = plan.y.columns;
  strides.back() = 1;
  return {dims, TypeOf(dtype), strides};
}

class ProductKernel final : public Kernel {
 public:
  ProductKernel(const ProductPlan& plan, const OneDnnProductOptions& options)
      : options_(options), stream_(Engine()) {
    const OmpThreads threads(options.threads);
    const memory::desc a = MatrixOf(plan, plan.a, options.a), y = MatrixOf(plan, plan.y, options.y),
                       b = options.packed_b ? PackedOf(plan) : MatrixOf(plan, plan.b, options.b);
    const memory::desc bias = BiasOf(plan, options.bias_type);
    // The library scales the bias too: where there is a scale, the bias is added behind it.
    const bool scaled_bias = options.bias >= 0 && options.alpha != 1;
    dnnl::post_ops post;
    if (options.accumulator >= 0) post.append_sum(1.0f);
    if (scaled_bias) post.append_binary(dnnl::algorithm::binary_add, bias);
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    attr.set_post_ops(post);
    if (options.alpha != 1) attr.set_output_scales(0, {options.alpha});
    const dnnl::matmul::desc desc =
        options.bias >= 0 && !scaled_bias ? dnnl::matmul::desc(a, b, bias, y) : dnnl::matmul::desc(a, b, y);
    const dnnl::matmul::primitive_desc pd(desc, attr, Engine());
    primitive_ = dnnl::matmul(pd);
    workspace_bytes_ = static_cast<int64_t>(pd.scratchpad_desc().get_size());
    Add(DNNL_ARG_SRC, a);
    Add(DNNL_ARG_WEIGHTS, b);
    Add(DNNL_ARG_DST, y);
    Add(DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc());
    if (scaled_bias) {
      Add(DNNL_ARG_ATTR_MULTIPLE_POST_OP(post.len() - 1) | DNNL_ARG_SRC_1, bias);
    } else if (options.bias >= 0) {
      Add(DNNL_ARG_BIAS, bias);
    }
    PlanCopy(plan);
  }

  // Through the C functions: the C++ ones allocate a list of arguments at every call.
  Status Run(const KernelArgs& args) override {
    const OmpThreads threads(options_.threads);
    if (copies_ && args.inputs[options_.accumulator] != args.outputs[0]) CopyAccumulator(args);
    const void* data[] = {args.inputs[0], args.inputs[1], args.outputs[0], args.workspace,
                          options_.bias < 0 ? nullptr : args.inputs[options_.bias]};
    dnnl_status_t status = dnnl_success;
    for (size_t i = 0; i < arguments_.size() && status == dnnl_success; ++i) {
      status =
          dnnl_memory_set_data_handle_v2(arguments_[i].memory, const_cast<void*>(data[i]), stream_.get());
    }
    if (status == dnnl_success) {
      status = dnnl_primitive_execute(primitive_.get(), stream_.get(), static_cast<int>(arguments_.size()),
                                      arguments_.data());
    }
    if (status == dnnl_success) return OkStatus();
    return Internal("oneDNN's matrix product failed with status {}", static_cast<int>(status));
  }

 private:
  void Add(int which, const memory::desc& desc) {
    memories_.emplace_back(desc, Engine(), nullptr);
    arguments_.push_back({which, memories_.back().get()});
  }

  void PlanCopy(const ProductPlan& plan) {
    copies_ = options_.accumulator >= 0;
    rows_ = plan.num_batches() * plan.y.rows;
    columns_ = plan.y.columns;
    y_pitch_ = plan.y.row_stride;
  }
  void CopyAccumulator(const KernelArgs& args) const {
    const auto* from = args.in<std::byte>(static_cast<size_t>(options_.accumulator));
    const int64_t size = SizeInBytes(options_.y, 1);
    constexpr int64_t kGrain = 1 << 16;  // elements worth a thread
    ParallelFor(rows_, options_.threads, std::max<int64_t>(1, kGrain / columns_),
                [&](int64_t begin, int64_t end, int) {
                  for (int64_t i = begin; i < end; ++i) {
                    std::memcpy(args.out<std::byte>(0) + i * y_pitch_ * size,
                                from + i * options_.accumulator_pitch * size,
                                static_cast<size_t>(columns_ * size));
                  }
                });
  }

  OneDnnProductOptions options_;
  dnnl::stream stream_;
  dnnl::matmul primitive_;
  std::vector<memory> memories_;
  std::vector<dnnl_exec_arg_t> arguments_;  // source, weights, destination, scratchpad, bias
  bool copies_ = false;
  int64_t rows_ = 0, columns_ = 0, y_pitch_ = 0;
};

}  // namespace

std::string OneDnnProductAccepts(const ProductPlan& plan, const OneDnnProductOptions& options) {
  const bool narrow = options.a == DataType::kBF16;
  if (options.a != options.b || (!narrow && options.a != DataType::kF32))
    return "takes two of f32 or of bf16";
  if (!narrow && options.y != DataType::kF32) return "gives f32 from f32 only";
  if (narrow && !HasBf16Products()) return "bf16 is multiplied in f32 on this processor";
  if (plan.num_batches() * plan.y.rows * plan.y.columns * plan.a.columns == 0)
    return "takes no empty matrices";
  if (options.packed_b && (!narrow || !plan.batch.empty())) return "takes one packed matrix of bf16";
  if (plan.batch.size() > 8) return "takes at most 8 batch dimensions";
  return {};
}

StatusOr<std::unique_ptr<Kernel>> PrepareOneDnnProduct(const ProductPlan& plan,
                                                       const OneDnnProductOptions& options) {
  try {
    return std::make_unique<ProductKernel>(plan, options);
  } catch (const dnnl::error& e) {
    return Internal("oneDNN: {} (status {})", e.what(), static_cast<int>(e.status));
  }
}

}  // namespace weft::ops

namespace weft {

// Generated code, primitives and the pages of the library that run; and, where it has no product of its own
// for the instruction set (below AVX-512), the buffers in which each thread packs operands.
int64_t CpuLibraryBytes(int threads, int64_t num_calls) {
  constexpr int64_t kMiB = 1 << 20;
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto avx512 = static_cast<unsigned>(dnnl::cpu_isa::avx512_core);
  const bool packs = (isa & avx512) != avx512;
  return 4 * kMiB + threads * (packs ? 14 : 1) * kMiB + num_calls * (8 << 10);
}

}  // namespace weft
