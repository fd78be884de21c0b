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
    args_ = {{DNNL_ARG_SRC, dnnl::memory(a, Engine(), nullptr)},
             {DNNL_ARG_WEIGHTS, dnnl::memory(b, Engine(), nullptr)},
             {DNNL_ARG_DST, dnnl::memory(y, Engine(), nullptr)},
             {DNNL_ARG_SCRATCHPAD, dnnl::memory(pd.scratchpad_desc(), Engine(), nullptr)}};
    if (options.bias) args_.emplace(DNNL_ARG_BIAS, dnnl::memory(bias, Engine(), nullptr));
  }

  Status Run(const KernelArgs& args) override {
    omp_set_num_threads(options_.threads);
    if (options_.accumulator && args.inputs[3] != args.outputs[0]) {
      std::memcpy(args.outputs[0], args.inputs[3], y_bytes_);
    }
    Set(DNNL_ARG_SRC, args.inputs[0]);
    Set(DNNL_ARG_WEIGHTS, args.inputs[1]);
    Set(DNNL_ARG_DST, args.outputs[0]);
    Set(DNNL_ARG_SCRATCHPAD, args.workspace);
    if (options_.bias) Set(DNNL_ARG_BIAS, args.inputs[2]);
    primitive_.execute(stream_, args_);
    return OkStatus();
  }

 private:
  void Set(int which, const void* data) { args_.at(which).set_data_handle(const_cast<void*>(data), stream_); }

  OneDnnProductOptions options_;
  size_t y_bytes_ = 0;
  dnnl::matmul primitive_;
  dnnl::stream stream_;
  std::unordered_map<int, dnnl::memory> args_;
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
