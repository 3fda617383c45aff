// SPDX-License-Identifier: Apache-2.0
// A register from a file into a ledger: all or nothing, and nothing twice.
#include "app/import.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "app/catalog.h"
#include "app/queries.h"
#include "support/test_data.h"

namespace landfall::test {
namespace {

using app::Engine;

const std::filesystem::path kRoot = LANDFALL_SOURCE_DIR;
const std::string kRegister = (kRoot / "catalog/demo/melbourne/register.csv").string();
const std::string kMapping = (kRoot / "catalog/demo/melbourne/mapping.json").string();

class Import : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("landfall-import-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    const app::EngineOptions options{.clock = &clock_, .random = &random_, .vfs = {}, .snapshot_on_close = false};
    const app::LedgerFiles files{(folder_ / "ledger").string()};
    ASSERT_TRUE(Engine::Create(files, {{"2450"}, {"Melbourne"}, {"AUD"}, {600}, {"founder"}}, options));
    auto engine = Engine::Open(files, options);
    ASSERT_TRUE(engine) << engine.error().code;
    engine_ = std::move(*engine);
    const std::vector<app::AnyCommand> definitions = app::BuiltInDefinitions({"public_works"}).value();
    for (const app::AnyCommand& definition : definitions) Do(definition);
  }
  void TearDown() override {
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Do(const app::AnyCommand& command) {
    const auto done = engine_->Run(Actor::Local(), app::NewKey(clock_, random_), command);
    ASSERT_TRUE(done) << done.error().code;
  }
  std::string Write(const std::string& name, const std::string& bytes) {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }
  Result<app::ImportOutcome> Run(const std::string& file, const std::string& mapping = kMapping, bool dry_run = false) {
    return app::ImportProjects(*engine_, Actor::Local(), file, mapping,
                               {.dry_run = dry_run, .local_user = "founder", .progress = {}});
  }
  std::string LiveHash() {
    const Engine::Reader reader = engine_->Read();
    return HashOf(reader.state());
  }
  app::Board BoardOn(Day as_of) {
    const Engine::Reader reader = engine_->Read();
    return app::QueryBoard({reader.state(), as_of, reader.seq(), reader.last_at(), reader.seq(), {}}, {});
  }
  // Codes of the errors of a report, each once, with row and column.
  static std::string Errors(const app::ImportReport& report) {
    std::string out;
    for (const app::ImportProblem& p : report.problems)
      if (p.severity == "error")
        out += (out.empty() ? "" : "; ") + std::to_string(p.row) + " " + p.column + " " + p.code;
    return out;
  }
  // A file that must be refused as a whole, with these errors in its report.
  void ExpectRefused(const std::string& file, const std::string& mapping, const std::string& errors) {
    const std::string before = LiveHash();
    const std::uint64_t size = engine_->log().size();
    for (bool dry_run : {true, false}) {
      const auto outcome = Run(file, mapping, dry_run);
      ASSERT_TRUE(outcome) << outcome.error().code;
      ASSERT_TRUE(outcome->refusal);
      EXPECT_EQ(outcome->refusal->code, "import.has_errors");
      EXPECT_FALSE(outcome->stored);
      EXPECT_EQ(Errors(outcome->report), errors);
    }
    EXPECT_EQ(engine_->log().size(), size);
    EXPECT_EQ(LiveHash(), before);
  }

  std::filesystem::path folder_;
  FixedClock clock_{Instant(MakeDay(2026, 3, 1))};
  SeededRandom random_{445};
  std::unique_ptr<Engine> engine_;
};

// A small register of our own, with the columns that Melbourne's has not.
constexpr std::string_view kSmallMapping =
    R"({"version":1,"encoding":"utf-8","ladder":"public_works","register_as_at":"2024-06-30",
  "dates":["YYYY-MM-DD"],"columns":{
  "code":{"field":"code"},"title":{"field":"title"},"cost":{"field":"investment","unit":"plain"},
  "credit":{"field":"enterprise_credit_code"},"region":{"field":"region_code"},"note":{"attribute":"note"},
  "need":{"milestone":"need","as":"stated"},"stage1":{"milestone":"stage1","as":"stated"}}})";
