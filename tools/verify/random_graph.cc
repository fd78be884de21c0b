#include "tools/verify/random_graph.h"

#include <algorithm>

#include "ops/case_inputs.h"
#include "tools/verify/random_values.h"

namespace weft {

CaseTable::CaseTable(int64_t max_elements) {
  for (const OpEntry& entry : AllOps()) {
    Entry e{entry.def, {}, 1};
    for (Case& c : CasesOf(*entry.def).cases) {
      int64_t elements = 0;
      for (const CaseInput& in : c.inputs)
        elements += in.fill == CaseInput::kAbsent ? 0 : NumElements(in.shape);
      if (!c.benchmark && elements <= max_elements) e.cases.push_back(std::move(c));
    }
    if (entry.def->view != nullptr) e.weight = 3;
    if (!entry.def->in_place.empty() || entry.def->decompose != nullptr) e.weight = std::max(e.weight, 2);
    if (e.cases.empty()) continue;
    total_weight_ += e.weight;
    entries_.push_back(std::move(e));
  }
}

namespace {

class Generator {
 public:
  Generator(const CaseTable& table, const RandomGraphOptions& options)
      : table_(table), options_(options), values_(options.seed, options.seed % 2 == 0) {
    differentiated_ = options.gradients && values_.Chance(50);
  }

  StatusOr<Trial> Run() {
    const int steps = 1 + values_.Below(options_.steps);
    for (step_ = 0; step_ < steps; ++step_) Step();
    ChooseNext();
    ChooseOutputs();
    if (differentiated_) ChooseGradients();
    Trial trial = std::move(values_.trial());
    Tidy(&trial);  // inputs that only a refused operator would have read
    WEFT_RETURN_IF_ERROR(Verify(trial.graph));
    return trial;
  }

 private:
  const CaseTable::Entry& PickEntry() {
    int at = values_.Below(table_.total_weight());
    for (const CaseTable::Entry& e : table_.entries()) {
      if (at < e.weight) return e;
      at -= e.weight;
    }
    return table_.entries().back();
  }

  // Operand i of a case: a value that is there, or numbers for a new one.
  struct Slot {
    std::optional<size_t> made;
    std::optional<RandomValues::Fresh> fresh;
    bool constant = false;  // no gradient is asked for it
  };

  Slot PickSlot(const Case& c, size_t i) {
    Slot slot;
    CaseInput in = c.inputs[i];
    if (in.fill == CaseInput::kAbsent) return slot;
    in.dtype = InputType(in, DataType::kF32);
    slot.constant = (c.constants >> i & 1) != 0;
    if (!slot.constant && values_.Chance(80)) slot.made = values_.FindFor(in);
    if (!slot.made && !slot.constant && values_.Chance(40)) slot.made = values_.AdaptFor(in);
    if (!slot.made) slot.fresh = values_.MakeFresh(in);
    return slot;
  }

  bool Infers(const OpDef& op, const void* attributes, const std::vector<Slot>& slots) {
    std::vector<std::optional<TensorType>> types(slots.size());
    for (size_t i = 0; i < slots.size(); ++i) {
      if (slots[i].made) types[i] = values_.graph().value(values_.made()[*slots[i].made].id).type;
      if (slots[i].fresh) types[i] = TensorType{slots[i].fresh->tensor.dtype(), slots[i].fresh->dims};
    }
    return values_.Infers(op, attributes, types);
  }

  // Attributes that inference takes for these operands, which lose their symbols where they stand in the
  // way; null: none.
  std::shared_ptr<const void> Fit(const OpDef& op, const Case& c, std::vector<Slot>* slots) {
    for (int round = 0; round < 3; ++round) {
      const auto symbolized = values_.Symbolized(op, c.attributes);
      if (Infers(op, symbolized.get(), *slots)) return symbolized;
      if (Infers(op, c.attributes.get(), *slots)) return c.attributes;
      for (size_t i = 0; i < slots->size(); ++i) {
        Slot& s = (*slots)[i];
        if (s.fresh) s.fresh->dims = ToDims(s.fresh->tensor.shape());
        if (round == 0 || !s.made) continue;
        CaseInput in = c.inputs[i];
        in.dtype = InputType(in, DataType::kF32);
        s.made = std::nullopt;
        s.fresh = values_.MakeFresh(in);
        s.fresh->dims = ToDims(s.fresh->tensor.shape());
      }
    }
    return nullptr;
  }

