// The words of ONNX's text form: names, strings, numbers and lists of them. What they make up is in
// onnx_print.cc.
#pragma once
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace weft {

class OnnxTextWriter {
 public:
  std::string text;

 protected:
  static constexpr size_t kWidth = 110;  // lists longer than a line are broken, one item a line

  // As it is where it reads as a name, else in quotes.
  void Name(std::string_view name);
  void Quoted(std::string_view s);
  void Pair(const std::pair<std::string, std::string>& pair);

  template <class T>
  void Put(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(value)) {  // the sign is all that a text can keep of it
        text += std::signbit(value) ? "-nan" : "nan";
        return;
      }
    }
    char buffer[32];
    if constexpr (sizeof(T) == 1) {
      text.append(buffer, fmt::format_to_n(buffer, sizeof buffer, "{}", static_cast<int>(value)).size);
    } else {
      text.append(buffer, fmt::format_to_n(buffer, sizeof buffer, "{}", value).size);
    }
  }

  template <class T>
  void Brackets(const std::vector<T>& values) {
    text += '[';
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text += ", ";
      if constexpr (std::is_same_v<T, std::string>) {
        Quoted(values[i]);
      } else {
        Put(values[i]);
      }
    }
    text += ']';
  }

  // Items with commas: on one line, or one a line.
  template <class T, class Item>
  void List(const std::vector<T>& items, std::string_view indent, Item item) {
    const size_t begin = text.size();
    for (size_t i = 0; i < items.size(); ++i) {
      if (i > 0) text += ", ";
      item(items[i]);
      if (text.size() - begin > kWidth) {  // again, broken
        text.resize(begin);
        for (size_t j = 0; j < items.size(); ++j) {
          text += j > 0 ? ",\n" : "\n";
          text += indent;
          item(items[j]);
        }
        return;
      }
    }
  }
};

}  // namespace weft
