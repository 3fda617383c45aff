// SPDX-License-Identifier: Apache-2.0
// Every code this folder can answer with has a sentence in both languages, and no sentence stands for nothing.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "base/embedded.h"
#include "support/test_data.h"

namespace landfall::test {
namespace {

TEST(CalendarErrors, EveryCodeHasASentenceInBothLanguages) {
  std::set<std::string> used;
  const std::regex code(R"lf("((?:calendar|clock|office_hours)\.[a-z_]+)")lf");
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(LANDFALL_SOURCE_DIR) / "src/calendar")) {
    const std::string text = ReadFile(file.path());
    for (std::sregex_iterator match(text.begin(), text.end(), code), end; match != end; ++match)
      used.insert((*match)[1]);
  }

  std::set<std::string> explained;
  simdjson::dom::parser parser;
  const std::string_view json = FindEmbedded(EmbeddedCatalog(), "errors/calendar.json");
  const simdjson::dom::object root = parser.parse(json.data(), json.size());
  for (const auto [key, sentences] : root) {
    explained.emplace(key);
    EXPECT_GT(sentences["zh"].get_string().value().size(), 10u) << key;
    EXPECT_GT(sentences["en"].get_string().value().size(), 10u) << key;
  }

  EXPECT_EQ(used, explained);
}

}  // namespace
}  // namespace landfall::test
