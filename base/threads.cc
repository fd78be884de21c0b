#include "base/threads.h"

#include <omp.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/file.h"

namespace weft {
namespace {

int AffinityProcessors() {
  // The kernel's mask may be wider than cpu_set_t: try larger sets until it fits.
  for (int processors = 1024; processors <= (1 << 20); processors *= 4) {
    cpu_set_t* set = CPU_ALLOC(processors);
    if (set == nullptr) break;
    const size_t size = CPU_ALLOC_SIZE(processors);
    const int count = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (count > 0) return count;
  }
  return static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
}

std::optional<int64_t> LeadingNumber(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::optional<int64_t> NumberIn(const std::string& path) {
  const StatusOr<std::string> text = ReadFile(path, 4096);
  return text.ok() ? LeadingNumber(*text) : std::nullopt;
}

int Whole(std::optional<int64_t> quota, std::optional<int64_t> period) {
  if (!quota || !period || *quota <= 0 || *period <= 0) return 0;  // v1 writes -1 for no quota
  return static_cast<int>(std::clamp<int64_t>(*quota / *period, 1, 1 << 20));
}

int QuotaV1(const std::string& directory) {
  return Whole(NumberIn(directory + "/cpu.cfs_quota_us"), NumberIn(directory + "/cpu.cfs_period_us"));
}

// cpu.max holds "QUOTA PERIOD" or "max PERIOD".
int QuotaV2(const std::string& directory) {
  const StatusOr<std::string> text = ReadFile(directory + "/cpu.max", 4096);
  if (!text.ok()) return 0;
  const size_t space = text->find(' ');
  if (space == std::string::npos) return 0;
  return Whole(LeadingNumber(*text), LeadingNumber(std::string_view(*text).substr(space + 1)));
}

int Smaller(int a, int b) { return a == 0 ? b : b == 0 ? a : std::min(a, b); }

// Walks from mount/group up to mount itself; a container may see its own group only as the root.
int SmallestQuota(const std::string& mount, std::string group, int (*quota)(const std::string&)) {
  int smallest = 0;
  for (;;) {
    while (!group.empty() && group.back() == '/') group.pop_back();
    smallest = Smaller(smallest, quota(mount + group));
    const size_t slash = group.rfind('/');
    if (slash == std::string::npos) return smallest;
    group.resize(slash);
  }
}

bool ListHas(std::string_view list, std::string_view item) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    if (list.substr(0, comma) == item) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace

namespace internal {

int CgroupProcessors(const std::string& self_cgroup, const std::string& mount) {
  int smallest = 0;
  std::string_view rest = self_cgroup;
  while (!rest.empty()) {  // lines "ID:CONTROLLERS:GROUP", the unified hierarchy "0::GROUP"
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const size_t first = line.find(':');
    const size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string group(line.substr(second + 1));
    if (controllers.empty()) {
      smallest = Smaller(smallest, SmallestQuota(mount, group, QuotaV2));
    } else if (ListHas(controllers, "cpu")) {
      smallest = Smaller(smallest, SmallestQuota(mount + "/cpu", group, QuotaV1));
      smallest = Smaller(smallest, SmallestQuota(mount + "/cpu,cpuacct", group, QuotaV1));
    }
  }
  return smallest;
}

void ParallelRanges(int64_t n, int threads, int64_t grain, RangeFn fn, void* context) {
  if (n <= 0) return;
  const int ranges =
      static_cast<int>(std::clamp<int64_t>(n / std::max<int64_t>(grain, 1), 1, std::max(threads, 1)));
  if (ranges == 1) return fn(context, 0, n, 0);
  const int64_t quotient = n / ranges;
  const int64_t remainder = n % ranges;  // the first `remainder` ranges hold one item more
#pragma omp parallel num_threads(ranges)
  for (int k = omp_get_thread_num(); k < ranges; k += omp_get_num_threads()) {
    const int64_t begin = k * quotient + std::min<int64_t>(k, remainder);
    fn(context, begin, begin + quotient + (k < remainder ? 1 : 0), k);
  }
}

}  // namespace internal

int AvailableProcessors() {
  const int affinity = AffinityProcessors();
  const StatusOr<std::string> groups = ReadFile("/proc/self/cgroup", 1 << 20);
  const int quota = groups.ok() ? internal::CgroupProcessors(*groups, "/sys/fs/cgroup") : 0;
  return quota == 0 ? affinity : std::min(affinity, quota);
}

}  // namespace weft
