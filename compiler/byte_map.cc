#include "compiler/byte_map.h"

#include <iterator>

namespace weft {

// The first segment that begins at or after `address`, once the one that crosses it is cut in two.
std::map<int64_t, ByteMap::Segment>::iterator ByteMap::Cut(int64_t address) {
  auto it = segments_.lower_bound(address);
  if (it == segments_.begin()) return it;
  const auto before = std::prev(it);
  if (before->second.end <= address) return it;
  it = segments_.emplace_hint(it, address, before->second);
  before->second.end = address;
  return it;
}

void ByteMap::Write(int64_t begin, int64_t end, int32_t owner, int64_t owner_byte) {
  if (begin >= end) return;
  auto it = Cut(begin);
  while (it != segments_.end() && it->first < end) {
    if (it->second.end > end) {
      Cut(end);
    }
    it = segments_.erase(it);
  }
  const int64_t delta = begin - owner_byte;
  if (it != segments_.begin()) {  // rows written one after the other become one segment
    const auto before = std::prev(it);
    if (before->second.end == begin && before->second.owner == owner && before->second.delta == delta) {
      before->second.end = end;
      return;
    }
  }
  segments_.emplace_hint(it, begin, Segment{end, owner, delta});
}

ByteMap::Found ByteMap::Check(int64_t begin, int64_t end, int32_t owner, int64_t owner_byte) const {
  if (begin >= end) return {};
  auto it = segments_.upper_bound(begin);
  if (it != segments_.begin()) --it;
  for (int64_t at = begin; at < end; ++it) {
    if (it == segments_.end() || it->first > at || it->second.end <= at) return {false, at, kNothing, false};
    const Segment& segment = it->second;
    if (segment.owner != owner) return {false, at, segment.owner, false};
    if (segment.delta != begin - owner_byte) return {false, at, segment.owner, true};
    at = segment.end;
  }
  return {};
}

}  // namespace weft
