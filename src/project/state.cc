// SPDX-License-Identifier: Apache-2.0
#include "project/state.h"

#include "project/slots.h"

namespace landfall::project {

namespace {

// Adds a project to the tallies of its ladder and to the totals, its days by `add`.
template <class Add>
void CountWith(State& state, std::size_t p, int by, Add&& add) {
  RungTallies& tallies = state.tallies[state.ladder[p]];
  tallies.projects += by;
  const RungDays days(state, p);
  const std::uint16_t contradicting = state.contradicting[p];
  for (std::size_t r = 0; r < tallies.stated.size(); ++r) {
    if (const std::int32_t day = days.Stated(r); day != kNoDay) add(tallies.stated[r], day);
    if (contradicting >> r & 1) tallies.contradicting[r] += by;
  }
  state.total_funds += by * state.funds[p];
  if (state.investment[p] == kNoMoney)
    state.without_investment += by;
  else
    state.total_investment += by * state.investment[p];
}

}  // namespace

int State::FindLadder(std::string_view key) const {
  for (std::size_t i = 0; i < ladders.size(); ++i)
    if (ladders[i].key == key) return static_cast<int>(i);
  return -1;
}

State::Position State::PositionAt(std::size_t p, std::int32_t as_of) const { return RungDays(*this, p).At(as_of); }

std::int64_t State::FundsAt(std::size_t p, std::int32_t as_of) const {
  std::int64_t sum = 0;
  for (std::uint32_t at = last_receipt[p]; at != 0; at = receipts.Previous(at - 1)) {
    const Receipt r = ReceiptAt(at - 1);
    if (r.reversed_by == 0 && r.day <= as_of) sum += r.minor;
  }
  return sum;
}

void State::Rebuild() {
  ladders.clear();
  for (std::size_t i = 0; i + 1 < ladder_rows.size(); i += 2) {
    List<Rung, kRungsMax> rungs;
    LF_CHECK(ScanJson(ladder_rows[i + 1], rungs));
    ladders.push_back({ladder_rows[i], std::move(rungs.items), {}});
  }
  for (std::size_t i = 0; i + 1 < files.guard_rows.size(); i += 2) {
    List<Guard, kGuardsMax> guards;
    LF_CHECK(ScanJson(files.guard_rows[i + 1], guards));
    ladders[static_cast<std::size_t>(FindLadder(files.guard_rows[i]))].guards = std::move(guards.items);
  }
  files.newest_block = kNoDay;
  for (const Block& block : files.blocks) files.newest_block = std::max({files.newest_block, block.day, block.solved});
  known.Rebuild();
  by_code.Rebuild(code);
  tallies.clear();
  for (const Ladder& l : ladders) tallies.push_back(EmptyTallies(l));
  newest_receipt = newest_reached = kNoDay;
  newest_receipt = known.facts().LastDay(kFundsMeasure).value_or(kNoDay);
  for (const std::int32_t day : newest_day) newest_reached = std::max(newest_reached, day);
  total_investment = total_funds = without_investment = 0;
  unusual.resize(size());
  for (std::size_t p = 0; p < size(); ++p) {
    MarkUnusual(p);
    if (Counts(p)) CountWith(*this, p, +1, [](DayTally& tally, std::int32_t day) { tally.Gather(day, +1); });
  }
  for (RungTallies& of : tallies)
    for (DayTally& stated : of.stated) stated.Settle();
}

std::uint32_t State::ReachedSeq(std::size_t p, std::size_t rung) const {
  if (reached[first_slot[p] + rung] == kNoDay) return 0;
  const ledger::VersionIndex& facts = known.facts();
  const std::uint32_t measure = ReachedMeasure(ladder[p], rung);
  const std::uint32_t at =
      facts.FindStanding(static_cast<std::uint32_t>(p), [&](const ledger::Version& v) { return v.measure == measure; });
  LF_CHECK(at != ledger::VersionIndex::kNone);
  return facts.Get(at).record;
}

std::vector<std::uint32_t> State::ReachedSeqs() const {
  std::vector<std::uint32_t> seqs(reached.size(), 0);
  for (std::size_t l = 0; l < ladders.size(); ++l)
    for (std::size_t r = 0; r < ladders[l].rungs.size(); ++r)
      known.facts().StandingAt<ledger::VersionIndex::kSubject | ledger::VersionIndex::kRecord>(
          kNow, ReachedMeasure(l, r), DayNumber(kFirstDay), DayNumber(kLastDay),
          [&](const ledger::Version& v) { seqs[first_slot[v.subject] + r] = v.record; });
  return seqs;
}

Receipt State::ReceiptAt(std::size_t row) const {
  const ledger::Version v = known.facts().Get(receipts.Fact(row));
  return {v.amount,
          v.record,
          receipts.ReversedBy(row),
          v.subject + 1,
          v.day,
          receipts.Previous(row),
          static_cast<std::uint8_t>(v.tag & ~kVouched),
          v.level,
          {0, 0}};
}

std::uint16_t Contradictions(const Ladder& ladder, const RungDays& days) {
  std::uint16_t mask = 0;
  // Latest day of the earlier rungs; rungs that run side by side are not compared with each other.
  std::int32_t latest = kNoDay, latest_before_block = kNoDay;
  bool in_block = false;
  for (std::size_t r = 0; r < ladder.rungs.size(); ++r) {
    if (ladder.rungs[r].parallel && !in_block) latest_before_block = latest;
    in_block = ladder.rungs[r].parallel;
    const std::int32_t day = days.Stated(r);
    if (day == kNoDay) continue;
    if (day < (in_block ? latest_before_block : latest)) mask |= static_cast<std::uint16_t>(1u << r);
    latest = std::max(latest, day);
  }
  return mask;
}

RungTallies EmptyTallies(const Ladder& ladder) {
  RungTallies tallies;
  tallies.stated.resize(ladder.rungs.size());
  tallies.contradicting.resize(ladder.rungs.size(), 0);
  return tallies;
}

void CountProject(State& state, std::size_t p, int by) {
  CountWith(state, p, by, [&](DayTally& tally, std::int32_t day) { tally.Add(day, by); });
}

}  // namespace landfall::project
