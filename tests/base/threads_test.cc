#include "base/threads.h"

#include <gtest/gtest.h>
#include <omp.h>
#include <sched.h>

#include <atomic>
#include <mutex>
#include <set>
#include <vector>

#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

struct Range {
  int64_t begin, end;
  int thread;
  auto operator<=>(const Range&) const = default;
};

std::vector<Range> Ranges(int64_t n, int threads, int64_t grain) {
  std::vector<Range> ranges;
  std::mutex mutex;
  ParallelFor(n, threads, grain, [&](int64_t begin, int64_t end, int thread) {
    const std::lock_guard lock(mutex);
    ranges.push_back({begin, end, thread});
  });
  std::sort(ranges.begin(), ranges.end());
  return ranges;
}

TEST(ParallelFor, RangesCoverOnceInOrder) {
  for (const int64_t n : {1, 2, 7, 64, 1000}) {
    for (const int threads : {1, 2, 3, 8}) {
      for (const int64_t grain : {0, 1, 5, 100}) {
        const std::vector<Range> ranges = Ranges(n, threads, grain);
        ASSERT_LE(ranges.size(), static_cast<size_t>(threads));
        int64_t at = 0;
        for (size_t k = 0; k < ranges.size(); ++k) {
          EXPECT_EQ(ranges[k].begin, at);
          EXPECT_EQ(ranges[k].thread, static_cast<int>(k));
          if (ranges.size() > 1) {
            EXPECT_GE(ranges[k].end - ranges[k].begin, std::max<int64_t>(grain, 1));
          }
          at = ranges[k].end;
        }
        EXPECT_EQ(at, n);
        EXPECT_EQ(ranges, Ranges(n, threads, grain));
      }
    }
  }
}

TEST(ParallelFor, NothingToDoCallsNothing) {
  EXPECT_TRUE(Ranges(0, 4, 1).empty());
  EXPECT_TRUE(Ranges(-3, 4, 1).empty());
  EXPECT_EQ(Ranges(3, 0, 1).size(), 1U);
}

TEST(ParallelFor, HugeCountsDoNotOverflow) {
  const int64_t n = (int64_t{1} << 62) + 3;
  const std::vector<Range> ranges = Ranges(n, 7, 1);
  ASSERT_EQ(ranges.size(), 7U);
  EXPECT_EQ(ranges.back().end, n);
}

TEST(ParallelFor, RangesRunOnDifferentThreads) {
  std::vector<int> thread_of(4, -1);
  ParallelFor(4, 4, 1, [&](int64_t begin, int64_t, int thread) {
    EXPECT_EQ(begin, thread);
    thread_of[thread] = omp_get_thread_num();
  });
  EXPECT_EQ(thread_of, (std::vector<int>{0, 1, 2, 3}));
}

TEST(ParallelFor, KeepsItsRangesInsideAnotherLoop) {
  const std::vector<Range> outside = Ranges(10, 3, 1);
  std::vector<std::vector<Range>> inside(2);
  ParallelFor(2, 2, 1, [&](int64_t begin, int64_t, int) { inside[begin] = Ranges(10, 3, 1); });
  EXPECT_EQ(inside[0], outside);
  EXPECT_EQ(inside[1], outside);
}

TEST(Threads, AvailableProcessorsFollowsAffinity) {
  const int all = AvailableProcessors();
  EXPECT_GE(all, 1);
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++i) {
    if (CPU_ISSET(i, &before)) CPU_SET(i, &one);
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(AvailableProcessors(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
  EXPECT_EQ(AvailableProcessors(), all);
}

class Cgroup : public testing::Test {
 protected:
  void Put(std::string_view directory, std::string_view name, std::string_view text) {
    ASSERT_TRUE(CreateDirectories(mount_ / directory).ok());
    ASSERT_TRUE(WriteFileAtomically(JoinPath(mount_ / directory, name), text).ok());
  }
  int Processors(const std::string& self) { return internal::CgroupProcessors(self, mount_.path()); }
  TemporaryDirectory mount_;
};

TEST_F(Cgroup, NoQuotaIsZero) {
  EXPECT_EQ(Processors(""), 0);
  EXPECT_EQ(Processors("0::/\n"), 0);
  Put("group", "cpu.max", "max 100000\n");
  EXPECT_EQ(Processors("0::/group\n"), 0);
  EXPECT_EQ(Processors("nonsense\n:\n::\n"), 0);
}

TEST_F(Cgroup, VersionTwoTakesTheSmallestOnTheWayUp) {
  Put("a/b", "cpu.max", "400000 100000\n");
  EXPECT_EQ(Processors("0::/a/b\n"), 4);
  Put("a", "cpu.max", "250000 100000\n");
  EXPECT_EQ(Processors("0::/a/b\n"), 2);
  Put("", "cpu.max", "50000 100000\n");  // half a processor is still one thread
  EXPECT_EQ(Processors("0::/a/b\n"), 1);
}

TEST_F(Cgroup, VersionOneReadsItsController) {
  Put("cpu/job", "cpu.cfs_quota_us", "300000\n");
  Put("cpu/job", "cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Processors("4:memory:/job\n3:cpu,cpuacct:/job\n"), 3);
  EXPECT_EQ(Processors("3:cpuset:/job\n"), 0);
  Put("cpu/job", "cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(Processors("3:cpu,cpuacct:/job\n"), 0);
}

}  // namespace
}  // namespace weft
