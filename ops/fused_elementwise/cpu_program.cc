#include "ops/fused_elementwise/cpu_program.h"

#include <algorithm>
#include <map>
#include <set>

namespace weft::ops::fused_elementwise {
namespace {

using F = ElementFunction;

bool IsBf16(const TensorType& type) { return type.dtype == DataType::kBF16; }
bool IsNumber(const TensorType& type) { return type.dtype == DataType::kF32 || IsBf16(type); }
bool IsTiled(const TensorType& type) { return IsNumber(type) || type.dtype == DataType::kBool; }

class ProgramMaker {
 public:
  ProgramMaker(const KernelNode& node, TileProgram* program)
      : node_(node), p_(*program), body_(*program->body) {}

  std::string Make() {
    p_.where = WhereLoopOf();
    ReadShape();
    FindSame();
    FindUses();
    AddOperands();
    int at = 0;
    for (NodeId id : body_.NodeIds()) {
      const NodeTypes types = body_.TypesOf(id);
      const ElementForm form = BodyStepOf(types).form;
      if (std::string why = CheckTypes(types, form); !why.empty())
        return fmt::format("{} {}", body_.Describe(id), why);
      if (form.reduction()) {
        AddReduction(id, form);
      } else if (!same_.contains(body_.node(id).outputs[0])) {
        AddStep(id, form, at);
      }
      if (!why_.empty()) return why_;
      ++at;
    }
    p_.steps.insert(p_.steps.end(), tail_.begin(), tail_.end());
    if (p_.slots.size() > kMaxSlots || strides_.size() > kMaxOperands || p_.draws.size() > kMaxDraws)
      return "it has too many values";
    return Nest();
  }

 private:
  const TensorType& TypeOf(ValueId v) const { return body_.value(v).type; }
  Slot::Kind KindOf(int slot) const { return p_.slots[static_cast<size_t>(slot)].kind; }

  void ReadShape() {
    for (NodeId id : body_.NodeIds()) {
      const NodeTypes types = body_.TypesOf(id);
      const BodyStep step = BodyStepOf(types);
      shape_ = ToShape(BodyShapeOf(types, step));
      if (!step.form.reduction()) continue;
      reduced_.insert(body_.node(id).inputs[0]);
      p_.reduced = step.reduced == ReducedAxesKind::kFirst ? Reduced::kFirst : Reduced::kLast;
      axes_ = step.form.reduced;
    }
    p_.num_elements = NumElements(shape_);
    for (size_t i = 0; i < body_.outputs().size(); ++i) output_of_[body_.outputs()[i]] = static_cast<int>(i);
  }

  // A cast from bf16 is in cache what it casts, unless its result has a place of its own.
  void FindSame() {
    for (NodeId id : body_.NodeIds()) {
      const Node& node = body_.node(id);
      const ValueId from = node.inputs[0], to = node.outputs[0];
      if (BodyStepOf(body_.TypesOf(id)).form.function != F::kCopy) continue;
      const bool widens = IsBf16(TypeOf(from)) && TypeOf(to).dtype == DataType::kF32;
      if (widens && !output_of_.contains(to) && !reduced_.contains(to)) same_[to] = Same(from);
    }
  }
  ValueId Same(ValueId v) const {
    const auto same = same_.find(v);
    return same == same_.end() ? v : same->second;
  }

  void FindUses() {
    std::set<ValueId> widened;  // inputs that are in cache already
    int at = -1;
    for (NodeId id : body_.NodeIds()) {
      ++at;
      if (same_.contains(body_.node(id).outputs[0])) continue;
      for (ValueId operand : body_.node(id).inputs) {
        if (operand == ValueId::kNone) continue;
        const ValueId v = Same(operand);
        last_use_[v] = at;
        const bool whole = body_.value(v).is_input && TypeOf(v).num_elements().value() == p_.num_elements;
        if (whole && (!IsBf16(TypeOf(v)) || widened.insert(v).second)) last_whole_input_ = at;
      }
    }
  }

  // ---- slots

  int AddSlot(Slot slot, const Operand* operand) {
    if (operand != nullptr) {
      slot.operand = static_cast<int>(strides_.size());
      strides_.push_back(StridesOf(*operand, shape_.size()));
    }
    p_.slots.push_back(slot);
    return static_cast<int>(p_.slots.size()) - 1;
  }

