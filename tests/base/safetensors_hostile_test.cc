// Files that lie: each is refused by one line that says what is wrong, without a crash and without asking for
// more memory than the file has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/safetensors.h"
#include "tests/base/largest_allocation.h"
#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string FileOf(std::string_view header, size_t data_bytes, uint64_t claimed) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(claimed >> (8 * i) & 0xff);
  bytes += header;
  return bytes + std::string(data_bytes, '\1');
}
std::string FileOf(std::string_view header, size_t data_bytes) {
  return FileOf(header, data_bytes, header.size());
}

StatusOr<SafetensorsFile> Read(std::string_view bytes) {
  return SafetensorsFile::FromBytes(std::as_bytes(std::span(bytes)), "x", nullptr);
}
std::string ErrorOf(std::string_view bytes) {
  const StatusOr<SafetensorsFile> file = Read(bytes);
  EXPECT_FALSE(file.ok());
  const std::string message = Message(file.status());
  EXPECT_THAT(message, StartsWith("'x': "));
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  EXPECT_LT(message.size(), 500U) << message;
  return message;
}
std::string Entry(std::string_view body, size_t data_bytes = 8) {
  return ErrorOf(FileOf(fmt::format(R"({{"a":{{{}}}}})", body), data_bytes));
}

TEST(HostileSafetensors, TruncatedAtEveryByte) {
  const std::string good =
      FileOf(R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
             R"("b":{"dtype":"U8","shape":[4],"data_offsets":[8,12]}})",
             12);
  ASSERT_TRUE(Read(good).ok());
  for (size_t size = 0; size < good.size(); ++size) {
    // A copy of exactly that size, so that a sanitizer sees any read past it.
    const std::vector<char> cut(good.begin(), good.begin() + static_cast<int64_t>(size));
    ErrorOf({cut.data(), cut.size()});
  }
  EXPECT_EQ(ErrorOf(good + "x"), "'x': 1 bytes follow the last tensor, expected none");
}

TEST(HostileSafetensors, HeaderLengthsThatLie) {
  EXPECT_EQ(ErrorOf(FileOf("{}", 0, 3)),
            "'x': the header claims 3 bytes, expected at most 2 in a file of 10: truncated?");
  EXPECT_EQ(ErrorOf(FileOf("{}", 0, UINT64_MAX)),
            "'x': the header claims 18446744073709551615 bytes, expected at most 100000000: not a "
            "safetensors file");
  EXPECT_THAT(ErrorOf(FileOf("{}", 0, 100'000'001)), HasSubstr("expected at most 100000000"));
  EXPECT_THAT(ErrorOf(FileOf("{}", 0, 0)), HasSubstr("the header begins with '', expected '{'"));
  EXPECT_THAT(ErrorOf(FileOf("{}", 0, 1)), HasSubstr("header: line 1, column 2"));
  EXPECT_THAT(ErrorOf("PK\3\4 a zip file of PyTorch"), HasSubstr("not a safetensors file"));
  EXPECT_THAT(ErrorOf("1234567"), HasSubstr("7 bytes, expected at least 8"));
}

TEST(HostileSafetensors, RangesThatLie) {
  EXPECT_EQ(Entry(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])"),
            "'x': tensor 'a': data_offsets [0, 8] hold 8 bytes, expected 12 (F32 [3])");
  EXPECT_EQ(Entry(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])", 7),
            "'x': tensor 'a': data_offsets [0, 8] lie outside the file's 7 bytes of data");
  EXPECT_THAT(Entry(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"), HasSubstr("lie outside"));
  EXPECT_THAT(Entry(R"("dtype":"F32","shape":[2],"data_offsets":[9223372036854775800,9223372036854775807])"),
              HasSubstr("lie outside"));
  EXPECT_EQ(Entry(R"("dtype":"F32","shape":[1],"data_offsets":[4,8])"),
            "'x': tensor 'a': data_offsets begin at 4, expected 0: there is a gap before it");
  EXPECT_EQ(Entry(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])"),
            "'x': 4 bytes follow the last tensor, expected none");
  EXPECT_EQ(ErrorOf(FileOf(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                           R"("b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
                           6)),
            "'x': tensor 'b': data_offsets begin at 2, expected 4: there is an overlap before it");
  EXPECT_THAT(ErrorOf(FileOf(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                             R"("b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}})",
                             4)),
              HasSubstr("there is an overlap"));
}

