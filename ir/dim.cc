#include "ir/dim.h"

#include <algorithm>
#include <cctype>
#include <limits>

namespace weft {

namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

int64_t Clamp(int64_t a) { return std::max(a, -kMost); }
int64_t Add(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return a < 0 ? -kMost : kMost;
  return Clamp(sum);
}
int64_t Multiply(int64_t a, int64_t b) {
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return (a < 0) != (b < 0) ? -kMost : kMost;
  return Clamp(product);
}

struct DimParser {
  std::string_view text;
  size_t at = 0;

  void Skip() {
    while (at < text.size() && text[at] == ' ') ++at;
  }
  bool Take(char c) {
    Skip();
    if (at >= text.size() || text[at] != c) return false;
    ++at;
    return true;
  }
  Status Unexpected() {
    return InvalidArgument("dimension '{}': unexpected {} at column {}", text,
                           at < text.size() ? fmt::format("'{}'", text[at]) : "end", at + 1);
  }
  StatusOr<Dim> Atom() {
    Skip();
    bool negative = false;
    while (Take('-')) negative = !negative;
    if (negative) {
      WEFT_ASSIGN_OR_RETURN(Dim d, Atom());
      return Dim(0) - d;
    }
    if (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) return Number();
    size_t begin = at;
    while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_')) ++at;
    if (at == begin) return Unexpected();
    return Dim::Symbol(text.substr(begin, at - begin));
  }
  StatusOr<Dim> Number() {
    int64_t value = 0;
    for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])); ++at) {
      if (__builtin_mul_overflow(value, int64_t{10}, &value) ||
          __builtin_add_overflow(value, int64_t{text[at] - '0'}, &value)) {
        return InvalidArgument("dimension '{}' does not fit 64 bits", text);
      }
    }
    return Dim(value);
  }
  StatusOr<Dim> TermOf() {
    WEFT_ASSIGN_OR_RETURN(Dim d, Atom());
    while (Take('*')) {
      WEFT_ASSIGN_OR_RETURN(Dim e, Atom());
      d = d * e;
    }
    return d;
  }
  StatusOr<Dim> Sum() {
    WEFT_ASSIGN_OR_RETURN(Dim d, TermOf());
    for (;;) {
      const bool plus = Take('+');
      if (!plus && !Take('-')) return d;
      WEFT_ASSIGN_OR_RETURN(Dim e, TermOf());
      d = plus ? d + e : d - e;
    }
  }
};

}  // namespace

Dim Dim::Symbol(std::string_view name) {
  Dim d;
  d.terms_ = std::make_shared<const TermList>(TermList{{{std::string(name)}, 1}});
  return d;
}

StatusOr<Dim> Dim::Parse(std::string_view text) {
  constexpr size_t kMaxLength = 1000;
  if (text.size() > kMaxLength) return InvalidArgument("a dimension of {} characters", text.size());
  DimParser parser{text};
  WEFT_ASSIGN_OR_RETURN(Dim d, parser.Sum());
  parser.Skip();
  if (parser.at != text.size()) return parser.Unexpected();
  return d;
}

int64_t Dim::value() const {
  WEFT_CHECK(is_constant(), "{} is not bound", ToString());
  return value_;
}

Dim::TermList Dim::AsTerms() const {
  if (terms_) return *terms_;
  if (value_ == 0) return {};
  return {{{}, Clamp(value_)}};
}

Dim Dim::FromTerms(TermList terms) {
  std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) {
    if (a.symbols.size() != b.symbols.size()) return a.symbols.size() > b.symbols.size();
    return a.symbols < b.symbols;
  });
  TermList merged;
  for (Term& t : terms) {
    if (!merged.empty() && merged.back().symbols == t.symbols) {
      merged.back().coefficient = Add(merged.back().coefficient, t.coefficient);
    } else {
      merged.push_back(std::move(t));
    }
  }
  std::erase_if(merged, [](const Term& t) { return t.coefficient == 0; });
  if (merged.empty()) return Dim(0);
  if (merged.size() == 1 && merged[0].symbols.empty()) return Dim(merged[0].coefficient);
  Dim d;
  d.terms_ = std::make_shared<const TermList>(std::move(merged));
  return d;
}

