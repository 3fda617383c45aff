// SPDX-License-Identifier: Apache-2.0
// A million open cases 办件 of twelve steps in three branches: bytes that a case takes in one copy of the state, the
// ledger opened from its snapshot, and the lists that show what is owed. Twenty packages of sixty units, applied for
// during forty days; some are not complete, most have steps in hand, some of which stand still or did; one in five
// belongs to a project. Folded through the appliers from the events of a ledger; the list of all is held against a walk
// over all cases.
#include <malloc.h>

#include "app/inbox.h"
#include "app/query_cases.h"
#include "app/replica.h"
#include "bench/bench.h"
#include "bench/case_package.h"
#include "bench/world.h"

namespace landfall::bench {
namespace {

constexpr std::size_t kProjects = 10'000;
constexpr int kPackages = 20, kDays = 40;
constexpr AccountId kClerk{3}, kOfficer{4};
constexpr UnitId kOfficersUnit{42};

Day DayOf(int day) { return World::kToday + std::chrono::days(day); }

// Case by case what has happened to it, told day by day.
class CaseWorld {
 public:
  explicit CaseWorld(std::size_t count) : count_(count) {}

  void Generate(const std::function<void(const WorldEntry&)>& use) {
    use_ = &use;
    Define();
    std::vector<std::vector<Happening>> days(kDays + 1);
    for (std::uint32_t i = 0; i < count_; ++i) Plan(i, days);
    for (int day = 0; day <= kDays; ++day) {
      // As many a day as fit into eight hours.
      const auto step = std::chrono::microseconds(std::chrono::hours(8)) /
                        static_cast<std::int64_t>(days[static_cast<std::size_t>(day)].size() + 1);
      now_ = Instant(DayOf(day)) + std::chrono::hours(1);
      for (const Happening& happening : days[static_cast<std::size_t>(day)]) {
        now_ += step;
        Tell(happening, DayOf(day));
      }
    }
  }

 private:
  enum class What : std::uint8_t { apply, accept, receive, suspend, resume, approve };
  struct Happening {
    std::uint32_t of;  // In the order in which they were planned; the ledger counts by application.
    What what;
    std::uint8_t step;
    bool lacking;
  };
  std::uint64_t Below(std::uint64_t n) { return random_.Next() % n; }

  void Emit(Actor by, std::string_view command, std::vector<app::AnyEvent> events) {
    (*use_)({now_, by, command, events});
  }

  void Define() {
    now_ = Instant(World::kToday);
    app::State state;
    state.cases.units = World::kUnits;
    for (int p = 0; p < kPackages; ++p) {
      const auto unit = [&](int branch) { return UnitId{static_cast<std::uint32_t>(41 + p * kBranches + branch)}; };
      for (const app::AnyCommand& command :
           DefinePackage(fmt::format("package{}", p), UnitId{11}, {unit(0), unit(1), unit(2)}, World::kToday)) {
        auto events = app::Decide(state, {now_, World::kToday, Actor::System()}, command).value();
        for (const app::AnyEvent& event : events) app::ApplyEvent(state, {}, event);
        Emit(Actor::System(), app::InfoOf(command).name, std::move(events));
      }
    }
    for (const auto& [id, unit] : {std::pair(kClerk, UnitId{11}), std::pair(kOfficer, kOfficersUnit)})
      Emit(Actor::Local(), "account.create",
           {admin::AccountCreated{id, {fmt::format("login{}", id.raw)}, unit}, admin::AccountDescribed{id, {"经办"}},
            admin::RoleGranted{id, admin::Role::unit_officer}});
  }

  // From the day of its application to today; it is still open then.
  void Plan(std::uint32_t i, std::vector<std::vector<Happening>>& days) {
    auto day = static_cast<std::size_t>(Below(kDays));
    const bool lacking = Below(10) == 0;
    const auto next = [&](std::uint64_t later) { return (day += Below(later)) <= kDays; };
    const auto happens = [&](What what, int step) {
      days[day].push_back({i, what, static_cast<std::uint8_t>(step), lacking});
    };
    happens(What::apply, 0);
    if (lacking || !next(3)) return;
    happens(What::accept, 0);
    for (int branch = 0; branch < kBranches; ++branch) {
      const std::size_t accepted = day;
      const int step = StepAt(branch, 0);
      if (Below(3) != 0 && next(6)) {
        happens(What::receive, step);
        const bool suspended = Below(20) == 0;
        if (suspended && next(4)) happens(What::suspend, step);
        const bool resumed = suspended && Below(2) == 0 && next(10);
        if (resumed && day <= kDays) happens(What::resume, step);
        if ((!suspended || resumed) && Below(2) == 0 && next(8)) happens(What::approve, step);
      }
      day = accepted;
    }
  }

