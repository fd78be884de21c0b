#include "ops/common/cpu/onednn.h"

#include <omp.h>

#include <cstring>
#include <oneapi/dnnl/dnnl.hpp>

namespace weft::ops {
namespace {

dnnl::engine& Engine() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::memory::desc Describe(const ProductPlan& plan, const MatrixLayout& m) {
  dnnl::memory::dims dims, strides;
  for (size_t i = 0; i < plan.batch.size(); ++i) {
    const bool broadcast = m.batch_strides[i] == 0;
    dims.push_back(broadcast ? 1 : plan.batch[i]);
    // A stride is asked for even where the dimension is 1.
    strides.push_back(broadcast ? std::max(m.rows * m.row_stride, m.columns * m.column_stride)
                                : m.batch_strides[i]);
  }
  dims.insert(dims.end(), {m.rows, m.columns});
  // A dimension of 1 may carry any stride; give the library one it accepts.
  strides.insert(strides.end(),
                 {m.rows == 1 ? std::max(m.row_stride, m.columns * m.column_stride) : m.row_stride,
                  m.columns == 1 ? std::max<int64_t>(m.column_stride, 1) : m.column_stride});
  return {dims, dnnl::memory::data_type::f32, strides};
}

class ProductKernel final : public Kernel {
 public:
  ProductKernel(const ProductPlan& plan, const OneDnnProductOptions& options) : options_(options) {
    omp_set_num_threads(options.threads);
    const dnnl::memory::desc a = Describe(plan, plan.a), b = Describe(plan, plan.b),
                             y = Describe(plan, plan.y);
    y_bytes_ = static_cast<size_t>(plan.num_batches() * plan.y.rows * plan.y.columns) * sizeof(float);
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (options.alpha != 1) attr.set_output_scales(0, {options.alpha});
    if (options.accumulator) {
      dnnl::post_ops post;
      post.append_sum(1.0f);
      attr.set_post_ops(post);
    }
    const size_t rank = plan.batch.size() + 2;
    dnnl::memory::dims bias_dims(rank, 1), bias_strides(rank, plan.y.columns);
    bias_dims.back() = plan.y.columns;
    bias_strides.back() = 1;
    const dnnl::memory::desc bias(bias_dims, dnnl::memory::data_type::f32, bias_strides);
    const dnnl::matmul::desc desc =
        options.bias ? dnnl::matmul::desc(a, b, bias, y) : dnnl::matmul::desc(a, b, y);
    const dnnl::matmul::primitive_desc pd(desc, attr, Engine());
    primitive_ = dnnl::matmul(pd);
    stream_ = dnnl::stream(Engine());
    workspace_bytes_ = static_cast<int64_t>(pd.scratchpad_desc().get_size());
    Add(DNNL_ARG_SRC, a);
    Add(DNNL_ARG_WEIGHTS, b);
    Add(DNNL_ARG_DST, y);
    Add(DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc());
    if (options.bias) Add(DNNL_ARG_BIAS, bias);
  }

  Status Run(const KernelArgs& args) override {
    omp_set_num_threads(options_.threads);
    if (options_.accumulator && args.inputs[3] != args.outputs[0]) {
      std::memcpy(args.outputs[0], args.inputs[3], y_bytes_);
    }
    Set(0, args.inputs[0]);
    Set(1, args.inputs[1]);
    Set(2, args.outputs[0]);
    Set(3, args.workspace);
    if (options_.bias) Set(4, args.inputs[2]);
    const dnnl_status_t status =
        dnnl_primitive_execute(primitive_.get(), stream_.get(), static_cast<int>(args_.size()), args_.data());
    return status == dnnl_success ? OkStatus() : Internal("oneDNN: status {}", static_cast<int>(status));
  }

 private:
  void Add(int which, const dnnl::memory::desc& desc) {
    memories_.emplace_back(desc, Engine(), nullptr);
    args_.push_back({which, memories_.back().get()});
  }
  void Set(size_t i, const void* data) { memories_[i].set_data_handle(const_cast<void*>(data), stream_); }

  OneDnnProductOptions options_;
  size_t y_bytes_ = 0;
  dnnl::matmul primitive_;
  dnnl::stream stream_;
  std::vector<dnnl::memory> memories_;
  std::vector<dnnl_exec_arg_t>
      args_;  // the library's C interface: its C++ one allocates a list for each call
};

}  // namespace

StatusOr<std::unique_ptr<Kernel>> PrepareOneDnnProduct(const ProductPlan& plan,
                                                       const OneDnnProductOptions& options) {
  try {
    return std::make_unique<ProductKernel>(plan, options);
  } catch (const dnnl::error& e) {
    return Internal("oneDNN: {} (status {})", e.what(), static_cast<int>(e.status));
  }
}

}  // namespace weft::ops
