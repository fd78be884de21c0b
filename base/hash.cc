#include "base/hash.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/file.h"

namespace weft {
namespace {

constexpr uint64_t kPrime1 = 0x9e3779b185ebca87;
constexpr uint64_t kPrime2 = 0xc2b2ae3d27d4eb4f;
constexpr uint64_t kPrime3 = 0x165667b19e3779f9;
constexpr uint64_t kPrime4 = 0x85ebca77c2b2ae63;
constexpr uint64_t kPrime5 = 0x27d4eb2f165667c5;
// The lanes' initial values in the header: P1 + P2, P2, 0, -P1 (modulo 2^64).
static_assert(kPrime1 + kPrime2 == 0x60ea27eeadc0b5d6 && 0 - kPrime1 == 0x61c8864e7a143579);
static_assert(std::endian::native == std::endian::little);

template <class T>
T Load(const unsigned char* data) {
  T value;
  std::memcpy(&value, data, sizeof(T));
  return value;
}

uint64_t Round(uint64_t lane, uint64_t input) { return std::rotl(lane + input * kPrime2, 31) * kPrime1; }

uint64_t MergeLane(uint64_t hash, uint64_t lane) { return (hash ^ Round(0, lane)) * kPrime1 + kPrime4; }

uint64_t Avalanche(uint64_t hash) {
  hash = (hash ^ (hash >> 33)) * kPrime2;
  hash = (hash ^ (hash >> 29)) * kPrime3;
  return hash ^ (hash >> 32);
}

}  // namespace

void ContentHash::Stripe(const unsigned char* data) {
  for (int i = 0; i < 4; ++i) lanes_[i] = Round(lanes_[i], Load<uint64_t>(data + 8 * i));
}

void ContentHash::Add(const void* data, size_t size) {
  if (size == 0) return;
  const auto* bytes = static_cast<const unsigned char*>(data);
  const size_t held = total_ % kStripe;
  total_ += size;
  if (held > 0) {
    const size_t take = std::min(size, kStripe - held);
    std::memcpy(tail_ + held, bytes, take);
    bytes += take;
    size -= take;
    if (held + take < kStripe) return;
    Stripe(tail_);
  }
  for (; size >= kStripe; bytes += kStripe, size -= kStripe) Stripe(bytes);
  if (size > 0) std::memcpy(tail_, bytes, size);
}

uint64_t ContentHash::Value() const {
  uint64_t hash = kPrime5;  // no full stripe yet: the lanes say nothing
  if (total_ >= kStripe) {
    hash = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) +
           std::rotl(lanes_[3], 18);
    for (const uint64_t lane : lanes_) hash = MergeLane(hash, lane);
  }
  hash += total_;
  const unsigned char* at = tail_;
  const unsigned char* end = tail_ + total_ % kStripe;
  for (; end - at >= 8; at += 8)
    hash = std::rotl(hash ^ Round(0, Load<uint64_t>(at)), 27) * kPrime1 + kPrime4;
  if (end - at >= 4) {
    hash = std::rotl(hash ^ (Load<uint32_t>(at) * kPrime1), 23) * kPrime2 + kPrime3;
    at += 4;
  }
  for (; at < end; ++at) hash = std::rotl(hash ^ (*at * kPrime5), 11) * kPrime1;
  return Avalanche(hash);
}

uint64_t HashContents(std::span<const std::byte> bytes) {
  ContentHash hash;
  hash.Add(bytes);
  return hash.Value();
}

StatusOr<uint64_t> HashFile(const std::string& path) {
  constexpr size_t kPiece = size_t{16} << 20;
  WEFT_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  const std::span<const std::byte> bytes = file->bytes();
  ContentHash hash;
  for (size_t at = 0; at < bytes.size(); at += kPiece) {
    hash.Add(bytes.subspan(at, std::min(kPiece, bytes.size() - at)));
    file->DropPages(at, kPiece);
  }
  return hash.Value();
}

std::string HashText(uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace weft
