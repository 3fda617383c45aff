// SPDX-License-Identifier: Apache-2.0
// A made-up county for the benches: the same one for the same options, event by event.
//
// Each project is registered by one imported row (15 events: registered, investment, 12 planned milestones, name), then
// lives on: two to twelve milestones reached, three receipts, up to five obligations of which four are accepted, three
// reported and two written off. 25 entries and 44 events a project, 1.76 events an entry. At any moment some ten
// thousand projects are alive and the next entry is of any of them, so that a replay does not find its rows in the
// cache. The history takes three years, however large it is. Every title is invented.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "app/catalog.h"
#include "app/engine.h"
#include "app/state.h"
#include "base/seam.h"
#include "ledger/log.h"

namespace landfall::bench {

struct WorldOptions {
  std::size_t projects = 1000;
  int obligations = 5;  // Each, 0 … 5.
  int reached_min = 2;  // Milestones reached by each project, up to reached_max.
  int reached_max = 12;
  std::size_t alive = 10'000;
  bool evidence = true;  // Milestones name documents, which are nowhere: such a ledger does not verify.
};

// One entry to be; the events live during the call.
struct WorldEntry {
  Instant at;
  Actor by;
  std::string_view command;
  const std::vector<app::AnyEvent>& events;
};

class World {
 public:
  static constexpr std::uint32_t kUnits = 100, kRegions = 24;
  static constexpr int kRungs = 12;
  static constexpr Day kToday = MakeDay(2026, 6, 1);
  static constexpr std::chrono::microseconds kSpan = std::chrono::days(3 * 365);
  static constexpr AccountId kOfficer{1}, kLeader{2};

  explicit World(const WorldOptions& options)
      : options_(options),
        random_(20261121),
        step_(kSpan / static_cast<std::int64_t>(25 * options.projects + 1000)),
        now_(Instant(kToday) - kSpan) {}

  // The whole history, in order. Entry 1 is the ledger's creation.
  void Generate(const std::function<void(const WorldEntry&)>& use) {
    use_ = &use;
    Found();
    std::vector<Life> alive;
    std::size_t begun = 0;
    while (begun < options_.projects && alive.size() < options_.alive) alive.push_back(Begin(begun++));
    while (!alive.empty()) {
      const std::size_t at = random_.Next() % alive.size();
      if (Step(alive[at])) continue;
      if (begun < options_.projects) {
        alive[at] = Begin(begun++);
      } else {
        alive[at] = std::move(alive.back());
        alive.pop_back();
      }
    }
  }

 private:
  struct Life {
    ProjectId id;
    Day start;
    Day last_reached;
    int reached = 0, reach = 0, funds = 3, obligation_steps = 0, obligation_step = 0;
    std::array<std::uint32_t, 5> obligations{};
  };

  std::int64_t Below(std::int64_t n) {
    return static_cast<std::int64_t>(random_.Next() % static_cast<std::uint64_t>(n));
  }

  void Emit(Actor by, std::string_view command, std::vector<app::AnyEvent> events) {
    now_ += step_;
    (*use_)({now_, by, command, events});
  }

  void Found() {
    Emit(Actor::Local(), "ledger.create",
         {admin::LedgerCreated{{}, {1}, {"999999"}, {"CNY"}, {480}, {"sha256"}},
          admin::JurisdictionNamed{{}, {"示例县"}}});
    app::State state;
    const auto definitions = app::BuiltInDefinitions({"industrial"}).value();
    for (app::AnyCommand command : definitions) {
      // Without the papers that rungs ask for: a milestone is one command here.
      if (auto* ladder = std::get_if<project::DefineLadder>(&command)) ladder->guards.reset();
      auto events = app::Decide(state, {now_, kToday, Actor::Local()}, command).value();
      for (const app::AnyEvent& event : events) app::ApplyEvent(state, {}, event);
      Emit(Actor::Local(), app::InfoOf(command).name, std::move(events));
    }
    ladder_ = state.project.ladders.at(0);
    LF_CHECK(ladder_.rungs.size() == kRungs);
    for (std::uint32_t u = 1; u <= kUnits; ++u)
      Emit(Actor::Local(), "unit.create",
           {people::UnitCreated{
                {u}, {fmt::format("unit{}", u)}, u <= 10 ? std::nullopt : std::optional(UnitId{1 + u % 10})},
            people::UnitNamed{{u}, {fmt::format("第{}科", u)}}});
    for (std::uint32_t r = 1; r <= kRegions; ++r)
      Emit(Actor::Local(), "region.add",
           {place::RegionAdded{{r}, {fmt::format("99999900{:02}", r)}, std::nullopt, MakeDay(2018, 1, 1)},
            place::RegionNamed{{r}, {fmt::format("示例镇{}", r)}}});
    for (const auto& [id, role] :
         {std::pair(kOfficer, admin::Role::project_office), std::pair(kLeader, admin::Role::leader)})
      Emit(Actor::Local(), "account.create",
           {admin::AccountCreated{id, {fmt::format("login{}", id.raw)}, UnitId{id.raw}},
            admin::AccountDescribed{id, {"经办"}}, admin::RoleGranted{id, role}});
  }

