// Ctrl-C: the first SIGINT or SIGTERM asks a long job to end at its next safe point, the second ends the
// process at once with exit status 130.
#pragma once
#include "base/status.h"

namespace weft {

// While one lives, the signals are caught as above; at its end what was there before is back, and the request
// is forgotten. Also catches a SIGINT that the parent told us to ignore (shells do so for `command &`), since
// a kill -INT is then meant. One at a time (CHECK).
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
};

// True once a signal came. Cheap: poll it in loops, from any thread.
bool InterruptRequested();
// Cancelled("interrupted") once a signal came.
Status CheckInterrupt();

}  // namespace weft
