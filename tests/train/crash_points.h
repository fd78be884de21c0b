// A process that dies at the n-th call that changes what is on the disk: interposed write, fsync, rename, ...
// of the test program itself. Armed in a forked child only.
#pragma once

namespace weft::test {

enum class Crash {
  kKill,       // the process dies; what it has written is there
  kPowerLoss,  // bytes that were not synced are lost too: half of such a file is left
};

// From now on the n-th such call (counted from 1) ends the process: a write half-way, others before or after
// they are done, in turn.
void DieAtCall(int n, Crash crash);

}  // namespace weft::test
