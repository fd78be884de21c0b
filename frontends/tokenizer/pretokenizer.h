// Text to pre-tokens, the pieces that merges never cross: what Hugging Face's files describe as a
// pre_tokenizer ending in ByteLevel. A list of patterns, each applied to the pieces of the one before.
// Invalid UTF-8: each invalid byte is a pre-token of its own and ends the text as patterns see it.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "frontends/tokenizer/pattern.h"
#include "frontends/tokenizer/regex_splitter.h"
#include "frontends/tokenizer/special_tokens.h"

namespace weft {

struct PreTokenizerSpec {
  struct Step {
    std::string regex;
    bool keep_unmatched = true;  // false: text between matches is dropped ("Removed", inverted)
  };
  std::vector<Step> steps;        // none: a whole segment is one pre-token
  bool add_prefix_space = false;  // a segment that does not begin with a space is given one
};

// A piece of text: a pre-token, or a special token (special >= 0: its id).
struct Span {
  size_t begin, end;
  int64_t special = -1;
  bool prefix_space = false;  // a space goes before it
};

// Where a text is to be split from, and where to go on: the text before `begin` is of the same segment and
// only looked back at.
struct SplitPosition {
  size_t begin = 0;
  bool segment_start = true;  // nothing of this segment (what special tokens leave) came before
  size_t context = 0;         // set by Split: bytes before `begin` to give again with what follows
};

class PreTokenizer {
 public:
  // Errors: a pattern that does not compile or is refused.
  static StatusOr<std::shared_ptr<const PreTokenizer>> Create(PreTokenizerSpec spec);

  const PreTokenizerSpec& spec() const { return spec_; }
  // The known pattern that is all of this, if so: callers may scan by PatternScanner, which is faster.
  const std::optional<NamedPattern>& named() const { return named_; }

  // Appends the spans of `text` from `position` on, special tokens among them, and moves `position`. If more
  // text may follow (!complete), stops before the first span that could then be another.
  Status Split(std::string_view text, bool complete, const SpecialTokenFinder& specials,
               SplitPosition* position, std::vector<Span>* spans) const;

 private:
  struct Segment;
  Status SplitSegment(Segment segment, SplitPosition* position, std::vector<Span>* spans) const;
  Status SplitRun(std::string_view text, bool complete, size_t run_begin, SplitPosition* position,
                  std::vector<Span>* spans) const;
  Status SplitFirst(std::string_view run, bool complete, SplitPosition* position,
                    std::vector<Span>* spans) const;
  Status AddPieces(std::string_view text, size_t begin, bool complete, size_t step, size_t offset,
                   std::vector<Span>* spans, size_t* end) const;

  PreTokenizerSpec spec_;
  std::optional<NamedPattern> named_;
  std::vector<std::shared_ptr<const RegexSplitter>> splitters_;
};

}  // namespace weft
