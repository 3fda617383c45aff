// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cases/course.h"

namespace landfall::cases {
namespace {

using Events = std::vector<Event>;

// A step of a running case that is in one of these states.
template <class C>
Status CheckStep(const State& state, const C& c, std::initializer_list<StepState> allowed) {
  if (!state.Knows(c.case_id, c.step)) return NotFound("step.unknown", {}, "step");
  const Case& of = state.cases[c.case_id.index()];
  const auto at = static_cast<StepState>(state.StepAt(of, static_cast<std::size_t>(c.step.value - 1)).state);
  if (LifeOf(state, c.case_id) == Life::kRunning)
    for (const StepState one : allowed)
      if (at == one) return Ok{};
  return Conflict("step.wrong_state", {}, "step");
}
template <class C>
const Step& StepOfCommand(const State& state, const C& c) {
  return state.StepAt(state.cases[c.case_id.index()], static_cast<std::size_t>(c.step.value - 1));
}
template <class C>
const FormStep& FormOfCommand(const State& state, const C& c) {
  return state.FormOf(state.cases[c.case_id.index()]).steps[static_cast<std::size_t>(c.step.value - 1)];
}

// Nobody decides on what they brought in or accepted.
template <class C>
Status CheckStranger(const State& state, const DecideContext& context, const C& c) {
  const Case& of = state.cases[c.case_id.index()];
  const std::uint32_t by = AccountOf(context.by);
  if (by == of.applied_by || by == of.accepted_by) return Forbidden("step.own_case", {}, "step");
  return Ok{};
}

template <class C>
Status CheckAgreed(const State& state, const C& c) {
  bool agreed = true;
  state.ForEachSide(StepOfCommand(state, c), [&](const Side& side) {
    const auto kind = static_cast<SideKind>(side.kind);
    if (kind == SideKind::kUnit || kind == SideKind::kReviewer) agreed = agreed && side.detail != 0;
  });
  if (!agreed) return Conflict("step.not_agreed", {}, "step");
  return Ok{};
}

// `in_hand`: a promise in writing is not enough.
template <class C>
Status CheckPapersOf(const State& state, const C& c, bool in_hand) {
  const Case& of = state.cases[c.case_id.index()];
  for (const std::uint16_t p : FormOfCommand(state, c).papers) {
    const auto held = static_cast<PaperState>(state.papers[of.first_paper + p].state);
    if (held != PaperState::kHanded && (in_hand || held != PaperState::kPromised))
      return Conflict("step.papers_lacking", state.FormOf(of).papers[p].paper.value, "step");
  }
  return Ok{};
}

template <class C>
bool IsReady(const State& state, const C& c) {
  return state.ReadyOn(state.cases[c.case_id.index()], static_cast<std::size_t>(c.step.value - 1)) != kNoDay;
}

template <class C>
bool IsAsked(const State& state, const C& c, SideKind kind, std::uint32_t who) {
  bool found = false;
  state.ForEachSide(StepOfCommand(state, c), [&](const Side& side) {
    found = found || (side.kind == static_cast<std::uint8_t>(kind) && side.who == who);
  });
  return found;
}

// The request for an extension that nobody has answered yet.
template <class C>
Result<Side> OpenRequest(const State& state, const DecideContext& context, const C& c) {
  const Step& step = StepOfCommand(state, c);
  if ((step.flags & kExtensionAsked) == 0 || (step.flags & kExtended) != 0)
    return Conflict("step.wrong_state", {}, "step");
  Side asked{};
  // Newest first: what was rejected before lies behind it.
  state.ForEachSide(step, [&](const Side& side) {
    if (asked.days == 0 && side.kind == static_cast<std::uint8_t>(SideKind::kExtensionAsked)) asked = side;
  });
  if (asked.who == AccountOf(context.by)) return Forbidden("step.own_request", {}, "step");
  return asked;
}

template <class C>
Events WithRemark(Event event, const C& c) {
  Events events{std::move(event)};
  if constexpr (std::is_same_v<decltype(c.remark), Text<500>>)
    events.emplace_back(CaseRemarked{c.case_id, c.remark});
  else if (c.remark)
    events.emplace_back(CaseRemarked{c.case_id, *c.remark});
  return events;
}

}  // namespace

Decided Decide(const State& state, const DecideContext& context, const ReceiveStep& c) {
  LF_TRY(CheckStep(state, c, {StepState::kWaiting, StepState::kSentBack}));
  if (!IsReady(state, c)) return Conflict("step.waits", {}, "step");
  return Events{StepReceived{c.case_id, c.step, context.today}};
}

Decided Decide(const State& state, const DecideContext& context, const CorrectStep& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived}));
  if ((StepOfCommand(state, c).flags & kCorrected) != 0) return Conflict("step.corrected_already", {}, "step");
  return WithRemark(StepSuspended{c.case_id, c.step, Pause::supplement, {c.days.value}, context.today}, c);
}

