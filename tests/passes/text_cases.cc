#include "tests/passes/text_cases.h"

#include <ostream>

#include "base/file.h"

namespace weft::test {
namespace {

constexpr std::string_view kDirectory = WEFT_SOURCE_DIR "/tests/passes";

std::vector<std::string_view> Split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

template <class Number>
std::map<std::string, Number> Numbers(std::string_view text) {
  std::map<std::string, Number> numbers;
  for (std::string_view item : Split(text, ",")) {
    const size_t equals = item.find('=');
    WEFT_CHECK(equals != std::string_view::npos, "{}", text);
    numbers[std::string(item.substr(0, equals))] =
        static_cast<Number>(std::stod(std::string(item.substr(equals + 1))));
  }
  return numbers;
}

TextCase ReadCase(const std::string& file, std::string_view text) {
  TextCase c;
  c.file = file;
  const std::vector<std::string_view> halves = Split(text, "\n----\n");
  WEFT_CHECK(halves.size() == 2, "{}: a case needs one line '----':\n{}", file, text);
  c.expected = halves[1];
  for (std::string_view line : Split(halves[0], "\n")) {
    const auto value = [&](std::string_view key) {
      if (!line.starts_with(key)) return false;
      line.remove_prefix(key.size());
      return true;
    };
    if (!c.input.empty() || line.starts_with("#")) {
      c.input += std::string(line) + "\n";
    } else if (value("name: ")) {
      c.name = line;
    } else if (value("passes: ")) {
      c.passes = line;
    } else if (value("bind: ")) {
      c.bindings = Numbers<int64_t>(line);
    } else if (value("set: ")) {
      c.settings = Numbers<double>(line);
    } else if (value("keep_f32: ")) {
      c.keep_f32 = line;
    } else if (value("skip: numbers")) {
      c.numbers = false;
    } else if (!line.empty()) {
      c.input = std::string(line) + "\n";
    }
    if (c.input.starts_with("#")) c.input.clear();
  }
  WEFT_CHECK(!c.name.empty() && !c.passes.empty() && !c.input.empty(), "{}: an incomplete case:\n{}", file,
             text);
  return c;
}

}  // namespace

void PrintTo(const TextCase& c, std::ostream* os) { *os << c.file << " " << c.name; }

std::vector<TextCase> AllTextCases() {
  std::vector<TextCase> cases;
  const StatusOr<std::vector<std::string>> names = ListDirectory(std::string(kDirectory));
  WEFT_CHECK(names.ok(), "{}", Message(names.status()));
  for (const std::string& name : *names) {
    if (!name.ends_with(".txt") || name == "CMakeLists.txt") continue;
    const StatusOr<std::string> text = ReadFile(JoinPath(kDirectory, name));
    WEFT_CHECK(text.ok(), "{}", Message(text.status()));
    for (std::string_view part : Split(*text, "\n====\n")) {
      if (part.find_first_not_of(" \n") != std::string_view::npos) {
        cases.push_back(ReadCase(name.substr(0, name.size() - 4), part));
      }
    }
  }
  return cases;
}

}  // namespace weft::test
