#include "compiler/plan_memory.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace weft {
namespace {

// Work allowed to the search, in comparisons of two items: about a tenth of a second.
constexpr int64_t kSearchBudget = 60'000'000;

void FindBound(std::span<const ArenaItem> items, ArenaPlan& plan) {
  int32_t calls = 0;
  for (const ArenaItem& item : items) calls = std::max(calls, item.last + 1);
  std::vector<int64_t> change(static_cast<size_t>(calls) + 1, 0);
  for (const ArenaItem& item : items) {
    change[static_cast<size_t>(item.first)] += item.bytes;
    change[static_cast<size_t>(item.last) + 1] -= item.bytes;
  }
  int64_t live = 0;
  for (int32_t call = 0; call < calls; ++call) {
    live += change[static_cast<size_t>(call)];
    if (live <= plan.lower_bound) continue;
    plan.lower_bound = live;
    plan.peak_call = call;
  }
}

class Packer {
 public:
  explicit Packer(std::span<ArenaItem> items) : items_(items) { placed_.reserve(items.size()); }

  // Places the items in this order; returns the arena's size.
  int64_t Pack(std::span<const int32_t> order) {
    placed_.clear();
    int64_t top = 0;
    for (int32_t i : order) {
      ArenaItem& item = items_[static_cast<size_t>(i)];
      item.offset = BestGap(item);
      top = std::max(top, item.offset + item.bytes);
      const auto at = std::upper_bound(placed_.begin(), placed_.end(), item.offset,
                                       [](int64_t offset, const ArenaItem& p) { return offset < p.offset; });
      placed_.insert(at, item);
    }
    work_ += static_cast<int64_t>(order.size() * order.size() / 2);
    return top;
  }

  int64_t work() const { return work_; }

 private:
  // placed_ is in the order of offsets, so one walk sees the gaps between those that live with the item.
  int64_t BestGap(const ArenaItem& item) const {
    int64_t end = 0, best = -1, smallest = 0;
    for (const ArenaItem& p : placed_) {
      if (p.last < item.first || p.first > item.last) continue;
      const int64_t gap = p.offset - end;
      if (gap >= item.bytes && (best < 0 || gap < smallest)) {
        best = end;
        smallest = gap;
      }
      end = std::max(end, p.offset + p.bytes);
    }
    return best < 0 ? end : best;
  }

  std::span<ArenaItem> items_;
  std::vector<ArenaItem> placed_;
  int64_t work_ = 0;
};

// First the packings of a few orders, each repeated with what stuck out above the bound moved to the front;
// then, from the best of them, single items that stick out are moved forward at random, and what is not worse
// is kept.
class Search {
 public:
  Search(std::span<ArenaItem> items, const ArenaPlan& plan)
      : items_(items), bound_(plan.lower_bound), peak_call_(plan.peak_call), packer_(items) {}

  int64_t Run() {
    for (int kind = 0; kind < 4 && !Done(); ++kind) Promote(FirstOrder(kind));
    if (!Done()) Climb();
    for (size_t i = 0; i < best_offsets_.size(); ++i) items_[i].offset = best_offsets_[i];
    return best_.top;
  }

 private:
  struct Cost {
    int64_t top = 0;   // the arena's size
    int64_t over = 0;  // the sum of what items stick out above the bound
    auto operator<=>(const Cost&) const = default;
  };

  const ArenaItem& At(int32_t i) const { return items_[static_cast<size_t>(i)]; }
  bool AtPeak(int32_t i) const { return At(i).first <= peak_call_ && peak_call_ <= At(i).last; }
  bool Done() const {
    return !best_order_.empty() && (best_.top <= bound_ || packer_.work() > kSearchBudget);
  }

  // By size; by size times length of life; by length of life; the same for what lives at the peak, then the
  // rest by size.
  std::vector<int32_t> FirstOrder(int kind) const {
    std::vector<int32_t> order(items_.size());
    std::iota(order.begin(), order.end(), 0);
    const auto length = [&](int32_t i) { return int64_t{At(i).last} - At(i).first + 1; };
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
      const int64_t large = At(a).bytes - At(b).bytes, lasting = length(a) - length(b);
      if (kind == 3 && AtPeak(a) != AtPeak(b)) return AtPeak(a);
      const int64_t area = At(a).bytes / 64 * length(a) - At(b).bytes / 64 * length(b);
      const bool by_size = kind == 0 || (kind == 3 && !AtPeak(a));
      const int64_t key = by_size ? large : kind == 1 ? area : lasting;
      if (key != 0) return key > 0;
      return large != 0 ? large > 0 : At(a).first < At(b).first;
    });
    return order;
  }

  Cost Pack(const std::vector<int32_t>& order) {
    Cost cost;
    cost.top = packer_.Pack(order);
    for (const ArenaItem& item : items_) cost.over += std::max<int64_t>(0, item.offset + item.bytes - bound_);
    if (best_order_.empty() || cost < best_) {
      best_ = cost;
      best_order_ = order;
      best_offsets_.resize(items_.size());
      for (size_t i = 0; i < items_.size(); ++i) best_offsets_[i] = items_[i].offset;
    }
    return cost;
  }

  void Promote(std::vector<int32_t> order) {
    constexpr int kRounds = 12;
    for (int round = 0; round < kRounds; ++round) {
      Pack(order);
      if (Done()) return;
      std::stable_partition(order.begin(), order.end(),
                            [&](int32_t i) { return At(i).offset + At(i).bytes > bound_; });
    }
  }

  void Climb() {
    std::vector<int32_t> order = best_order_;
    Cost current = Pack(order);
    while (!Done()) {
      std::vector<size_t> out;  // positions of what sticks out
      for (size_t k = 0; k < order.size(); ++k) {
        if (At(order[k]).offset + At(order[k]).bytes > bound_) out.push_back(k);
      }
      std::vector<int32_t> next = order;
      const size_t from =
          out.empty() || Random() % 4 == 0 ? Random() % order.size() : out[Random() % out.size()];
      const size_t to = Random() % (from + 1);
      std::rotate(next.begin() + static_cast<std::ptrdiff_t>(to),
                  next.begin() + static_cast<std::ptrdiff_t>(from),
                  next.begin() + static_cast<std::ptrdiff_t>(from) + 1);
      const Cost cost = Pack(next);
      if (cost > current) continue;
      current = cost;
      order = std::move(next);
    }
  }

  uint32_t Random() {  // the same sequence every time
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    return random_;
  }

  std::span<ArenaItem> items_;
  const int64_t bound_;
  const int32_t peak_call_;
  Packer packer_;
  Cost best_;
  std::vector<int32_t> best_order_;
  std::vector<int64_t> best_offsets_;
  uint32_t random_ = 2463534242;
};

}  // namespace

ArenaPlan PlanMemory(std::span<ArenaItem> items) {
  ArenaPlan plan;
  if (items.empty()) return plan;
  FindBound(items, plan);
  plan.bytes = Search(items, plan).Run();
  return plan;
}

}  // namespace weft
