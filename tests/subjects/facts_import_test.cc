// SPDX-License-Identifier: Apache-2.0
// The facts of five published reports as five ledgers, and what becomes of the figures in them (DOMAIN §5).
#include "app/import_facts.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <set>

#include "app/catalog.h"
#include "app/query_claims.h"
#include "claim/decimal.h"
#include "claim/interval.h"
#include "support/ledger_fixture.h"
#include "support/test_data.h"
#include "tests/subjects/world.h"

namespace landfall::test {
namespace {

using app::ClaimVerdict;
using app::Engine;

constexpr const char* kFile = "seed-facts/seed_facts.json";
constexpr const char* kReports[] = {"S000", "S001", "S002", "S003", "S004"};

const std::string& Facts() {
  static const std::string kBytes = ReadFile(TestData() / kFile);
  return kBytes;
}

// The file without some of its facts.
std::string Without(const std::set<std::string>& ids) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(Facts());
  std::string out = "[";
  const simdjson::dom::array facts = parser.parse(padded).get_array().value();
  for (const simdjson::dom::element fact : facts) {
    if (ids.contains(std::string(fact["id"].get_string().value()))) continue;
    out += (out.size() > 1 ? "," : "") + simdjson::to_string(fact);
  }
  return out + "]";
}

// One report in a ledger of its own.
class Report {
 public:
  explicit Report(const std::string& name, const std::string& bytes = Facts()) : name_(name) {
    const app::EngineOptions options{.clock = &clock_, .random = &random_, .vfs = {}, .snapshot_on_close = false};
    const app::LedgerFiles files{folder_ / "ledger"};
    LF_CHECK(Engine::Create(files, {{"430299"}, {"示例区"}, {"CNY"}, {480}, {"tester"}}, options).ok());
    engine_ = std::move(*Engine::Open(files, options));
    for (const app::AnyCommand& definition : app::BuiltInDefinitions({"industrial"}).value())
      LF_CHECK(engine_->Run(Actor::Local(), app::NewKey(clock_, random_), definition).ok());
    auto imported = Import(bytes, false);
    LF_CHECK(imported.ok());
    report = *std::move(imported);
  }

  app::FactsReport report;

  Result<app::FactsReport> Import(const std::string& bytes, bool dry_run) {
    return app::ImportFacts(*engine_, Actor::Local(), app::NewKey(clock_, random_), bytes, name_, {dry_run, "tester"});
  }
  template <class F>
  auto Ask(F&& f) {
    const Engine::Reader reader = engine_->Read();
    return f(app::Frame{reader.state(), MakeDay(2026, 3, 2), reader.seq(), reader.last_at(), reader.seq(), {}});
  }
  app::ClaimList Claims(std::optional<claim::Category> category = std::nullopt) {
    app::ClaimFilter filter;
    filter.category = category;
    filter.limit = 500;
    return Ask([&](const app::Frame& frame) { return app::QueryClaims(frame, filter).value(); });
  }
  app::ClaimPage Claim(const std::string& source) {
    return Ask([&](const app::Frame& frame) {
      const claim::State& s = frame.state.claim;
      const std::uint32_t at = s.by_source.Find(s.source, source);
      LF_CHECK(at != TextIndex::kNone);
      return app::QueryClaim(frame, claim::ClaimId::FromIndex(at)).value();
    });
  }
  // The number that follows by a rule; empty where none does.
  std::string Derived(const std::string& source, const std::string& rule) {
    for (const app::ClaimCheck& check : Claim(source).checks)
      if (check.rule == rule && check.derived)
        return check.derived->value + " (" + check.derived->low + "–" + check.derived->high + ") " +
               check.derived->unit_words;
    return {};
  }
  std::string Hash() {
    return Ask([](const app::Frame& frame) { return HashOf(frame.state); });
  }
  std::uint64_t size() const { return engine_->log().size(); }

