#include "frontends/tokenizer/regex_splitter.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>

#include "frontends/tokenizer/regex_dialect.h"
#include "frontends/tokenizer/unicode.h"

namespace weft {
namespace {

constexpr size_t kLargeJitStack = size_t{64} << 20;
// Steps of backtracking that one match may take: a fixed number, for patterns that explode, and some for each
// byte, as \s*[\r\n] on ten million spaces needs.
constexpr size_t kMatchLimit = 10'000'000;
constexpr size_t kMatchLimitPerByte = 16;

std::string ErrorText(int code) {
  PCRE2_UCHAR text[256] = {};
  pcre2_get_error_message(code, text, sizeof(text));
  return reinterpret_cast<const char*>(text);
}

// One search's memory: freed at the end, and a larger stack only for the matches that ask for it.
class Matcher {
 public:
  Matcher(const pcre2_code* code, size_t text_bytes)
      : code_(code),
        data_(pcre2_match_data_create(1, nullptr)),
        context_(pcre2_match_context_create(nullptr)) {
    const size_t limit = std::min<size_t>(kMatchLimit + kMatchLimitPerByte * text_bytes, UINT32_MAX);
    pcre2_set_match_limit(context_, static_cast<uint32_t>(limit));
  }
  ~Matcher() {
    pcre2_match_data_free(data_);
    pcre2_match_context_free(context_);
    pcre2_jit_stack_free(stack_);
  }
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  // pcre2_match's result; the match is [begin(), end()).
  int Find(std::string_view text, size_t from, uint32_t options) {
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    int rc = pcre2_match(code_, subject, text.size(), from, options, data_, context_);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT && stack_ == nullptr) {
      stack_ = pcre2_jit_stack_create(size_t{1} << 20, kLargeJitStack, nullptr);
      pcre2_jit_stack_assign(context_, nullptr, stack_);
      rc = pcre2_match(code_, subject, text.size(), from, options, data_, context_);
    }
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) {
      rc = pcre2_match(code_, subject, text.size(), from, options | PCRE2_NO_JIT, data_, context_);
    }
    return rc;
  }
  size_t begin() const { return pcre2_get_ovector_pointer(data_)[0]; }
  size_t end() const { return pcre2_get_ovector_pointer(data_)[1]; }

 private:
  const pcre2_code* code_;
  pcre2_match_data* data_;
  pcre2_match_context* context_;
  pcre2_jit_stack* stack_ = nullptr;
};

size_t CharLength(std::string_view text, size_t at) {
  size_t n = 1;
  while (at + n < text.size() && (static_cast<uint8_t>(text[at + n]) & 0xC0) == 0x80) ++n;
  return n;
}

}  // namespace

StatusOr<std::shared_ptr<const RegexSplitter>> RegexSplitter::Compile(std::string_view pattern) {
  if (pattern.empty())
    return InvalidArgument("the pattern is empty: expected gpt2, gpt4 or a regular expression");
  if (ValidUtf8Prefix(pattern) != pattern.size()) return InvalidArgument("the pattern is not valid UTF-8");
  WEFT_ASSIGN_OR_RETURN(const std::string translated, TranslateRegex(pattern));
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_compile_context* context = pcre2_compile_context_create(nullptr);
  pcre2_set_newline(context, PCRE2_NEWLINE_LF);
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                                   PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, &error,
                                   &offset, context);
  pcre2_compile_context_free(context);
  if (code == nullptr) {
    return InvalidArgument("pattern '{}' does not compile: {} (near byte {})", pattern, ErrorText(error),
                           offset);
  }
  // Without machine code (a platform PCRE2 has no JIT for) the interpreter gives the same matches.
  (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD);
  std::shared_ptr<RegexSplitter> splitter(new RegexSplitter);
  splitter->pattern_ = pattern;
  splitter->code_ = code;
  pcre2_pattern_info(code, PCRE2_INFO_MAXLOOKBEHIND, &splitter->max_lookbehind_);
  return std::shared_ptr<const RegexSplitter>(std::move(splitter));
}

RegexSplitter::~RegexSplitter() { pcre2_code_free(static_cast<pcre2_code*>(code_)); }

Status RegexSplitter::Split(std::string_view text, size_t begin, bool complete,
                            std::vector<Piece>* pieces) const {
  Matcher matcher(static_cast<const pcre2_code*>(code_), text.size());
  const uint32_t options = PCRE2_NO_UTF_CHECK | (complete ? 0 : PCRE2_PARTIAL_HARD);
  size_t done = begin;                    // the pieces reach up to here
  size_t from = begin;                    // where the next search begins
  size_t last_match = std::string::npos;  // where the last match ended
  while (from < text.size()) {
    const int rc = matcher.Find(text, from, options);
    if (rc == PCRE2_ERROR_NOMATCH) break;
    if (rc == PCRE2_ERROR_PARTIAL) return OkStatus();
    if (rc < 0) {
      return ResourceExhausted("pattern '{}' failed at byte {} of {}: PCRE2: {}", pattern_, from, text.size(),
                               ErrorText(rc));
    }
    const size_t first = matcher.begin();
    const size_t last = matcher.end();
    if (first == last) {  // cuts; the search goes on one character later
      if (last >= text.size()) break;
      if (first != last_match && first > done) {
        pieces->push_back({first, false});
        done = first;
      }
      from = last + CharLength(text, last);
      continue;
    }
    if (first > done) pieces->push_back({first, false});
    pieces->push_back({last, true});
    done = from = last_match = last;
  }
  // No match is certain only where nothing follows.
  if (complete && done < text.size()) pieces->push_back({text.size(), false});
  return OkStatus();
}

}  // namespace weft
