// The recursive-descent parser behind ParseOnnxText. Methods return false after the first error, which is
// kept with its place. Nesting (subgraphs) is limited; everything else is loops, and every list grows by one
// entry for at least one token read.
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "ir/onnx_model.h"
#include "ir/text_lexer.h"

namespace weft {

class TextParser {
 public:
  explicit TextParser(std::string_view text) : lexer_(text) { Advance(); }

  bool Model(OnnxModel* model);
  bool Nodes(std::vector<OnnxNode>* nodes);  // until '}' or the end
  bool AtEnd() const { return token_.kind == TokenKind::kEnd && !failed_; }
  Status status() const;

 private:
  static constexpr int kMaxDepth = 64;

  // text_parser.cc: the structure
  bool ModelHeader(OnnxModel* model);
  bool FunctionHeader(OnnxFunction* function);
  bool Opsets(OnnxOpsets* opsets);
  bool Graph(OnnxGraph* graph);
  bool ValuesAndTensors(std::vector<OnnxValueInfo>* values, std::vector<OnnxTensor>* tensors, char close);
  bool Function(OnnxFunction* function);
  bool FunctionAttributes(OnnxFunction* function);
  bool Parameters(std::vector<OnnxValueInfo>* values);
  bool Node(OnnxNode* node);
  bool Arguments(std::vector<std::string>* names, bool parenthesised);

  // text_literals.cc: types, values, attributes
  bool AtType() const;
  bool Type(OnnxType* type);
  bool Shape(OnnxType* type);
  bool ValueInfo(OnnxValueInfo* value);
  bool Attributes(std::vector<OnnxAttribute>* attributes);
  bool Attribute(OnnxAttribute* attribute);
  bool AttributeKindName(OnnxAttribute::Kind* kind);
  bool AttributeValue(OnnxAttribute* attribute, bool typed);
  bool AttributeList(OnnxAttribute* attribute, bool typed);
  bool TensorOrType(OnnxAttribute* attribute);
  bool Data(OnnxTensor* tensor);
  bool Elements(OnnxTensor* tensor);
  template <class T>
  bool ElementsOf(OnnxTensor* tensor, int64_t count);
  template <class T>
  bool Floating(T* value);
  bool Integer(int64_t* value);
  template <class T>
  bool Element(T* value);
  bool String(std::string* value);
  bool Identifier(std::string* value, std::string_view what);
  bool Name(std::string* value, std::string_view what);  // an identifier or a string
  bool StringPairs(OnnxStrings* pairs);                  // "a": "b", ... up to ']'

  bool AtName() const { return token_.kind == TokenKind::kIdentifier || token_.kind == TokenKind::kString; }
  void Advance();
  bool Take(char c);
  bool TakeArrow();
  bool Expect(char c);
  // Comma-separated items up to `close`, which is taken too; `item` reads one.
  template <class Item>
  bool List(char close, Item item) {
    if (Take(close)) return true;
    do {
      if (!item()) return false;
    } while (Take(','));
    return Expect(close);
  }
  bool Expected(std::string_view what);  // fails: "expected <what>, got <token>"
  bool Fail(size_t offset, std::string message);

  TextLexer lexer_;
  Token token_;
  int depth_ = 0;
  bool failed_ = false;
  size_t error_offset_ = 0;
  std::string error_;
};

}  // namespace weft
