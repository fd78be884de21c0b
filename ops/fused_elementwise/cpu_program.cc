#include "ops/fused_elementwise/cpu_program.h"

#include <algorithm>
#include <map>

namespace weft::ops::fused_elementwise {
namespace {

using F = ElementFunction;
constexpr int kNever = 1 << 30;

struct UnaryRow {
  F function;
  UnaryFunction loop;
};
constexpr UnaryRow kUnary[] = {
    {F::kNeg, UnaryFunction::kNeg},          {F::kAbs, UnaryFunction::kAbs},
    {F::kSqrt, UnaryFunction::kSqrt},        {F::kReciprocal, UnaryFunction::kReciprocal},
    {F::kRelu, UnaryFunction::kRelu},        {F::kExp, UnaryFunction::kExp},
    {F::kLog, UnaryFunction::kLog},          {F::kErf, UnaryFunction::kErf},
    {F::kSigmoid, UnaryFunction::kSigmoid},  {F::kTanh, UnaryFunction::kTanh},
    {F::kSwish, UnaryFunction::kSwish},      {F::kGelu, UnaryFunction::kGelu},
    {F::kGeluTanh, UnaryFunction::kGeluTanh}};
struct BinaryRow {
  F function;
  BinaryFunction loop;
};
constexpr BinaryRow kBinary[] = {{F::kAdd, BinaryFunction::kAdd},
                                 {F::kSub, BinaryFunction::kSub},
                                 {F::kMul, BinaryFunction::kMul},
                                 {F::kPow, BinaryFunction::kMul},  // of the square
                                 {F::kDiv, BinaryFunction::kDiv},
                                 {F::kMax, BinaryFunction::kMax},
                                 {F::kMin, BinaryFunction::kMin},
                                 {F::kSwiGlu, BinaryFunction::kSwiGlu},
                                 {F::kSwishGrad, BinaryFunction::kSwishGrad},
                                 {F::kGeluGrad, BinaryFunction::kGeluGrad},
                                 {F::kGeluTanhGrad, BinaryFunction::kGeluTanhGrad}};
struct CompareRow {
  F function;
  Comparison loop;
};
constexpr CompareRow kCompare[] = {
    {F::kEqual, Comparison::kEqual}, {F::kLess, Comparison::kLess}, {F::kGreater, Comparison::kGreater}};

template <class Row, size_t n>
const Row* Find(const Row (&rows)[n], F function) {
  const auto row =
      std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return r.function == function; });
  return row == std::end(rows) ? nullptr : row;
}

bool TakesBools(F function, size_t operand) {
  return function == F::kNot || function == F::kAnd || function == F::kFromBool ||
         (function == F::kWhere && operand == 0);
}
bool GivesBools(F function) {
  return function == F::kNot || function == F::kAnd || Find(kCompare, function) != nullptr;
}

class ProgramMaker {
 public:
  ProgramMaker(const KernelNode& node, TileProgram* program)
      : node_(node), p_(*program), body_(*program->body) {}

  std::string Make() {
    p_.where = WhereLoopOf();
    ReadShape();
    FindUses();
    AddSlots();
    int at = 0;
    for (NodeId id : body_.NodeIds()) {
      const NodeTypes types = body_.TypesOf(id);
      const BodyStep step = BodyStepOf(types);
      if (std::string why = CheckTypes(types, step.form); !why.empty())
        return fmt::format("{} {}", body_.Describe(id), why);
      step.form.reduction() ? AddReduction(id, step.form) : AddStep(id, step.form, at);
      if (!why_.empty()) return why_;
      ++at;
    }
    p_.steps.insert(p_.steps.end(), tail_.begin(), tail_.end());
    if (p_.slots.size() > kMaxSlots || strides_.size() > kMaxOperands || p_.draws.size() > kMaxDraws)
      return "it has too many values";
    return Nest();
  }

