// SPDX-License-Identifier: Apache-2.0
#include "base/describe.h"

#include <gtest/gtest.h>

#include "base/seam.h"

namespace landfall::test {

enum class Colour : std::uint8_t { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

struct Part {
  static constexpr std::string_view kName = "Part";
  Key<8> key;
  std::optional<Money> cost;
  bool operator==(const Part&) const = default;
};
BOOST_DESCRIBE_STRUCT(Part, (), (key, cost))

struct Whole {
  Text<10> title;
  std::optional<Day> day;
  Int<1, 99> count;
  Colour colour = Colour::red;
  bool done = false;
  List<Part, 3> parts;
  std::optional<Digest> file;
  ProjectId project;
  bool operator==(const Whole&) const = default;
};
BOOST_DESCRIBE_STRUCT(Whole, (), (title, day, count, colour, done, parts, file, project))

namespace {

constexpr std::string_view kFull =
    R"({"title":"渌口\n\"区\"","day":"2026-03-01","count":7,"colour":"green","done":true,"parts":[{"key":"a","cost":"-5"},{"key":"b"}],)"
    R"("file":"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","project":"p88"})";
constexpr std::string_view kLeast = R"({"title":"a","count":1,"colour":"red","done":false,"parts":[],"project":"p1"})";

struct Fault {
  std::string code, field;
  bool operator==(const Fault&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.code << " at " << fault.field; }

template <class T = Whole>
Fault FaultOf(std::string_view json) {
  const auto read = ReadJson<T>(json);
  return read ? Fault{"ok", ""} : Fault{read.error().code, read.error().field};
}

// kLeast with one member's text replaced.
std::string With(std::string_view from, std::string_view to) {
  std::string json(kLeast);
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos);
  return json.replace(at, from.size(), to);
}

TEST(Described, WritesItsMembersInDeclaredOrderWithoutAbsentOnes) {
  for (std::string_view json : {kFull, kLeast}) {
    const auto whole = ReadJson<Whole>(json);

    ASSERT_TRUE(whole) << whole.error().code;
    EXPECT_EQ(ToJson(*whole), json);
  }
}

TEST(Described, ReadsMembersInAnyOrderAndNullAsAbsent) {
  const auto whole = ReadJson<Whole>(
      R"({ "project":"p1", "parts":[], "done":false, "day":null, "colour":"red", "count":1, "title":"  a  " })");

  ASSERT_TRUE(whole) << whole.error().code;
  EXPECT_EQ(ToJson(*whole), kLeast);
}

TEST(Described, NamesTheFieldAtFault) {
  EXPECT_EQ(FaultOf("[]"), (Fault{"request.not_an_object", ""}));
  EXPECT_EQ(FaultOf("{}"), (Fault{"request.field_missing", "title"}));
  EXPECT_EQ(FaultOf(With(R"("title":"a",)", "")), (Fault{"request.field_missing", "title"}));
  EXPECT_EQ(FaultOf(With(R"("title":"a")", R"("title":null)")), (Fault{"request.not_a_string", "title"}));
  EXPECT_EQ(FaultOf(With(R"("title":"a")", R"("title":" ")")), (Fault{"text.empty", "title"}));
  EXPECT_EQ(FaultOf(With(R"("title":"a")", R"("title":"12345678901")")), (Fault{"text.too_long", "title"}));
  EXPECT_EQ(FaultOf(With(R"("title":"a")", R"("title":"机密")")), (Fault{"text.classified", "title"}));
  EXPECT_EQ(FaultOf(With(R"("title":"a")", R"("title":"a","day":"2024-02-30")")), (Fault{"day.malformed", "day"}));
  EXPECT_EQ(FaultOf(With(R"("project":"p1")", R"("project":"o1")")), (Fault{"id.malformed", "project"}));
  EXPECT_EQ(FaultOf(With(R"("done":false)", R"("done":"false")")), (Fault{"request.not_a_bool", "done"}));
  EXPECT_EQ(FaultOf(With(R"("colour":"red")", R"("colour":"blue")")), (Fault{"request.unknown_choice", "colour"}));
  EXPECT_EQ(FaultOf(With(R"("parts":[])", R"("parts":{})")), (Fault{"request.not_a_list", "parts"}));
}

TEST(Described, RefusesUnknownAndDoubleMembers) {
  EXPECT_EQ(FaultOf(With(R"("done":false)", R"("done":false,"more":1)")), (Fault{"request.unknown_field", "more"}));
  EXPECT_EQ(FaultOf(With(R"("done":false)", R"("done":false,"done":true)")),
            (Fault{"request.duplicate_field", "done"}));
  EXPECT_EQ(FaultOf(With(R"("done":false)", R"("done":false,"Done":true)")), (Fault{"request.unknown_field", "Done"}));
  EXPECT_EQ(FaultOf(With(R"("parts":[])", R"("parts":[{"key":"a","x":1}])")),
            (Fault{"request.unknown_field", "parts[0].x"}));
}

TEST(Described, LeadsThePathThroughListsAndObjects) {
  EXPECT_EQ(FaultOf(With(R"("parts":[])", R"("parts":[{"key":"a"},{"key":"B"}])")),
            (Fault{"key.malformed", "parts[1].key"}));
  EXPECT_EQ(FaultOf(With(R"("parts":[])", R"("parts":[{"key":"a","cost":"1.5"}])")),
            (Fault{"money.malformed", "parts[0].cost"}));
  EXPECT_EQ(FaultOf(With(R"("parts":[])", R"("parts":[1])")), (Fault{"request.not_an_object", "parts[0]"}));
  EXPECT_EQ(FaultOf<std::vector<Whole>>("[" + std::string(kLeast) + "," + With(R"("count":1)", R"("count":0)") + "]"),
            (Fault{"request.number_out_of_range", "[1].count"}));
}

TEST(Described, HoldsNumbersAndListsWithinTheirBounds) {
  for (const char* count : {"1", "99"})
    EXPECT_EQ(FaultOf(With(R"("count":1)", R"("count":)" + std::string(count))).code, "ok") << count;
  for (const char* count : {"0", "100", "-1", "9223372036854775807"})
    EXPECT_EQ(FaultOf(With(R"("count":1)", R"("count":)" + std::string(count))),
              (Fault{"request.number_out_of_range", "count"}))
        << count;
  for (const char* count : {"1.0", "1e1", "\"1\"", "true", "9223372036854775808", "{}"})
    EXPECT_EQ(FaultOf(With(R"("count":1)", R"("count":)" + std::string(count))),
              (Fault{"request.not_a_whole_number", "count"}))
        << count;
  EXPECT_EQ(FaultOf(With(R"("parts":[])", R"("parts":[{"key":"a"},{"key":"b"},{"key":"c"}])")).code, "ok");
  EXPECT_EQ(FaultOf(With(R"("parts":[])", R"("parts":[{"key":"a"},{"key":"b"},{"key":"c"},{"key":"d"}])")),
            (Fault{"request.list_too_long", "parts"}));
  EXPECT_EQ(FaultOf<std::uint8_t>("256").code, "request.number_out_of_range");
  EXPECT_EQ(FaultOf<std::uint8_t>("-1").code, "request.number_out_of_range");
}

TEST(Described, RefusesWhatIsNoJsonOrTooDeepOrTooLarge) {
  for (const std::string& json :
       {std::string(), std::string("{"), std::string("{'title':1}"), std::string("{}{}"), std::string("nul"),
        std::string("{\"title\":\"\xC0\xAF\"}"), std::string("\xFF\xFE{}"), std::string(1000, '[')})
    EXPECT_EQ(FaultOf(json).code, "request.malformed_json") << json.substr(0, 20);
  EXPECT_EQ(FaultOf(With(R"("done":false)", R"("done":)" + std::string(40, '[') + std::string(40, ']'))).code,
            "request.malformed_json");
  EXPECT_EQ(FaultOf("{\"title\":\"" + std::string(1 << 20, 'a') + "\"}").code, "request.too_large");
}

TEST(Described, ScansExactlyWhatItAppends) {
  for (std::string_view json : {kFull, kLeast}) {
    Whole whole;
    ASSERT_TRUE(ScanJson(json, whole));
    EXPECT_EQ(ToJson(whole), json);
  }
  Whole whole;
  for (const std::string& json :
       {With(R"("title":"a")", R"( "title":"a")"), With(R"("title":"a",)", ""),
        With(R"("done":false)", R"("done":false,"done":false)"),
        With(R"("count":1,"colour":"red")", R"("colour":"red","count":1)"), With(R"("count":1)", R"("count":01)"),
        With(R"("count":1)", R"("count":100)"), With(R"("colour":"red")", R"("colour":"blue")"),
        With(R"("parts":[])", R"("parts":[ ])"), With(R"("parts":[])", R"("parts":[{"key":"A"}])"),
        With(R"("parts":[])", R"("parts":[{"key":"a"},])"), With(R"("title":"a")", R"("title":"a","day":null)"),
        With(R"("project":"p1")", R"("project":"p01")"), std::string(kLeast) + " ", std::string(kLeast) + "{}",
        std::string(kLeast.substr(0, kLeast.size() - 1))})
    EXPECT_FALSE(ScanJson(json, whole)) << json;
}

// One byte changed, dropped or doubled: refused, or a value whose canonical bytes are exactly those read.
TEST(Described, ScanTakesNoSecondSpelling) {
  constexpr std::uint64_t kSeed = 11;
  SeededRandom random(kSeed);
  int taken = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string json(i % 2 == 0 ? kFull : kLeast);
    for (std::uint64_t n = 1 + random.Next() % 2; n > 0; --n) {
      const std::size_t at = random.Next() % json.size();
      switch (random.Next() % 3) {
        case 0:
          json[at] = static_cast<char>(random.Next());
          break;
        case 1:
          json.erase(at, 1);
          break;
        default:
          json.insert(at, 1, json[random.Next() % json.size()]);
          break;
      }
    }
    Whole whole;
    if (!ScanJson(json, whole)) continue;
    ASSERT_EQ(ToJson(whole), json) << "seed " << kSeed << " step " << i;
    ++taken;
  }
  EXPECT_GT(taken, 100);  // Letters of titles and digits of ids.
}

TEST(Described, ReadNeverCrashesOnBytesOfNoKind) {
  constexpr std::uint64_t kSeed = 12;
  SeededRandom random(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    std::string json(kFull);
    for (std::uint64_t n = 1 + random.Next() % 8; n > 0; --n)
      json[random.Next() % json.size()] = static_cast<char>(random.Next());
    const auto read = ReadJson<Whole>(json);
    if (!read) {
      ASSERT_FALSE(read.error().code.empty());
      ASSERT_TRUE(IsUtf8(read.error().field)) << "seed " << kSeed << " step " << i;
    }
  }
}

TEST(Described, GivesASchemaWithBoundsAndNamedParts) {
  SchemaSink sink;
  const std::string schema = Field<Whole>::Schema(sink);

  EXPECT_NE(schema.find(R"("count":{"type":"integer","minimum":1,"maximum":99})"), std::string::npos) << schema;
  EXPECT_NE(schema.find(R"("title":{"type":"string","minLength":1,"maxLength":10})"), std::string::npos) << schema;
  EXPECT_NE(schema.find(R"("parts":{"type":"array","maxItems":3,"items":{"$ref":"#/components/schemas/Part"}})"),
            std::string::npos)
      << schema;
  EXPECT_NE(schema.find(R"("required":["title","count","colour","done","parts","project"])"), std::string::npos)
      << schema;
  ASSERT_EQ(sink.components.size(), 1u);
  EXPECT_NE(sink.components.at("Part").find(R"("required":["key"])"), std::string::npos);
  simdjson::dom::parser parser;
  EXPECT_EQ(parser.parse(schema).error(), simdjson::SUCCESS);
}

}  // namespace
}  // namespace landfall::test
