// What `weft verify` looks for, on graphs as text: right ones are equal, and each kind of mistake is found
// and named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "compiler/compile.h"
#include "compiler/passes/bind.h"
#include "compiler/passes/fuse.h"
#include "ir/builder.h"
#include "ops/add/op.h"
#include "ops/neg/op.h"
#include "ops/sub/op.h"
#include "tests/verify/wrong.h"
#include "tools/verify/check_gradients.h"
#include "tools/verify/check_kernels.h"
#include "tools/verify/check_trial.h"
#include "tools/verify/compare.h"

namespace weft {
namespace {

using test::FlippingTarget;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kHead[] = "<ir_version: 10, opset_import: [\"\": 24, \"weft\": 1]>\n";

Trial Parse(const std::string& text) {
  StatusOr<Trial> trial = ParseTrial(text);
  EXPECT_TRUE(trial.ok()) << Message(trial.status());
  return trial.ok() ? *std::move(trial) : Trial();
}

// A feed-forward layer with a gate, spelled out, and its gradient.
Trial FeedForward() {
  return Parse(
      "# weft verify: bind rows=5\n"
      "# weft verify: input x normal 0 1 seed 3\n"
      "# weft verify: differentiate x w v\n" +
      std::string(kHead) + "g (float[rows,7] x, float[7,12] w, float[7,12] v) => (float[rows,12] y)\n" +
      "{ [\"gate/0\"] a = MatMul(x, w) b = Sigmoid(a) [\"act/1\"] c = Mul(a, b)\n"
      "  [\"up/2\"] d = MatMul(x, v) [\"glu/3\"] y = Mul(c, d) }");
}

TEST(CheckTrialTest, WhatWeftMakesOfALayerIsEqual) {
  const CpuTarget target;
  const VerifyReport report = CheckTrial(FeedForward(), {.target = &target});
  for (const Finding& f : report.findings) ADD_FAILURE() << f.ToString();
  EXPECT_EQ(report.plans, 2);            // forward, and the gradient
  EXPECT_EQ(report.gradients.calls, 4);  // x, w, v, all together
  EXPECT_TRUE(report.kernels.contains({"SwiGLU", "simd"}));
  EXPECT_TRUE(report.kernels.contains({"SwiGLUGrad", "simd"}));
  EXPECT_EQ(report.kernels.at({"SwiGLU", "simd"}).values, 5 * 12);
}

TEST(CheckTrialTest, AWrongKernelIsNamed) {
  const FlippingTarget target("SwiGLU");
  const VerifyReport report = CheckTrial(FeedForward(), {.target = &target});
  ASSERT_EQ(report.findings.size(), 1U);
  const Finding& f = report.findings[0];
  EXPECT_EQ(f.check, CheckKind::kKernel);
  EXPECT_EQ(f.op, "SwiGLU");
  EXPECT_EQ(f.kernel, "simd");
  EXPECT_EQ(f.value, "y");
  EXPECT_EQ(f.index, (Shape{4, 11}));
  EXPECT_NEAR(f.got, -f.want, 1e-6);
  EXPECT_THAT(f.ToString(), HasSubstr("(simd): 'y'[4, 11] is "));
}

// A kernel may err by as much as its body does, and no more.
TEST(CheckTrialTest, AnErrorOfAFewRoundingsIsFound) {
  class Blurred final : public Target {
   public:
    explicit Blurred(float factor) : factor_(factor) {}
    std::string_view name() const override { return "blurred"; }
    StatusOr<std::string_view> KernelFor(const KernelNode& node) const override {
      return cpu_.KernelFor(node);
    }
    StatusOr<PreparedKernel> Prepare(const KernelNode& node) const override {
      WEFT_ASSIGN_OR_RETURN(PreparedKernel right, cpu_.Prepare(node));
      const int64_t n = node.outputs[0].num_elements();
      auto wrong = [kernel = std::shared_ptr<Kernel>(std::move(right.kernel)), n,
                    factor = factor_](const KernelArgs& args) {
        WEFT_RETURN_IF_ERROR(kernel->Run(args));
        for (int64_t i = 0; i < n; ++i) args.out<float>(0)[i] *= factor;
        return OkStatus();
      };
      return PreparedKernel{right.name, MakeKernel(std::move(wrong))};
    }
    int64_t LibraryBytes(int64_t) const override { return 0; }

   private:
    float factor_;
    CpuTarget cpu_;
  };
  const Trial trial = Parse(std::string(kHead) + "g (float[64] x) => (float[64] y) { y = Exp(x) }");
  const Blurred same(1), slightly(1 + 0x1p-19F);
  EXPECT_THAT(CheckTrial(trial, {.target = &same}).findings, IsEmpty());
  EXPECT_EQ(CheckTrial(trial, {.target = &slightly}).findings.size(), 1U);
}

TEST(CheckTrialTest, AWrongRuleIsNamed) {
  // a - b for a + b.
  const auto rewrite = [](Graph& graph) {
    RuleSet rules;
    Rule& r = rules.Add("wrong");
    const Pattern a = r.Any("a"), b = r.Any("b");
    r.Matches(Op<ops::AddOp>(a, b)).Becomes<ops::SubOp>({a, b});
    return Fuse(graph, rules.rules()).status();
  };
  const CpuTarget target;
  const Trial trial =
      Parse(std::string(kHead) +
            "g (float[3] x, float[3] u) => (float[3] y, float[3] z)\n"
            "{ a = Softmax(x) [\"sum/1\"] b = Add(a, u) c = Softmax(b) y = Softmax(c) z = Neg(x) }");
  EXPECT_THAT(CheckTrial(trial, {.target = &target}).findings, IsEmpty());
  const VerifyReport report = CheckTrial(trial, {.target = &target, .rewrite = rewrite});
  ASSERT_EQ(report.findings.size(), 1U);
  const Finding& f = report.findings[0];  // not of the output that it spoils, but where it began
  EXPECT_EQ(f.check, CheckKind::kRewrite);
  EXPECT_EQ(f.op, "Sub");
  EXPECT_EQ(f.scope, "sum");
  EXPECT_EQ(f.value, "b");
}

TEST(CheckTrialTest, FoldedConstantsAreWhatTheyWereFoldedFrom) {
  const CpuTarget target;
  const Trial trial =
      Parse(std::string(kHead) + "g (float[3] x) => (float[3] y) <float[3] c = {0.1, 0.7, 3.3}>\n" +
            "{ a = Exp(c) b = Tanh(a) d = Mul(b, x) y = Add(d, a) }");
  const VerifyReport report = CheckTrial(trial, {.target = &target});
  for (const Finding& f : report.findings) ADD_FAILURE() << f.ToString();
  EXPECT_FALSE(report.kernels.contains({"Exp", "simd"}));  // it was folded
}

TEST(CheckTrialTest, WhatDoesNotRunIsSaid) {
  const CpuTarget target;
  const Trial trial = Parse("# weft verify: input i given 9\n" + std::string(kHead) +
                            "g (float[3] x, int64[1] i) => (float[1] y) { y = Gather(x, i) }");
  const VerifyReport report = CheckTrial(trial, {.target = &target});
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].check, CheckKind::kCompile);
  EXPECT_THAT(report.findings[0].ToString(), HasSubstr("is 9, expected -3 to 2"));
}