constexpr std::string_view kSmallHeader = "code,title,cost,credit,region,note,need,stage1\n";

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST_F(Import, AgreesWithAnotherToolToTheCentAndToTheDay) {
  if (std::system("python3 -c pass >/dev/null 2>&1") != 0) {
    if (InCi()) FAIL() << "python3 is missing";
    GTEST_SKIP() << "SKIPPED LOUDLY: no python3 to compare with";
  }
  const std::vector<std::string> days = {"2016-01-01", "2019-06-30", "2022-02-28", "2024-06-30", "2027-12-31"};
  std::string command = "python3 '" + (kRoot / "tests/subjects/melbourne_counts.py").string() + "' '" + kRegister + "'";
  for (const std::string& day : days) command += " " + day;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string expected;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) expected += static_cast<char>(c);
  ASSERT_EQ(::pclose(pipe), 0);

  const auto outcome = Run(kRegister);

  ASSERT_TRUE(outcome) << outcome.error().code;
  EXPECT_TRUE(outcome->stored);
  EXPECT_EQ(outcome->report.rows, 445);
  EXPECT_EQ(outcome->report.created, 445);
  EXPECT_EQ(outcome->report.errors, 0);
  std::string actual =
      std::to_string(outcome->report.rows) + " " + std::to_string(outcome->report.investment_minor.minor()) + "\n";
  for (const std::string& day : days) {
    const app::Board board = BoardOn(ParseDay(day).value());
    EXPECT_EQ(board.projects, 445);
    EXPECT_EQ(board.investment_minor, outcome->report.investment_minor);
    for (const auto& [milestone, c] : board.milestones.members)
      actual += day + " " + milestone + " " + std::to_string(c.past) + " " + std::to_string(c.ahead) + " " +
                std::to_string(c.none) + " " + std::to_string(c.contradicting) + "\n";
  }
  EXPECT_EQ(actual, expected);
}

TEST_F(Import, OfTheSameFileAgainStoresNothing) {
  ASSERT_TRUE(Run(kRegister)->stored);
  const std::uint64_t size = engine_->log().size();

  const auto again = Run(kRegister);

  ASSERT_TRUE(again);
  EXPECT_FALSE(again->stored);
  EXPECT_EQ(again->report.unchanged, 445);
  EXPECT_EQ(again->report.created + again->report.changed + again->report.units_created, 0);
  EXPECT_EQ(engine_->log().size(), size);
}

TEST_F(Import, OfAFileWithOneChangedCellChangesOneProject) {
  ASSERT_TRUE(Run(kRegister)->stored);
  const std::uint64_t size = engine_->log().size();
  const std::string changed = Replaced(ReadFile(kRegister), "Q05388,2359288.62,", "Q05388,2359288.63,");

  const auto outcome = Run(Write("changed.csv", changed));

  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->stored);
  EXPECT_EQ(outcome->report.changed, 1);
  EXPECT_EQ(outcome->report.unchanged, 444);
  EXPECT_EQ(engine_->log().size(), size + 2);  // The row and the end of its batch.
  const Engine::Reader reader = engine_->Read();
  const project::State& s = reader.state().project;
  EXPECT_EQ(s.investment[s.by_code.Find(s.code, "Q05388")], 235'928'863);
}

TEST_F(Import, OfAChangedDayBecomesACorrectionOfTheRecordBefore) {
  ASSERT_TRUE(Run(kRegister)->stored);
  constexpr std::size_t kBusinessCase = 3;
  std::uint64_t before = 0;
  std::size_t project = 0;
  {
    const Engine::Reader reader = engine_->Read();
    const project::State& s = reader.state().project;
    project = s.by_code.Find(s.code, "Q05388");
    before = s.ReachedSeq(project, kBusinessCase);
  }

  const auto outcome =
      Run(Write("moved.csv", Replaced(ReadFile(kRegister), "2016-05-25 17:00:00", "2016-05-26 17:00:00")));

  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->report.changed, 1);
  const Engine::Reader reader = engine_->Read();
  const project::State& s = reader.state().project;
  EXPECT_EQ(s.reached[s.first_slot[project] + kBusinessCase], DayNumber(MakeDay(2016, 5, 26)));
  EXPECT_GT(s.ReachedSeq(project, kBusinessCase), before);
  EXPECT_EQ(reader.state().project.contradicting.size(), 445u);
}

