#include "tests/layers/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Layers, TheSourceTreeKeepsToTheTable) {
  const StatusOr<std::vector<std::string>> files = SourceFiles(WEFT_SOURCE_DIR);
  ASSERT_TRUE(files.ok()) << Message(files.status());
  EXPECT_GT(files->size(), 20U);
  std::string all;
  for (const std::string& file : *files) {
    const StatusOr<std::string> text = ReadFile(JoinPath(WEFT_SOURCE_DIR, file));
    ASSERT_TRUE(text.ok()) << Message(text.status());
    for (const std::string& line : BrokenIncludes(file, *text)) all += line + "\n";
  }
  EXPECT_EQ(all, "");
}

struct Pair {
  const char* file;
  const char* included;
};

TEST(Layers, WhatTheTableAllows) {
  for (const Pair& p : std::vector<Pair>{
           {"base/file.cc", "base/status.h"},
           {"ir/graph.cc", "base/status.h"},
           {"ir/graph.cc", "ir/dim.h"},
           {"ops/add/def.cc", "ops/reduce_sum/op.h"},
           {"ops/add/def.cc", "ops/common/broadcast.h"},
           {"ops/add/grad.cc", "ir/gradient.h"},
           {"ops/swiglu/fuse.cc", "ops/registry.h"},
           {"ops/add/cpu.cc", "ops/add/op.h"},
           {"ops/add/cpu_avx.cc", "ops/add/cpu_inner.h"},
           {"ops/add/cpu.cc", "ops/kernel.h"},
           {"ops/add/cpu.cc", "ops/common/cpu/binary.h"},
           {"ops/add/cuda.cu", "ops/common/cuda/launch.cuh"},
           {"ops/add/cuda.cu", "cuda_runtime.h"},
           {"ops/add/cases.cc", "ops/cases.h"},
           {"ops/kernel.cc", "ops/registry.h"},
           {"ops/common/cpu/binary.h", "ops/kernel.h"},
           {"ops/common/cuda/launch.cuh", "cublasLt.h"},
           {"compiler/passes/optimizer.cc", "ops/adam_w/op.h"},
           {"compiler/passes/optimizer.cc", "compiler/passes/differentiate.h"},
           {"compiler/passes/differentiate.cc", "ops/registry.h"},
           {"compiler/program.h", "ops/kernel.h"},
           {"compiler/compile.cc", "compiler/passes/passes.h"},
           {"runtime/train/programs.cc", "compiler/passes/loss.h"},
           {"runtime/executor/session.cc", "compiler/program.h"},
           {"runtime/executor/session.cc", "ops/kernel.h"},
           {"runtime/train/loop.cc", "compiler/compile.h"},
           {"runtime/train/loop.cc", "frontends/data/windows.h"},
           {"runtime/generate/stream.cc", "frontends/tokenizer/tokenizer.h"},
           {"runtime/serve/batch.cc", "runtime/generate/stream.h"},
           {"runtime/report/explain.cc", "compiler/report.h"},
           {"frontends/layers/linear.cc", "ops/product/op.h"},
           {"frontends/models/transformer.cc", "frontends/layers/linear.h"},
           {"tools/weft.cc", "runtime/train/loop.h"},
           {"tests/ops/kernel_test.cc", "ops/add/cpu_inner.h"},
           {"ops/add/cpu.cc", "hwy/highway.h"},
       }) {
    EXPECT_EQ(WhyNotInclude(p.file, p.included), "") << p.file << " includes " << p.included;
  }
}

