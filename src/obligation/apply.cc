// SPDX-License-Identifier: Apache-2.0
#include "obligation/tell.h"

namespace landfall::obligation {
namespace {

// Adds (+1) or removes (−1) an obligation to the tally of those that are open; `running` takes the due day of one whose
// clock runs.
template <class Running>
void CountWith(State& state, std::size_t i, int by, Running&& running) {
  if (!IsOpen(static_cast<Life>(state.life[i]))) return;
  if (state.closed[i] == State::kNoDay)
    running(state.due[i]);
  else
    state.open.Reported(state.closed[i] - state.due[i], by);
}
void Count(State& state, std::size_t i, int by) {
  CountWith(state, i, by, [&](std::int32_t due) { state.open.Running(due, by); });
}

// Runs `change` on one obligation and keeps the tally.
template <class F>
void Change(State& state, ObligationId id, F&& change) {
  Count(state, id.index(), -1);
  change(id.index());
  Count(state, id.index(), +1);
}

void Tell(State& state, const Origin& origin, ObligationId id, NewsKind kind) { Tell(state, origin, id.raw, kind); }

// The owing unit has acted: what it was urged to is answered.
void AnswerUrge(State& state, ObligationId id) {
  if (state.follow_up[id.index()] != 0) Follow(state, id).standing_urge = 0;
}

void CountUp(std::uint8_t& n) {
  if (n < UINT8_MAX) ++n;
}

template <class E>
std::uint8_t Kept(E value) {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(value) + 1);
}

}  // namespace

void Tell(State& state, const Origin& origin, std::uint32_t about, NewsKind kind) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(origin.at.time_since_epoch()).count();
  const News news{SeqForColumn(origin.seq), about, AccountOf(origin.by), static_cast<std::uint32_t>(seconds),
                  static_cast<std::uint32_t>(kind)};
  if (state.news.size() < kNewsKept)
    state.news.push_back(news);
  else
    state.news[state.news_total % kNewsKept] = news;
  ++state.news_total;
}

FollowUp& Follow(State& state, ObligationId id) {
  std::uint32_t row = state.follow_up[id.index()];
  if (row == 0) {
    state.follow_ups.push_back(kNoFollowUp);
    row = static_cast<std::uint32_t>(state.follow_ups.size());
    state.follow_up.Set(id.index(), row);
  }
  return state.follow_ups[row - 1];
}

void State::Rebuild() {
  open = {};
  for (std::size_t i = 0; i < size(); ++i)
    CountWith(*this, i, +1, [&](std::int32_t due) { open.GatherRunning(due, +1); });
  open.Settle();
}

void Apply(State& state, const Origin& origin, const Assigned& e) {
  state.kind.push_back(static_cast<std::uint8_t>(e.kind));
  state.life.push_back(static_cast<std::uint8_t>(Life::kAssigned));
  state.returned.push_back(0);
  state.project.push_back(e.project ? e.project->raw : 0);
  state.owner.push_back(e.owner_unit.raw);
  state.given.push_back(DayNumber(e.given_on));
  state.due.push_back(DayNumber(e.due_on));
  state.closed.push_back(State::kNoDay);
  state.seq.push_back(SeqForColumn(origin.seq));
  state.reporter.push_back(0);
  state.assigner.push_back(AccountOf(origin.by));
  state.follow_up.push_back(0);
  state.previous.push_back(e.project ? state.last_of_project[e.project->index()] : 0);
  state.text.Resize(state.kind.size());
  Count(state, state.size() - 1, +1);
  if (e.project) state.last_of_project.Set(e.project->index(), static_cast<std::uint32_t>(state.kind.size()));
  Tell(state, origin, e.on, NewsKind::assigned);
}

void Apply(State& state, const Origin& origin, const Worded& e) {
  state.text.Set(e.on.index(), origin.seq, origin.event, e.text.value);
}

void Apply(State& state, const Origin& origin, const Accepted& e) {
  state.life[e.on.index()] = static_cast<std::uint8_t>(Life::kAccepted);
  AnswerUrge(state, e.on);
  Tell(state, origin, e.on, NewsKind::accepted);
}