  void AddOperand(ValueId v, const Slot& slot, const Operand& operand) {
    if (!IsTiled(TypeOf(v)) || operand.shape.size() > shape_.size()) return;
    const int added = AddSlot(slot, &operand);
    (IsBf16(TypeOf(v)) ? narrow_ : slots_)[v] = added;
    operands_[v] = p_.slots.back().operand;
  }

  void AddOperands() {
    for (size_t i = 0; i < body_.inputs().size(); ++i) {
      const int64_t bytes = SizeInBytes(node_.inputs[i].dtype, 1);
      AddOperand(body_.inputs()[i], {Slot::kInput, static_cast<int>(i), -1, bytes}, node_.inputs[i]);
    }
    for (ValueId v : body_.ConstantIds()) {
      const Tensor& tensor = *body_.value(v).constant;
      AddOperand(v,
                 {Slot::kConstant, 0, -1, SizeInBytes(tensor.dtype(), 1),
                  static_cast<const std::byte*>(tensor.data())},
                 DenseOperand(tensor.dtype(), tensor.shape()));
    }
  }

  static std::string CheckTypes(const NodeTypes& types, const ElementForm& form) {
    const auto is = [](const TensorType& t, bool bools) {
      return bools ? t.dtype == DataType::kBool : IsNumber(t);
    };
    const bool any = form.function == F::kCopy;
    for (size_t i = 0; i < types.inputs.size(); ++i) {
      if (form.function == F::kDropout && i > 0) break;
      const bool fits = any ? IsTiled(types.input(i)) : is(types.input(i), TakesBools(form.function, i));
      if (!fits) return fmt::format("takes {}", Name(types.input(i).dtype));
    }
    const TensorType& y = types.output(0);
    if (form.reduction() && IsBf16(y)) return "gives bf16";
    return (any ? IsTiled(y) : is(y, GivesBools(form.function))) ? ""
                                                                 : fmt::format("gives {}", Name(y.dtype));
  }

  int NewTile() {
    if (free_tiles_.empty())
      free_tiles_.push_back(AddSlot({Slot::kTileBuffer, p_.tile_buffers++, -1, 4}, nullptr));
    const int slot = free_tiles_.back();
    free_tiles_.pop_back();
    return slot;
  }
  int NewWide() { return AddSlot({Slot::kWideBuffer, p_.wide_buffers++, -1, 4}, nullptr); }
  int OutputSlot(int output) {
    const Operand& operand = node_.outputs[static_cast<size_t>(output)];
    return AddSlot({Slot::kOutput, output, -1, SizeInBytes(operand.dtype, 1)}, &operand);
  }

  // Tiles whose value nobody reads after step `at`: those where the step may write its result while it reads
  // them (elements of one size, each read where it is written), or the others.
  void FreeTiles(NodeId id, int at, bool in_place) {
    const bool bools = TypeOf(body_.node(id).outputs[0]).dtype == DataType::kBool;
    for (ValueId operand : body_.node(id).inputs) {
      const ValueId v = Same(operand);
      const auto slot = slots_.find(v);
      if (slot == slots_.end() || KindOf(slot->second) != Slot::kTileBuffer || last_use_.at(v) != at)
        continue;
      const bool alike = bools == (TypeOf(v).dtype == DataType::kBool) && !operands_.contains(v);
      if (alike != in_place || kept_.contains(v)) continue;
      kept_.insert(v);  // free for good
      free_tiles_.push_back(slot->second);
    }
  }

  // ---- steps

  static Step CopyStep(int from, int to) {
    Step step;
    step.function = F::kCopy;
    step.in[0] = from;
    step.out = to;
    return step;
  }
  static Step ConvertStep(ConvertLoop convert, int from, int to) {
    Step step = CopyStep(from, to);
    step.convert = convert;
    return step;
  }

  // Where operand i of a step lies; bf16 from memory is widened first.
  void Read(ValueId operand, size_t i, Step* step) {
    const ValueId v = Same(operand);
    const auto from = operands_.find(v);
    if (from != operands_.end()) step->operands[i] = from->second;
    if (!slots_.contains(v)) {
      slots_[v] = NewTile();
      Step widen = ConvertStep(&Widen, narrow_.at(v), slots_[v]);
      widen.operands[0] = from->second;
      p_.steps.push_back(widen);
    }
    step->in[i] = slots_.at(v);
  }

