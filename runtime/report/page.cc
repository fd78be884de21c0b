#include "runtime/report/page.h"

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "runtime/report/assets.h"

namespace weft {
namespace {

std::string EscapedText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

// JSON that may lie in a <script>: these characters occur in its strings only, where \u00XX means the same.
std::string EscapedJson(const std::string& json) {
  std::string escaped;
  escaped.reserve(json.size());
  for (const char c : json) {
    if (c == '<' || c == '>' || c == '&') {
      escaped += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string Page(PageKind kind, std::string_view title, const nlohmann::json& data) {
  const std::string_view main = kind == PageKind::kExplain ? assets::kExplainJs : assets::kReportJs;
  std::string page;
  page += "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  // Nothing is loaded from anywhere, whatever the data holds.
  page +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; ";
  page += "script-src 'unsafe-inline'; img-src data:\">\n";
  page += "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n";
  page += "<title>" + EscapedText(title) + "</title>\n<style>\n";
  page += assets::kPageCss;
  page += "</style>\n</head>\n<body>\n<noscript>This page is drawn by the script in it.</noscript>\n";
  page += "<main id=\"page\"></main>\n<script type=\"application/json\" id=\"data\">";
  page += EscapedJson(DumpJson(data));
  page += "</script>\n<script>\n\"use strict\";\n(() => {\n";
  for (const std::string_view script :
       {assets::kDomJs, assets::kTreeJs, assets::kChartJs, assets::kMemoryJs, main})
    page += script;
  page += "})();\n</script>\n</body>\n</html>\n";
  return page;
}

}  // namespace weft
