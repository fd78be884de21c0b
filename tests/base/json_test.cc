#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Json Parse(std::string_view text) {
  StatusOr<Json> json = ParseJson(text, "f.json");
  EXPECT_TRUE(json.ok()) << Message(json.status());
  return json.ok() ? *json : Json();
}
std::string ParseError(std::string_view text) {
  const StatusOr<Json> json = ParseJson(text, "f.json");
  EXPECT_FALSE(json.ok()) << text;
  return Message(json.status());
}

TEST(Json, ReadsWhatNlohmannReads) {
  for (const char* text : {"{}", "[]", "null", "true", "-3", "1.5", "\"a\\u00e9\"", "[1,[2,{\"a\":[{}]}],{}]",
                           "{\"b\":{\"c\":[1,2,3],\"d\":null},\"a\":[[],[[]],{}],\"e\":18446744073709551615}",
                           " [ 1 , 2 ] \n"}) {
    EXPECT_EQ(Parse(text), Json::parse(text)) << text;
  }
}

TEST(Json, MistakesAreNamedWithLineAndColumn) {
  EXPECT_EQ(
      ParseError("{\n  \"a\": 1,\n  \"b\" 2}"),
      "f.json: line 3, column 7: syntax error while parsing object separator - unexpected number literal; "
      "expected ':'");
  EXPECT_THAT(ParseError(""), HasSubstr("f.json: line 1, column 1: syntax error"));
  EXPECT_THAT(ParseError("[1] x"), HasSubstr("line 1, column 5"));
  EXPECT_THAT(ParseError("1e999"), HasSubstr("f.json: "));
  EXPECT_THAT(ParseError("{\"a\":1,\"a\":2}"), HasSubstr("the key 'a' appears twice in one object"));
  for (const char* text : {"{", "[", "[1,", "\"\xff\"", "nul", "{\"a\"}", "\"", "[1,]", "\x01"}) {
    EXPECT_EQ(ParseError(text).find('\n'), std::string::npos);
  }
}

TEST(Json, ErrorsAreShortWhateverTheFileHolds) {
  EXPECT_LT(ParseError("\"" + std::string(1 << 20, 'x')).size(), 300U);
  EXPECT_LT(ParseError("[" + std::string(1 << 20, '1') + "x").size(), 300U);
  EXPECT_LT(ParseError("\"" + std::string(1 << 20, 'x') + "\xff\"").size(), 300U);
}

TEST(Json, DepthIsLimited) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(ParseJson(nested(kMaxJsonDepth), "f").ok());
  EXPECT_EQ(ParseError(nested(kMaxJsonDepth + 1)), "f.json: nested deeper than 256 levels");
  EXPECT_EQ(ParseError(std::string(10'000'000, '[')), "f.json: nested deeper than 256 levels");
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  EXPECT_EQ(ParseError(objects), "f.json: nested deeper than 256 levels");
  EXPECT_FALSE(ParseJson("[[]]", "f", 1).ok());
}

