// SPDX-License-Identifier: Apache-2.0
// The public guide 办事指南: packages with their questions, one matter on one page, and the plan of a case. Read from
// the catalogue alone; it knows no ledger and nobody has to sign in for it.
#pragma once

#include "app/approval_plan.h"

namespace landfall::app {

struct GuideName {
  static constexpr std::string_view kName = "GuideName";
  std::string id, zh, en;
};
BOOST_DESCRIBE_STRUCT(GuideName, (), (id, zh, en))

struct GuideMatterRow {
  static constexpr std::string_view kName = "GuideMatterRow";
  std::string id, zh, en;
  GuideName department;
  approval::MatterKind kind = approval::MatterKind::licence;
  approval::Level level = approval::Level::district;
  std::optional<approval::Limit> statutory, promised;
  bool confirmed = false;
};
BOOST_DESCRIBE_STRUCT(GuideMatterRow, (), (id, zh, en, department, kind, level, statutory, promised, confirmed))

struct GuideQuestion {
  static constexpr std::string_view kName = "GuideQuestion";
  std::string id, zh, en;
  approval::FactType type = approval::FactType::yes_no;
  std::optional<std::string> unit;
  std::vector<GuideName> choices;
};
BOOST_DESCRIBE_STRUCT(GuideQuestion, (), (id, zh, en, type, unit, choices))

struct GuidePackage {
  static constexpr std::string_view kName = "GuidePackage";
  std::string id, zh, en;
  std::int64_t version = 0;
  GuideName lead;
  std::optional<approval::Limit> promised;
  std::vector<std::string> matters;      // In force on the day.
  std::vector<GuideQuestion> questions;  // What the conditions of its matters ask for.
};
BOOST_DESCRIBE_STRUCT(GuidePackage, (), (id, zh, en, version, lead, promised, matters, questions))

struct GuideIndex {
  static constexpr std::string_view kName = "GuideIndex";
  Day on{};
  std::vector<GuidePackage> packages;
  std::vector<GuideMatterRow> matters;
};
BOOST_DESCRIBE_STRUCT(GuideIndex, (), (on, packages, matters))

struct GuidePaper {
  static constexpr std::string_view kName = "GuidePaper";
  std::string id, zh, en;
  std::optional<approval::GivenBy> by;
  std::vector<GuideName> made_by;  // Matters in force that make it.
  std::optional<std::int64_t> valid_days, fields;
  bool if_due = false;  // Only where its matter applies to the case.
};
BOOST_DESCRIBE_STRUCT(GuidePaper, (), (id, zh, en, by, made_by, valid_days, fields, if_due))

struct GuideMatter {
  static constexpr std::string_view kName = "GuideMatter";
  Day on{};
  GuideMatterRow matter;
  std::int64_t version = 0;
  Day from{};
  std::optional<std::string> code, limit_law, fee;
  std::optional<std::string> applies;  // The condition, as written.
  std::vector<GuidePaper> needs, makes;
  std::optional<std::int64_t> visits;
  std::vector<std::string> channels;
  std::string law, source;
  std::vector<GuideName> packages;
};
BOOST_DESCRIBE_STRUCT(GuideMatter, (),
                      (on, matter, version, from, code, limit_law, fee, applies, needs, makes, visits, channels, law,
                       source, packages))

struct GuideTotals {
  static constexpr std::string_view kName = "GuideTotals";
  Day ends{};
  std::int64_t work_days = 0, calendar_days = 0;
  bool provisional = false;
};
BOOST_DESCRIBE_STRUCT(GuideTotals, (), (ends, work_days, calendar_days, provisional))

struct GuideStep {
  static constexpr std::string_view kName = "GuideStep";
  GuideMatterRow matter;
  std::string why_zh, why_en;
  Day begins{}, ends{}, latest{};
  std::int64_t slack = 0;
  bool critical = false;
  std::vector<std::string> waits_for;
  // Working days after the day of acceptance, as a drawing in working days needs them.
  std::int64_t begins_after = 0, ends_after = 0;
};
BOOST_DESCRIBE_STRUCT(GuideStep, (),
                      (matter, why_zh, why_en, begins, ends, latest, slack, critical, waits_for, begins_after,
                       ends_after))

struct GuideSpared {
  static constexpr std::string_view kName = "GuideSpared";
  std::string id, zh, en, why_zh, why_en;
};
BOOST_DESCRIBE_STRUCT(GuideSpared, (), (id, zh, en, why_zh, why_en))

struct GuideAsked {
  static constexpr std::string_view kName = "GuideAsked";
  std::string id, zh, en;
  std::vector<std::string> matters;
  std::optional<std::string> made_by;  // The matter that makes it on the way; absent: it is asked.
};
BOOST_DESCRIBE_STRUCT(GuideAsked, (), (id, zh, en, matters, made_by))

struct GuideGain {
  static constexpr std::string_view kName = "GuideGain";
  std::string id;
  std::int64_t work_days = 0;
  Day ends{};
};
BOOST_DESCRIBE_STRUCT(GuideGain, (), (id, work_days, ends))

struct GuideSchedule {
  static constexpr std::string_view kName = "GuideSchedule";
  GuideTotals serial, parallel, promised;  // One after the other and side by side by law; side by side as promised.
  std::optional<Day> package_promise_ends;
  std::vector<GuideStep> matters;
  std::vector<GuideSpared> spared;
  std::vector<std::string> critical;
  std::vector<GuideGain> faster;  // By three days each.
  std::vector<GuideAsked> asked, made;
  std::int64_t one_by_one = 0;  // Papers, were each matter on its own.
  GuideTotals serial_promised;  // One after the other as promised.
};
BOOST_DESCRIBE_STRUCT(GuideSchedule, (),
                      (serial, parallel, promised, package_promise_ends, matters, spared, critical, faster, asked, made,
                       one_by_one, serial_promised))

struct GuidePlan {
  static constexpr std::string_view kName = "GuidePlan";
  std::string package;
  std::int64_t version = 0;
  Day accepted{};
  std::vector<std::string> missing;  // Questions that still decide something, sorted; then no plan.
  std::optional<GuideSchedule> schedule;
};
BOOST_DESCRIBE_STRUCT(GuidePlan, (), (package, version, accepted, missing, schedule))

// The catalogue that is built in, and the calendar by which its limits count, each read once. Threads: any.
const approval::Catalogue& BuiltInCatalogue();
const WorkCalendar& BuiltInCatalogueCalendar();

// The parts of the answers below, for other reads of a catalogue.
template <class Row>
GuideName GuideNameOf(const Row& row) {
  return {row.id.value, row.zh.value, row.en.value};
}
GuideMatterRow GuideRowOf(const approval::Catalogue& catalogue, const approval::Matter& matter);
// What the conditions of matters ask for, in the order of the catalogue's questions.
std::vector<GuideQuestion> GuideQuestionsOf(const approval::Catalogue& catalogue, std::span<const Key<40>> matters,
                                            Day on);
GuidePackage GuidePackageOf(const approval::Catalogue& catalogue, const approval::Package& package, Day on);
// `on` decides which other matters make its papers.
GuideMatter GuideMatterOf(const approval::Catalogue& catalogue, const approval::Matter& matter, Day on);
// Errors: calendar.out_of_range.
Result<GuideSchedule> GuideScheduleOf(const approval::Catalogue& catalogue, const WorkCalendar& calendar,
                                      const ApprovalPlan& plan);

GuideIndex QueryGuide(const approval::Catalogue& catalogue, Day on);
// Errors: approval.unknown_matter (kNotFound) where none of that id is in force on the day.
Result<GuideMatter> QueryGuideMatter(const approval::Catalogue& catalogue, std::string_view id, Day on);
// `facts`: JSON of the case's facts, those that are known. Errors: those of approval::ReadCaseFacts and PlanPackage but
// approval.facts_missing.
Result<GuidePlan> QueryGuidePlan(const approval::Catalogue& catalogue, const WorkCalendar& calendar,
                                 std::string_view package, std::string_view facts, Day accepted);

}  // namespace landfall::app
