// The values of a random graph while it is made: with their numbers, so that an operator gets only what it
// takes.
#pragma once
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ir/builder.h"
#include "ops/cases.h"
#include "tools/verify/trial.h"

namespace weft {

struct MadeValue {
  ValueId id;
  Tensor tensor;                 // what it holds
  double low = 0, high = 0;      // the least and the largest of it
  bool finite = true;            // no NaN, no infinity
  bool wire = true;              // others may read it
  std::set<std::string> inputs;  // it is computed from
  std::set<std::string> flows;   // those of them from which a gradient reaches it
};

class RandomValues {
 public:
  RandomValues(uint64_t seed, bool symbolic);

  Graph& graph() { return trial_.graph; }
  Trial& trial() { return trial_; }
  const std::vector<MadeValue>& made() const { return made_; }
  const std::map<std::string, int64_t>& bindings() const { return trial_.bindings; }

  // ---- chance
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  bool Chance(int percent) { return Below(100) < percent; }
  uint64_t Word() { return random_(); }

  // ---- values
  // A value that is there and is what the case wants: type, shape and numbers. Later ones more often.
  std::optional<size_t> FindFor(const CaseInput& in);
  // The same from any float value, by reshaping, cutting and squeezing it; none if that does not work.
  std::optional<size_t> AdaptFor(const CaseInput& in);
  // A new input, state or constant: numbers first, then its place in the graph.
  struct Fresh {
    Tensor tensor;
    Dims dims;  // with symbols, perhaps
    InputRule rule;
  };
  Fresh MakeFresh(const CaseInput& in);
  size_t AddFresh(const Fresh& fresh, bool differentiable);

  // A node: its values, or nothing (and nothing changed) where inference or the kernel refuses it. `body`
  // emits its decomposition instead.
  struct NodeUse {
    const OpDef* op;
    std::shared_ptr<const void> attributes;
    std::vector<std::optional<size_t>> operands = {};  // in made()
    uint32_t optional_outputs = 0;
    bool body = false, exact_body = false;  // exact: only one all of whose constants are short numbers
    std::string scope = {};
    Phase phase = Phase::kForward;
  };
  std::optional<std::vector<size_t>> AddNode(const NodeUse& use);
  // Whether inference takes it: operands that are nullopt and not absent have the types of `fresh`.
  bool Infers(const OpDef& op, const void* attributes,
              const std::vector<std::optional<TensorType>>& operands);

  // The attributes as they are, with the numbers that a symbol has replaced by the symbol if asked for.
  std::shared_ptr<const void> Symbolized(const OpDef& op,
                                         const std::shared_ptr<const void>& attributes) const;
  // Not to be compared with finite differences: what a gradient is not asked of.
  void Block(const std::set<std::string>& inputs) { blocked_.insert(inputs.begin(), inputs.end()); }
  const std::set<std::string>& blocked() const { return blocked_; }

 private:
  Dim Symbolic(int64_t size);
  size_t Add(MadeValue value);
  StatusOr<std::vector<Tensor>> Evaluate(const NodeUse& use);
  std::vector<ValueId> Emit(const NodeUse& use);
  std::vector<ValueId> WithBody(std::vector<ValueId> ids, bool exact);
  std::optional<size_t> AddOne(const OpDef& op, std::shared_ptr<const void> attributes,
                               std::vector<std::optional<size_t>> operands);
  size_t AddScalar(double number);
  std::optional<size_t> Squeeze(size_t x, double low, double high);

  std::mt19937_64 random_;
  bool symbolic_;
  Trial trial_;
  std::vector<MadeValue> made_;
  std::set<std::string> blocked_;
  int next_ = 0;  // number of the next input
};

}  // namespace weft