  void Tell(const Happening& h, Day today) {
    if (number_.empty()) number_.resize(count_, 0);
    const cases::StepNumber step{h.step + 1};
    const auto package = fmt::format("package{}", h.of % kPackages);
    if (h.what == What::apply) {
      number_[h.of] = ++applied_;
      cases::CaseApplied applied{{applied_}, {package}, {1}, {}, {}, {}, HandedPapers(today), today};
      for (int s = 0; s < kCaseSteps; ++s) applied.steps.items.push_back({MatterKey(package, s), {1}});
      if (h.of % 5 == 0) applied.project = ProjectId{static_cast<std::uint32_t>(1 + h.of % kProjects)};
      if (h.lacking) applied.papers.items.resize(3);
      return Emit(Actor::Account(kClerk), "case.apply", {std::move(applied)});
    }
    const cases::CaseId id{number_[h.of]};
    const Actor officer = Actor::Account(kOfficer);
    switch (h.what) {
      case What::accept:
        return Emit(Actor::Account(kClerk), "case.accept", {cases::CaseAccepted{id, today}});
      case What::receive:
        return Emit(officer, "step.receive", {cases::StepReceived{id, step, today}});
      case What::suspend:
        return Emit(officer, "step.suspend",
                    {cases::StepSuspended{id, step, cases::Pause::expert_review, {10}, today}});
      case What::resume:
        return Emit(officer, "step.resume", {cases::StepResumed{id, step, today}});
      default:
        return Emit(officer, "step.approve", {cases::StepDecided{id, step, cases::Outcome::approved, false, today}});
    }
  }

  const std::size_t count_;
  SeededRandom random_{1006};
  Instant now_;
  const std::function<void(const WorldEntry&)>* use_ = nullptr;
  std::vector<std::uint32_t> number_;  // By plan: the case's number in the ledger.
  std::uint32_t applied_ = 0;
};

// Without room to grow, as the copy that stands beside the first one.
void Trim(app::State& state) {
  auto copy = std::make_unique<app::State>(state);
  state = std::move(*copy);
  copy.reset();
  ::malloc_trim(0);
}

class CaseColumns final : public ColumnWriter {
 public:
  void Raw(std::string_view name, std::string_view bytes) override {
    if (name.starts_with("case.")) bytes_ += bytes.size();
  }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_ = 0;
};

class Asker {
 public:
  Asker(Report& report, int calls) : report_(report), calls_(calls) {}
  // `share`: one in so many of the calls, for what takes long.
  template <class Ask>
  void Time(std::string_view what, Ask&& ask, int share = 1) {
    ask();
    std::vector<double> wall, cpu;
    for (int i = 0; i < std::max(1, calls_ / share); ++i) {
      const Times times = Measure(ask);
      wall.push_back(times.wall * 1e3);
      cpu.push_back(times.cpu * 1e3);
    }
    report_.Figure(fmt::format("{}.p50", what), Quantile(wall, 0.5), "ms");
    report_.Figure(fmt::format("{}.p99", what), Quantile(wall, 0.99), "ms");
    report_.Figure(fmt::format("{}.cpu_p99", what), Quantile(cpu, 0.99), "ms");
  }

