// The reader of one graph of a `.weft` file: see graph_format.h. graph_decode.cc has the file around it,
// graph_decode_graph.cc the order of things, types, values and states, graph_decode_nodes.cc one node.
#pragma once
#include <flatbuffers/flatbuffers.h>
#include <graph_generated.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ir/body.h"
#include "ir/graph_format.h"

namespace weft {

// Bytes that may still be copied out of the file: no writer shares a part, so all of them fit its size.
struct GraphDecodeBudget {
  int64_t left;
  void Take(size_t bytes) { left -= static_cast<int64_t>(bytes); }
  Status Check() const { return left >= 0 ? OkStatus() : DataLoss("parts of the file overlap"); }
};

template <class T>
uint32_t Count(const flatbuffers::Vector<T>* list) {
  return list == nullptr ? 0 : list->size();
}
// FlatBuffers' verifier asks only that a list's length is aligned, not its elements of eight bytes.
template <class T>
Status CheckAligned(const flatbuffers::Vector<T>* list) {
  using Element = std::remove_cv_t<std::remove_pointer_t<T>>;
  if (Count(list) == 0 || reinterpret_cast<uintptr_t>(list->Data()) % alignof(Element) == 0)
    return OkStatus();
  return DataLoss("a list does not lie at a multiple of {} bytes", alignof(Element));
}
inline std::string_view TextOf(const flatbuffers::String* text) {
  return text == nullptr ? std::string_view() : std::string_view(text->c_str(), text->size());
}

class GraphDecoder {
 public:
  using Graphs = std::vector<std::shared_ptr<const Graph>>;
  GraphDecoder(const graph_file::Graph& file, const ParseOptions& options, GraphDecodeBudget& budget)
      : file_(file), options_(options), budget_(budget) {}

  // `before` are the graphs before this one; `outside` gives the constants in another file (null: there is
  // none).
  StatusOr<Graph> Decode(const Graphs& before, const OutsideConstants* outside);

 private:
  // graph_decode_graph.cc
  std::string Copy(const flatbuffers::String* text);
  Status ReadBounds();
  Status ReadFormulas();
  Status ReadTypes();
  Status ReadOperators();
  StatusOr<const TensorType*> TypeAt(uint32_t index) const;
  StatusOr<Dim> DimOf(const graph_file::Dim& dim) const;
  Status ReadDims(const flatbuffers::Vector<const graph_file::Dim*>* list, Dims* dims);
  StatusOr<std::string> NewName(const flatbuffers::String* text);
  Status ReadInputs();
  Status ReadConstant(const graph_file::Constant& c, const OutsideConstants* outside);
  StatusOr<Tensor> Inside(const graph_file::Constant& c, const TensorType& type);
  StatusOr<ValueId> ValueAt(int64_t index) const;
  Status ReadOutputs();
  Status ReadState(const graph_file::State& s, const Graphs& before);
  static StatusOr<std::shared_ptr<const Graph>> InitOf(const graph_file::State& s, const TensorType& type,
                                                       const Graphs& before);

  // graph_decode_nodes.cc
  static Status Read(const graph_file::Int& from, int64_t* to);
  static Status Read(const graph_file::Bool& from, bool* to);
  static Status Read(const graph_file::Float& from, float* to);
  Status Read(const graph_file::String& from, std::string* to);
  static Status Read(const graph_file::Element& from, DataType* to);
  Status Read(const graph_file::Size& from, Dim* to);
  Status Read(const graph_file::Ints& from, std::vector<int64_t>* to);
  Status Read(const graph_file::Floats& from, std::vector<float>* to);
  Status Read(const graph_file::Sizes& from, Dims* to);
  Status Read(const graph_file::Body& from, GraphBody* to);
  template <class T>
  Status ReadList(const flatbuffers::Vector<T>* from, std::vector<T>* to);
  Status ReadAttribute(const graph_file::Attribute& a, const Field& field, void* attributes);
  Status ReadAttributes(const graph_file::Node& node, const OpDef& op, void* attributes);
  StatusOr<std::vector<ValueId>> Operands(const flatbuffers::Vector<int32_t>* list);
  StatusOr<std::vector<Graph::NewOutput>> Results(const graph_file::Node& node);
  Status ReadNode(const graph_file::Node& node);

  const graph_file::Graph& file_;
  const ParseOptions& options_;
  GraphDecodeBudget& budget_;
  const Graphs* before_ = nullptr;
  Graph graph_;
  std::vector<Dim> formulas_;
  std::vector<TensorType> types_;
  std::vector<const OpDef*> operators_;
  std::vector<ValueId> values_;  // by the file's numbers
};

}  // namespace weft
