#include "runtime/report/metrics.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "runtime/report/table.h"

namespace weft {
namespace {

using Number = std::optional<double>;

// Larger ones are no measurements, and their sums and differences would not be finite.
constexpr double kLargest = 1e100, kMostTokens = 1e18;

Number Finite(const Json& object, const char* field) {
  const auto it = object.find(field);
  if (it == object.end() || !it->is_number()) return std::nullopt;
  const double value = it->get<double>();
  return std::abs(value) <= kLargest ? Number(value) : std::nullopt;
}

Json ToJson(const Number& n) { return n ? Json(*n) : Json(nullptr); }

struct Mean {
  double sum = 0, least = 0, most = 0;
  int64_t count = 0;

  void Add(const Number& n) {
    if (n) Add({*n, *n, *n, 1});
  }
  void Add(const Mean& o) {
    if (o.count == 0) return;
    least = count == 0 ? o.least : std::min(least, o.least);
    most = count == 0 ? o.most : std::max(most, o.most);
    sum += o.sum, count += o.count;
  }
  Number Value() const { return count == 0 ? Number() : Number(sum / static_cast<double>(count)); }
  Number Least() const { return count == 0 ? Number() : Number(least); }
  Number Most() const { return count == 0 ? Number() : Number(most); }
};

// Neighbouring steps, drawn as one point.
struct Bucket {
  double step = 0, tokens = 0;
  Number lr;
  Mean loss, norm, memory, ms, tok_s;
  int64_t lines = 0;

  void Add(const Bucket& o) {
    step = o.step, tokens = o.tokens;
    if (o.lr) lr = o.lr;
    loss.Add(o.loss), norm.Add(o.norm), memory.Add(o.memory), ms.Add(o.ms), tok_s.Add(o.tok_s);
    lines += o.lines;
  }
};

struct Evaluation {
  double step = 0, tokens = 0;
  Number loss, bits, floor_bits;

  // The floor in nats a token: bits per byte and nats a token differ by the same factor.
  Number FloorLoss() const {
    if (!loss || !bits || !floor_bits || !(*bits > 0)) return std::nullopt;
    return *floor_bits * *loss / *bits;
  }
  Json Row() const {
    return {step, tokens, ToJson(loss), ToJson(bits), ToJson(floor_bits), ToJson(FloorLoss())};
  }
};

class Metrics {
 public:
  void AddLine(std::string_view line) {
    const Json json = Json::parse(line, nullptr, false);
    const Number step = json.is_object() ? Finite(json, "step") : Number();
    const Number tokens = json.is_object() ? Finite(json, "tokens") : Number();
    if (!step || !tokens || *step < 0 || *step > kMostTokens || *tokens < last_tokens_ ||
        *tokens > kMostTokens) {
      ++unreadable_;
      return;
    }
    last_tokens_ = *tokens;
    Bucket one;
    one.step = *step, one.tokens = *tokens, one.lines = 1;
    one.lr = Finite(json, "lr");
    one.loss.Add(Finite(json, "loss")), one.norm.Add(Finite(json, "grad_norm"));
    one.memory.Add(Finite(json, "mem")), one.ms.Add(Finite(json, "ms")), one.tok_s.Add(Finite(json, "tok_s"));
    last_ = one;
    total_ms_ += one.ms.sum;
    AddPoint(one);
    AddEvaluation(json, one);
  }

  Json ToJsonObject() const {
    Json points = NewTable({"step", "tokens", "loss", "loss_least", "loss_most", "lr", "grad_norm",
                            "grad_norm_most", "tok_s", "memory"});
    for (const Bucket& b : buckets_) {
      points["rows"].push_back({b.step, b.tokens, ToJson(b.loss.Value()), ToJson(b.loss.Least()),
                                ToJson(b.loss.Most()), ToJson(b.lr), ToJson(b.norm.Value()),
                                ToJson(b.norm.Most()), ToJson(b.tok_s.Value()), ToJson(b.memory.Most())});
    }
    Json evaluations =
        NewTable({"step", "tokens", "loss", "bits_per_byte", "floor_bits_per_byte", "floor_loss"});
    for (const Evaluation& e : evaluations_) evaluations["rows"].push_back(e.Row());
    Json json = {{"step", last_.step},
                 {"tokens", last_.tokens},
                 {"seconds", total_ms_ * 1e-3},
                 {"last",
                  {{"loss", ToJson(last_.loss.Value())},
                   {"lr", ToJson(last_.lr)},
                   {"grad_norm", ToJson(last_.norm.Value())},
                   {"tok_s", ToJson(last_.tok_s.Value())},
                   {"memory", ToJson(last_.memory.Value())}}},
                 {"steps_in_a_point", per_point_},
                 {"points", std::move(points)},
                 {"evaluations", std::move(evaluations)},
                 {"unreadable_lines", unreadable_}};
    json["last_evaluation"] = last_evaluation_ ? last_evaluation_->Row() : Json(nullptr);
    json["best"] = best_ ? best_->Row() : Json(nullptr);
    json["floor_loss"] = last_evaluation_ ? ToJson(last_evaluation_->FloorLoss()) : Json(nullptr);
    return json;
  }

 private:
  // Whenever there would be too many points, two neighbours become one.
  void AddPoint(const Bucket& one) {
    if (!buckets_.empty() && buckets_.back().lines < per_point_) {
      buckets_.back().Add(one);
      return;
    }
    if (buckets_.size() == kMostPoints) {
      for (size_t i = 0; i + 1 < buckets_.size(); i += 2) {
        buckets_[i].Add(buckets_[i + 1]);
        buckets_[i / 2] = buckets_[i];
      }
      buckets_.resize(kMostPoints / 2);
      per_point_ *= 2;
    }
    buckets_.push_back(one);
  }

  void AddEvaluation(const Json& json, const Bucket& one) {
    const Number loss = Finite(json, "val_loss");
    if (!loss) return;
    const Evaluation e{one.step, one.tokens, loss, Finite(json, "val_bits_per_byte"),
                       Finite(json, "floor_bits_per_byte")};
    last_evaluation_ = e;
    if (!best_ || *loss < *best_->loss) best_ = e;
    if (evaluation_count_++ % every_evaluation_ != 0) return;
    if (evaluations_.size() == kMostEvaluations) {
      for (size_t i = 0; i < evaluations_.size(); i += 2) evaluations_[i / 2] = evaluations_[i];
      evaluations_.resize(kMostEvaluations / 2);
      every_evaluation_ *= 2;
    }
    evaluations_.push_back(e);
  }

  std::vector<Bucket> buckets_;
  std::vector<Evaluation> evaluations_;
  std::optional<Evaluation> last_evaluation_, best_;
  Bucket last_;
  double last_tokens_ = 0, total_ms_ = 0;
  int64_t per_point_ = 1, every_evaluation_ = 1, evaluation_count_ = 0, unreadable_ = 0;
};

}  // namespace

Json MetricsJson(std::string_view text) {
  // A step's line has a few hundred bytes; parsing one that is not takes no more memory than this.
  constexpr size_t kLongestLine = 1 << 16;
  Metrics metrics;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty()) metrics.AddLine(line.size() > kLongestLine ? std::string_view() : line);
  }
  return metrics.ToJsonObject();
}

StatusOr<Json> ReadMetrics(const std::string& path) {
  if (!Exists(path)) return MetricsJson("");
  WEFT_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  return MetricsJson(file->text());
}

}  // namespace weft
