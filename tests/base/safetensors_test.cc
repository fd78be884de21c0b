#include "base/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Bytes(const Tensor& t) { return {static_cast<const char*>(t.data()), t.size_bytes()}; }

NamedTensor Filled(const std::string& name, DataType type, const Shape& shape) {
  Tensor t = Tensor::Zeros(type, shape);
  for (int64_t i = 0; i < t.num_elements(); ++i) SetElementFromDouble(t, i, static_cast<double>(i % 2));
  return {name, t};
}

// What Hugging Face's library (0.8.0) writes for five numpy arrays and metadata {"format": "pt"}.
std::string WrittenByHuggingFace() {
  constexpr std::string_view kHeader =
      R"({"__metadata__":{"format":"pt"},"ids":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},)"
      R"("none":{"dtype":"F32","shape":[0,4],"data_offsets":[16,16]},)"
      R"("w":{"dtype":"F32","shape":[2,3],"data_offsets":[16,40]},)"
      R"("s":{"dtype":"F16","shape":[],"data_offsets":[40,42]},)"
      R"("flag":{"dtype":"BOOL","shape":[3],"data_offsets":[42,45]}}  )";
  constexpr uint8_t kData[] = {7,    0,    0,    0,    0, 0,    0,    0,    0xf8, 0xff, 0xff, 0xff,
                               0xff, 0xff, 0xff, 0xff, 0, 0,    0x80, 0x3f, 0,    0,    0,    0x40,
                               0,    0,    0x40, 0x40, 0, 0,    0x80, 0x40, 0,    0,    0xa0, 0x40,
                               0,    0,    0xc0, 0x40, 0, 0x41, 1,    0,    1};
  std::string bytes("\x40\x01\0\0\0\0\0\0", 8);
  bytes += kHeader;
  bytes.append(reinterpret_cast<const char*>(kData), sizeof(kData));
  return bytes;
}

TEST(Safetensors, ReadsWhatHuggingFaceWrites) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(WriteFileAtomically(dir / "a.safetensors", WrittenByHuggingFace()).ok());
  const SafetensorsFile file = *SafetensorsFile::Open(dir / "a.safetensors");
  EXPECT_THAT(file.Names(), ElementsAre("flag", "ids", "none", "s", "w"));
  std::vector<std::string> in_order;
  for (const SafetensorsEntry& e : file.entries()) in_order.push_back(e.name);
  EXPECT_THAT(in_order, ElementsAre("ids", "none", "w", "s", "flag"));
  EXPECT_EQ(file.metadata(), (SafetensorsMetadata{{"format", "pt"}}));
  EXPECT_THAT((*file.Get("ids")).as<int64_t>(), ElementsAre(7, -8));
  EXPECT_THAT((*file.Get("w")).as<float>(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT((*file.Get("w")).shape(), ElementsAre(2, 3));
  EXPECT_EQ(ElementAsDouble(*file.Get("s"), 0), 2.5);
  EXPECT_TRUE((*file.Get("s")).shape().empty());
  EXPECT_EQ(ElementAsDouble(*file.Get("flag"), 2), 1);
  EXPECT_THAT((*file.Get("none")).shape(), ElementsAre(0, 4));
}

TEST(Safetensors, TensorsShareTheMappingAndOutliveTheFile) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(WriteFileAtomically(dir / "a.safetensors", WrittenByHuggingFace()).ok());
  Tensor w, again;
  {
    const SafetensorsFile file = *SafetensorsFile::Open(dir / "a.safetensors");
    w = *file.Get("w");
    again = *file.Get("w");
  }
  EXPECT_EQ(w.data(), again.data());
  EXPECT_EQ(w.as<float>()[5], 6);
}

TEST(Safetensors, EveryTypeRoundTrips) {
  const TemporaryDirectory dir;
  std::vector<NamedTensor> tensors;
  for (int i = 0; i < kNumDataTypes; ++i) {
    const auto type = static_cast<DataType>(i);
    if (SafetensorsName(type).empty()) {
      EXPECT_TRUE(type == DataType::kI4 || type == DataType::kU4);
      continue;
    }
    tensors.push_back(Filled(std::string(Name(type)), type, {3, 5}));
    tensors.push_back(Filled(std::string(Name(type)) + ".empty", type, {0}));
    tensors.push_back(Filled(std::string(Name(type)) + ".scalar", type, {}));
  }
  const SafetensorsMetadata metadata = {{"b", "\"quoted\"\n"}, {"a", "größe"}};
  ASSERT_TRUE(WriteSafetensors(dir / "a", tensors, metadata).ok());
  const SafetensorsFile file = *SafetensorsFile::Open(dir / "a");
  EXPECT_EQ(file.metadata(), metadata);
  EXPECT_EQ(file.entries().size(), tensors.size());
  for (const NamedTensor& t : tensors) {
    const Tensor read = *file.Get(t.name);
    EXPECT_EQ(read.dtype(), t.tensor.dtype());
    EXPECT_EQ(read.shape(), t.tensor.shape());
    EXPECT_EQ(Bytes(read), Bytes(t.tensor)) << t.name;
    const size_t element = SizeInBits(read.dtype()) / 8;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(read.data()) % element, 0U) << t.name;
  }
}

