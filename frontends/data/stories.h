// Children's stories from a grammar of our own (story_plots.cc, story_words.cc), as many as one likes, each
// with its exact negative log-probability: a floor that a model may approach and never honestly beat.
//
// A hero, a friend and a toy are introduced; in one of seven plots something happens because of something (a
// toy is lost or not shared, an animal needs help, a vase breaks, a fear, too many cookies, a birthday); the
// names, objects, colors, places and feelings come back, pronouns and verbs agree. Each text has exactly one
// derivation, so its probability is that of the derivation: the product of its choices' probabilities.
// That the text ends where it ends is part of the derivation: the end of document adds 0 nats.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "frontends/data/template_grammar.h"

namespace weft {

struct Story {
  std::string text;  // three paragraphs, without a newline at the end
  TemplateGrammar::Derivation derivation;
  double nats() const { return derivation.nats; }  // -ln P(text)
};

const TemplateGrammar& StoryGrammar();

// Story `index` of `seed`: a function of the two alone.
Story MakeStory(uint64_t seed, uint32_t index);

// The story's one derivation, with -ln P(text). NotFound if the text is not one of the grammar's; Internal if
// it had several.
StatusOr<TemplateGrammar::Derivation> ParseStory(std::string_view text);

// -ln P of a document, for PrepareOptions::document_nats: nothing if it is not a story. A newline at the end
// (of the line before the separator) is allowed and costs nothing: it is always there.
std::optional<double> StoryNats(std::string_view document);

struct StoryTotals {
  int64_t stories = 0;
  int64_t bytes = 0;  // of the texts, separators not counted
  double nats = 0;
  double BitsPerByte() const;
};

struct StoryFileOptions {
  std::string path;  // the stories; their description goes beside it, with .json in place of .txt
  int64_t count = 10'000;
  uint64_t seed = 0;
  int threads = 1;
};

// Writes stories 0 to count-1 of the seed, each followed by a newline and a line "<|endoftext|>". The file,
// and then its description, appear whole or not at all, the same for any number of threads.
// `progress`, if set, is called with the number of stories so far.
StatusOr<StoryTotals> WriteStories(const StoryFileOptions& options,
                                   const std::function<void(int64_t)>& progress = nullptr);
// The same text handed to `sink` piece by piece.
StatusOr<StoryTotals> StreamStories(uint64_t seed, int64_t count, int threads,
                                    const std::function<Status(std::string_view)>& sink,
                                    const std::function<void(int64_t)>& progress = nullptr);
// Where WriteStories puts the description: "stories.txt" -> "stories.json".
std::string StoryDescriptionPath(const std::string& path);

}  // namespace weft
