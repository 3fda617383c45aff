// SPDX-License-Identifier: Apache-2.0
// The binary as a person runs it: arguments in, text and an exit code out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/access_store.h"
#include "app/engine.h"
#include "server/sheet_support.h"
#include "support/test_data.h"

namespace landfall::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::filesystem::path kBinary = std::filesystem::path(LANDFALL_BINARY_DIR) / "landfall";
const std::filesystem::path kRoot = LANDFALL_SOURCE_DIR;

struct Output {
  int exit_code = -1;
  std::string out, err;
};

class Cli : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kBinary)) {
      if (InCi()) FAIL() << "the binary is missing: " << kBinary;
      GTEST_SKIP() << "SKIPPED LOUDLY: no binary at " << kBinary;
    }
    folder_ = std::filesystem::temp_directory_path() / ("landfall-cli-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    ledger_ = (folder_ / "ledger").string();
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  // Runs the binary without a shell.
  Output Run(std::vector<std::string> arguments, const char* language = "en_US.UTF-8") {
    const std::string out = (folder_ / "stdout").string(), err = (folder_ / "stderr").string();
    arguments.insert(arguments.begin(), kBinary.string());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
      ::setenv("LANG", language, 1);
      if (std::freopen(out.c_str(), "w", stdout) == nullptr || std::freopen(err.c_str(), "w", stderr) == nullptr)
        ::_exit(126);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadFile(out), ReadFile(err)};
  }
  void Init() {
    const Output done = Run({"init", ledger_, "--jurisdiction", "2450", "--name", "Melbourne", "--currency", "AUD",
                             "--utc-offset", "+10:00"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
  }
  void ImportMelbourne() {
    Init();
    const Output done = Run(Import());
    ASSERT_EQ(done.exit_code, 0) << done.err;
  }
  std::vector<std::string> Import() const {
    return {"import",    ledger_,
            "projects",  (kRoot / "catalog/demo/melbourne/register.csv").string(),
            "--mapping", (kRoot / "catalog/demo/melbourne/mapping.json").string()};
  }
  std::vector<std::string> Query(std::vector<std::string> rest) const {
    rest.insert(rest.begin(), {"query", ledger_});
    return rest;
  }
  std::string TokenOf(AccountId account) const {
    const auto access = app::AccessStore::Open(app::LedgerFiles{ledger_}.access());
    return access ? (*access)->CreateToken(account, "test").value().secret : "";
  }
  // Member of a JSON answer by path, minified.
  static std::string At(const std::string& json, const char* pointer) {
    simdjson::dom::parser parser;
    simdjson::dom::element element;
    const simdjson::padded_string padded(json);
    if (parser.parse(padded).at_pointer(pointer).get(element) != simdjson::SUCCESS) return "(absent)";
    return simdjson::minify(element);
  }
  std::filesystem::path folder_;
  std::string ledger_;
};

TEST_F(Cli, HelpAndVersionNeedNoLedger) {
  EXPECT_THAT(Run({"--version"}).out, StartsWith("landfall 0."));
  const Output help = Run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* subcommand :
       {"init", "import", "query", "command", "verify", "export", "backup", "sheet", "serve", "rules", "workdays"})
    EXPECT_THAT(help.out, HasSubstr(subcommand));
  EXPECT_NE(Run({}).exit_code, 0);
  EXPECT_NE(Run({"no-such-command"}).exit_code, 0);
}