  Life Begin(std::size_t index) {
    Life life;
    life.id = ProjectId::FromIndex(index);
    life.start = MakeDay(2019, 1, 1) + std::chrono::days(Below(2300));
    life.last_reached = life.start;
    life.reach = options_.reached_min + static_cast<int>(Below(options_.reached_max - options_.reached_min + 1));
    static constexpr std::array kSteps{0, 4, 8, 11, 13, 14};  // Of Oblige, by obligations.
    life.obligation_steps = kSteps[static_cast<std::size_t>(options_.obligations)];
    static constexpr std::array kWhat{"精密轴承",     "动力电池",   "硬质合金刀具",
                                      "轨道交通配件", "预制菜加工", "仓储物流园"};
    static constexpr std::array kKind{"生产线", "扩能改造", "研发中心", "二期", "标准厂房"};
    std::vector<app::AnyEvent> events;
    events.reserve(3 + kRungs);
    events.push_back(project::ProjectRegistered{life.id,
                                                {ladder_.key},
                                                Code<60>{fmt::format("Q{:07}", index + 1)},
                                                UnitId{1 + static_cast<std::uint32_t>(Below(kUnits))},
                                                RegionId{1 + static_cast<std::uint32_t>(Below(kRegions))},
                                                std::nullopt});
    // A tenth of them 1亿 and more; one in fifty says nothing.
    if (Below(50) != 0)
      events.push_back(project::InvestmentSet{
          life.id, Money::FromMinor((Below(10) == 0 ? 10'000'000'000 : 100'000'000) + Below(900) * 10'000'000),
          project::EvidenceLevel::stated});
    for (int r = 0; r < kRungs; ++r)
      events.push_back(
          project::MilestonePlanned{life.id, ladder_.rungs[static_cast<std::size_t>(r)].key, PlannedOn(life, r)});
    events.push_back(
        project::ProjectNamed{life.id,
                              {fmt::format("{}{}项目{}", kWhat[static_cast<std::size_t>(Below(kWhat.size()))],
                                           kKind[static_cast<std::size_t>(Below(kKind.size()))], index + 1)}});
    Emit(Actor::Account(kOfficer), "project.record_row", std::move(events));
    return life;
  }
  static Day PlannedOn(const Life& life, int rung) { return life.start + std::chrono::days(60 * (rung + 1)); }

  // The next thing that happens to a project; false when its story is told.
  bool Step(Life& life) {
    const int left = life.reach - life.reached + life.funds + life.obligation_steps - life.obligation_step;
    if (left == 0) return false;
    const int pick = static_cast<int>(Below(left));
    if (pick < life.reach - life.reached)
      Reach(life);
    else if (pick < life.reach - life.reached + life.funds)
      Receive(life);
    else
      Oblige(life);
    return true;
  }

  void Reach(Life& life) {
    const int rung = life.reached++;
    // Ten days early to forty late, but in order, and never after today.
    life.last_reached =
        std::min(kToday, std::max(life.last_reached, PlannedOn(life, rung) + std::chrono::days(Below(50) - 10)));
    Digest evidence{};
    random_.Fill(evidence);
    Emit(Actor::Account(kOfficer), "project.reach_milestone",
         {project::MilestoneReached{life.id, ladder_.rungs[static_cast<std::size_t>(rung)].key, life.last_reached,
                                    project::EvidenceLevel::document,
                                    options_.evidence ? List<Digest, 20>{{evidence}} : List<Digest, 20>{}}});
  }

  void Receive(Life& life) {
    --life.funds;
    Emit(Actor::Account(kOfficer), "project.receive_funds",
         {project::FundsReceived{life.id,
                                 static_cast<project::FundsKind>(Below(4)),
                                 Money::FromMinor(1'000'000 + Below(1000) * 100'000),
                                 std::min(kToday, life.start + std::chrono::days(Below(700))),
                                 project::EvidenceLevel::stated,
                                 {}}});
  }

  void Oblige(Life& life) {
    enum : std::uint8_t { kAssign, kAccept, kReport, kWriteOff };
    struct StepOf {
      std::uint8_t obligation, what;
    };
    static constexpr std::array<StepOf, 14> kPlan{{{0, kAssign},
                                                   {0, kAccept},
                                                   {0, kReport},
                                                   {0, kWriteOff},
                                                   {1, kAssign},
                                                   {1, kAccept},
                                                   {1, kReport},
                                                   {1, kWriteOff},
                                                   {2, kAssign},
                                                   {2, kAccept},
                                                   {2, kReport},
                                                   {3, kAssign},
                                                   {3, kAccept},
                                                   {4, kAssign}}};
    const StepOf step = kPlan[static_cast<std::size_t>(life.obligation_step++)];
    std::uint32_t& raw = life.obligations[step.obligation];
    const Day given = kToday - std::chrono::days(200 - life.obligation_step * 10);
    switch (step.what) {
      case kAssign:
        raw = ++obligations_;
        Emit(Actor::Account(kLeader), "obligation.assign",
             {obligation::Assigned{{raw},
                                   obligation::Kind::task,
                                   life.id,
                                   UnitId{1 + static_cast<std::uint32_t>(Below(kUnits))},
                                   given,
                                   given + std::chrono::days(20 + Below(200))},
              obligation::Worded{{raw}, {fmt::format("协调解决用电增容，{}号线路", raw % 97)}}});
        break;
      case kAccept:
        Emit(Actor::Account(kOfficer), "obligation.accept", {obligation::Accepted{{raw}}});
        break;
      case kReport:
        Emit(Actor::Account(kOfficer), "obligation.report_done",
             {obligation::ReportedDone{{raw}, given + std::chrono::days(Below(60)), {}}});
        break;
      default:
        Emit(Actor::Account(kLeader), "obligation.write_off", {obligation::WrittenOff{{raw}}});
    }
  }

  WorldOptions options_;
  SeededRandom random_;
  std::chrono::microseconds step_;
  Instant now_;
  const std::function<void(const WorldEntry&)>* use_ = nullptr;
  project::Ladder ladder_;
  std::uint32_t obligations_ = 0;
};

// An entry as the engine would store it.
inline ledger::EntryDraft DraftOf(const WorldEntry& entry, Random& random) {
  FixedClock clock(entry.at);
  ledger::EntryDraft draft{
      entry.at, entry.by.ToString(), app::NewKey(clock, random), {}, std::string(entry.command), {}, {}};
  draft.events.reserve(entry.events.size());
  for (const app::AnyEvent& event : entry.events) draft.events.push_back(app::DraftOf(event));
  draft.command = draft.cmd + draft.events.front().payload;
  return draft;
}

// Applies a world's entries as they come, as the engine does; the seqs are those of a log that is given the same
// entries.
struct DirectFold {
  app::Replica& replica;
  bool history = false;

  void operator()(const WorldEntry& entry) {
    Origin origin{++replica.seq, 0, entry.at, entry.by, false};
    for (const app::AnyEvent& event : entry.events) {
      app::ApplyEvent(replica.state, origin, event);
      if (history) replica.history.Add(app::DraftSubject(event), origin.seq);
      ++origin.event;
      ++events;
    }
    replica.last_at = entry.at;
  }
  std::uint64_t events = 0;
};

}  // namespace landfall::bench
