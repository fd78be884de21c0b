#include "ir/attributes.h"

#include <fmt/format.h>

#include <bit>

#include "ir/attribute_kinds.h"
#include "ir/body.h"

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
std::string Text(const GraphBody& v) { return v == nullptr ? "none" : BodyText(*v); }
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
bool Same(const GraphBody& a, const GraphBody& b) {
  return a == b || (a != nullptr && b != nullptr && SameBody(*a, *b));
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

void ForEachDim(Fields fields, void* attributes, const std::function<void(Dim&)>& change) {
  for (const Field& f : fields) {
    if (f.kind == AttributeKind::kDim) {
      change(*static_cast<Dim*>(f.get(attributes)));
    } else if (f.kind == AttributeKind::kDims) {
      for (Dim& d : *static_cast<Dims*>(f.get(attributes))) change(d);
    } else if (f.kind == AttributeKind::kGraph) {
      auto& body = *static_cast<GraphBody*>(f.get(attributes));
      if (body != nullptr) body = BodyWithDims(*body, change);
    }
  }
}

void CollectSymbols(Fields fields, const void* attributes, std::vector<std::string>* symbols) {
  for (const Field& f : fields) {
    if (f.kind == AttributeKind::kDim) {
      static_cast<const Dim*>(f.Get(attributes))->CollectSymbols(symbols);
    } else if (f.kind == AttributeKind::kDims) {
      for (const Dim& d : *static_cast<const Dims*>(f.Get(attributes))) d.CollectSymbols(symbols);
    } else if (f.kind == AttributeKind::kGraph) {
      const auto& body = *static_cast<const GraphBody*>(f.Get(attributes));
      if (body != nullptr) CollectBodySymbols(*body, symbols);
    }
  }
}

void SubstituteDims(Fields fields, void* attributes, const std::map<std::string, int64_t>& values) {
  ForEachDim(fields, attributes, [&](Dim& d) { d = d.Substitute(values); });
}

}  // namespace weft