TEST(Safetensors, BytesAreTheSameEveryTimeAndAligned) {
  const TemporaryDirectory dir;
  const std::vector<NamedTensor> tensors = {Filled("z", DataType::kU8, {3}), Filled("a", DataType::kF32, {5}),
                                            Filled("m", DataType::kF32, {2})};
  ASSERT_TRUE(WriteSafetensors(dir / "1", tensors, {{"k", "v"}}).ok());
  ASSERT_TRUE(WriteSafetensors(dir / "2", tensors, {{"k", "v"}}).ok());
  const std::string bytes = *ReadFile(dir / "1");
  EXPECT_EQ(bytes, *ReadFile(dir / "2"));
  EXPECT_EQ(static_cast<uint8_t>(bytes[0]) % 8, 0);
  EXPECT_THAT(bytes,
              HasSubstr(R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[5],"data_offsets":[0,20]},)"
                        R"("m":{"dtype":"F32","shape":[2],"data_offsets":[20,28]},)"
                        R"("z":{"dtype":"U8","shape":[3],"data_offsets":[28,31]}})"));
}

TEST(Safetensors, AnEmptyFileOfTensorsIsAFile) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(WriteSafetensors(dir / "a", {}).ok());
  const SafetensorsFile file = *SafetensorsFile::Open(dir / "a");
  EXPECT_TRUE(file.entries().empty());
  EXPECT_EQ(*ReadFile(dir / "a"), std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
}

TEST(Safetensors, MissingTensorsGetASuggestion) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(
      WriteSafetensors(dir / "a", std::vector<NamedTensor>{Filled("lm_head.weight", DataType::kF32, {1})})
          .ok());
  const SafetensorsFile file = *SafetensorsFile::Open(dir / "a");
  EXPECT_EQ(file.Find("lm_head"), nullptr);
  EXPECT_EQ(
      Message(file.Get("lmhead.weight").status()),
      fmt::format("'{}/a': there is no tensor 'lmhead.weight'; did you mean 'lm_head.weight'?", dir.path()));
}

TEST(SafetensorsWriter, RefusesWhatTheFormatCannotHold) {
  const TemporaryDirectory dir;
  const auto error = [&](std::vector<NamedTensor> tensors) {
    return Message(WriteSafetensors(dir / "a", tensors));
  };
  const Tensor x = Tensor::Scalar(1.0F);
  EXPECT_THAT(error({{"x", x}, {"x", x}}), HasSubstr("tensor 'x' is given twice"));
  EXPECT_THAT(error({{"__metadata__", x}}), HasSubstr("a name that the format keeps for itself"));
  EXPECT_THAT(error({{"\xff", x}}), HasSubstr("tensor '\\xff' has a name that is not UTF-8"));
  EXPECT_THAT(error({Filled("n", DataType::kI4, {2})}),
              HasSubstr("tensor 'n' is i4, which the format lacks"));
  EXPECT_FALSE(Exists(dir / "a"));
  EXPECT_THAT(Message(WriteSafetensors("/dev/full", std::vector<NamedTensor>{{"x", x}})),
              HasSubstr("No space left on device"));
}

TEST(SafetensorsWriter, StreamsPiecesAndAppearsAtTheEnd) {
  const TemporaryDirectory dir;
  const std::vector<SafetensorsWriter::Spec> specs = {{"b", DataType::kU8, {3}}, {"a", DataType::kF64, {1}}};
  SafetensorsWriter writer = *SafetensorsWriter::Create(dir / "a", specs, {});
  ASSERT_EQ(writer.entries()[0].name, "a");
  const double a = 1.5;
  const char b[] = "xyz";
  ASSERT_TRUE(writer.Append(std::as_bytes(std::span(&a, 1))).ok());
  ASSERT_TRUE(writer.Append(std::as_bytes(std::span(b, 1))).ok());
  EXPECT_FALSE(Exists(dir / "a"));
  ASSERT_TRUE(writer.Append(std::as_bytes(std::span(b + 1, 2))).ok());
  ASSERT_TRUE(writer.Commit().ok());
  const SafetensorsFile file = *SafetensorsFile::Open(dir / "a");
  EXPECT_EQ((*file.Get("a")).as<double>()[0], 1.5);
  EXPECT_EQ(Bytes(*file.Get("b")), "xyz");
}

