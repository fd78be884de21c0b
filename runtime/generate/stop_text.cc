#include "runtime/generate/stop_text.h"

#include <algorithm>

#include "base/status.h"

namespace weft {

bool StopText::Append(std::string_view piece) {
  WEFT_CHECK(!stopped_);
  const size_t before = text_.size();
  text_ += piece;
  size_t end = std::string::npos;
  for (const std::string& stop : stops_) {
    if (stop.empty()) continue;
    const size_t from = before - std::min(before, stop.size() - 1);
    end = std::min(end, text_.find(stop, from));
  }
  stopped_ = end != std::string::npos;
  if (stopped_) text_.resize(end);
  return stopped_;
}

size_t StopText::HeldBack() const {
  size_t held = 0;
  for (const std::string& stop : stops_) {
    for (size_t n = std::min(text_.size(), stop.empty() ? 0 : stop.size() - 1); n > held; --n) {
      if (text_.ends_with(std::string_view(stop).substr(0, n))) held = n;
    }
  }
  return held;
}

std::string_view StopText::Take(bool last) {
  const size_t end = last || stopped_ ? text_.size() : text_.size() - HeldBack();
  const size_t begin = std::min(taken_, end);
  taken_ = end;
  return std::string_view(text_).substr(begin, end - begin);
}

}  // namespace weft
