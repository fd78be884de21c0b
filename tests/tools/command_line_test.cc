// The command as a newcomer meets it: help, slips of the keyboard, things that are not there, outputs that
// end.
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/safetensors.h"
#include "tests/base/temporary_directory.h"
#include "tests/command/weft_process.h"

namespace weft::test {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

std::string Joined(const Words& words) { return "weft " + fmt::format("{}", fmt::join(words, " ")); }
int64_t Lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

// The names under "Subcommands:" in a help text.
Words SubcommandsIn(const std::string& help) {
  Words names;
  size_t at = help.find("Subcommands:\n");
  if (at == std::string::npos) return names;
  for (at = help.find('\n', at) + 1; help.compare(at, 2, "  ") == 0; at = help.find('\n', at) + 1) {
    const size_t end = help.find_first_of(" \n", at + 2);
    if (end > at + 2) names.push_back(help.substr(at + 2, end - at - 2));
  }
  return names;
}

// The help of a command and of all below it; how many there were.
int CheckHelp(const Words& command) {
  SCOPED_TRACE(Joined(command));
  Words words = command;
  words.emplace_back("--help");
  const Outcome help = RunWeft(words);
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.err, IsEmpty());
  EXPECT_THAT(help.out, HasSubstr("Usage: " + (command.empty() ? "weft" : Joined(command))));
  int commands = 1;
  for (const std::string& name : SubcommandsIn(help.out)) {
    words = command;
    words.push_back(name);
    commands += CheckHelp(words);
  }
  return commands;
}

TEST(CommandLineTest, EveryCommandHasHelp) { EXPECT_GT(CheckHelp({}), 19); }

TEST(CommandLineTest, HelpShowsDefaults) {
  EXPECT_THAT(RunWeft({"train", "--help"}).out,
              AllOf(HasSubstr("--lr FLOAT=0.001 "), HasSubstr("--steps INT=1000 ")));
  EXPECT_THAT(RunWeft({"graph", "memory", "--help"}).out, HasSubstr("{train,eval,prefill,decode}=train"));
  EXPECT_THAT(RunWeft({"generate", "--help"}).out, HasSubstr("=1 "));
}

TEST(CommandLineTest, SlipsGetASuggestion) {
  const struct {
    Words words;
    std::string error;
  } slips[] = {
      {{}, "weft: a command is missing: train, "},
      {{"trian"}, "weft: unknown command 'trian'; did you mean 'train'?"},
      {{"--hepl"}, "weft: unknown flag '--hepl'; did you mean '--help'?"},
      {{"train", "--stpes", "5"}, "weft train: unknown flag '--stpes'; did you mean '--steps'?"},
      {{"train", "--lr=1", "--lrr=2"}, "weft train: unknown flag '--lrr=2'; did you mean '--lr'?"},
      {{"train"}, "weft train: give either --text FILE... or --data DIRECTORY"},
      {{"train", "--dry-run", "--steps", "abc"}, "weft train: --steps: expected a whole number, got 'abc'"},
      {{"train", "--dry-run", "--preset", "tinny"}, "there is no preset 'tinny'; did you mean 'tiny'?"},
      {{"generate", "--mdoel", "x"}, "weft generate: unknown flag '--mdoel'; did you mean '--model'?"},
      {{"graph"}, "weft graph: a command is missing: dump, stats, memory"},
      {{"graph", "dmup"}, "weft graph: unknown command 'dmup'; did you mean 'dump'?"},
      {{"graph", "dump"},
       "weft graph dump: give either --preset NAME or --model DIRECTORY, or a graph's FILE"},
      {{"graph", "diff", "x"}, "weft graph diff: B is required"},
      {{"graph", "dump", "--preset", "tinny"},
       "there is no preset 'tinny'; did you mean 'tiny'? (the presets are tiny, "},
      {{"graph", "memory", "--preset", "tiny", "--program", "trian"},
       "trian not in {train,eval,prefill,decode}"},
      {{"opt"}, "weft opt: FILE is required"},
      {{"opt", "x", "--passes", "verfy"}, "weft opt: there is no pass 'verfy'; did you mean 'verify'?"},
      {{"opt", "x", "--print-after", "bnid"}, "there is no pass 'bnid'; did you mean 'bind'?"},
      {{"opt", "x", "--bind", "batch"}, "--bind takes name=number, got 'batch'"},
      {{"run"}, "weft run: graph is required"},
      {{"run", "x", "--bind", "n=two"}, "--bind n=two: expected NAME=NUMBER"},
      {{"inspect", "a", "b"}, "weft inspect: unknown argument 'b'"},
      {{"tokenizer", "encode", "x"}, "no tokenizer: give --tokenizer, or --vocab and --merges"},
      {{"generate", "--model", "x", "--top-p", "2"}, "--top-p is 2, expected above 0, at most 1"},
      {{"data", "stories", "--count", "many"}, "--count"},
  };
  for (const auto& slip : slips) {
    SCOPED_TRACE(Joined(slip.words));
    const Outcome outcome = RunWeft(slip.words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, AllOf(StartsWith("weft"), HasSubstr(slip.error), EndsWith(" --help'.\n")));
    EXPECT_EQ(Lines(outcome.err), 2) << outcome.err;
  }
}

