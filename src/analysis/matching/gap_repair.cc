// SPDX-License-Identifier: Apache-2.0
#include "analysis/matching/gap_repair.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "analysis/matching/gap.h"

namespace landfall::matching {
namespace {

constexpr std::int64_t kMissing = -8 * kMaxGapValue;  // Below any real pair, with or without its reward.
constexpr std::size_t kChainWork = 4'000'000;
constexpr int kPassesMax = 50;

}  // namespace

GapRepair::GapRepair(const GapProblem& problem, const std::vector<std::int64_t>& value)
    : problem_(problem), value_(value), nobody_(problem.every_task ? kMissing : 0) {
  const std::size_t tasks = problem.tasks.size(), agents = problem.agents.size();
  std::vector<std::int64_t> best(tasks, std::numeric_limits<std::int64_t>::min());
  for (std::size_t t = 0; t < tasks; ++t)
    for (std::size_t a = 0; a < agents; ++a)
      if (May(t, static_cast<std::int32_t>(a))) best[t] = std::max(best[t], value_[t * agents + a]);
  order_.resize(tasks);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return best[a] > best[b]; });
}

std::int64_t GapRepair::Worth(std::size_t task, std::int32_t agent) const {
  return agent == kNobody ? nobody_ : value_[task * problem_.agents.size() + static_cast<std::size_t>(agent)];
}
bool GapRepair::May(std::size_t task, std::int32_t agent) const {
  return agent == kNobody || problem_.allowed.empty() ||
         problem_.allowed[task * problem_.agents.size() + static_cast<std::size_t>(agent)] != 0;
}
std::int64_t GapRepair::Load(std::size_t task, std::int32_t agent) const {
  return agent == kNobody ? 0 : problem_.load[task * problem_.agents.size() + static_cast<std::size_t>(agent)];
}
std::int64_t GapRepair::Room(std::int32_t agent) const {
  return agent == kNobody ? 0 : room_[static_cast<std::size_t>(agent)];
}

void GapRepair::Move(std::size_t task, std::int32_t agent) {
  if (agent_of_[task] != kNobody) room_[static_cast<std::size_t>(agent_of_[task])] += Load(task, agent_of_[task]);
  if (agent != kNobody) room_[static_cast<std::size_t>(agent)] -= Load(task, agent);
  agent_of_[task] = agent;
}

bool GapRepair::MoveSingles() {
  bool moved = false;
  for (const std::size_t t : order_) {
    std::int32_t best = agent_of_[t];
    if (Worth(t, kNobody) > Worth(t, best)) best = kNobody;
    for (std::int32_t a = 0; a < static_cast<std::int32_t>(problem_.agents.size()); ++a)
      if (Worth(t, a) > Worth(t, best) && Fits(t, a)) best = a;
    if (best == agent_of_[t]) continue;
    Move(t, best);
    moved = true;
  }
  return moved;
}

// `enters` takes the place of `leaves`, which goes wherever it is worth most; done where the two together gain.
bool GapRepair::TryChain(std::size_t enters, std::size_t leaves) {
  const std::int32_t from = agent_of_[enters], to = agent_of_[leaves];
  if (to == kNobody || to == from || !May(enters, to)) return false;
  if (Load(enters, to) > Room(to) + Load(leaves, to)) return false;
  const std::int64_t before = Worth(enters, from) + Worth(leaves, to);
  const std::int64_t missing = before - Worth(enters, to);  // What `leaves` must be worth, and more.
  Move(leaves, kNobody);
  Move(enters, to);
  std::int32_t best = kNobody;
  for (std::int32_t a = 0; a < static_cast<std::int32_t>(problem_.agents.size()); ++a)
    if (Worth(leaves, a) > Worth(leaves, best) && Fits(leaves, a)) best = a;
  if (Worth(leaves, best) > missing) {
    Move(leaves, best);
    return true;
  }
  Move(enters, from);
  Move(leaves, to);
  return false;
}

bool GapRepair::MoveChains() {
  bool moved = false;
  for (const std::size_t enters : order_)
    for (std::size_t leaves = 0; leaves < agent_of_.size(); ++leaves)
      if (leaves != enters && TryChain(enters, leaves)) moved = true;
  return moved;
}

std::optional<std::int64_t> GapRepair::Improve(std::vector<std::int32_t>& agent_of, bool thorough) {
  agent_of_ = agent_of;
  room_ = problem_.capacity;
  for (std::size_t t = 0; t < agent_of_.size(); ++t)
    if (agent_of_[t] != kNobody) room_[static_cast<std::size_t>(agent_of_[t])] -= Load(t, agent_of_[t]);
  thorough = thorough && agent_of_.size() * agent_of_.size() * problem_.agents.size() <= kChainWork;
  for (int pass = 0; pass < kPassesMax; ++pass) {
    bool moved = MoveSingles();
    if (thorough) moved = MoveChains() || moved;
    if (!moved) break;
  }
  agent_of = agent_of_;
  std::int64_t value = 0;
  for (std::size_t t = 0; t < agent_of_.size(); ++t) {
    if (problem_.every_task && agent_of_[t] == kNobody) return std::nullopt;
    value += Worth(t, agent_of_[t]);
  }
  return value;
}

}  // namespace landfall::matching
