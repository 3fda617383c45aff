// SPDX-License-Identifier: Apache-2.0
// Published facts and figures 公开数字: what a report or a newspaper printed, kept beside the records and never among
// them.
//
// A claim counts in no figure, turns on no light and makes no record. What becomes of it (有底账, 矛盾, …) is computed
// when asked (app/query_claims). Values are exact decimal text as printed, times ten to the `exponent`, in `unit`.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"
#include "project/events.h"

namespace landfall::claim {

struct ClaimTag {
  static constexpr std::string_view kPrefix = "c", kSubject = "claim";
};
using ClaimId = Id<ClaimTag>;

// What the source speaks of.
enum class Category : std::uint8_t { indicator, enterprise, project, park, chain, event, relation, mechanism };
BOOST_DESCRIBE_ENUM(Category, indicator, enterprise, project, park, chain, event, relation, mechanism)

// What kind of number it is; `statement` has none.
enum class Kind : std::uint8_t { statement, count, sum, mean, growth, share, proportion, rank, duration, quantity };
BOOST_DESCRIBE_ENUM(Kind, statement, count, sum, mean, growth, share, proportion, rank, duration, quantity)

enum class Unit : std::uint8_t { none, number, money, percent, day, working_day, month, year, mu, metre, watt };
BOOST_DESCRIBE_ENUM(Unit, none, number, money, percent, day, working_day, month, year, mu, metre, watt)

// 超过, 以上, 近: how the printed value bounds the true one.
enum class Bound : std::uint8_t { exact, at_least, more_than, at_most, less_than, nearly };
BOOST_DESCRIBE_ENUM(Bound, exact, at_least, more_than, at_most, less_than, nearly)

// How claims of one report hang together; what each rule checks stands in app/query_claims.h.
enum class Rule : std::uint8_t {
  counts,         // the named records are among what it counts or adds up
  same_as,        // the report prints the same figure twice
  subset_of,      // is part of the operand
  sum_of,         // is the sum of the operands
  increase_of,    // came to be within the operand, a stock at the end of the same period
  growth_of,      // is the growth that led to the operand
  share_of,       // is the share that the operand has in a whole
  completion_of,  // is what was done of the operand, a plan
  mean_of,        // spread over the operand, a count
  whole           // its parts make a hundred
};
BOOST_DESCRIBE_ENUM(Rule, counts, same_as, subset_of, sum_of, increase_of, growth_of, share_of, completion_of, mean_of,
                    whole)

inline constexpr std::size_t kValuesMax = 4;  // 1.5:43:55.5 has three
inline constexpr std::size_t kOperandsMax = 12;
inline constexpr std::size_t kRecordsMax = 100;

struct ClaimRecorded {
  static constexpr EventInfo kInfo{"claim.recorded", 1, EventClass::kInternal, false};
  ClaimId on;
  Code<20> report;  // "S000"
  Code<40> source;  // Its id in there, unique in the ledger: "S000-024".
  Category category;
  Kind kind;
  List<Code<24>, kValuesMax> values;  // As printed: "60.4". None: a statement, or missing in the source.
  Int<0, 12> exponent;                // 亿元: 8
  Unit unit;
  Bound bound;
  project::EvidenceLevel evidence_level;
  bool target;             // A wish for a later day, never a fact.
  bool missing_in_source;  // 原文缺数: the place of the number was empty where it was read.
  bool name_inferred;      // The name was read from garbled text.
  std::optional<RegionId> region;
  std::optional<ProjectId> project;        // The record that speaks of the same thing.
  std::optional<EnterpriseId> enterprise;  // The same.
  std::optional<Key<60>> figure;           // The declared figure that computes the same …
  std::optional<Day> from, to;             // … over these days.
};
BOOST_DESCRIBE_STRUCT(ClaimRecorded, (),
                      (report, source, category, kind, values, exponent, unit, bound, evidence_level, target,
                       missing_in_source, name_inferred, region, project, enterprise, figure, from, to))

struct ClaimWorded {
  static constexpr EventInfo kInfo{"claim.worded", 1, EventClass::kInternal, true};
  ClaimId on;
  Text<200> name;
  std::optional<Text<60>> period;      // As the source says it: 十三五, 2020-09 签约.
  std::optional<Text<40>> unit_words;  // 亿元
  std::optional<Text<200>> scope;      // 全省, 武陵产业园
};
BOOST_DESCRIBE_STRUCT(ClaimWorded, (), (name, period, unit_words, scope))

struct ClaimRelated {
  static constexpr EventInfo kInfo{"claim.related", 1, EventClass::kInternal, false};
  ClaimId on;
  Rule rule;
  List<ClaimId, kOperandsMax> operands;
  List<ProjectId, kRecordsMax> projects;        // counts only
  List<EnterpriseId, kRecordsMax> enterprises;  // counts only
};
BOOST_DESCRIBE_STRUCT(ClaimRelated, (), (rule, operands, projects, enterprises))

struct ClaimWithdrawn {
  static constexpr EventInfo kInfo{"claim.withdrawn", 1, EventClass::kInternal, false};
  ClaimId on;
};
BOOST_DESCRIBE_STRUCT(ClaimWithdrawn, (), ())

// Why it was withdrawn; belongs to the event before it.
struct ClaimRemarked {
  static constexpr EventInfo kInfo{"claim.remark_given", 1, EventClass::kInternal, true};
  ClaimId on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(ClaimRemarked, (), (remark))

using Event = std::variant<ClaimRecorded, ClaimWorded, ClaimRelated, ClaimWithdrawn, ClaimRemarked>;

}  // namespace landfall::claim