// Exit 1, and one line that begins with the reason (errors in a text show the place on two more).
void ExpectFailure(const Words& words, const std::string& reason, int lines = 1) {
  SCOPED_TRACE(Joined(words));
  const Outcome outcome = RunWeft(words);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, AllOf(StartsWith("weft: "), HasSubstr(reason)));
  EXPECT_EQ(Lines(outcome.err), lines) << outcome.err;
  EXPECT_LT(outcome.err.size(), 600U) << outcome.err;
}

TEST(CommandLineTest, WhatIsNotThereIsNamed) {
  const TemporaryDirectory directory;
  const std::string none = directory / "none";
  ExpectFailure({"train", "--text", none, "--out", directory / "run"}, none);
  ExpectFailure({"train", "--resume", none}, none);
  ExpectFailure({"train", "--config", none, "--dry-run"}, none);
  ExpectFailure({"train", "--data", none, "--out", directory / "run"}, none);
  ExpectFailure({"generate", "--model", none}, none);
  ExpectFailure({"generate", "--model", directory.path()}, "neither a model directory");
  ExpectFailure({"eval", "--model", none, "--text", none}, none);
  ExpectFailure({"opt", none}, none);
  ExpectFailure({"opt", directory.path()}, "is a directory");
  ExpectFailure({"run", none}, none);
  ExpectFailure({"inspect", none}, none);
  ExpectFailure({"inspect", directory.path()}, directory.path());
  ExpectFailure({"data", "inspect", none}, none);
  ExpectFailure({"data", "inspect", directory.path()}, "holds no token shards");
  ExpectFailure({"data", "prepare", "--input", none, "--output", directory / "data", "--tokenizer", "bytes"},
                none);
  ExpectFailure(
      {"tokenizer", "train", "--input", none, "--output", directory / "t.json", "--vocab-size", "300"}, none);
  ExpectFailure({"tokenizer", "encode", "--tokenizer", none, none}, none);
  ExpectFailure({"tokenizer", "encode", "--tokenizer", "bytes", none}, none);
  ExpectFailure({"graph", "dump", "--model", none}, none);
  EXPECT_FALSE(Exists(directory / "run/run.json"));
}

TEST(CommandLineTest, WhatDoesNotGoTogetherIsSaid) {
  ExpectFailure({"train", "--d-model", "130", "--num-heads", "4", "--dry-run"},
                "--d-model 130 is not divisible by --num-heads 4");
  ExpectFailure({"graph", "memory", "--preset", "tiny", "--vocab-size", "-5"}, "-5");
  ExpectFailure({"graph", "memory", "--preset", "tiny", "--batch-size", "100000000000"}, "100000000000");
  ExpectFailure(
      {"tokenizer", "train", "--input", WEFT_BINARY, "--output", "/dev/null", "--vocab-size", "100"},
      "vocabulary of 100 tokens, expected at least 257");
  ExpectFailure({"tokenizer", "train", "--input", WEFT_BINARY, "--output", "/dev/null", "--vocab-size", "300",
                 "--pattern", "("},
                "pattern '(' does not compile");
}

