// metrics.jsonl: one line a step, and the line a person sees.
#pragma once
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "base/status.h"

namespace weft {

struct StepMetrics {
  int64_t step = 0;  // 1 for the first
  double loss = 0;   // nats a token, mean over the step's tokens
  double lr = 0;
  double grad_norm = 0;            // of the mean gradient, before clipping
  int64_t tokens = 0;              // seen so far, this step's among them
  std::optional<double> val_loss;  // nats a token
  std::optional<double> val_bits_per_byte;
  std::optional<double> floor_bits_per_byte;  // of the held-out text, where the data states it
  // What time it took: not a function of the settings.
  double ms = 0, tok_s = 0, mfu = 0, eta_s = 0;
  int64_t memory = 0;  // bytes resident
};

// {"step":1,"loss":5.54,...}: the same line for the same numbers.
std::string ToJsonLine(const StepMetrics& metrics);
// "  120/2000 (  6%) | loss 2.1234 | lr 1.0e-03 | norm 0.61 | 35 ms | 21,900 tok/s | MFU 52% | 212 MB | eta
// 1m05s"
std::string ToStepLine(const StepMetrics& metrics, int64_t total_steps);

// The file, appended to line by line.
class MetricsFile {
 public:
  // Keeps the whole lines of steps up to `last_step` and drops all that follows (what a killed run wrote
  // after its last checkpoint, a line cut short); 0: begins anew.
  static StatusOr<MetricsFile> Open(const std::string& path, int64_t last_step);
  MetricsFile(MetricsFile&& other) noexcept
      : file_(std::exchange(other.file_, nullptr)), path_(other.path_) {}
  MetricsFile& operator=(MetricsFile&&) = delete;
  ~MetricsFile();
  Status Append(const StepMetrics& metrics);
  Status Sync();  // to the disk, before a checkpoint says that these steps are done

 private:
  MetricsFile(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}
  std::FILE* file_ = nullptr;
  std::string path_;
};

}  // namespace weft