Decided Decide(const State& state, const DecideContext& context, const SuspendStep& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived}));
  // What the applicant has to mend is asked once, by step.correct.
  if (c.reason == Pause::supplement) return Invalid("step.reason_unlawful", {}, "reason");
  if (c.reason == Pause::hearing) {
    std::int64_t days = c.days.value;
    state.ForEachSide(StepOfCommand(state, c), [&](const Side& side) {
      if (side.kind == static_cast<std::uint8_t>(SideKind::kPause) &&
          side.detail == static_cast<std::uint8_t>(Pause::hearing))
        days += side.days;
    });
    if (days > kHearingDaysMax) return Conflict("step.suspension_over_cap", {}, "days");
  }
  return WithRemark(StepSuspended{c.case_id, c.step, c.reason, c.days, context.today}, c);
}

Decided Decide(const State& state, const DecideContext& context, const ResumeStep& c) {
  LF_TRY(CheckStep(state, c, {StepState::kSuspended}));
  return Events{StepResumed{c.case_id, c.step, context.today}};
}

Decided Decide(const State& state, const DecideContext& context, const AskExtension& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived}));
  const MatterKind kind = state.matters[FormOfCommand(state, c).matter].event.kind;
  const std::int64_t most = kind == MatterKind::licence ? 10 : kind == MatterKind::joint ? 15 : 0;
  if (c.days.value > most) return Conflict("step.not_extendable", std::to_string(most), "days");
  if ((StepOfCommand(state, c).flags & kExtensionAsked) != 0) return Conflict("step.extended_already", {}, "step");
  return WithRemark(ExtensionAsked{c.case_id, c.step, c.days, context.today}, c);
}

Decided Decide(const State& state, const DecideContext& context, const ApproveExtension& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived, StepState::kSuspended}));
  LF_ASSIGN(const Side asked, OpenRequest(state, context, c));
  return Events{StepExtended{c.case_id, c.step, {asked.days}, context.today}};
}

Decided Decide(const State& state, const DecideContext& context, const RejectExtension& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived, StepState::kSuspended}));
  LF_ASSIGN(const Side asked, OpenRequest(state, context, c));
  return WithRemark(ExtensionRejected{c.case_id, c.step, {asked.days}, context.today}, c);
}

Decided Decide(const State& state, const DecideContext&, const AskCountersign& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived, StepState::kSuspended}));
  if (c.units.items.empty()) return NotFound("unit.unknown", {}, "units");
  std::vector<UnitId> seen;
  for (const UnitId unit : c.units.items) {
    if (!unit || unit.raw > state.units) return NotFound("unit.unknown", {}, "units");
    if (std::find(seen.begin(), seen.end(), unit) != seen.end() || IsAsked(state, c, SideKind::kUnit, unit.raw))
      return Conflict("step.asked_already", {}, "units");
    seen.push_back(unit);
  }
  return Events{CountersignAsked{c.case_id, c.step, c.units}};
}

Decided Decide(const State& state, const DecideContext&, const AddReviewer& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived, StepState::kSuspended}));
  if (!c.reviewer || c.reviewer.raw > state.account_unit.size()) return NotFound("account.unknown", {}, "reviewer");
  if (IsAsked(state, c, SideKind::kReviewer, c.reviewer.raw)) return Conflict("step.asked_already", {}, "reviewer");
  return Events{ReviewerAdded{c.case_id, c.step, c.reviewer}};
}

Decided Decide(const State& state, const DecideContext& context, const AgreeToStep& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived, StepState::kSuspended}));
  bool asked = false;
  state.ForEachSide(StepOfCommand(state, c),
                    [&](const Side& side) { asked = asked || IsAnsweredBy(side, c.owner_unit, context.by); });
  if (!asked) return Conflict("step.not_asked", {}, "owner_unit");
  LF_TRY(CheckStranger(state, context, c));
  return WithRemark(StepAgreed{c.case_id, c.step, c.owner_unit}, c);
}

Decided Decide(const State& state, const DecideContext& context, const ApproveStep& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived}));
  LF_TRY(CheckStranger(state, context, c));
  LF_TRY(CheckAgreed(state, c));
  LF_TRY(CheckPapersOf(state, c, false));
  return WithRemark(StepDecided{c.case_id, c.step, Outcome::approved, false, context.today}, c);
}

Decided Decide(const State& state, const DecideContext& context, const RefuseStep& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived}));
  LF_TRY(CheckStranger(state, context, c));
  LF_TRY(CheckAgreed(state, c));
  return WithRemark(StepDecided{c.case_id, c.step, Outcome::refused, false, context.today}, c);
}

Decided Decide(const State& state, const DecideContext& context, const SendStepBack& c) {
  LF_TRY(CheckStep(state, c, {StepState::kReceived}));
  LF_TRY(CheckStranger(state, context, c));
  return WithRemark(StepSentBack{c.case_id, c.step, context.today}, c);
}

Decided Decide(const State& state, const DecideContext& context, const ApproveByRule& c) {
  LF_TRY(CheckStep(state, c, {StepState::kWaiting}));
  if (!IsReady(state, c)) return Conflict("step.waits", {}, "step");
  if (state.matters[FormOfCommand(state, c).matter].event.discretion)
    return Conflict("step.has_discretion", {}, "step");
  LF_TRY(CheckPapersOf(state, c, true));
  if (AccountOf(context.by) != state.cases[c.case_id.index()].accepted_by)
    return Forbidden("step.not_accepter", {}, "step");
  return Events{StepDecided{c.case_id, c.step, Outcome::approved, true, context.today}};
}

}  // namespace landfall::cases
