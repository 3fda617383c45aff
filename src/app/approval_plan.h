// SPDX-License-Identifier: Apache-2.0
// The plan of a package for one case: which matters apply and why, how soon it can lawfully be done, what holds it up,
// and which papers are asked. And what is wrong with a catalogue.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/planning/schedule.h"
#include "approval/catalogue.h"

namespace landfall::app {

struct PlannedMatter {
  const approval::Matter* matter;
  approval::Verdict why;
  std::vector<std::string> waits_for;  // Ids of matters.
};
struct SparedMatter {
  const approval::Matter* matter;
  approval::Verdict why;
};
struct AskedPaper {
  const approval::Paper* paper;
  std::vector<std::string> matters;  // Which need it.
  std::string made_by;               // Id of the matter that makes it on the way; empty: it is asked.
};

struct ApprovalPlan {
  const approval::Package* package = nullptr;
  std::vector<PlannedMatter> matters;  // Those that apply, in the order of the package. Schedules use this order.
  std::vector<SparedMatter> spared;    // Those that do not.
  // One after the other within the limits of the law; in parallel likewise; in parallel as promised. A matter without a
  // statutory limit counts with its promise, one without a promise with its statutory limit.
  planning::Schedule serial, parallel, promised;
  planning::Schedule serial_promised;
  std::vector<planning::Gain> gains;  // Of `promised`, by `faster` days.
  std::vector<AskedPaper> asked, made;
  std::size_t one_by_one = 0;       // Papers, were each matter on its own.
  std::optional<Day> promise_ends;  // Of the package as a whole, where it promises.
};

struct PlanRequest {
  std::string_view package;
  rules::Facts facts;
  Day accepted;
  int faster = 3;
  std::optional<Day> versions_of = {};              // Versions in force on this day; absent: on the day of acceptance.
  const approval::Package* in_its_place = nullptr;  // Plan this one instead of the version in force.
  bool sentences = true;                            // Say why each matter applies or does not.
};

// Errors: approval.unknown_package (kNotFound; detail names the choices), approval.facts_missing (kInvalid; field: the
// first, detail: all of them), approval.nothing_applies, approval.no_limit (detail: the matter), planning.cycle
// (detail: the path), calendar.out_of_range, those of approval::Applies. Cost: below 50 µs for 25 matters without
// sentences (bench/plan.cc); each sentence costs some 10 µs more.
Result<ApprovalPlan> PlanPackage(const approval::Catalogue& catalogue, const WorkCalendar& calendar,
                                 const PlanRequest& request);
// The facts that still decide whether some matter of the package applies, sorted. Errors: approval.unknown_package.
Result<std::vector<std::string>> MissingFacts(const approval::Catalogue& catalogue, const PlanRequest& request);

// What is wrong with a catalogue on a day, in the order of the findings' codes.
struct CatalogueFinding {
  std::string code;    // approval.cycle, .unreachable, .nobody_makes, .limit_above_cap, .promise_above_limit,
                       // .never_applies
  std::string where;   // Id of a matter or package.
  std::string detail;  // The path, the paper, the limits.
};
// The general limits: 20 working days for a licence (行政许可法 第42条), 45 where offices act jointly (第42条第2款).
inline constexpr int kLicenceCapWorkDays = 20;
inline constexpr int kJointCapWorkDays = 45;
// At most this many combinations of probed facts are tried to see whether a determinant can be true.
inline constexpr std::size_t kProbesMax = 200'000;
std::vector<CatalogueFinding> CheckCatalogue(const approval::Catalogue& catalogue, Day on);
// The same of some matters alone, as those of a package: who waits for whom is looked at among them, who makes a paper
// in the whole catalogue. Precondition: each is of the catalogue and in force on `on`, none stands twice.
std::vector<CatalogueFinding> CheckMatters(const approval::Catalogue& catalogue,
                                           std::span<const approval::Matter* const> matters, Day on);

}  // namespace landfall::app