// ---- graph text

class GraphTextTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, std::string_view text) {
    const std::string path = directory_ / name;
    EXPECT_TRUE(WriteFileAtomically(path, text).ok());
    return path;
  }
  // Both commands that read graph text refuse it.
  void ExpectRefused(std::string_view graph, const std::string& reason) {
    const std::string path = Write(
        "bad.onnxtxt", fmt::format("<ir_version: 10, opset_import: [\"\": 24, \"weft\": 1]>\n{}\n", graph));
    ExpectFailure({"opt", path}, reason, 3);
    ExpectFailure({"run", path}, reason, 3);
  }
  std::string WriteTensors(const std::string& name, const std::vector<NamedTensor>& tensors) {
    const std::string path = directory_ / name;
    EXPECT_TRUE(WriteSafetensors(path, tensors).ok());
    return path;
  }
  TemporaryDirectory directory_;
};

TEST_F(GraphTextTest, MistakesAreNamedWithTheirPlace) {
  ExpectRefused("g (float[2] x) => (y)\n{ y = Negg(x) }",
                "line 3, column 7: operator 'Negg' is unknown; did you mean 'Neg'?");
  ExpectRefused("g (float[2] x, int64[2] i) => (y)\n{ y = Add(x, i) }", "Add");
  ExpectRefused("g (float[2] x, float[3] z) => (y)\n{ y = Add(x, z) }", "[3]");
  ExpectRefused("g (float[2] x) => (y) { a = Neg(b) b = Neg(a) y = Neg(b) }", "'b'");
  ExpectRefused("g (float[2] x) => (y) { y = Neg(y) }", "'y'");
  ExpectRefused("g (float[2] x) => (z) { y = Neg(x) }", "'z'");
  ExpectRefused("g (float[2] x) => (y) { y = Neg(x) y = Neg(x) }", "'y'");
  ExpectRefused("g (flaot[2] x) => (y) { y = Neg(x) }", "line 2, column 9: expected ')'");
  ExpectRefused("g (float[2] x) => (y) { y = Neg(x)", "expected '}'");
  ExpectFailure({"opt", Write("empty", "")}, "expected a graph's name", 3);
  ExpectFailure({"opt", Write("binary", std::string("\x7f\x45LF\0\1\n\xff", 8))}, "line 1, column 1", 3);
}

