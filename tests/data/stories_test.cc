#include "frontends/data/stories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "base/json.h"
#include "frontends/data/separator.h"
#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using testing::HasSubstr;

int64_t Words(std::string_view text) {
  int64_t words = 1;
  for (const char c : text) words += c == ' ' || c == '\n';
  return words;
}

TEST(Stories, ParseBackIntoTheirOneDerivation) {
  for (uint32_t i = 0; i < 1500; ++i) {
    const Story story = MakeStory(11, i);
    // All alternatives at all choices are tried: exactly one way leads to the text.
    const auto parsed = StoryGrammar().Parse(story.text);
    ASSERT_TRUE(parsed.ok()) << Message(parsed.status());
    ASSERT_EQ(parsed->count, 1) << story.text;
    ASSERT_EQ(parsed->derivation.choices, story.derivation.choices) << story.text;
    ASSERT_EQ(parsed->derivation.nats, story.nats());
    const auto derivation = ParseStory(story.text);
    ASSERT_TRUE(derivation.ok());
    ASSERT_EQ(*derivation, story.derivation);
  }
}

TEST(Stories, WhatIsNoStoryIsRefused) {
  const std::string text = MakeStory(1, 1).text;
  EXPECT_EQ(ParseStory("").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ParseStory("Once upon a time, there was").status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(ParseStory(text + "\n").ok());
  EXPECT_FALSE(ParseStory(text + " ").ok());
  EXPECT_FALSE(ParseStory(text.substr(0, text.size() - 1)).ok());
  EXPECT_FALSE(ParseStory(text.substr(1)).ok());
  // One letter changed anywhere: never again a story, unless it happens to be another choice.
  int stories = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    stories += ParseStory(changed).ok();
  }
  EXPECT_LE(stories, 2);
}

TEST(Stories, DependOnSeedAndIndexAlone) {
  std::set<std::string> texts;
  for (uint32_t i = 0; i < 2000; ++i) texts.insert(MakeStory(7, i).text);
  EXPECT_EQ(texts.size(), 2000u);  // none twice
  EXPECT_EQ(MakeStory(7, 1234).text, MakeStory(7, 1234).text);
  EXPECT_NE(MakeStory(7, 0).text, MakeStory(8, 0).text);
  EXPECT_NE(MakeStory(7, 0).text, MakeStory(7, 1).text);
}

