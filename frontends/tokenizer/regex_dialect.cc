#include "frontends/tokenizer/regex_dialect.h"

#include <cctype>

namespace weft {
namespace {

constexpr std::string_view kWordSet = R"(\p{Alphabetic}\p{M}\p{Nd}\p{Pc})";

class Translator {
 public:
  explicit Translator(std::string_view pattern) : in_(pattern) {}

  StatusOr<std::string> Run() {
    while (at_ < in_.size()) {
      if (in_[at_] == '\\') {
        WEFT_RETURN_IF_ERROR(Escape());
      } else if (in_class_) {
        WEFT_RETURN_IF_ERROR(InClass());
      } else {
        WEFT_RETURN_IF_ERROR(Outside());
      }
    }
    return std::move(out_);
  }

 private:
  bool Follows(std::string_view text) const { return in_.substr(at_, text.size()) == text; }
  void Copy(size_t n) {
    out_.append(in_.substr(at_, n));
    at_ += n;
  }
  Status Refuse(std::string_view what, std::string_view instead) const {
    return Unimplemented("pattern '{}': {} at byte {} is not supported: {}", in_, what, at_, instead);
  }

  Status Escape() {
    if (at_ + 1 >= in_.size()) {
      return InvalidArgument("pattern '{}': ends in a lone backslash", in_);
    }
    const char c = in_[at_ + 1];
    const std::string set(kWordSet);
    std::string instead;
    switch (c) {
      case 's':
        instead = R"(\p{White_Space})";
        break;
      case 'S':
        instead = R"(\P{White_Space})";
        break;
      case 'h':
        instead = in_class_ ? "0-9a-fA-F" : "[0-9a-fA-F]";
        break;
      case 'w':
        instead = in_class_ ? set : "[" + set + "]";
        break;
      case 'b':
        if (!in_class_) {
          instead = fmt::format("(?:(?<=[{0}])(?![{0}])|(?<![{0}])(?=[{0}]))", kWordSet);
        }
        break;
      case 'B':
        instead = fmt::format("(?:(?<=[{0}])(?=[{0}])|(?<![{0}])(?![{0}]))", kWordSet);
        break;
      case 'W':
        if (in_class_) return Refuse(R"(\W inside a class)", R"(write the class without \W)");
        instead = "[^" + set + "]";
        break;
      case 'H':
        if (in_class_) return Refuse(R"(\H inside a class)", R"(write the class without \H)");
        instead = "[^0-9a-fA-F]";
        break;
      case 'Q':
      case 'E':
      case 'G':
      case 'K':
      case 'X':
      case 'R':
      case 'C':
        return Refuse(fmt::format("\\{}", c), "it means something else to other engines");
      case 'u': {  // \uHHHH
        if (at_ + 6 > in_.size()) return InvalidArgument("pattern '{}': \\u needs four digits", in_);
        out_ += fmt::format("\\x{{{}}}", in_.substr(at_ + 2, 4));
        at_ += 6;
        return OkStatus();
      }
      default:
        break;
    }
    if (instead.empty()) {
      Copy(2);
    } else {
      out_ += instead;
      at_ += 2;
    }
    return OkStatus();
  }

  Status InClass() {
    if (Follows("&&")) return Refuse("&& in a class", "write the intersection out");
    if (Follows("[:")) {
      const size_t close = in_.find(":]", at_);
      if (close == std::string_view::npos) return InvalidArgument("pattern '{}': [: without :]", in_);
      Copy(close + 2 - at_);
      return OkStatus();
    }
    if (in_[at_] == '[') return Refuse("[ inside a class", R"(write \[ or the union of both)");
    if (in_[at_] == ']') in_class_ = false;
    Copy(1);
    return OkStatus();
  }

  Status Outside() {
    if (in_[at_] == '[') {
      in_class_ = true;
      Copy(Follows("[^") ? 2 : 1);
      if (at_ < in_.size() && in_[at_] == ']') {
        return Refuse("] as the first of a class", R"(write \])");
      }
      return OkStatus();
    }
    if (Follows("}+") && IsInterval()) {
      return Refuse("{n,m}+",
                    "write (?>x{n,m}) for a possessive interval, or (?:x{n,m})+ for a repeated one");
    }
    Copy(1);
    return OkStatus();
  }

  // Whether the } at at_ closes {n}, {n,} or {n,m}, rather than \p{...}.
  bool IsInterval() const {
    const size_t open = in_.rfind('{', at_);
    if (open == std::string_view::npos || open + 1 == at_) return false;
    for (size_t i = open + 1; i < at_; ++i) {
      if (!std::isdigit(static_cast<unsigned char>(in_[i])) && in_[i] != ',') return false;
    }
    return true;
  }

  std::string_view in_;
  size_t at_ = 0;
  bool in_class_ = false;
  std::string out_;
};

}  // namespace

StatusOr<std::string> TranslateRegex(std::string_view pattern) { return Translator(pattern).Run(); }

}  // namespace weft
