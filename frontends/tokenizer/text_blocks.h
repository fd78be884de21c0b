// Text of any length in blocks that can be tokenized on their own: files are read a few megabytes at a time
// and cut where no pre-token and no special token reaches across, so that memory does not grow with the
// file. Each file is a text of its own: nothing reaches from one into the next.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "frontends/tokenizer/pretokenizer.h"

namespace weft {

// Uninitialised memory that grows.
class ByteBuffer {
 public:
  void Reserve(size_t capacity);  // keeps the first size() bytes
  void Append(std::string_view bytes);
  char* data() { return data_.get(); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  void set_size(size_t size) { size_ = size; }
  std::string_view text() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  size_t size_ = 0, capacity_ = 0;
};

struct TextBlock {
  int64_t index = 0;   // 0, 1, 2, ... in the order of the text
  int64_t offset = 0;  // bytes of the source before it
  ByteBuffer buffer;
  size_t begin = 0;         // buffer.text()[begin..] is the block's text
  bool split = false;       // spans (offsets into buffer) are its pre-tokens; else they are the reader's to
  std::vector<Span> spans;  // find with PatternScanner
  std::string_view text() const { return buffer.text().substr(begin); }
};

class TextBlocks {
 public:
  // No block is longer than `block_bytes` but where a single pre-token is.
  TextBlocks(const PreTokenizer& pretokenizer, const SpecialTokenFinder& specials, size_t block_bytes);
  ~TextBlocks();
  TextBlocks(const TextBlocks&) = delete;
  TextBlocks& operator=(const TextBlocks&) = delete;

  // The sources; call one before Next. Errors: a file that cannot be opened, a directory.
  Status OpenFiles(std::vector<std::string> paths);
  void OpenMemory(std::string_view text);

  // Bytes of all sources, -1 where that is not known (a pipe).
  int64_t total_bytes() const { return total_bytes_; }

  // Bytes of text in the blocks given so far.
  int64_t bytes_given() const { return offset_; }

  // Fills `block`, reusing its memory. False at the end. Errors: a read that fails, a pattern that fails, a
  // stretch of more than kMaxUncut bytes without a place to cut.
  StatusOr<bool> Next(TextBlock* block);

  static constexpr size_t kMaxUncut = size_t{256} << 20;

 private:
  Status NextFile();
  StatusOr<size_t> Read(char* to, size_t size);  // 0 at the end of the source
  Status Fill(TextBlock* block);
  StatusOr<size_t> Cut(TextBlock* block);
  Status Located(const Status& status) const;  // names the file

  const PreTokenizer& pretokenizer_;
  const SpecialTokenFinder& specials_;
  const size_t block_bytes_;
  std::vector<std::string> paths_;
  size_t next_path_ = 0;
  int fd_ = -1;
  std::string_view memory_;
  int64_t total_bytes_ = 0;

  std::string carry_;       // read, but not yet given out; its first position_.context bytes were
  SplitPosition position_;  // where carry_ goes on
  bool source_done_ = true;
  int64_t offset_ = 0;
  int64_t index_ = 0;
};

// The last position of `text` in [from, text.size()) where it may be cut (see PatternScanner::MayCut) outside
// of special tokens; 0 if there is none.
size_t LastCut(std::string_view text, size_t from, const NamedPattern& pattern,
               const SpecialTokenFinder& specials);

}  // namespace weft