TEST(Json, GettersReturnTheField) {
  const Json json = Parse(R"({"i": -3, "big": 9223372036854775807, "whole": 1e6, "d": 0.5, "b": true,
                              "s": "x", "is": [1, 2.0], "ss": ["a"], "o": {"p": 1}, "n": null})");
  EXPECT_EQ(*GetInt(json, "i", "f"), -3);
  EXPECT_EQ(*GetInt(json, "big", "f"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(*GetInt(json, "whole", "f"), 1000000);
  EXPECT_EQ(*GetDouble(json, "d", "f"), 0.5);
  EXPECT_EQ(*GetDouble(json, "i", "f"), -3);
  EXPECT_EQ(*GetBool(json, "b", "f"), true);
  EXPECT_EQ(*GetString(json, "s", "f"), "x");
  EXPECT_THAT(*GetInts(json, "is", "f"), ElementsAre(1, 2));
  EXPECT_THAT(*GetStrings(json, "ss", "f"), ElementsAre("a"));
  EXPECT_EQ(*GetInt(**GetObject(json, "o", "f"), "p", "f"), 1);
  EXPECT_EQ((*GetArray(json, "is", "f"))->size(), 2U);
  EXPECT_EQ(*GetIntOr(json, "absent", 7, "f"), 7);
  EXPECT_EQ(*GetIntOr(json, "n", 7, "f"), 7);
  EXPECT_EQ(*GetIntOr(json, "i", 7, "f"), -3);
  EXPECT_EQ(*GetDoubleOr(json, "absent", 1.5, "f"), 1.5);
  EXPECT_EQ(*GetBoolOr(json, "b", false, "f"), true);
  EXPECT_EQ(*GetStringOr(json, "absent", "y", "f"), "y");
}

TEST(Json, GettersNameFileFieldExpectedAndGot) {
  const Json json = Parse(R"({"s": "abc", "d": 1.5, "u": 18446744073709551615, "l": [1, "x"], "o": {},
                              "long": ")" +
                          std::string(1000, 'y') + "\"}");
  EXPECT_EQ(Message(GetInt(json, "none", "f.json").status()),
            "f.json: 'none' is missing, expected an integer");
  EXPECT_EQ(Message(GetInt(json, "s", "f.json").status()),
            "f.json: 's' is 'abc', expected an integer of 64 bits");
  EXPECT_EQ(Message(GetInt(json, "d", "f.json").status()),
            "f.json: 'd' is 1.5, expected an integer of 64 bits");
  EXPECT_FALSE(GetInt(json, "u", "f.json").ok());
  EXPECT_EQ(Message(GetInts(json, "l", "f.json").status()),
            "f.json: 'l[1]' is 'x', expected an integer of 64 bits");
  EXPECT_EQ(Message(GetStrings(json, "l", "f.json").status()), "f.json: 'l[0]' is 1, expected a string");
  EXPECT_EQ(Message(GetBool(json, "o", "f.json").status()),
            "f.json: 'o' is an object, expected true or false");
  EXPECT_EQ(Message(GetString(json, "l", "f.json").status()),
            "f.json: 'l' is a list of 2, expected a string");
  EXPECT_EQ(Message(GetObject(json, "l", "f.json").status()),
            "f.json: 'l' is a list of 2, expected an object");
  EXPECT_EQ(Message(GetInt(Json::array(), "x", "f.json").status()),
            "f.json: expected an object with field 'x', got a list of 0");
  EXPECT_FALSE(GetIntOr(Json(3), "x", 1, "f.json").ok());
  EXPECT_FALSE(GetIntOr(json, "s", 1, "f.json").ok());
  EXPECT_LT(Message(GetInt(json, "long", "f.json").status()).size(), 200U);
}

TEST(Json, UnknownFieldsGetASuggestion) {
  const std::string_view known[] = {"steps", "seed"};
  EXPECT_TRUE(RefuseUnknownFields(Parse(R"({"seed": 1})"), known, "f").ok());
  EXPECT_EQ(Message(RefuseUnknownFields(Parse(R"({"seed": 1, "stpes": 2})"), known, "f")),
            "f: unknown field 'stpes'; did you mean 'steps'?");
  EXPECT_EQ(Message(RefuseUnknownFields(Json(1), known, "f")), "f: expected an object, got 1");
}

TEST(Json, PrintsExactlyAndNeverThrows) {
  const double third = 1.0 / 3.0;
  EXPECT_EQ(Parse(DumpJson(Json(third))).get<double>(), third);
  EXPECT_EQ(DumpJson(Json{{"b", 1}, {"a", {1, 2}}}), R"({"a":[1,2],"b":1})");
  EXPECT_EQ(DumpJson(Json(std::nan(""))), "null");
  EXPECT_EQ(DumpJson(Json("\xff")), "\"\uFFFD\"");
}

TEST(Json, DecimalsOfFloats) {
  EXPECT_EQ(DecimalOf(1e-5F), 1e-5);
  EXPECT_EQ(DecimalOf(0.1F), 0.1);
  EXPECT_EQ(DecimalOf(10000.0F), 10000.0);
  EXPECT_TRUE(std::isnan(DecimalOf(NAN)));
  EXPECT_EQ(DecimalOf(-INFINITY), -INFINITY);
  for (const float x : {3.4028235e38F, 1e-45F, 0.3333333433F, 16777217.0F})
    EXPECT_EQ(static_cast<float>(DecimalOf(x)), x);
}

TEST(Json, FilesRoundTrip) {
  const TemporaryDirectory dir;
  const Json json = {{"a", {1, 2, 3}}};
  ASSERT_TRUE(WriteJsonFile(dir / "a.json", json).ok());
  EXPECT_EQ(*ReadJsonFile(dir / "a.json"), json);
  ASSERT_TRUE(WriteFileAtomically(dir / "bad.json", "{").ok());
  EXPECT_THAT(Message(ReadJsonFile(dir / "bad.json").status()),
              HasSubstr("'" + dir / "bad.json" + "': line 1, column 2"));
  EXPECT_EQ(ReadJsonFile(dir / "none.json").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace weft
