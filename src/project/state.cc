// SPDX-License-Identifier: Apache-2.0
#include "project/state.h"

#include "project/slots.h"

namespace landfall::project {

int State::FindLadder(std::string_view key) const {
  for (std::size_t i = 0; i < ladders.size(); ++i)
    if (ladders[i].key == key) return static_cast<int>(i);
  return -1;
}

State::Position State::PositionAt(std::size_t p, std::int32_t as_of) const { return RungDays(*this, p).At(as_of); }

std::int64_t State::FundsAt(std::size_t p, std::int32_t as_of) const {
  std::int64_t sum = 0;
  for (std::uint32_t at = last_receipt[p]; at != 0; at = receipts[at - 1].previous) {
    const Receipt& r = receipts[at - 1];
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
  for (const Receipt& r : receipts) newest_receipt = std::max(newest_receipt, r.day);
  for (const std::int32_t day : newest_day) newest_reached = std::max(newest_reached, day);
  total_investment = total_funds = without_investment = 0;
  unusual.resize(size());
  for (std::size_t p = 0; p < size(); ++p) {
    MarkUnusual(p);
    if (Counts(p)) CountProject(*this, p, +1);
  }
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
  tallies.reached.resize(ladder.rungs.size());
  tallies.contradicting.resize(ladder.rungs.size(), 0);
  return tallies;
}

void CountProject(State& state, std::size_t p, int by) {
  RungTallies& tallies = state.tallies[state.ladder[p]];
  tallies.projects += by;
  const RungDays days(state, p);
  for (std::size_t r = 0; r < tallies.stated.size(); ++r) {
    if (const std::int32_t day = days.Stated(r); day != kNoDay) tallies.stated[r].Add(day, by);
    if (const std::int32_t day = days.reached[r]; day != kNoDay) {
      const auto row = static_cast<std::uint32_t>(p);
      by > 0 ? tallies.reached[r].Add(day, row) : tallies.reached[r].Remove(day, row);
    }
    if (state.contradicting[p] >> r & 1) tallies.contradicting[r] += by;
  }
  state.total_funds += by * state.funds[p];
  if (state.investment[p] == kNoMoney)
    state.without_investment += by;
  else
    state.total_investment += by * state.investment[p];
}

}  // namespace landfall::project