TEST_F(Cli, InitMakesALedgerOnce) {
  const Output made = Run({"init", ledger_, "--jurisdiction", "430212", "--name", "渌口区"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("ready:"));
  EXPECT_THAT(made.out, HasSubstr("landfall/430212+"));

  const Output again = Run({"init", ledger_, "--jurisdiction", "430212", "--name", "渌口区"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, StartsWith("ledger.exists: "));
}

TEST_F(Cli, InitNamesWhatIsWrongAndMakesNothing) {
  const auto refused = [&](std::vector<std::string> options, const std::string& code) {
    options.insert(options.begin(), {"init", ledger_});
    const Output output = Run(options);
    EXPECT_EQ(output.exit_code, 2) << code;
    EXPECT_THAT(output.err, StartsWith(code + ": "));
    EXPECT_FALSE(std::filesystem::exists(ledger_ + "/ledger.db")) << code;
  };
  refused({"--jurisdiction", "43 0212", "--name", "x"}, "code.malformed");
  refused({"--jurisdiction", "430212", "--name", "（机密）"}, "text.classified");
  refused({"--jurisdiction", "430212", "--name", "x", "--currency", "ZZZ"}, "currency.unknown");
  refused({"--jurisdiction", "430212", "--name", "x", "--utc-offset", "8"}, "offset.malformed");
  refused({"--jurisdiction", "430212", "--name", "x", "--ladders", "unheard_of"}, "catalog.unknown_ladder");
  EXPECT_EQ(Run({"init", ledger_, "--name", "x"}).exit_code, 106);  // CLI11: a required option is missing.
}

TEST_F(Cli, RefusalsSpeakTheLanguageOfTheTerminal) {
  const std::vector<std::string> arguments = {"init",   ledger_, "--jurisdiction", "430212",
                                              "--name", "x",     "--utc-offset",   "8"};
  const Output zh = Run(arguments, "zh_CN.UTF-8"), en = Run(arguments, "en_US.UTF-8"), other = Run(arguments, "C");

  EXPECT_EQ(zh.exit_code, 2);
  EXPECT_THAT(zh.err, StartsWith("offset.malformed: "));
  EXPECT_THAT(zh.err, HasSubstr("。"));
  EXPECT_THAT(en.err, Not(HasSubstr("。")));
  EXPECT_EQ(en.err, other.err);
  EXPECT_EQ(zh.out, "");
}

TEST_F(Cli, ImportIsAllOrNothingAndNothingTwice) {
  Init();
  std::vector<std::string> dry = Import();
  dry.push_back("--dry-run");

  const Output rehearsal = Run(dry);
  EXPECT_EQ(rehearsal.exit_code, 0) << rehearsal.err;
  EXPECT_THAT(rehearsal.out, HasSubstr("rows 445  created 445  changed 0  unchanged 0"));
  EXPECT_THAT(rehearsal.out, HasSubstr("total investment 5113659152.50"));
  EXPECT_THAT(rehearsal.out, HasSubstr("dry run: nothing stored"));

  const Output first = Run(Import());
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("stored as one batch"));

  const Output second = Run(Import());
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_THAT(second.out, HasSubstr("unchanged 445"));
  EXPECT_THAT(second.out, HasSubstr("nothing to change: nothing stored"));
}

TEST_F(Cli, ImportOfAFileWithErrorsListsThemAndExitsWithTwo) {
  Init();
  const std::string file = (folder_ / "bad.csv").string();
  std::string bytes = ReadFile(kRoot / "catalog/demo/melbourne/register.csv");
  bytes.replace(bytes.find("2359288.62"), 10, "2.359.288");
  std::ofstream(file, std::ios::binary) << bytes;

  const Output output =
      Run({"import", ledger_, "projects", file, "--mapping", (kRoot / "catalog/demo/melbourne/mapping.json").string()});

  EXPECT_EQ(output.exit_code, 2);
  EXPECT_THAT(output.out, HasSubstr("error    row 2     FFC              money.malformed"));
  EXPECT_THAT(output.out, HasSubstr("nothing stored: the file has errors"));
  EXPECT_THAT(output.err, StartsWith("import.has_errors: "));
  EXPECT_EQ(At(Run(Query({"board", "--json"})).out, "/projects"), "0");
  EXPECT_THAT(Run({"import", ledger_, "people", file, "--mapping", "x"}).err, StartsWith("import.unknown_kind: "));
}

TEST_F(Cli, SheetsGoOutAndComeBackWithTheirConflicts) {
  Init();
  const auto region = [&](const char* name, std::vector<std::string> rest) {
    rest.insert(rest.begin(), {"command", ledger_, name});
    const Output done = Run(rest);
    EXPECT_EQ(done.exit_code, 0) << done.err;
  };
  region("region.add", {"--code", "990101", "--name", "North", "--effective_on", "2020-01-01"});
  region("region.add", {"--code", "990102", "--name", "South", "--effective_on", "2020-01-01"});
  const std::string file = (folder_ / "regions.xlsx").string();
  const Output out = Run({"sheet", ledger_, "export", "regions", "--out", file});
  ASSERT_EQ(out.exit_code, 0) << out.err;
  server::OpenSheet sheet(ReadFile(file));
  ASSERT_EQ(sheet.rows(), 2u);
  sheet.Set(1, "Region", "North Side");
  sheet.Set(2, "Region", "South Side");
  std::ofstream(file, std::ios::binary) << sheet.Save();
  region("region.rename", {"--region", "r2", "--name", "Southern"});

  const Output dry = Run({"sheet", ledger_, "import", file, "--dry-run"});
  const Output first = Run({"sheet", ledger_, "import", file}), again = Run({"sheet", ledger_, "import", file});

  EXPECT_EQ(dry.exit_code, 1) << dry.err;  // A conflict is a finding.
  EXPECT_THAT(dry.out, HasSubstr("conflict row 3"));
  EXPECT_THAT(dry.out, HasSubstr("in the sheet \"South Side\", meanwhile \"Southern\""));
  EXPECT_THAT(dry.out, HasSubstr("\"North\" -> \"North Side\"  region.rename"));
  EXPECT_THAT(dry.out, HasSubstr("dry run: nothing stored"));
  EXPECT_EQ(first.exit_code, 1) << first.err;
  EXPECT_THAT(first.out, HasSubstr("stored as one batch"));
  EXPECT_THAT(again.out, HasSubstr("nothing to change: nothing stored"));
  EXPECT_THAT(Run({"query", ledger_, "board"}).err, Not(HasSubstr("corrupt")));
}

TEST_F(Cli, SheetsKeepToTheRightsOfWhoActs) {
  Init();
  const std::string file = (folder_ / "sheet.xlsx").string();

  EXPECT_EQ(Run({"sheet", ledger_, "template", "projects", "--out", file}).exit_code, 0);
  EXPECT_THAT(Run({"sheet", ledger_, "export", "projects"}).err, StartsWith("cli.out_missing: "));
  EXPECT_THAT(Run({"sheet", ledger_, "export", "weather", "--out", file}).err, StartsWith("sheet.unknown_list: "));
  EXPECT_THAT(Run({"sheet", ledger_, "export", "projects", "--out", file, "--as", "nobody"}).err,
              StartsWith("access.unknown_token: "));
  EXPECT_THAT(Run({"sheet", ledger_, "import", (folder_ / "none").string()}).err, StartsWith("source.unreadable: "));
  std::ofstream(file, std::ios::binary) << "no sheet";
  EXPECT_EQ(Run({"sheet", ledger_, "import", file}).exit_code, 2);
}

TEST_F(Cli, BordersAreImportedUnlessOneCrossesItself) {
  Init();
  const auto write = [&](const char* name, const char* ring) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path)
        << R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"adcode":"990101"},)"
        << R"("geometry":{"type":"Polygon","coordinates":[)" << ring << "]}}]}";
    return path;
  };
  const std::string square = write("square.geojson", "[[113,27],[114,27],[114,28],[113,28],[113,27]]");
  const std::string bow_tie = write("bow_tie.geojson", "[[113,27],[114,28],[114,27],[113,28],[113,27]]");
  const auto import = [&](const std::string& file) {
    return Run({"import", ledger_, "borders", file, "--system", "wgs84", "--source", "invented"});
  };

  EXPECT_THAT(import(square).err, StartsWith("geo.no_region_matches: "));
  ASSERT_EQ(
      Run({"command", ledger_, "region.add", "--code", "990101", "--name", "示例镇", "--effective_on", "2020-01-01"})
          .exit_code,
      0);
  const Output refused = import(bow_tie);
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, StartsWith("geo.ring_crosses_itself: "));
  EXPECT_THAT(Run({"import", ledger_, "borders", square, "--source", "invented"}).err,
              StartsWith("geo.coordinates_undeclared: "));
  const Output stored = import(square);
  EXPECT_EQ(stored.exit_code, 0) << stored.err;
  EXPECT_THAT(stored.out, HasSubstr("990101       示例镇  points 4 of 4"));
  EXPECT_THAT(stored.out, HasSubstr("stored as one batch"));
}

