#include "frontends/tokenizer/pretokenizer.h"

#include <algorithm>

#include "frontends/tokenizer/unicode.h"

namespace weft {

// What lies between special tokens: text[position.begin, end).
struct PreTokenizer::Segment {
  std::string_view text;
  size_t end;
  bool complete;
};

StatusOr<std::shared_ptr<const PreTokenizer>> PreTokenizer::Create(PreTokenizerSpec spec) {
  auto result = std::make_shared<PreTokenizer>();
  for (const PreTokenizerSpec::Step& step : spec.steps) {
    WEFT_ASSIGN_OR_RETURN(auto splitter, RegexSplitter::Compile(step.regex));
    result->splitters_.push_back(std::move(splitter));
  }
  // The known patterns match every character, so whether unmatched text is kept makes no difference.
  if (spec.steps.size() == 1 && !spec.add_prefix_space)
    result->named_ = RecognizePattern(spec.steps[0].regex);
  result->spec_ = std::move(spec);
  return std::shared_ptr<const PreTokenizer>(std::move(result));
}

Status PreTokenizer::Split(std::string_view text, bool complete, const SpecialTokenFinder& specials,
                           SplitPosition* position, std::vector<Span>* spans) const {
  const size_t limit = complete ? text.size() : specials.CutOffAt(text);
  SpecialTokenFinder::Match match{};
  while (specials.Next(text, position->begin, &match) && match.begin < limit) {
    WEFT_RETURN_IF_ERROR(SplitSegment({text, match.begin, true}, position, spans));
    spans->push_back({match.begin, match.end, match.id});
    *position = {.begin = match.end};
  }
  if (position->begin >= limit) return OkStatus();
  return SplitSegment({text, limit, complete}, position, spans);
}

// A segment is runs of well-formed text between invalid bytes.
Status PreTokenizer::SplitSegment(Segment segment, SplitPosition* position, std::vector<Span>* spans) const {
  const std::string_view text = segment.text.substr(0, segment.end);
  size_t run_begin = position->begin - position->context;
  while (position->begin < text.size()) {
    const size_t valid = ValidUtf8Prefix(text.substr(position->begin));
    const size_t run_end = position->begin + valid;
    const bool cut_off = !segment.complete && run_end + IncompleteUtf8Suffix(text) == text.size();
    WEFT_RETURN_IF_ERROR(SplitRun(text.substr(0, run_end), !cut_off, run_begin, position, spans));
    if (cut_off || run_end == text.size()) return OkStatus();
    if (position->segment_start && spec_.add_prefix_space) {
      spans->push_back({run_end, run_end, -1, true});
    }
    spans->push_back({run_end, run_end + 1});
    *position = {.begin = run_end + 1, .segment_start = false};
    run_begin = position->begin;
  }
  return OkStatus();
}

// `text` is well-formed from run_begin to its end; what `position` has left of it is cut.
Status PreTokenizer::SplitRun(std::string_view text, bool complete, size_t run_begin, SplitPosition* position,
                              std::vector<Span>* spans) const {
  if (position->begin == text.size()) return OkStatus();
  const std::string_view run = text.substr(run_begin);
  if (position->segment_start && spec_.add_prefix_space && run[0] != ' ') {
    const size_t before = position->begin;
    WEFT_RETURN_IF_ERROR(SplitFirst(run, complete, position, spans));
    if (position->segment_start && position->begin == before) return OkStatus();
  }
  size_t end = position->begin - run_begin;
  WEFT_RETURN_IF_ERROR(AddPieces(run, end, complete, 0, run_begin, spans, &end));
  if (run_begin + end > position->begin) position->segment_start = false;
  position->begin = run_begin + end;
  size_t chars = splitters_.empty() ? 0 : splitters_[0]->max_lookbehind();
  position->context = 0;
  while (chars > 0 && position->context < end) {
    ++position->context;
    if ((static_cast<uint8_t>(run[end - position->context]) & 0xC0) != 0x80) --chars;
  }
  return OkStatus();
}

// The first piece of a run that is given a space: cut from a copy that has it.
Status PreTokenizer::SplitFirst(std::string_view run, bool complete, SplitPosition* position,
                                std::vector<Span>* spans) const {
  std::string spaced(1, ' ');
  spaced += run;
  std::vector<RegexSplitter::Piece> pieces;
  if (splitters_.empty()) {
    if (complete) pieces.push_back({spaced.size(), true});
  } else {
    WEFT_RETURN_IF_ERROR(splitters_[0]->Split(spaced, 0, complete, &pieces));
  }
  if (pieces.empty()) return OkStatus();
  const size_t begin = position->begin;
  position->begin += pieces[0].end - 1;
  position->segment_start = false;
  spans->push_back({begin, position->begin, -1, true});
  return OkStatus();
}

// Appends the pieces of text[begin..] as cut by steps `step` and later, with `offset` added.
Status PreTokenizer::AddPieces(std::string_view text, size_t begin, bool complete, size_t step, size_t offset,
                               std::vector<Span>* spans, size_t* end) const {
  if (step == splitters_.size()) {
    if (!complete || begin == text.size()) return OkStatus();
    spans->push_back({offset + begin, offset + text.size()});
    *end = text.size();
    return OkStatus();
  }
  std::vector<RegexSplitter::Piece> pieces;
  WEFT_RETURN_IF_ERROR(splitters_[step]->Split(text, begin, complete, &pieces));
  const bool last = step + 1 == splitters_.size();
  for (const RegexSplitter::Piece& piece : pieces) {
    const size_t from = begin;
    *end = begin = piece.end;
    if (!piece.matched && !spec_.steps[step].keep_unmatched) continue;
    if (last) {
      spans->push_back({offset + from, offset + piece.end});
      continue;
    }
    size_t inner = 0;
    WEFT_RETURN_IF_ERROR(
        AddPieces(text.substr(from, piece.end - from), 0, true, step + 1, offset + from, spans, &inner));
  }
  return OkStatus();
}

}  // namespace weft
