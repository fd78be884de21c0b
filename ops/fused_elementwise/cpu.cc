// The plain kernel runs the body's nodes one by one, each with its own plain kernel.
#include <algorithm>
#include <cstring>
#include <map>

#include "ops/fused_elementwise/cpu_program.h"
#include "ops/fused_elementwise/cpu_tiles.h"
#include "ops/fused_elementwise/op.h"
#include "ops/widened_kernel.h"

namespace weft::ops::fused_elementwise {
namespace {

constexpr int64_t kAlignment = 64;

int64_t AlignedBytes(const Operand& operand) {
  const int64_t bytes = SizeInBytes(operand.dtype, operand.num_elements());
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

// Where a value is: an input of the node, a constant, or bytes of the workspace. Outputs are copied at the
// end, as they may lie where inputs do.
struct Place {
  enum Kind : uint8_t { kAbsent, kInput, kConstant, kWorkspace };
  Kind kind = kAbsent;
  int64_t at = 0;  // index, or offset
  const void* data = nullptr;

  const void* In(const KernelArgs& args) const {
    if (kind == kInput) return args.inputs[at];
    return kind == kWorkspace ? static_cast<const std::byte*>(args.workspace) + at : data;
  }
};

struct Call {
  std::unique_ptr<Kernel> kernel;
  std::vector<Place> inputs;
  std::vector<const void*> addresses;  // of them, while it runs
  int64_t output = 0;                  // an offset
};

class NodeByNode final : public Kernel {
 public:
  explicit NodeByNode(GraphBody body) : body_(std::move(body)) {}

  Status Prepare(const KernelNode& node, const KernelContext& context) {
    KernelContext plain = context;
    plain.plain_only = true;
    std::map<ValueId, Place> places;  // looked up only
    for (size_t i = 0; i < body_->inputs().size(); ++i)
      places[body_->inputs()[i]] = {Place::kInput, static_cast<int64_t>(i)};
    for (ValueId v : body_->ConstantIds())
      places[v] = {Place::kConstant, 0, body_->value(v).constant->data()};
    int64_t inner_bytes = 0;
    for (NodeId id : body_->NodeIds()) {
      KernelNode inner = ToKernelNode(body_->TypesOf(id));
      inner.scope = node.scope;
      Call call;
      for (ValueId v : body_->node(id).inputs)
        call.inputs.push_back(v == ValueId::kNone ? Place{} : places.at(v));
      call.addresses.resize(call.inputs.size());
      call.output = workspace_bytes_;
      workspace_bytes_ += AlignedBytes(inner.outputs[0]);
      places[body_->node(id).outputs[0]] = {Place::kWorkspace, call.output};
      WEFT_ASSIGN_OR_RETURN(const KernelDef* def, SelectCpuKernel(inner, plain));
      WEFT_ASSIGN_OR_RETURN(call.kernel, def->prepare(inner, plain));
      inner_bytes = std::max(inner_bytes, call.kernel->workspace_bytes());
      calls_.push_back(std::move(call));
    }
    for (size_t i = 0; i < body_->outputs().size(); ++i) {
      const Operand& y = node.outputs[i];
      results_.push_back({places.at(body_->outputs()[i]).at, SizeInBytes(y.dtype, y.num_elements())});
    }
    inner_workspace_ = workspace_bytes_;
    workspace_bytes_ += inner_bytes;
    return OkStatus();
  }

  Status Run(const KernelArgs& args) override {
    auto* workspace = static_cast<std::byte*>(args.workspace);
    for (Call& call : calls_) {
      for (size_t i = 0; i < call.inputs.size(); ++i) call.addresses[i] = call.inputs[i].In(args);
      void* const output = workspace + call.output;
      WEFT_RETURN_IF_ERROR(call.kernel->Run({call.addresses.data(), &output, workspace + inner_workspace_}));
    }
    for (size_t i = 0; i < results_.size(); ++i) {
      if (results_[i].bytes > 0)
        std::memcpy(args.outputs[i], workspace + results_[i].at, static_cast<size_t>(results_[i].bytes));
    }
    return OkStatus();
  }

 private:
  struct Result {
    int64_t at, bytes;
  };
  GraphBody body_;
  std::vector<Call> calls_;
  std::vector<Result> results_;
  int64_t inner_workspace_ = 0;
};

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext& context) {
  WEFT_ASSIGN_OR_RETURN(GraphBody body, BodyOf(node));
  auto kernel = std::make_unique<NodeByNode>(std::move(body));
  WEFT_RETURN_IF_ERROR(kernel->Prepare(node, context));
  return kernel;
}

constexpr KernelDef kKernels[] = {
    {.name = "tiles", .accepts = AcceptsTiles, .prepare = PrepareTiles, .pitched = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::fused_elementwise
