// SPDX-License-Identifier: Apache-2.0
#include "calendar/pausable_clock.h"

#include <algorithm>
#include <utility>

namespace landfall {

// One walk over the pauses, for one calendar and one day.
class PausableClock::Reader {
 public:
  Reader(const PausableClock& clock, const WorkCalendar& calendar, Day as_of)
      : clock_(clock),
        calendar_(calendar),
        end_(std::min(as_of, clock.finished_.value_or(as_of))),
        covered_(clock.accepted_) {}

  Result<ClockReading> Read() {
    reading_.limit = clock_.limit_.count;
    for (const Extension& extension : clock_.extensions_)
      if (extension.granted_on <= end_) reading_.limit += extension.extra;
    due_number_ = NumberOf(clock_.accepted_) + reading_.limit;
    LF_ASSIGN(due_, LastDay());
    for (const Pause& pause : clock_.pauses_)
      if (pause.from <= end_) LF_TRY(Take(pause));
    LF_TRY(Sum());
    return reading_;
  }

 private:
  bool InWorkDays() const { return clock_.limit_.unit == TimeLimit::Unit::kWorkDays; }
  // A day's place on the line on which the limit is counted.
  std::int64_t NumberOf(Day day) const { return InWorkDays() ? calendar_.WorkDayNumber(day) : DayNumber(day); }
  // The day of `due_number_`. The way to it through working days is uncertain where any day of it is; calendar days
  // are certain but for the roll.
  Result<Deadline> LastDay() const {
    if (!InWorkDays()) return calendar_.Rolled(Day(std::chrono::days(due_number_)), clock_.limit_.roll);
    LF_ASSIGN(const Day day, calendar_.WorkDayAt(due_number_));
    // Done on the day (即办), and that day nobody works.
    if (day < clock_.accepted_) return calendar_.Rolled(clock_.accepted_, Roll::kForward);
    LF_ASSIGN(const bool provisional, calendar_.Provisional(clock_.accepted_ + std::chrono::days(1), day));
    return Deadline{day, provisional};
  }

  // The day with which a pause ends: resumed, cut by its cap, or not yet.
  Result<std::optional<Day>> EndOf(const Pause& pause) {
    std::optional<Day> until;
    if (pause.resumed && *pause.resumed <= end_) until = pause.resumed;
    if (!until && clock_.finished_ && *clock_.finished_ <= end_) until = end_;
    if (!pause.cap) return until;
    int& left = CapLeft(pause);
    LF_ASSIGN(const Deadline capped, calendar_.After(pause.from, WorkDays{left}));
    const Day really = until.value_or(end_);
    if (really > capped.day)
      reading_.over_cap.count += calendar_.WorkDayNumber(really) - calendar_.WorkDayNumber(capped.day);
    if (capped.day < until.value_or(kLastDay)) cap_provisional_ |= capped.provisional;
    until = std::min(until.value_or(capped.day), capped.day);
    left -= calendar_.WorkDayNumber(*until) - calendar_.WorkDayNumber(pause.from);
    return until;
  }

  Status Take(const Pause& pause) {
    LF_ASSIGN(const std::optional<Day> until, EndOf(pause));
    const bool open = !until || *until > end_;
    if (open) reading_.state = ClockState::kPaused;
    const Day from = std::max(pause.from, covered_);  // What an earlier pause covers is left out already.
    const Day shown = std::min(until.value_or(end_), end_);
    if (shown > from) reading_.left_out += static_cast<int>(NumberOf(shown) - NumberOf(from));
    covered_ = std::max(covered_, until.value_or(kLastDay));
    if (!due_ || pause.from > due_->day) return Ok{};
    if (!until) {
      due_.reset();
    } else if (*until > from) {
      reading_.due_is_latest |= open;
      LF_TRY(PutOff(NumberOf(*until) - NumberOf(from), *until));
    }
    return Ok{};
  }

  // A due day never lies within a pause: one that was paused on becomes the day of resumption or the next working day.
  Status PutOff(std::int64_t days, Day resumed) {
    due_number_ += days;
    LF_ASSIGN(due_, LastDay());
    if (due_->day >= resumed) return Ok{};
    LF_ASSIGN(const Deadline next, calendar_.Rolled(resumed, Roll::kForward));
    due_number_ = NumberOf(next.day);
    LF_ASSIGN(due_, LastDay());
    due_->provisional |= next.provisional;
    return Ok{};
  }

  Status Sum() {
    if (clock_.finished_ && *clock_.finished_ <= end_) reading_.state = ClockState::kFinished;
    reading_.office = static_cast<int>(NumberOf(end_) - NumberOf(clock_.accepted_)) - reading_.left_out;
    reading_.remaining = reading_.limit - reading_.office;
    LF_ASSIGN(const WorkSpan waiting, calendar_.Between(clock_.submitted_, end_));
    reading_.waiting_work_days = waiting.days;
    reading_.waiting_calendar_days = CalendarDays{DayNumber(end_) - DayNumber(clock_.submitted_)};
    if (!due_) return Ok{};
    reading_.due = Deadline{due_->day, due_->provisional || cap_provisional_};
    reading_.late = end_ > due_->day;
    return Ok{};
  }

