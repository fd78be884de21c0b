// weft: one command for the whole life of a small language model.
// Exit codes: 0 done, 1 failed (one line on stderr), 2 wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <new>

#include "base/environment.h"
#include "base/interrupt.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/version.h"
#include "ops/instruction_sets.h"
#include "tools/commands.h"
#include "tools/help_formatter.h"
#include "tools/standard_streams.h"

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

// "flag", "command" or "argument".
std::string_view KindOf(const CLI::App* app, const std::string& word) {
  if (word.starts_with("-")) return "flag";
  return app->get_subcommands(nullptr).empty() ? "argument" : "command";
}

// What CLI11 says, or better where it stumbled over a word that it does not know.
std::string WhatIsWrong(const CLI::App* called, const CLI::ParseError& error) {
  const std::vector<std::string> rest = called->remaining();
  const std::vector<const CLI::App*> commands = called->get_subcommands(nullptr);
  if (!rest.empty()) {
    return fmt::format("unknown {} {}{}", KindOf(called, rest[0]), Quote(rest[0]),
                       Suggestion(called, rest[0]));
  }
  if (commands.empty() || error.get_name() != "RequiredError") return error.what();
  std::vector<std::string> names;
  for (const CLI::App* command : commands) names.push_back(command->get_name());
  return fmt::format("a command is missing: {}", fmt::join(names, ", "));
}

int ReportUsage(const CLI::App& app, const std::string& message) {
  const CLI::App* called = Called(&app);
  std::string path = called->get_name();
  for (const CLI::App* a = called->get_parent(); a != nullptr; a = a->get_parent())
    path = a->get_name() + " " + path;
  Say(fmt::format("{}: {}\nTry '{} --help'.\n", path, message, path));
  return 2;
}

// Runs the command; what it throws (only the standard library's own does) becomes a status.
Status Parse(CLI::App& app, int argc, char** argv, Status* result) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    app.exit(success);  // prints --help or --version
    return OkStatus();
  } catch (const CLI::ParseError& error) {
    return UsageError(InvalidArgument("{}", WhatIsWrong(Called(&app), error)));
  } catch (const std::bad_alloc&) {
    return ResourceExhausted("there is not enough memory");
  } catch (const std::system_error& error) {  // of fmt::print
    return ResourceExhausted("cannot write to standard output: {}", error.code().message());
  } catch (const std::exception& error) {
    return Internal("{}", error.what());
  }
  return *result;
}

int Main(int argc, char** argv) {
  PrepareStandardStreams();
  CLI::App app("weft: train and serve a language model from one graph.", "weft");
  app.require_subcommand(1);
  app.set_version_flag("--version", fmt::format("weft {}", kVersion));
  app.formatter(std::make_shared<HelpFormatter>());
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
  RegisterVerifyCommand(app, &result);
  RegisterQuantizeCommand(app, &result);
  RegisterInspectCommand(app, &result);
  RegisterBenchCommand(app, &result);
  RegisterDoctorCommand(app, &result);
  if (const std::optional<std::string> names = GetEnvironment("WEFT_CPU_TARGETS")) {
    if (const Status limit = LimitInstructionSets(*names); !limit.ok()) {
      Say(fmt::format("weft: WEFT_CPU_TARGETS: {}\n", Message(limit)));
      return 1;
    }
  }
  std::signal(SIGXFSZ, SIG_IGN);  // a file above `ulimit -f` is an error to tell, not a death
  const InterruptScope interrupts;
  Status status = Parse(app, argc, argv, &result);
  if (IsUsageError(status)) return ReportUsage(app, Message(status));
  if (const Status written = FlushStandardOutput(); status.ok() || (IsSilent(status) && !written.ok()))
    status = written;
  if (status.ok()) return 0;
  if (IsSilent(status)) return 1;
  Say(fmt::format("weft: {}\n", Message(status)));
  return 1;
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) { return weft::Main(argc, argv); }
