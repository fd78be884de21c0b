#include "runtime/train/metrics.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/json.h"

namespace weft {

namespace {

void AddNumber(std::string* line, const char* key, double value) {
  *line += std::isfinite(value) ? fmt::format(",\"{}\":{}", key, value) : fmt::format(",\"{}\":null", key);
}

}  // namespace

std::string ToJsonLine(const StepMetrics& m) {
  std::string line = fmt::format("{{\"step\":{}", m.step);
  AddNumber(&line, "loss", m.loss);
  AddNumber(&line, "lr", m.lr);
  AddNumber(&line, "grad_norm", m.grad_norm);
  line += fmt::format(",\"tokens\":{}", m.tokens);
  if (m.val_loss) AddNumber(&line, "val_loss", *m.val_loss);
  if (m.val_bits_per_byte) AddNumber(&line, "val_bits_per_byte", *m.val_bits_per_byte);
  if (m.floor_bits_per_byte) AddNumber(&line, "floor_bits_per_byte", *m.floor_bits_per_byte);
  line += fmt::format(",\"ms\":{:.2f},\"tok_s\":{:.1f},\"mfu\":{:.4f},\"mem\":{},\"eta\":{:.0f}}}\n", m.ms,
                      m.tok_s, m.mfu, m.memory, m.eta_s);
  return line;
}

std::string ToStepLine(const StepMetrics& m, int64_t total) {
  const int width = static_cast<int>(fmt::format("{}", total).size());
  const double percent = total > 0 ? 100.0 * static_cast<double>(m.step) / static_cast<double>(total) : 100;
  std::string line = fmt::format(
      "{:>{}}/{} ({:3.0f}%) | loss {:.4f} | lr {:.2e} | norm {:.3f} | {:.1f} ms | {} tok/s | MFU {:.0f}% | "
      "{} | eta {}",
      m.step, width, total, percent, m.loss, m.lr, m.grad_norm, m.ms,
      GroupedDigits(static_cast<int64_t>(m.tok_s)), 100 * m.mfu, HumanBytes(static_cast<double>(m.memory)),
      HumanDuration(m.eta_s));
  if (m.val_loss) line += fmt::format(" | val {:.4f}", *m.val_loss);
  if (m.val_bits_per_byte) {
    line += fmt::format(" ({:.4f} bits/byte", *m.val_bits_per_byte);
    line += m.floor_bits_per_byte ? fmt::format(", floor {:.4f})", *m.floor_bits_per_byte) : ")";
  }
  return line;
}

StatusOr<MetricsFile> MetricsFile::Open(const std::string& path, int64_t last_step) {
  std::string kept;
  if (last_step > 0 && Exists(path)) {
    WEFT_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
    for (size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      const std::string_view line = std::string_view(text).substr(begin, end - begin);
      StatusOr<Json> json = ParseJson(line, path);
      if (!json.ok()) break;
      StatusOr<int64_t> step = GetInt(*json, "step", path);
      if (!step.ok() || *step > last_step) break;
      kept += line;
      kept += '\n';
    }
  }
  WEFT_RETURN_IF_ERROR(WriteFileAtomically(path, kept));
  std::FILE* file = std::fopen(path.c_str(), "a");
  if (file == nullptr) return FailedPrecondition("{}: {}", path, std::strerror(errno));
  return MetricsFile(file, path);
}

MetricsFile::~MetricsFile() {
  if (file_ != nullptr) std::fclose(file_);
}

Status MetricsFile::Append(const StepMetrics& metrics) {
  const std::string line = ToJsonLine(metrics);
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size() || std::fflush(file_) != 0) {
    return ResourceExhausted("{}: {}", path_, std::strerror(errno));
  }
  return OkStatus();
}

Status MetricsFile::Sync() {
  if (fsync(fileno(file_)) != 0) return ResourceExhausted("{}: {}", path_, std::strerror(errno));
  return OkStatus();
}

}  // namespace weft
