// Walks the grammar: one walk serves generation (one alternative taken at each choice, text written) and
// parsing (every alternative tried, text compared). What is still to be expanded is a linked list that
// branches share, so that going back to a choice costs nothing.
#include "frontends/data/template_grammar.h"

#include <cmath>
#include <deque>

namespace weft {

class GrammarWalk {
 public:
  using Piece = TemplateGrammar::Piece;
  using Sequence = TemplateGrammar::Sequence;
  using Alternative = TemplateGrammar::Alternative;

  // Generates when `choose` is set, parses `text` otherwise.
  GrammarWalk(const TemplateGrammar& grammar, const TemplateGrammar::Chooser* choose, std::string_view text,
              int64_t limit, int64_t max_steps)
      : grammar_(grammar), choose_(choose), text_(text), limit_(limit), steps_left_(max_steps) {}

  Status Run() {
    State state;
    state.bound.fill({-1, -1});
    Piece start;
    start.kind = Piece::Kind::kExpand;
    start.rule = 0;
    const Sequence sequence = {start};
    state.work = Push(sequence, nullptr);
    Walk(state);
    return status_;
  }

  std::string output;  // of generation
  TemplateGrammar::Parsed parsed;

 private:
  struct Binding {
    int16_t rule, alternative;
  };
  // Rest of a sequence, then what follows it.
  struct Work {
    const Piece* piece;
    const Piece* end;
    const Work* next;
  };
  struct State {
    const Work* work = nullptr;
    size_t position = 0;
    double nats = 0;
    bool capital = false;
    std::array<Binding, TemplateGrammar::kMaxVariables> bound;
  };

  const Work* Push(const Sequence& sequence, const Work* next) {
    if (sequence.empty()) return next;
    work_.push_back({sequence.data(), sequence.data() + sequence.size(), next});
    return &work_.back();
  }

  bool Fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
    return false;
  }

  void Walk(State& state) {
    while (state.work != nullptr) {
      if (--steps_left_ < 0) {
        Fail(ResourceExhausted("parsing took too many steps at byte {}", state.position));
        return;
      }
      const Piece& piece = *state.work->piece;
      const Work* next = state.work->next;
      if (state.work->piece + 1 != state.work->end) {
        work_.push_back({state.work->piece + 1, state.work->end, next});
        next = &work_.back();
      }
      state.work = next;
      if (piece.kind == Piece::Kind::kExpand) {
        Branch(state, piece);
        return;
      }
      if (!Step(state, piece)) return;
    }
    Finish(state);
  }

  void Finish(const State& state) {
    if (choose_ == nullptr && state.position != text_.size()) return;
    if (parsed.count++ == 0) parsed.derivation = {choices_, state.nats};
  }

  // Every kind but kExpand. False: this walk ends here.
  bool Step(State& state, const Piece& piece) {
    if (piece.kind == Piece::Kind::kText) return Emit(state, piece.text);
    const Binding source = state.bound[piece.kind == Piece::Kind::kCopy ? piece.other : piece.variable];
    if (source.rule < 0) {
      return Fail(
          Internal("grammar: variable '{}' is used before it is bound",
                   grammar_.variables_[piece.kind == Piece::Kind::kCopy ? piece.other : piece.variable]));
    }
    if (piece.kind == Piece::Kind::kCopy) {
      state.bound[piece.variable] = source;
      return true;
    }
    state.capital |= piece.capital;
    Print(state, grammar_.rules_[source.rule].alternatives[source.alternative], piece.attribute);
    return true;
  }

  void Print(State& state, const Alternative& alternative, int attribute) {
    state.work = Push(attribute < 0 ? alternative.text : alternative.attributes.at(attribute), state.work);
  }

