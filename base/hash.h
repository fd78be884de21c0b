// Hashes that are the same on every machine and in every run (absl::Hash is not).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"

namespace weft {

inline constexpr uint64_t kFnvBasis = 0xcbf29ce484222325;

// FNV-1a, 64 bits: for short keys and for folding values together (pass the last result as `hash`).
constexpr uint64_t Fnv1a(std::string_view text, uint64_t hash = kFnvBasis) {
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

// XXH64 with seed 0 (Collet's published specification): for contents of files, several bytes a cycle.
// `xxhsum -H64 FILE` prints the same 16 digits. Not meant against forgery.
class ContentHash {
 public:
  void Add(const void* data, size_t size);
  void Add(std::span<const std::byte> bytes) { Add(bytes.data(), bytes.size()); }
  uint64_t Value() const;  // of all bytes added so far

 private:
  static constexpr size_t kStripe = 32;
  void Stripe(const unsigned char* data);
  uint64_t lanes_[4] = {0x60ea27eeadc0b5d6, 0xc2b2ae3d27d4eb4f, 0, 0x61c8864e7a143579};
  unsigned char tail_[kStripe] = {};  // total_ % 32 bytes not hashed yet
  uint64_t total_ = 0;
};

uint64_t HashContents(std::span<const std::byte> bytes);
// Reads a regular file once, without keeping it in memory.
StatusOr<uint64_t> HashFile(const std::string& path);
// 16 lower-case hexadecimal digits.
std::string HashText(uint64_t hash);

}  // namespace weft
