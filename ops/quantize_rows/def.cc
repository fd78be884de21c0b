#include <algorithm>

#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/quantized_rows.h"
#include "ops/quantize_rows/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& a = node.attrs<QuantizeRowsOp>();
  WEFT_RETURN_IF_ERROR(CheckQuantization(node, a.bits, a.group));
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  const TensorType& x = node.input(0);
  if (x.rank() != 2 || !x.shape[1].is_constant())
    return node.Error("x is {}, expected a matrix whose rows' length is a number", x.ToString());
  const int64_t k = x.shape[1].value();
  return std::vector<TensorType>{{QuantizedType(a.bits), {x.shape[0], QuantizedRowBytes(k, a.bits)}},
                                 {x.dtype, {x.shape[0], QuantGroups(k, a.group)}}};
}

double Flops(const NodeTypes& node) {
  return NumElements(node.input(0)) * (node.attrs<QuantizeRowsOp>().bits == 4 ? 30 : 5);
}

// ---- in ONNX's words: groups side by side [N, groups, group], in f64

std::string Constants(int64_t k, int64_t groups, int64_t group, double low, double high) {
  return fmt::format(R"(zero = Constant<value: tensor = double {{0}}>()
unit = Constant<value: tensor = double {{1}}>()
low = Constant<value: tensor = double {{{0}}}>()
high = Constant<value: tensor = double {{{1}}}>()
last = Constant<value: tensor = int64[1] {{2}}>()
pads = Constant<value: tensor = int64[4] {{0, 0, 0, {2}}}>()
grouped = Constant<value: tensor = int64[3] {{0, {3}, {4}}}>()
flat = Constant<value: tensor = int64[2] {{0, {5}}}>()
of_scales = Constant<value: tensor = int64[2] {{0, {3}}}>()
wide = Cast<to: int = 11>(x)
padded = Pad(wide, pads)
g = Reshape(padded, grouped)
magnitude = Abs(g)
where_most = ArgMax<axis: int = 2, keepdims: int = 1>(magnitude)
extreme = GatherElements<axis: int = 2>(g, where_most)
)",
                     low, high, groups * group - k, groups, group, groups * group);
}

// q{i} of the groups, with the scales s{i}: 0 where those are 0 or none.
std::string CodesText(std::string_view i) {
  return fmt::format(R"(size{0} = Abs(s{0})
some{0} = Greater(size{0}, zero)
divisor{0} = Where(some{0}, s{0}, unit)
ratio{0} = Div(g, divisor{0})
cut{0} = Clip(ratio{0}, low, high)
round{0} = Round(cut{0})
q{0} = Where(some{0}, round{0}, zero)
)",
                     i);
}

// s{i} = bf16(`value`): an infinite one is no number, as is s{i} - s{i}, to be added to what is chosen.
std::string ScaleText(std::string_view i, std::string_view value) {
  return fmt::format(R"(narrow{0} = Cast<to: int = 16>({1})
s{0} = Cast<to: int = 11>(narrow{0})
none{0} = Sub(s{0}, s{0})
)",
                     i, value);
}

std::string EightBitText() {
  return R"(most = Abs(extreme)
d = Constant<value: tensor = double {127}>()
wanted = Div(most, d)
)" + ScaleText("", "wanted") +
         "scale = Add(s, none)\n" + CodesText("");
}

std::string FourBitText() {
  std::string text = R"(best0 = Mul(zero, zero)
least0 = Constant<value: tensor = double {1.7976931348623157e308}>()
sum0 = Mul(zero, zero)
)";
  int i = 0;
  for (const double d : kFourBitDivisors) {
    ++i;
    const std::string n = fmt::format("{}", i);
    text += fmt::format("d{0} = Constant<value: tensor = double {{{1}}}>()\nwanted{0} = Div(extreme, d{0})\n",
                        i, d);
    text += ScaleText(n, "wanted" + n) + CodesText(n);
    text += fmt::format(R"(part{0} = Mul(q{0}, s{0})
rest{0} = Sub(g, part{0})
square{0} = Mul(rest{0}, rest{0})
error{0} = ReduceSum(square{0}, last)
less{0} = Less(error{0}, least{1})
better{0} = And(less{0}, some{0})
best{0} = Where(better{0}, s{0}, best{1})
least{0} = Where(better{0}, error{0}, least{1})
sum{0} = Add(sum{1}, none{0})
)",
                        i, i - 1);
  }
  text += fmt::format("scale = Add(best{0}, sum{0})\ns = Identity(scale)\n", i);
  return text + CodesText("");
}

std::string OnnxBody(const NodeTypes& node) {
  const auto& a = node.attrs<QuantizeRowsOp>();
  const int64_t k = node.input(0).shape[1].value(), groups = QuantGroups(k, a.group);
  const bool four = a.bits == 4;
  const int64_t row = QuantizedRowBytes(k, a.bits);
  std::string text = Constants(k, groups, a.group, four ? -8 : -127, four ? 7 : 127);
  text += four ? FourBitText() : EightBitText();
  if (four) {
    text += fmt::format(R"(pairs = Constant<value: tensor = int64[3] {{0, {}, 2}}>()
even = Constant<value: tensor = int64 {{0}}>()
odd = Constant<value: tensor = int64 {{1}}>()
offset = Constant<value: tensor = double {{{}}}>()
sixteen = Constant<value: tensor = double {{16}}>()
shifted = Add(q, offset)
paired = Reshape(shifted, pairs)
lower = Gather<axis: int = 2>(paired, even)
upper = Gather<axis: int = 2>(paired, odd)
raised = Mul(upper, sixteen)
codes = Add(lower, raised)
)",
                        groups * a.group / 2, kNibbleZero);
  } else {
    text += "codes = Reshape(q, flat)\n";
  }
  return text + fmt::format(R"(first = Constant<value: tensor = int64[1] {{0}}>()
columns = Constant<value: tensor = int64[1] {{1}}>()
end = Constant<value: tensor = int64[1] {{{}}}>()
kept = Slice(codes, first, end, columns)
quantized = Cast<to: int = {}>(kept)
row_scales = Reshape(scale, of_scales)
scales = Cast<to: int = {}>(row_scales)
)",
                            row, OnnxCode(QuantizedType(a.bits)), OnnxCode(node.input(0).dtype));
}

constexpr Field kFields[] = {F<&QuantizeRowsOp::bits>("bits"), F<&QuantizeRowsOp::group>("group")};
static_assert(FieldCount<QuantizeRowsOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"x"}};
constexpr OperandDef kOutputs[] = {{"quantized"}, {"scales"}};

}  // namespace

constinit const OpDef QuantizeRowsOp::def = {
    .name = "QuantizeRows",
    .domain = "weft",
    .doc = "x ~ quantized * scales, in 8 or 4 bits, one scale for each group of a row",
    .fields = kFields,
    .attributes = AttributesOf<QuantizeRowsOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .onnx_body = OnnxBody,
    .flops = Flops,
    .differentiable = false,
};

int64_t LargestGroup(int64_t k) {
  return std::max<int64_t>(k / kQuantBlock + (k % kQuantBlock != 0 ? 1 : 0), 1) * kQuantBlock;
}

QuantizedRows QuantizeRows(Var x, QuantizeRowsOp attributes) {
  if (x.builder == nullptr) return {};
  const std::vector<Var> both = x.builder->EmitMany(attributes, {x}, 0);
  return {both[0], both[1]};
}

}  // namespace weft::ops
