#include "frontends/tokenizer/pattern.h"

namespace weft {
namespace {

constexpr std::string_view kGpt2Regex =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr std::string_view kGpt4Regex =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+)"
    R"(|\s+(?!\S)|\s+)";

struct Spelling {
  std::string_view regex;
  NamedPattern pattern;
};
constexpr Spelling kSpellings[] = {
    {kGpt2Regex, {.gpt4 = false}},
    {R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", {.gpt4 = false}},
    {R"('(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s)", {.gpt4 = false}},
    {kGpt4Regex, {.gpt4 = true}},
    {R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n])"
     R"(|\s+(?!\S)|\s+)",
     {.gpt4 = true}},
    {R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$)"
     R"(|\s*[\r\n]|\s+(?!\S)|\s)",
     {.gpt4 = true, .whole_trailing_space = true}},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+)"
     R"(|\s+(?!\S)|\s+)",
     {.gpt4 = true, .max_digits = 1}},
};

}  // namespace

std::string_view PatternOfName(std::string_view name) {
  if (name == "gpt2") return kGpt2Regex;
  if (name == "gpt4") return kGpt4Regex;
  return {};
}

std::optional<NamedPattern> RecognizePattern(std::string_view regex) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.regex == regex) return spelling.pattern;
  }
  return std::nullopt;
}

}  // namespace weft
