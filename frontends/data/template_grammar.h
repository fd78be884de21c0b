// A probabilistic template grammar: text is written by expanding rules from left to right, each choice with
// its own exact probability, while variables remember what was chosen so that it can be said again later.
//
//   P(derivation) = product over its choices of weight / (sum of the weights allowed at that point)
//
// If every text has exactly one derivation (the grammar is unambiguous), -log P(derivation) is the exact
// negative log-probability of the text. Parse() explores every alternative at every choice and counts the
// derivations, so a grammar that is not unambiguous is found out, never trusted.
//
// Notation, one item a line ('#' begins a comment line):
//   forms they them was         names of attributes that depend on a tag, ...
//   : pl | they | them | were   ... and their texts for alternatives that carry the tag `pl`
//   = toy : use used            a rule, with the names of further columns
//   .call the {this}            an attribute of all its alternatives; {this} is the alternative's own text
//   5 kite <sg> | fly | flew    an alternative: weight, text, tags, the further columns
//   3 ?place#sea boat / raft    several alternatives of the same weight, guards and tags
// Guards: ?v (v is bound), ?v#tag (bound to an alternative with the tag), ?!... (not so).
// Inside texts and columns:
//   {rule} {:rule}              expand (the second even where a variable has the rule's name)
//   {v:rule} {v!rule}           expand and bind v; bind v and print nothing
//   {v:rule#tag-w.attr}         only alternatives with the tag, none that w is bound to; print its attribute
//   {v} {v.attr} {v=w}          print what v is bound to; an attribute of it; bind v to what w is bound to
//   a capital first letter of the last name ({Rule}, {v.Attr}) capitalises what is printed; \n is a
//   newline, \s a space (needed only at the ends, which are trimmed)
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

class TemplateGrammar {
 public:
  // One way of writing a text: at each choice, in text order, which of the alternatives allowed there is
  // taken (what a Chooser returns: it can be replayed), and -ln P in nats.
  struct Derivation {
    std::vector<int> choices;
    double nats = 0;
    bool operator==(const Derivation&) const = default;
  };
  // What a parse found: the number of derivations of the text (counted up to `limit`), and the first.
  struct Parsed {
    int64_t count = 0;
    Derivation derivation;
  };
  // Given the weights allowed at a choice and their sum, the index into them of the one to take.
  using Chooser = std::function<int(const std::vector<int64_t>& weights, int64_t total)>;

  // Errors name the line. The first rule is the start. Every variable, attribute and rule named must exist.
  static StatusOr<TemplateGrammar> Compile(std::string_view notation);

  // Expands the start rule. Fails only where guards leave no alternative (a mistake in the grammar).
  StatusOr<std::string> Generate(const Chooser& choose, Derivation* derivation = nullptr) const;
  // All derivations of exactly `text`. Stops at `limit` of them; more than `max_steps` pieces of work is an
  // error (only a grammar with long ambiguous stretches, never one of ours, gets there).
  StatusOr<Parsed> Parse(std::string_view text, int64_t limit = 16, int64_t max_steps = 20'000'000) const;

  int num_rules() const { return static_cast<int>(rules_.size()); }
  int num_alternatives() const;

 private:
  friend class GrammarCompiler;
  friend class GrammarWalk;

  struct Piece {
    enum class Kind { kText, kExpand, kPrint, kCopy } kind = Kind::kText;
    std::string text;      // kText
    int variable = -1;     // kExpand: bound to the choice (or -1); kPrint: printed; kCopy: assigned
    int rule = -1;         // kExpand
    int tag = -1;          // kExpand: only alternatives with this tag
    int other = -1;        // kExpand: not what this variable is bound to; kCopy: the source
    int attribute = -1;    // kExpand, kPrint: printed instead of the alternative's text
    bool silent = false;   // kExpand: prints nothing
    bool capital = false;  // kExpand, kPrint
  };
  using Sequence = std::vector<Piece>;
  struct Guard {
    int variable = -1;
    int tag = -1;  // -1: bound at all
    bool negated = false;
  };
  struct Alternative {
    int64_t weight = 0;
    std::vector<Guard> guards;
    uint64_t tags = 0;
    Sequence text;
    std::map<int, Sequence> attributes;
  };
  struct Rule {
    std::string name;
    std::vector<Alternative> alternatives;
  };
  static constexpr int kMaxVariables = 48;
  static constexpr int kMaxTags = 64;

  std::vector<Rule> rules_;
  std::vector<std::string> variables_;
};

}  // namespace weft
