// weft: one command for the whole life of a small language model.
// Exit codes: 0 done, 1 failed, 2 wrong usage.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/environment.h"
#include "base/interrupt.h"
#include "base/suggest.h"
#include "ops/common/cpu/instruction_sets.h"
#include "tools/commands.h"

namespace weft {
namespace {

// The deepest subcommand that was called.
const CLI::App* Called(const CLI::App* app) {
  for (const std::vector<CLI::App*>& called = app->get_subcommands(); !called.empty();)
    return Called(called.front());
  return app;
}

std::string Suggestion(const CLI::App* app, const std::string& word) {
  std::vector<std::string> names;
  if (word.starts_with("-")) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  } else {
    for (const CLI::App* sub : app->get_subcommands(nullptr)) names.push_back(sub->get_name());
  }
  return DidYouMean(word.substr(0, word.find('=')), names);
}

int UsageError(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* called = Called(&app);
  std::string message = error.what();
  if (const std::vector<std::string> rest = called->remaining(); !rest.empty()) {
    message = fmt::format("unknown {} '{}'{}", rest[0].starts_with("-") ? "flag" : "argument", rest[0],
                          Suggestion(called, rest[0]));
  } else if (const std::vector<std::string> top = app.remaining(); !top.empty()) {
    message = fmt::format("unknown command '{}'{}", top[0], Suggestion(&app, top[0]));
  }
  std::string path = called->get_name();
  for (const CLI::App* a = called->get_parent(); a != nullptr; a = a->get_parent())
    path = a->get_name() + " " + path;
  fmt::print(stderr, "{}: {}\nTry '{} --help'.\n", path, message, path);
  return 2;
}

// Large blocks come from the system and go back to it when they are freed. Left alone, glibc begins to keep
// blocks of the size of the largest one ever freed, and the resident memory of training stays that much above
// the plan.
void GiveLargeBlocksBack() {
  constexpr int kLarge = 4 << 20;
  mallopt(M_MMAP_THRESHOLD, kLarge);
  mallopt(M_TRIM_THRESHOLD, kLarge);
}

int Main(int argc, char** argv) {
  GiveLargeBlocksBack();
  CLI::App app("weft: train and serve a language model from one graph.", "weft");
  app.require_subcommand(1);
  app.set_version_flag("--version", "weft 0.1.0");
  app.get_formatter()->column_width(34);
  app.option_defaults()->always_capture_default();
  Status result;
  RegisterTrainCommand(app, &result);
  RegisterEvalCommand(app, &result);
  RegisterGenerateCommand(app, &result);
  RegisterTokenizerCommand(app, &result);
  RegisterDataCommand(app, &result);
  RegisterGraphCommand(app, &result);
  RegisterOptCommand(app, &result);
  RegisterRunCommand(app, &result);
  RegisterInspectCommand(app, &result);
  RegisterBenchCommand(app, &result);
  RegisterDoctorCommand(app, &result);
  if (const std::optional<std::string> names = GetEnvironment("WEFT_CPU_TARGETS")) {
    if (const Status limit = LimitInstructionSets(*names); !limit.ok()) {
      fmt::print(stderr, "weft: WEFT_CPU_TARGETS: {}\n", Message(limit));
      return 1;
    }
  }
  const InterruptScope interrupts;
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return UsageError(app, error);
  }
  if (result.ok()) return 0;
  fmt::print(stderr, "weft: {}\n", Message(result));
  return 1;
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) { return weft::Main(argc, argv); }