TEST_F(Import, ReportsOfADryRunAndOfTheRealRunAreTheSame) {
  const std::string before = LiveHash();

  const auto dry = Run(kRegister, kMapping, true);
  EXPECT_EQ(LiveHash(), before);
  const auto real = Run(kRegister);

  ASSERT_TRUE(dry && real);
  EXPECT_FALSE(dry->stored);
  EXPECT_TRUE(real->stored);
  EXPECT_EQ(ToJson(dry->report), ToJson(real->report));
}

TEST_F(Import, FindsRowsThatContradictThemselvesAndKeepsThem) {
  const auto outcome = Run(kRegister);
  ASSERT_TRUE(outcome);

  std::int64_t reported = 0, on_board = 0;
  for (const app::ImportProblem& p : outcome->report.problems) reported += p.code == "import.milestone_out_of_order";
  for (const auto& [milestone, c] : BoardOn(MakeDay(2024, 6, 30)).milestones.members) on_board += c.contradicting;

  EXPECT_GT(reported, 0);
  EXPECT_EQ(reported, on_board);
}

TEST_F(Import, StoresWhatTheRowsSay) {
  Do(place::AddRegion{{"430212"}, {"渌口区"}, std::nullopt, MakeDay(2018, 6, 19)});
  const std::string mapping = Write("small.json", std::string(kSmallMapping));

  const auto outcome = Run(
      Write("small.csv", std::string(kSmallHeader) + "A1,水厂,1.50,,430212,甲,2024-06-30,2024-07-01\nA2,泵站,,,,,,\n"),
      mapping);

  ASSERT_TRUE(outcome);
  ASSERT_TRUE(outcome->stored) << Errors(outcome->report);
  EXPECT_EQ(outcome->report.rows_without_investment, 1);
  const Engine::Reader reader = engine_->Read();
  const app::ProjectPage page =
      app::QueryProject({reader.state(), MakeDay(2024, 6, 30), 0, {}, 0, {}}, ProjectId{1}).value();
  EXPECT_EQ(page.project.title, "水厂");
  EXPECT_EQ(page.project.investment_minor, Money::FromMinor(150));
  EXPECT_EQ(page.project.region->name, "渌口区");
  EXPECT_EQ(page.attributes.at(0).value.value, "甲");
  EXPECT_EQ(page.milestones[0].reached_on,
            MakeDay(2024, 6, 30));  // A fact up to the day on which the register was true,
  EXPECT_EQ(page.milestones[4].planned_on, MakeDay(2024, 7, 1));  // and a plan after it.
  EXPECT_EQ(page.milestones[4].reached_on, std::nullopt);
}

TEST_F(Import, IsRefusedWholeForEachThingThatIsWrong) {
  const std::string mapping = Write("small.json", std::string(kSmallMapping));
  const std::string good = "A1,水厂,1.50,,,甲,2024-01-01,\n";
  const auto refused = [&](const std::string& row, const std::string& errors) {
    SCOPED_TRACE(row);
    ExpectRefused(Write("bad.csv", std::string(kSmallHeader) + good + row + "\n"), mapping, errors);
  };

  refused("A2,泵站,1,91350100M000100Y4Z,,,,", "3 credit credit_code.malformed");
  refused("A2,泵站,1,91350100M000100Y34,,,,", "3 credit credit_code.wrong_check");
  refused("A2,泵站,1,91350100M000100Y43,,,,", "3 credit enterprise.unknown");
  refused("A2,泵站,1,,430999,,,", "3 region region.unknown");
  refused("A2,泵站,1.005,,,,,", "3 cost money.too_precise");
  refused("A2,泵站,\"1,000\",,,,,", "3 cost money.malformed");
  refused("A2,泵站,1,,,机密,,", "3 note text.classified");
  refused("A2,【机 密】泵站,1,,,,,", "3 title text.classified");
  refused("A2,泵站,1,,,,2024-02-30,", "3 need cell.day_impossible");
  refused("A1,泵站,1,,,,,", "3 code import.duplicate_code");
  refused("A2,泵站,-1,,,,,", "3 investment_minor money.negative");
  refused("A 2,泵站,1,,,,,", "3 code code.malformed");
  refused(",泵站,1,,,,,", "3 code cell.missing");
  refused("A2,泵站,1,,,", "3  csv.ragged_row");
  refused("A2,\"泵站,1,,,,,", "3  csv.quote_unclosed");
}

