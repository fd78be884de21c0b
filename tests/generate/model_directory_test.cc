// Model directories that are not whole: one line that names what, where, expected and got.
#include "frontends/models/model_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "frontends/models/transformer.h"
#include "runtime/generate/weights.h"
#include "tests/base/temporary_directory.h"
#include "tests/generate/tiny_model.h"

namespace weft::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ModelDirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override { WriteTinyModel(path_, TinyConfig(), 3); }

  // Opens the directory and binds its weights to a fresh session.
  Status Load(const std::string& path) {
    WEFT_ASSIGN_OR_RETURN(const ModelDirectory directory, OpenModelDirectory(path));
    WEFT_ASSIGN_OR_RETURN(const Graph model, BuildTransformer(directory.config, false));
    Session session;
    return BindWeights(model, directory.weights, directory.ignored_tensors, &session);
  }
  // Writes the tensors again after `edit`.
  void Edit(const std::function<void(std::vector<NamedTensor>&)>& edit) {
    const std::string file = JoinPath(path_, "model.safetensors");
    std::vector<NamedTensor> tensors;
    {
      const StatusOr<SafetensorsFile> old = SafetensorsFile::Open(file);
      ASSERT_TRUE(old.ok());
      for (const SafetensorsEntry& e : old->entries()) tensors.push_back({e.name, old->Get(e.name)->Clone()});
    }
    edit(tensors);
    ASSERT_TRUE(WriteSafetensors(file, tensors).ok());
  }
  void ExpectError(const ::testing::Matcher<const std::string&>& matcher) {
    const std::string message = Message(Load(path_));
    EXPECT_THAT(message, AllOf(matcher, Not(HasSubstr("\n"))));
  }

  TemporaryDirectory temporary_;
  std::string path_ = JoinPath(temporary_.path(), "model");
};

TEST_F(ModelDirectoryTest, AWholeOneLoads) {
  const Status status = Load(path_);
  EXPECT_TRUE(status.ok()) << Message(status);
}

TEST_F(ModelDirectoryTest, ARunDirectoryGivesItsLatestCheckpoint) {
  const std::string run = JoinPath(temporary_.path(), "run");
  ASSERT_TRUE(CreateDirectories(JoinPath(run, "checkpoints")).ok());
  EXPECT_THAT(Message(Load(run)), HasSubstr("has no checkpoint yet"));
  WriteTinyModel(JoinPath(run, "checkpoints/step-00000005"), TinyConfig(), 3);
  ASSERT_TRUE(ReplaceLink(JoinPath(run, "checkpoints/latest"), "step-00000005").ok());
  EXPECT_TRUE(Load(run).ok());
}

TEST_F(ModelDirectoryTest, WhatIsNoModelDirectoryIsSaid) {
  EXPECT_THAT(Message(Load(JoinPath(temporary_.path(), "none"))), HasSubstr("does not exist"));
  EXPECT_THAT(Message(Load(temporary_.path())), HasSubstr("neither a model directory"));
  ASSERT_TRUE(WriteFileAtomically(JoinPath(path_, "config.json"), "{\"model_type\": ").ok());
  ExpectError(HasSubstr("config.json"));
}

TEST_F(ModelDirectoryTest, AMissingTensorIsNamed) {
  Edit([](std::vector<NamedTensor>& tensors) {
    std::erase_if(tensors, [](const NamedTensor& t) { return t.name == "model.norm.weight"; });
  });
  ExpectError(HasSubstr("1 tensor is missing: 'model.norm.weight'"));
}

TEST_F(ModelDirectoryTest, ARenamedTensorIsBothMissingAndUnexpected) {
  Edit([](std::vector<NamedTensor>& tensors) {
    for (NamedTensor& t : tensors) {
      if (t.name == "model.norm.weight") t.name = "model.norm.wieght";
    }
  });
  ExpectError(AllOf(HasSubstr("1 tensor is missing: 'model.norm.weight'"),
                    HasSubstr("not in the model: 'model.norm.wieght' (is it 'model.norm.weight'?)")));
}

TEST_F(ModelDirectoryTest, AnotherShapeIsNamedWithTheExpectedOne) {
  Edit([](std::vector<NamedTensor>& tensors) {
    for (NamedTensor& t : tensors) {
      if (t.name == "model.norm.weight") t.tensor = Tensor::Zeros(DataType::kF32, {33});
    }
  });
  ExpectError(HasSubstr("'model.norm.weight' is f32[33], expected f32[32]"));
}

TEST_F(ModelDirectoryTest, NarrowerFloatsAreWidened) {
  Edit([](std::vector<NamedTensor>& tensors) {
    for (NamedTensor& t : tensors) {
      Tensor narrow = Tensor::Zeros(DataType::kBF16, t.tensor.shape());
      for (int64_t i = 0; i < narrow.num_elements(); ++i)
        SetElementFromDouble(narrow, i, ElementAsDouble(t.tensor, i));
      t.tensor = narrow;
    }
  });
  const Status status = Load(path_);
  EXPECT_TRUE(status.ok()) << Message(status);
}

TEST_F(ModelDirectoryTest, ATruncatedFileIsNamed) {
  const std::string file = JoinPath(path_, "model.safetensors");
  const StatusOr<std::string> whole = ReadFile(file);
  ASSERT_TRUE(whole.ok());
  ASSERT_TRUE(WriteFileAtomically(file, whole->substr(0, whole->size() / 2)).ok());
  ExpectError(HasSubstr("model.safetensors"));
}

TEST_F(ModelDirectoryTest, NoTokenizerForALargerVocabulary) {
  TransformerConfig config = TinyConfig();
  config.vocab_size = 300;
  WriteTinyModel(path_, config, 3);
  ExpectError(HasSubstr("tokenizer.json"));
}

}  // namespace
}  // namespace weft::test
