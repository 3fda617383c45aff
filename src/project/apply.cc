// SPDX-License-Identifier: Apache-2.0
#include "project/slots.h"
#include "project/state.h"

namespace landfall::project {
namespace {

// Runs `change` on one slot and brings everything that follows from it up to date.
template <class Change>
void ChangeSlot(State& state, ProjectId id, std::string_view milestone, Change&& change) {
  const std::size_t p = id.index();
  const int rung = state.ladders[state.ladder[p]].Find(milestone);
  LF_CHECK(rung >= 0);
  const std::size_t slot = state.first_slot[p] + static_cast<std::size_t>(rung);
  RungTallies& tallies = state.tallies[state.ladder[p]];
  const std::int32_t before = state.StatedDay(slot);
  change(slot);
  const RungDays days(state, p);
  const std::int32_t after = days.Stated(static_cast<std::size_t>(rung));
  const bool counts = state.Counts(p);
  if (before != after) {
    if (before != kNoDay && counts) tallies.stated[static_cast<std::size_t>(rung)].Add(before, -1);
    if (after != kNoDay && counts) tallies.stated[static_cast<std::size_t>(rung)].Add(after, +1);
    const std::uint16_t mask = Contradictions(state.ladders[state.ladder[p]], days);
    for (std::uint32_t changed = counts ? mask ^ state.contradicting[p] : 0u; changed != 0; changed &= changed - 1) {
      const int r = std::countr_zero(changed);
      tallies.contradicting[static_cast<std::size_t>(r)] += (mask >> r & 1) ? 1 : -1;
    }
    state.contradicting.Set(p, mask);
  }
  const State::Position now = days.At(kNever);
  state.stage[p] = static_cast<std::uint8_t>(now.stage);
  state.open_due.Set(p, now.open_due);
  std::int32_t newest = kNoDay;
  for (std::size_t r = 0; r < days.rungs; ++r) newest = std::max(newest, days.reached[r]);
  state.newest_day.Set(p, newest);
  state.newest_reached = std::max(state.newest_reached, newest);
}

// The day a rung was reached, or, without one, that it was not.
void ReachSlot(State& state, const Origin& origin, ProjectId id, std::string_view milestone, std::optional<Day> day,
               EvidenceLevel level) {
  ChangeSlot(state, id, milestone, [&](std::size_t slot) {
    const std::size_t p = id.index();
    const std::uint32_t measure = ReachedMeasure(state.ladder[p], slot - state.first_slot[p]);
    const std::uint32_t seq = SeqForColumn(origin.seq);
    if (state.reached[slot] != kNoDay) state.known.NotReached(seq, p, measure);
    state.reached.Set(slot, day ? DayNumber(*day) : kNoDay);
    state.level.Set(slot, static_cast<std::uint8_t>(level));
    if (day) state.known.Reached(seq, p, measure, DayNumber(*day), state.level[slot]);
  });
}

// Remembers what a part of a project was, before another value takes its place. Within the entry that registered the
// project nobody can have known it.
void KeepBefore(State& state, const Origin& origin, ProjectId id, Known::Part part, std::int64_t value) {
  const std::uint32_t seq = SeqForColumn(origin.seq);
  if (state.registered_seq[id.index()] != seq) state.known.Replaced(seq, id.index(), part, value);
}

void SetInvestmentOf(State& state, const Origin& origin, ProjectId id, Money amount, EvidenceLevel level) {
  std::int64_t& investment = state.investment[id.index()];
  if (state.Counts(id.index())) {
    if (investment == kNoMoney)
      --state.without_investment;
    else
      state.total_investment -= investment;
    state.total_investment += amount.minor();
  }
  KeepBefore(state, origin, id, Known::Part::investment, investment);
  investment = amount.minor();
  state.investment_seq.Set(id.index(), SeqForColumn(origin.seq));
  state.investment_level.Set(id.index(), static_cast<std::uint8_t>(level));
}

}  // namespace

void Apply(State& state, const Origin&, const LadderDefined& e) {
  state.ladder_rows.push_back(e.on.key);
  state.ladder_rows.push_back(ToJson(e.rungs));
  state.ladders.push_back({e.on.key, e.rungs.items, {}});
  state.tallies.push_back(EmptyTallies(state.ladders.back()));
}

void Apply(State& state, const Origin& origin, const ProjectRegistered& e) {
  const std::size_t p = state.size();
  const int ladder = state.FindLadder(e.ladder.value);
  LF_CHECK(ladder >= 0 && e.on.index() == p);
  const std::size_t rungs = state.ladders[static_cast<std::size_t>(ladder)].rungs.size();
  state.ladder.push_back(static_cast<std::uint8_t>(ladder));
  state.side.push_back(static_cast<std::uint8_t>(Side::kActive));
  state.unusual.push_back(0);
  state.stage.push_back(0);
  state.hold_reason.push_back(0);
  state.contradicting.push_back(0);
  state.owner.push_back(e.owner_unit ? e.owner_unit->raw : 0);
  state.region.push_back(e.region ? e.region->raw : 0);
  state.enterprise.push_back(e.enterprise ? e.enterprise->raw : 0);
  state.first_slot.push_back(static_cast<std::uint32_t>(state.planned.size()));
  state.open_due.push_back(kNever);
  state.newest_day.push_back(kNoDay);
  state.side_since.push_back(kNoDay);
  state.hold_until.push_back(kNoDay);
  state.investment.push_back(kNoMoney);
  state.funds.push_back(0);
  state.investment_seq.push_back(0);
  state.registered_seq.push_back(SeqForColumn(origin.seq));
  ++state.without_investment;
  state.investment_level.push_back(0);
  state.last_receipt.push_back(0);
  state.reports.last.push_back(0);
  state.files.heads.push_back({});
  state.files.counted_in.push_back(0);
  state.files.blocked_since.push_back(kNever);
  state.code.Resize(p + 1);
  state.title.Resize(p + 1);
  state.attributes.Resize(p + 1);
  for (std::size_t r = 0; r < rungs; ++r) {
    state.planned.push_back(kNoDay);
    state.reached.push_back(kNoDay);
    state.planned_by.push_back(0);
    state.level.push_back(0);
  }
  if (e.code) {
    state.code.Set(p, e.code->value);
    state.by_code.Insert(state.code, static_cast<std::uint32_t>(p));
  }
  ++state.tallies[static_cast<std::size_t>(ladder)].projects;
}

void Apply(State& state, const Origin& origin, const ProjectNamed& e) {
  state.title.Set(e.on.index(), origin.seq, origin.event, e.title.value);
}

void Apply(State& state, const Origin& origin, const AttributesStated& e) {
  state.attributes.Set(e.on.index(), origin.seq, origin.event, origin.erased ? std::string() : ToJson(e.attributes));
}

void Apply(State& state, const Origin& origin, const OwnerAssigned& e) {
  KeepBefore(state, origin, e.on, Known::Part::owner, state.owner[e.on.index()]);
  state.owner.Set(e.on.index(), e.owner_unit.raw);
}
void Apply(State& state, const Origin& origin, const RegionAssigned& e) {
  KeepBefore(state, origin, e.on, Known::Part::region, state.region[e.on.index()]);
  state.region.Set(e.on.index(), e.region.raw);
}
void Apply(State& state, const Origin&, const EnterpriseAssigned& e) {
  state.enterprise.Set(e.on.index(), e.enterprise.raw);
}

void Apply(State& state, const Origin& origin, const InvestmentSet& e) {
  SetInvestmentOf(state, origin, e.on, e.amount_minor, e.evidence_level);
}

void Apply(State& state, const Origin& origin, const MilestonePlanned& e) {
  ChangeSlot(state, e.on, e.milestone.value, [&](std::size_t slot) {
    const std::uint32_t seq = SeqForColumn(origin.seq);
    state.planned.Set(slot, DayNumber(e.due_on));
    state.planned_by.Set(slot, seq == state.registered_seq[e.on.index()] ? 0 : seq);
  });
}

void Apply(State& state, const Origin& origin, const MilestoneReached& e) {
  ReachSlot(state, origin, e.on, e.milestone.value, e.effective_on, e.evidence_level);
}

void Apply(State& state, const Origin& origin, const MilestoneCorrected& e) {
  ReachSlot(state, origin, e.on, e.milestone.value, e.effective_on, e.evidence_level);
}

void Apply(State&, const Origin&, const FindingRecorded&) {}  // Stands in the project's history; counted from the days.

void Apply(State& state, const Origin&, const ProjectHeld& e) {
  const std::size_t p = e.on.index();
  state.side[p] = static_cast<std::uint8_t>(Side::kOnHold);
  state.MarkUnusual(p);
  state.hold_reason.Set(p, static_cast<std::uint8_t>(e.reason));
  state.side_since.Set(p, DayNumber(e.effective_on));
  state.hold_until.Set(p, e.until ? DayNumber(*e.until) : kNoDay);
}

void Apply(State& state, const Origin&, const ProjectResumed& e) {
  const std::size_t p = e.on.index();
  state.side[p] = static_cast<std::uint8_t>(Side::kActive);
  state.MarkUnusual(p);
  state.side_since.Set(p, DayNumber(e.effective_on));
  state.hold_until.Set(p, kNoDay);
}

void Apply(State& state, const Origin&, const ProjectTerminated& e) {
  const std::size_t p = e.on.index();
  state.side[p] = static_cast<std::uint8_t>(Side::kTerminated);
  state.MarkUnusual(p);
  state.hold_reason.Set(p, static_cast<std::uint8_t>(e.reason));
  state.side_since.Set(p, DayNumber(e.effective_on));
}

void Apply(State&, const Origin&, const RemarkGiven&) {}  // Read from the history; nothing depends on it.

void Apply(State& state, const Origin& origin, const FundsReceived& e) {
  const std::size_t p = e.on.index();
  const std::uint32_t fact =
      state.known.Received(SeqForColumn(origin.seq), p, DayNumber(e.effective_on), e.amount_minor.minor(),
                           static_cast<std::uint8_t>(e.kind), static_cast<std::uint8_t>(e.evidence_level));
  state.receipts.Add(fact, state.last_receipt[p]);
  state.last_receipt.Set(p, static_cast<std::uint32_t>(state.receipts.size()));
  state.files.readings.push_back({kNoMoney, kNoMoney, 0, 0, AccountOf(origin.by), 0});
  state.funds[p] += e.amount_minor.minor();
  if (state.Counts(p)) state.total_funds += e.amount_minor.minor();
  state.newest_receipt = std::max(state.newest_receipt, DayNumber(e.effective_on));
}

void Apply(State& state, const Origin& origin, const FundsReversed& e) {
  const std::size_t p = e.on.index();
  for (std::uint32_t at = state.last_receipt[p]; at != 0; at = state.receipts.Previous(at - 1)) {
    const Receipt receipt = state.ReceiptAt(at - 1);
    if (receipt.seq != static_cast<std::uint64_t>(e.corrects.value) || receipt.reversed_by != 0) continue;
    state.receipts.Reverse(at - 1, SeqForColumn(origin.seq));
    state.funds[p] -= receipt.minor;
    if (state.Counts(p)) state.total_funds -= receipt.minor;
    state.known.Reversed(SeqForColumn(origin.seq), p, SeqForColumn(receipt.seq));
    return;
  }
}

void Apply(State& state, const Origin&, const people::UnitCreated&) { ++state.units; }
void Apply(State& state, const Origin&, const place::RegionAdded&) { ++state.regions; }
void Apply(State& state, const Origin&, const enterprise::EnterpriseRegistered& e) {
  ++state.enterprises;
  state.files.coded.push_back(e.credit_code.has_value());
}
void Apply(State& state, const Origin&, const enterprise::CreditCodeGiven& e) { state.files.coded[e.on.index()] = 1; }

void Apply(State& state, const Origin&, const admin::PayloadErased& e) {
  const auto seq = static_cast<std::uint64_t>(e.seq.value);
  const auto event = static_cast<std::uint32_t>(e.event.value);
  state.title.Erase(seq, event);
  state.attributes.Erase(seq, event);
  state.reports.Erase(seq, event);
  state.files.Erase(seq, event);
}

}  // namespace landfall::project