  int& CapLeft(const Pause& pause) {
    for (auto& [reason, left] : caps_)
      if (reason == pause.reason) return left;
    return caps_.emplace_back(pause.reason, pause.cap->count).second;
  }

  const PausableClock& clock_;
  const WorkCalendar& calendar_;
  const Day end_;  // Nothing after it is seen.
  Day covered_;    // Up to here pauses are accounted for.
  std::int64_t due_number_ = 0;
  std::optional<Deadline> due_;
  bool cap_provisional_ = false;                        // Where a cap ended a pause on a day that is not certain.
  std::vector<std::pair<std::string_view, int>> caps_;  // What is left of each reason's; there are few reasons.
  ClockReading reading_;
};

Result<PausableClock> PausableClock::Start(Day submitted, Day accepted, TimeLimit limit) {
  if (submitted < kFirstDay || accepted > kLastDay) return Invalid("calendar.out_of_range", {}, "accepted");
  if (accepted < submitted) return Invalid("clock.accepted_before_submitted", {}, "accepted");
  if (limit.count < 0 || limit.count > kCountMax) return Invalid("clock.limit_out_of_range", {}, "limit");
  return PausableClock(submitted, accepted, limit);
}

const PausableClock::Pause* PausableClock::OpenPause(std::string_view reason) const {
  for (const Pause& pause : pauses_)
    if (pause.reason == reason && !pause.resumed) return &pause;
  return nullptr;
}

Day PausableClock::LastRecorded() const {
  Day last = accepted_;
  for (const Pause& pause : pauses_) last = std::max({last, pause.from, pause.resumed.value_or(pause.from)});
  if (!extensions_.empty()) last = std::max(last, extensions_.back().granted_on);
  return last;
}

Status PausableClock::MayPause(const WorkCalendar& calendar, const PauseReason& reason, Day from,
                               bool notified_in_writing) const {
  if (finished_) return Conflict("clock.finished");
  if (reason.written_notice && !notified_in_writing) return Invalid("clock.not_notified", {}, "notified_in_writing");
  if (from < accepted_) return Invalid("clock.pause_before_acceptance", {}, "from");
  if (!pauses_.empty() && from < pauses_.back().from) return Invalid("clock.out_of_order", {}, "from");
  if (OpenPause(reason.id)) return Conflict("clock.already_paused", {}, "reason");
  if (reason.cap) {
    int left = reason.cap->count;
    for (const Pause& pause : pauses_)
      if (pause.reason == reason.id)
        left -= calendar.WorkDayNumber(*pause.resumed) - calendar.WorkDayNumber(pause.from);
    if (left <= 0) return Conflict("clock.cap_used_up", {}, "reason");
  }
  LF_ASSIGN(const ClockReading reading, Read(calendar, from));
  if (reading.due && from > reading.due->day) return Conflict("clock.pause_after_due", {}, "from");
  return Ok{};
}

Status PausableClock::MayResume(std::string_view reason, Day on) const {
  if (finished_) return Conflict("clock.finished");
  const Pause* const open = OpenPause(reason);
  if (!open) return Conflict("clock.not_paused", {}, "reason");
  if (on < open->from) return Invalid("clock.resume_before_pause", {}, "on");
  return Ok{};
}

Status PausableClock::MayExtend(const WorkCalendar& calendar, const ExtensionRule& rule,
                                const Extension& extension) const {
  if (finished_) return Conflict("clock.finished");
  if (extension.extra < 1) return Invalid("clock.extension_empty", {}, "extra");
  if (extension.approver.empty()) return Invalid("clock.approver_missing", {}, "approver");
  std::int64_t extra = extension.extra;
  for (const Extension& earlier : extensions_) extra += earlier.extra;
  if (extra > rule.extra_max) return Conflict("clock.extension_over_cap", {}, "extra");
  const Day earliest = extensions_.empty() ? accepted_ : extensions_.back().granted_on;
  if (extension.granted_on < earliest) return Invalid("clock.out_of_order", {}, "granted_on");
  LF_ASSIGN(const ClockReading reading, Read(calendar, extension.granted_on));
  if (reading.late) return Conflict("clock.extension_after_due", {}, "granted_on");
  return Ok{};
}

Status PausableClock::MayFinish(Day on) const {
  if (finished_) return Conflict("clock.finished");
  if (on < LastRecorded()) return Invalid("clock.out_of_order", {}, "on");
  return Ok{};
}

void PausableClock::Resume(std::string_view reason, Day on) {
  for (Pause& pause : pauses_)
    if (pause.reason == reason && !pause.resumed) pause.resumed = on;
}

Result<ClockReading> PausableClock::Read(const WorkCalendar& calendar, Day as_of) const {
  if (as_of < accepted_) return Invalid("clock.not_started", {}, "as_of");
  if (as_of > kLastDay) return Invalid("calendar.out_of_range", {}, "as_of");
  return Reader(*this, calendar, as_of).Read();
}

}  // namespace landfall