TEST_F(GraphTextTest, PassesAreListedRunAndShown) {
  const Outcome list = RunWeft({"opt", "--list-passes"});
  EXPECT_EQ(list.code, 0);
  EXPECT_THAT(list.out, AllOf(HasSubstr("bind "), HasSubstr("dead_code "), HasSubstr("fold_constants ")));
  const std::string graph = Write("g.onnxtxt",
                                  "<ir_version: 10, opset_import: [\"\": 24, \"weft\": 1]>\n"
                                  "g (float[n] x) => (y) { dead = Exp(x) y = Neg(x) }\n");
  const Outcome whole = RunWeft({"opt", graph, "--passes", "bind,dead_code", "--bind", "n=3"});
  EXPECT_EQ(whole.code, 0) << whole.err;
  EXPECT_THAT(whole.out, AllOf(HasSubstr("float[3] x"), Not(HasSubstr("Exp"))));
  const Outcome shown = RunWeft({"opt", graph, "--passes", "bind,dead_code", "--bind", "n=3",
                                 "--print-before", "dead_code", "--print-after", "all"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(StartsWith("# after bind\n"), HasSubstr("# before dead_code\n"),
                               HasSubstr("# after dead_code\n")));
  // The text that comes out goes in again.
  const Outcome again = RunWeft({"opt", Write("again.onnxtxt", whole.out)});
  EXPECT_EQ(again.out, whole.out);
  EXPECT_EQ(RunWeft({"opt", "-"}, {.in = graph}).code, 0);
}

TEST_F(GraphTextTest, RunTakesItsInputsByNameAndType) {
  const std::string graph = Write("g.onnxtxt",
                                  "<ir_version: 10, opset_import: [\"\": 24]>\n"
                                  "g (float[2] x) => (y) { y = Neg(x) }\n");
  const std::vector<float> two = {1, 2}, three = {1, 2, 3};
  const std::vector<int64_t> integers = {1, 2};
  const std::string good = WriteTensors("good.safetensors", {{"x", Tensor::Of<float>({2}, std::span(two))}});
  ExpectFailure({"run", graph}, "there is no tensor 'x': give a file with --input");
  ExpectFailure({"run", graph, "--input",
                 WriteTensors("name.safetensors", {{"z", Tensor::Of<float>({2}, std::span(two))}})},
                "'x'");
  ExpectFailure({"run", graph, "--input",
                 WriteTensors("shape.safetensors", {{"x", Tensor::Of<float>({3}, std::span(three))}})},
                "input 'x' of program 'run' is f32[3], expected f32[2]");
  ExpectFailure({"run", graph, "--input",
                 WriteTensors("type.safetensors", {{"x", Tensor::Of<int64_t>({2}, std::span(integers))}})},
                "input 'x' of program 'run' is i64[2], expected f32[2]");
  ExpectFailure({"run", graph, "--input", graph}, "not a safetensors file");
  ExpectFailure({"run", graph, "--input", good, "--output", directory_ / "no/where.safetensors"},
                "no/where.safetensors");
  ExpectFailure({"run", graph, "--input", good, "--output", "/dev/full"}, "/dev/full");
  const Outcome ran = RunWeft({"run", graph, "--input", good});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "y f32[2]: -1 -2\n");
  const std::string output = directory_ / "out.safetensors";
  EXPECT_EQ(RunWeft({"run", graph, "--input", good, "--output", output}).code, 0);
  EXPECT_THAT(RunWeft({"inspect", output}).out, HasSubstr("y  f32   [2]"));
}

// ---- graphs in files

constexpr std::string_view kGraph =
    "<ir_version: 10, opset_import: [\"\": 24, \"weft\": 1]>\n"
    "g (float[n] x) => (y)\n<float[1] two = {2}>\n{ [\"mlp/0\"] t = Neg(x) y = Mul(t, two) }\n";

class GraphFileTest : public GraphTextTest {
 protected:
  std::string Converted(const std::string& from, const std::string& name) {
    const Outcome outcome = RunWeft({"graph", "dump", from, "-o", directory_ / name});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, IsEmpty());
    return directory_ / name;
  }
  const std::string text_ = Write("g.onnxtxt", kGraph);
  const std::string file_ = Converted(text_, "g.weft");
};

TEST_F(GraphFileTest, TextAndFileAreTheSameGraph) {
  EXPECT_EQ(RunWeft({"graph", "diff", text_, file_}).out, "the same graph: 2 nodes\n");
  const std::string back = Converted(file_, "back.onnxtxt");
  EXPECT_EQ(*ReadFile(back), RunWeft({"opt", text_}).out);
  EXPECT_EQ(*ReadFile(Converted(back, "again.weft")), *ReadFile(file_));
  EXPECT_EQ(RunWeft({"graph", "dump", "-"}, {.in = file_}).out, *ReadFile(back));
}

