#include "frontends/tokenizer/text_blocks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/file_internal.h"

namespace weft {
namespace {

// The class of the character that ends at `end`; kInvalid if none does.
CharClass ClassBefore(const uint8_t* begin, const uint8_t* end) {
  const CharClasses& classes = CharClasses::Get();
  for (int n = 1; n <= 4 && end - begin >= n; ++n) {
    if ((end[-n] & 0xC0) == 0x80) continue;
    int length = 0;
    const CharClass c = classes.At(end - n, end, &length);
    return length == n ? c : CharClass::kInvalid;
  }
  return CharClass::kInvalid;
}

// Whether a well-formed character begins before `at` and ends after it.
bool InsideCharacter(const uint8_t* begin, const uint8_t* at, const uint8_t* end) {
  if ((*at & 0xC0) != 0x80) return false;
  uint32_t code = 0;
  for (int n = 1; n <= 3 && at - begin >= n; ++n) {
    if ((at[-n] & 0xC0) != 0x80) return DecodeUtf8(at - n, end, &code) > n;
  }
  return false;
}

}  // namespace

void ByteBuffer::Reserve(size_t capacity) {
  if (capacity <= capacity_) return;
  auto data = std::make_unique_for_overwrite<char[]>(capacity);
  if (size_ > 0) std::memcpy(data.get(), data_.get(), size_);
  data_ = std::move(data);
  capacity_ = capacity;
}

void ByteBuffer::Append(std::string_view bytes) {
  Reserve(size_ + bytes.size());
  if (!bytes.empty()) std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

size_t LastCut(std::string_view text, size_t from, const NamedPattern& pattern,
               const SpecialTokenFinder& specials) {
  const auto* begin = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = begin + text.size();
  const CharClasses& classes = CharClasses::Get();
  const size_t undecided = std::max<size_t>(specials.max_length(), 4);  // what follows could change it
  if (text.size() <= undecided) return 0;
  for (size_t at = text.size() - undecided; at > from; --at) {
    if (InsideCharacter(begin, begin + at, end)) continue;
    int length = 0;
    const CharClass before = ClassBefore(begin, begin + at);
    const CharClass after = classes.At(begin + at, end, &length);
    const bool cut = pattern.gpt4 ? PatternScanner<true>::MayCut(before, after)
                                  : PatternScanner<false>::MayCut(before, after);
    if (cut && !specials.Straddles(text, at)) return at;
  }
  return 0;
}

TextBlocks::TextBlocks(const PreTokenizer& pretokenizer, const SpecialTokenFinder& specials,
                       size_t block_bytes)
    : pretokenizer_(pretokenizer), specials_(specials), block_bytes_(block_bytes) {}

TextBlocks::~TextBlocks() {
  if (fd_ >= 0) close(fd_);
}

Status TextBlocks::OpenFiles(std::vector<std::string> paths) {
  paths_ = std::move(paths);
  for (const std::string& path : paths_) {
    struct stat info;
    if (stat(path.c_str(), &info) != 0) return internal::SystemError("open", path, errno);
    if (S_ISDIR(info.st_mode)) return InvalidArgument("'{}' is a directory, expected a file", path);
    if (!S_ISREG(info.st_mode)) total_bytes_ = -1;
    if (total_bytes_ >= 0) total_bytes_ += info.st_size;
  }
  return OkStatus();
}

void TextBlocks::OpenMemory(std::string_view text) {
  memory_ = text;
  total_bytes_ = static_cast<int64_t>(text.size());
  source_done_ = text.empty();
}

Status TextBlocks::NextFile() {
  if (fd_ >= 0) close(fd_);
  const std::string& path = paths_[next_path_++];
  fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) return internal::SystemError("open", path, errno);
  source_done_ = false;
  position_ = {};
  return OkStatus();
}

StatusOr<size_t> TextBlocks::Read(char* to, size_t size) {
  if (fd_ < 0) {
    const size_t n = std::min(size, memory_.size());
    if (n > 0) std::memcpy(to, memory_.data(), n);
    memory_.remove_prefix(n);
    return n;
  }
  for (;;) {
    const ssize_t n = read(fd_, to, size);
    if (n >= 0) return static_cast<size_t>(n);
    if (errno != EINTR) return internal::SystemError("read", paths_[next_path_ - 1], errno);
  }
}

// Fills the block's buffer up to its capacity, or to the end of the source.
Status TextBlocks::Fill(TextBlock* block) {
  ByteBuffer& buffer = block->buffer;
  while (!source_done_ && buffer.size() < buffer.capacity()) {
    WEFT_ASSIGN_OR_RETURN(const size_t n,
                          Read(buffer.data() + buffer.size(), buffer.capacity() - buffer.size()));
    source_done_ = n == 0;
    buffer.set_size(buffer.size() + n);
  }
  return OkStatus();
}

// Where the block's text ends: all pre-tokens before are certain. 0 if more text is needed first.
StatusOr<size_t> TextBlocks::Cut(TextBlock* block) {
  const std::string_view text = block->buffer.text();
  if (!block->split) {
    if (source_done_) return text.size();
    return LastCut(text, 0, *pretokenizer_.named(), specials_);
  }
  SplitPosition position = position_;
  block->spans.clear();
  WEFT_RETURN_IF_ERROR(pretokenizer_.Split(text, source_done_, specials_, &position, &block->spans));
  if (position.begin == position_.begin && !source_done_) return size_t{0};
  position_ = position;
  return position.begin;
}

Status TextBlocks::Located(const Status& status) const {
  return fd_ >= 0 ? Prefix(paths_[next_path_ - 1], status) : status;
}

StatusOr<bool> TextBlocks::Next(TextBlock* block) {
  while (carry_.size() == position_.begin && source_done_) {
    carry_.clear();
    if (next_path_ == paths_.size()) return false;
    WEFT_RETURN_IF_ERROR(NextFile());
    position_ = {};
  }
  block->index = index_++;
  block->offset = offset_;
  block->split = !pretokenizer_.named().has_value();
  block->begin = position_.begin;
  block->buffer.set_size(0);
  block->buffer.Reserve(std::max(block_bytes_, carry_.size()));
  block->buffer.Append(carry_);
  for (;;) {
    WEFT_RETURN_IF_ERROR(Fill(block));
    const StatusOr<size_t> cut = Cut(block);
    if (!cut.ok()) return Located(cut.status());
    const size_t end = *cut;
    if (end == 0 && !source_done_) {
      if (block->buffer.size() > kMaxUncut) {
        return Located(ResourceExhausted(
            "no place to cut in the {} bytes at offset {}: expected pre-tokens of at most {} bytes",
            block->buffer.size(), offset_, kMaxUncut));
      }
      block->buffer.Reserve(2 * block->buffer.capacity());
      continue;
    }
    carry_ = block->buffer.text().substr(end - position_.context);
    position_.begin = position_.context;
    block->buffer.set_size(end);
    offset_ += static_cast<int64_t>(end - block->begin);
    return true;
  }
}

}  // namespace weft