TEST_F(Cli, QueriesAnswerAsOfAnyDay) {
  ImportMelbourne();
  const Output board = Run(Query({"board", "--as-of", "2024-06-30"}));
  EXPECT_EQ(board.exit_code, 0) << board.err;
  EXPECT_THAT(board.out, HasSubstr("2450 Melbourne  as of 2024-06-30"));
  EXPECT_THAT(board.out, HasSubstr("projects 445  total investment 5113659152.50 AUD"));

  const std::string json = Run(Query({"board", "--as-of", "2016-01-01", "--json"})).out;
  EXPECT_EQ(At(json, "/milestones/need/past"), "84");
  EXPECT_EQ(At(json, "/milestones/tender_closed/contradicting"), "15");
  EXPECT_EQ(At(json, "/standing/as_of"), "\"2016-01-01\"");

  EXPECT_THAT(Run(Query({"board", "--as-of", "2024-02-30"})).err, HasSubstr("day.malformed: "));
  EXPECT_THAT(Run(Query({"board", "--as-of", "2024-02-30"})).err, HasSubstr("at: as-of"));
}

TEST_F(Cli, QueriesAnswerAsKnownAtAnyEntry) {
  ImportMelbourne();
  const std::string now = Run(Query({"board", "--json"})).out;
  const std::string size = At(now, "/standing/ledger_size");

  EXPECT_EQ(At(Run(Query({"board", "--known-at", "1", "--json"})).out, "/projects"), "0");
  EXPECT_EQ(At(Run(Query({"board", "--known-at", size, "--json"})).out, "/projects"), "445");
  EXPECT_EQ(At(Run(Query({"board", "--known-at", "2000-01-01", "--json"})).out, "/standing/known_at"), "0");
  EXPECT_THAT(Run(Query({"board", "--known-at", "999999"})).err, StartsWith("known_at.beyond_ledger: "));
  EXPECT_THAT(Run(Query({"board", "--known-at", "yesterday"})).err, StartsWith("known_at.malformed: "));
  EXPECT_THAT(Run(Query({"board", "--known-at", "2024-02-30"})).err, StartsWith("day.malformed: "));
}

