// SPDX-License-Identifier: Apache-2.0
#include "tests/subjects/scenario.h"

#include <gtest/gtest.h>
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "app/catalog.h"
#include "app/engine.h"
#include "app/entries.h"
#include "app/inbox.h"
#include "app/policy.h"
#include "app/queries.h"
#include "app/query_agents.h"
#include "app/query_cases.h"
#include "app/query_claims.h"
#include "app/query_file.h"
#include "app/query_map.h"
#include "app/query_mechanisms.h"
#include "app/query_people.h"
#include "app/query_reports.h"
#include "support/receipts.h"
#include "support/test_data.h"

namespace landfall::test {
namespace {

using app::Engine;

// Accounts of the county that most scenarios begin with, in the order of their ids u1, u2, …
struct Post {
  const char* login;
  admin::Role role;
};
constexpr Post kPosts[] = {{"sysadmin", admin::Role::sysadmin},         {"secadmin", admin::Role::secadmin},
                           {"auditor", admin::Role::auditor},           {"leader", admin::Role::leader},
                           {"office", admin::Role::project_office},     {"officer", admin::Role::unit_officer},
                           {"statistician", admin::Role::statistician}, {"supervisor", admin::Role::supervisor}};

// {"a":1,"rows":[{…},{…}]} as one line per member and per item of a list; the standing is left out.
std::string Lay(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(json)).get(object) != simdjson::SUCCESS) return "  (no object)\n";
  std::string out;
  for (const auto& [key, value] : object) {
    if (key == "standing") continue;
    out += "  " + std::string(key);
    simdjson::dom::array items;
    if (value.get(items) != simdjson::SUCCESS || items.size() == 0) {
      out += " " + simdjson::minify(value) + "\n";
      continue;
    }
    out += "\n";
    for (simdjson::dom::element item : items) out += "    " + simdjson::minify(item) + "\n";
  }
  return out;
}

