// How --help shows a flag: CLI11's layout, without what only CLI11 needs to know.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace weft {

class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(34); }
  // "--tie-embeddings", not "--tie-embeddings{true}".
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    const std::string name = CLI::Formatter::make_option_name(option, is_positional);
    return name.substr(0, name.find('{'));
  }
  // A list that is empty by default has no default worth showing.
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text = CLI::Formatter::make_option_opts(option);
    if (const size_t at = text.find("=[]"); at != std::string::npos) text.erase(at, 3);
    return text;
  }
};

}  // namespace weft