TEST_F(Cli, QueriesTellWhoHasReportedAMonth) {
  ImportMelbourne();
  ASSERT_EQ(Run({"demo-accounts", ledger_}).exit_code, 0);
  const std::string asked = At(Run(Query({"reports", "--period", "2020-01", "--json"})).out, "/counts/owed");
  const Output scheduled =
      Run({"command", ledger_, "report.schedule", "--as", TokenOf(AccountId{7}), "--first_period", "2020-01",
           "--ladder", "public_works", "--from_milestone", "need", "--due_days", "5", "--due_unit", "work_days"});
  ASSERT_EQ(scheduled.exit_code, 0) << scheduled.err;
  const std::string json = Run(Query({"reports", "--period", "2020-01", "--json"})).out;

  EXPECT_EQ(asked, "0");
  EXPECT_EQ(At(json, "/counts/late"), At(json, "/counts/owed"));
  EXPECT_NE(At(json, "/counts/owed"), "0");
  EXPECT_EQ(At(json, "/rows/0/due_on"), "\"2020-02-07\"");
  EXPECT_THAT(Run(Query({"reports", "--period", "2020-01"})).out,
              HasSubstr("reports of 2020-01: 0 of " + At(json, "/counts/owed") + " in"));
  EXPECT_THAT(Run(Query({"reports", "--period", "2020-13"})).err, StartsWith("period.malformed: "));
}

TEST_F(Cli, PackageIsPlannedFromTheBuiltInCatalogue) {
  const std::string facts = (folder_ / "facts.json").string();
  std::ofstream(facts) << R"({"company_exists":false,"employs":false,"needs_invoices":true,"needs_seals":true})";
  const std::vector<std::string> plan{"plan", "company_start", "--facts", facts, "--accepted", "2024-09-30"};
  std::vector<std::string> json = plan;
  json.push_back("--json");
  const Output answer = Run(json);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  // The day after is 8 October: registered then, the seal on the 9th, the account two working days later.
  EXPECT_EQ(At(answer.out, "/promised/ends"), "\"2024-10-11\"");
  EXPECT_EQ(At(answer.out, "/promised/work_days"), "4");
  EXPECT_EQ(At(answer.out, "/critical"), "[\"e-01\",\"e-02\",\"e-07\"]");
  EXPECT_THAT(Run(plan, "zh_CN.UTF-8").out, HasSubstr("关键路径：e-01 → e-02 → e-07"));
  EXPECT_THAT(Run({"plan", "company_start", "--accepted", "2024-09-30"}).err, StartsWith("approval.facts_missing: "));
  EXPECT_THAT(Run({"plan", "no_such", "--accepted", "2024-09-30"}).err, StartsWith("approval.unknown_package: "));
}

TEST_F(Cli, CatalogueWithACircleIsNamedAndExitsWithOne) {
  EXPECT_EQ(Run({"catalog", "check", "--on", "2024-01-01"}).exit_code, 0);
  const std::filesystem::path own = folder_ / "catalogue";
  std::filesystem::create_directories(own);
  const auto matter = [](const char* id, const char* needs, const char* makes) {
    return std::string(
               R"({"version":1,"from":"2020-01-01","zh":"事项","en":"matter","department":"d","level":"town",)") +
           R"("kind":"service","law":"l","source":"s","confirmed":false,"id":")" + id + R"(","needs":[")" + needs +
           R"("],"makes":[")" + makes + R"("]})";
  };
  std::ofstream(own / "all.json")
      << R"({"departments":[{"id":"d","zh":"部门","en":"department"}],)"
      << R"("papers":[{"id":"p","zh":"甲","en":"p"},{"id":"q","zh":"乙","en":"q"}],"matters":[)"
      << matter("first", "p", "q") << "," << matter("second", "q", "p") << "]}";
  const Output found = Run({"catalog", "check", "--on", "2024-01-01", "--catalog", own.string(), "--json"});
  EXPECT_EQ(found.exit_code, 1) << found.err;
  EXPECT_EQ(At(found.out, "/findings/0/detail"), "\"first → second → first\"");
  EXPECT_THAT(Run({"catalog", "check", "--on", "2024-01-01", "--catalog", (folder_ / "none").string()}).err,
              StartsWith("approval.file_unreadable: "));
}

