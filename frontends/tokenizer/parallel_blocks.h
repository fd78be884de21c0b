// Blocks of text handled by several threads: each reads the next block when it is done with its last, so
// reading (and splitting, where a pattern must) is one thread's at a time and all else is parallel.
#pragma once
#include <cstdint>
#include <functional>
#include <span>

#include "base/status.h"
#include "frontends/tokenizer/run_control.h"
#include "frontends/tokenizer/text_blocks.h"

namespace weft {

// work(thread, block) for every block, in any order, on `threads` threads, the caller's among them. The first
// error ends the run. Progress counts bytes, under the name `stage`.
Status ForEachBlock(TextBlocks* blocks, int threads, std::string_view stage, const RunControl& control,
                    const std::function<Status(int thread, const TextBlock& block)>& work);

// encode(thread, block, ids) for every block, in parallel; sink(ids) for each in the order of the text, one
// at a time, from any of the threads. At most two blocks a thread are held.
Status EncodeBlocks(TextBlocks* blocks, int threads, const RunControl& control,
                    const std::function<Status(int, const TextBlock&, std::vector<uint32_t>*)>& encode,
                    const std::function<Status(std::span<const uint32_t>)>& sink);

}  // namespace weft
