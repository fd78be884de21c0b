// A run's metrics.jsonl as curves: what `weft train` wrote a line a step for, in a few hundred points however
// long the run was.
//
//   steps, tokens, seconds   of the last line; seconds: the sum of the steps' own time
//   last                     its numbers
//   points                   a row for each bucket of neighbouring steps: its last step and tokens; loss
//   (mean, least,
//                            most), lr (last), grad_norm (mean, most), tok_s (tokens over time), memory
//                            (most)
//   evaluations, best        of the held-out text, and the one of the smallest loss
//   floor_loss               nats a token that the held-out text has by its own grammar, where it is known
//   unreadable_lines         lines that are no metrics: a line cut short, text of another kind
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/status.h"

namespace weft {

inline constexpr int kMostPoints = 600;       // of points: from half of it to all, in a long run
inline constexpr int kMostEvaluations = 600;  // thinned out beyond

// The text of the file. Numbers that are missing, null, of another type or not finite are null in the result.
nlohmann::json MetricsJson(std::string_view text);
// Of a file; one that is not there has no lines. Errors: it cannot be read.
StatusOr<nlohmann::json> ReadMetrics(const std::string& path);

}  // namespace weft