Dim Dim::operator+(const Dim& other) const {
  if (is_constant() && other.is_constant()) return Dim(Add(value_, other.value_));
  TermList terms = AsTerms();
  for (Term& t : other.AsTerms()) terms.push_back(std::move(t));
  return FromTerms(std::move(terms));
}

Dim Dim::operator-(const Dim& other) const {
  if (is_constant() && other.is_constant()) return Dim(Add(value_, -Clamp(other.value_)));
  return *this + other * Dim(-1);
}

Dim Dim::operator*(const Dim& other) const {
  if (is_constant() && other.is_constant()) return Dim(Multiply(value_, other.value_));
  TermList terms;
  for (const Term& a : AsTerms()) {
    for (const Term& b : other.AsTerms()) {
      Term t{a.symbols, Multiply(a.coefficient, b.coefficient)};
      t.symbols.insert(t.symbols.end(), b.symbols.begin(), b.symbols.end());
      std::sort(t.symbols.begin(), t.symbols.end());
      terms.push_back(std::move(t));
    }
  }
  return FromTerms(std::move(terms));
}

std::optional<Dim> Dim::DividedBy(const Dim& divisor) const {
  const TermList by = divisor.AsTerms();
  if (by.empty()) return std::nullopt;
  if (*this == divisor) return Dim(1);
  if (by.size() != 1) return std::nullopt;
  TermList quotient;
  for (const Term& t : AsTerms()) {
    if (t.coefficient % by[0].coefficient != 0) return std::nullopt;
    Term q{{}, t.coefficient / by[0].coefficient};
    if (!std::includes(t.symbols.begin(), t.symbols.end(), by[0].symbols.begin(), by[0].symbols.end())) {
      return std::nullopt;
    }
    std::set_difference(t.symbols.begin(), t.symbols.end(), by[0].symbols.begin(), by[0].symbols.end(),
                        std::back_inserter(q.symbols));
    quotient.push_back(std::move(q));
  }
  return FromTerms(std::move(quotient));
}

bool Dim::operator==(const Dim& other) const {
  if (is_constant() != other.is_constant()) return false;
  return is_constant() ? value_ == other.value_ : *terms_ == *other.terms_;
}

Dim Dim::Substitute(const std::map<std::string, int64_t>& values) const {
  if (is_constant()) return *this;
  Dim sum;
  for (const Term& t : *terms_) {
    Dim product(t.coefficient);
    for (const std::string& s : t.symbols) {
      auto it = values.find(s);
      product = product * (it == values.end() ? Symbol(s) : Dim(it->second));
    }
    sum = sum + product;
  }
  return sum;
}

void Dim::CollectSymbols(std::vector<std::string>* names) const {
  if (is_constant()) return;
  for (const Term& t : *terms_) {
    for (const std::string& s : t.symbols) {
      if (std::find(names->begin(), names->end(), s) == names->end()) names->push_back(s);
    }
  }
}

std::string Dim::ToString() const {
  if (is_constant()) return fmt::format("{}", value_);
  std::string out;
  for (const Term& t : *terms_) {
    const int64_t magnitude = t.coefficient < 0 ? -t.coefficient : t.coefficient;
    if (t.coefficient < 0) {
      out += '-';
    } else if (!out.empty()) {
      out += '+';
    }
    if (t.symbols.empty() || magnitude != 1) out += fmt::format("{}", magnitude);
    for (size_t i = 0; i < t.symbols.size(); ++i) {
      if (i > 0 || magnitude != 1) out += '*';
      out += t.symbols[i];
    }
  }
  return out;
}

std::string ToString(const Dims& dims) {
  std::string out = "[";
  for (size_t i = 0; i < dims.size(); ++i) out += (i ? ", " : "") + dims[i].ToString();
  return out + "]";
}

Dim Product(const Dims& dims) {
  Dim product(1);
  for (const Dim& d : dims) product = product * d;
  return product;
}

bool IsConstant(const Dims& dims) {
  return std::all_of(dims.begin(), dims.end(), [](const Dim& d) { return d.is_constant(); });
}

std::vector<int64_t> ToShape(const Dims& dims) {
  std::vector<int64_t> shape;
  shape.reserve(dims.size());
  for (const Dim& d : dims) shape.push_back(d.value());
  return shape;
}

Dims ToDims(const std::vector<int64_t>& shape) { return Dims(shape.begin(), shape.end()); }

}  // namespace weft
