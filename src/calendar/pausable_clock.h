// SPDX-License-Identifier: Apache-2.0
// The clock of one matter: it runs from acceptance, stands still for what the law does not count, and can be extended.
//
// Two faces. The *office's* time is what its limit is measured against; the *applicant's* whole waiting time runs from
// the day of submission and never stops. Showing only the first is how an approval of "20 working days" takes a year.
//
// Rules, each with a test of its name:
// - Every interval opens after its first day and closes with its last. So the day of acceptance is not counted; of a
//   pause from P to R the days after P up to and including R are left out, the day P having been worked and the day R
//   being day 0 of what remains. Pausing and resuming on one day leaves out nothing.
// - A pause may begin on the due day itself. Then the due day becomes the day of resumption, or the next working day.
// - A pause cannot begin after the due day: it cannot bring back a missed deadline.
// - Pauses for different reasons may overlap; a day is left out once. One reason cannot pause twice at a time.
// - A reason's cap counts its own working days over all its pauses on this clock. When it is used up the clock runs
//   again by itself, resumed or not, and the days beyond are shown as `over_cap`.
// - Facts of one kind are recorded in the order of their days; what was written wrongly is corrected by writing the
//   clock anew from its corrected facts.
// - After the cut-off hour or on a day off an act counts for the next working day: OfficeHours::AcceptedOn makes that
//   day, this class takes it.
//
// The facts know no calendar: the same clock is read again with the next one when a notice arrives.
// `May…` refuse and write nothing (Decide); Pause, Resume, Extend and Finish cannot fail (Apply).
// Threads: like any value. Cost: Read and May… O(pauses).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/pause_reasons.h"
#include "calendar/work_calendar.h"

namespace landfall {

enum class ClockState : std::uint8_t { kRunning, kPaused, kFinished };

// Counts without a type are in the unit of the clock's limit.
struct ClockReading {
  ClockState state = ClockState::kRunning;
  std::optional<Deadline> due;  // None while a pause without cap stands open.
  bool due_is_latest = false;   // The due day supposes that an open pause uses up its cap.
  int limit = 0;                // With extensions.
  int office = 0;               // Used of it (办件时间).
  int remaining = 0;            // Negative when over.
  int left_out = 0;             // Since acceptance, not counted.
  WorkDays over_cap;            // Days of pauses that were counted after all.
  WorkDays waiting_work_days;   // The applicant's, from submission (申请人等待时间).
  CalendarDays waiting_calendar_days;
  bool late = false;  // The due day has passed.
};

class PausableClock {
 public:
  struct Pause {
    std::string reason;  // Id in the table of reasons.
    Day from;
    std::optional<WorkDays> cap;  // As the table had it that day; later tables do not change a past pause.
    std::optional<Day> resumed;
  };
  struct Extension {
    std::string rule;  // Id in the table of extensions.
    Day granted_on;
    int extra = 0;         // In the unit of the limit.
    std::string approver;  // Id of the post that approved, e.g. "j7".
  };

  // Errors: clock.accepted_before_submitted, clock.limit_out_of_range (0, on the day, … kCountMax),
  // calendar.out_of_range.
  static Result<PausableClock> Start(Day submitted, Day accepted, TimeLimit limit);

  // Errors, in this order: clock.finished, clock.not_notified (the reason asks for a written notice),
  // clock.pause_before_acceptance, clock.out_of_order (before an earlier recorded pause), clock.already_paused (for
  // this reason), clock.cap_used_up, clock.pause_after_due.
  Status MayPause(const WorkCalendar& calendar, const PauseReason& reason, Day from, bool notified_in_writing) const;
  // Errors: clock.finished, clock.not_paused (for this reason), clock.resume_before_pause.
  Status MayResume(std::string_view reason, Day on) const;
  // Errors: clock.finished, clock.extension_empty (extra < 1), clock.approver_missing, clock.extension_over_cap,
  // clock.out_of_order (before acceptance or an earlier extension), clock.extension_after_due.
  Status MayExtend(const WorkCalendar& calendar, const ExtensionRule& rule, const Extension& extension) const;
  // Errors: clock.finished, clock.out_of_order (before a recorded fact).
  Status MayFinish(Day on) const;

  void PauseFrom(const PauseReason& reason, Day from) { pauses_.push_back({reason.id, from, reason.cap, {}}); }
  void Resume(std::string_view reason, Day on);
  void Extend(Extension extension) { extensions_.push_back(std::move(extension)); }
  void Finish(Day on) { finished_ = on; }

  // The clock at the end of `as_of`; what was recorded for later days is not seen.
  // Errors: clock.not_started (before acceptance), calendar.out_of_range.
  Result<ClockReading> Read(const WorkCalendar& calendar, Day as_of) const;

  Day submitted() const { return submitted_; }
  Day accepted() const { return accepted_; }
  TimeLimit limit() const { return limit_; }
  const std::vector<Pause>& pauses() const { return pauses_; }
  const std::vector<Extension>& extensions() const { return extensions_; }
  std::optional<Day> finished() const { return finished_; }

 private:
  class Reader;
  PausableClock(Day submitted, Day accepted, TimeLimit limit)
      : submitted_(submitted), accepted_(accepted), limit_(limit) {}
  const Pause* OpenPause(std::string_view reason) const;
  Day LastRecorded() const;

  Day submitted_, accepted_;
  TimeLimit limit_;
  std::vector<Pause> pauses_;          // By `from`.
  std::vector<Extension> extensions_;  // By `granted_on`.
  std::optional<Day> finished_;
};

}  // namespace landfall
