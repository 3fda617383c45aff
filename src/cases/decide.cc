// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cases/course.h"

namespace landfall::cases {
namespace {

using Events = std::vector<Event>;

constexpr int kFollowDaysMax = 90;

Status CheckPapers(const Form& form, const List<HandedPaper, kCasePapersMax>& papers, Day today) {
  std::vector<bool> seen(form.papers.size());
  for (const HandedPaper& told : papers.items) {
    const int at = form.FindPaper(told.paper.value);
    if (at < 0) return NotFound("case.paper_unknown", told.paper.value, "papers");
    const auto i = static_cast<std::size_t>(at);
    if (seen[i]) return Invalid("case.paper_repeated", told.paper.value, "papers");
    seen[i] = true;
    LF_TRY(CheckPaper(form.papers[i], told, today));
  }
  return Ok{};
}

bool HasExpired(const Case& c, const CasePaper& paper, Day today) {
  return paper.state == static_cast<std::uint8_t>(PaperState::kHanded) && paper.until != 0 &&
         DayAfter(c, paper.until) < DayNumber(today);
}

List<StepOf, kMattersMax> StepsOf(const State& state, const std::vector<std::uint32_t>& matters) {
  List<StepOf, kMattersMax> steps;
  for (const std::uint32_t matter : matters) {
    const MatterDefined& defined = state.matters[matter].event;
    steps.items.push_back({{defined.on.key}, defined.version});
  }
  return steps;
}

// The versions in force of those matters of a package for which `take` says yes, in its order.
template <class F>
std::vector<std::uint32_t> MattersOf(const State& state, const PackageDefined& package, Day on, F&& take) {
  std::vector<std::uint32_t> matters;
  for (const Key<40>& key : package.matters.items)
    if (take(key.value)) matters.push_back(static_cast<std::uint32_t>(state.FindMatter(key.value, on)));
  return matters;
}

// A form that is in use has no cycle.
Status CheckForm(const State& state, std::uint32_t package, const std::vector<std::uint32_t>& matters) {
  if (FindForm(state, FormRow(package, matters)) != TextIndex::kNone) return Ok{};
  LF_TRY(MakeForm(state, package, matters));
  return Ok{};
}

}  // namespace

Status CheckKnown(const State& state, CaseId id) {
  if (!state.Knows(id)) return NotFound("case.unknown", {}, "case_id");
  return Ok{};
}

Status CheckLife(const State& state, CaseId id, std::initializer_list<Life> allowed) {
  LF_TRY(CheckKnown(state, id));
  const Life life = LifeOf(state, id);
  for (const Life one : allowed)
    if (life == one) return Ok{};
  return Conflict("case.wrong_state", {}, "case_id");
}

Status CheckPaper(const FormPaper& asked, const HandedPaper& told, Day today) {
  if (told.how != Handed::handed && !(told.how == Handed::later ? asked.may_follow : asked.may_promise))
    return Conflict("case.paper_may_not_follow", told.paper.value, "papers");
  if (told.how == Handed::handed && asked.has_validity && !told.valid_until)
    return Invalid("case.validity_missing", told.paper.value, "papers");
  if (told.valid_until && *told.valid_until < today) return Conflict("case.paper_expired", told.paper.value, "papers");
  const bool follows = told.how == Handed::later;
  if (follows != told.due_on.has_value() ||
      (follows && (*told.due_on <= today || *told.due_on > today + std::chrono::days(kFollowDaysMax))))
    return Invalid("case.follow_day_wrong", told.paper.value, "papers");
  return Ok{};
}

Decided Decide(const State& state, const DecideContext& context, const ApplyForCase& c) {
  const int found = state.FindPackage(c.package.value, context.today);
  if (found < 0) return NotFound("package.unknown", {}, "package");
  const auto at = static_cast<std::uint32_t>(found);
  const PackageDefined& package = state.packages[at].event;
  const auto& wanted = c.matters.items;
  const auto applies = [&](std::string_view key) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const Key<40>& k) { return k.value == key; });
  };
  for (const Key<40>& key : wanted)
    if (std::find(package.matters.items.begin(), package.matters.items.end(), key) == package.matters.items.end())
      return NotFound("case.matter_not_in_package", key.value, "matters");
  const std::vector<std::uint32_t> matters = MattersOf(state, package, context.today, applies);
  if (matters.empty()) return NotFound("case.matter_not_in_package", {}, "matters");
  const std::uint32_t known = FindForm(state, FormRow(at, matters));
  std::optional<Form> made;
  if (known == TextIndex::kNone) {
    LF_ASSIGN(made, MakeForm(state, at, matters));
  }
  const Form& form = made ? *made : state.forms[known];
  if (c.enterprise && (!*c.enterprise || c.enterprise->raw > state.enterprises))
    return NotFound("enterprise.unknown", {}, "enterprise");
  if (c.project && (!*c.project || c.project->raw > state.projects)) return NotFound("project.unknown", {}, "project");
  LF_TRY(CheckPapers(form, c.papers, context.today));
  const CaseId id = CaseId::FromIndex(state.cases.size());
  Events events{CaseApplied{id, c.package, package.version, StepsOf(state, matters), c.enterprise, c.project, c.papers,
                            context.today}};
  if (c.text) events.emplace_back(CaseWorded{id, *c.text});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const NotifyOnce& c) {
  LF_TRY(CheckLife(state, c.case_id, {Life::kIncomplete}));
  const Case& of = state.cases[c.case_id.index()];
  const Form& form = state.FormOf(of);
  std::vector<bool> named(form.papers.size());
  bool stranger = false;
  for (const Key<40>& key : c.papers.items) {
    const int at = form.FindPaper(key.value);
    stranger = stranger || at < 0;
    if (at >= 0) named[static_cast<std::size_t>(at)] = true;
  }
  bool all = !stranger, more = stranger;
  for (std::size_t p = 0; p < named.size(); ++p) {
    const auto held = static_cast<PaperState>(state.papers[of.first_paper + p].state);
    all = all && named[p] == IsLacking(held);
    more = more || (named[p] && held != PaperState::kAsked);
  }
  if (of.notified() && more) return Conflict("case.notice_asks_more", {}, "papers");
  if (of.notified()) return Conflict("case.notified_already", {}, "case_id");
  if (!all) return Invalid("case.notice_incomplete", {}, "papers");
  Events events{CaseNotified{c.case_id, c.papers, context.today}};
  if (c.remark) events.emplace_back(CaseRemarked{c.case_id, *c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const SupplyPapers& c) {
  LF_TRY(CheckLife(state, c.case_id, {Life::kIncomplete, Life::kApplied, Life::kRunning}));
  const Case& of = state.cases[c.case_id.index()];
  const Form& form = state.FormOf(of);
  LF_TRY(CheckPapers(form, c.papers, context.today));
  for (const HandedPaper& told : c.papers.items) {
    const CasePaper& held = state.papers[of.first_paper + static_cast<std::size_t>(form.FindPaper(told.paper.value))];
    if (held.state == static_cast<std::uint8_t>(PaperState::kHanded) && !HasExpired(of, held, context.today))
      return Conflict("case.paper_handed_already", told.paper.value, "papers");
    // What was to follow is handed in; it is not put off once more.
    if (told.how != Handed::handed && !IsLacking(static_cast<PaperState>(held.state)))
      return Conflict("case.paper_handed_already", told.paper.value, "papers");
  }
  return Events{CaseSupplied{c.case_id, c.papers, context.today}};
}

Decided Decide(const State& state, const DecideContext& context, const AcceptCase& c) {
  LF_TRY(CheckLife(state, c.case_id, {Life::kIncomplete, Life::kApplied}));
  if (LifeOf(state, c.case_id) == Life::kIncomplete) return Conflict("case.papers_lacking", {}, "case_id");
  const Case& of = state.cases[c.case_id.index()];
  const Form& form = state.FormOf(of);
  for (std::size_t p = 0; p < form.papers.size(); ++p)
    if (HasExpired(of, state.papers[of.first_paper + p], context.today))
      return Conflict("case.paper_expired", form.papers[p].paper.value, "case_id");
  return Events{CaseAccepted{c.case_id, context.today}};
}

Decided Decide(const State& state, const DecideContext& context, const WithdrawCase& c) {
  LF_TRY(CheckLife(state, c.case_id, {Life::kIncomplete, Life::kApplied, Life::kRunning}));
  Events events{CaseWithdrawn{c.case_id, context.today}};
  if (c.remark) events.emplace_back(CaseRemarked{c.case_id, *c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const DeliverCase& c) {
  LF_TRY(CheckLife(state, c.case_id, {Life::kApproved, Life::kRefused}));
  if (state.cases[c.case_id.index()].delivered != kNoDay) return Conflict("case.wrong_state", {}, "case_id");
  return Events{CaseDelivered{c.case_id, c.how, context.today}};
}

Decided Decide(const State& state, const DecideContext&, const RateCase& c) {
  LF_TRY(CheckKnown(state, c.case_id));
  const Case& of = state.cases[c.case_id.index()];
  if (of.delivered == kNoDay || of.stars != 0) return Conflict("case.wrong_state", {}, "case_id");
  Events events{CaseRated{c.case_id, c.stars}};
  if (c.remark) events.emplace_back(CaseRemarked{c.case_id, *c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const MigrateCase& c) {
  LF_TRY(CheckLife(state, c.case_id, {Life::kIncomplete, Life::kApplied, Life::kRunning}));
  const Case& of = state.cases[c.case_id.index()];
  const Form& form = state.FormOf(of);
  const int found = state.FindPackage(state.packages[form.package].event.on.key, context.today);
  const auto at = static_cast<std::uint32_t>(found);
  const PackageDefined& package = state.packages[at].event;
  std::vector<std::uint32_t> held;
  for (const FormStep& step : form.steps) held.push_back(step.matter);
  const std::vector<std::uint32_t> matters = MattersOf(state, package, context.today, [&](std::string_view key) {
    return std::any_of(held.begin(), held.end(), [&](std::uint32_t m) { return state.matters[m].event.on.key == key; });
  });
  if (at == form.package && matters == held) return Conflict("case.newest_already", {}, "case_id");
  for (std::size_t s = 0; s < held.size(); ++s) {
    const std::string& key = state.matters[held[s]].event.on.key;
    const bool stays = std::any_of(matters.begin(), matters.end(),
                                   [&](std::uint32_t m) { return state.matters[m].event.on.key == key; });
    if (!stays && state.StepAt(of, s).state != static_cast<std::uint8_t>(StepState::kWaiting))
      return Conflict("case.migration_loses_step", key, "case_id");
  }
  if (matters.empty()) return Conflict("case.migration_loses_step", {}, "case_id");
  LF_TRY(CheckForm(state, at, matters));
  return Events{CaseMigrated{c.case_id, package.version, StepsOf(state, matters), context.today}};
}

}  // namespace landfall::cases