TEST_F(Cli, CatalogueGoesOutAsASheetAndAnEditedOneComesBack) {
  const std::string sheet = (folder_ / "matters.xlsx").string(), back = (folder_ / "back").string();
  ASSERT_EQ(Run({"catalog", "export", "--out", sheet}).exit_code, 0);
  const Output imported = Run({"catalog", "import", sheet, "--out", back});
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  const std::string facts = (folder_ / "facts.json").string();
  std::ofstream(facts) << R"({"company_exists":false,"employs":false,"needs_invoices":true,"needs_seals":true})";
  std::vector<std::string> plan{"plan", "company_start", "--facts", facts, "--accepted", "2024-09-30", "--json"};
  const std::string of_built_in = Run(plan).out;
  plan.insert(plan.end(), {"--catalog", back});
  EXPECT_EQ(Run(plan).out, of_built_in);
  // An import replaces nothing.
  EXPECT_THAT(Run({"catalog", "import", sheet, "--out", back}).err, StartsWith("approval.folder_not_empty: "));

  const std::string cpsv = (folder_ / "matters.jsonld").string();
  EXPECT_THAT(Run({"catalog", "export", "--out", cpsv}).err, StartsWith("approval.day_missing: "));
  EXPECT_EQ(Run({"catalog", "export", "--out", cpsv, "--on", "2024-01-01"}).exit_code, 0);
  EXPECT_THAT(ReadFile(cpsv), HasSubstr("cpsv:PublicService"));
  EXPECT_THAT(Run({"catalog", "export", "--out", (folder_ / "matters.doc").string()}).err,
              StartsWith("approval.unknown_form: "));

  const std::string csv = (folder_ / "list.csv").string();
  std::ofstream(csv) << "department,main_item,matter_name,item_code,task_type,area_code\n"
                     << "甲局,未分类,某许可,511A01-511602000000-1,1,511602000000\n"
                     << "甲局,未分类,某服务,511A02-511602000000-1,99,511602000000\n";
  EXPECT_THAT(Run({"catalog", "import", csv, "--out", back + "2"}).err, StartsWith("approval.mapping_missing: "));
  const Output faulty = Run({"catalog", "import", csv, "--mapping",
                             (kRoot / "docs/formats/matters-mapping.example.json").string(), "--out", back + "2"});
  EXPECT_EQ(faulty.exit_code, 1);
  EXPECT_THAT(faulty.out, HasSubstr("3 task_type: cell.not_listed"));
  EXPECT_FALSE(std::filesystem::exists(back + "2"));
}

TEST_F(Cli, ReductionIsCountedFromVersionsOfTheCatalogue) {
  const std::string facts = (folder_ / "facts.json").string();
  std::ofstream(facts) << R"({"company_exists":false,"employs":false,"needs_invoices":true,"needs_seals":true})";
  const std::vector<std::string> ask{"catalog",  "reduction",  "company_start", "--facts",   facts,
                                     "--before", "2024-01-01", "--after",       "2024-06-01"};
  std::vector<std::string> json = ask;
  json.push_back("--json");
  const Output answer = Run(json);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  // The built-in catalogue has one version of each, so nothing was reduced between two days of one year.
  EXPECT_EQ(At(answer.out, "/changes"), "[]");
  EXPECT_EQ(At(answer.out, "/before/papers"), At(answer.out, "/after/papers"));
  EXPECT_THAT(Run(ask, "zh_CN.UTF-8").out, HasSubstr("承诺工作日"));
}

TEST_F(Cli, SearchFindsByCodeAndByTheBeginningsOfWords) {
  ImportMelbourne();
  const std::string by_code = Run(Query({"search", "q05388", "--json"})).out;
  EXPECT_EQ(At(by_code, "/groups/0/kind"), "\"project\"");
  EXPECT_EQ(At(by_code, "/groups/0/rows/0/code"), "\"Q05388\"");
  const std::string page = Run(Query({"project", "Q05388", "--json"})).out;
  EXPECT_EQ(At(by_code, "/groups/0/rows/0/id"), At(page, "/project/id"));
  EXPECT_EQ(At(by_code, "/groups/0/rows/0/name"), At(page, "/project/title"));

  EXPECT_THAT(Run(Query({"search", "waterw catch"})).out, HasSubstr("Waterways & Catchment"));
  EXPECT_EQ(At(Run(Query({"search", "q05388", "--known-at", "1", "--json"})).out, "/groups"), "[]");
  EXPECT_THAT(Run(Query({"search"})).err, StartsWith("search.nothing_asked: "));
}

