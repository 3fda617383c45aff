// SPDX-License-Identifier: Apache-2.0
#include "exchange/mapping.h"

#include <gmock/gmock.h>
#include <simdjson.h>

#include <regex>

#include "exchange/json_fault.h"
#include "exchange/table_support.h"
#include "support/test_data.h"

namespace landfall::exchange::test {
namespace {

// A mapping whose columns are `columns` beside the required code, with `more` members.
std::string WithColumns(std::string_view columns, std::string_view more = "") {
  return R"({"version": 1, "columns": {"ID": {"field": "code"})" + std::string(columns.empty() ? "" : ", ") +
         std::string(columns) + "}" + std::string(more.empty() ? "" : ", ") + std::string(more) + "}";
}

// "code field", or "" when it is accepted.
std::string Refusal(std::string_view json) {
  auto mapping = ReadMapping(json, ProjectSchema());
  return mapping ? "" : mapping.error().code + " " + mapping.error().field;
}

TEST(Mapping, ReadsEveryMember) {
  const std::string json = WithColumns(
      R"(" 总投资 ": {"field": "investment", "unit": "万元", "rounding": "half_up", "grouping": true, "mark": "¥"},
         "Group": {"field": "owner_unit", "level": 1}, "Team": {"field": "owner_unit", "level": 2, "nulls": ["?"]},
         "Start": {"milestone": "need", "as": "planned", "dates": ["YYYY.M"], "partial_day": "first"},
         "Begun": {"milestone": "need", "as": "actual"}, "Size": {"attribute": "size", "type": "money", "unit": "分"},
         "Kind": {"field": "kind", "values": {"工业": "industry"}}, "": {"ignore": true, "comment": "index"})",
      R"("encoding": "gbk", "separator": "tab", "header_row": 3, "ladder": "public_works", "register_as_at": "2024-06-30",
         "dates": ["YYYY-MM-DD"], "nulls": ["-"], "constants": [{"field": "region", "value": "430702"}],
         "templates": [{"field": "title", "template": "{{{ID}}} {Kind}"}])");

  auto mapping = ReadMapping(json, ProjectSchema());

