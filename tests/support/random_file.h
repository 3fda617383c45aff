// SPDX-License-Identifier: Apache-2.0
// Random steps on a project's file: agreement, papers, baseline, blocks, readings of funds, duplicates.
#pragma once

#include "app/state.h"
#include "base/seam.h"

namespace landfall::app::test {

// One step on `id`, mostly possible where the state lets it be. `unit`: who has to solve a block.
inline AnyCommand RandomFileStep(SeededRandom& random, const State& state, ProjectId id, UnitId unit, Day today) {
  const project::State& s = state.project;
  const project::FileState& f = s.files;
  const auto below = [&](std::uint64_t n) { return n == 0 ? 0 : random.Next() % n; };
  const auto past = [&] { return today - std::chrono::days(below(400)); };
  const auto money = [&] { return Money::FromMinor(static_cast<std::int64_t>(1 + below(900'000'000))); };
  const auto seq = [](std::uint64_t n) { return Int<1, INT64_MAX>{static_cast<std::int64_t>(n == 0 ? 1 : n)}; };
  const List<Digest, 20> paper{{Sha256("paper " + std::to_string(below(3)))}};
  const Text<500> why{"示例原因"};
  const bool known = s.Knows(id);
  const std::size_t p = known ? id.index() : 0;
  // A project for which something can be taken back or decided, if there is one: among many, chance alone finds none.
  const auto where = [&](auto has) {
    const std::size_t n = s.size(), from = below(n);
    for (std::size_t i = 0; i < n; ++i)
      if (const std::size_t q = (from + i) % n; has(q)) return ProjectId::FromIndex(q);
    return id;
  };
  const auto agreed = [&](std::size_t q) { return f.AgreementOf(q) != nullptr; };
  // Its plan is no longer its baseline.
  const auto moved = [&](std::size_t q) {
    const project::Baseline* baseline = f.BaselineOf(q);
    if (baseline == nullptr || f.AskedOf(q) != nullptr) return false;
    for (std::size_t r = 0; r < s.ladders[s.ladder[q]].rungs.size(); ++r)
      if (s.planned[s.first_slot[q] + r] != f.baseline_days[baseline->first_day + r]) return true;
    return false;
  };
  const std::vector<project::Rung>* rungs = known ? &s.ladders[s.ladder[p]].rungs : nullptr;
  const Key<40> milestone = rungs != nullptr ? (*rungs)[below(rungs->size())].key : Key<40>{"signed"};
  const ProjectId other{static_cast<std::uint32_t>(1 + below(s.size() + 1))};
  const Code<40> abroad{"F" + std::to_string(below(4))};  // Few, so that projects meet the same counterpart.
  switch (below(44)) {
    case 41:
    case 42:
    case 43: {
      const ProjectId told = where([&](std::size_t q) { return f.heads[q].result != 0; });
      const std::uint32_t head = s.Knows(told) ? f.heads[told.index()].result : 0;
      const auto newest = seq(head == 0 ? 0 : f.results[head - 1].seq);
      if (below(5) == 0) return project::WithdrawResults{told, newest, why};
      const Period last = Period::Of(past());
      project::RecordResults c{};
      c.project = below(4) == 0 ? told : id;
      c.first_period = last.Plus(-static_cast<std::int32_t>(below(3)));
      c.last_period = last;
      if (below(2) == 0) c.output_minor = money();
      if (below(2) == 0) c.tax_minor = money();
      if (below(2) == 0) c.jobs = project::Jobs{static_cast<std::int64_t>(below(300))};
      if (below(2) == 0) c.land_mu_hundredths = project::MuHundredths{static_cast<std::int64_t>(below(30'000))};
      if (below(2) == 0) c.evidence = paper;
      if (below(4) != 0) return c;
      return project::CorrectResults{told,        newest, c.first_period,       c.last_period, c.output_minor,
                                     c.tax_minor, c.jobs, c.land_mu_hundredths, c.evidence,    why};
    }
    case 0:
    case 1:
      return project::ConcludeAgreement{id, past(), project::CounterpartKind::foreign, {}, abroad, {"示例方"}, paper};
    case 2: {
      const ProjectId of = where(agreed);
      const project::Agreement* agreement = s.Knows(of) ? f.AgreementOf(of.index()) : nullptr;
      return project::WithdrawAgreement{of, seq(agreement != nullptr ? agreement->seq : 0), why};
    }
    case 3:
      if (below(2) == 0)
        return project::ChangeCounterpart{where(agreed), today, project::CounterpartKind::to_be_registered, {}, {},
                                          {"示例新方"},  why};
      return project::ChangeCounterpart{where(agreed), today, project::CounterpartKind::foreign, {}, abroad,
                                        {"示例新方"},  why};
    case 4:
    case 5:
    case 6: {
      project::MakeCommitments c{};
      c.project = where(agreed);
      c.effective_on = today;
      c.investment_minor = money();
      c.jobs = project::Jobs{static_cast<std::int64_t>(below(1'000))};
      c.reason = why;
      return c;
    }
    case 7:
    case 8:
    case 9:
      return project::RecordGround{id, static_cast<project::Ground>(below(24)), past(), std::nullopt, paper};
    case 10: {
      const ProjectId of = where([&](std::size_t q) {
        const std::uint32_t newest = f.heads[q].ground;
        return newest != 0 && f.grounds[newest - 1].withdrawn_by == 0;
      });
      const std::uint32_t head = s.Knows(of) ? f.heads[of.index()].ground : 0;
      return project::WithdrawGround{of, seq(head == 0 ? 0 : f.grounds[head - 1].seq), why};
    }
    case 11:
      return project::FreezeBaseline{id};
    case 12:
    case 30:
    case 31:
    case 33:
    case 34:
    case 35:
    case 36: {
      const ProjectId of = where(moved);
      if (s.Knows(of) && moved(of.index()) && below(2) == 0) return project::AskRebaseline{of, why};
      // None has moved yet: one that has a baseline is planned anew.
      const ProjectId frozen = where([&](std::size_t q) { return f.BaselineOf(q) != nullptr; });
      if (!s.Knows(frozen)) return project::AskRebaseline{id, why};
      const auto& its = s.ladders[s.ladder[frozen.index()]].rungs;
      return project::PlanMilestone{frozen, its[below(its.size())].key, today + std::chrono::days(1 + below(300))};
    }
    case 13:
    case 32:
    case 37:
    case 38:
    case 39: {
      const ProjectId of = where([&](std::size_t q) { return f.AskedOf(q) != nullptr; });
      if (below(2) == 0) return project::RejectRebaseline{of, why};
      return project::ApproveRebaseline{of, std::nullopt};
    }
    case 14:
    case 15: {
      const Day day = past();
      return project::RaiseBlock{
          id, static_cast<project::BlockKind>(below(6)), milestone, unit, day + std::chrono::days(30), day, why};
    }
    case 16:
    case 17: {
      const std::uint32_t head = known ? f.heads[p].block : 0;
      return project::SolveBlock{id, seq(head == 0 ? 0 : f.blocks[head - 1].seq), today, std::nullopt, std::nullopt};
    }
    case 18:
    case 19: {
      if (s.receipts.size() == 0) return project::FreezeBaseline{id};
      const project::Receipt r = s.ReceiptAt(below(s.receipts.size()));
      const Money read = Money::FromMinor(static_cast<std::int64_t>(below(static_cast<std::uint64_t>(r.minor) + 1)));
      if (below(2) == 0) return project::CountFunds{ProjectId{r.project}, seq(r.seq), read, std::nullopt};
      return project::VerifyFunds{ProjectId{r.project}, seq(r.seq), read, paper};
    }
    case 20:
      return project::LinkDuplicate{id, other, why};
    case 21:
    case 22:
      for (std::size_t q = below(s.size() + 1); q < s.size(); ++q)
        if (!s.Counts(q)) return project::UnlinkDuplicate{ProjectId::FromIndex(q), why};
      return project::TellApart{id, other, why};
    case 23:
    case 24:
      return project::JoinBatch{id, static_cast<project::Batch>(below(project::kBatches)), past()};
    case 25: {
      const ProjectId of = where([&](std::size_t q) {
        const std::uint32_t newest = f.heads[q].batch;
        return newest != 0 && f.members[newest - 1].until == project::kNever;
      });
      const std::uint32_t head = s.Knows(of) ? f.heads[of.index()].batch : 0;
      const auto batch = static_cast<project::Batch>(head == 0 ? 0 : f.members[head - 1].batch);
      return project::LeaveBatch{of, batch, today};
    }
    case 26:
      return project::SetBatchTarget{static_cast<project::Batch>(below(project::kBatches)),
                                     Period::Of(past()),
                                     Period::Of(today),
                                     {static_cast<std::int64_t>(below(9))}};
    case 27: {
      const auto part = static_cast<std::int64_t>(1 + below(9'999));
      if (unit.raw == 1) return project::SetShares{id, {}};
      return project::SetShares{id, {{{unit, {part}}, {UnitId{1}, {10'000 - part}}}}};
    }
    case 28:
      return project::AdoptPlan{id, today, {"示例思路"}, {{{{"示例任务"}, unit, today, milestone}}}};
    default: {
      List<project::Guard, project::kGuardsMax> guards;
      const int ladder = s.FindLadder("short");
      if (ladder < 0) return project::TellApart{id, other, why};
      if (below(2) == 0) guards.items.push_back({{"started"}, {{project::Ground::works_photo}}});
      return project::SetGuards{{"short"}, std::move(guards)};
    }
  }
}

}  // namespace landfall::app::test
