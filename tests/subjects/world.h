// SPDX-License-Identifier: Apache-2.0
// A ledger in memory: decides, applies and records, without a disk. For tests that need thousands of commands.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "app/catalog.h"
#include "app/queries.h"
#include "app/state.h"
#include "base/seam.h"

namespace landfall::test {

// One event as a ledger stores it.
struct StoredEvent {
  Origin origin;
  EventInfo info;
  std::string on, payload;
};

class World {
 public:
  app::State state;
  Day today = MakeDay(2026, 6, 15);
  std::uint64_t seq = 0;
  std::vector<StoredEvent> log;
  std::uint64_t accepted = 0, refused = 0;

  // Decides and applies under the next seq, or under `as_seq`. Refusals change nothing.
  Status Run(Actor by, const app::AnyCommand& command, std::uint64_t as_seq = 0) {
    const Instant at = Instant(today) + std::chrono::hours(1);
    auto events = app::Decide(state, {at, today, by}, command);
    if (!events) {
      ++refused;
      return std::move(events).error();
    }
    ++accepted;
    ++seq;
    Origin origin{as_seq != 0 ? as_seq : seq, 0, at, by, false};
    for (const app::AnyEvent& event : *events) {
      const ledger::EventDraft draft = app::DraftOf(event);
      log.push_back({origin, draft.info, draft.on, draft.payload});
      app::ApplyEvent(state, origin, event);
      if (const auto* erased = std::get_if<admin::PayloadErased>(&event)) Erase(*erased);
      ++origin.event;
    }
    return Ok{};
  }

  // The state folded from the stored bytes, all of them or those that `keep` lets through.
  template <class Keep>
  app::State Replay(Keep&& keep) const {
    app::State folded;
    for (const StoredEvent& event : log) {
      if (!keep(event)) continue;
      const app::EventType* type = app::FindEventType(event.info.type, event.info.version);
      LF_CHECK(type != nullptr && type->apply(folded, event.origin, event.on, event.payload));
    }
    return folded;
  }
  app::State Replay() const {
    return Replay([](const StoredEvent&) { return true; });
  }

  app::Frame At(Day as_of) const { return FrameOf(state, as_of); }
  static app::Frame FrameOf(const app::State& state, Day as_of) { return {state, as_of, 0, {}, 0, {}}; }

 private:
  void Erase(const admin::PayloadErased& e) {
    for (StoredEvent& event : log)
      if (event.origin.seq == static_cast<std::uint64_t>(e.seq.value) &&
          event.origin.event == static_cast<std::uint32_t>(e.event.value)) {
        event.origin.erased = true;
        event.payload.clear();
      }
  }
};

// A ledger of one county with both built-in ladders (without guards) and their figures, and one unit o1 above all
// others.
inline World County() {
  World world;
  const auto must = [&](const app::AnyCommand& command) {
    const Status done = world.Run(Actor::Local(), command);
    LF_CHECK(done.ok());
  };
  must(admin::CreateLedger{{"430212"}, {"渌口区"}, {"CNY"}, {480}, {"founder"}});
  for (app::AnyCommand definition : app::BuiltInDefinitions({}).value()) {
    // Random steps climb freely; what the guards of a ladder ask for is shown by scenarios.
    if (auto* ladder = std::get_if<project::DefineLadder>(&definition)) ladder->guards.reset();
    must(definition);
  }
  must(people::CreateUnit{{"county"}, {"区政府"}, std::nullopt});
  return world;
}

// Sends random commands, most of them possible, at a world that County() made.
class RandomCommands {
 public:
  RandomCommands(World& world, std::uint64_t seed) : world_(world), random_(seed) {}
  void Send();
  std::uint64_t Below(std::uint64_t n) { return n == 0 ? 0 : random_.Next() % n; }
  Day AnyDay() { return MakeDay(2025, 1, 1) + std::chrono::days(Below(700)); }

 private:
  app::AnyCommand Make();
  app::AnyCommand MakeMasterData();
  app::AnyCommand MakeMechanismStep();
  app::AnyCommand MakeProjectStep();
  app::AnyCommand MakeObligationStep();
  app::AnyCommand MakeReportStep();
  template <class T>
  T Pick(std::size_t known) {  // Now and then one that is not there.
    return T{static_cast<std::uint32_t>(1 + Below(known + (Below(30) == 0)))};
  }
  std::string Name() { return "名" + std::to_string(random_.Next() % 1000); }
  ProjectId Project() { return Pick<ProjectId>(world_.state.project.size()); }
  UnitId Unit() { return Pick<UnitId>(world_.state.people.unit_parent.size()); }
  Money Amount() { return Money::FromMinor(static_cast<std::int64_t>(Below(60'000'000'000))); }
  std::optional<List<Digest, 20>> Evidence() {
    if (Below(2) == 0) return std::nullopt;
    return List<Digest, 20>{{Sha256("evidence")}};
  }
  World& world_;
  SeededRandom random_;
};

}  // namespace landfall::test
