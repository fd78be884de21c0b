#include "ir/text_parser.h"

#include "base/quote.h"
#include "base/suggest.h"
#include "ir/text_parser_internal.h"

namespace weft {

void TextParser::Advance() {
  if (!failed_ && !lexer_.Next(&token_)) Fail(token_.offset, lexer_.error());
}

bool TextParser::Fail(size_t offset, std::string message) {
  if (!failed_) {
    failed_ = true;
    error_offset_ = offset;
    error_ = std::move(message);
    token_ = {TokenKind::kEnd, {}, lexer_.text().size()};
  }
  return false;
}

Status TextParser::status() const {
  if (!failed_) return OkStatus();
  return InvalidArgument("{}", AtOffset(lexer_.text(), error_offset_, error_));
}

bool TextParser::Expected(std::string_view what) {
  const std::string got = token_.kind == TokenKind::kEnd ? "the end of the text" : Quote(token_.text, 40);
  return Fail(token_.offset, fmt::format("expected {}, got {}", what, got));
}

bool TextParser::Take(char c) {
  if (!token_.Is(c)) return false;
  Advance();
  return true;
}

bool TextParser::TakeArrow() {
  if (!token_.IsArrow()) return Expected("'=>'");
  Advance();
  return !failed_;
}

bool TextParser::Expect(char c) {
  if (!Take(c)) return Expected(fmt::format("'{}'", c));
  return !failed_;
}

bool TextParser::Opsets(OnnxOpsets* opsets) {
  if (!Expect('[')) return false;
  return List(']', [&] {
    std::string domain;
    int64_t version = 0;
    if (!String(&domain) || !Expect(':') || !Integer(&version)) return false;
    opsets->imports.emplace_back(std::move(domain), version);
    return true;
  });
}

bool TextParser::ModelHeader(OnnxModel* model) {
  static constexpr std::string_view kKeys[] = {"ir_version",       "model_version", "producer_name",
                                               "producer_version", "domain",        "doc_string",
                                               "opset_import",     "metadata_props"};
  return List('>', [&] {
    const size_t offset = token_.offset;
    std::string key, ignored;
    int64_t number = 0;
    if (!Identifier(&key, "a header's key") || !Expect(':')) return false;
    if (key == "ir_version") return Integer(&model->ir_version);
    if (key == "model_version") return Integer(&number);
    if (key == "opset_import") return Opsets(&model->opsets);
    if (key == "metadata_props") return Expect('[') && StringPairs(&model->metadata);
    if (key == "producer_name") return String(&model->producer_name);
    if (key == "producer_version" || key == "domain" || key == "doc_string") return String(&ignored);
    return Fail(offset, fmt::format("a model's header has no key {}{}", Quote(key), DidYouMean(key, kKeys)));
  });
}

bool TextParser::FunctionHeader(OnnxFunction* function) {
  return List('>', [&] {
    const size_t offset = token_.offset;
    std::string key, ignored;
    if (!Identifier(&key, "a header's key") || !Expect(':')) return false;
    if (key == "domain") return String(&function->domain);
    if (key == "overload") return String(&function->overload);
    if (key == "doc_string") return String(&ignored);
    if (key == "opset_import") return Opsets(&function->opsets);
    return Fail(offset, fmt::format("a function's header has no key {}", Quote(key)));
  });
}

bool TextParser::Model(OnnxModel* model) {
  if (Take('<') && !ModelHeader(model)) return false;
  if (!Graph(&model->graph)) return false;
  while (!failed_ && token_.kind != TokenKind::kEnd) {
    OnnxFunction function;
    if (!Function(&function)) return false;
    model->functions.push_back(std::move(function));
  }
  return !failed_;
}

bool TextParser::Graph(OnnxGraph* graph) {
  if (++depth_ > kMaxDepth) return Fail(token_.offset, "graphs nested too deeply");
  if (!Name(&graph->name, "a graph's name")) return false;
  if (Take('(') && !ValuesAndTensors(&graph->inputs, &graph->initializers, ')')) return false;
  if (!TakeArrow() || !Expect('(')) return false;
  if (!List(')', [&] { return ValueInfo(&graph->outputs.emplace_back()); })) return false;
  if (Take('<') && !ValuesAndTensors(&graph->values, &graph->initializers, '>')) return false;
  if (!Expect('{') || !Nodes(&graph->nodes) || !Expect('}')) return false;
  --depth_;
  return true;
}

// Inputs or value types; one with data is an initializer. (An input with data is one that a caller may
// replace: here it is a constant.)
bool TextParser::ValuesAndTensors(std::vector<OnnxValueInfo>* values, std::vector<OnnxTensor>* tensors,
                                  char close) {
  return List(close, [&] {
    OnnxValueInfo value;
    if (!ValueInfo(&value)) return false;
    if (!Take('=')) {
      values->push_back(std::move(value));
      return true;
    }
    if (!value.type) return Fail(static_cast<size_t>(value.at), "a value with data needs a type");
    OnnxTensor& tensor = tensors->emplace_back();
    tensor.name = std::move(value.name);
    tensor.type = *std::move(value.type);
    tensor.at = value.at;
    return Data(&tensor);
  });
}

bool TextParser::Nodes(std::vector<OnnxNode>* nodes) {
  while (!failed_ && !token_.Is('}') && token_.kind != TokenKind::kEnd) {
    if (!Node(&nodes->emplace_back())) return false;
  }
  return !failed_;
}

bool TextParser::Arguments(std::vector<std::string>* names, bool parenthesised) {
  const auto at_end = [&] { return parenthesised ? token_.Is(')') : token_.Is('='); };
  if (at_end()) return !failed_;
  for (;;) {  // F(x,) has one operand, F(x,,) two: an empty place counts only before a comma
    if (AtName()) {
      if (!Name(&names->emplace_back(), "a value's name")) return false;
    } else if (token_.Is(',')) {
      names->emplace_back();
    } else {
      return Expected("a value's name");
    }
    if (!Take(',')) return !failed_;
    if (at_end()) return !failed_;
  }
}

bool TextParser::Node(OnnxNode* node) {
  if (Take('[')) {
    if (!token_.Is(']') && !Name(&node->label, "a node's label")) return false;
    if (!Expect(']')) return false;
  }
  if (!Arguments(&node->outputs, false) || !Expect('=')) return false;
  node->at = static_cast<OnnxOffset>(token_.offset);
  if (!Identifier(&node->op_type, "an operator")) return false;
  while (Take('.')) {
    node->domain += (node->domain.empty() ? "" : ".") + node->op_type;
    if (!Identifier(&node->op_type, "an operator")) return false;
  }
  if (Take(':') && !Identifier(&node->overload, "an overload")) return false;
  if (Take('<') && !Attributes(&node->attributes)) return false;
  if (!Expect('(') || !Arguments(&node->inputs, true) || !Expect(')')) return false;
  if (token_.Is('<')) {
    if (!node->attributes.empty())
      return Fail(token_.offset, "attributes stand on both sides of the operands");
    Advance();
    return Attributes(&node->attributes);
  }
  return !failed_;
}

bool TextParser::Parameters(std::vector<OnnxValueInfo>* values) {
  if (!Expect('(')) return false;
  return List(')', [&] { return ValueInfo(&values->emplace_back()); });
}

bool TextParser::FunctionAttributes(OnnxFunction* function) {
  return List('>', [&] {
    OnnxAttribute attribute;
    attribute.at = static_cast<OnnxOffset>(token_.offset);
    if (!Identifier(&attribute.name, "an attribute's name")) return false;
    function->attributes.push_back(attribute.name);
    return token_.Is(':') || token_.Is('=') ? Attribute(&attribute) : !failed_;
  });
}

bool TextParser::Function(OnnxFunction* function) {
  if (Take('<') && !FunctionHeader(function)) return false;
  function->at = static_cast<OnnxOffset>(token_.offset);
  if (!Name(&function->name, "a function's name")) return false;
  if (Take('<') && !FunctionAttributes(function)) return false;
  if (!Parameters(&function->inputs) || !TakeArrow() || !Parameters(&function->outputs)) return false;
  std::vector<OnnxValueInfo> types;  // of values inside: inferred later
  if (Take('<') && !List('>', [&] { return ValueInfo(&types.emplace_back()); })) return false;
  return Expect('{') && Nodes(&function->nodes) && Expect('}');
}

StatusOr<OnnxModel> ParseOnnxText(std::string_view text) {
  OnnxModel model;
  TextParser parser(text);
  if (!parser.Model(&model)) return parser.status();
  return model;
}

StatusOr<std::vector<OnnxNode>> ParseOnnxNodes(std::string_view text) {
  std::vector<OnnxNode> nodes;
  TextParser parser(text);
  if (!parser.Nodes(&nodes)) return parser.status();
  if (!parser.AtEnd()) return InvalidArgument("the nodes' text goes on after its end");
  return nodes;
}

StatusOr<Graph> ParseText(std::string_view text, const ParseOptions& options) {
  WEFT_ASSIGN_OR_RETURN(const OnnxModel model, ParseOnnxText(text));
  OnnxOffset at = -1;
  StatusOr<Graph> graph = FromOnnx(model, options, &at);
  if (graph.ok() || at < 0) return graph;
  return MakeError(graph.status().code(), AtOffset(text, static_cast<size_t>(at), Message(graph.status())));
}

}  // namespace weft
