// What an elementwise operator does to each element: what weft.FusedElementwise makes chains of. An operator
// says it in its def.cc (OpDef::element); a device has a loop for each of these.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace weft {

enum class ElementFunction : uint8_t {
  kNone,  // not elementwise, or not this node
  kCopy,  // broadcast; from one float type to another
  kNeg,
  kAbs,
  kSqrt,
  kReciprocal,
  kRelu,
  kExp,
  kLog,
  kErf,
  kSigmoid,
  kTanh,
  kSwish,  // parameter: alpha
  kGelu,
  kGeluTanh,
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMax,
  kMin,
  kSwiGlu,     // gate, up; parameter: alpha
  kSwishGrad,  // dy, x; parameter: alpha
  kGeluGrad,
  kGeluTanhGrad,
  kPow,
  kEqual,  // to bool
  kLess,
  kGreater,
  kNot,  // of bools
  kAnd,
  kWhere,      // condition, x, y
  kFromBool,   // 1 or 0
  kDropout,    // data, seed, step, row: its attributes say the rest
  kReduceSum,  // over `reduced`
  kReduceMean,
  kReduceMax,
};

// A node's form: output 0 from its inputs, broadcast to its shape; or a reduction of input 0.
struct ElementForm {
  ElementFunction function = ElementFunction::kNone;
  float parameter = 0;
  std::vector<bool> reduced = {};  // of a reduction: the axes of input 0 that are
  std::string_view why_not = {};   // with kNone: what keeps this node from having a form; static storage

  explicit operator bool() const { return function != ElementFunction::kNone; }
  bool reduction() const { return function >= ElementFunction::kReduceSum; }
};

}  // namespace weft