TEST_F(Import, NamesEveryProblemOfAFileAtOnce) {
  const std::string mapping = Write("small.json", std::string(kSmallMapping));
  ExpectRefused(Write("bad.csv",
                      std::string(kSmallHeader) + "A1,水厂,x,,,,,\nA2,泵站,1,,,,2024-13-01,\nA1,泵站,1.001,,,绝密,,\n"),
                mapping, "2 cost money.malformed; 3 need cell.day_impossible; 4 cost money.too_precise");
}

TEST_F(Import, IsRefusedWhenTheMappingNamesAColumnThatIsNotThere) {
  const std::string mapping = Write("small.json", Replaced(std::string(kSmallMapping), "\"note\":{", "\"remark\":{"));
  ExpectRefused(Write("good.csv", std::string(kSmallHeader) + "A1,水厂,1,,,,,\n"), mapping,
                "1 note mapping.column_missing; 1 remark mapping.unknown_column");
}

TEST_F(Import, IsRefusedWhenTheBytesAreGbkAndTheMappingSaysUtf8) {
  const std::string mapping = Write("small.json", std::string(kSmallMapping));
  // 水厂 in GBK.
  ExpectRefused(Write("gbk.csv", std::string(kSmallHeader) + "A1,\xCB\xAE\xB3\xA7,1,,,,,\n"), mapping,
                "0  encoding.looks_like_gbk");

  const std::string gbk = Write("gbk.json", Replaced(std::string(kSmallMapping), "\"utf-8\"", "\"gbk\""));
  const auto outcome = Run(Write("gbk.csv", std::string(kSmallHeader) + "A1,\xCB\xAE\xB3\xA7,1,,,,,\n"), gbk);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->stored) << Errors(outcome->report);
  const Engine::Reader reader = engine_->Read();
  EXPECT_EQ(reader.state().project.title.Get(0), "水厂");
}

TEST_F(Import, SaysWhatIsMissingWhenItCannotBegin) {
  EXPECT_EQ(Run("no-such-file.csv").error().code, "source.unreadable");
  EXPECT_EQ(Run(kRegister, "no-such-mapping.json").error().code, "import.mapping_missing");
  EXPECT_EQ(Run(kRegister, Write("other.json", Replaced(std::string(kSmallMapping), "public_works", "industrial")))
                .error()
                .code,
            "project.unknown_ladder");
  EXPECT_EQ(engine_->log().size(), 1 + app::BuiltInDefinitions({"public_works"})->size());
}

TEST_F(Import, BringsBackNoTitleThatTheLawTookAway) {
  const std::string mapping = Write("small.json", std::string(kSmallMapping));
  const std::string file = Write("small.csv", std::string(kSmallHeader) + "A1,某某的作坊,1,,,,,\n");
  ASSERT_TRUE(Run(file, mapping)->stored);
  std::uint64_t seq = 0;
  std::uint32_t event = 0;
  const Status found = engine_->log().Replay(
      {}, [&](const ledger::Leaf& leaf, const ledger::StoredEntry&, std::span<const std::string_view>) -> Status {
        for (std::size_t i = 0; i < leaf.events.size(); ++i)
          if (leaf.events[i].type == "project.named") seq = leaf.seq, event = static_cast<std::uint32_t>(i);
        return Ok{};
      });
  ASSERT_TRUE(found);
  const auto erased = engine_->Run(Actor::System(), app::NewKey(clock_, random_),
                                   admin::ErasePayload{{static_cast<std::int64_t>(seq)}, {event}, {"pipl-47"}});
  ASSERT_TRUE(erased) << erased.error().code;

  const auto again = Run(file, mapping);

  ASSERT_TRUE(again);
  EXPECT_FALSE(again->stored);
  const Engine::Reader reader = engine_->Read();
  EXPECT_TRUE(reader.state().project.title.Erased(0));
}

TEST_F(Import, CanBeCancelledAsLongAsNothingIsStored) {
  const std::uint64_t size = engine_->log().size();
  const auto outcome = app::ImportProjects(
      *engine_, Actor::Local(), kRegister, kMapping,
      {.dry_run = false, .local_user = "founder", .progress = [](std::string_view, std::uint64_t, std::uint64_t) {
         return false;
       }});

  ASSERT_FALSE(outcome && !outcome->refusal);
  EXPECT_EQ(engine_->log().size(), size);
}

}  // namespace
}  // namespace landfall::test