TEST_F(Cli, QueriesOfProjectsObligationsFiguresAndEntriesAgree) {
  ImportMelbourne();
  const std::string list = Run(Query({"projects", "--text", "q05388", "--json"})).out;
  EXPECT_EQ(At(list, "/total"), "1");
  const std::string id = At(list, "/rows/0/id").substr(1, At(list, "/rows/0/id").size() - 2);

  const std::string page = Run(Query({"project", id, "--json"})).out;
  EXPECT_EQ(At(page, "/project/code"), "\"Q05388\"");
  EXPECT_EQ(At(page, "/project/investment_minor"), "\"235928862\"");
  EXPECT_EQ(page, Run(Query({"project", "Q05388", "--json"})).out);
  EXPECT_THAT(Run(Query({"project", "Q05388"})).out, HasSubstr("business_case"));
  EXPECT_THAT(Run(Query({"project", "Q99999"})).err, StartsWith("project.unknown: "));

  const std::string entries = Run(Query({"entries", "project/" + id})).out;
  EXPECT_THAT(entries, HasSubstr("\"cmd\":\"project.record_row\""));
  EXPECT_EQ(std::count(entries.begin(), entries.end(), '\n'), 1);
  EXPECT_EQ(At(page, "/records"), "1");

  const std::string figure = Run(Query({"figure", "business_case_count", "--from", "2016-01-01", "--to", "2016-12-31",
                                        "--limit", "1000", "--json"}))
                                 .out;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  ASSERT_EQ(parser.parse(simdjson::padded_string(figure)).get(root), simdjson::SUCCESS) << figure;
  EXPECT_GT(root["count"].get_int64().value(), 0);
  EXPECT_EQ(static_cast<std::size_t>(root["count"].get_int64().value()), root["records"].get_array().value().size());
  EXPECT_THAT(Run(Query({"figure", "nothing"})).err, StartsWith("figure.unknown: "));

  const Output obligations = Run(Query({"obligations", "--as-of", "2024-06-30", "--limit", "3"}));
  EXPECT_EQ(obligations.exit_code, 0);
  EXPECT_EQ(std::count(obligations.out.begin(), obligations.out.end(), '\n'), 5);

  EXPECT_THAT(Run(Query({"weather"})).err, StartsWith("cli.unknown_query: "));
  EXPECT_NE(Run(Query({"projects", "--limit", "0"})).exit_code, 0);
}

TEST_F(Cli, CommandsAreSentByWhoeverHoldsTheToken) {
  Init();
  EXPECT_THAT(Run({"command", ledger_, "unit.create", "--code", "office", "--name", "Office"}).out,
              HasSubstr(R"("ids":["o1"],"repeated":false})"));
  const Output accounts = Run({"demo-accounts", ledger_, "--out", (folder_ / "accounts.json").string()});
  ASSERT_EQ(accounts.exit_code, 0) << accounts.err;
  EXPECT_EQ(At(ReadFile(folder_ / "accounts.json"), "/4/login"), "\"office\"");
  const std::string office = TokenOf(AccountId{5}), officer = TokenOf(AccountId{6});

  const std::vector<std::string> hold = {"command",  ledger_,      "project.register", "--title", "A \"quoted\" title",
                                         "--ladder", "industrial", "--owner_unit",     "o1"};
  const auto as = [&](const std::string& token, std::vector<std::string> arguments) {
    if (!token.empty()) arguments.insert(arguments.begin() + 3, {"--as", token});
    return Run(arguments);
  };
  EXPECT_THAT(as("", hold).err, StartsWith("access.denied: "));
  EXPECT_THAT(as("lf_not-a-token", hold).err, StartsWith("access.unknown_token: "));
  const Output done = as(office, hold);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("\"ids\":[\"p1\"]"));
  EXPECT_EQ(At(Run(Query({"project", "p1", "--json"})).out, "/project/title"), "\"A \\\"quoted\\\" title\"");

  // A list is typed as JSON; what the ladder's guards miss is said, paper by paper.
  const Output bare =
      as(office, {"command", ledger_, "project.reach_milestone", "--project", "p1", "--milestone", "signed",
                  "--effective_on", "2020-01-01", "--evidence", "[\"sha256:" + std::string(64, 'a') + "\"]"});
  EXPECT_EQ(bare.exit_code, 2);
  EXPECT_THAT(bare.err, StartsWith("project.ground_missing: "));
  EXPECT_THAT(bare.err, HasSubstr("agreement"));
  const Output talks =
      as(office, {"command", ledger_, "project.reach_milestone", "--project", "p1", "--milestone", "talks",
                  "--effective_on", "2020-01-01", "--evidence", "[\"sha256:" + std::string(64, 'a') + "\"]"});
  EXPECT_EQ(talks.exit_code, 0) << talks.err;
  EXPECT_EQ(At(Run(Query({"project", "p1", "--json"})).out, "/project/stage"), "\"talks\"");

  EXPECT_THAT(as(officer, {"command", ledger_, "project.terminate", "--project", "p1", "--reason", "other",
                           "--effective_on", "2020-01-01", "--remark", "x"})
                  .err,
              StartsWith("access.denied: "));
  const Output order = as(office, {"command", ledger_, "project.reach_milestone", "--project", "p1", "--milestone",
                                   "lead", "--effective_on", "2020-01-02"});
  EXPECT_EQ(order.exit_code, 2);
  EXPECT_THAT(order.err, StartsWith("project.milestone_out_of_order: "));
  EXPECT_THAT(order.err, HasSubstr("at: effective_on"));
}

