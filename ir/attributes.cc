#include "ir/attributes.h"

#include <fmt/format.h>

#include <bit>

#include "ir/attribute_kinds.h"

namespace weft {
namespace {

// Calls visit(const T&, const T&) with the field of `a` and of `b` in its C++ type.
template <class Visit>
auto WithField(const Field& f, const void* a, const void* b, Visit&& visit) {
  return WithTypeOf(f, [&]<class T>() {
    return visit(*static_cast<const T*>(f.Get(a)), *static_cast<const T*>(f.Get(b)));
  });
}

std::string Text(int64_t v) { return fmt::format("{}", v); }
std::string Text(float v) { return fmt::format("{}", v); }
std::string Text(bool v) { return v ? "1" : "0"; }
std::string Text(const std::string& v) { return v; }
std::string Text(DataType v) { return std::string(Name(v)); }
std::string Text(const Dim& v) { return v.ToString(); }
template <class T>
std::string Text(const std::vector<T>& v) {
  std::string out = "[";
  for (size_t i = 0; i < v.size(); ++i) out += (i ? ", " : "") + Text(v[i]);
  return out + "]";
}

bool Same(float a, float b) { return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b); }
bool Same(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!Same(a[i], b[i])) return false;
  }
  return true;
}
template <class T>
bool Same(const T& a, const T& b) {
  return a == b;
}

}  // namespace

bool FieldEqual(const Field& field, const void* a, const void* b) {
  return WithField(field, a, b, [](const auto& x, const auto& y) { return Same(x, y); });
}

bool AttributesEqual(Fields fields, const void* a, const void* b) {
  for (const Field& f : fields) {
    if (!FieldEqual(f, a, b)) return false;
  }
  return true;
}

uint64_t AttributesHash(Fields fields, const void* attributes) {
  uint64_t hash = 14695981039346656037ull;
  for (const Field& f : fields) {
    const std::string text =
        WithField(f, attributes, attributes, [](const auto& x, const auto&) { return Text(x); });
    for (unsigned char c : text) hash = (hash ^ c) * 1099511628211ull;
    hash = (hash ^ 0xff) * 1099511628211ull;
  }
  return hash;
}

std::string DescribeAttributes(Fields fields, const void* attributes) {
  std::string out;
  for (const Field& f : fields) {
    if (!out.empty()) out += ", ";
    out += f.name;
    out += '=';
    out += WithField(f, attributes, attributes, [](const auto& x, const auto&) { return Text(x); });
  }
  return out;
}

void SubstituteDims(Fields fields, void* attributes, const std::map<std::string, int64_t>& values) {
  for (const Field& f : fields) {
    if (f.kind == AttributeKind::kDim) {
      auto* d = static_cast<Dim*>(f.get(attributes));
      *d = d->Substitute(values);
    } else if (f.kind == AttributeKind::kDims) {
      for (Dim& d : *static_cast<Dims*>(f.get(attributes))) d = d.Substitute(values);
    }
  }
}

}  // namespace weft