TEST(HostileSafetensors, ShapesThatLie) {
  EXPECT_EQ(Entry(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])"),
            "'x': tensor 'a': expected shape to hold whole numbers >= 0, got -2");
  EXPECT_THAT(Entry(R"("dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8])"),
              HasSubstr("shape [4611686018427387904, 4] has more f32 elements than 64 bits can count"));
  EXPECT_THAT(Entry(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0])"),
              HasSubstr("more f32 elements"));
  EXPECT_THAT(Entry(R"("dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8])"),
              HasSubstr("whole numbers >= 0, got 18446744073709551615"));
  EXPECT_THAT(Entry(R"("dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8])"),
              HasSubstr("got"));
  EXPECT_THAT(Entry(R"("dtype":"F32","shape":[2.5],"data_offsets":[0,8])"), HasSubstr("got '2.5'"));
  EXPECT_THAT(Entry(R"("dtype":"F32","shape":["2"],"data_offsets":[0,8])"), HasSubstr("got '2'"));
  std::string ones = "1";
  for (int i = 0; i < 64; ++i) ones += ",1";
  EXPECT_THAT(Entry(fmt::format(R"("dtype":"F32","shape":[{}],"data_offsets":[0,4])", ones)),
              HasSubstr("shape has more than 64 dimensions"));
}

TEST(HostileSafetensors, FieldsOfTheWrongKind) {
  EXPECT_EQ(
      Entry(R"("dtype":"Q4","shape":[],"data_offsets":[0,8])"),
      "'x': tensor 'a': dtype 'Q4' is unknown, expected F64 F32 BF16 F16 F8_E4M3 F8_E5M2 I64 I32 I8 U64 U32 "
      "U16 U8 or BOOL");
  EXPECT_THAT(Entry(R"("dtype":"I16","shape":[4],"data_offsets":[0,8])"),
              HasSubstr("dtype I16 is not supported (weft has no 16-bit signed integers)"));
  EXPECT_THAT(Entry(R"("dtype":7,"shape":[],"data_offsets":[0,8])"),
              HasSubstr("expected dtype to be a string"));
  EXPECT_THAT(Entry(R"("dtype":"F64","shape":7,"data_offsets":[0,8])"),
              HasSubstr("expected shape to be a list"));
  EXPECT_THAT(Entry(R"("dtype":"F64","shape":{},"data_offsets":[0,8])"), HasSubstr("got an object"));
  EXPECT_THAT(Entry(R"("dtype":["F64"],"shape":[],"data_offsets":[0,8])"), HasSubstr("got a list"));
  EXPECT_THAT(Entry(R"("dtype":"F64","shape":[[]],"data_offsets":[0,8])"), HasSubstr("got a list"));
  EXPECT_THAT(Entry(R"("dtype":"F64","shape":null,"data_offsets":[0,8])"), HasSubstr("got null"));
  EXPECT_THAT(Entry(R"("dtype":"F64","shape":[],"data_offsets":[0])"), HasSubstr("fewer than 2 numbers"));
  EXPECT_THAT(Entry(R"("dtype":"F64","shape":[],"data_offsets":[0,8,8])"), HasSubstr("more than 2 numbers"));
  EXPECT_THAT(Entry(R"("dtype":"F64","shape":[],"data_offsets":[true,8])"), HasSubstr("got true"));
  EXPECT_THAT(Entry(R"("dtype":"F64","shape":[])"), HasSubstr("'data_offsets' is missing"));
  EXPECT_THAT(Entry(R"("shape":[],"data_offsets":[0,8])"), HasSubstr("'dtype' is missing"));
  EXPECT_THAT(Entry(R"("dtype":"F64","dtype":"I64","shape":[],"data_offsets":[0,8])"),
              HasSubstr("'dtype' appears twice"));
  EXPECT_THAT(Entry(R"("dtype":"F64","color":1,"shape":[],"data_offsets":[0,8])"),
              HasSubstr("unknown field 'color'"));
}

TEST(HostileSafetensors, HeadersOfTheWrongShape) {
  EXPECT_THAT(ErrorOf(FileOf("[]", 0)), HasSubstr("expected '{'"));
  EXPECT_THAT(ErrorOf(FileOf("{}x", 0)), HasSubstr("line 1, column 3"));
  EXPECT_THAT(ErrorOf(FileOf(R"({"a":5})", 0)), HasSubstr("tensor 'a': expected an object, got 5"));
  EXPECT_THAT(ErrorOf(FileOf(R"({"a":[]})", 0)), HasSubstr("tensor 'a': expected an object, got a list"));
  EXPECT_THAT(ErrorOf(FileOf(R"({"__metadata__":5})", 0)),
              HasSubstr("__metadata__: expected an object, got 5"));
  EXPECT_THAT(ErrorOf(FileOf(R"({"__metadata__":{"k":5}})", 0)),
              HasSubstr("__metadata__: expected a string, got 5"));
  EXPECT_THAT(ErrorOf(FileOf(R"({"__metadata__":{"k":{}}})", 0)), HasSubstr("got an object"));
  EXPECT_THAT(ErrorOf(FileOf(R"({"__metadata__":{"k":[]}})", 0)), HasSubstr("got a list"));
  EXPECT_THAT(ErrorOf(FileOf(R"({"__metadata__":{"k":"1","k":"2"}})", 0)),
              HasSubstr("the key 'k' appears twice"));
  EXPECT_THAT(ErrorOf(FileOf(R"({"__metadata__":{},"__metadata__":{}})", 0)), HasSubstr("appears twice"));
  EXPECT_EQ(ErrorOf(FileOf(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                           R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                           2)),
            "'x': tensor 'a' appears twice");
}