  bool Emit(State& state, std::string_view text) {
    if (choose_ != nullptr) {
      output += text;
      if (state.capital) output[output.size() - text.size()] = Upper(text[0]);
      state.capital = false;
      return true;
    }
    if (text_.size() - state.position < text.size()) return false;
    const std::string_view here = text_.substr(state.position, text.size());
    if (here[0] != (state.capital ? Upper(text[0]) : text[0]) || here.substr(1) != text.substr(1))
      return false;
    state.position += text.size();
    state.capital = false;
    return true;
  }

  static char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

  bool Allowed(const State& state, const Piece& piece, int index, const Alternative& alternative) const {
    if (piece.tag >= 0 && !(alternative.tags >> piece.tag & 1)) return false;
    if (piece.other >= 0) {
      const Binding other = state.bound[piece.other];
      if (other.rule == piece.rule && other.alternative == index) return false;
    }
    for (const TemplateGrammar::Guard& guard : alternative.guards) {
      const Binding bound = state.bound[guard.variable];
      bool holds = bound.rule >= 0;
      if (holds && guard.tag >= 0) {
        holds = grammar_.rules_[bound.rule].alternatives[bound.alternative].tags >> guard.tag & 1;
      }
      if (holds == guard.negated) return false;
    }
    return true;
  }

  void Branch(State& state, const Piece& piece) {
    const std::vector<Alternative>& alternatives = grammar_.rules_[piece.rule].alternatives;
    std::vector<int> allowed;
    std::vector<int64_t> weights;
    int64_t total = 0;
    for (int i = 0; i < static_cast<int>(alternatives.size()); ++i) {
      if (!Allowed(state, piece, i, alternatives[i])) continue;
      allowed.push_back(i);
      weights.push_back(alternatives[i].weight);
      total += alternatives[i].weight;
    }
    if (allowed.empty()) {
      Fail(Internal("grammar: no alternative of rule '{}' is allowed", grammar_.rules_[piece.rule].name));
      return;
    }
    state.capital |= piece.capital && !piece.silent;
    if (choose_ != nullptr) {
      const int taken = (*choose_)(weights, total);
      Take(state, piece, taken, allowed[taken], weights[taken], total);
      return;
    }
    const size_t mark = work_.size();
    for (size_t i = 0; i < allowed.size() && parsed.count < limit_ && status_.ok(); ++i) {
      State branch = state;
      Take(branch, piece, static_cast<int>(i), allowed[i], weights[i], total);
      work_.resize(mark);
    }
  }

  void Take(State& state, const Piece& piece, int choice, int index, int64_t weight, int64_t total) {
    state.nats += std::log(static_cast<double>(total) / static_cast<double>(weight));
    if (piece.variable >= 0) {
      state.bound[piece.variable] = {static_cast<int16_t>(piece.rule), static_cast<int16_t>(index)};
    }
    choices_.push_back(choice);
    if (!piece.silent) Print(state, grammar_.rules_[piece.rule].alternatives[index], piece.attribute);
    Walk(state);
    choices_.pop_back();
  }

  const TemplateGrammar& grammar_;
  const TemplateGrammar::Chooser* choose_;
  std::string_view text_;
  int64_t limit_;
  int64_t steps_left_;
  std::deque<Work> work_;
  std::vector<int> choices_;
  Status status_;
};

StatusOr<std::string> TemplateGrammar::Generate(const Chooser& choose, Derivation* derivation) const {
  GrammarWalk walk(*this, &choose, {}, 1, int64_t{1} << 20);
  WEFT_RETURN_IF_ERROR(walk.Run());
  if (derivation != nullptr) *derivation = std::move(walk.parsed.derivation);
  return std::move(walk.output);
}

StatusOr<TemplateGrammar::Parsed> TemplateGrammar::Parse(std::string_view text, int64_t limit,
                                                         int64_t max_steps) const {
  GrammarWalk walk(*this, nullptr, text, limit, max_steps);
  WEFT_RETURN_IF_ERROR(walk.Run());
  return std::move(walk.parsed);
}

}  // namespace weft