 private:
  void ReadShape() {
    for (NodeId id : body_.NodeIds()) {
      const NodeTypes types = body_.TypesOf(id);
      const BodyStep step = BodyStepOf(types);
      shape_ = ToShape(BodyShapeOf(types, step));
      if (!step.form.reduction()) continue;
      p_.reduced = step.reduced == ReducedAxesKind::kFirst ? Reduced::kFirst : Reduced::kLast;
      axes_ = step.form.reduced;
    }
    p_.num_elements = NumElements(shape_);
  }

  void FindUses() {
    int at = 0;
    for (NodeId id : body_.NodeIds()) {
      const bool reduction = BodyStepOf(body_.TypesOf(id)).form.reduction();
      for (ValueId v : body_.node(id).inputs) {
        if (v == ValueId::kNone) continue;
        last_use_[v] = at;
        if (reduction) is_reduced_[v] = true;
        if (body_.value(v).is_input && body_.value(v).type.num_elements().value() == p_.num_elements)
          last_whole_input_ = at;
      }
      ++at;
    }
    for (size_t i = 0; i < body_.outputs().size(); ++i) output_of_[body_.outputs()[i]] = static_cast<int>(i);
  }

  static bool IsTiled(const TensorType& type) {
    return type.dtype == DataType::kF32 || type.dtype == DataType::kBool;
  }

  int AddSlot(Slot slot, const Operand* operand) {
    if (operand != nullptr) {
      slot.operand = static_cast<int>(strides_.size());
      strides_.push_back(StridesOf(*operand, shape_.size()));
    }
    p_.slots.push_back(slot);
    return static_cast<int>(p_.slots.size()) - 1;
  }

  void AddSlots() {
    for (size_t i = 0; i < body_.inputs().size(); ++i) {
      const ValueId v = body_.inputs()[i];
      if (!IsTiled(body_.value(v).type) || body_.value(v).type.rank() > static_cast<int>(shape_.size()))
        continue;
      slots_[v] = AddSlot({Slot::kInput, static_cast<int>(i), -1, SizeInBytes(node_.inputs[i].dtype, 1)},
                          &node_.inputs[i]);
    }
    for (ValueId v : body_.ConstantIds()) {
      const Tensor& tensor = *body_.value(v).constant;
      if (!IsTiled(body_.value(v).type) || tensor.shape().size() > shape_.size()) continue;
      const Operand operand = DenseOperand(tensor.dtype(), tensor.shape());
      slots_[v] = AddSlot({Slot::kConstant, 0, -1, SizeInBytes(tensor.dtype(), 1),
                           static_cast<const std::byte*>(tensor.data())},
                          &operand);
    }
  }

  std::string CheckTypes(const NodeTypes& types, const ElementForm& form) const {
    const auto is = [](const TensorType& t, bool bools) {
      return t.dtype == (bools ? DataType::kBool : DataType::kF32);
    };
    const bool any = form.function == F::kCopy;
    for (size_t i = 0; i < types.inputs.size(); ++i) {
      if (form.function == F::kDropout && i > 0) break;
      const bool fits = any ? IsTiled(types.input(i)) : is(types.input(i), TakesBools(form.function, i));
      if (!fits) return fmt::format("takes {}", Name(types.input(i).dtype));
    }
    if (!any && !is(types.output(0), GivesBools(form.function)))
      return fmt::format("gives {}", Name(types.output(0).dtype));
    return "";
  }

  // ---- buffers

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

  // Tiles whose value nobody reads after step `at`; a step may write where it reads if elements are of one
  // size.
  void FreeTiles(NodeId id, int at, bool same_size, int64_t bytes) {
    for (size_t i = 0; i < body_.node(id).inputs.size(); ++i) {
      const ValueId v = body_.node(id).inputs[i];
      const auto slot = slots_.find(v);
      if (slot == slots_.end() || p_.slots[static_cast<size_t>(slot->second)].kind != Slot::kTileBuffer)
        continue;
      const bool keep = last_use_.at(v) != at || output_of_.contains(v) || freed_[v];
      if (keep || same_size != (SizeInBytes(body_.value(v).type.dtype, 1) == bytes)) continue;
      freed_[v] = true;
      free_tiles_.push_back(slot->second);
    }
  }