TEST(HostileSafetensors, NamesAreShownSafely) {
  const std::string header = fmt::format(
      R"({{"{}\n\u001b":{{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}}})", std::string(10000, 'n'));
  EXPECT_LT(ErrorOf(FileOf(header, 8)).size(), 300U);
  EXPECT_THAT(ErrorOf(FileOf("{\"\xff\":{}}", 0)), HasSubstr("invalid string"));
}

TEST(HostileSafetensors, DeepNestingEndsAtOnce) {
  std::string deep = "{";
  for (int i = 0; i < 1000000; ++i) deep += "\"a\":{";
  EXPECT_THAT(ErrorOf(FileOf(deep, 0)), HasSubstr("unknown field 'a'"));
  EXPECT_THAT(ErrorOf(FileOf("{\"a\":" + std::string(1000000, '['), 0)), HasSubstr("got a list"));
}

TEST(HostileSafetensors, BoolsAreZeroOrOne) {
  const std::string bytes = FileOf(R"({"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}})", 1) + "\2";
  const StatusOr<SafetensorsFile> file = Read(bytes);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(Message(file->Get("a").status()), "'x': tensor 'a': element 1 is 2, expected 0 or 1 (BOOL)");
}

TEST(HostileSafetensors, MisalignedTensorsAreCopied) {
  for (size_t pad = 0; pad < 8; ++pad) {  // the header's length decides where the data begins
    std::string header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                         R"("b":{"dtype":"F64","shape":[2],"data_offsets":[1,17]}})";
    header.append(pad, ' ');
    const std::string bytes = FileOf(header, 17);
    const StatusOr<SafetensorsFile> file = Read(bytes);
    ASSERT_TRUE(file.ok());
    const Tensor b = *file->Get("b");
    EXPECT_EQ(reinterpret_cast<uintptr_t>(b.data()) % alignof(double), 0U);
    EXPECT_EQ(b.as<double>()[1], std::bit_cast<double>(uint64_t{0x0101010101010101}));
  }
}

TEST(HostileSafetensors, NoAllocationBeyondTheFile) {
  const std::string files[] = {
      FileOf("{}", 0, 99'999'999),
      FileOf(R"({"a":{"dtype":"F64","shape":[1000000000000],"data_offsets":[0,8000000000000]}})", 8),
      FileOf(R"({"a":{"dtype":"F64","shape":[1152921504606846975],"data_offsets":[0,9223372036854775800]}})",
             8),
      FileOf(R"({"a":{"dtype":"F64","shape":[0,1152921504606846975],"data_offsets":[0,0]}})", 0),
  };
  for (const std::string& bytes : files) {
    ResetLargestAllocation();
    const StatusOr<SafetensorsFile> file = Read(bytes);
    if (file.ok()) {
      EXPECT_EQ((*file->Get("a")).num_elements(), 0);
    }
    EXPECT_LT(LargestAllocation(), 4096U);
  }
  std::string many = "{";
  for (int i = 0; i < 20000; ++i) {
    many += fmt::format(R"({}"{}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})", i == 0 ? "" : ",", i);
  }
  const std::string bytes = FileOf(many + "}", 0);
  ResetLargestAllocation();
  EXPECT_EQ(Read(bytes)->entries().size(), 20000U);
  EXPECT_LT(LargestAllocation(), 4 * bytes.size());
}

// Random damage to a good file: any answer but a crash, and what is accepted can be read.
TEST(HostileSafetensors, RandomDamage) {
  const std::string good =
      FileOf(R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
             R"("b":{"dtype":"BOOL","shape":[2,2],"data_offsets":[8,12]}})",
             12);
  std::mt19937 random(7);
  int accepted = 0;
  for (int i = 0; i < 50000; ++i) {
    std::string bytes = good;
    const int edits = 1 + static_cast<int>(random() % 4);
    for (int e = 0; e < edits; ++e) {
      const size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes[at] = "0123456789[]{},:\"-."[random() % 19];
          break;
        case 2:
          bytes.erase(at, 1 + random() % 3);
          break;
        default:
          bytes.insert(at, 1, "0123456789[]{},:\"-."[random() % 19]);
          break;
      }
      if (bytes.empty()) bytes = "x";
    }
    const StatusOr<SafetensorsFile> file = Read(bytes);
    if (!file.ok()) continue;
    ++accepted;
    for (const SafetensorsEntry& entry : file->entries()) {
      const StatusOr<Tensor> tensor = file->Get(entry.name);
      if (!tensor.ok()) continue;  // a bool that is none
      for (int64_t k = 0; k < tensor->num_elements(); ++k) ElementAsDouble(*tensor, k);
    }
  }
  EXPECT_GT(accepted, 100);  // damage to the data alone is no error
}

}  // namespace
}  // namespace weft