TEST(Layers, WhatTheTableForbids) {
  for (const Pair& p : std::vector<Pair>{
           {"base/file.cc", "ir/graph.h"},
           {"ir/graph.cc", "ops/add/op.h"},
           {"ir/graph.cc", "compiler/program.h"},
           {"ops/add/def.cc", "ops/kernel.h"},
           {"ops/add/def.cc", "ops/common/cpu/binary.h"},
           {"ops/add/grad.cc", "ops/reduce_sum/reduce.h"},
           {"ops/add/def.cc", "ops/add/cpu_inner.h"},
           {"ops/add/def.cc", "compiler/program.h"},
           {"ops/add/cpu.cc", "ops/sub/op.h"},
           {"ops/add/cpu.cc", "ops/registry.h"},
           {"ops/add/cpu.cc", "ops/common/cuda/launch.cuh"},
           {"ops/add/cuda.cu", "ops/common/cpu/binary.h"},
           {"ops/add/cuda.cu", "ops/add/cpu_inner.h"},
           {"ops/add/cpu.cc", "cuda_runtime.h"},
           {"ops/add/cases.cc", "ops/kernel.h"},
           {"ops/kernel.cc", "ops/add/op.h"},
           {"ops/common/emit.h", "ops/kernel.h"},
           {"ops/common/cpu/binary.h", "ops/add/op.h"},
           {"compiler/passes/fuse.cc", "ops/kernel.h"},
           {"compiler/passes/fuse.cc", "ops/common/emit.h"},
           {"compiler/place.cc", "ops/add/op.h"},
           {"compiler/place.cc", "ops/operators.h"},
           {"compiler/place.cc", "runtime/executor/session.h"},
           {"compiler/place.cc", "frontends/layers/module.h"},
           {"runtime/executor/session.cc", "compiler/compile.h"},
           {"runtime/executor/session.cc", "compiler/passes/fuse.h"},
           {"runtime/executor/session.cc", "runtime/train/loop.h"},
           {"runtime/train/loop.cc", "frontends/layers/module.h"},
           {"runtime/train/loop.cc", "frontends/models/transformer.h"},
           {"runtime/train/loop.cc", "ops/add/op.h"},
           {"runtime/generate/stream.cc", "runtime/train/loop.h"},
           {"runtime/new_folder/x.cc", "compiler/compile.h"},
           {"runtime/report/explain.cc", "runtime/train/loop.h"},
           {"runtime/report/explain.cc", "frontends/data/windows.h"},
           {"frontends/layers/linear.cc", "compiler/compile.h"},
           {"frontends/layers/linear.cc", "runtime/executor/session.h"},
           {"frontends/layers/linear.cc", "ops/kernel.h"},
           {"frontends/layers/linear.cc", "tools/commands.h"},
           {"base/file.cc", "tests/base/temporary_directory.h"},
           {"tools/doctor.cc", "cuda_runtime.h"},
           {"tests/ops/kernel_test.cc", "cudnn.h"},
       }) {
    EXPECT_NE(WhyNotInclude(p.file, p.included), "") << p.file << " includes " << p.included;
  }
}

TEST(Layers, APlantedViolationIsCaughtWithItsLine) {
  const std::string text =
      "// Adds.\n#include <vector>\n  #  include \"compiler/program.h\"  // why not\n#include "
      "\"ir/graph.h\"\n"
      "#include <cuda_runtime.h>\nconst char* x = \"#include \\\"tools/x.h\\\"\";\n// #include \"tools/y.h\"";
  EXPECT_THAT(
      BrokenIncludes("ops/add/def.cc", text),
      ElementsAre("ops/add/def.cc:3: includes compiler/program.h: ops sees base and ir",
                  "ops/add/def.cc:5: includes cuda_runtime.h: only files named *cuda* or under a folder "
                  "cuda/ see a CUDA header"));
  EXPECT_THAT(BrokenIncludes("tools/x.cc", "#include \"ops/add/op.h\"\n"), IsEmpty());
  EXPECT_THAT(BrokenIncludes("base/x.cc", ""), IsEmpty());
  EXPECT_THAT(BrokenIncludes("base/x.cc", "#include <y.h>"), IsEmpty());
  EXPECT_THAT(BrokenIncludes("base/x.cc", "#include \"y.h\""),
              ElementsAre("base/x.cc:1: includes y.h: includes are written from the root"));
  EXPECT_THAT(BrokenIncludes("base/x.cc", "#include \"ir/graph.h"), IsEmpty());  // not an include
}

}  // namespace
}  // namespace weft
