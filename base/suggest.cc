#include "base/suggest.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace weft {
namespace {

constexpr size_t kLongestWord = 200;

char Fold(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '_' ? '-' : c;
}

}  // namespace

int EditDistance(std::string_view a, std::string_view b, int limit) {
  const int n = static_cast<int>(a.size());
  const int m = static_cast<int>(b.size());
  if (std::abs(n - m) > limit) return limit + 1;
  // Row i holds the distances between a[0, i) and every prefix of b.
  std::vector<int> two_before(m + 1), before(m + 1), row(m + 1);
  for (int j = 0; j <= m; ++j) row[j] = j;
  for (int i = 1; i <= n; ++i) {
    two_before.swap(before);
    before.swap(row);
    row[0] = i;
    int smallest = i;
    for (int j = 1; j <= m; ++j) {
      const bool same = Fold(a[i - 1]) == Fold(b[j - 1]);
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && Fold(a[i - 1]) == Fold(b[j - 2]) && Fold(a[i - 2]) == Fold(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], two_before[j - 2] + 1);
      smallest = std::min(smallest, row[j]);
    }
    if (smallest > limit + 1) return limit + 1;  // a swap may still save one
  }
  return std::min(row[m], limit + 1);
}

std::string_view ClosestMatch(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() > kLongestWord) return {};
  int limit = std::max(1, static_cast<int>(word.size()) / 3);
  std::string_view closest;
  for (const std::string_view candidate : candidates) {
    const int distance = EditDistance(word, candidate, limit);
    // Every letter replaced is not a likeness.
    if (distance > limit || distance >= static_cast<int>(std::max(word.size(), candidate.size()))) continue;
    closest = candidate;
    limit = distance - 1;
    if (limit < 0) break;
  }
  return closest;
}

std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view closest = ClosestMatch(word, candidates);
  return closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest);
}

std::string DidYouMean(std::string_view word, std::span<const std::string> candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  return DidYouMean(word, views);
}

}  // namespace weft