  void AddStep(NodeId id, const ElementForm& form, int at) {
    const Node& node = body_.node(id);
    Step step;
    step.function = form.function;
    step.parameter = form.parameter;
    const size_t operands = form.function == F::kDropout ? 1 : node.inputs.size();
    bool exact = Picks(form.function);
    if (WidensOnce(node, form, at)) {
      step.convert = &Widen;
      step.in[0] = narrow_.at(node.inputs[0]);
      return AddResult(id, step, exact, at);
    }
    for (size_t i = 0; i < operands; ++i) {
      Read(node.inputs[i], i, &step);
      exact &= TypeOf(Same(node.inputs[i])).dtype != DataType::kF32;
    }
    step.unary = UnaryLoopOf(form.function);
    step.compare = CompareLoopOf(form.function);
    if (form.function == F::kDropout) AddDraw(id, &step);
    AddResult(id, step, exact, at);
  }

  // A cast of what lies as bf16 in memory, for the last time: nothing lies between.
  bool WidensOnce(const Node& node, const ElementForm& form, int at) const {
    const ValueId v = node.inputs[0];
    return form.function == F::kCopy && TypeOf(node.outputs[0]).dtype == DataType::kF32 &&
           narrow_.contains(v) && !slots_.contains(v) && last_use_.at(v) == at;
  }

  // The step with a place for its result, rounded where that is bf16 and the step is not exact; then what
  // brings it to its output.
  void AddResult(NodeId id, Step step, bool exact, int at) {
    const ValueId v = body_.node(id).outputs[0];
    const auto output = output_of_.find(v);
    const bool given = output != output_of_.end(), read = last_use_.contains(v), narrow = IsBf16(TypeOf(v));
    const bool direct = given && last_whole_input_ <= at;  // no step to come reads what this overwrites
    const bool casts = step.function == F::kCopy && narrow && !exact, straight = casts && direct && !read;
    const bool in_output = direct && (!narrow || straight);
    FreeTiles(id, at, true);
    step.out = reduced_.contains(v) ? NewWide() : in_output ? OutputSlot(output->second) : NewTile();
    FreeTiles(id, at, false);
    slots_[v] = step.out;
    if (casts) step.convert = straight ? &Narrow : &Round;
    p_.steps.push_back(step);
    if (narrow && !exact && !casts && read) p_.steps.push_back(ConvertStep(&Round, step.out, step.out));
    if (given && KindOf(step.out) != Slot::kOutput) {
      const int to = OutputSlot(output->second);
      (direct ? p_.steps : tail_)
          .push_back(narrow ? ConvertStep(&Narrow, step.out, to) : CopyStep(step.out, to));
      if (!direct) kept_.insert(v);  // until the tail
    }
    if (!read && KindOf(step.out) == Slot::kTileBuffer && !kept_.contains(v)) free_tiles_.push_back(step.out);
  }

  void AddDraw(NodeId id, Step* step) {
    const Node& node = body_.node(id);
    Draw draw;
    KernelNode random = ToKernelNode(body_.TypesOf(id));
    random.scope = node_.scope;
    for (size_t i = 1; i < node.inputs.size(); ++i) {
      if (node.inputs[i] == ValueId::kNone) continue;
      const auto& inputs = body_.inputs();
      const auto at = std::find(inputs.begin(), inputs.end(), node.inputs[i]);
      if (at == inputs.end())
        why_ = fmt::format("{} draws by a number that is no operand", body_.Describe(id));
      draw.inputs[i - 1] = static_cast<int>(at - inputs.begin());
    }
    const auto number = [&](std::string_view name) {  // every random operator has them
      for (const Field& f : node.op->fields) {
        if (f.name == name && f.kind == AttributeKind::kInt)
          return *static_cast<const int64_t*>(f.Get(node.attributes.get()));
      }
      return int64_t{0};
    };
    draw.source = std::make_unique<RandomSource>(random, 1, number("stream"), shape_, number("seed"));
    step->draw = static_cast<int>(p_.draws.size());
    p_.draws.push_back(std::move(draw));
  }