TEST(SafetensorsWriterDeathTest, AsManyBytesAsAnnounced) {
  const TemporaryDirectory dir;
  const std::vector<SafetensorsWriter::Spec> specs = {{"b", DataType::kU8, {3}}};
  SafetensorsWriter writer = *SafetensorsWriter::Create(dir / "a", specs, {});
  EXPECT_DEATH(writer.Commit().IgnoreError(), "64 of 67 bytes were given");
  EXPECT_DEATH(writer.Append(std::vector<std::byte>(4)).IgnoreError(), "more bytes than were announced");
}

class SafetensorsSetTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto write = [&](std::string_view file, std::vector<NamedTensor> tensors) {
      ASSERT_TRUE(WriteSafetensors(dir_ / file, tensors).ok());
    };
    write("model-00001-of-00002.safetensors",
          {Filled("b", DataType::kF32, {2}), Filled("a", DataType::kI64, {1})});
    write("model-00002-of-00002.safetensors", {Filled("c", DataType::kF32, {3})});
  }
  void Index(std::string_view text) {
    ASSERT_TRUE(WriteFileAtomically(dir_ / "model.safetensors.index.json", text).ok());
  }
  std::string OpenError() { return Message(SafetensorsSet::Open(dir_.path()).status()); }
  TemporaryDirectory dir_;
};

TEST_F(SafetensorsSetTest, ReadsShardsByIndex) {
  Index(R"({"metadata": {"total_size": 36}, "weight_map": {"a": "model-00001-of-00002.safetensors",
          "b": "model-00001-of-00002.safetensors", "c": "model-00002-of-00002.safetensors"}})");
  for (const std::string& path : {dir_.path(), dir_ / "model.safetensors.index.json"}) {
    const SafetensorsSet set = *SafetensorsSet::Open(path);
    EXPECT_THAT(set.Names(), ElementsAre("a", "b", "c"));
    EXPECT_EQ(set.files().size(), 2U);
    EXPECT_EQ((*set.Get("c")).num_elements(), 3);
    EXPECT_EQ((*set.Get("a")).dtype(), DataType::kI64);
    EXPECT_EQ(set.Find("b")->end - set.Find("b")->begin, 8);
    EXPECT_EQ(set.Find("d"), nullptr);
    EXPECT_THAT(Message(set.Get("d").status()), HasSubstr("there is no tensor 'd'"));
  }
}

TEST_F(SafetensorsSetTest, ASingleFileIsASetOfOne) {
  EXPECT_THAT(OpenError(), HasSubstr("holds neither model.safetensors nor model.safetensors.index.json"));
  ASSERT_TRUE(
      WriteSafetensors(dir_ / "model.safetensors", std::vector<NamedTensor>{Filled("x", DataType::kF32, {2})})
          .ok());
  EXPECT_THAT(SafetensorsSet::Open(dir_.path())->Names(), ElementsAre("x"));
  EXPECT_THAT(SafetensorsSet::Open(dir_ / "model-00002-of-00002.safetensors")->Names(), ElementsAre("c"));
}

TEST_F(SafetensorsSetTest, BadIndexesAreErrors) {
  Index("{");
  EXPECT_THAT(OpenError(), HasSubstr("line 1, column 2"));
  Index("{}");
  EXPECT_THAT(OpenError(), HasSubstr("'weight_map' is missing, expected an object"));
  Index(R"({"weight_map": {"a": 3}})");
  EXPECT_THAT(OpenError(), HasSubstr("'a' lies in '3', expected the name of a file beside the index"));
  for (const char* name : {"../x.safetensors", "/etc/passwd", "..", "", "a/b"}) {
    Index(fmt::format(R"({{"weight_map": {{"a": "{}"}}}})", name));
    EXPECT_THAT(OpenError(), HasSubstr("expected the name of a file beside the index")) << name;
  }
  Index(R"({"weight_map": {"a": "none.safetensors"}})");
  EXPECT_THAT(OpenError(), HasSubstr("none.safetensors': No such file"));
  Index(R"({"weight_map": {"cc": "model-00002-of-00002.safetensors"}})");
  EXPECT_THAT(OpenError(),
              HasSubstr("model-00002-of-00002.safetensors' holds tensor 'cc', which it does not; "
                        "did you mean 'c'?"));
}

}  // namespace
}  // namespace weft
