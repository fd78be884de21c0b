// The text of one sequence as it grows: finds stop strings, also those that span tokens, and says what may be
// shown already.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weft {

class StopText {
 public:
  explicit StopText(std::vector<std::string> stops) : stops_(std::move(stops)) {}

  // Appends; true if a stop string is now in the text, which then ends before it (the one that begins first).
  // Nothing may be appended after that.
  bool Append(std::string_view piece);
  const std::string& text() const { return text_; }
  // What has not been taken yet and can no longer become part of a stop string. `last`: all that is left.
  std::string_view Take(bool last);

 private:
  size_t HeldBack() const;  // bytes at the end that may begin a stop string

  std::vector<std::string> stops_;
  std::string text_;
  size_t taken_ = 0;
  bool stopped_ = false;
};

}  // namespace weft
