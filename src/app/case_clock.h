// SPDX-License-Identifier: Apache-2.0
// The two clocks of a case: the office's, which is held against its limit and stands still for what the law does not
// count, and the applicant's, which never stops. Computed from facts by the calendar that is known now, so that a
// notice moves every due day by itself; which of them it moves for the worse, CasesMoved says.
//
// Threads: reads only. Cost: O(1) look-ups a step, O(pauses) where there were any.
#pragma once

#include <optional>
#include <vector>

#include "app/state.h"
#include "calendar/affected.h"
#include "calendar/pausable_clock.h"

namespace landfall::app {

// The clock of a step since the day on which it could begin; none while it waits. `statutory`: against the limit of the
// law instead of the promise; none where there is no such limit.
std::optional<PausableClock> StepClock(const State& state, const cases::Case& of, std::size_t step,
                                       bool statutory = false);
// The clock of the whole against the package's promise: paused while any of its steps is. None without a promise or
// before acceptance.
std::optional<PausableClock> CaseClock(const State& state, const cases::Case& of);
// The promised limit, else the statutory one.
const cases::Limit& LimitOf(const cases::MatterDefined& matter);
// When a step that began on a day is due if nothing pauses or extends it; nothing beyond the calendar. What does never
// makes it due earlier.
std::optional<Deadline> DueFrom(const WorkCalendar& calendar, const cases::MatterDefined& matter, Day began);
// When a step is due; the same answer as StepClock's reading, without a clock where nothing paused it.
std::optional<Deadline> StepDue(const State& state, const WorkCalendar& calendar, const cases::Case& of,
                                std::size_t step, Day as_of);

// No limit comes back after it has passed. Errors: step.past_due (a correction, a suspension or an extension asked
// after the due day).
Status CheckCaseClock(const State& state, const DecideContext& context, const AnyCommand& command);

// A running step whose due day differs between two states of knowledge.
struct CaseMove {
  cases::CaseId case_id;
  std::size_t step;
  Deadline before, after;
  // Whoever waits for it hears of it only then: a later day, or one that is no longer certain.
  bool worsened() const { return after.day > before.day || (after.day == before.day && after.provisional); }
};
std::vector<CaseMove> CasesMoved(const State& state, const WorkCalendar& before, const WorkCalendar& after, Day as_of);

// What the last notice of holidays put off, while it is news: running steps of cases accepted before it was published
// whose due day is later by it or no longer certain. Empty where the plain week is counted. Cost: nothing without a
// notice of the last kNoticeNewsDays days; with one, two clocks for each open step.
inline constexpr int kNoticeNewsDays = 60;
struct PutOff {
  Day published{};
  std::vector<CaseMove> moves;
};
PutOff PromisesPutOff(const State& state, Day today);

}  // namespace landfall::app
