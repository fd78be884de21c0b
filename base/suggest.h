// "Did you mean": the known name closest to an unknown one (flags, operators, passes, tensors, fields).
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace weft {

// Damerau-Levenshtein distance in its optimal-string-alignment form: insertions, deletions, substitutions and
// swaps of neighbours each cost 1, no part is edited twice. ASCII letters compare without case and '-' equals
// '_'. Stops at `limit`: anything above it is limit + 1. O(|a| |b|) time, three rows of memory.
int EditDistance(std::string_view a, std::string_view b, int limit);

// The closest candidate, the first of equally close ones; empty if the closest needs more edits than a third
// of the word's length (at least 1). Words over 200 bytes get no suggestion.
std::string_view ClosestMatch(std::string_view word, std::span<const std::string_view> candidates);

// "; did you mean 'NAME'?", or nothing when no candidate is close: appended to an error.
std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates);
std::string DidYouMean(std::string_view word, std::span<const std::string> candidates);

}  // namespace weft
