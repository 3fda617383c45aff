// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cases/course.h"

namespace landfall::cases {
namespace {

std::string BytesOf(const std::vector<std::uint32_t>& row) {
  return {reinterpret_cast<const char*>(row.data()), row.size() * sizeof(std::uint32_t)};
}

std::uint32_t FormOf(State& state, std::string_view package, std::int64_t version,
                     const List<StepOf, kMattersMax>& steps) {
  std::vector<std::uint32_t> matters;
  for (const StepOf& step : steps.items)
    matters.push_back(static_cast<std::uint32_t>(state.MatterVersion(step.matter.value, step.version.value)));
  return InternForm(state, FormRow(static_cast<std::uint32_t>(state.PackageVersion(package, version)), matters));
}

void Take(State& state, const Case& c, const List<HandedPaper, kCasePapersMax>& papers) {
  const Form& form = state.FormOf(c);
  for (const HandedPaper& told : papers.items) {
    CasePaper& held = state.papers[c.first_paper + static_cast<std::size_t>(form.FindPaper(told.paper.value))];
    held.state = static_cast<std::uint8_t>(told.how == Handed::handed  ? PaperState::kHanded
                                           : told.how == Handed::later ? PaperState::kLater
                                                                       : PaperState::kPromised);
    const std::optional<Day> until = told.how == Handed::later ? told.due_on : told.valid_until;
    held.until = until ? DaysAfter(c, DayNumber(*until)) : std::uint16_t{0};
  }
}

// Complete or not, while it has not been accepted.
void Weigh(State& state, Case& c) {
  if (c.life != static_cast<std::uint8_t>(Life::kIncomplete) && c.life != static_cast<std::uint8_t>(Life::kApplied))
    return;
  bool lacking = false;
  for (std::size_t p = 0; p < state.FormOf(c).papers.size(); ++p)
    lacking = lacking || IsLacking(static_cast<PaperState>(state.papers[c.first_paper + p].state));
  c.life = static_cast<std::uint8_t>(lacking ? Life::kIncomplete : Life::kApplied);
}

// Closed once no step can be decided any more.
void Settle(State& state, Case& c, Day day) {
  if (c.life != static_cast<std::uint8_t>(Life::kRunning)) return;
  const std::uint64_t dead = state.DeadEnds(c);
  bool refused = false;
  for (std::size_t s = 0; s < state.FormOf(c).steps.size(); ++s) {
    const auto at = static_cast<StepState>(state.StepAt(c, s).state);
    if (!IsDecided(at) && (dead >> s & 1) == 0) return;
    refused = refused || at != StepState::kApproved;
  }
  c.life = static_cast<std::uint8_t>(refused ? Life::kRefused : Life::kApproved);
  c.closed = DayNumber(day);
}

template <class E>
std::size_t IndexOf(const E& e) {
  return static_cast<std::size_t>(e.step.value - 1);
}
template <class E>
Step& StepFor(State& state, const E& e) {
  return state.steps[state.cases[e.on.index()].first_step + IndexOf(e)];
}

// The first of a step makes its due day one of its own.
void Add(State& state, CaseId on, std::size_t at, Side side) {
  Step& step = state.steps[state.cases[on.index()].first_step + at];
  const bool first = step.side == 0;
  if (first) LeaveOwed(state, on.index(), at);
  side.previous = step.side;
  state.sides.push_back(side);
  step.side = static_cast<std::uint32_t>(state.sides.size());
  if (first) EnterOwed(state, on.index(), at);
}
template <class E>
void Add(State& state, const E& e, Side side) {
  Add(state, e.on, IndexOf(e), side);
}

void EndPause(State& state, const Step& step, Day day) {
  for (std::uint32_t at = step.side; at != 0; at = state.sides[at - 1].previous) {
    Side& side = state.sides[at - 1];
    if (side.kind == static_cast<std::uint8_t>(SideKind::kPause) && side.until == kNoDay) side.until = DayNumber(day);
  }
}

void Set(Step& step, StepState to) { step.state = static_cast<std::uint8_t>(to); }
Side SideOf(SideKind kind, std::uint32_t who, std::int32_t from, std::int64_t days, std::uint8_t detail) {
  return {0, who, from, kNoDay, static_cast<std::uint16_t>(days), static_cast<std::uint8_t>(kind), detail};
}

}  // namespace

std::int32_t State::ReadyOn(const Case& c, std::size_t step) const {
  if (c.accepted == kNoDay) return kNoDay;
  std::int32_t day = c.accepted;
  for (std::uint64_t waits = FormOf(c).steps[step].waits; waits != 0; waits &= waits - 1) {
    const auto maker = static_cast<std::size_t>(__builtin_ctzll(waits));
    if (StepAt(c, maker).state != static_cast<std::uint8_t>(StepState::kApproved)) return kNoDay;
    day = std::max(day, DecidedOn(c, maker));
  }
  return day;
}

std::uint64_t State::DeadEnds(const Case& c) const {
  const Form& form = FormOf(c);
  std::uint64_t refused = 0, dead = 0;
  for (std::size_t s = 0; s < form.steps.size(); ++s)
    if (StepAt(c, s).state == static_cast<std::uint8_t>(StepState::kRefused)) refused |= std::uint64_t{1} << s;
  if (refused == 0) return 0;
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t s = 0; s < form.steps.size(); ++s) {
      const std::uint64_t bit = std::uint64_t{1} << s;
      if (((refused | dead) & bit) != 0 || (form.steps[s].waits & (refused | dead)) == 0) continue;
      dead |= bit;
      grew = true;
    }
  }
  return dead;
}

