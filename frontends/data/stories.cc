#include "frontends/data/stories.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/threads.h"
#include "frontends/data/random_below.h"
#include "frontends/data/separator.h"
#include "frontends/data/story_grammar.h"

namespace weft {
namespace {

constexpr uint32_t kStoryStream = 0x73746f72;  // "stor": the random stream of story choices
constexpr int64_t kBlock = 4096;               // stories made before they are written

TemplateGrammar CompileStoryGrammar() {
  StatusOr<TemplateGrammar> grammar =
      TemplateGrammar::Compile(std::string(kStoryPlots) + std::string(kStoryWords));
  WEFT_CHECK(grammar.ok(), "{}", Message(grammar.status()));
  return *std::move(grammar);
}

}  // namespace

const TemplateGrammar& StoryGrammar() {
  static const TemplateGrammar grammar = CompileStoryGrammar();
  return grammar;
}

Story MakeStory(uint64_t seed, uint32_t index) {
  uint32_t choice = 0;
  const auto choose = [&](const std::vector<int64_t>& weights, int64_t total) {
    auto left = static_cast<int64_t>(
        RandomBelow({seed, choice++, kStoryStream}, index, static_cast<uint64_t>(total)));
    int taken = 0;
    while (left >= weights[static_cast<size_t>(taken)]) left -= weights[static_cast<size_t>(taken++)];
    return taken;
  };
  Story story;
  StatusOr<std::string> text = StoryGrammar().Generate(choose, &story.derivation);
  WEFT_CHECK(text.ok(), "{}", Message(text.status()));
  story.text = *std::move(text);
  return story;
}

StatusOr<TemplateGrammar::Derivation> ParseStory(std::string_view text) {
  WEFT_ASSIGN_OR_RETURN(TemplateGrammar::Parsed parsed, StoryGrammar().Parse(text));
  if (parsed.count == 0) return NotFound("the text is not a story of the grammar");
  if (parsed.count > 1) return Internal("the story has {} derivations, expected 1", parsed.count);
  return std::move(parsed.derivation);
}

std::optional<double> StoryNats(std::string_view document) {
  if (document.ends_with('\n')) document.remove_suffix(1);
  const StatusOr<TemplateGrammar::Derivation> derivation = ParseStory(document);
  if (!derivation.ok()) return std::nullopt;
  return derivation->nats;
}

double StoryTotals::BitsPerByte() const {
  return bytes == 0 ? 0 : nats / std::log(2.0) / static_cast<double>(bytes);
}

StatusOr<StoryTotals> StreamStories(uint64_t seed, int64_t count, int threads,
                                    const std::function<Status(std::string_view)>& sink,
                                    const std::function<void(int64_t)>& progress) {
  if (count < 1 || count > UINT32_MAX) {
    return InvalidArgument("number of stories is {}, expected 1 to {}", count, UINT32_MAX);
  }
  StoryTotals totals;
  std::vector<Story> stories(static_cast<size_t>(std::min(kBlock, count)));
  for (int64_t first = 0; first < count; first += kBlock) {
    WEFT_RETURN_IF_ERROR(CheckInterrupt());
    const int64_t here = std::min(kBlock, count - first);
    ParallelFor(here, threads, 64, [&](int64_t begin, int64_t end, int) {
      for (int64_t i = begin; i < end; ++i) {
        stories[static_cast<size_t>(i)] = MakeStory(seed, static_cast<uint32_t>(first + i));
      }
    });
    for (int64_t i = 0; i < here; ++i) {
      const Story& story = stories[static_cast<size_t>(i)];
      WEFT_RETURN_IF_ERROR(sink(story.text));
      WEFT_RETURN_IF_ERROR(sink("\n"));
      WEFT_RETURN_IF_ERROR(sink(kDocumentSeparator));
      WEFT_RETURN_IF_ERROR(sink("\n"));
      ++totals.stories;
      totals.bytes += static_cast<int64_t>(story.text.size());
      totals.nats += story.nats();
    }
    if (progress) progress(first + here);
  }
  return totals;
}

std::string StoryDescriptionPath(const std::string& path) {
  const size_t slash = path.rfind('/');
  const size_t dot = path.rfind('.');
  const bool has_extension =
      dot != std::string::npos && dot != 0 && (slash == std::string::npos || dot > slash + 1);
  const std::string extension = has_extension ? path.substr(dot) : "";
  return (extension == ".txt" ? path.substr(0, dot) : path) + ".json";
}

StatusOr<StoryTotals> WriteStories(const StoryFileOptions& options,
                                   const std::function<void(int64_t)>& progress) {
  WEFT_ASSIGN_OR_RETURN(FileWriter file, FileWriter::Create(options.path));
  WEFT_ASSIGN_OR_RETURN(const StoryTotals totals,
                        StreamStories(
                            options.seed, options.count, options.threads,
                            [&](std::string_view text) { return file.Write(text); }, progress));
  WEFT_RETURN_IF_ERROR(file.Commit());
  const Json description = {{"stories", totals.stories},
                            {"seed", options.seed},
                            {"bytes", totals.bytes},
                            {"nats", totals.nats},
                            {"nats_per_byte", totals.nats / static_cast<double>(totals.bytes)},
                            {"bits_per_byte", totals.BitsPerByte()},
                            {"separator", kDocumentSeparator}};
  WEFT_RETURN_IF_ERROR(WriteJsonFile(StoryDescriptionPath(options.path), description));
  return totals;
}

}  // namespace weft