// ---- the plan

TEST(CheckKernelsTest, AValueThatIsOverwrittenIsNamed) {
  const Trial trial =
      Parse(std::string(kHead) +
            "g (float[64] x) => (float[64] y) { a = Exp(x) b = Tanh(x) c = Sin(x) d = Mul(a, b)\n"
            "e = Mul(b, c) f = Mul(c, a) h = Mul(d, e) y = Mul(h, f) }");
  StatusOr<Program> program = CompileBound(trial.graph, CpuTarget());
  ASSERT_TRUE(program.ok()) << Message(program.status());
  const Feed feed = *MakeFeed(trial.graph, {});
  VerifyReport right, wrong;
  ASSERT_TRUE(CheckKernels(*program, feed, {}, &right).ok());
  EXPECT_THAT(right.findings, IsEmpty());
  for (Storage& s : program->storages) s.offset = 0;  // all at the beginning of the arena
  ASSERT_TRUE(CheckKernels(*program, feed, {}, &wrong).ok());
  ASSERT_EQ(wrong.findings.size(), 1U);
  EXPECT_EQ(wrong.findings[0].check, CheckKind::kPlan);
  EXPECT_THAT(wrong.findings[0].ToString(), HasSubstr("whose bytes are no longer what was written"));
}

// ---- gradients

