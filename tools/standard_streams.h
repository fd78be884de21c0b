// Standard output and error as a script meets them: closed, full, or a pipe whose reader has gone. Each is an
// error that is said, never a signal, and never a write into a file that happened to get the descriptor.
#pragma once
#include <string_view>

#include "base/status.h"

namespace weft {

// Before anything is opened: gives closed standard descriptors a place that takes nothing, and turns the
// signal of a broken pipe into an error of the write.
void PrepareStandardStreams();
// To standard output, buffered.
Status WriteOut(std::string_view text);
// To standard error, where people read: if it is closed or full, what is done goes on all the same.
void Say(std::string_view text);
// Writes what is buffered; an error if this or any write before has failed.
Status FlushStandardOutput();

}  // namespace weft
