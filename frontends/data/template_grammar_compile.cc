// Reads the notation of template_grammar.h. Names may be used before they are defined: rules, attributes and
// variables are numbered as they are met, and what was never defined is reported at the end.
#include <optional>
#include <set>
#include <utility>

#include "frontends/data/template_grammar.h"

namespace weft {
namespace {

std::string_view Trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\r')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

// Cuts off and returns what is before the first `delimiter` (or everything).
std::string_view TakeUntil(std::string_view& s, char delimiter) {
  const size_t at = s.find(delimiter);
  std::string_view head = s.substr(0, at);
  s = at == std::string_view::npos ? std::string_view() : s.substr(at + 1);
  return head;
}

std::vector<std::string> Split(std::string_view s, char delimiter) {
  std::vector<std::string> parts;
  do {
    parts.emplace_back(Trim(TakeUntil(s, delimiter)));
  } while (s.data() != nullptr);
  return parts;
}

std::vector<std::string> Words(std::string_view s) {
  std::vector<std::string> words;
  for (const std::string& word : Split(s, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

// "Their" -> "their", true.
bool LowerFirst(std::string& name) {
  if (name.empty() || name[0] < 'A' || name[0] > 'Z') return false;
  name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return true;
}

bool IsName(std::string_view s) {
  if (s.empty()) return false;
  for (char c : s) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

void ReplaceAll(std::string& s, std::string_view from, std::string_view to) {
  for (size_t at = s.find(from); at != std::string::npos; at = s.find(from, at + to.size())) {
    s.replace(at, from.size(), to);
  }
}

}  // namespace

class GrammarCompiler {
 public:
  using Piece = TemplateGrammar::Piece;
  using Alternative = TemplateGrammar::Alternative;

  StatusOr<TemplateGrammar> Run(std::string_view notation) {
    while (!notation.empty()) {
      ++line_;
      const std::string_view line = Trim(TakeUntil(notation, '\n'));
      if (line.empty() || line[0] == '#') continue;
      Status status = Line(line);
      if (!status.ok()) return Prefix(fmt::format("grammar line {}", line_), status);
    }
    WEFT_RETURN_IF_ERROR(Finish());
    return std::move(grammar_);
  }

 private:
  Status Line(std::string_view line) {
    if (line.substr(0, 6) == "forms ") {
      form_names_ = Words(line.substr(6));
      return OkStatus();
    }
    const char first = line[0];
    if (first != ':' && first != '=' && rule_ < 0) return InvalidArgument("expected '= rule' first");
    if (first == ':') return FormsLine(line.substr(1));
    if (first == '=') return RuleLine(line.substr(1));
    if (first == '.') return DefaultLine(line.substr(1));
    return AlternativeLine(line);
  }

  // : tag | text | text
  Status FormsLine(std::string_view line) {
    const std::vector<std::string> cells = Split(line, '|');
    if (cells.size() != form_names_.size() + 1) {
      return InvalidArgument("{} forms, expected {}", cells.size() - 1, form_names_.size());
    }
    WEFT_ASSIGN_OR_RETURN(int tag, Tag(cells[0]));
    for (size_t i = 0; i < form_names_.size(); ++i) {
      WEFT_ASSIGN_OR_RETURN(TemplateGrammar::Sequence sequence, Text(cells[i + 1]));
      forms_[tag][Attribute(form_names_[i])] = sequence;
    }
    return OkStatus();
  }

  // = name : column column
  Status RuleLine(std::string_view line) {
    const std::string name(Trim(TakeUntil(line, ':')));
    if (!IsName(name)) return InvalidArgument("'{}' is not a name", name);
    rule_ = RuleId(name);
    if (!grammar_.rules_[rule_].alternatives.empty()) return InvalidArgument("rule '{}' again", name);
    columns_ = Words(line);
    defaults_.clear();
    return OkStatus();
  }

  // .attribute template with {this}
  Status DefaultLine(std::string_view line) {
    std::string name(TakeUntil(line, ' '));
    if (!IsName(name)) return InvalidArgument("'{}' is not a name", name);
    defaults_.emplace_back(Attribute(name), std::string(Trim(line)));
    return OkStatus();
  }

  // weight ?guards text / text <tags> | column | column
  Status AlternativeLine(std::string_view line) {
    Alternative base;
    const std::string weight(TakeUntil(line, ' '));
    if (weight.empty() || weight.size() > 6 || weight.find_first_not_of("0123456789") != std::string::npos ||
        (base.weight = std::stoll(weight)) < 1) {
      return InvalidArgument("'{}' is not a weight", weight);
    }
    line = Trim(line);
    while (!line.empty() && line[0] == '?') {
      WEFT_RETURN_IF_ERROR(Guard(std::string(TakeUntil(line, ' ')).substr(1), &base));
      line = Trim(line);
    }
    std::vector<std::string> cells = Split(line, '|');
    std::string& text = cells[0];
    if (!text.empty() && text.back() == '>') {
      const size_t open = text.rfind('<');
      if (open == std::string::npos) return InvalidArgument("'>' without '<'");
      for (const std::string& name : Words(std::string_view(text).substr(open + 1, text.size() - open - 2))) {
        WEFT_ASSIGN_OR_RETURN(int tag, Tag(name));
        base.tags |= uint64_t{1} << tag;
      }
      text = std::string(Trim(std::string_view(text).substr(0, open)));
    }
    if (cells.size() != columns_.size() + 1) {
      return InvalidArgument("{} columns, expected {}", cells.size() - 1, columns_.size());
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      WEFT_ASSIGN_OR_RETURN(base.attributes[Attribute(columns_[i])], Text(cells[i + 1]));
    }
    for (const std::string& part : Split(text, '/')) WEFT_RETURN_IF_ERROR(Add(base, part));
    return OkStatus();
  }

  Status Add(Alternative alternative, const std::string& text) {
    WEFT_ASSIGN_OR_RETURN(alternative.text, Text(text));
    for (const auto& [attribute, pattern] : defaults_) {
      std::string own = pattern;
      ReplaceAll(own, "{this}", text);
      WEFT_ASSIGN_OR_RETURN(TemplateGrammar::Sequence sequence, Text(own));
      alternative.attributes.emplace(attribute, sequence);
    }
    grammar_.rules_[rule_].alternatives.push_back(std::move(alternative));
    return OkStatus();
  }

  // v | v#tag | !v | !v#tag
  Status Guard(std::string text, Alternative* alternative) {
    TemplateGrammar::Guard guard;
    guard.negated = !text.empty() && text[0] == '!';
    if (guard.negated) text.erase(0, 1);
    std::string_view rest = text;
    WEFT_ASSIGN_OR_RETURN(guard.variable, Variable(std::string(TakeUntil(rest, '#'))));
    if (!rest.empty()) {
      WEFT_ASSIGN_OR_RETURN(guard.tag, Tag(std::string(rest)));
    }
    alternative->guards.push_back(guard);
    return OkStatus();
  }

  StatusOr<TemplateGrammar::Sequence> Text(std::string text) {
    ReplaceAll(text, "\\n", "\n");
    ReplaceAll(text, "\\s", " ");
    TemplateGrammar::Sequence sequence;
    std::string_view rest = text;
    while (!rest.empty()) {
      const size_t open = rest.find('{');
      if (open != 0) {
        Piece piece;
        piece.text = std::string(rest.substr(0, open));
        sequence.push_back(piece);
        rest = open == std::string_view::npos ? std::string_view() : rest.substr(open);
        continue;
      }
      const size_t close = rest.find('}');
      if (close == std::string_view::npos) return InvalidArgument("'{{' without '}}'");
      WEFT_ASSIGN_OR_RETURN(Piece piece, Reference(std::string(rest.substr(1, close - 1))));
      sequence.push_back(piece);
      rest = rest.substr(close + 1);
    }
    return sequence;
  }

  // What stands between braces.
  StatusOr<Piece> Reference(std::string text) {
    Piece piece;
    const size_t equals = text.find('=');
    if (equals != std::string::npos) {
      piece.kind = Piece::Kind::kCopy;
      WEFT_ASSIGN_OR_RETURN(piece.variable, Variable(text.substr(0, equals)));
      WEFT_ASSIGN_OR_RETURN(piece.other, Variable(text.substr(equals + 1)));
      copies_.emplace_back(piece.variable, piece.other);
      return piece;
    }
    const size_t dot = text.find('.');
    if (dot != std::string::npos) {
      std::string attribute = text.substr(dot + 1);
      piece.capital = LowerFirst(attribute);
      if (!IsName(attribute)) return InvalidArgument("'{}' is not an attribute", attribute);
      piece.attribute = Attribute(attribute);
      text.resize(dot);
    } else {
      const size_t bind = text.find_first_of(":!");
      std::string last = text.substr(bind == std::string::npos ? 0 : bind + 1);
      piece.capital = LowerFirst(last);
      text = bind == std::string::npos ? last : text.substr(0, bind + 1) + last;
    }
    const size_t bind = text.find_first_of(":!");
    if (bind == std::string::npos && text.find_first_of("#-") == std::string::npos) {
      // A variable or a rule: known when all lines have been read.
      if (!IsName(text)) return InvalidArgument("'{{{}}}' is not a reference", text);
      piece.kind = Piece::Kind::kPrint;
      piece.text = text;
      return piece;
    }
    piece.kind = Piece::Kind::kExpand;
    if (bind == 0) {
      text = text.substr(1);
    } else if (bind != std::string::npos) {
      piece.silent = text[bind] == '!';
      WEFT_ASSIGN_OR_RETURN(piece.variable, Variable(text.substr(0, bind)));
      bound_variables_.insert(text.substr(0, bind));
      text = text.substr(bind + 1);
    }
    WEFT_RETURN_IF_ERROR(Filter(text, &piece));
    if (piece.variable >= 0) binders_.emplace_back(piece.variable, std::pair(piece.rule, piece.tag));
    return piece;
  }

  // rule#tag-other
  Status Filter(std::string text, Piece* piece) {
    const size_t minus = text.find('-');
    if (minus != std::string::npos) {
      WEFT_ASSIGN_OR_RETURN(piece->other, Variable(text.substr(minus + 1)));
      text.resize(minus);
    }
    const size_t hash = text.find('#');
    if (hash != std::string::npos) {
      WEFT_ASSIGN_OR_RETURN(piece->tag, Tag(text.substr(hash + 1)));
      text.resize(hash);
    }
    if (!IsName(text)) return InvalidArgument("'{}' is not a rule", text);
    piece->rule = RuleId(text);
    return OkStatus();
  }

  int RuleId(const std::string& name) {
    const auto [it, added] = rule_ids_.try_emplace(name, static_cast<int>(grammar_.rules_.size()));
    if (added) grammar_.rules_.push_back({name, {}});
    return it->second;
  }
  int Attribute(const std::string& name) {
    return attribute_ids_.try_emplace(name, static_cast<int>(attribute_ids_.size())).first->second;
  }
  StatusOr<int> Tag(const std::string& name) {
    if (!IsName(name)) return InvalidArgument("'{}' is not a tag", name);
    const int id = tag_ids_.try_emplace(name, static_cast<int>(tag_ids_.size())).first->second;
    if (id >= TemplateGrammar::kMaxTags) return InvalidArgument("more than {} tags", id);
    return id;
  }
  StatusOr<int> Variable(const std::string& name) {
    if (!IsName(name)) return InvalidArgument("'{}' is not a variable", name);
    const auto [it, added] = variable_ids_.try_emplace(name, static_cast<int>(grammar_.variables_.size()));
    if (added) grammar_.variables_.push_back(name);
    if (it->second >= TemplateGrammar::kMaxVariables)
      return InvalidArgument("more than {} variables", it->second);
    return it->second;
  }

  // Everything named exists; {name} becomes a variable or a rule; tags' forms become attributes.
  Status Finish() {
    if (grammar_.rules_.empty()) return InvalidArgument("the grammar has no rule");
    for (const TemplateGrammar::Rule& rule : grammar_.rules_) {
      if (rule.alternatives.empty()) return InvalidArgument("rule '{}' has no alternative", rule.name);
    }
    for (TemplateGrammar::Rule& rule : grammar_.rules_) {
      for (Alternative& alternative : rule.alternatives) {
        for (const auto& [tag, forms] : forms_) {
          if (alternative.tags >> tag & 1) alternative.attributes.insert(forms.begin(), forms.end());
        }
      }
    }
    for (const auto& [target, source] : copies_) bound_variables_.insert(grammar_.variables_[target]);
    for (const std::string& name : grammar_.variables_) {
      if (!bound_variables_.count(name)) return InvalidArgument("variable '{}' is never bound", name);
    }
    PropagateCopies();
    for (TemplateGrammar::Rule& rule : grammar_.rules_) {
      for (Alternative& alternative : rule.alternatives) {
        WEFT_RETURN_IF_ERROR(Prefix(fmt::format("rule '{}'", rule.name), Resolve(alternative.text)));
        for (auto& [id, sequence] : alternative.attributes) {
          WEFT_RETURN_IF_ERROR(Prefix(fmt::format("rule '{}'", rule.name), Resolve(sequence)));
        }
      }
    }
    return OkStatus();
  }

  void PropagateCopies() {
    for (size_t round = 0; round <= copies_.size(); ++round) {
      for (const auto& [target, source] : copies_) {
        std::vector<std::pair<int, std::pair<int, int>>> more;
        for (const auto& [variable, rule] : binders_) {
          if (variable == source) more.emplace_back(target, rule);
        }
        for (const auto& binder : more) {
          bool known = false;
          for (const auto& existing : binders_) known |= existing == binder;
          if (!known) binders_.push_back(binder);
        }
      }
    }
  }

  Status Resolve(TemplateGrammar::Sequence& sequence) {
    for (Piece& piece : sequence) {
      if (piece.kind == Piece::Kind::kPrint && piece.rule < 0 && piece.variable < 0) {
        const auto variable = variable_ids_.find(piece.text);
        if (variable != variable_ids_.end()) {
          piece.variable = variable->second;
        } else {
          const auto rule = rule_ids_.find(piece.text);
          if (rule == rule_ids_.end())
            return InvalidArgument("'{}' is neither rule nor variable", piece.text);
          piece.kind = Piece::Kind::kExpand;
          piece.rule = rule->second;
        }
        piece.text.clear();
      }
      if (piece.attribute < 0) continue;
      if (piece.kind == Piece::Kind::kExpand) {
        WEFT_RETURN_IF_ERROR(CheckAttribute(piece.rule, piece.tag, piece.attribute));
      }
      for (const auto& [variable, rule] : binders_) {
        if (piece.kind != Piece::Kind::kPrint || variable != piece.variable) continue;
        WEFT_RETURN_IF_ERROR(CheckAttribute(rule.first, rule.second, piece.attribute));
      }
    }
    return OkStatus();
  }

  Status CheckAttribute(int rule, int tag, int attribute) {
    for (const Alternative& alternative : grammar_.rules_[rule].alternatives) {
      if (tag >= 0 && !(alternative.tags >> tag & 1)) continue;
      if (alternative.attributes.count(attribute)) continue;
      std::string name;
      for (const auto& [key, id] : attribute_ids_) {
        if (id == attribute) name = key;
      }
      return InvalidArgument("an alternative of rule '{}' has no attribute '{}'", grammar_.rules_[rule].name,
                             name);
    }
    return OkStatus();
  }

  TemplateGrammar grammar_;
  int line_ = 0;
  int rule_ = -1;
  std::vector<std::string> columns_;
  std::vector<std::pair<int, std::string>> defaults_;
  std::vector<std::string> form_names_;
  std::map<int, std::map<int, TemplateGrammar::Sequence>> forms_;  // tag -> attribute -> text
  std::map<std::string, int> rule_ids_, attribute_ids_, tag_ids_, variable_ids_;
  std::set<std::string> bound_variables_;
  std::vector<std::pair<int, int>> copies_;                   // target, source
  std::vector<std::pair<int, std::pair<int, int>>> binders_;  // variable, (rule, tag)
};

StatusOr<TemplateGrammar> TemplateGrammar::Compile(std::string_view notation) {
  return GrammarCompiler().Run(notation);
}

int TemplateGrammar::num_alternatives() const {
  int count = 0;
  for (const Rule& rule : rules_) count += static_cast<int>(rule.alternatives.size());
  return count;
}

}  // namespace weft
