#include "frontends/data/template_grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace weft {
namespace {

using testing::HasSubstr;

TemplateGrammar Compile(std::string_view notation) {
  StatusOr<TemplateGrammar> grammar = TemplateGrammar::Compile(notation);
  EXPECT_TRUE(grammar.ok()) << Message(grammar.status());
  return grammar.ok() ? *std::move(grammar) : TemplateGrammar();
}

std::string CompileError(std::string_view notation) {
  const StatusOr<TemplateGrammar> grammar = TemplateGrammar::Compile(notation);
  return grammar.ok() ? "compiled" : Message(grammar.status());
}

// Every text of a (small) grammar with the sum of its derivations' probabilities and their number, by walking
// through all sequences of choices: independent of Parse.
struct Mass {
  double probability = 0;
  int derivations = 0;
};
std::map<std::string, Mass> AllTexts(const TemplateGrammar& grammar) {
  std::map<std::string, Mass> texts;
  std::vector<int> choices, sizes;  // an odometer over choices
  for (;;) {
    size_t depth = 0;
    double probability = 1;
    TemplateGrammar::Derivation derivation;
    const auto choose = [&](const std::vector<int64_t>& weights, int64_t total) {
      if (depth == choices.size()) {
        choices.push_back(0);
        sizes.push_back(0);
      }
      sizes[depth] = static_cast<int>(weights.size());
      const int taken = choices[depth++];
      probability *= static_cast<double>(weights[static_cast<size_t>(taken)]) / static_cast<double>(total);
      return taken;
    };
    const StatusOr<std::string> text = grammar.Generate(choose, &derivation);
    if (!text.ok()) {
      ADD_FAILURE() << Message(text.status());
      return texts;
    }
    EXPECT_NEAR(derivation.nats, -std::log(probability), 1e-12);
    texts[*text].probability += probability;
    texts[*text].derivations += 1;
    while (!choices.empty() && choices.back() + 1 == sizes[choices.size() - 1]) {
      choices.pop_back();
      sizes.pop_back();
    }
    if (choices.empty()) return texts;
    ++choices.back();
  }
}

constexpr std::string_view kSmall = R"(
# forms that depend on a tag
forms they was
: he | he | was
: they | they | were
= start
1 {who:Who} went to {place:place}, and {who.they} {who.was} {how} there.{more}
= who
.call the {this}
2 fox <he>
1 cubs / ducks <they>
= place : in
3 the sea <sea> | at the sea
1 a town | in town
= how
1 ?place#sea wet
1 ?!place#sea {busy!how2}{busy.loud}
3 glad
= how2 : loud
1 busy | BUSY
= more
1
2 \s{who.Call} came back.
1 {other:who-who}{last=other} {last.They} {last.was} {last}.
)";

TEST(TemplateGrammar, ProbabilitiesOfAllTextsSumToOneAndParseBack) {
  const TemplateGrammar grammar = Compile(kSmall);
  const auto texts = AllTexts(grammar);
  double sum = 0;
  for (const auto& [text, mass] : texts) {
    sum += mass.probability;
    EXPECT_EQ(mass.derivations, 1) << text;
    const StatusOr<TemplateGrammar::Parsed> parsed = grammar.Parse(text);
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->count, 1) << text;
    EXPECT_NEAR(parsed->derivation.nats, -std::log(mass.probability), 1e-12) << text;
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  // 3 who x 2 places x 2 ways x (nothing, came back, 2 others).
  EXPECT_EQ(texts.size(), 3u * 2 * 2 * 4);
}

TEST(TemplateGrammar, AgreementGuardsAndCapitals) {
  const auto texts = AllTexts(Compile(kSmall));
  const auto probability = [&](const std::string& text) {
    const auto it = texts.find(text);
    return it == texts.end() ? 0.0 : it->second.probability;
  };
  EXPECT_NEAR(probability("Fox went to the sea, and he was wet there. The fox came back."),
              2.0 / 4 * 3 / 4 / 4 / 2, 1e-12);
  EXPECT_NEAR(probability("Ducks went to a town, and they were BUSY there."), 1.0 / 4 / 4 / 4 / 4, 1e-12);
  // {other:who-who} leaves out what `who` is: of fox, 2 of 3 remain for the cubs' other.
  EXPECT_NEAR(probability("Cubs went to a town, and they were glad there.fox He was fox."),
              1.0 / 4 / 4 * 3 / 4 / 4 * 2 / 3, 1e-12);
  EXPECT_EQ(probability("Ducks went to a town, and they were wet there."), 0);
}

