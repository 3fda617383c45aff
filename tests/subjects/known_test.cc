// SPDX-License-Identifier: Apache-2.0
// What versions say of any record of the past is what a replay up to that record says. The seed printed on failure
// repeats the run.
#include <gtest/gtest.h>

#include "app/query_known.h"
#include "tests/subjects/world.h"

namespace landfall::test {
namespace {

constexpr std::uint64_t kSeeds[] = {1, 20180619, 430212};
constexpr int kCommands = 4'000;
constexpr int kQuestions = 400;  // For each seed.

class KnownAt : public testing::TestWithParam<std::uint64_t> {
 protected:
  KnownAt() : commands_(world_, GetParam()) {
    for (int i = 0; i < kCommands; ++i) commands_.Send();
  }

  std::uint64_t Below(std::uint64_t n) { return commands_.Below(n); }
  app::Frame FrameOf(const app::State& state, std::uint64_t known, Day as_of) {
    return {state, as_of, known, Instant(world_.today), world_.seq, visible_};
  }
  template <class Tag>
  std::optional<Id<Tag>> Maybe(std::size_t known) {
    if (known == 0 || Below(3) != 0) return std::nullopt;
    return Id<Tag>{static_cast<std::uint32_t>(1 + Below(known))};
  }
  // Asks at every few records of the past; `ask` is given the replayed state and its record.
  template <class Ask>
  void AtRecords(Ask&& ask) {
    app::State past;
    std::size_t at = 0;
    for (int i = 1; i <= kQuestions; ++i) {
      const std::uint64_t known = world_.seq * static_cast<std::uint64_t>(i) / kQuestions;
      for (; at < world_.log.size() && world_.log[at].origin.seq <= known; ++at) {
        const StoredEvent& event = world_.log[at];
        const app::EventType* type = app::FindEventType(event.info.type, event.info.version);
        ASSERT_TRUE(type->apply(past, event.origin, event.on, event.payload));
      }
      if (past.admin.created) ask(static_cast<const app::State&>(past), known);
    }
    ASSERT_EQ(at, world_.log.size());
  }