TEST_F(GraphFileTest, EveryCommandTakesBoth) {
  const std::vector<float> two = {1, 2};
  const std::string input = WriteTensors("x.safetensors", {{"x", Tensor::Of<float>({2}, std::span(two))}});
  const Words commands[] = {{"opt", "", "--passes", "bind,canonicalize", "--bind", "n=2"},
                            {"run", "", "--input", input},
                            {"graph", "dump", "", "--bind", "n=4", "--offsets"},
                            {"graph", "stats", "", "--bind", "n=4"},
                            {"graph", "memory", "--bind", "n=4", "", "--json"}};
  for (const Words& words : commands) {
    std::vector<std::string> outputs;
    for (const std::string& path : {text_, file_}) {
      Words with = words;
      std::replace(with.begin(), with.end(), std::string(), path);
      SCOPED_TRACE(Joined(with));
      const Outcome outcome = RunWeft(with);
      EXPECT_EQ(outcome.code, 0) << outcome.err;
      outputs.push_back(outcome.out);
    }
    EXPECT_FALSE(outputs[0].empty());
    EXPECT_EQ(outputs[0], outputs[1]);
  }
  EXPECT_EQ(RunWeft({"run", file_, "--input", input}).out, "y f32[2]: -2 -4\n");
  const std::string bound = directory_ / "bound.weft";
  EXPECT_EQ(RunWeft({"opt", file_, "--passes", "bind", "--bind", "n=2", "-o", bound}).code, 0);
  EXPECT_THAT(RunWeft({"inspect", bound}).out, AllOf(HasSubstr("weft's file form, version 1"),
                                                     HasSubstr("graph g: 2 nodes"), HasSubstr("x  f32[2]")));
  EXPECT_THAT(RunWeft({"inspect", text_, "--json"}).out, AllOf(HasSubstr("\"Neg\": 1"), HasSubstr("\"n\"")));
}

TEST_F(GraphFileTest, DiffTellsByItsExitCode) {
  const std::string other = directory_ / "other.weft";
  EXPECT_EQ(RunWeft({"opt", file_, "--passes", "bind,identities", "--bind", "n=2", "-o", other}).code, 0);
  const Outcome text = RunWeft({"graph", "diff", file_, other});
  EXPECT_EQ(text.code, 1);
  EXPECT_THAT(text.err, IsEmpty());
  EXPECT_THAT(text.out, AllOf(HasSubstr("~ input x: type: f32[n] -> f32[2]\n"), HasSubstr("mlp\n  ~ t: ")));
  const Outcome json = RunWeft({"graph", "diff", file_, other, "--json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_THAT(json.out, AllOf(HasSubstr("\"same\": false"), HasSubstr("\"scope\": \"mlp\"")));
  const Outcome same = RunWeft({"graph", "diff", file_, file_, "--json"});
  EXPECT_EQ(same.code, 0);
  EXPECT_THAT(same.out, AllOf(HasSubstr("\"same\": true"), HasSubstr("\"added\": []")));
  ExpectFailure({"graph", "diff", file_, directory_ / "none"}, "none");
  EXPECT_EQ(RunWeft({"graph", "diff", file_, other}, {.out = "/dev/full"}).err,
            "weft: cannot write to standard output: No space left on device\n");
}

TEST_F(GraphFileTest, WhatIsWrongIsSaid) {
  std::string bytes = *ReadFile(file_);
  const std::string cut = Write("cut.weft", std::string_view(bytes).substr(0, 200));
  for (const Words& words :
       {Words{"opt", cut}, Words{"run", cut}, Words{"graph", "stats", cut}, Words{"inspect", cut}}) {
    ExpectFailure(words, cut + ": damaged, or cut short: its hash is not that of its 200 bytes");
  }
  ExpectFailure({"opt", Write("text.weft", kGraph)}, "text.weft: not a graph in weft's file form");
  ExpectFailure({"opt", Write("unnamed", std::string_view(bytes).substr(0, 200))}, "damaged, or cut short");
  const std::string out = directory_ / "no/where.weft";
  ExpectFailure({"opt", file_, "-o", out}, out);
  EXPECT_THAT(RunWeft({"graph", "stats", file_, "--preset", "tiny"}).err, HasSubstr("not both"));
  EXPECT_THAT(RunWeft({"graph", "dump", file_, "--bind", "n=2", "--offsets", "-o", out}).err,
              HasSubstr("--offsets are comments"));
  ExpectFailure({"graph", "stats", file_}, "n");  // not bound
}