std::uint32_t State::HandOverOf(const Step& step) const {
  if (step.state != static_cast<std::uint8_t>(StepState::kHandedOver)) return 0;
  for (std::uint32_t at = step.side; at != 0; at = sides[at - 1].previous)
    if (sides[at - 1].kind == static_cast<std::uint8_t>(SideKind::kHandOver)) return sides[at - 1].who;
  return 0;
}

std::uint32_t FindForm(const State& state, const std::vector<std::uint32_t>& row) {
  const auto found = state.form_of.find(BytesOf(row));
  return found == state.form_of.end() ? TextIndex::kNone : found->second;
}

std::uint32_t InternForm(State& state, const std::vector<std::uint32_t>& row) {
  const auto [found, fresh] = state.form_of.try_emplace(BytesOf(row), static_cast<std::uint32_t>(state.forms.size()));
  if (!fresh) return found->second;
  state.forms.push_back(MakeForm(state, row[0], {row.begin() + 2, row.end()}).value());
  state.form_rows.insert(state.form_rows.end(), row.begin(), row.end());
  return found->second;
}

void Apply(State& state, const Origin& origin, const CaseApplied& e) {
  Case c{};
  c.form = FormOf(state, e.package.value, e.version.value, e.steps);
  c.seq = SeqForColumn(origin.seq);
  c.enterprise = e.enterprise ? e.enterprise->raw : 0;
  c.project = e.project ? e.project->raw : 0;
  c.applied_by = AccountOf(origin.by);
  if (c.applied_by != 0 && state.applicants[c.applied_by - 1] != 0) c.flags |= Case::kOnline;
  c.applied = DayNumber(e.day);
  c.accepted = c.closed = c.delivered = kNoDay;
  c.first_step = static_cast<std::uint32_t>(state.steps.size());
  c.first_paper = static_cast<std::uint32_t>(state.papers.size());
  state.steps.resize(state.steps.size() + e.steps.items.size(), Step{});
  state.papers.resize(state.papers.size() + state.FormOf(c).papers.size(), CasePaper{});
  Take(state, c, e.papers);
  Weigh(state, c);
  state.cases.push_back(c);
  LinkToProject(state, e.on.index());
}

void Apply(State& state, const Origin&, const CaseNotified& e) {
  Case& c = state.cases[e.on.index()];
  c.flags |= Case::kNotified;
  for (const Key<40>& key : e.papers.items)
    state.papers[c.first_paper + static_cast<std::size_t>(state.FormOf(c).FindPaper(key.value))].state =
        static_cast<std::uint8_t>(PaperState::kAsked);
}

void Apply(State& state, const Origin&, const CaseSupplied& e) {
  Case& c = state.cases[e.on.index()];
  Take(state, c, e.papers);
  Weigh(state, c);
}

void Apply(State& state, const Origin& origin, const CaseAccepted& e) {
  Case& c = state.cases[e.on.index()];
  c.life = static_cast<std::uint8_t>(Life::kRunning);
  c.accepted = DayNumber(e.day);
  c.accepted_by = AccountOf(origin.by);
  EnterOwed(state, e.on.index());
}

