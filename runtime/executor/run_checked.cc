// Executor::RunChecked: which call made the first NaN or infinity.
#include <algorithm>

#include "ir/joined_name.h"
#include "runtime/executor/executor.h"
#include "runtime/executor/finite.h"

namespace weft {
namespace {

enum Bits : uint8_t { kNan = 1, kInfinite = 2 };

uint8_t BitsOf(const NotFinite& found) {
  return static_cast<uint8_t>((found.nan >= 0 ? kNan : 0) | (found.infinite >= 0 ? kInfinite : 0));
}

// "[3, 17]", of element i in row-major order.
std::string Coordinates(const Shape& shape, int64_t i) {
  Shape at(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    at[d] = i % shape[d];
    i /= shape[d];
  }
  return ToString(at);
}

std::string DescribeBad(const Operand& operand, bool nan, const NotFinite& found) {
  return fmt::format("{}{} is {} at {}", Name(operand.dtype), ToString(operand.shape),
                     nan ? "NaN" : "infinite", Coordinates(operand.shape, nan ? found.nan : found.infinite));
}

// Where a NaN was found: of states that lie side by side, in the one that it is in.
struct Place {
  std::string name;
  Operand operand;
  int64_t element;
};
Place PlaceOf(const std::string& name, const Operand& operand, int64_t element) {
  int64_t before = 0;
  for (const JoinedPart& part : PartsOf(name)) {
    Shape shape = operand.shape;
    shape[0] = part.rows;
    if (element < before + NumElements(shape))
      return {std::string(part.name), DenseOperand(operand.dtype, shape), element - before};
    before += NumElements(shape);
  }
  return {name, operand, element};
}

}  // namespace

NotFinite Executor::Look(const CallOperand& o) const {
  return FindNotFinite(o.operand, bases_[static_cast<size_t>(o.storage)] + o.offset);
}

int32_t Executor::FirstReader(ValueId value) const {
  for (size_t i = 0; i < program_.calls.size(); ++i) {
    for (const CallOperand& in : program_.calls[i].inputs) {
      if (in.value == value) return static_cast<int32_t>(i);
    }
  }
  return -1;
}

Status Executor::LookAtGiven(int64_t step, std::vector<uint8_t>& bits) const {
  for (size_t s = 0; s < program_.storages.size(); ++s) {
    const Storage& storage = program_.storages[s];
    if (storage.kind == StorageKind::kArena || storage.kind == StorageKind::kOutput) continue;
    const TensorType& type = program_.graph.value(storage.value).type;
    const Operand operand = DenseOperand(type.dtype, ToShape(type.shape));
    const NotFinite found = FindNotFinite(operand, bases_[s]);
    bits[static_cast<size_t>(storage.value)] = BitsOf(found);
    if (found.nan < 0) continue;
    const int32_t reader = FirstReader(storage.value);
    const Place place = PlaceOf(program_.graph.value(storage.value).name, operand, found.nan);
    return InvalidArgument(
        "{}{} '{}' of program '{}' already holds NaN before it runs: {}{}",
        step < 0 ? "" : fmt::format("step {}: ", step), Name(storage.kind), place.name, program_.name,
        DescribeBad(place.operand, true, {.nan = place.element}),
        reader < 0
            ? ""
            : ", first read by " + program_.graph.Describe(program_.calls[static_cast<size_t>(reader)].node));
  }
  return OkStatus();
}

bool Executor::IsOutput(ValueId value) const {
  return std::any_of(program_.outputs.begin(), program_.outputs.end(),
                     [&](const Port& port) { return port.value == value; });
}

Status Executor::RunChecked(int64_t step, bool finite_outputs) {
  WEFT_RETURN_IF_ERROR(CheckBound());
  std::vector<uint8_t> bits(program_.graph.num_value_slots(), 0);
  WEFT_RETURN_IF_ERROR(LookAtGiven(step, bits));
  auto next = calls_.begin();
  for (size_t i = 0; i < program_.calls.size(); ++i) {
    const Call& call = program_.calls[i];
    const auto index = static_cast<int32_t>(i);
    if (!call.is_view) {
      const Status status = next->kernel->Run(next->args);
      if (!status.ok()) return Fail(step, index, status);
      ++next;
    }
    uint8_t given = 0;
    for (const CallOperand& in : call.inputs) {
      if (in.value != ValueId::kNone) given |= bits[static_cast<size_t>(in.value)];
    }
    for (const CallOperand& out : call.outputs) {
      if (out.value == ValueId::kNone) continue;
      const NotFinite found = call.is_view ? NotFinite{} : Look(out);
      const uint8_t made = call.is_view ? given : BitsOf(found);
      bits[static_cast<size_t>(out.value)] = made;
      const bool nan = (made & kNan) != 0 && (given & kNan) == 0;
      const bool infinite = (made & kInfinite) != 0 && given == 0;
      const bool passed_on = finite_outputs && made != 0 && IsOutput(out.value);
      if (!nan && !infinite && !passed_on) continue;
      const NotFinite where = call.is_view ? Look(out) : found;
      if (BitsOf(where) == 0) continue;  // the view left it out
      return Fail(step, index,
                  InvalidArgument("its output '{}' {}, {}", program_.graph.value(out.value).name,
                                  DescribeBad(out.operand, where.nan >= 0, where),
                                  nan || infinite ? "and no operand is" : "as is an operand"));
    }
  }
  return OkStatus();
}

}  // namespace weft
