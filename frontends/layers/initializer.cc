#include "frontends/layers/initializer.h"

#include "base/hash.h"
#include "ir/builder.h"
#include "ops/expand/op.h"
#include "ops/random_normal/op.h"
#include "ops/random_truncated_normal/op.h"
#include "ops/random_uniform/op.h"

namespace weft {

StatusOr<std::shared_ptr<const Graph>> InitGraph(const Initializer& init, std::string_view name,
                                                 const TensorType& type) {
  auto graph = std::make_shared<Graph>();
  graph->name = "init";
  Builder b(*graph);
  const ops::RandomInputs random{.seed = b.Input("seed", {DataType::kI64, {}})};
  const auto stream = static_cast<int64_t>(Fnv1a(name) & 0x7fffffff);
  Var value;
  switch (init.kind) {
    case Initializer::kConstant:
      value = ops::Expand(b.Scalar(init.a, type.dtype), type.shape);
      break;
    case Initializer::kNormal:
      value = ops::RandomNormal(random, stream, type.shape, init.a, init.b, type.dtype);
      break;
    case Initializer::kTruncatedNormal:
      value = ops::RandomTruncatedNormal(random, stream, type.shape, init.a, init.b, 3, type.dtype);
      break;
    case Initializer::kUniform:
      value = ops::RandomUniform(random, stream, type.shape, init.a, init.b, type.dtype);
      break;
  }
  b.Output(value);
  WEFT_RETURN_IF_ERROR(Prefix(fmt::format("the initial value of '{}'", name), b.status()));
  return graph;
}

}  // namespace weft