void Apply(State& state, const Origin&, const CaseWithdrawn& e) {
  LeaveOwed(state, e.on.index());
  Case& c = state.cases[e.on.index()];
  c.life = static_cast<std::uint8_t>(Life::kWithdrawn);
  c.closed = DayNumber(e.day);
}

void Apply(State& state, const Origin&, const CaseDelivered& e) {
  Case& c = state.cases[e.on.index()];
  c.delivered = DayNumber(e.day);
  c.delivery = static_cast<std::uint8_t>(1 + static_cast<int>(e.how));
}

void Apply(State& state, const Origin&, const CaseRated& e) {
  state.cases[e.on.index()].stars = static_cast<std::uint8_t>(e.stars.value);
}

void Apply(State& state, const Origin&, const CaseMigrated& e) {
  LeaveOwed(state, e.on.index());
  const Case before = state.cases[e.on.index()];
  const std::uint32_t old_form = before.form;
  Case c = before;
  c.form = FormOf(state, state.packages[state.forms[old_form].package].event.on.key, e.version.value, e.steps);
  c.first_step = static_cast<std::uint32_t>(state.steps.size());
  c.first_paper = static_cast<std::uint32_t>(state.papers.size());
  const Form &from = state.forms[old_form], &to = state.forms[c.form];
  const auto key = [&](const FormStep& step) -> const std::string& { return state.matters[step.matter].event.on.key; };
  for (const FormStep& step : to.steps) {
    Step row{};
    for (std::size_t s = 0; s < from.steps.size(); ++s)
      if (key(from.steps[s]) == key(step)) row = state.steps[before.first_step + s];
    state.steps.push_back(row);
  }
  for (const FormPaper& paper : to.papers) {
    const int at = from.FindPaper(paper.paper.value);
    const CasePaper row = at < 0 ? CasePaper{} : state.papers[before.first_paper + static_cast<std::size_t>(at)];
    state.papers.push_back(row);
  }
  Weigh(state, c);
  Settle(state, c, e.day);
  state.cases[e.on.index()] = c;
  EnterOwed(state, e.on.index());
}

void Apply(State& state, const Origin&, const StepReceived& e) {
  Step& step = StepFor(state, e);
  Set(step, StepState::kReceived);
  if (step.received == 0) step.received = DaysAfter(state.cases[e.on.index()], DayNumber(e.day));
}

void Apply(State& state, const Origin&, const StepSuspended& e) {
  Step& step = StepFor(state, e);
  Set(step, StepState::kSuspended);
  if (e.reason == Pause::supplement) step.flags |= kCorrected;
  Add(state, e, SideOf(SideKind::kPause, 0, DayNumber(e.day), e.days.value, static_cast<std::uint8_t>(e.reason)));
}

void Apply(State& state, const Origin&, const StepResumed& e) {
  Step& step = StepFor(state, e);
  Set(step, StepState::kReceived);
  EndPause(state, step, e.day);
}

void Apply(State& state, const Origin& origin, const ExtensionAsked& e) {
  StepFor(state, e).flags |= kExtensionAsked;
  Add(state, e, SideOf(SideKind::kExtensionAsked, AccountOf(origin.by), DayNumber(e.day), e.days.value, 0));
}

void Apply(State& state, const Origin& origin, const StepExtended& e) {
  StepFor(state, e).flags |= kExtended;
  Add(state, e, SideOf(SideKind::kExtension, AccountOf(origin.by), DayNumber(e.day), e.days.value, 0));
}

// Asked again, it is a request of its own.
void Apply(State& state, const Origin& origin, const ExtensionRejected& e) {
  StepFor(state, e).flags &= static_cast<std::uint8_t>(~kExtensionAsked);
  Add(state, e, SideOf(SideKind::kExtensionRejected, AccountOf(origin.by), DayNumber(e.day), e.days.value, 0));
}

void Apply(State& state, const Origin&, const CountersignAsked& e) {
  for (const UnitId unit : e.units.items) Add(state, e, SideOf(SideKind::kUnit, unit.raw, kNoDay, 0, 0));
}

void Apply(State& state, const Origin&, const ReviewerAdded& e) {
  Add(state, e, SideOf(SideKind::kReviewer, e.reviewer.raw, kNoDay, 0, 0));
}