TEST(CheckGradientsTest, AWrongGradientIsNamed) {
  const Trial trial = FeedForward();
  Graph forward = trial.graph;
  ASSERT_TRUE(Bind(forward, trial.bindings).ok());
  Graph gradient = *GradientGraph(forward, {"x", "w"});
  const Feed feed = *MakeFeed(gradient, trial.inputs);
  VerifyReport right, wrong;
  ASSERT_TRUE(CheckGradients(forward, gradient, {"x", "w"}, feed, &right).ok());
  EXPECT_THAT(right.findings, IsEmpty());
  Builder b(gradient);
  std::vector<ValueId> outputs = gradient.outputs();
  outputs[1] = ops::Neg(b.Wrap(outputs[1])).id;
  gradient.SetOutputs(outputs);
  ASSERT_TRUE(CheckGradients(forward, gradient, {"x", "w"}, feed, &wrong).ok());
  ASSERT_EQ(wrong.findings.size(), 1U);
  EXPECT_EQ(wrong.findings[0].value, "w.grad");
  EXPECT_NEAR(wrong.findings[0].got, -wrong.findings[0].want, 1e-4);
}

TEST(CheckGradientsTest, AKinkIsNoMistake) {
  const CpuTarget target;
  const Trial trial = Parse("# weft verify: input x given 0 1 -1\n# weft verify: differentiate x\n" +
                            std::string(kHead) + "g (float[3] x) => (float[3] y) { y = Relu(x) }");
  const VerifyReport report = CheckTrial(trial, {.target = &target});
  for (const Finding& f : report.findings) ADD_FAILURE() << f.ToString();
  EXPECT_EQ(report.kinks, 1);
}

// ---- comparison

TEST(CompareTest, NamesTheLargestError) {
  const Tensor want = Tensor::Of<double>({2, 2}, std::vector<double>{1, -4, NAN, INFINITY});
  const Tensor same = Tensor::Of<double>({2, 2}, std::vector<double>{1, -4, NAN, INFINITY});
  EXPECT_EQ(Compare(same, want).error, 0);
  EXPECT_EQ(Compare(same, want).magnitude, 4);
  const Tensor off = Tensor::Of<double>({2, 2}, std::vector<double>{1.25, -4.5, NAN, INFINITY});
  EXPECT_EQ(Compare(off, want).error, 0.5);
  EXPECT_EQ(Coordinates({2, 2}, Compare(off, want).index), (Shape{0, 1}));
  const Tensor number = Tensor::Of<double>({2, 2}, std::vector<double>{1, -4, 0, INFINITY});
  EXPECT_TRUE(std::isinf(Compare(number, want).error));
  EXPECT_TRUE(std::isinf(Compare(want, number).error));
  // What f32 cannot hold.
  const Tensor large = Tensor::Of<double>({1}, std::vector<double>{1e39});
  EXPECT_EQ(Compare(Tensor::Of<float>({1}, std::vector<float>{INFINITY}), large).error, 0);
  EXPECT_TRUE(std::isinf(Compare(Tensor::Of<float>({1}, std::vector<float>{-INFINITY}), large).error));
}

}  // namespace
}  // namespace weft
