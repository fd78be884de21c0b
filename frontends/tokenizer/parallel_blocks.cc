#include "frontends/tokenizer/parallel_blocks.h"

#include <condition_variable>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

namespace weft {
namespace {

// The first error of any thread; once there is one, all stop.
class FirstError {
 public:
  void Set(const Status& status) {
    const std::lock_guard lock(mutex_);
    if (status_.ok()) status_ = status;
  }
  bool any() const {
    const std::lock_guard lock(mutex_);
    return !status_.ok();
  }
  Status status() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  mutable std::mutex mutex_;
  Status status_;
};

}  // namespace

Status ForEachBlock(TextBlocks* blocks, int threads, std::string_view stage, const RunControl& control,
                    const std::function<Status(int, const TextBlock&)>& work) {
  std::mutex reading;
  FirstError error;
  const auto read = [&](TextBlock* block) -> StatusOr<bool> {
    const std::lock_guard lock(reading);
    if (error.any()) return false;
    if (control.Cancelled()) return Cancelled("{} was stopped", stage);
    WEFT_ASSIGN_OR_RETURN(const bool more, blocks->Next(block));
    if (more) control.Report(stage, block->offset, blocks->total_bytes());
    return more;
  };
  const auto run = [&](int thread) {
    try {
      TextBlock block;
      for (;;) {
        const StatusOr<bool> more = read(&block);
        if (!more.ok()) error.Set(more.status());
        if (!more.ok() || !*more) return;
        const Status status = work(thread, block);
        if (!status.ok()) error.Set(status);
      }
    } catch (const std::bad_alloc&) {
      error.Set(ResourceExhausted("out of memory while {}", stage));
    }
  };
  std::vector<std::jthread> others;
  try {
    for (int thread = 1; thread < threads; ++thread) others.emplace_back(run, thread);
  } catch (const std::system_error&) {  // no more threads to be had: those there are do the work
  }
  run(0);
  others.clear();  // joins
  return error.status();
}

Status EncodeBlocks(TextBlocks* blocks, int threads, const RunControl& control,
                    const std::function<Status(int, const TextBlock&, std::vector<uint32_t>*)>& encode,
                    const std::function<Status(std::span<const uint32_t>)>& sink) {
  struct Result {
    std::vector<uint32_t> ids;
    bool ready = false;
  };
  std::mutex mutex;
  std::condition_variable moved;
  std::vector<Result> results(2 * static_cast<size_t>(threads));  // of block i at i % size
  std::vector<std::vector<uint32_t>> scratch(static_cast<size_t>(threads));
  int64_t next = 0;  // the block whose turn it is
  bool failed = false;
  const auto fail = [&](const Status& status) {
    failed = true;
    moved.notify_all();
    return status;
  };
  const auto deliver = [&](int64_t index, std::vector<uint32_t>* ids) -> Status {
    std::unique_lock lock(mutex);
    const int64_t size = static_cast<int64_t>(results.size());
    moved.wait(lock, [&] { return failed || index < next + size; });
    if (failed) return OkStatus();  // another thread has the error
    Result& result = results[static_cast<size_t>(index % size)];
    result.ids.swap(*ids);
    result.ready = true;
    for (;;) {
      Result& turn = results[static_cast<size_t>(next % size)];
      if (!turn.ready) break;
      if (const Status status = sink(turn.ids); !status.ok()) return fail(status);
      turn.ready = false;
      ++next;
    }
    moved.notify_all();
    return OkStatus();
  };
  return ForEachBlock(blocks, threads, "encoding", control,
                      [&](int thread, const TextBlock& block) -> Status {
                        std::vector<uint32_t>& ids = scratch[static_cast<size_t>(thread)];
                        ids.clear();
                        if (const Status status = encode(thread, block, &ids); !status.ok()) {
                          const std::lock_guard lock(mutex);
                          return fail(status);
                        }
                        return deliver(block.index, &ids);
                      });
}

}  // namespace weft
