// SPDX-License-Identifier: Apache-2.0
// What follows from a project's file: what was in force on a day, which guards are met, when a rung is to be expected.
#include "project/checks.h"

namespace landfall::project {
namespace {

// Walks a chain from its newest row; the first that `take` accepts, or nullptr.
template <class Row, class Take>
const Row* Newest(const std::vector<Row>& rows, std::uint32_t head, Take&& take) {
  for (; head != 0; head = rows[head - 1].previous)
    if (take(rows[head - 1])) return &rows[head - 1];
  return nullptr;
}

}  // namespace

const Agreement* FileState::AgreementOf(std::size_t p) const {
  return Newest(agreements, heads[p].agreement, [](const Agreement& a) { return a.withdrawn_by == 0; });
}
const Counterpart* FileState::CounterpartAt(std::size_t p, std::int32_t day) const {
  const Agreement* agreement = AgreementOf(p);
  if (agreement == nullptr) return nullptr;
  return Newest(counterparts, agreement->counterpart, [day](const Counterpart& c) { return c.day <= day; });
}
const Commitment* FileState::CommitmentAt(std::size_t p, std::int32_t day) const {
  const Agreement* agreement = AgreementOf(p);
  if (agreement == nullptr) return nullptr;
  return Newest(commitments, agreement->commitment, [day](const Commitment& c) { return c.day <= day; });
}
const Block* FileState::OpenBlock(std::size_t p, std::int32_t day) const {
  const Block* oldest = nullptr;
  for (std::uint32_t at = heads[p].block; at != 0; at = blocks[at - 1].previous) {
    const Block& block = blocks[at - 1];
    const bool open = block.day <= day && (block.solved == kNoDay || block.solved > day);
    if (open && (oldest == nullptr || block.day < oldest->day)) oldest = &block;
  }
  return oldest;
}
const GroundRow* FileState::PaperAt(std::size_t p, Ground ground, std::int32_t day) const {
  return Newest(grounds, heads[p].ground, [&](const GroundRow& g) {
    return g.ground == static_cast<std::uint8_t>(ground) && g.withdrawn_by == 0 && g.day <= day;
  });
}
const Baseline* FileState::BaselineOf(std::size_t p) const {
  return Newest(baselines, heads[p].baseline,
                [](const Baseline& b) { return b.state == static_cast<std::uint8_t>(BaselineState::approved); });
}
const Baseline* FileState::AskedOf(std::size_t p) const {
  return Newest(baselines, heads[p].baseline,
                [](const Baseline& b) { return b.state == static_cast<std::uint8_t>(BaselineState::asked); });
}
bool FileState::ToldApart(std::uint32_t a, std::uint32_t b) const {
  if (a > b) std::swap(a, b);
  return std::binary_search(told_apart.begin(), told_apart.end(), std::uint64_t{a} << 32 | b);
}

const Block* BlockOf(const FileState& files, std::size_t p, std::size_t rung, std::int32_t day) {
  return Newest(files.blocks, files.heads[p].block, [&](const Block& block) {
    return block.rung == rung && block.day <= day && (block.solved == kNoDay || block.solved > day);
  });
}

bool State::HasGround(std::size_t p, Ground ground, std::int32_t day) const {
  switch (ground) {
    case Ground::agreement: {
      const Agreement* agreement = files.AgreementOf(p);
      return agreement != nullptr && agreement->day <= day;
    }
    case Ground::counterpart:
      return files.CounterpartAt(p, day) != nullptr;
    case Ground::amount:
      return investment[p] != kNoMoney;
    case Ground::duplicates_judged:
      return UnjudgedTwins(p).empty();
    case Ground::local_enterprise:
      return enterprise[p] != 0 && files.coded[enterprise[p] - 1] != 0;
    case Ground::full_definition: {
      const Commitment* commitment = files.CommitmentAt(p, day);
      return commitment != nullptr && commitment->full_bp != 0;
    }
    default:
      return files.PaperAt(p, ground, day) != nullptr;
  }
}

std::vector<const Guard*> State::MissingGuards(std::size_t p, std::size_t rung, std::int32_t day) const {
  const Ladder& of = ladders[ladder[p]];
  std::vector<const Guard*> missing;
  for (const Guard& guard : of.guards) {
    if (guard.rung != of.rungs[rung].key) continue;
    const bool met = std::any_of(guard.any.items.begin(), guard.any.items.end(),
                                 [&](Ground ground) { return HasGround(p, ground, day); });
    if (!met) missing.push_back(&guard);
  }
  return missing;
}

std::vector<std::uint32_t> State::UnjudgedTwins(std::size_t p) const {
  const auto number_of = [&](std::size_t q) {
    const Agreement* agreement = files.AgreementOf(q);
    return agreement == nullptr ? std::string_view() : files.counterpart_number.Get(agreement->counterpart - 1);
  };
  const auto root = [&](std::size_t q) {
    return files.counted_in[q] != 0 ? files.counted_in[q] : static_cast<std::uint32_t>(q + 1);
  };
  const std::string_view number = number_of(p);
  std::vector<std::uint32_t> twins;
  if (number.empty() && enterprise[p] == 0) return twins;
  for (std::size_t q = 0; q < size(); ++q) {
    if (q == p || side[q] == static_cast<std::uint8_t>(Side::kTerminated) || root(q) == root(p)) continue;
    const bool alike = (enterprise[p] != 0 && enterprise[q] == enterprise[p]) ||
                       (!number.empty() && files.heads[q].agreement != 0 && number_of(q) == number);
    if (alike && !files.ToldApart(static_cast<std::uint32_t>(p + 1), static_cast<std::uint32_t>(q + 1)))
      twins.push_back(static_cast<std::uint32_t>(q + 1));
  }
  return twins;
}

// The slip is that of the rung reached last, unless the plan was made when that was known already, and of every open
// rung before it that is past its plan: what is late now makes everything after it at least as late. What came early is
// not taken for a head start.
State::Forecast State::ForecastOf(std::size_t p, std::size_t rung, std::int32_t as_of) const {
  const Ladder& of = ladders[ladder[p]];
  const std::size_t first = first_slot[p];
  Forecast forecast;
  const bool is_reached = reached[first + rung] != kNoDay && reached[first + rung] <= as_of;
  if (is_reached || planned[first + rung] == kNoDay) return forecast;
  int last = -1;
  for (std::size_t r = 0; r < of.rungs.size(); ++r) {
    const std::int32_t day = reached[first + r];
    if (day == kNoDay || day > as_of) continue;
    if (last < 0 || day >= reached[first + static_cast<std::size_t>(last)]) last = static_cast<int>(r);
  }
  const auto take = [&](std::size_t r, std::int32_t until) {
    if (planned[first + r] == kNoDay || until - planned[first + r] <= forecast.slip) return;
    forecast.slip = until - planned[first + r];
    forecast.from_rung = static_cast<int>(r);
  };
  if (last >= 0 && static_cast<std::size_t>(last) < rung) {
    const std::size_t before = first + static_cast<std::size_t>(last);
    if (PlannedSeq(p, first + rung) <= ReachedSeq(p, static_cast<std::size_t>(last)))
      take(static_cast<std::size_t>(last), reached[before]);
  }
  for (std::size_t r = 0; r <= rung; ++r) {
    const bool open = reached[first + r] == kNoDay || reached[first + r] > as_of;
    if (open && (r == rung || Compared(of, r, rung))) take(r, as_of);
  }
  forecast.day = planned[first + rung] + forecast.slip;
  return forecast;
}

}  // namespace landfall::project