// The floor's honesty: choices are drawn with the probabilities that nats are computed from. -ln p of a
// choice has the entropy of that choice as its mean, so the sum of their differences over all choices met in
// many stories is 0 but for chance.
TEST(Stories, ChoicesAreDrawnWithTheirProbabilities) {
  double difference = 0, variance = 0;
  int64_t choices = 0;
  for (uint32_t i = 0; i < 1500; ++i) {
    const Story story = MakeStory(3, i);
    size_t next = 0;
    double nats = 0;
    const auto replay = [&](const std::vector<int64_t>& weights, int64_t total) {
      const int taken = story.derivation.choices[next++];
      double entropy = 0, square = 0, sum = 0;
      for (size_t k = 0; k < weights.size(); ++k) {
        const double p = static_cast<double>(weights[k]) / static_cast<double>(total);
        sum += p;
        entropy -= p * std::log(p);
        square += p * std::log(p) * std::log(p);
        if (static_cast<int>(k) == taken) nats -= std::log(p);
      }
      EXPECT_NEAR(sum, 1, 1e-12);  // the alternatives at a choice share all of its probability
      difference -= entropy;
      variance += square - entropy * entropy;
      ++choices;
      return taken;
    };
    ASSERT_EQ(*StoryGrammar().Generate(replay), story.text);
    EXPECT_EQ(next, story.derivation.choices.size());
    EXPECT_NEAR(nats, story.nats(), 1e-9);
    difference += nats;
  }
  EXPECT_GT(choices, 50'000);
  EXPECT_LT(std::abs(difference), 5 * std::sqrt(variance));
}

TEST(Stories, TwoSeedsAgreeAboutTheEntropy) {
  constexpr int kStories = 4000;
  std::array<double, 2> mean = {}, square = {};
  for (uint32_t i = 0; i < kStories; ++i) {
    for (size_t seed = 0; seed < 2; ++seed) {
      const double nats = MakeStory(seed, i).nats();
      mean[seed] += nats / kStories;
      square[seed] += nats * nats / kStories;
    }
  }
  const double variance = square[0] - mean[0] * mean[0] + square[1] - mean[1] * mean[1];
  EXPECT_LT(std::abs(mean[0] - mean[1]), 5 * std::sqrt(variance / kStories));
}

TEST(Stories, LengthAndEntropy) {
  StoryTotals totals;
  double words = 0, smallest = 1e9, largest = 0;
  for (uint32_t i = 0; i < 2000; ++i) {
    const Story story = MakeStory(5, i);
    const auto n = static_cast<double>(Words(story.text));
    words += n;
    smallest = std::min(smallest, n);
    largest = std::max(largest, n);
    totals.bytes += static_cast<int64_t>(story.text.size());
    totals.nats += story.nats();
    EXPECT_EQ(story.text.find("  "), std::string::npos) << story.text;
    EXPECT_EQ(story.text.find_first_of("{}<>|_"), std::string::npos) << story.text;
    EXPECT_EQ(std::count(story.text.begin(), story.text.end(), '\n'), 2) << story.text;
    EXPECT_EQ(std::count(story.text.begin(), story.text.end(), '"') % 2, 0) << story.text;
  }
  EXPECT_GT(words / 2000, 80);
  EXPECT_LT(words / 2000, 200);
  EXPECT_GT(smallest, 50);
  EXPECT_LT(largest, 260);
  EXPECT_GT(totals.BitsPerByte(), 0.2);
  EXPECT_LT(totals.BitsPerByte(), 0.45);
}

TEST(Stories, FileIsTheSameForAnyNumberOfThreads) {
  TemporaryDirectory directory;
  StoryFileOptions options;
  options.count = 5000;
  options.seed = 9;
  options.path = directory / "one.txt";
  const auto one = WriteStories(options);
  ASSERT_TRUE(one.ok()) << Message(one.status());
  options.path = directory / "three.txt";
  options.threads = 3;
  int64_t told = 0;
  const auto three = WriteStories(options, [&](int64_t stories) { told = stories; });
  ASSERT_TRUE(three.ok());
  EXPECT_EQ(told, 5000);
  const std::string text = *ReadFile(directory / "one.txt");
  EXPECT_EQ(text, *ReadFile(directory / "three.txt"));
  EXPECT_EQ(*ReadFile(directory / "one.json"), *ReadFile(directory / "three.json"));

  DocumentReader reader(text, kDocumentSeparator);
  uint32_t index = 0;
  int64_t bytes = 0;
  double nats = 0;
  for (std::string_view document; reader.Next(&document); ++index) {
    const Story story = MakeStory(9, index);
    ASSERT_EQ(document, story.text);
    bytes += static_cast<int64_t>(document.size());
    nats += story.nats();
  }
  EXPECT_EQ(index, 5000u);
  const Json json = *ReadJsonFile(directory / "one.json");
  EXPECT_EQ(json["stories"], 5000);
  EXPECT_EQ(json["seed"], 9);
  EXPECT_EQ(json["bytes"], bytes);
  EXPECT_NEAR(json["nats"].get<double>(), nats, 1e-6);
  EXPECT_NEAR(json["bits_per_byte"].get<double>(), nats / std::log(2.0) / static_cast<double>(bytes), 1e-12);
}

TEST(Stories, Refusals) {
  TemporaryDirectory directory;
  StoryFileOptions options;
  options.path = directory / "a.txt";
  options.count = 0;
  EXPECT_THAT(Message(WriteStories(options).status()), HasSubstr("number of stories is 0"));
  EXPECT_FALSE(Exists(options.path));
  options.count = 1;
  options.path = directory / "none" + "/a.txt";
  EXPECT_FALSE(WriteStories(options).ok());
  options.path = directory.path();
  EXPECT_FALSE(WriteStories(options).ok());
}

TEST(Stories, DescriptionPath) {
  EXPECT_EQ(StoryDescriptionPath("stories.txt"), "stories.json");
  EXPECT_EQ(StoryDescriptionPath("a.b/stories"), "a.b/stories.json");
  EXPECT_EQ(StoryDescriptionPath("stories.data"), "stories.data.json");
  EXPECT_EQ(StoryDescriptionPath("x/.txt"), "x/.txt.json");
}

}  // namespace
}  // namespace weft