void Apply(State& state, const Origin& origin, const StepAgreed& e) {
  for (std::uint32_t at = StepFor(state, e).side; at != 0; at = state.sides[at - 1].previous)
    if (Side& side = state.sides[at - 1]; IsAnsweredBy(side, e.owner_unit, origin.by)) side.detail = 1;
}

void Apply(State& state, const Origin&, const StepDecided& e) {
  const std::uint32_t at = e.on.index();
  LeaveOwed(state, at, IndexOf(e));
  Case& c = state.cases[at];
  Step& step = StepFor(state, e);
  Set(step, e.outcome == Outcome::approved ? StepState::kApproved : StepState::kRefused);
  step.decided = DaysAfter(c, DayNumber(e.day));
  if (e.by_rule) step.flags |= kByRule;
  if (step.received == 0) step.received = step.decided;
  const std::vector<FormStep>& steps = state.FormOf(c).steps;
  for (std::size_t s = 0; s < steps.size(); ++s)
    if ((steps[s].waits >> IndexOf(e) & 1) != 0) EnterOwed(state, at, s);
  Settle(state, c, e.day);
}

void Apply(State& state, const Origin&, const StepSentBack& e) {
  Step& step = StepFor(state, e);
  Set(step, StepState::kSentBack);
  if (step.sent_back < 255) ++step.sent_back;
}

void Apply(State& state, const Origin& origin, const CaseHandedOver& e) {
  const Case& c = state.cases[e.on.index()];
  const auto peer = static_cast<std::uint32_t>(state.peers.Find(e.to.value));
  state.hand_overs.push_back({e.on.raw, peer, SeqForColumn(origin.seq), 0, 0, DayNumber(e.day), kNoDay});
  const auto which = static_cast<std::uint32_t>(state.hand_overs.size());
  for (std::size_t s = 0; s < state.FormOf(c).steps.size(); ++s) {
    const std::string& key = state.matters[state.FormOf(c).steps[s].matter].event.on.key;
    if (std::find(e.matters.items.begin(), e.matters.items.end(), Key<40>{key}) == e.matters.items.end()) continue;
    Set(state.steps[c.first_step + s], StepState::kHandedOver);
    Add(state, e.on, s, SideOf(SideKind::kHandOver, which, DayNumber(e.day), 0, 0));
  }
}

void Apply(State& state, const Origin& origin, const CaseTakenOver& e) {
  const auto peer = static_cast<std::uint32_t>(state.peers.Find(e.from.value));
  state.take_overs.push_back({static_cast<std::uint64_t>(e.seq.value), e.on.raw, peer, e.origin.raw,
                              SeqForColumn(origin.seq), 0, DayNumber(e.accepted_on), DayNumber(e.day), kNoDay, e.leaf,
                              e.receipt});
}

void Apply(State& state, const Origin& origin, const ResultReturned& e) {
  for (TakeOver& taken : state.take_overs)
    if (taken.of == e.on.raw) taken.returned = SeqForColumn(origin.seq), taken.back = DayNumber(e.day);
}

void Apply(State& state, const Origin& origin, const ResultReceived& e) {
  LeaveOwed(state, e.on.index());
  Case& c = state.cases[e.on.index()];
  std::uint32_t which = 0;
  for (std::size_t i = 0; i < state.hand_overs.size(); ++i)
    if (state.hand_overs[i].of == e.on.raw &&
        state.hand_overs[i].seq == static_cast<std::uint64_t>(e.handed_over.value))
      which = static_cast<std::uint32_t>(i + 1);
  HandOver& out = state.hand_overs[which - 1];
  out.answered = SeqForColumn(origin.seq);
  out.answer_seq = static_cast<std::uint64_t>(e.seq.value);
  out.back = DayNumber(e.day);
  for (std::size_t s = 0; s < state.FormOf(c).steps.size(); ++s) {
    Step& step = state.steps[c.first_step + s];
    if (state.HandOverOf(step) != which) continue;
    const std::string& key = state.matters[state.FormOf(c).steps[s].matter].event.on.key;
    Set(step, StepState::kWaiting);
    for (const MatterResult& result : e.results.items) {
      if (result.matter.value != key || !result.outcome) continue;
      Set(step, *result.outcome == Outcome::approved ? StepState::kApproved : StepState::kRefused);
      step.decided = DaysAfter(c, out.back);
      if (step.received == 0) step.received = step.decided;
    }
  }
  Settle(state, c, e.day);
  EnterOwed(state, e.on.index());
}

}  // namespace landfall::cases
