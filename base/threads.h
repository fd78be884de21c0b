// How many threads to use, and the one way to run a loop on them (OpenMP's team).
#pragma once
#include <cstdint>
#include <string>
#include <type_traits>

namespace weft {

// Processors this process may use: the affinity mask, cut by the cgroup's CPU quota (v1 and v2), >= 1.
int AvailableProcessors();

namespace internal {
using RangeFn = void (*)(void* context, int64_t begin, int64_t end, int thread);
void ParallelRanges(int64_t n, int threads, int64_t grain, RangeFn fn, void* context);

// Whole processors that the cgroup quota allows (at least 1), or 0 if there is none. `self_cgroup` is the
// text of /proc/self/cgroup, `mount` where the hierarchies are mounted ("/sys/fs/cgroup"). The smallest
// quota on the way up to the mount counts.
int CgroupProcessors(const std::string& self_cgroup, const std::string& mount);
}  // namespace internal

// Cuts [0, n) into at most `threads` contiguous ranges of at least `grain` items, the same for the same
// arguments, and calls body(begin, end, thread) for each, range k on thread k of the calling thread's OpenMP
// team. Allocates nothing. Runs inline when there is one range. Where OpenMP grants fewer threads (inside
// another parallel region) the ranges and their numbers stay the same and share the threads there are.
template <class Body>
void ParallelFor(int64_t n, int threads, int64_t grain, Body&& body) {
  using B = std::remove_reference_t<Body>;
  internal::ParallelRanges(
      n, threads, grain,
      [](void* context, int64_t begin, int64_t end, int thread) {
        (*static_cast<B*>(context))(begin, end, thread);
      },
      const_cast<void*>(static_cast<const void*>(&body)));
}

}  // namespace weft
