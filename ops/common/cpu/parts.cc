#include "ops/common/cpu/parts.h"

#include "ops/common/axis.h"
#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/strided_copy.h"

namespace weft::ops {
namespace {

// Where each part begins in the whole, in elements.
struct Layout {
  const Operand& whole;
  std::span<const Operand> parts;
  Strides strides;  // of the whole
  std::vector<int64_t> starts;
};

Layout LayoutOf(PartsCopy copy, int64_t axis, const KernelNode& node) {
  const bool join = copy == PartsCopy::kJoin;
  const Operand& whole = join ? node.outputs[0] : node.inputs[0];
  Layout layout{whole, join ? node.inputs : node.outputs, StridesOf(whole), {}};
  const int at = ResolvedAxis(axis, whole.rank());
  int64_t start = 0;
  for (const Operand& part : layout.parts) {
    layout.starts.push_back(start);
    start += part.dim(at) * layout.strides[static_cast<size_t>(at)];
  }
  return layout;
}

template <class T>
std::unique_ptr<Kernel> PlainKernel(PartsCopy copy, const Layout& layout) {
  std::vector<Walk<2>> walks;  // offsets: whole, part
  for (const Operand& part : layout.parts)
    walks.emplace_back(part.shape, std::array<Strides, 2>{layout.strides, StridesOf(part)});
  return MakeKernel([copy, walks, starts = layout.starts](const KernelArgs& args) mutable {
    for (size_t p = 0; p < walks.size(); ++p) {
      Walk<2>& walk = walks[p];
      const int64_t n = walk.num_elements();
      for (int64_t i = 0; i < n; ++i, walk.Next()) {
        const int64_t in_whole = starts[p] + walk.offset(0), in_part = walk.offset(1);
        if (copy == PartsCopy::kJoin) {
          args.out<T>(0)[in_whole] = args.in<T>(p)[in_part];
        } else {
          args.out<T>(p)[in_part] = args.in<T>(0)[in_whole];
        }
      }
    }
    return OkStatus();
  });
}

}  // namespace

StatusOr<std::unique_ptr<Kernel>> PrepareRunsParts(PartsCopy copy, int64_t axis, const KernelNode& node,
                                                   const KernelContext& context) {
  const Layout layout = LayoutOf(copy, axis, node);
  const DataType dtype = layout.whole.dtype;
  const bool join = copy == PartsCopy::kJoin;
  std::vector<StridedCopy> copies;
  std::vector<int64_t> starts;  // in bytes
  for (const Operand& part : layout.parts) {
    const Strides of_part = StridesOf(part);
    copies.emplace_back(dtype, part.shape, join ? of_part : layout.strides, join ? layout.strides : of_part);
    starts.push_back(SizeInBytes(dtype, layout.starts[starts.size()]));
  }
  return MakeKernel([join, copies, starts, threads = context.threads](const KernelArgs& args) {
    for (size_t p = 0; p < copies.size(); ++p) {
      if (join) {
        copies[p].Run(args.inputs[p], args.out<std::byte>(0) + starts[p], threads);
      } else {
        copies[p].Run(args.in<std::byte>(0) + starts[p], args.outputs[p], threads);
      }
    }
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PreparePlainParts(PartsCopy copy, int64_t axis, const KernelNode& node) {
  const Layout layout = LayoutOf(copy, axis, node);
  return DispatchSize(SizeInBytes(layout.whole.dtype, 1),
                      [&]<class T>(T) { return PlainKernel<T>(copy, layout); });
}

}  // namespace weft::ops