  void AddReduction(NodeId id, const ElementForm& form) {
    const ValueId from = body_.node(id).inputs[0];
    ReductionStep reduction;
    reduction.function = form.function == F::kReduceSum    ? ReduceFunction::kSum
                         : form.function == F::kReduceMean ? ReduceFunction::kMean
                                                           : ReduceFunction::kMax;
    reduction.loops = ReduceLoopsOf(reduction.function);
    const bool outside = body_.value(from).producer == NodeId::kNone;
    if (outside && !copies_.contains(from)) {
      copies_[from] = NewWide();
      Step copy = CopyStep(-1, copies_[from]);
      Read(from, 0, &copy);
      p_.steps.push_back(copy);
    }
    reduction.source = outside ? copies_.at(from) : slots_.at(from);
    const auto output = output_of_.find(body_.node(id).outputs[0]);
    if (output == output_of_.end()) return;  // nobody reads it
    reduction.output = output->second;
    reduction.operand = static_cast<int>(strides_.size());
    strides_.push_back(ReducedStrides(node_.outputs[static_cast<size_t>(output->second)]));
    p_.reductions.push_back(reduction);
  }

  // Of the result over the axes of S: it has them as ones, or not at all.
  Strides ReducedStrides(const Operand& y) const {
    const Strides own = StridesOf(y);
    const bool kept_as_ones = own.size() == axes_.size();
    Strides strides(axes_.size(), 0);
    for (size_t i = 0, k = 0; i < axes_.size(); ++i) {
      if (!axes_[i]) strides[i] = own[kept_as_ones ? i : k++];
    }
    return strides;
  }

  // ---- along a row

  bool IsOneNumber(int operand) const {
    if (operand < 0) return false;
    const Strides& strides = strides_[static_cast<size_t>(operand)];
    return std::all_of(strides.begin(), strides.end(), [](int64_t s) { return s == 0; });
  }

  std::string Nest() {
    if (p_.num_elements == 0) {
      for (const ReductionStep& r : p_.reductions) {
        if (!node_.outputs[static_cast<size_t>(r.output)].dense())
          return "a reduction of nothing fills dense rows only";
      }
      p_.nest.rows = 0;
      p_.nest.repeats.assign(strides_.size(), false);
      return "";
    }
    std::string why = MakeNest(shape_, strides_, p_.reduced, axes_, &p_.nest);
    for (Step& step : p_.steps) {
      if (!why.empty()) return why;
      why = ChooseLoop(&step);
    }
    return why;
  }

  // By what repeats along a row.
  std::string ChooseLoop(Step* step) const {
    for (size_t i = 0; i < step->in.size(); ++i) {
      const int operand = step->operands[i];
      step->repeats[i] = operand >= 0 && p_.nest.repeats[static_cast<size_t>(operand)];
    }
    const bool steps = step->unary != nullptr || step->convert == &Round || step->convert == &Narrow;
    if (steps && step->repeats[0]) return "an operand repeats";
    const BinaryLoops loops = BinaryLoopsOf(step->function);
    if (loops.both_step == nullptr) return "";
    const bool power = step->function == F::kPow;
    if (power) step->parameter = IsOneNumber(step->operands[1]) ? 1 : 0;
    step->binary = step->repeats[0]             ? loops.a_repeats
                   : step->repeats[1] && !power ? loops.b_repeats
                                                : loops.both_step;
    const bool fits = step->binary != nullptr && !(step->repeats[0] && (step->repeats[1] || power));
    return fits ? "" : "an operand repeats";
  }

  const KernelNode& node_;
  TileProgram& p_;
  const Graph& body_;
  Shape shape_;
  std::vector<bool> axes_;
  std::vector<Strides> strides_;  // by operand of the nest
  int last_whole_input_ = -1;     // the last step that reads the memory of an input as large as S
  // By value, looked up only: where it lies in cache, or as bf16 in memory; its operand of the nest.
  std::map<ValueId, int> slots_, narrow_, operands_, last_use_, output_of_, copies_;
  std::map<ValueId, ValueId> same_;
  std::set<ValueId> reduced_, kept_;
  std::vector<int> free_tiles_;
  std::vector<Step> tail_;
  std::string why_;
};

}  // namespace

StatusOr<GraphBody> BodyOf(const KernelNode& node) {
  std::vector<TensorType> types;
  for (const Operand& o : node.inputs) types.push_back({o.dtype, ToDims(o.shape)});
  std::vector<const TensorType*> operands;
  for (const TensorType& t : types) operands.push_back(&t);
  return TypedBody(node.attrs<FusedElementwiseOp>().body, operands);
}

std::string MakeTileProgram(const KernelNode& node, TileProgram* program) {
  StatusOr<GraphBody> body = BodyOf(node);
  if (!body.ok()) return std::string(Message(body.status()));
  program->body = *std::move(body);
  return ProgramMaker(node, program).Make();
}

}  // namespace weft::ops::fused_elementwise
