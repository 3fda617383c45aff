// SPDX-License-Identifier: Apache-2.0
#include "project/state.h"

namespace landfall::project {

const BatchMember* FileState::LastIn(std::size_t p, Batch batch) const {
  for (std::uint32_t at = heads[p].batch; at != 0; at = members[at - 1].previous)
    if (members[at - 1].batch == static_cast<std::uint8_t>(batch)) return &members[at - 1];
  return nullptr;
}

const BatchTarget* FileState::TargetOf(Batch batch, Period first, Period last) const {
  for (auto at = targets.rbegin(); at != targets.rend(); ++at)
    if (at->batch == static_cast<std::uint8_t>(batch) && at->first == first.months && at->last == last.months)
      return &*at;
  return nullptr;
}

std::span<const Share> FileState::SharesOf(std::size_t p) const {
  const std::uint32_t head = heads[p].shares;
  if (head == 0) return {};
  const ShareSet& set = share_sets[head - 1];
  return std::span(shares).subspan(set.first, set.count);
}

void Apply(State& state, const Origin& origin, const BatchJoined& e) {
  FileState& files = state.files;
  std::uint32_t& head = files.heads.Edit(e.on.index()).batch;
  files.members.push_back({e.on.raw,
                           SeqForColumn(origin.seq),
                           head,
                           DayNumber(e.effective_on),
                           kNever,
                           static_cast<std::uint8_t>(e.batch),
                           {}});
  head = static_cast<std::uint32_t>(files.members.size());
}

void Apply(State& state, const Origin&, const BatchLeft& e) {
  FileState& files = state.files;
  for (std::uint32_t at = files.heads[e.on.index()].batch; at != 0; at = files.members[at - 1].previous) {
    BatchMember& member = files.members[at - 1];
    if (member.batch != static_cast<std::uint8_t>(e.batch)) continue;
    member.until = DayNumber(e.effective_on);
    return;
  }
}

void Apply(State& state, const Origin& origin, const BatchTargetSet& e) {
  state.files.targets.push_back({SeqForColumn(origin.seq),
                                 static_cast<std::uint32_t>(e.projects.value),
                                 e.first_period.months,
                                 e.last_period.months,
                                 static_cast<std::uint8_t>(e.on.batch),
                                 {}});
}

void Apply(State& state, const Origin& origin, const SharesSet& e) {
  FileState& files = state.files;
  std::uint32_t& head = files.heads.Edit(e.on.index()).shares;
  files.share_sets.push_back({SeqForColumn(origin.seq), head, static_cast<std::uint32_t>(files.shares.size()),
                              static_cast<std::uint32_t>(e.shares.items.size())});
  head = static_cast<std::uint32_t>(files.share_sets.size());
  for (const UnitShare& share : e.shares.items)
    files.shares.push_back({share.unit.raw, static_cast<std::uint32_t>(share.share_bp.value)});
}

void Apply(State& state, const Origin& origin, const PlanAdopted& e) {
  FileState& files = state.files;
  std::uint32_t& head = files.heads.Edit(e.on.index()).plan;
  files.plans.push_back({SeqForColumn(origin.seq), head, static_cast<std::uint32_t>(files.tasks.size()),
                         static_cast<std::uint32_t>(e.tasks.items.size()), DayNumber(e.effective_on)});
  head = static_cast<std::uint32_t>(files.plans.size());
  files.plan_words.Resize(files.plans.size());
  const Ladder& ladder = state.ladders[state.ladder[e.on.index()]];
  for (const PlanTask& task : e.tasks.items) {
    const int rung = task.milestone ? ladder.Find(task.milestone->value) : -1;
    files.tasks.push_back({task.owner_unit.raw, DayNumber(task.due_on), rung});
  }
}

void Apply(State& state, const Origin& origin, const PlanWorded& e) {
  const std::uint32_t head = state.files.heads[e.on.index()].plan;
  if (head == 0) return;
  state.files.plan_words.Set(head - 1, origin.seq, origin.event, origin.erased ? std::string() : ToJson(e));
}

}  // namespace landfall::project
