// How a parameter begins: a small graph from `seed` to its first value, run once by the `init` program.
#pragma once
#include <memory>
#include <string_view>

#include "ir/graph.h"

namespace weft {

struct Initializer {
  enum Kind : uint8_t { kConstant, kNormal, kTruncatedNormal, kUniform };
  Kind kind = kConstant;
  float a = 0;  // constant: the value; normal: the mean; uniform: the lower bound
  float b = 0;  // normal: the standard deviation; uniform: the upper bound

  static Initializer Zeros() { return {}; }
  static Initializer Ones() { return Constant(1); }
  static Initializer Constant(float value) { return {kConstant, value, 0}; }
  static Initializer Normal(float mean, float deviation) { return {kNormal, mean, deviation}; }
  // Mean 0, cut at 3 standard deviations.
  static Initializer TruncatedNormal(float deviation) { return {kTruncatedNormal, 0, deviation}; }
  static Initializer Uniform(float low, float high) { return {kUniform, low, high}; }
};

// The graph with input `seed` (i64 []) and one output of that type. The stream of random numbers is a hash of
// `name`, so that a parameter begins with the same values whatever else the model has. An error where the
// type has no such values (random integers).
StatusOr<std::shared_ptr<const Graph>> InitGraph(const Initializer& init, std::string_view name,
                                                 const TensorType& type);

}  // namespace weft
