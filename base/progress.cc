#include "base/progress.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/environment.h"
#include "base/human.h"
#include "base/quote.h"

namespace weft {
namespace {

constexpr double kRedrawSeconds = 0.1;

int StderrColumns() {
  if (!IsTerminal(STDERR_FILENO)) return 0;
  winsize size = {};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

// At most `columns` characters, taking each code point for one column.
std::string_view FirstColumns(std::string_view text, int columns) {
  size_t at = 0;
  for (int i = 0; i < columns && at < text.size(); ++i) at += std::max(1, Utf8Length(text.substr(at)));
  return text.substr(0, at);
}

}  // namespace

ProgressOutput ProgressOutput::Stderr() {
  return {
      .write =
          [](std::string_view text) {
            std::fwrite(text.data(), 1, text.size(), stderr);
            std::fflush(stderr);
          },
      .now =
          [] {
            return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
          },
      .columns = StderrColumns,
  };
}

Progress::Progress(Options options, ProgressOutput output)
    : options_(std::move(options)), output_(std::move(output)), start_(output_.now()) {
  const bool terminal = output_.columns() > 0;
  if (!terminal && options_.plain_interval <= 0) finished_ = true;  // nothing will ever be shown
  next_ = start_ + (terminal ? kRedrawSeconds : options_.plain_interval);
}

Progress::~Progress() { Finish(); }

void Progress::Update(int64_t done, std::string_view note) {
  if (finished_) return;
  done_ = done;
  const double now = output_.now();
  if (now < next_) {
    if (note != note_) note_ = note;
    return;
  }
  note_ = note;
  Draw(now);
}

std::string Progress::Line(double now) const {
  const auto shown = [&](double count) { return options_.bytes ? HumanBytes(count) : HumanCount(count); };
  const std::string unit = options_.unit.empty() ? "" : " " + options_.unit;
  const auto done = static_cast<double>(done_);
  const auto total = static_cast<double>(options_.total);
  const double elapsed = std::max(now - start_, 1e-9);
  const double rate = done / elapsed;
  std::string line = options_.label + "  ";
  if (options_.total > 0) {
    line += fmt::format("{:.0f}% | {} of {}{}", std::min(100.0, 100 * done / total), shown(done),
                        shown(total), unit);
  } else {
    line += shown(done) + unit;
  }
  line += fmt::format(" | {}{}/s", shown(rate), unit);
  if (options_.total > 0 && done > 0) {
    line += fmt::format(" | {} left", HumanDuration(std::max(0.0, total - done) / rate));
  } else {
    line += fmt::format(" | {}", HumanDuration(elapsed));
  }
  if (!note_.empty()) line += " | " + note_;
  return line;
}

void Progress::Draw(double now) {
  const int columns = output_.columns();
  if (columns > 0) {
    constexpr std::string_view kEraseToEnd = "\x1b[K";
    const std::string line = Line(now);
    output_.write(fmt::format("\r{}{}", FirstColumns(line, columns - 1), kEraseToEnd));
    drawn_ = true;
    next_ = now + kRedrawSeconds;
  } else {
    output_.write(Line(now) + "\n");
    next_ = now + options_.plain_interval;
  }
}

void Progress::Clear() {
  if (!drawn_) return;
  output_.write("\r\x1b[K");
  drawn_ = false;
}

void Progress::Finish() {
  if (finished_) return;
  finished_ = true;
  Clear();
  if (output_.columns() == 0 && done_ > 0) output_.write(Line(output_.now()) + "\n");
}

}  // namespace weft
