// A tensor dimension: a polynomial with whole coefficients over symbols, in one normal form, so that equal
// looks equal: 128, batch*seq, seq + 1. Symbols live in model graphs; `bind` gives each a number.
// Coefficients saturate at +-(2^63 - 1): what comes out of such a sum is far too large for any tensor, and
// refused there.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

class Dim {
 public:
  Dim(int64_t value = 0) : value_(value) {}  // NOLINT: implicit, so that shapes read {8, seq, 64}
  // A symbol; its name is an identifier [A-Za-z_][A-Za-z0-9_]*.
  static Dim Symbol(std::string_view name);
  // Reads "128", "batch", "batch*seq+1" (integers, names, + - *). Errors say what was met.
  static StatusOr<Dim> Parse(std::string_view text);

  bool is_constant() const { return terms_ == nullptr; }
  int64_t value() const;  // CHECKs is_constant()
  std::string ToString() const;

  Dim operator+(const Dim& other) const;
  Dim operator-(const Dim& other) const;
  Dim operator*(const Dim& other) const;
  // The polynomial q with q * divisor == *this, if there is one (divisor a constant or a single term).
  std::optional<Dim> DividedBy(const Dim& divisor) const;
  bool operator==(const Dim& other) const;
  bool operator!=(const Dim& other) const { return !(*this == other); }

  // Replaces each symbol that `values` holds.
  Dim Substitute(const std::map<std::string, int64_t>& values) const;
  // The sum's terms, by degree (highest first), then names: 3*batch*seq is {3, {batch, seq}}, 1 is {1, {}}.
  struct Term {
    std::vector<std::string> symbols;  // sorted, repeated for powers; empty for the constant term
    int64_t coefficient;
    bool operator==(const Term&) const = default;
  };
  std::vector<Term> Terms() const { return AsTerms(); }  // none for 0
  size_t num_terms() const { return terms_ ? terms_->size() : value_ != 0; }
  size_t degree() const { return terms_ ? terms_->front().symbols.size() : 0; }
  void CollectSymbols(std::vector<std::string>* names) const;  // appended in order of appearance, no repeats

 private:
  using TermList = std::vector<Term>;  // in normal form: no zero coefficient
  static Dim FromTerms(TermList terms);
  TermList AsTerms() const;

  int64_t value_ = 0;
  std::shared_ptr<const TermList> terms_;  // null for a constant
};

using Dims = std::vector<Dim>;
std::string ToString(const Dims& dims);  // "[batch, seq, 512]"
Dim Product(const Dims& dims);           // 1 for a scalar
bool IsConstant(const Dims& dims);
std::vector<int64_t> ToShape(const Dims& dims);  // CHECKs that all are constant
Dims ToDims(const std::vector<int64_t>& shape);

}  // namespace weft