  void Step() {
    const CaseTable::Entry& entry = PickEntry();
    const Case& c = entry.cases[static_cast<size_t>(values_.Below(static_cast<int>(entry.cases.size())))];
    std::vector<Slot> slots;
    for (size_t i = 0; i < c.inputs.size(); ++i) slots.push_back(PickSlot(c, i));
    const auto attributes = Fit(*entry.op, c, &slots);
    if (attributes == nullptr) return;
    RandomValues::NodeUse use{
        .op = entry.op, .attributes = attributes, .optional_outputs = c.optional_outputs};
    for (Slot& s : slots) {
      if (s.fresh) s.made = values_.AddFresh(*s.fresh, c.gradient && !s.constant);
      use.operands.push_back(s.made);
    }
    use.body = values_.Chance(20);
    use.exact_body = differentiated_;  // a gradient by a rounded 1/sqrt(2) is that of another function
    use.scope = fmt::format("step{}", step_);
    if (!differentiated_ && values_.Chance(25)) use.phase = Phase::kOptimizer;
    const auto made = values_.AddNode(use);
    if (!made) return;
    // Numbers that depend on the inputs, with no derivative that weft would give.
    const bool hidden = !entry.op->differentiable && std::any_of(made->begin(), made->end(), [&](size_t v) {
      return IsFloat(values_.made()[v].tensor.dtype());
    });
    if (!c.gradient || hidden) values_.Block(values_.made()[made->front()].inputs);
    if (values_.Chance(8)) values_.AddNode(use);  // the same again
  }

  // Some states get a next value, each other's among them.
  void ChooseNext() {
    std::set<ValueId> taken;
    for (State& s : values_.graph().mutable_states()) {
      if (!values_.Chance(60)) continue;
      const TensorType& type = values_.graph().value(s.value).type;
      std::vector<ValueId> fit;
      for (const MadeValue& v : values_.made()) {
        if (values_.graph().value(v.id).type == type && !taken.contains(v.id)) fit.push_back(v.id);
      }
      if (fit.empty()) continue;
      s.next = fit[static_cast<size_t>(values_.Below(static_cast<int>(fit.size())))];
      taken.insert(s.next);
    }
  }

  void ChooseOutputs() {
    Graph& graph = values_.graph();
    std::set<ValueId> chosen;
    for (const MadeValue& v : values_.made()) {
      // Beside a huge number the differences of the others are lost.
      constexpr double kLargest = 1e4;
      if (differentiated_ && (!v.finite || v.low < -kLargest || v.high > kLargest)) continue;
      const Value& value = graph.value(v.id);
      const bool computed = value.producer != NodeId::kNone;
      const bool wanted = computed ? value.uses.empty() || values_.Chance(10) : values_.Chance(2);
      if (wanted && !value.constant && chosen.insert(v.id).second) graph.AddOutput(v.id);
    }
  }

  // By inputs from which a gradient reaches an output, where the cases promise one.
  void ChooseGradients() {
    Trial& trial = values_.trial();
    std::set<std::string> reached;
    for (const MadeValue& v : values_.made()) {
      const std::vector<ValueId>& outputs = trial.graph.outputs();
      if (std::find(outputs.begin(), outputs.end(), v.id) == outputs.end()) continue;
      reached.insert(v.flows.begin(), v.flows.end());
    }
    for (const std::string& name : reached) {
      if (!values_.blocked().contains(name)) trial.differentiate.push_back(name);
    }
  }

  const CaseTable& table_;
  const RandomGraphOptions& options_;
  RandomValues values_;
  bool differentiated_ = false;
  int step_ = 0;
};

}  // namespace

StatusOr<Trial> MakeRandomGraph(const CaseTable& table, const RandomGraphOptions& options) {
  return Generator(table, options).Run();
}

}  // namespace weft
