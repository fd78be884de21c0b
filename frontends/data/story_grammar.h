// The text of the story grammar, in the notation of template_grammar.h: kStoryPlots, which begins with the
// start rule, then kStoryWords.
#pragma once
#include <string_view>

namespace weft {

extern const std::string_view kStoryPlots;
extern const std::string_view kStoryWords;

}  // namespace weft
