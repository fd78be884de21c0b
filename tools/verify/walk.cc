#include "tools/verify/walk.h"

#include <cstring>

#include "base/hash.h"

namespace weft {
namespace {

class Walk {
 public:
  Walk(const Program& program, const Feed& feed, VerifyReport* report)
      : program_(program), feed_(feed), report_(report) {}

  Status Run(const std::function<Status(const CallSeen&)>& seen) {
    hashes_.assign(program_.graph.num_value_slots(), 0);
    known_.assign(hashes_.size(), false);
    WEFT_RETURN_IF_ERROR(Bind());
    for (const Call& call : program_.calls) {
      CallSeen s{&call, {}, {}};
      for (const CallOperand& o : call.inputs) {
        if (!Read(o, call, &s.inputs)) return OkStatus();
      }
      if (!call.is_view) {
        if (const Status status = RunCall(call); !status.ok()) {
          Finding f = FindingAt(CheckKind::kCompile, program_.graph, call.node, "");
          f.kernel = call.kernel;
          f.message = Message(status);
          report_->findings.push_back(std::move(f));
          return OkStatus();
        }
      }
      for (const CallOperand& o : call.outputs) {
        s.outputs.push_back(Copy(o));
        if (o.value != ValueId::kNone) Note(o.value, s.outputs.back());
      }
      if (seen) WEFT_RETURN_IF_ERROR(seen(s));
    }
    CheckResults();
    return OkStatus();
  }

 private:
  Status Bind() {
    WEFT_ASSIGN_OR_RETURN(arena_,
                          Tensor::Allocate(DataType::kU8, {std::max<int64_t>(program_.arena_bytes, 1)}));
    std::memset(arena_.mutable_data(), 0xff, arena_.size_bytes());
    for (const Storage& s : program_.storages) {
      own_.emplace_back();
      if (s.kind == StorageKind::kArena) {
        bases_.push_back(static_cast<std::byte*>(arena_.mutable_data()) + s.offset);
        continue;
      }
      const Value* value = s.value == ValueId::kNone ? nullptr : &program_.graph.value(s.value);
      if (s.kind == StorageKind::kConstant) {  // the plan has been verified: it is only read
        bases_.push_back(static_cast<std::byte*>(const_cast<void*>(value->constant->data())));
        continue;
      }
      WEFT_ASSIGN_OR_RETURN(own_.back(), Tensor::Allocate(DataType::kU8, {std::max<int64_t>(s.bytes, 1)}));
      bases_.push_back(static_cast<std::byte*>(own_.back().mutable_data()));
      std::memset(bases_.back(), 0xff, own_.back().size_bytes());
      if (value == nullptr || !value->is_input) continue;
      WEFT_ASSIGN_OR_RETURN(const Tensor given, FeedFor(program_.graph, feed_, s.value));
      if (given.size_bytes() > 0) std::memcpy(bases_.back(), given.data(), given.size_bytes());
      Note(s.value, given);
    }
    return OkStatus();
  }

  std::byte* At(const CallOperand& o) const { return bases_[static_cast<size_t>(o.storage)] + o.offset; }

  // Row after row.
  Tensor Copy(const CallOperand& o) const {
    if (o.value == ValueId::kNone) return {};
    Tensor t = Tensor::Zeros(o.operand.dtype, o.operand.shape);
    const int64_t rows = o.operand.num_rows(), row = SizeInBytes(o.operand.dtype, o.operand.row());
    auto* to = static_cast<std::byte*>(t.mutable_data());
    if (o.operand.dense()) {
      if (t.size_bytes() > 0) std::memcpy(to, At(o), t.size_bytes());
      return t;
    }
    const int64_t pitch = SizeInBytes(o.operand.dtype, o.operand.pitch);
    for (int64_t r = 0; r < rows; ++r) std::memcpy(to + r * row, At(o) + r * pitch, static_cast<size_t>(row));
    return t;
  }

  static uint64_t HashOf(const Tensor& t) {
    return HashContents({static_cast<const std::byte*>(t.data()), t.size_bytes()});
  }
  void Note(ValueId v, const Tensor& t) {
    hashes_[static_cast<size_t>(v)] = HashOf(t);
    known_[static_cast<size_t>(v)] = true;
  }
  // False where the bytes are not those that were written under the value's name.
  bool IsAsWritten(ValueId v, const Tensor& t) {
    if (known_[static_cast<size_t>(v)]) return hashes_[static_cast<size_t>(v)] == HashOf(t);
    Note(v, t);
    return program_.graph.value(v).constant != nullptr;
  }

  bool Read(const CallOperand& o, const Call& call, std::vector<Tensor>* inputs) {
    inputs->push_back(Copy(o));
    if (o.value == ValueId::kNone || IsAsWritten(o.value, inputs->back())) return true;
    Finding f = FindingAt(CheckKind::kPlan, program_.graph, call.node, "");
    f.message = fmt::format("reads '{}', whose bytes are no longer what was written",
                            program_.graph.value(o.value).name);
    report_->findings.push_back(std::move(f));
    return false;
  }

  Status RunCall(const Call& call) const {
    std::vector<const void*> in;
    std::vector<void*> out;
    for (const CallOperand& o : call.inputs) in.push_back(o.value == ValueId::kNone ? nullptr : At(o));
    for (const CallOperand& o : call.outputs) out.push_back(o.value == ValueId::kNone ? nullptr : At(o));
    void* workspace = call.workspace < 0 ? nullptr : bases_[static_cast<size_t>(call.workspace)];
    return call.run->Run({in.data(), out.data(), workspace});
  }

  // Outputs and states hold their values at the end.
  void CheckResults() {
    const auto check = [&](const Port& port, ValueId v, std::string_view what) {
      const CallOperand o{v, port.storage, port.offset, DenseOperand(port.dtype, port.shape)};
      if (v == ValueId::kNone || IsAsWritten(v, Copy(o))) return;
      Finding f = FindingAt(CheckKind::kPlan, program_.graph, program_.graph.value(v).producer, "");
      f.message =
          fmt::format("{} '{}' does not hold '{}' at the end", what, port.name, program_.graph.value(v).name);
      report_->findings.push_back(std::move(f));
    };
    for (const Port& port : program_.outputs) check(port, port.value, "output");
    for (const Port& port : program_.states) check(port, port.next, "state");
  }

  const Program& program_;
  const Feed& feed_;
  VerifyReport* report_;
  Tensor arena_;
  std::vector<Tensor> own_;        // by storage
  std::vector<std::byte*> bases_;  // by storage
  std::vector<uint64_t> hashes_;   // by value: of its elements as its producer left them
  std::vector<bool> known_;
};

}  // namespace

Status WalkProgram(const Program& program, const Feed& feed,
                   const std::function<Status(const CallSeen&)>& seen, VerifyReport* report) {
  return Walk(program, feed, report).Run(seen);
}

}  // namespace weft
