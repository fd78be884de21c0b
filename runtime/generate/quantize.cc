#include "runtime/generate/quantize.h"

#include "compiler/pass.h"

namespace weft {

StatusOr<std::vector<std::string>> QuantizeModel(Graph& model, const QuantizeWeightsOptions& options) {
  WEFT_ASSIGN_OR_RETURN(const std::vector<const Pass*> products, PassesByName("products"));
  PassContext context;
  WEFT_RETURN_IF_ERROR(PassRunner().Run(model, products, context));
  WEFT_ASSIGN_OR_RETURN(std::vector<std::string> quantized, QuantizeWeights(model, options));
  WEFT_RETURN_IF_ERROR(Verify(model));
  if (!quantized.empty() || options.stored) return quantized;
  return InvalidArgument("there is nothing to quantise: no product reads a parameter [N, K]{}",
                         options.keep.empty() ? "" : " outside of what is kept");
}

}  // namespace weft
