// SPDX-License-Identifier: Apache-2.0
// Definitions 口径 of published numbers, as versioned records: every value names the version it was computed by.
#pragma once

#include "base/describe.h"
#include "figure/mechanism_events.h"
#include "ledger/event.h"
#include "project/events.h"

namespace landfall::figure {

// What is added up over the projects (or receipts) that a definition selects. Four measures of money are never added
// together.
// output_sum, tax_sum: what projects have brought, in the period in which the months that are told of end. jobs_sum,
// land_sum (hundredths of a 亩): how many each had when it last told in the period.
enum class Measure : std::uint8_t { project_count, investment_sum, funds_sum, output_sum, tax_sum, jobs_sum, land_sum };
BOOST_DESCRIBE_ENUM(Measure, project_count, investment_sum, funds_sum, output_sum, tax_sum, jobs_sum, land_sum)
inline constexpr int kMeasures = 7;
constexpr bool IsOfMilestone(Measure measure) {
  return measure == Measure::project_count || measure == Measure::investment_sum;
}
// Whether its value is a number of jobs or an area, and no money.
constexpr bool IsOfStock(Measure measure) { return measure == Measure::jobs_sum || measure == Measure::land_sum; }

struct FigureSubject {
  std::string key;
  std::string Subject() const { return "figure/" + key; }
  static Result<FigureSubject> Parse(std::string_view text) { return FigureSubject{std::string(text)}; }
};

struct FigureDefined {
  static constexpr EventInfo kInfo{"figure.defined", 1, EventClass::kPublic, false};
  FigureSubject on;
  Int<1, INT32_MAX> version;
  Measure measure;
  std::optional<Key<40>> ladder;        // Counts: projects on this ladder …
  std::optional<Key<40>> milestone;     // … that reached this milestone within the period.
  std::optional<Money> at_least_minor;  // 亿元以上: compared on exact minor units of the planned investment.
  std::optional<project::FundsKind> funds_kind;  // funds_sum only; absent: every kind.
  project::EvidenceLevel evidence;               // Records below it are left out, and counted as left out.
};
BOOST_DESCRIBE_STRUCT(FigureDefined, (), (version, measure, ladder, milestone, at_least_minor, funds_kind, evidence))

struct FigureNamed {
  static constexpr EventInfo kInfo{"figure.named", 1, EventClass::kPublic, true};
  FigureSubject on;
  Text<100> zh;
  Text<200> en;
};
BOOST_DESCRIBE_STRUCT(FigureNamed, (), (zh, en))

using Event = std::variant<FigureDefined, FigureNamed, MechanismDefined, MechanismWorded, MechanismEnded>;

}  // namespace landfall::figure