 private:
  Report& report_;
  const int calls_;
};

app::LightCounts WalkAll(const app::Frame& frame) {
  app::LightCounts lights;
  const app::OwedSteps owed(frame);
  for (std::uint32_t i = 0; i < frame.state.cases.cases.size(); ++i)
    for (const app::OwedStep& step : owed.Of(i)) {
      const std::int32_t late = DayNumber(frame.as_of) - step.due;
      ++(late > app::kAmberDays ? lights.red : late > 0 ? lights.amber : lights.green);
    }
  return lights;
}

void Ask(const app::State& state, std::uint64_t seq, const Options& options, Report& report) {
  const app::Frame frame{state, DayOf(kDays), seq, {}, seq, {}};
  Asker asker(report, options.quick ? 5 : 100);
  app::ObligationFilter steps;
  steps.kind = "step";
  const app::LightCounts walked = WalkAll(frame);
  const app::ObligationList list = app::QueryObligations(frame, steps).value();
  LF_CHECK(ToJson(list.lights) == ToJson(walked) && walked.red > 0 && walked.amber > 0 && walked.green > 0);
  for (std::size_t i = 1; i < list.rows.size(); ++i) LF_CHECK(list.rows[i - 1].due_on <= list.rows[i].due_on);
  report.Figure("owed_steps", static_cast<double>(list.total), "steps");
  report.Figure("groups", static_cast<double>(state.cases.owed.groups().size()), "groups");

  asker.Time("owed_steps_of_all", [&] { LF_CHECK(app::QueryObligations(frame, steps).value().total == list.total); });
  asker.Time("obligations_of_all", [&] { LF_CHECK(app::QueryObligations(frame, {}).value().total > list.total); });
  app::ObligationFilter by_light;
  by_light.by_light = true;
  asker.Time("obligations_by_light", [&] { LF_CHECK(app::QueryObligations(frame, by_light).value().total > 0); });
  app::Frame own{state, DayOf(kDays), seq, {}, seq, {}};
  own.visible.everything = false;
  own.visible.units = {kOfficersUnit};
  LF_CHECK(app::QueryObligations(own, steps).value().total > list.total / 100);
  asker.Time("obligations_of_a_unit", [&] { LF_CHECK(app::QueryObligations(own, {}).value().total > 0); });
  app::ObligationFilter of_project;
  of_project.project = ProjectId{1};
  LF_CHECK(app::QueryObligations(frame, of_project).value().total > 0);
  asker.Time("obligations_of_a_project", [&] { LF_CHECK(app::QueryObligations(frame, of_project).value().total > 0); });
  asker.Time("inbox", [&] { (void)app::QueryInbox(frame, kOfficer); });
  app::CaseFilter open;
  open.open = true;
  const auto all = static_cast<std::int64_t>(state.cases.cases.size());
  asker.Time(
      "cases_of_all", [&] { LF_CHECK(app::QueryCases(frame, open).value().total == all); }, 20);
  asker.Time(
      "cases_of_a_unit", [&] { LF_CHECK(app::QueryCases(own, open).value().total > 0); }, 20);
}

void Run(const Options& options) {
  Report report("case_state");
  const std::size_t count = options.quick ? 20'000 : 1'000'000;
  TempFolder folder;
  const app::LedgerFiles files{folder.path()};
  std::string hash;
  {
    ::malloc_trim(0);
    app::Replica direct;
    DirectFold fold{direct};
    World({.projects = kProjects, .obligations = 1, .reached_min = 1, .reached_max = 1}).Generate(std::ref(fold));
    Trim(direct.state);
    const double before = RssMb();
    const std::uint64_t events_before = fold.events;
    const Times build = Measure([&] { CaseWorld(count).Generate(std::ref(fold)); });
    report.Figure("build", static_cast<double>(fold.events - events_before) / build.cpu, "events/s");
    report.Figure("events", static_cast<double>(fold.events - events_before), "events");
    Trim(direct.state);
    LF_CHECK(direct.state.cases.cases.size() == count);
    for (const cases::Case& c : direct.state.cases.cases) LF_CHECK(c.closed == cases::kNoDay);
    report.Figure("resident_per_case", (RssMb() - before) * 1e6 / static_cast<double>(count), "B");
    CaseColumns columns;
    direct.state.Columns(columns);
    report.Figure("columns_per_case", static_cast<double>(columns.bytes()) / static_cast<double>(count), "B");
    hash = app::HashOf(direct.state);
    Ask(direct.state, direct.seq, options, report);
  }

  auto store = app::OpenStore(files, {.vfs = {}, .create = true}).value();
  const auto signer =
      ledger::SignerKey::Generate("landfall/999999", ledger::SignatureType::kEd25519, SystemRandom()).value();
  LF_CHECK(store->PutMeta("vkey", signer.verifier().Encode()).ok());
  std::ofstream(files.key()) << signer.Encode() << "\n";
  auto log = ledger::Log::Open(std::move(store), SystemRandom()).value();
  SeededRandom random(3);
  const auto write = [&](const WorldEntry& entry) {
    LF_CHECK(log->Add(DraftOf(entry, random)).ok());
    if (log->pending() == 1000) LF_CHECK(log->Flush().ok());
  };
  World({.projects = kProjects, .obligations = 1, .reached_min = 1, .reached_max = 1}).Generate(write);
  CaseWorld(count).Generate(write);
  LF_CHECK(log->Flush().ok());
  {
    app::Replica replica;
    LF_CHECK(app::Fold(*log, replica).ok() && app::HashOf(replica.state) == hash);
    LF_CHECK(app::WriteSnapshot(files.snapshots(),
                                {replica.state, replica.keys, replica.history, replica.seq, replica.last_at}, *log)
                 .ok());
  }
  std::vector<double> start;
  for (int i = 0; i < (options.quick ? 1 : 5); ++i) {
    std::unique_ptr<app::Engine> engine;
    start.push_back(Measure([&] { engine = app::Engine::Open(files, {.vfs = {}, .read_only = true}).value(); }).wall);
    LF_CHECK(engine->Read().seq() == log->size() && app::HashOf(engine->Read().state()) == hash);
  }
  const auto bytes = static_cast<double>(std::filesystem::file_size(app::ListSnapshots(files.snapshots()).at(0).path));
  report.Figure("snapshot_size", bytes / 1e6, "MB");
  report.Figure("start_from_snapshot", Median(start), "s");
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