 private:
  std::string name_;
  app::test::TempFolder folder_;
  FixedClock clock_{app::test::kStart};
  SeededRandom random_{7};
  std::unique_ptr<Engine> engine_;
};

// What a reader of the reports finds for each of the 97 indicators, worked out by hand; what is not named here has
// nothing to be held against.
const std::map<std::string, std::pair<std::size_t, std::map<std::string, ClaimVerdict>>>& ByHand() {
  constexpr ClaimVerdict kOk = ClaimVerdict::consistent, kGap = ClaimVerdict::missing, kWords = ClaimVerdict::stated;
  static const std::map<std::string, std::pair<std::size_t, std::map<std::string, ClaimVerdict>>> kTable = {
      {"S000",
       {21,
        {{"S000-024", kOk},      // 29.4 of …
         {"S000-025", kOk},      // … 73.9 %
         {"S000-043", kOk},      // 3 signings …
         {"S000-044", kOk},      // … of 60.4
         {"S000-053", kOk},      // 29 from 1 亿 …
         {"S000-054", kOk},      // … of which 4 from 5 亿
         {"S000-029", kGap},     // 营业收入达亿元以上
         {"S000-061", kGap},     // 近家
         {"S000-062", kGap},     // 余万元
         {"S000-063", kGap}}}},  // 超0万元
      {"S001",
       {16,
        {{"S001-103", kOk},        // 24 of 55
         {"S001-118", kOk},        // 11, also said of the event
         {"S001-121", kOk},        // 156.81, the same
         {"S001-356", kWords}}}},  // 订单已排到明年
      {"S002",
       {33,
        {{"S002-138", kOk},        // 389.29 …
         {"S002-139", kOk},        // … +10.17 %
         {"S002-141", kOk},        // 28.1 of 10 projects
         {"S002-163", kOk},        // 38 new …
         {"S002-164", kOk},        // … of 55
         {"S002-171", kOk},        // 10 of the 38
         {"S002-362", kWords}}}},  // 前列
      {"S003",
       {22,
        {{"S003-227", kOk},  // 1.5 : 43 : 55.5
         {"S003-259", kOk},
         {"S003-260", kOk},  // 23 of 15
         {"S003-261", kOk},
         {"S003-262", kOk}}}},                                // 7 of 4
      {"S004", {5, {{"S004-289", kOk}, {"S004-290", kOk}}}},  // 18 of 120
  };
  return kTable;
}

TEST(Facts, EachOfThe97IndicatorsHasTheVerdictThatWasWorkedOutByHand) {
  LF_NEEDS_DATA(kFile);
  std::map<ClaimVerdict, int> counts;
  for (const char* name : kReports) {
    Report report(name);
    const auto& [indicators, special] = ByHand().at(name);
    std::size_t met = 0, seen = 0;
    for (const app::ClaimRow& row : report.Claims(claim::Category::indicator).rows) {
      if (row.source.find('.') != std::string::npos) continue;  // A second number of the same fact.
      ++seen;
      const auto found = special.find(row.source);
      met += found != special.end() ? 1 : 0;
      EXPECT_EQ(row.verdict, found != special.end() ? found->second : ClaimVerdict::unbacked) << row.source;
      ++counts[row.verdict];
    }
    EXPECT_EQ(seen, indicators) << name;
    EXPECT_EQ(met, special.size()) << name;
  }
  const std::map<ClaimVerdict, int> expected = {{ClaimVerdict::consistent, 22},
                                                {ClaimVerdict::unbacked, 69},
                                                {ClaimVerdict::missing, 4},
                                                {ClaimVerdict::stated, 2}};
  EXPECT_EQ(counts, expected);
}

TEST(Facts, NothingThatTheReportMadeBacksIt) {
  LF_NEEDS_DATA(kFile);
  for (const char* name : kReports) {
    Report report(name);
    const app::VerdictCounts counts = report.Claims().counts;
    EXPECT_EQ(counts.backed, 0) << name;
    EXPECT_EQ(counts.contradicted, 0) << name;
    // No figure counts a claim, and no milestone was made of "2018".
    report.Ask([&](const app::Frame& frame) {
      for (const app::FigureValue& figure : app::QueryFigures(frame, {}).value().rows) EXPECT_EQ(figure.count, 0);
      for (std::size_t p = 0; p < frame.state.project.size(); ++p)
        EXPECT_EQ(app::ProjectLight(frame, ProjectId::FromIndex(p)).light, app::Light::idle);
      return 0;
    });
  }
}

TEST(Facts, CasesOfTheReports) {
  LF_NEEDS_DATA(kFile);
  Report s000("S000"), s001("S001"), s002("S002"), s003("S003"), s004("S004");
  const auto printed = [](Report& report, const std::string& source) {
    const app::ClaimRow row = report.Claim(source).claim;
    std::string text(EnumName(row.bound));
    for (const std::string& value : row.values) text += " " + value;
    return text + " " + row.unit_words;
  };
  // 1: 29 and 4, a part of them.
  EXPECT_EQ(s000.Claim("S000-054").checks.at(0).rule, "subset_of");
  EXPECT_EQ(s000.Claim("S000-054").checks.at(0).found, "29");
  // 2: 31 started and 16 in production; the report names two of each. Three signings sum to 60.4.
  EXPECT_EQ(s000.Claim("S000-049").claim.found, "2");
  EXPECT_EQ(s000.Claim("S000-052").claim.found, "2");
  EXPECT_EQ(printed(s000, "S000-044"), "exact 60.4 亿元");
  EXPECT_EQ(s000.Derived("S000-044", "mean_of"), "20.1333 (20.1166–20.15) 亿元");
  // 3: the park's whole output follows; nobody published it. The target is a target.
  EXPECT_EQ(s000.Derived("S000-025", "share_of"), "39.7835 (39.6889–39.8782) 亿元");
  EXPECT_TRUE(s000.Claim("S000-031").claim.target);
  // 5: ten numbers are marked as missing in this report's facts.
  EXPECT_EQ(s000.report.without_number, 10);
  EXPECT_EQ(s000.Claims().counts.missing, 10);
  EXPECT_TRUE(s000.Claim("S000-063").claim.values.empty());
  // 7: 87 projects, 156.81.
  EXPECT_EQ(s001.Derived("S001-120.investment_yi", "mean_of"), "1.8024 (1.8023–1.8025) 亿元");
  EXPECT_EQ(printed(s001, "S001-122"), "exact 10 次");
  // 10: the year before.
  EXPECT_EQ(s002.Derived("S002-139", "growth_of"), "353.3539 (353.3333–353.3745) 亿元");
  // 11, 12: claims of the report; no record has the days.
  EXPECT_EQ(printed(s002, "S002-149"), "exact 38 天");
  EXPECT_EQ(s002.Claim("S002-149").claim.unit, claim::Unit::day);
  EXPECT_EQ(s002.Claim("S002-150").claim.verdict, ClaimVerdict::stated);
  EXPECT_EQ(s002.Claim("S002-150").claim.period, "2021-06底;2021-08");
  EXPECT_EQ(printed(s002, "S002-147"), "exact 86 个");
  EXPECT_EQ(printed(s002, "S002-148"), "exact 58 个");
  EXPECT_EQ(printed(s002, "S002-137"), "exact 112 个");
  EXPECT_EQ(printed(s002, "S002-185"), "exact 23 个");
  // 13: 55 = 17 + 38, of which 10 in the last year.
  EXPECT_EQ(s002.Derived("S002-163", "increase_of"), "17 (17–17) 家");
  EXPECT_EQ(printed(s002, "S002-172"), "exact 19 家");
  // 17: 6 is half as much again as 4.
  EXPECT_EQ(s002.Derived("S002-201.yoy", "growth_of").substr(0, 2), "4 ");
  // 18: twice in the report, one project, 11 counted once beside 20 and 15.
  EXPECT_EQ(s002.report.duplicates, 1);
  EXPECT_EQ(s002.Ask([](const app::Frame& frame) { return app::QueryBoard(frame, {}).investment_minor.minor(); }),
            46 * 10'000'000'000);
  // 19: more than was planned.
  EXPECT_EQ(s003.Derived("S003-260", "completion_of"), "153.3333 (153.3333–153.3334) %");
  EXPECT_EQ(s003.Derived("S003-262", "completion_of"), "175 (175–175) %");
  EXPECT_EQ(printed(s003, "S003-263"), "exact 43 个");
  // 20: a hundred.
  EXPECT_EQ(s003.Claim("S003-227").checks.at(0).found, "100");
  // 24: split over two columns, still a growth.
  EXPECT_EQ(s003.Claim("S003-238").claim.kind, claim::Kind::growth);
  EXPECT_EQ(printed(s003, "S003-238"), "exact 132 %");
  EXPECT_EQ(s003.Claim("S003-238").claim.name, "航空产业一季度产值增长");
  EXPECT_EQ(s003.Claim("S003-238").claim.period, "2020Q1");
  // 25: more than 70 on one day; 18 of 120; 19 started, 15 completed, three of each named.
  EXPECT_EQ(printed(s004, "S004-291"), "more_than 70 亿元");
  EXPECT_EQ(s004.Derived("S004-290", "mean_of"), "6.6667 (6.6388–6.6945) 亿元");
  EXPECT_EQ(s004.Claim("S004-328").claim.found, "3");
  EXPECT_EQ(s004.Claim("S004-332").claim.found, "3");
  // 26: a year's standstill, solved in a month; one project under two names.
  EXPECT_EQ(printed(s004, "S004-312"), "exact 1 年");
  EXPECT_EQ(printed(s004, "S004-313"), "exact 1 个月");
  EXPECT_EQ(s004.Claim("S004-335").claim.project.value().name, "兆能电磁线项目");
  EXPECT_EQ(s004.report.duplicates, 3);
  // 28: a name read from garbled text says so.
  EXPECT_TRUE(s004.Claim("S004-315").claim.name_inferred);
  EXPECT_FALSE(s004.Claim("S004-342").claim.name_inferred);
}

TEST(Facts, ASecondImportAndADryRunStoreNothing) {
  LF_NEEDS_DATA(kFile);
  for (const char* name : kReports) {
    Report report(name);
    const std::string before = report.Hash();
    const std::uint64_t size = report.size();
    for (const bool dry_run : {true, false}) {
      const app::FactsReport again = report.Import(Facts(), dry_run).value();
      EXPECT_EQ(again.seq, 0);
      EXPECT_EQ(again.claims + again.relations + again.regions + again.enterprises + again.projects, 0) << name;
      EXPECT_GT(again.known, 50);
    }
    EXPECT_EQ(report.Hash(), before);
    EXPECT_EQ(report.size(), size);
  }
}

TEST(Facts, NoQuotationAndNoPersonComesAlong) {
  LF_NEEDS_DATA(kFile);
  Report report("S000");
  EXPECT_EQ(report.report.facts, 86);
  const auto left = [&](const std::string& what) {
    for (const app::FactsLeftOut& l : report.report.left_out)
      if (l.what == what) return l.count;
    return std::int64_t{0};
  };
  EXPECT_EQ(left("person"), 1);
  EXPECT_EQ(left("quote"), 86);
  report.Ask([](const app::Frame& frame) {
    for (std::size_t i = 0; i < frame.state.claim.rows.size(); ++i)
      EXPECT_EQ(frame.state.claim.name.Get(i).find("大学院士"), std::string_view::npos);
    return 0;
  });
}

// Whatever record is taken away, each figure that counts it says so.
TEST(Facts, WithoutOneOfItsRecordsEachFigureThatCountsItChanges) {
  LF_NEEDS_DATA(kFile);
  std::size_t changed = 0;
  for (const char* name : {"S000", "S003", "S004"}) {
    Report whole(name);
    std::map<std::string, std::pair<std::string, std::set<std::string>>> counting;  // claim → found, ids of records
    for (const app::ClaimRow& row : whole.Claims(claim::Category::indicator).rows)
      for (const app::ClaimCheck& check : whole.Claim(row.source).checks)
        if (check.rule == "counts" && row.kind == claim::Kind::count && check.claim.id == row.id.ToString()) {
          counting[row.source].first = check.found;
          for (const app::CheckInput& input : check.inputs) counting[row.source].second.insert(input.id);
        }
    for (const app::ClaimRow& record : whole.Claims().rows) {
      if (!record.project && !record.enterprise) continue;
      std::set<std::string> touched;
      for (const auto& [source, about] : counting)
        if (about.second.contains(record.project ? record.project->id : record.enterprise->id)) touched.insert(source);
      if (touched.empty()) continue;
      Report without(name, Without({record.source}));
      for (const std::string& source : touched) {
        const std::string found = without.Claim(source).claim.found;
        const int left = found.empty() ? 0 : std::stoi(found);
        EXPECT_EQ(left, std::stoi(counting[source].first) - 1) << source << " without " << record.source;
        ++changed;
      }
    }
  }
  EXPECT_EQ(changed, 16u);  // 8 of S000, 2 of S003, 6 of S004
}

TEST(Facts, WhatIsNoFileOfFactsIsRefusedAndStoresNothing) {
  LF_NEEDS_DATA(kFile);
  Report report("S001");
  const std::uint64_t size = report.size();
  const std::pair<std::string, std::string> kBad[] = {
      {"", "request.malformed_json"},
      {"{}", "seed.malformed"},
      {"[1]", "seed.fact_malformed"},
      {"[]", "seed.report_missing"},
      {R"([{"report":"S001","id":"S001-1","kind":"rumour","name":"示例"}])", "seed.fact_malformed"},
      {R"([{"report":"S001","id":"S001-1","kind":"indicator","name":"示例","value":{}}])", "seed.fact_malformed"},
      {R"([{"report":"S001","id":"S001-1","kind":"indicator","name":"示例","value":1e300,"unit":"个"}])",
       "claim.value_malformed"},
      {R"([{"report":"S001","id":"S001-1","kind":"indicator","name":"机密","value":1,"unit":"个"}])",
       "seed.fact_malformed"},
      {std::string(app::kFactsBytesMax + 1, ' '), "seed.too_large"}};
  for (const auto& [bytes, code] : kBad) {
    const auto refused = report.Import(bytes, false);
    ASSERT_FALSE(refused) << bytes.substr(0, 80);
    EXPECT_EQ(refused.error().code, code) << bytes.substr(0, 80);
  }
  EXPECT_EQ(report.size(), size);
}

// On invented records: a claim that names a figure follows it record by record.
TEST(Claims, AreBackedUntilARecordIsTakenAway) {
  World world = County();
  const auto must = [&](const app::AnyCommand& command) {
    const Status done = world.Run(Actor::Local(), command);
    ASSERT_TRUE(done) << done.error().code;
  };
  for (int i = 1; i <= 3; ++i) {
    must(project::RegisterProject{{"示例"},
                                  {"industrial"},
                                  std::nullopt,
                                  UnitId{1},
                                  std::nullopt,
                                  std::nullopt,
                                  Money::FromMinor(20'000'000'000)});
    must(project::ReachMilestone{
        ProjectId{static_cast<std::uint32_t>(i)}, {"signed"}, MakeDay(2026, 2, i), List<Digest, 20>{{Sha256("示例")}}});
  }
  must(figure::DefineFigure{{"signed"},
                            {"签约"},
                            {"Signed"},
                            figure::Measure::investment_sum,
                            Key<40>{"industrial"},
                            Key<40>{"signed"},
                            std::nullopt,
                            std::nullopt,
                            project::EvidenceLevel::none});
  claim::RecordClaim c{};
  c.report = {"R1"}, c.source = {"R1-1"}, c.name = {"签约总投资"};
  c.kind = claim::Kind::sum, c.unit = claim::Unit::money, c.exponent = {8};
  c.values.items.push_back({"6.0"});
  c.figure = Key<60>{"signed"}, c.from = MakeDay(2026, 1, 1), c.to = MakeDay(2026, 3, 31);
  must(c);
  const app::ClaimPage page = app::QueryClaim(world.At(world.today), claim::ClaimId{1}).value();
  EXPECT_EQ(page.claim.verdict, ClaimVerdict::backed);
  ASSERT_EQ(page.checks.size(), 1u);
  ASSERT_EQ(page.checks[0].inputs.size(), 4u);  // the figure and three records
  for (std::size_t i = 1; i < 4; ++i) {
    const auto gone = static_cast<std::uint64_t>(page.checks[0].inputs[i].seq);
    const app::State without = world.Replay([&](const StoredEvent& event) { return event.origin.seq != gone; });
    const app::ClaimPage after = app::QueryClaim(World::FrameOf(without, world.today), claim::ClaimId{1}).value();
    EXPECT_EQ(after.claim.verdict, ClaimVerdict::contradicted);
    EXPECT_EQ(after.claim.found, "4");
  }
}

TEST(Claims, PrintedDecimalsAreReadExactlyOrNotAtAll) {
  const auto read = [](std::string_view text) -> std::string {
    const auto decimal = claim::ParseDecimal(text);
    return decimal ? std::to_string(decimal->digits) + "/" + std::to_string(decimal->places) : "none";
  };
  EXPECT_EQ(read("60.4"), "604/1");
  EXPECT_EQ(read("-0.05"), "-5/2");
  EXPECT_EQ(read("0"), "0/0");
  EXPECT_EQ(read("999999999999"), "999999999999/0");
  for (const char* bad : {"", "-", ".", "1.", ".5", "1.2.3", "007", "1e3", "１", "1,000", "1000000000000", "0.1234567"})
    EXPECT_EQ(read(bad), "none") << bad;
}

TEST(Claims, QuotientsAreRoundedTheWayTheirEndsNeed) {
  using claim::Rounding;
  EXPECT_EQ(claim::QuotientText(2, 3, Rounding::kDown), "0.6666");
  EXPECT_EQ(claim::QuotientText(2, 3, Rounding::kNearest), "0.6667");
  EXPECT_EQ(claim::QuotientText(2, 3, Rounding::kUp), "0.6667");
  EXPECT_EQ(claim::QuotientText(-2, 3, Rounding::kDown), "-0.6667");
  EXPECT_EQ(claim::QuotientText(-2, 3, Rounding::kUp), "-0.6666");
  EXPECT_EQ(claim::QuotientText(100, 4, Rounding::kNearest), "25");
  EXPECT_EQ(claim::TextOf(1), "0.0000005");
  EXPECT_EQ(claim::TextOf(0), "0");
}

}  // namespace
}  // namespace landfall::test