class Runner {
 public:
  explicit Runner(const std::filesystem::path& path) : random_(430212) {
    run_.path = path;
    run_.expected = ReadFile(path);
    folder_ = std::filesystem::temp_directory_path() / ("landfall-scenario-" + std::to_string(::getpid()) + "-" +
                                                        std::to_string(std::hash<std::string>()(path.string())));
    std::filesystem::remove_all(folder_);
  }
  ~Runner() {
    engine_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  ScenarioRun Run() {
    if (!run_.expected.starts_with("# about: ")) run_.faults.push_back("the first line must be `# about: …`");
    std::istringstream in(run_.expected);
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("  ")) continue;  // An outcome of an earlier run.
      run_.actual += line + "\n";
      if (line.empty() || line[0] == '#') continue;
      std::istringstream words(line);
      std::string verb;
      words >> verb;
      if (verb == "day")
        SetDay(words);
      else if (verb == "by")
        words >> by_;
      else if (verb == "given")
        Given(words);
      else if (verb == "do")
        Do(words);
      else if (verb == "for")
        For(words);
      else if (verb == "receipt")
        Receipt(words);
      else if (verb == "then")
        Then(words);
      else
        Fault("unknown line: " + line);
    }
    if (engine_) CheckReplay();
    return std::move(run_);
  }

 private:
  void Fault(const std::string& what) { run_.faults.push_back(what); }

  void SetDay(std::istringstream& words) {
    std::string text;
    words >> text;
    auto day = ParseDay(text);
    if (!day) return Fault("not a day: " + text);
    today_ = *day;
    clock_.Set(Instant(*day) + std::chrono::hours(1));  // 09:00 in the county.
  }

  Actor Who(const std::string& name) {
    if (name == "local") return Actor::Local();
    if (name == "system") return Actor::System();
    for (std::size_t i = 0; i < std::size(kPosts); ++i)
      if (name == kPosts[i].login) return Actor::Account(AccountId::FromIndex(i));
    auto id = AccountId::Parse(name);
    if (!id) Fault("nobody called " + name);
    return Actor::Account(id.ok() ? *id : AccountId{});
  }

  Result<app::Answer> Send(const Actor& by, app::AnyCommand command) {
    clock_.Advance(std::chrono::seconds(1));
    const app::EngineOptions options{.clock = &clock_, .random = &random_, .vfs = {}, .snapshot_on_close = false};
    const app::LedgerFiles files{folder_.string()};
    if (!engine_) {
      const auto* create = std::get_if<admin::CreateLedger>(&command);
      if (create == nullptr) return Unavailable("no ledger yet: begin with `given county` or `do ledger.create`");
      LF_TRY(Engine::Create(files, *create, options));
      LF_ASSIGN(engine_, Engine::Open(files, options));
      return app::Answer{1, {}, false};
    }
    return engine_->Run(by, app::NewKey(clock_, random_), std::move(command));
  }
  void Must(const Actor& by, app::AnyCommand command) {
    run_.commands.emplace(app::InfoOf(command).name);
    if (auto done = Send(by, std::move(command)); !done) Fault("the county cannot be set up: " + done.error().code);
  }

  void Given(std::istringstream& words) {
    std::string what;
    words >> what;
    if (what == "county") {
      Must(Actor::Local(), admin::CreateLedger{{"430212"}, {"渌口区"}, {"CNY"}, {480}, {"founder"}});
      DefineLadder("industrial");
      for (const auto& [code, name, parent] : std::vector<std::tuple<const char*, const char*, std::optional<UnitId>>>{
               {"office", "重点项目办", std::nullopt},
               {"invest", "招商促进中心", std::nullopt},
               {"invest2", "招商二科", UnitId{2}}})
        Must(Actor::Local(), people::CreateUnit{{code}, {name}, parent});
      for (std::size_t i = 0; i < std::size(kPosts); ++i) {
        admin::CreateAccount create{{kPosts[i].login}, {kPosts[i].login}, std::nullopt};
        if (kPosts[i].role == admin::Role::unit_officer) create.unit = UnitId{2};
        Must(i < 2 ? Actor::Local() : Actor::Account(AccountId{1}), create);
        Must(i < 2 ? Actor::Local() : Actor::Account(AccountId{2}),
             admin::GrantRole{AccountId::FromIndex(i), kPosts[i].role});
      }
    } else if (what == "ladder") {
      std::string ladder;
      words >> ladder;
      DefineLadder(ladder);
    } else if (what == "guards") {
      auto definitions = app::BuiltInDefinitions({"industrial"});
      const auto& ladder = std::get<project::DefineLadder>(definitions.value().front());
      Must(Actor::Local(), project::SetGuards{ladder.ladder, ladder.guards.value()});
    } else {
      Fault("nothing given is called " + what);
    }
  }
  void DefineLadder(const std::string& ladder) {
    auto definitions = app::BuiltInDefinitions({ladder});
    if (!definitions || definitions->empty()) return Fault("no built-in ladder " + ladder);
    // Without its guards, which most stories are not about: `given guards` sets them.
    auto command = std::get<project::DefineLadder>(definitions->front());
    command.guards.reset();
    Must(Actor::Local(), command);
  }

  // receipt NAME LOG SECRET SEQ INDEX EVENT SUBJECT PAYLOAD: what a neighbour's ledger proves, with the proof of
  // another entry where INDEX is not SEQ; "$NAME" then stands for its text, and "$LOG SECRET" for the key.
  void Receipt(std::istringstream& words) {
    std::string name, log, secret, type, on, payload;
    std::uint64_t seq = 0, index = 0;
    words >> name >> log >> secret >> seq >> index >> type >> on >> std::ws;
    std::getline(words, payload);
    const app::EventType* event = app::FindEventType(type, 1);
    if (words.fail() || event == nullptr || index == 0) return Fault("not a receipt: " + name);
    const Neighbour neighbour(log, secret);
    texts_[log + " " + secret] = neighbour.vkey();
    texts_[name] = neighbour.Receipt(seq, event->info, on, payload, index - 1);
  }
  std::string WithTexts(std::string json) const {
    for (const auto& [name, text] : texts_) {
      std::string quoted;
      AppendJsonString(quoted, text);
      const std::string word = "\"$" + name + "\"";
      for (std::size_t at = json.find(word); at != std::string::npos; at = json.find(word, at + quoted.size()))
        json.replace(at, word.size(), quoted);
    }
    return json;
  }

  // "@contract" stands for the digest of a file of that content.
  static std::string WithDigests(std::string json) {
    for (std::size_t at = json.find("\"@"); at != std::string::npos; at = json.find("\"@", at)) {
      const std::size_t end = json.find('"', at + 1);
      std::string digest;
      AppendDigestText(digest, Sha256(json.substr(at + 2, end - at - 2)));
      json.replace(at + 1, end - at - 1, digest);
    }
    return json;
  }

  // The body as its line gives it: a command of that name, sent by who acts now.
  Result<app::Answer> Issue(const std::string& name, const std::string& body) {
    const app::CommandType* type = app::FindCommand(name);
    if (type == nullptr) {
      Fault("no command " + name);
      return Invalid("no command", name);
    }
    const auto outcome = [&]() -> Result<app::Answer> {
      LF_ASSIGN(app::AnyCommand command, type->read(WithTexts(WithDigests(body.empty() ? "{}" : body))));
      return Send(Who(by_), std::move(command));
    }();
    if (outcome)
      run_.commands.insert(name);
    else
      run_.refusals.emplace(name, outcome.error().code);
    return outcome;
  }
  static std::string Spell(const Error& error) {
    return "  refused " + error.code + (error.field.empty() ? "" : " at " + error.field);
  }

  void Do(std::istringstream& words) {
    std::string name, body;
    words >> name;
    std::getline(words, body);
    const auto outcome = Issue(name, body);
    if (outcome) {
      run_.actual += "  entry " + std::to_string(outcome->seq);
      for (std::size_t i = 0; i < outcome->ids.size(); ++i) run_.actual += (i == 0 ? ": " : ", ") + outcome->ids[i];
    } else {
      run_.actual += Spell(outcome.error());
    }
    run_.actual += "\n";
  }

  // One command for each number of a span, which stands for every # of its body; the first refusal ends it.
  void For(std::istringstream& words) {
    int first = 0, last = 0;
    std::string name, body;
    words >> first >> last >> name;
    std::getline(words, body);
    if (words.fail() || first > last) return Fault("not a span: for " + std::to_string(first) + " …");
    std::vector<app::Answer> answers;
    for (int number = first; number <= last; ++number) {
      std::string one = body;
      for (std::size_t at = one.find('#'); at != std::string::npos; at = one.find('#', at))
        one.replace(at, 1, std::to_string(number));
      auto outcome = Issue(name, one);
      if (!outcome) {
        run_.actual += Spell(outcome.error()) + " for " + std::to_string(number) + "\n";
        return;
      }
      answers.push_back(*std::move(outcome));
    }
    run_.actual += "  entries " + std::to_string(answers.front().seq) + " to " + std::to_string(answers.back().seq);
    if (!answers.front().ids.empty() && !answers.back().ids.empty())
      run_.actual += ": " + answers.front().ids[0] + " to " + answers.back().ids[0];
    run_.actual += "\n";
  }

  void Then(std::istringstream& words) {
    if (!engine_) return Fault("`then` without a ledger");
    std::string what, id;
    std::map<std::string, std::string> options;
    words >> what;
    for (std::string word; words >> word;) {
      if (!word.starts_with("--"))
        id = word;
      else if (!(words >> options[word.substr(2)]))
        return Fault("option without value: " + word);
    }
    auto answer = Ask(what, id, options);
    run_.actual += answer ? *answer : "  refused " + answer.error().code + "\n";
  }

  Result<std::string> Ask(const std::string& what, const std::string& id,
                          const std::map<std::string, std::string>& options) {
    const auto given = [&](const char* name) -> std::optional<std::string> {
      const auto found = options.find(name);
      return found == options.end() ? std::nullopt : std::optional(found->second);
    };
    const std::uint64_t seq = given("known-at") ? std::stoull(*given("known-at")) : engine_->log().size();
    LF_ASSIGN(const std::shared_ptr<const app::State> state, engine_->StateAt(seq));
    app::Frame frame{*state, today_, seq, {}, engine_->log().size(), {}};
    if (given("as-of")) {
      LF_ASSIGN(frame.as_of, ParseDay(*given("as-of")));
    }
    std::optional<UnitId> unit;
    std::optional<RegionId> region;
    if (given("unit")) {
      LF_ASSIGN(unit, UnitId::Parse(*given("unit")));
    }
    if (given("region")) {
      LF_ASSIGN(region, RegionId::Parse(*given("region")));
    }
    const bool region_only = given("only").has_value();
    if (what == "board") return Lay(ToJson(app::QueryBoard(frame, {unit, region, std::nullopt, region_only})));
    if (what == "projects") {
      app::ProjectFilter filter;
      filter.unit = unit, filter.region = region, filter.stage = given("stage"),
      filter.text = given("text").value_or("");
      filter.region_only = region_only;
      LF_ASSIGN(const app::ProjectList list, app::QueryProjects(frame, filter));
      return Lay(ToJson(list));
    }
    if (what == "project") {
      LF_ASSIGN(const ProjectId project, ProjectId::Parse(id));
      LF_ASSIGN(const app::ProjectPage page, app::QueryProject(frame, project));
      return Lay(ToJson(page));
    }
    if (what == "file") {
      LF_ASSIGN(const ProjectId project, ProjectId::Parse(id));
      LF_ASSIGN(const app::ProjectFile file, app::QueryProjectFile(frame, Who(by_), project));
      return Lay(ToJson(file));
    }
    if (what == "lists") {
      LF_ASSIGN(const app::BatchBoard board, app::QueryBatches(frame, {std::nullopt, std::nullopt, unit}));
      return Lay(ToJson(board));
    }
    if (what == "light") {
      LF_ASSIGN(const ProjectId project, ProjectId::Parse(id));
      return "  " + ToJson(app::ProjectLight(frame, project)) + "\n";
    }
    if (what == "obligations") {
      app::ObligationFilter filter;
      filter.unit = unit, filter.region = region;
      if (given("state"))
        filter.which =
            *given("state") == "all" ? app::ObligationFilter::Which::all : app::ObligationFilter::Which::closed;
      LF_ASSIGN(const app::ObligationList list, app::QueryObligations(frame, filter));
      return Lay(ToJson(list));
    }
    if (what == "obligation") {
      LF_ASSIGN(const ObligationId obligation, ObligationId::Parse(id));
      LF_ASSIGN(const app::ObligationPage page, app::QueryObligation(frame, obligation));
      return Lay(ToJson(page));
    }
    if (what == "inbox") return Lay(ToJson(app::QueryInbox(frame, Who(id).account)));
    if (what == "news") return Lay(ToJson(app::QueryNotifications(frame, Who(id).account, {}, 50)));
    const std::string state_asked = given("state").value_or("");
    if (what == "reports") {
      app::ReportFilter filter;
      filter.unit = unit;
      if (given("period")) {
        LF_ASSIGN(filter.period, Period::Parse(*given("period")));
      }
      using Which = app::ReportFilter::Which;
      static const std::map<std::string, Which> kWhich = {{"", Which::all},
                                                          {"missing", Which::missing},
                                                          {"late", Which::late},
                                                          {"reported", Which::reported},
                                                          {"pending_correction", Which::pending_correction}};
      filter.which = kWhich.at(state_asked);
      LF_ASSIGN(const app::ReportList list, app::QueryReports(frame, Who(by_), filter));
      return Lay(ToJson(list));
    }
    if (what == "project_reports") {
      LF_ASSIGN(const ProjectId project, ProjectId::Parse(id));
      LF_ASSIGN(const app::ProjectReports reports, app::QueryProjectReports(frame, Who(by_), project, std::nullopt));
      return Lay(ToJson(reports));
    }
    if (what == "corrections") {
      LF_ASSIGN(const app::CorrectionList list,
                app::QueryCorrections(frame, Who(by_), {state_asked != "decided", unit, 50, {}}));
      return Lay(ToJson(list));
    }
    if (what == "figure") {
      app::FigureFilter filter;
      filter.unit = unit, filter.region = region, filter.region_only = region_only;
      if (given("from")) {
        LF_ASSIGN(filter.from, ParseDay(*given("from")));
      }
      if (given("to")) {
        LF_ASSIGN(filter.to, ParseDay(*given("to")));
      }
      if (given("limit")) filter.limit = std::stoul(*given("limit"));
      LF_ASSIGN(const app::FigureValue value, app::QueryFigure(frame, id, filter));
      return Lay(ToJson(value));
    }
    if (what == "units") return Lay(ToJson(app::QueryUnits(frame)));
    if (what == "map") return Lay(ToJson(app::QueryMap(frame, {unit, region, std::nullopt, region_only})));
    if (what == "regions") return Lay(ToJson(app::QueryRegions(frame)));
    if (what == "posts") return Lay(ToJson(app::QueryPosts(frame, true)));
    if (what == "persons") return Lay(ToJson(app::QueryPersons(frame)));
    if (what == "ladders") return Lay(ToJson(app::QueryLadders(frame)));
    if (what == "accounts") return Lay(ToJson(app::QueryAccounts(*state, frame.as_of)));
    if (what == "duties") {
      app::DutyFilter filter{std::nullopt, std::nullopt, unit, given("state") == "all"};
      if (!id.empty()) {
        LF_ASSIGN(filter.project, ProjectId::Parse(id));
      }
      LF_ASSIGN(const app::DutyList list, app::QueryDuties(frame, filter));
      return Lay(ToJson(list));
    }
    if (what == "agents") {
      LF_ASSIGN(const app::AgentsView view, app::QueryAgents(frame, unit));
      return Lay(ToJson(view));
    }
    if (what == "mechanisms")
      return Lay(ToJson(app::QueryMechanisms(frame, app::VisibleTo(*state, Who(by_), frame.as_of, "figure.read"))));
    // The cells that differ from what is delivered, and the changes.
    if (what == "policy") {
      app::PolicyView view = app::QueryPolicy(*state);
      std::erase_if(view.cells, [](const app::PolicyCell& cell) { return cell.delivered == cell.now; });
      return Lay(ToJson(view));
    }
    if (what == "claims") {
      app::ClaimFilter filter;
      if (given("limit")) filter.limit = std::stoul(*given("limit"));
      LF_ASSIGN(const app::ClaimList list, app::QueryClaims(frame, filter));
      return Lay(ToJson(list));
    }
    if (what == "claim") {
      LF_ASSIGN(const claim::ClaimId claim, claim::ClaimId::Parse(id));
      LF_ASSIGN(app::ClaimPage page, app::QueryClaim(frame, claim));
      if (given("rule"))
        std::erase_if(page.checks, [&](const app::ClaimCheck& check) { return check.rule != *given("rule"); });
      return Lay(ToJson(page));
    }
    if (what == "cases") {
      app::CaseFilter filter;
      filter.unit = unit;
      LF_ASSIGN(const app::CaseList list, app::QueryCases(frame, filter));
      return Lay(ToJson(list));
    }
    if (what == "case") {
      LF_ASSIGN(const cases::CaseId of, cases::CaseId::Parse(id));
      LF_ASSIGN(const app::CasePage page, app::QueryCase(frame, of));
      return Lay(ToJson(page));
    }
    if (what == "matters") return Lay(ToJson(app::QueryMattersInForce(frame)));
    if (what == "health") return Lay(ToJson(app::QueryCaseHealth(frame)));
    if (what == "enterprises") {
      LF_ASSIGN(const app::EnterpriseList list, app::QueryEnterprises(frame, {}));
      return Lay(ToJson(list));
    }
    if (what == "entries") {
      LF_ASSIGN(
          const app::EntryList list,
          app::ReadEntries(*engine_, Actor::System(), {.subject = id, .before = 0, .known_at = seq, .limit = 50}));
      std::string out;
      for (const app::EntryView& entry : list.rows) {
        out += "  entry " + std::to_string(entry.seq) + " " + entry.command + " by " + entry.by + "\n";
        for (const app::EventView& event : entry.events)
          out += "    " + event.type + " " + event.on + " " +
                 (event.erased ? "(erased)" : event.payload.value_or("(none)")) + "\n";
      }
      return out;
    }
    return Invalid("nothing to ask is called " + what);
  }

  // The state folded from the stored bytes is the live one, and it is noted which events changed it.
  void CheckReplay() {
    app::State replayed;
    std::string hash = HashOf(replayed);
    const Status folded = engine_->log().Replay(
        {},
        [&](const ledger::Leaf& leaf, const ledger::StoredEntry&, std::span<const std::string_view> salted) -> Status {
          LF_ASSIGN(const Actor by, Actor::Parse(leaf.by));
          for (std::size_t i = 0; i < leaf.events.size(); ++i) {
            const ledger::LeafEvent& e = leaf.events[i];
            const app::EventType* type = app::FindEventType(e.type, e.version);
            const Origin origin{leaf.seq, static_cast<std::uint32_t>(i), leaf.at, by, salted[i].empty()};
            if (type == nullptr ||
                !type->apply(replayed, origin, e.on, salted[i].substr(std::min(salted[i].size(), ledger::kSaltBytes))))
              return Corrupt("entry " + std::to_string(leaf.seq) + " cannot be folded");
            const std::string after = HashOf(replayed);
            (after == hash ? run_.unchanging_events : run_.changing_events).emplace(e.type);
            hash = after;
          }
          return Ok{};
        });
    if (!folded) return Fault("replay: " + folded.error().code);
    const Engine::Reader live = engine_->Read();
    if (HashOf(live.state()) != hash) Fault("replay differs from the live state");
  }

  ScenarioRun run_;
  std::filesystem::path folder_;
  FixedClock clock_{Instant(MakeDay(2026, 1, 1))};
  SeededRandom random_;
  Day today_ = MakeDay(2026, 1, 1);
  std::string by_ = "local";
  std::map<std::string, std::string> texts_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace

const std::vector<ScenarioRun>& AllScenarios() {
  static const std::vector<ScenarioRun> kRuns = [] {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(LANDFALL_SOURCE_DIR) / "tests/scenario"))
      if (entry.path().extension() == ".scn") paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<ScenarioRun> runs;
    for (const auto& path : paths) runs.push_back(Runner(path).Run());
    return runs;
  }();
  return kRuns;
}

namespace {

TEST(Scenario, FilesSayWhatTheCodeDoes) {
  const bool update = std::getenv("UPDATE") != nullptr;
  ASSERT_GT(AllScenarios().size(), 10u);
  for (const ScenarioRun& run : AllScenarios()) {
    SCOPED_TRACE(run.path.string());
    EXPECT_EQ(run.faults, std::vector<std::string>{});
    if (update && run.actual != run.expected)
      std::ofstream(run.path, std::ios::binary) << run.actual;
    else
      EXPECT_EQ(run.actual, run.expected) << "UPDATE=1 rewrites the file; read the difference like code";
  }
}

}  // namespace
}  // namespace landfall::test
