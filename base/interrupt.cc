#include "base/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace weft {
namespace {

// A signal handler has no other place to write to.
std::atomic<int> signals_seen{0};
std::atomic<bool> scope_alive{false};
static_assert(std::atomic<int>::is_always_lock_free);
struct sigaction interrupt_before, terminate_before;

void OnSignal(int) {
  constexpr int kInterrupted = 130;
  if (signals_seen.fetch_add(1) > 0) _exit(kInterrupted);
}

}  // namespace

InterruptScope::InterruptScope() {
  WEFT_CHECK(!scope_alive.exchange(true), "one InterruptScope at a time");
  signals_seen = 0;
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;  // reads and writes go on
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &interrupt_before);
  sigaction(SIGTERM, &action, &terminate_before);
}

InterruptScope::~InterruptScope() {
  sigaction(SIGINT, &interrupt_before, nullptr);
  sigaction(SIGTERM, &terminate_before, nullptr);
  signals_seen = 0;
  scope_alive = false;
}

bool InterruptRequested() { return signals_seen.load(std::memory_order_relaxed) > 0; }

Status CheckInterrupt() { return InterruptRequested() ? Cancelled("interrupted") : OkStatus(); }

}  // namespace weft