  ASSERT_TRUE(mapping) << mapping.error().code << " " << mapping.error().field << " " << mapping.error().detail;
  EXPECT_EQ(mapping->encoding, Encoding::kGb18030);
  EXPECT_EQ(mapping->separator, '\t');
  EXPECT_EQ(mapping->header_row, 3u);
  EXPECT_EQ(mapping->settings.at("register_as_at"), "2024-06-30");
  EXPECT_EQ(mapping->columns.size(), 9u);
  EXPECT_EQ(mapping->targets.size(), 9u);  // Two columns share the path; constant and template have their own.
  const ColumnRule& money = mapping->columns[1];
  EXPECT_EQ(money.column, "总投资");
  EXPECT_EQ(money.unit_exponent, 4);
  EXPECT_EQ(money.rounding, Rounding::kHalfUp);
  EXPECT_EQ(mapping->targets[mapping->Find("field", "owner_unit")].levels, 2u);
  EXPECT_THAT(mapping->columns[3].nulls, testing::ElementsAre("?"));
  EXPECT_THAT(mapping->columns[2].nulls, testing::ElementsAre("-"));
  EXPECT_NE(mapping->Find("milestone", "need", {{"as", "planned"}}),
            mapping->Find("milestone", "need", {{"as", "actual"}}));
  EXPECT_EQ(mapping->Find("milestone", "need"), std::string::npos);
  EXPECT_EQ(mapping->columns[6].unit_exponent, -2);
  EXPECT_EQ(mapping->digest, Sha256(json));
}

TEST(Mapping, RefusesWhatIsMissingDoubledOrUnknown) {
  const auto column = [](std::string_view rule) { return Refusal(WithColumns("\"A\": " + std::string(rule))); };

  EXPECT_EQ(column(R"({"field": "colour"})"), "mapping.unknown_field columns.A.field");
  EXPECT_EQ(column(R"({"attribute": "Bad Key"})"), "mapping.unknown_field columns.A.attribute");
  EXPECT_EQ(column(R"({"milestone": "need", "as": "hoped", "dates": ["YYYY-MM-DD"]})"),
            "mapping.unknown_field columns.A.as");
  EXPECT_EQ(column(R"({"milestone": "need", "dates": ["YYYY-MM-DD"]})"), "mapping.malformed columns.A.as");
  EXPECT_EQ(column(R"({"field": "code"})"), "mapping.duplicate_target columns.A");
  EXPECT_EQ(column(R"({"field": "title", "attribute": "x"})"), "mapping.malformed columns.A");
  EXPECT_EQ(column(R"({})"), "mapping.malformed columns.A");
  EXPECT_EQ(column(R"({"ignore": false})"), "mapping.malformed columns.A.ignore");
  EXPECT_EQ(column(R"({"field": "title", "rounding": "half_up"})"), "mapping.unknown_member columns.A.rounding");
  EXPECT_EQ(column(R"({"field": "investment"})"), "mapping.unit_missing columns.A.unit");
  EXPECT_EQ(column(R"({"field": "investment", "unit": "ten"})"), "mapping.malformed columns.A.unit");
  EXPECT_EQ(column(R"({"field": "investment", "unit": "元", "rounding": "up"})"),
            "mapping.malformed columns.A.rounding");
  EXPECT_EQ(column(R"({"field": "registered_on"})"), "mapping.dates_missing columns.A.dates");
  EXPECT_EQ(column(R"({"field": "registered_on", "dates": ["DD.MM.YY"]})"),
            "mapping.bad_date_format columns.A.dates[0]");
  EXPECT_EQ(column(R"({"field": "registered_on", "dates": ["YYYY.M"]})"),
            "mapping.bad_date_format columns.A.partial_day");
  EXPECT_EQ(column(R"({"field": "owner_unit", "level": 2})"), "mapping.level_missing columns");
  EXPECT_EQ(column(R"({"field": "title", "field": "kind"})"), "mapping.duplicate_member columns.A.field");
  EXPECT_EQ(column(R"({"field": "kind", "values": {"a": 1}})"), "mapping.malformed columns.A.values.a");
  EXPECT_EQ(Refusal(WithColumns(R"("ID ": {"ignore": true})")), "mapping.duplicate_member columns.ID ");
  EXPECT_EQ(Refusal(WithColumns(R"("A": {"field": "owner_unit"}, "B": {"field": "owner_unit"})")),
            "mapping.duplicate_target columns.B");
  EXPECT_EQ(Refusal(R"({"version": 1, "columns": {"A": {"ignore": true}}})"), "mapping.target_missing columns");
}

TEST(Mapping, RefusesWhatIsWrongWithTheWholeFile) {
  EXPECT_EQ(Refusal(WithColumns("")), "");
  EXPECT_EQ(Refusal("\xEF\xBB\xBF" + WithColumns("")), "");
  EXPECT_EQ(Refusal(R"({"columns": {}})"), "mapping.malformed version");
  EXPECT_EQ(Refusal(R"({"version": 2, "columns": {}})"), "mapping.version version");
  EXPECT_EQ(Refusal(R"({"version": 1})"), "mapping.malformed columns");
  EXPECT_EQ(Refusal(WithColumns("", R"("colums": {})")), "mapping.unknown_member colums");
  EXPECT_EQ(Refusal(WithColumns("", R"("encoding": "big5")")), "encoding.unknown encoding");
  EXPECT_EQ(Refusal(WithColumns("", R"("separator": "x")")), "mapping.malformed separator");
  EXPECT_EQ(Refusal(WithColumns("", R"("header_row": 0)")), "mapping.malformed header_row");
  EXPECT_EQ(Refusal(WithColumns("", R"("ladder": "stairs")")), "mapping.unknown_field ladder");
  EXPECT_EQ(Refusal(WithColumns("", R"("register_as_at": "30/6/2024")")), "mapping.malformed register_as_at");
  EXPECT_EQ(Refusal(std::string(1024 * 1024 + 1, ' ')), "mapping.too_large ");
}

TEST(Mapping, RefusesBadConstantsAndTemplates) {
  const auto constant = [](std::string_view rule) {
    return Refusal(WithColumns("", "\"constants\": [" + std::string(rule) + "]"));
  };
  const auto pattern = [](std::string_view text) {
    return Refusal(WithColumns("", R"("templates": [{"field": "title", "template": ")" + std::string(text) + "\"}]"));
  };

  EXPECT_EQ(constant(R"({"field": "registered_on", "value": "2024-02-30"})"),
            "mapping.bad_constant constants[0].value");
  EXPECT_EQ(constant(R"({"field": "investment", "value": "1.005", "unit": "元"})"),
            "mapping.bad_constant constants[0].value");
  EXPECT_EQ(constant(R"({"field": "region", "value": ""})"), "mapping.bad_constant constants[0].value");
  EXPECT_EQ(constant(R"({"field": "owner_unit", "value": []})"), "mapping.malformed constants[0].value");
  EXPECT_EQ(constant(R"({"field": "code", "value": "x"})"), "mapping.duplicate_target constants[0]");
  EXPECT_EQ(constant(R"({"field": "owner_unit", "value": ["a", "b"]})"), "");
  EXPECT_EQ(pattern("{ID}"), "");
  EXPECT_EQ(pattern("{Id}"), "mapping.bad_template templates[0].template");
  EXPECT_EQ(pattern("{ID"), "mapping.bad_template templates[0].template");
  EXPECT_EQ(pattern("ID}"), "mapping.bad_template templates[0].template");
  EXPECT_EQ(pattern(""), "mapping.bad_template templates[0].template");
}

