// SPDX-License-Identifier: Apache-2.0
#include "app/case_clock.h"

#include <algorithm>

#include "app/query_calendar.h"

namespace landfall::app {
namespace {

using cases::Case;
using cases::kNoDay;
using cases::Side;
using cases::SideKind;
using cases::Step;
using cases::StepState;
using cases::ToTimeLimit;

// The day from which a step's time runs; kNoDay while it waits. A step that was begun before a migration made it wait
// keeps the day on which it was received.
std::int32_t BeganOn(const cases::State& s, const Case& of, std::size_t step) {
  const std::int32_t ready = s.ReadyOn(of, step);
  return ready != kNoDay ? ready : s.ReceivedOn(of, step);
}

// Every pause under a name of its own: how long it may last was said when it began, pause by pause.
void AddPauses(std::vector<Side>& pauses, const cases::State& s, const Step& step) {
  s.ForEachSide(step, [&](const Side& side) {
    if (side.kind == static_cast<std::uint8_t>(SideKind::kPause)) pauses.push_back(side);
  });
}
void Play(PausableClock& clock, std::vector<Side> pauses) {
  std::stable_sort(pauses.begin(), pauses.end(), [](const Side& a, const Side& b) { return a.from < b.from; });
  for (std::size_t i = 0; i < pauses.size(); ++i) {
    PauseReason reason;
    reason.id = std::to_string(i);
    reason.cap = WorkDays{pauses[i].days};
    clock.PauseFrom(reason, DayFromNumber(pauses[i].from));
    if (pauses[i].until != kNoDay) clock.Resume(reason.id, DayFromNumber(pauses[i].until));
  }
}

}  // namespace

const cases::Limit& LimitOf(const cases::MatterDefined& matter) {
  return matter.promised ? *matter.promised : *matter.statutory;
}

std::optional<PausableClock> StepClock(const State& state, const Case& of, std::size_t step, bool statutory) {
  const cases::State& s = state.cases;
  const std::int32_t began = BeganOn(s, of, step);
  if (began == kNoDay) return std::nullopt;
  const cases::MatterDefined& matter = s.matters[s.FormOf(of).steps[step].matter].event;
  if (statutory && !matter.statutory) return std::nullopt;
  const cases::Limit& limit = statutory ? *matter.statutory : LimitOf(matter);
  PausableClock clock =
      PausableClock::Start(DayFromNumber(of.applied), DayFromNumber(began), ToTimeLimit(limit)).value();
  const Step& row = s.StepAt(of, step);
  std::vector<Side> pauses;
  AddPauses(pauses, s, row);
  Play(clock, std::move(pauses));
  s.ForEachSide(row, [&](const Side& side) {
    if (side.kind == static_cast<std::uint8_t>(SideKind::kExtension))
      clock.Extend({"permit", DayFromNumber(side.from), side.days, AccountId{side.who}.ToString()});
  });
  const std::int32_t decided = s.DecidedOn(of, step), end = decided != kNoDay ? decided : of.closed;
  if (end != kNoDay) clock.Finish(DayFromNumber(end));
  return clock;
}

std::optional<PausableClock> CaseClock(const State& state, const Case& of) {
  const cases::State& s = state.cases;
  const cases::Form& form = s.FormOf(of);
  const auto& promised = s.packages[form.package].event.promised;
  if (!promised || of.accepted == kNoDay) return std::nullopt;
  PausableClock clock =
      PausableClock::Start(DayFromNumber(of.applied), DayFromNumber(of.accepted), ToTimeLimit(*promised)).value();
  std::vector<Side> pauses;
  for (std::size_t step = 0; step < form.steps.size(); ++step) {
    const Step& row = s.StepAt(of, step);
    const std::size_t before = pauses.size();
    AddPauses(pauses, s, row);
    // What a decision ended, stands still no longer.
    for (std::size_t p = before; p < pauses.size(); ++p)
      if (pauses[p].until == kNoDay) pauses[p].until = s.DecidedOn(of, step);
  }
  Play(clock, std::move(pauses));
  if (of.closed != kNoDay) clock.Finish(DayFromNumber(of.closed));
  return clock;
}

std::optional<Deadline> DueFrom(const WorkCalendar& calendar, const cases::MatterDefined& matter, Day began) {
  const cases::Limit& limit = LimitOf(matter);
  // Done on the day (即办): as the clock has it, on the next day of work where that day is none.
  auto due = limit.days.value == 0 ? calendar.Rolled(began, Roll::kForward) : calendar.After(began, ToTimeLimit(limit));
  return due ? std::optional(*due) : std::nullopt;
}

std::optional<Deadline> StepDue(const State& state, const WorkCalendar& calendar, const Case& of, std::size_t step,
                                Day as_of) {
  const cases::State& s = state.cases;
  if (s.StepAt(of, step).side == 0) {
    const std::int32_t began = BeganOn(s, of, step);
    if (began == kNoDay) return std::nullopt;
    return DueFrom(calendar, s.matters[s.FormOf(of).steps[step].matter].event, DayFromNumber(began));
  }
  const auto clock = StepClock(state, of, step);
  if (!clock) return std::nullopt;
  auto reading = clock->Read(calendar, std::max(as_of, clock->accepted()));
  return reading ? reading->due : std::nullopt;
}

Status CheckCaseClock(const State& state, const DecideContext& context, const AnyCommand& command) {
  return std::visit(
      [&](const auto& c) -> Status {
        using C = std::remove_cvref_t<decltype(c)>;
        if constexpr (std::is_same_v<C, cases::SuspendStep> || std::is_same_v<C, cases::CorrectStep> ||
                      std::is_same_v<C, cases::AskExtension>) {
          const cases::State& s = state.cases;
          if (!s.Knows(c.case_id, c.step)) return Ok{};
          const Case& of = s.cases[c.case_id.index()];
          const auto step = static_cast<std::size_t>(c.step.value - 1);
          if (s.StepAt(of, step).state != static_cast<std::uint8_t>(StepState::kReceived)) return Ok{};
          const auto due = StepDue(state, *CalendarOf(state), of, step, context.today);
          if (due && context.today > due->day) return Conflict("step.past_due", FormatDay(due->day), "step");
        }
        return Ok{};
      },
      command);
}

std::vector<CaseMove> CasesMoved(const State& state, const WorkCalendar& before, const WorkCalendar& after, Day as_of) {
  std::vector<CaseMove> moves;
  const cases::State& s = state.cases;
  for (std::size_t i = 0; i < s.cases.size(); ++i) {
    const Case& of = s.cases[i];
    if (of.life != static_cast<std::uint8_t>(cases::Life::kRunning)) continue;
    for (std::size_t step = 0; step < s.FormOf(of).steps.size(); ++step) {
      if (cases::IsDecided(static_cast<StepState>(s.StepAt(of, step).state))) continue;
      const auto was = StepDue(state, before, of, step, as_of), is = StepDue(state, after, of, step, as_of);
      if (was && is && *was != *is) moves.push_back({cases::CaseId::FromIndex(i), step, *was, *is});
    }
  }
  return moves;
}

PutOff PromisesPutOff(const State& state, Day today) {
  PutOff out;
  const std::optional<Day> published = CountsNationally(state) ? LastNoticeDay(today) : std::nullopt;
  if (!published || today - *published > std::chrono::days(kNoticeNewsDays)) return out;
  out.published = *published;
  out.moves = CasesMoved(state, *NationalCalendarKnownAt(*published - std::chrono::days(1)),
                         *NationalCalendarKnownAt(*published), today);
  std::erase_if(out.moves, [&](const CaseMove& move) {
    return !move.worsened() || state.cases.cases[move.case_id.index()].accepted >= DayNumber(*published);
  });
  return out;
}

}  // namespace landfall::app