TEST_F(Cli, MechanismsAreDefinedAndShownWithTheirFigure) {
  Init();
  EXPECT_THAT(Run(Query({"mechanisms"})).out, HasSubstr("0 mechanisms"));
  EXPECT_EQ(Run({"command", ledger_, "unit.create", "--code", "office", "--name", "Office"}).exit_code, 0);
  const Output defined = Run({"command", ledger_, "mechanism.define", "--mechanism", "three_platforms", "--name",
                              "三平台（示例）", "--parts", R"([{"name":"甲平台（示例）","about":"示例"}])",
                              "--owner_unit", "o1", "--figure", "signed_count", "--effective_on", "2020-01-01"});
  EXPECT_THAT(defined.out, HasSubstr(R"("ids":["three_platforms"])")) << defined.err;

  const std::string text = Run(Query({"mechanisms"})).out;
  EXPECT_THAT(text, HasSubstr("holds   three_platforms"));
  EXPECT_THAT(text, HasSubstr("- 甲平台（示例）: 示例"));
  EXPECT_THAT(text, HasSubstr("(signed_count): 0\n"));
  const std::string json = Run(Query({"mechanisms", "--json"})).out;
  EXPECT_EQ(At(json, "/rows/0/figure/value/count"), "0");
  EXPECT_EQ(At(json, "/rows/0/owner_unit/name"), "\"Office\"");
  EXPECT_THAT(Run(Query({"mechanisms", "--as-of", "2019-12-31"})).out, HasSubstr("planned three_platforms"));
}

TEST_F(Cli, CommandsNameTheFieldAtFault) {
  Init();
  const auto refused = [&](std::vector<std::string> rest, const std::string& code, const std::string& field) {
    rest.insert(rest.begin(), {"command", ledger_});
    const Output output = Run(rest);
    EXPECT_EQ(output.exit_code, 2) << code;
    EXPECT_THAT(output.err, StartsWith(code + ": "));
    if (!field.empty()) {
      EXPECT_THAT(output.err, HasSubstr("at: " + field));
    }
  };
  refused({"no.such_command"}, "command.unknown", "");
  refused({"unit.create", "--code", "a"}, "request.field_missing", "name");
  refused({"unit.create", "--code", "a", "--name", " "}, "text.empty", "name");
  refused({"unit.create", "--code", "a", "--nome", "x"}, "request.unknown_field", "nome");
  refused({"unit.create", "--code", "a", "--name"}, "cli.bad_field", "");
  refused({"unit.create", "--code", "a", "--code", "b", "--name", "x"}, "request.duplicate_field", "code");
  refused({"batch.complete", "--kind", "x", "--entries", "many"}, "request.malformed_json", "");
  refused({"unit.create", "--code", "a", "--name", "x", "--key", "not-a-uuid"}, "request.key_not_uuid_v7", "");
}

