// SPDX-License-Identifier: Apache-2.0
// Duties on posts, acting for a post, and the one act with which somebody moves.
#include <algorithm>

#include "people/state.h"

namespace landfall::people {
namespace {

const Term* RunningOn(const std::vector<Term>& terms, PostId post, std::int32_t day) {
  const Term* found = nullptr;
  for (const Term& term : terms)
    if (term.post == post.raw && term.from <= day && day < term.until) found = &term;
  return found;
}

}  // namespace

const Term* State::TermOn(PostId post, Day day) const { return RunningOn(terms, post, DayNumber(day)); }
const Term* State::ActingOn(PostId post, Day day) const { return RunningOn(acting, post, DayNumber(day)); }

std::vector<UnitId> State::UnitsOf(PersonId person, Day day) const {
  const std::int32_t number = DayNumber(day);
  std::vector<UnitId> units;
  for (const std::vector<Term>* list : {&terms, &acting})
    for (const Term& term : *list)
      if (term.person == person.raw && term.from <= number && number < term.until)
        units.push_back(UnitId{post_unit[term.post - 1]});
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units;
}

Decided Decide(const State& state, const DecideContext&, const AssignDuty& c) {
  if (!state.Knows(c.post)) return NotFound("post.unknown", {}, "post");
  if (!c.project || c.project.raw > state.projects) return NotFound("project.unknown", {}, "project");
  for (const Duty& duty : state.duties) {
    if (duty.project != c.project.raw || duty.kind != static_cast<std::uint8_t>(c.kind) ||
        duty.until <= DayNumber(c.effective_on))
      continue;
    if (duty.post == c.post.raw) return Conflict("duty.held_already", {}, "post");
    // One lead official, one commander and one agent at a time; a task force and contacts may be several.
    if (c.kind != DutyKind::task_force && c.kind != DutyKind::contact) return Conflict("duty.post_taken", {}, "kind");
  }
  return std::vector<Event>{
      DutyAssigned{DutyId::FromIndex(state.duties.size()), c.kind, c.post, c.project, c.effective_on}};
}

Decided Decide(const State& state, const DecideContext&, const EndDuty& c) {
  if (!state.Knows(c.duty)) return NotFound("duty.unknown", {}, "duty");
  const Duty& duty = state.duties[c.duty.index()];
  if (duty.until != kOpen) return Conflict("duty.ended_already", {}, "duty");
  if (DayNumber(c.effective_on) <= duty.from) return Invalid("post.out_of_order", {}, "effective_on");
  return std::vector<Event>{DutyEnded{c.duty, c.effective_on}};
}

Decided Decide(const State& state, const DecideContext&, const MovePerson& c) {
  if (!state.Knows(c.person)) return NotFound("person.unknown", {}, "person");
  if (c.successor && !state.Knows(*c.successor)) return NotFound("person.unknown", {}, "successor");
  if (c.successor == c.person) return Invalid("person.successor_self", {}, "successor");
  if (c.to_post && !state.Knows(*c.to_post)) return NotFound("post.unknown", {}, "to_post");
  const std::int32_t day = DayNumber(c.effective_on);
  std::vector<Event> events;
  for (std::size_t post = 0; post < state.post_term.size(); ++post) {
    if (state.post_term[post] == 0) continue;
    const Term& term = state.terms[state.post_term[post] - 1];
    if (term.person != c.person.raw || term.until != kOpen) continue;
    if (day <= term.from) return Invalid("post.out_of_order", {}, "effective_on");
    const PostId id = PostId::FromIndex(post);
    if (c.to_post == id) return Conflict("post.filled_already", {}, "to_post");
    events.push_back(PostVacated{id, c.effective_on});
    if (c.successor) events.push_back(PostFilled{id, *c.successor, c.effective_on});
  }
  if (events.empty()) return Conflict("person.holds_nothing", {}, "person");
  if (c.to_post) {
    if (const std::uint32_t last = state.post_term[c.to_post->index()]; last != 0) {
      if (state.terms[last - 1].until == kOpen) return Conflict("post.filled_already", {}, "to_post");
      if (day < state.terms[last - 1].until) return Invalid("post.out_of_order", {}, "effective_on");
    }
    events.push_back(PostFilled{*c.to_post, c.person, c.effective_on});
  }
  return events;
}

Decided Decide(const State& state, const DecideContext&, const AppointActing& c) {
  if (!state.Knows(c.post)) return NotFound("post.unknown", {}, "post");
  if (!state.Knows(c.person)) return NotFound("person.unknown", {}, "person");
  if (c.until <= c.effective_on) return Invalid("post.acting_reversed", {}, "until");
  const Term* holder = state.TermOn(c.post, c.effective_on);
  if (holder != nullptr && holder->person == c.person.raw) return Conflict("post.acting_is_holder", {}, "person");
  for (const Term& term : state.acting)
    if (term.post == c.post.raw && term.from < DayNumber(c.until) && DayNumber(c.effective_on) < term.until)
      return Conflict("post.acting_overlaps", {}, "effective_on");
  return std::vector<Event>{ActingAppointed{c.post, c.person, c.effective_on, c.until}};
}

Decided Decide(const State& state, const DecideContext&, const EndActing& c) {
  if (!state.Knows(c.post)) return NotFound("post.unknown", {}, "post");
  const std::int32_t day = DayNumber(c.effective_on);
  for (const Term& term : state.acting) {
    if (term.post != c.post.raw || term.until <= day) continue;
    if (day <= term.from) return Invalid("post.out_of_order", {}, "effective_on");
    return std::vector<Event>{ActingEnded{c.post, PersonId{term.person}, c.effective_on}};
  }
  return Conflict("post.nobody_acting", {}, "post");
}

void Apply(State& state, const Origin& origin, const DutyAssigned& e) {
  state.duties.push_back({e.post.raw,
                          e.project.raw,
                          DayNumber(e.effective_on),
                          kOpen,
                          SeqForColumn(origin.seq),
                          static_cast<std::uint8_t>(e.kind),
                          {}});
}
void Apply(State& state, const Origin&, const DutyEnded& e) {
  state.duties[e.on.index()].until = DayNumber(e.effective_on);
}
void Apply(State& state, const Origin&, const ActingAppointed& e) {
  state.acting.push_back({e.on.raw, e.person.raw, DayNumber(e.effective_on), DayNumber(e.until)});
}
void Apply(State& state, const Origin&, const ActingEnded& e) {
  const std::int32_t day = DayNumber(e.effective_on);
  for (Term& term : state.acting)
    if (term.post == e.on.raw && term.person == e.person.raw && term.from < day && day < term.until) term.until = day;
}
void Apply(State& state, const Origin&, const project::ProjectRegistered&) { ++state.projects; }

}  // namespace landfall::people
