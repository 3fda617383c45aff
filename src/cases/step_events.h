// SPDX-License-Identifier: Apache-2.0
// What happens to one step of a case. Steps are counted from 1 in the order of the case.
#pragma once

#include <variant>

#include "base/describe.h"
#include "cases/definition_events.h"

namespace landfall::cases {

struct CaseTag {
  static constexpr std::string_view kPrefix = "k", kSubject = "case";
};
using CaseId = Id<CaseTag>;

using StepNumber = Int<1, static_cast<std::int64_t>(kMattersMax)>;
inline constexpr std::int64_t kPauseDaysMax = 365;
inline constexpr std::size_t kCountersignersMax = 10;

// Why an office's clock may stand still; the articles stand in catalog/calendar/reasons.json under the same ids.
enum class Pause : std::uint8_t {
  hearing,            // 听证
  tender,             // 招标
  auction,            // 拍卖
  inspection,         // 检验
  test,               // 检测
  quarantine,         // 检疫
  appraisal,          // 鉴定
  expert_review,      // 专家评审
  special_procedure,  // 特别程序
  public_notice,      // 公示
  supplement          // 申请人补正; only by step.correct
};
BOOST_DESCRIBE_ENUM(Pause, hearing, tender, auction, inspection, test, quarantine, appraisal, expert_review,
                    special_procedure, public_notice, supplement)
// 行政许可法 第47条: a hearing is held within twenty working days; all pauses for it on one step count together.
inline constexpr std::int64_t kHearingDaysMax = 20;

enum class Outcome : std::uint8_t { approved, refused };
BOOST_DESCRIBE_ENUM(Outcome, approved, refused)

struct StepReceived {
  static constexpr EventInfo kInfo{"step.received", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  Day day;
};
BOOST_DESCRIBE_STRUCT(StepReceived, (), (step, day))

// The clock stands still for at most so many working days after `day`, or until step.resumed. Asking the applicant for
// a correction (supplement) happens once.
struct StepSuspended {
  static constexpr EventInfo kInfo{"step.suspended", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  Pause reason;
  Int<1, kPauseDaysMax> days;
  Day day;
};
BOOST_DESCRIBE_STRUCT(StepSuspended, (), (step, reason, days, day))

struct StepResumed {
  static constexpr EventInfo kInfo{"step.resumed", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  Day day;
};
BOOST_DESCRIBE_STRUCT(StepResumed, (), (step, day))

struct ExtensionAsked {
  static constexpr EventInfo kInfo{"step.extension_asked", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  Int<1, 15> days;  // In the unit of the limit.
  Day day;
};
BOOST_DESCRIBE_STRUCT(ExtensionAsked, (), (step, days, day))

struct StepExtended {
  static constexpr EventInfo kInfo{"step.extended", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  Int<1, 15> days;
  Day day;
};
BOOST_DESCRIBE_STRUCT(StepExtended, (), (step, days, day))

struct ExtensionRejected {
  static constexpr EventInfo kInfo{"step.extension_rejected", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  Int<1, 15> days;  // That were asked.
  Day day;
};
BOOST_DESCRIBE_STRUCT(ExtensionRejected, (), (step, days, day))

struct CountersignAsked {  // 会签
  static constexpr EventInfo kInfo{"step.countersign_asked", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  List<UnitId, kCountersignersMax> units;
};
BOOST_DESCRIBE_STRUCT(CountersignAsked, (), (step, units))

struct ReviewerAdded {  // 加签
  static constexpr EventInfo kInfo{"step.reviewer_added", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  AccountId reviewer;
};
BOOST_DESCRIBE_STRUCT(ReviewerAdded, (), (step, reviewer))

struct StepAgreed {
  static constexpr EventInfo kInfo{"step.agreed", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  UnitId owner_unit;  // In whose name.
};
BOOST_DESCRIBE_STRUCT(StepAgreed, (), (step, owner_unit))

struct StepDecided {
  static constexpr EventInfo kInfo{"step.decided", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  Outcome outcome;
  bool by_rule = false;  // Nobody weighed anything: the definition leaves no discretion and all papers are there.
  Day day;
};
BOOST_DESCRIBE_STRUCT(StepDecided, (), (step, outcome, by_rule, day))

struct StepSentBack {
  static constexpr EventInfo kInfo{"step.sent_back", 1, EventClass::kInternal, false};
  CaseId on;
  StepNumber step;
  Day day;
};
BOOST_DESCRIBE_STRUCT(StepSentBack, (), (step, day))

using StepEvents =
    std::variant<StepReceived, StepSuspended, StepResumed, ExtensionAsked, StepExtended, ExtensionRejected,
                 CountersignAsked, ReviewerAdded, StepAgreed, StepDecided, StepSentBack>;

}  // namespace landfall::cases