void Apply(State& state, const Origin& origin, const ReportedDone& e) {
  Change(state, e.on, [&](std::size_t i) {
    const bool closes = !RulesOf(static_cast<Kind>(state.kind[i])).needs_write_off;
    state.life[i] = static_cast<std::uint8_t>(closes ? Life::kDone : Life::kReported);
    state.closed.Set(i, DayNumber(e.effective_on));
    state.reporter.Set(i, origin.by.kind == Actor::Kind::kAccount ? origin.by.account.raw : UINT32_MAX);
  });
  AnswerUrge(state, e.on);
  Tell(state, origin, e.on, NewsKind::reported_done);
}

void Apply(State& state, const Origin& origin, const WrittenOff& e) {
  Change(state, e.on, [&](std::size_t i) { state.life[i] = static_cast<std::uint8_t>(Life::kWrittenOff); });
  Tell(state, origin, e.on, NewsKind::written_off);
}

void Apply(State& state, const Origin& origin, const Returned& e) {
  Change(state, e.on, [&](std::size_t i) {
    state.life[i] = static_cast<std::uint8_t>(Life::kAccepted);
    state.due.Set(i, DayNumber(e.due_on));
    state.closed.Set(i, State::kNoDay);
    CountUp(state.returned.Edit(i));
  });
  Tell(state, origin, e.on, NewsKind::returned);
}

void Apply(State& state, const Origin& origin, const DeadlineMoved& e) {
  Change(state, e.on, [&](std::size_t i) { state.due.Set(i, DayNumber(e.due_on)); });
  Tell(state, origin, e.on, NewsKind::deadline_moved);
}

void Apply(State& state, const Origin& origin, const Cancelled& e) {
  Change(state, e.on, [&](std::size_t i) { state.life[i] = static_cast<std::uint8_t>(Life::kCancelled); });
  Tell(state, origin, e.on, NewsKind::cancelled);
}

void Apply(State&, const Origin&, const RemarkGiven&) {}

void Apply(State& state, const Origin& origin, const Urged& e) {
  FollowUp& f = Follow(state, e.on);
  f.urged_on = DayNumber(e.urged_on);
  f.standing_urge = f.last_urge = Kept(e.level);
  CountUp(f.urges);
  Tell(state, origin, e.on, NewsKind::urged);
}

void Apply(State& state, const Origin& origin, const SourceStated& e) {
  FollowUp& f = Follow(state, e.on);
  f.source = Kept(e.source);
  f.source_on = e.stated_on ? DayNumber(*e.stated_on) : State::kNoDay;
  f.source_post = e.post ? e.post->raw : 0;
  f.source_seq = SeqForColumn(origin.seq);
}

void Apply(State&, const Origin&, const SourceWorded&) {}

void Apply(State& state, const Origin&, const Listed& e) {
  FollowUp& f = Follow(state, e.on);
  f.list = Kept(e.list);
  f.category = e.category ? Kept(*e.category) : std::uint8_t{0};
}

void Apply(State& state, const Origin& origin, const ProgressNoted& e) {
  FollowUp& f = Follow(state, e.on);
  f.noted_on = DayNumber(e.noted_on);
  f.standing_urge = 0;
  CountUp(f.notes);
  Tell(state, origin, e.on, NewsKind::progress_noted);
}

void Apply(State& state, const Origin& origin, const Escalated& e) {
  Follow(state, e.on).level = static_cast<std::uint8_t>(e.level.value);
  Tell(state, origin, e.on, NewsKind::escalated);
}

void Apply(State&, const Origin&, const EvidenceAttached&) {}
void Apply(State& state, const Origin&, const people::PostCreated&) { ++state.posts; }
void Apply(State& state, const Origin&, const admin::AccountCreated& e) {
  state.account_unit.push_back(e.unit ? e.unit->raw : 0);
}
void Apply(State& state, const Origin&, const people::UnitCreated&) { ++state.units; }
void Apply(State& state, const Origin&, const project::ProjectRegistered&) {
  state.last_of_project.push_back(0);
  state.plan_of_project.push_back({0, 0});
}

void Apply(State& state, const Origin&, const admin::PayloadErased& e) {
  state.text.Erase(static_cast<std::uint64_t>(e.seq.value), static_cast<std::uint32_t>(e.event.value));
}

}  // namespace landfall::obligation