  World world_ = County();
  RandomCommands commands_;
  app::Visible visible_;
};

template <class T>
std::string Spelled(const Result<T>& result) {
  return result.ok() ? ToJson(*result) : result.error().code;
}

TEST_P(KnownAt, DeclaredFiguresAreThoseOfAReplay) {
  int answered = 0, replayed = 0;
  AtRecords([&](const app::State& past, std::uint64_t known) {
    visible_ = {};
    if (Below(4) == 0) visible_ = {false, {UnitId{1}}, {ProjectId{1}, ProjectId{4}}};
    const Day as_of = Below(2) == 0 ? world_.today : commands_.AnyDay();
    const std::size_t unit_count = past.people.unit_parent.size(), region_count = past.place.from.size();
    app::FigureFilter filter{Below(2) == 0 ? std::nullopt : std::optional(commands_.AnyDay()),
                             Below(2) == 0 ? std::nullopt : std::optional(commands_.AnyDay()),
                             Maybe<UnitTag>(unit_count),
                             Maybe<RegionTag>(region_count),
                             1 + Below(20),
                             {},
                             Below(2) == 0};
    const app::Frame newest = FrameOf(world_.state, known, as_of), replay = FrameOf(past, known, as_of);
    if (const auto list = app::KnownFigures(newest, filter)) {
      ASSERT_EQ(Spelled(*list), Spelled(app::QueryFigures(replay, filter))) << "seed " << GetParam() << " at " << known;
    }
    for (const figure::Definition& definition : world_.state.figure.definitions) {
      const std::string& id = definition.event.on.key;
      const auto value = app::KnownFigure(newest, id, filter);
      if (!value) {
        ++replayed;
        continue;
      }
      ++answered;
      ASSERT_EQ(Spelled(*value), Spelled(app::QueryFigure(replay, id, filter)))
          << "seed " << GetParam() << " at " << known << " " << id;
    }
  });
  EXPECT_GT(answered, 1'000);
  EXPECT_GT(replayed, 0);  // Renamed and redefined things are met, too.
}

// By the columns of reports alone, without an index of versions.
Money CompletedIn(const project::State& s, Period from, Period to) {
  std::int64_t sum = 0;
  for (const project::Report& r : s.reports.rows)
    if (s.Counts(r.project - 1) && from.months <= r.period && r.period <= to.months) sum += r.month;
  return Money::FromMinor(sum);
}

TEST_P(KnownAt, CompletedInvestmentIsThatOfAReplay) {
  const Period newest_period = Period::Of(world_.today);
  int answered = 0, changed = 0;
  AtRecords([&](const app::State& past, std::uint64_t known) {
    const Period period = newest_period.Plus(-static_cast<std::int32_t>(Below(18)));
    app::CompletedFilter filter{period,
                                Maybe<UnitTag>(past.people.unit_parent.size()),
                                Maybe<RegionTag>(past.place.from.size()),
                                Below(2) == 0,
                                std::nullopt,
                                10,
                                {}};
    const app::Frame newest = FrameOf(world_.state, known, world_.today);
    const app::Frame replay = FrameOf(past, known, world_.today);
    const auto whole = app::QueryCompleted(replay, {period, {}, {}, false, {}, 10, {}});
    const Period january{period.months - period.months % 12};
    ASSERT_TRUE(whole && whole->ok());
    EXPECT_EQ((*whole)->month_minor, CompletedIn(past.project, period, period)) << "seed " << GetParam();
    EXPECT_EQ((*whole)->year_minor, CompletedIn(past.project, january, period)) << "seed " << GetParam();
    if (known > 100 && Below(2) == 0) filter.since = 1 + Below(known);
    const auto value = app::QueryCompleted(newest, filter);
    if (!value) return;
    ++answered;
    changed += value->ok() && !(*value)->changes.empty();
    ASSERT_EQ(Spelled(*value), Spelled(*app::QueryCompleted(replay, filter)))
        << "seed " << GetParam() << " at " << known;
  });
  EXPECT_GT(answered, kQuestions / 4);
  EXPECT_GT(changed, 0);
}

TEST_P(KnownAt, WhatChangedBetweenTwoRecordsAddsUp) {
  const ledger::VersionIndex& facts = world_.state.project.known.facts();
  const auto sum_at = [&](std::uint64_t known) {
    std::int64_t sum = 0;
    facts.StandingAt(static_cast<std::uint32_t>(known), project::kCompletedMeasure, DayNumber(MakeDay(2020, 1, 1)),
                     DayNumber(MakeDay(2030, 1, 1)), [&](const ledger::Version& v) { sum += v.amount; });
    return sum;
  };
  for (int i = 0; i < 200; ++i) {
    std::uint64_t earlier = Below(world_.seq + 1), later = Below(world_.seq + 1);
    if (earlier > later) std::swap(earlier, later);
    std::int64_t sum = sum_at(earlier);
    facts.Differences(static_cast<std::uint32_t>(earlier), static_cast<std::uint32_t>(later),
                      project::kCompletedMeasure, Period{600}, Period{720}, [&](const ledger::Version& v, bool counts) {
                        EXPECT_NE(v.StoodAt(static_cast<std::uint32_t>(earlier)),
                                  v.StoodAt(static_cast<std::uint32_t>(later)));
                        sum += counts ? v.amount : -v.amount;
                      });
    ASSERT_EQ(sum, sum_at(later)) << "seed " << GetParam() << " " << earlier << " " << later;
  }
}

TEST_P(KnownAt, AProjectsVersionsAreThoseOfAReplay) {
  AtRecords([&](const app::State& past, std::uint64_t known) {
    if (past.project.size() == 0) return;
    const app::Frame newest = FrameOf(world_.state, known, world_.today);
    if (!app::HeadHolds(newest)) return;
    const ProjectId project = ProjectId::FromIndex(static_cast<std::uint32_t>(Below(past.project.size())));
    ASSERT_EQ(ToJson(app::QueryVersions(newest, project)),
              ToJson(app::QueryVersions(FrameOf(past, known, world_.today), project)))
        << "seed " << GetParam() << " at " << known;
  });
}

INSTANTIATE_TEST_SUITE_P(Seeds, KnownAt, testing::ValuesIn(kSeeds));

}  // namespace
}  // namespace landfall::test