TEST_F(GraphFileTest, LargeConstantsLieBesideIt) {
  std::string values;
  for (int i = 0; i < 2000; ++i) values += fmt::format("{}{}", i > 0 ? ", " : "", i % 10);
  const std::string text =
      Write("c.onnxtxt",
            fmt::format("<opset_import: [\"\": 24]>\ng (float[2000] x) => (y)\n<float[2000] c = {{{}}}>\n"
                        "{{ y = Add(x, c) }}\n",
                        values));
  const std::string file = Converted(text, "c.weft");
  EXPECT_LT(ReadFile(file)->size(), 1000U);
  EXPECT_EQ(RunWeft({"graph", "diff", text, file}).code, 0);
  EXPECT_THAT(RunWeft({"inspect", file + ".safetensors"}).out, HasSubstr("c  f32   [2000]"));
  EXPECT_TRUE(RemoveAll(file + ".safetensors").ok());
  ExpectFailure({"opt", file}, "constant 'c'");
}

// ---- files that lie

TEST(CommandLineTest, FilesThatLieAreRefused) {
  const TemporaryDirectory directory;
  const auto write = [&](const std::string& name, std::string_view bytes) {
    EXPECT_TRUE(WriteFileAtomically(directory / name, bytes).ok());
    return directory / name;
  };
  ExpectFailure({"inspect", write("short.safetensors", "abc")}, "3 bytes, expected at least 8");
  ExpectFailure({"inspect", write("lies.safetensors", std::string("\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10))},
                "not a safetensors file");
  ExpectFailure({"inspect", write("short.bin", "abc")}, "short.bin");
  ExpectFailure({"inspect", write("zeros.bin", std::string(2048, '\0'))}, "zeros.bin");
  ExpectFailure({"data", "inspect", write("train-00000.bin", std::string(1100, 'x'))}, "train-00000.bin");
  ExpectFailure({"inspect", write("what.txt", "hello")}, "is not a safetensors file");
  for (const char* text : {"", "{", "[]", "{\"model\": 5}",
                           "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}"}) {
    SCOPED_TRACE(text);
    ExpectFailure({"tokenizer", "encode", "--tokenizer", write("tokenizer.json", text), write("text", "a")},
                  "tokenizer.json");
  }
  ASSERT_TRUE(CreateDirectories(directory / "model").ok());
  write("model/config.json", "{\"model_type\": \"llama\", \"hidden_size\": 1e99}");
  ExpectFailure({"inspect", directory / "model"}, "config.json");
  ExpectFailure({"generate", "--model", directory / "model"}, "config.json");
  ASSERT_TRUE(CreateDirectories(directory / "run").ok());
  write("run/run.json", "{\"settings\": 5}");
  ExpectFailure({"train", "--resume", directory / "run"}, "run.json");
}

// ---- outputs that end

TEST(CommandLineTest, AnOutputThatEndsIsAnErrorAndNotACrash) {
  const Words commands[] = {{"--help"},
                            {"opt", "--list-passes"},
                            {"graph", "dump", "--preset", "tiny"},
                            {"data", "stories", "--count", "50"},
                            {"train", "--preset", "tiny", "--vocab-size", "300", "--dry-run"},
                            {"tokenizer", "encode", "--tokenizer", "bytes", WEFT_SOURCE_DIR "/README.md"}};
  for (const Words& words : commands) {
    SCOPED_TRACE(Joined(words));
    const struct {
      ProcessOptions options;
      std::string error;
    } ends[] = {{{.out = "/dev/full"}, "No space left on device"},
                {{.close_out = true}, "Bad file descriptor"},
                {{.broken_pipe = true}, "Broken pipe"}};
    for (const auto& end : ends) {
      const Outcome outcome = RunWeft(words, end.options);
      EXPECT_EQ(outcome.code, 1);
      EXPECT_EQ(outcome.err, "weft: cannot write to standard output: " + end.error + "\n");
    }
  }
}

}  // namespace
}  // namespace weft::test