// Two ledgers in which everything is said by commands; what lies between them is two files.
TEST_F(Cli, ACaseGoesToAnotherLedgerAndItsResultComesBack) {
  struct Side {
    std::string ledger, vkey, office, secadmin;
  };
  const auto send = [&](const Side& side, const std::string& token, std::vector<std::string> command) {
    command.insert(command.begin(), {"command", side.ledger});
    command.insert(command.begin() + 3, {"--as", token});
    return Run(command);
  };
  const auto must = [&](const Side& side, std::vector<std::string> command) {
    const std::string& token = command[0].starts_with("peer.") ? side.secadmin : side.office;
    const Output done = send(side, token, std::move(command));
    EXPECT_EQ(done.exit_code, 0) << done.err;
  };
  const auto make = [&](const std::string& code) {
    ledger_ = (folder_ / code).string();
    EXPECT_EQ(Run({"init", ledger_, "--jurisdiction", code, "--name", "Place " + code}).exit_code, 0);
    EXPECT_EQ(Run({"command", ledger_, "unit.create", "--code", "office", "--name", "Office"}).exit_code, 0);
    EXPECT_EQ(Run({"demo-accounts", ledger_, "--out", ledger_ + ".json"}).exit_code, 0);
    Side side{ledger_, {}, {}, {}};
    const std::string keys = Run({"keys", ledger_}).out;
    side.vkey = keys.substr(0, keys.find('\n'));
    for (std::uint32_t id = 1; id <= 9; ++id) {
      const std::string login = At(ReadFile(ledger_ + ".json"), ("/" + std::to_string(id - 1) + "/login").c_str());
      if (login == "\"office\"") side.office = TokenOf(AccountId{id});
      if (login == "\"secadmin\"") side.secadmin = TokenOf(AccountId{id});
    }
    must(side, {"matter.define",
                "--matter",
                "filing",
                "--version",
                "1",
                "--from",
                "2020-01-01",
                "--zh",
                "Filing",
                "--owner_unit",
                "o1",
                "--kind",
                "filing",
                "--level",
                "district",
                "--discretion",
                "false",
                "--promised",
                R"({"days":5,"unit":"work_days"})",
                "--papers",
                "[]",
                "--makes",
                R"(["filing.code"])",
                "--made_valid",
                R"([{"paper":"filing.code","valid_days":365}])"});
    must(side, {"package.define", "--package", "p", "--version", "1", "--from", "2020-01-01", "--zh", "Package",
                "--owner_unit", "o1", "--matters", R"(["filing"])"});
    return side;
  };
  const auto receipt = [&](const Side& side, const std::string& record) {
    const std::string file = side.ledger + "." + record;
    const Output made = Run({"handover", side.ledger, "k1", "--record", record, "--out", file});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    EXPECT_EQ(Run({"verify", "receipt", file, "--vkey", side.vkey}).exit_code, 0) << record;
    return ReadFile(file);
  };
  const Side here = make("990201"), there = make("990202");
  must(here, {"peer.trust", "--peer", "990202", "--name", "There", "--vkey", there.vkey});
  must(there, {"peer.trust", "--peer", "990201", "--name", "Here", "--vkey", here.vkey});

  must(here, {"case.apply", "--package", "p", "--matters", R"(["filing"])", "--papers", "[]"});
  must(here, {"case.accept", "--case_id", "k1"});
  must(here, {"case.hand_over", "--case_id", "k1", "--peer", "990202", "--steps", "[]"});
  const std::string handed = receipt(here, "handed_over");
  // Under its own key it is proven to nobody else, and a changed one to nobody.
  EXPECT_NE(Run({"verify", "receipt", here.ledger + ".handed_over", "--vkey", there.vkey}).exit_code, 0);
  std::string changed = handed;
  changed[changed.find("extra ") + 40] ^= 1;
  const std::vector<std::string> take = {"case.take_over", "--package", "p", "--receipt_text"};
  const auto with = [](std::vector<std::string> command, const std::string& last) {
    command.push_back(last);
    return command;
  };
  EXPECT_EQ(send(there, there.office, with(take, changed)).exit_code, 2);
  must(there, with(take, handed));
  EXPECT_THAT(send(there, there.office, with(take, handed)).err, StartsWith("handover.taken_already: "));
  must(there, {"case.accept", "--case_id", "k1"});
  must(there, {"step.approve_by_rule", "--case_id", "k1", "--step", "1"});
  must(there, {"case.return_result", "--case_id", "k1"});
  must(here, {"case.receive_result", "--case_id", "k1", "--receipt_text", receipt(there, "result_returned")});

  EXPECT_EQ(At(Run({"query", here.ledger, "case", "k1", "--json"}).out, "/file/state"), "\"approved\"");
  // Until when it stands, only the ledger that decided knows.
  EXPECT_THAT(Run({"query", there.ledger, "case", "k1"}).out, HasSubstr("    makes filing.code  valid until "));
  EXPECT_THAT(Run({"query", here.ledger, "case", "k1"}).out, HasSubstr("    makes filing.code\n"));
  EXPECT_THAT(receipt(here, "result_received"), HasSubstr("landfall/990201"));
  EXPECT_THAT(receipt(there, "taken_over"), HasSubstr("landfall/990202"));
}

TEST_F(Cli, ACommandSentTwiceUnderOneKeyIsDoneOnce) {
  Init();
  const std::string key = app::NewKey(SystemClock(), SystemRandom());
  const std::vector<std::string> create = {"command", ledger_, "unit.create", "--key", key,
                                           "--code",  "a",     "--name",      "A"};

  const std::string first = Run(create).out, second = Run(create).out;

  EXPECT_THAT(first, HasSubstr("\"repeated\":false"));
  EXPECT_THAT(second, HasSubstr("\"repeated\":true"));
  EXPECT_EQ(At(first, "/seq"), At(second, "/seq"));
  EXPECT_THAT(Run({"command", ledger_, "unit.create", "--key", key, "--code", "b", "--name", "B"}).err,
              StartsWith("request.key_reused: "));
}

}  // namespace
}  // namespace landfall::test
