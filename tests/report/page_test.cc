// A page is one file that loads nothing, and no text in it is markup.
#include "runtime/report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "runtime/report/assets.h"
#include "runtime/report/table.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kHostile[] = {"</script><script>alert(1)</script>",
                                         "<!--<script>",
                                         "]]>",
                                         "\"'`&amp;",
                                         "\xe2\x80\xa8\xe2\x80\xa9",
                                         "blocks.0.</SCRIPT >",
                                         "\xff\xfe\x01",
                                         "<img src=x onerror=alert(1)>"};

int Count(std::string_view text, std::string_view what) {
  int count = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

// What the browser takes as the text of <script id="data">.
std::string DataIn(const std::string& page) {
  constexpr std::string_view kBegin = "id=\"data\">";
  const size_t begin = page.find(kBegin) + kBegin.size();
  return page.substr(begin, page.find("</script", begin) - begin);
}

TEST(PageTest, TheDataIsThere) {
  const Json data = {{"title", "run/a"}, {"numbers", {1, 2.5, nullptr}}};
  for (const PageKind kind : {PageKind::kExplain, PageKind::kReport}) {
    const std::string page = Page(kind, "run/a", data);
    EXPECT_EQ(ParseJson(DataIn(page), "page").value(), data);
    EXPECT_THAT(page, HasSubstr("<title>run/a</title>"));
  }
}

TEST(PageTest, NoTextEndsItsElement) {
  for (const std::string_view hostile : kHostile) {
    SCOPED_TRACE(std::string(hostile));
    const Json data = {{"title", hostile}, {std::string(hostile), {hostile}}};
    const std::string page = Page(PageKind::kExplain, hostile, data);
    EXPECT_EQ(Count(page, "</script"), 2);
    EXPECT_EQ(Count(page, "<script"), 2);
    EXPECT_EQ(Count(page, "</title"), 1);
    EXPECT_THAT(page, Not(HasSubstr("<!--")));
    EXPECT_THAT(page, Not(HasSubstr("<img")));
    const Json back = ParseJson(DataIn(page), "page").value();
    EXPECT_EQ(back, ParseJson(DumpJson(data), "data").value());
  }
}

TEST(PageTest, NothingIsLoadedAndNoTextBecomesMarkup) {
  EXPECT_THAT(Page(PageKind::kReport, "", {}), HasSubstr("default-src 'none'"));
  for (const std::string_view asset : {assets::kPageCss, assets::kDomJs, assets::kTreeJs, assets::kMemoryJs,
                                       assets::kChartJs, assets::kExplainJs, assets::kReportJs}) {
    EXPECT_GT(asset.size(), 1000U);
    const std::string text(asset);
    for (const char* never :
         {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(",
          "XMLHttpRequest", "import(", "url(", "@import", "https:", "</script"}) {
      EXPECT_THAT(text, Not(HasSubstr(never)));
    }
    constexpr std::string_view kNamespace = "http://www.w3.org/2000/svg";  // a name, not an address
    EXPECT_EQ(Count(text, "http:"), Count(text, kNamespace));
  }
}

TEST(PageTest, LongTextsAreCutBetweenCharacters) {
  EXPECT_EQ(Shortened("short"), "short");
  for (size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'x');
    while (text.size() < 2 * kMaxText) text += "\xf0\x9f\x8c\xb3";
    const std::string cut = Shortened(text);
    EXPECT_LE(cut.size(), kMaxText);
    EXPECT_EQ(DumpJson(Json(cut)).find("\xef\xbf\xbd"), std::string::npos) << "half a character was left";
  }
}

}  // namespace
}  // namespace weft::test