  int NewResult(NodeId id, ValueId v, int at) {
    const int64_t bytes = SizeInBytes(body_.value(v).type.dtype, 1);
    const auto output = output_of_.find(v);
    FreeTiles(id, at, true, bytes);
    int slot = -1;
    if (is_reduced_.contains(v)) {
      slot = NewWide();
    } else if (output != output_of_.end() && last_whole_input_ <= at) {
      slot = OutputSlot(output->second);  // no step to come reads what this may overwrite
    } else {
      slot = NewTile();
    }
    FreeTiles(id, at, false, bytes);
    if (output != output_of_.end() && p_.slots[static_cast<size_t>(slot)].kind != Slot::kOutput) {
      tail_.push_back(CopyStep(slot, OutputSlot(output->second)));
    } else if (output == output_of_.end() && !last_use_.contains(v)) {
      free_tiles_.push_back(slot);  // nobody reads it
    }
    return slots_[v] = slot;
  }

  // ---- steps

  static Step CopyStep(int from, int to) {
    Step step;
    step.function = F::kCopy;
    step.in[0] = from;
    step.out = to;
    return step;
  }

  void AddStep(NodeId id, const ElementForm& form, int at) {
    const Node& node = body_.node(id);
    Step step;
    step.function = form.function;
    step.parameter = form.parameter;
    const size_t operands = form.function == F::kDropout ? 1 : node.inputs.size();
    for (size_t i = 0; i < operands; ++i) step.in[i] = slots_.at(node.inputs[i]);
    if (const auto* row = Find(kUnary, form.function)) step.unary = UnaryLoopOf(row->loop);
    if (const auto* row = Find(kCompare, form.function)) step.compare = CompareLoopOf(row->loop);
    if (form.function == F::kDropout) AddDraw(id, &step);
    step.out = NewResult(id, node.outputs[0], at);
    p_.steps.push_back(step);
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
      p_.steps.push_back(CopyStep(slots_.at(from), copies_[from]));
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

  bool IsOneNumber(int slot) const {
    const int operand = p_.slots[static_cast<size_t>(slot)].operand;
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
    if (!why.empty()) return why;
    for (Step& step : p_.steps) {
      for (size_t i = 0; i < step.in.size(); ++i) {
        const int operand = step.in[i] < 0 ? -1 : p_.slots[static_cast<size_t>(step.in[i])].operand;
        step.repeats[i] = operand >= 0 && p_.nest.repeats[static_cast<size_t>(operand)];
      }
      if (const auto* row = Find(kBinary, step.function); row != nullptr) {
        const BinaryLoops loops = BinaryLoopsOf(row->loop);
        const bool square = step.function == F::kPow;
        if (square) step.parameter = IsOneNumber(step.in[1]) ? 1 : 0;
        step.binary = step.repeats[0]              ? loops.a_repeats
                      : step.repeats[1] && !square ? loops.b_repeats
                                                   : loops.both_step;
        if (step.binary == nullptr || (step.repeats[0] && (step.repeats[1] || square)))
          return "an operand repeats";
      }
      if (step.unary != nullptr && step.repeats[0]) return "an operand repeats";
    }
    return "";
  }

  const KernelNode& node_;
  TileProgram& p_;
  const Graph& body_;
  Shape shape_;
  std::vector<bool> axes_;
  std::vector<Strides> strides_;  // by operand of the nest
  int last_whole_input_ = -1;     // the last step that reads an input as large as S
  // looked up only
  std::map<ValueId, int> slots_, last_use_, output_of_, copies_;
  std::map<ValueId, bool> is_reduced_, freed_;
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
