// Which bytes of which value lie at each address of one address space: what verify_plan replays calls on.
#pragma once
#include <cstdint>
#include <map>

namespace weft {

class ByteMap {
 public:
  static constexpr int32_t kNothing = -1;  // never written

  // Bytes [begin, end) now hold owner's bytes from `owner_byte` on.
  void Write(int64_t begin, int64_t end, int32_t owner, int64_t owner_byte);

  struct Found {
    bool ok = true;
    int64_t address = 0;       // the first byte that holds something else
    int32_t owner = kNothing;  // what it holds
    bool same_owner = false;   // the right value, but another part of it
  };
  // Whether [begin, end) hold owner's bytes from `owner_byte` on.
  Found Check(int64_t begin, int64_t end, int32_t owner, int64_t owner_byte) const;

 private:
  struct Segment {
    int64_t end;
    int32_t owner;
    int64_t delta;  // address - the owner's byte there
  };
  std::map<int64_t, Segment>::iterator Cut(int64_t address);
  std::map<int64_t, Segment> segments_;  // by first address; disjoint
};

}  // namespace weft