TEST(TemplateGrammar, AmbiguityIsCounted) {
  const TemplateGrammar grammar = Compile("= s\n1 a{x}{y}\n= x\n1 b\n1 bc\n= y\n1 cd\n1 d\n");
  EXPECT_EQ(AllTexts(grammar).at("abcd").derivations, 2);
  EXPECT_EQ(grammar.Parse("abcd")->count, 2);
  EXPECT_EQ(grammar.Parse("abcd", 1)->count, 1);  // the limit
  EXPECT_EQ(grammar.Parse("abd")->count, 1);
  EXPECT_EQ(grammar.Parse("abcdd")->count, 0);
  EXPECT_EQ(grammar.Parse("abc")->count, 0);
  EXPECT_EQ(grammar.Parse("")->count, 0);
}

TEST(TemplateGrammar, ParsingIsBounded) {
  // 2^40 ways to fail at the last letter.
  std::string notation = "= s\n1 ";
  for (int i = 0; i < 40; ++i) notation += "{x}";
  notation += "!\n= x\n1 a\n1 {:y}\n= y\n1 a\n";
  const TemplateGrammar grammar = Compile(notation);
  const auto parsed = grammar.Parse(std::string(40, 'a') + "?", 16, 100'000);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(TemplateGrammar, GenerateReportsWhatTheGrammarForgot) {
  const auto first = [](const std::vector<int64_t>&, int64_t) { return 0; };
  const auto unbound = Compile("= s\n1 {y}{x:w}\n= w\n1 a\n= y\n1 {x}\n").Generate(first);
  ASSERT_FALSE(unbound.ok());
  EXPECT_THAT(Message(unbound.status()), HasSubstr("'x' is used before it is bound"));
  const auto none = Compile("= s\n1 {x:w}{y}\n= w\n1 a <t>\n= y\n1 ?!x#t b\n").Generate(first);
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(Message(none.status()), HasSubstr("no alternative of rule 'y'"));
}

TEST(TemplateGrammar, MistakesInTheNotationNameTheLine) {
  EXPECT_THAT(CompileError(""), HasSubstr("no rule"));
  EXPECT_THAT(CompileError("1 a\n"), HasSubstr("grammar line 1: expected '= rule' first"));
  EXPECT_THAT(CompileError("= s\nx a\n"), HasSubstr("grammar line 2: 'x' is not a weight"));
  EXPECT_THAT(CompileError("= s\n0 a\n"), HasSubstr("'0' is not a weight"));
  EXPECT_THAT(CompileError("= s\n9999999 a\n"), HasSubstr("is not a weight"));
  EXPECT_THAT(CompileError("= s\n1 {a\n"), HasSubstr("'{' without '}'"));
  EXPECT_THAT(CompileError("= s\n1 a>\n"), HasSubstr("'>' without '<'"));
  EXPECT_THAT(CompileError("= s\n1 {a b}\n"), HasSubstr("'{a b}' is not a reference"));
  EXPECT_THAT(CompileError("= s\n1 {a}\n"), HasSubstr("'a' is neither rule nor variable"));
  EXPECT_THAT(CompileError("= s\n1 {:a}\n"), HasSubstr("rule 'a' has no alternative"));
  EXPECT_THAT(CompileError("= s\n1 ?a b\n"), HasSubstr("variable 'a' is never bound"));
  EXPECT_THAT(CompileError("= s : c\n1 a\n"), HasSubstr("0 columns, expected 1"));
  EXPECT_THAT(CompileError("= s\n1 a\n= s\n1 b\n"), HasSubstr("rule 's' again"));
  EXPECT_THAT(CompileError("= s\n1 {x:w.c}\n= w\n1 a\n"), HasSubstr("rule 'w' has no attribute 'c'"));
  EXPECT_THAT(CompileError("forms a b\n: t | x\n= s\n1 a\n"),
              HasSubstr("grammar line 2: 1 forms, expected 2"));
  EXPECT_THAT(CompileError("= s\n1 a\nforms a b\n: t | x\n"), HasSubstr("1 forms, expected 2"));
}

}  // namespace
}  // namespace weft