TEST(Mapping, SaysWhereItIsNotJson) {
  auto mapping = ReadMapping("{\"version\": 1,\n \"columns\": {,}}", ProjectSchema());

  ASSERT_FALSE(mapping);
  EXPECT_EQ(mapping.error().code, "mapping.malformed");
  EXPECT_EQ(mapping.error().detail, "Not JSON at line 2, column 14 (byte 28).");
  EXPECT_EQ(Refusal("{\"a\": \"\xFF\"}"), "mapping.malformed ");
  EXPECT_EQ(Refusal(""), "mapping.malformed ");
  EXPECT_EQ(Refusal(std::string(100'000, '[')), "mapping.malformed ");
}

TEST(Mapping, LetsOneSettingBeReadFirst) {
  EXPECT_EQ(**PeekSetting(WithColumns("", R"("ladder": "county")"), "ladder"), "county");
  EXPECT_FALSE(PeekSetting(WithColumns(""), "ladder")->has_value());
  EXPECT_EQ(PeekSetting(R"({"ladder": 1})", "ladder").error().code, "mapping.malformed");
}

TEST(Mapping, IsDocumentedByAnExampleThatReads) {
  const std::string page = landfall::test::ReadFile(std::string(LANDFALL_SOURCE_DIR) + "/docs/formats/mapping.md");
  const std::size_t begin = page.find("```json\n") + 8;
  const std::string example = page.substr(begin, page.find("```", begin) - begin);
  TableSchema schema = ProjectSchema();
  schema.settings[0].choices = {"county_industry"};
  schema.groups[1].keys = {{"signed", ValueType::kDay, false, 0}, {"started", ValueType::kDay, false, 0}};

  auto mapping = ReadMapping(example, schema);

  EXPECT_TRUE(mapping) << mapping.error().code << " " << mapping.error().field;
}

TEST(JsonFault, NamesTheFirstByteAtFault) {
  EXPECT_EQ(FindJsonFault(R"( {"a": [1, -2.5e+3, true, null, "é\u00e9\n"], "b": {}} )"), std::string::npos);
  EXPECT_EQ(FindJsonFault("[1,]"), 3u);
  EXPECT_EQ(FindJsonFault("{\"a\" 1}"), 5u);
  EXPECT_EQ(FindJsonFault("[1"), 2u);
  EXPECT_EQ(FindJsonFault("[01]"), 2u);
  EXPECT_EQ(FindJsonFault("\"a\nb\""), 2u);
  EXPECT_EQ(FindJsonFault("[\"\\x\"]"), 3u);
  EXPECT_EQ(FindJsonFault("{} {}"), 3u);
  EXPECT_EQ(FindJsonFault("[1}"), 2u);
}

// Against simdjson: what it refuses has a fault here, and the other way round, on mutations of a real mapping.
TEST(JsonFault, AgreesWithSimdjson) {
  simdjson::dom::parser parser;
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(seed);
    std::string text = R"({"a": [1, 2.5, "x\u0041y", {"b": true}, [], {}], "c": null})";
    for (std::uint64_t n = Below(random, 3); n > 0; --n)
      text[Below(random, text.size())] = std::string_view("{}[],:\"\\0 1-tn.")[Below(random, 15)];

    const bool valid = parser.parse(text).error() == simdjson::SUCCESS;

    refused += !valid;
    ASSERT_EQ(FindJsonFault(text) == std::string::npos, valid) << text;
  }
  EXPECT_GT(refused, 5'000);
}

TEST(Errors, OfThisFolderAreInTheCatalogueInBothLanguages) {
  simdjson::dom::parser parser;
  const simdjson::dom::element catalogue =
      parser.load(std::string(LANDFALL_SOURCE_DIR) + "/catalog/errors/exchange.json");
  const std::regex code("\"((?:csv|cell|mapping|encoding|text|source|import)\\.[a-z0-9_]+)\"");
  std::size_t found = 0;
  for (const auto& file : std::filesystem::directory_iterator(std::string(LANDFALL_SOURCE_DIR) + "/src/exchange")) {
    const std::string source = landfall::test::ReadFile(file.path());
    for (std::sregex_iterator it(source.begin(), source.end(), code), end; it != end; ++it, ++found) {
      const std::string name = (*it)[1];
      for (const char* language : {"zh", "en"}) {
        std::string_view sentence;
        EXPECT_EQ(catalogue[name][language].get(sentence), simdjson::SUCCESS) << name << " " << language;
        EXPECT_GT(sentence.size(), 5u) << name;
      }
    }
  }
  EXPECT_GT(found, 50u);
}

}  // namespace
}  // namespace landfall::exchange::test
