#include <fmt/ranges.h>

#include <cmath>
#include <initializer_list>

#include "base/normal.h"
#include "ops/common/cost.h"
#include "ops/random_truncated_normal/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const RandomTruncatedNormalOp& a = node.attrs<RandomTruncatedNormalOp>();
  WEFT_RETURN_IF_ERROR(CheckNormal(node, a.mean, a.scale));
  if (!(a.cut > 0 && std::isfinite(a.cut))) return node.Error("cut is {}, expected a positive number", a.cut);
  return InferDrawn(node, a.stream, a.dtype, a.shape);
}

double Flops(const NodeTypes& node) { return 40 * NumElements(node.output(0)); }

// The formula in ONNX's words: a uniform number through the quantile of base/normal.h.
class OnnxFormula {
 public:
  std::string Emit(std::string_view op, std::initializer_list<std::string> inputs, std::string output = "") {
    if (output.empty()) output = fmt::format("v{}", count_++);
    text_ += fmt::format("{} = {}({})\n", output, op, fmt::join(inputs, ", "));
    return output;
  }
  std::string Number(double value) {
    return Emit(fmt::format("Constant<value: tensor = double {{{}}}>", value), {});
  }
  template <size_t n>
  std::string Polynomial(const double (&c)[n], const std::string& t) {
    std::string sum = Number(c[n - 1]);
    for (size_t i = n - 1; i > 0; --i) sum = Emit("Add", {Emit("Mul", {sum, t}), Number(c[i - 1])});
    return sum;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  int count_ = 0;
};

std::string Quantile(OnnxFormula& f, const std::string& q) {
  using namespace internal;
  const std::string magnitude = f.Emit("Abs", {q}), t = f.Emit("Mul", {q, q}), half = f.Number(0.5);
  const std::string central = f.Emit("LessOrEqual", {magnitude, f.Number(0.425)});
  const std::string middle =
      f.Emit("Div", {f.Emit("Mul", {q, f.Polynomial(kCentralP, t)}), f.Polynomial(kCentralQ, t)});
  const std::string p = f.Emit("Where", {central, half, f.Emit("Sub", {half, magnitude})});
  const std::string r = f.Emit("Sqrt", {f.Emit("Neg", {f.Emit("Log", {p})})});
  const std::string tail = f.Emit("Div", {f.Polynomial(kTailP, r), f.Polynomial(kTailQ, r)});
  return f.Emit("Where", {central, middle, f.Emit("Mul", {f.Emit("Sign", {q}), tail})});
}

std::string OnnxBody(const NodeTypes& node) {
  const RandomTruncatedNormalOp& a = node.attrs<RandomTruncatedNormalOp>();
  if (!IsConstant(a.shape)) return "";
  OnnxFormula f;
  const double half = NormalMassWithin(a.cut) / 2;
  const std::string q = f.Emit(
      fmt::format("RandomUniform<dtype: int = {}, high: float = {}, low: float = {}, shape: ints = {}>",
                  OnnxCode(DataType::kF64), half, -half, ToString(a.shape)),
      {});
  const std::string x = f.Emit("Clip", {Quantile(f, q), f.Number(-a.cut), f.Number(a.cut)});
  const std::string y = f.Emit("Add", {f.Number(a.mean), f.Emit("Mul", {f.Number(a.scale), x})});
  f.Emit(fmt::format("Cast<to: int = {}>", OnnxCode(a.dtype)), {y}, "output");
  return f.text();
}

constexpr Field kFields[] = {
    F<&RandomTruncatedNormalOp::dtype>("dtype"), F<&RandomTruncatedNormalOp::mean>("mean"),
    F<&RandomTruncatedNormalOp::scale>("scale"), F<&RandomTruncatedNormalOp::cut>("cut"),
    F<&RandomTruncatedNormalOp::shape>("shape"), F<&RandomTruncatedNormalOp::stream>("stream")};
static_assert(FieldCount<RandomTruncatedNormalOp>() == std::size(kFields));

}  // namespace

constinit const OpDef RandomTruncatedNormalOp::def = {
    .name = "RandomTruncatedNormal",
    .domain = "weft",
    .doc = "y = mean + scale * x, x standard normal on the condition |x| <= cut",
    .fields = kFields,
    .attributes = AttributesOf<RandomTruncatedNormalOp>(),
    .inputs = kRandomOperands,
    .outputs = kDrawnOutput,
    .infer = Infer,
    .onnx_body = OnnxBody,
    .flops = Flops,
    .bytes = DrawnBytes,
    .random = true,
    .differentiable = false,
};

Var RandomTruncatedNormal(RandomInputs in, int64_t stream, Dims shape, float mean, float scale, float cut,
                          DataType dtype) {
  return EmitDraw(RandomTruncatedNormalOp{dtype, mean, scale, cut, std::move(shape), stream}, in);
}

}  // namespace weft::ops
