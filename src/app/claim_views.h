// SPDX-License-Identifier: Apache-2.0
// What is answered about published figures 公开数字 and how they compare with the ledger 对账.
#pragma once

#include "app/views.h"
#include "claim/events.h"

namespace landfall::app {

// What becomes of a claim, the first that fits: missing 原文缺数; contradicted 矛盾; backed 有底账; consistent 自洽;
// unbacked 无底账. stated: words without a number, which nobody can check.
enum class ClaimVerdict : std::uint8_t { backed, consistent, unbacked, contradicted, missing, stated };
BOOST_DESCRIBE_ENUM(ClaimVerdict, backed, consistent, unbacked, contradicted, missing, stated)

// holds: a comparison that could have failed did not. derived: nothing to compare; a number follows that nobody
// published. incomplete: the ledger has some of the records only.
enum class CheckOutcome : std::uint8_t { holds, derived, incomplete, fails };
BOOST_DESCRIBE_ENUM(CheckOutcome, holds, derived, incomplete, fails)

// A number that follows from what was printed, and the ends between which rounding leaves it.
struct DerivedValue {
  static constexpr std::string_view kName = "DerivedValue";
  std::string value, low, high;  // decimal text, at most four places
  std::string unit_words;
};
BOOST_DESCRIBE_STRUCT(DerivedValue, (), (value, low, high, unit_words))

// One thing that a check looked at: a claim, a record, or a declared figure.
struct CheckInput {
  static constexpr std::string_view kName = "CheckInput";
  std::string id;  // c3, p7, e2, or the key of a figure
  std::string name;
  std::string value;  // as printed; empty where it counts as one
  std::string unit_words;
  std::int64_t seq = 0;                // of the entry that recorded it; 0: of a figure
  std::optional<NamedRef> counted_in;  // the same as this record, which stands for both
  bool of_report = false;              // the report that claims it is also what made the record
};
BOOST_DESCRIBE_STRUCT(CheckInput, (), (id, name, value, unit_words, seq, counted_in, of_report))

struct ClaimCheck {
  static constexpr std::string_view kName = "ClaimCheck";
  std::string rule;  // claim::Rule, or "figure"
  CheckOutcome result;
  NamedRef claim;              // about which the rule was stated
  std::string claimed, found;  // what was compared, where something was
  std::optional<DerivedValue> derived;
  std::vector<CheckInput> inputs;
};
BOOST_DESCRIBE_STRUCT(ClaimCheck, (), (rule, result, claim, claimed, found, derived, inputs))

struct ClaimRow {
  static constexpr std::string_view kName = "ClaimRow";
  claim::ClaimId id;
  std::string report, source;
  claim::Category category;
  claim::Kind kind;
  std::string name;
  bool name_erased = false;
  bool name_inferred = false;
  std::string period, unit_words, scope;
  std::vector<std::string> values;
  std::int64_t exponent = 0;
  claim::Unit unit;
  claim::Bound bound;
  bool target = false;
  project::EvidenceLevel evidence_level;
  ClaimVerdict verdict;
  std::string found;  // what records or arithmetic give, where a comparison was made
  std::optional<NamedRef> region, project, enterprise;
  std::optional<std::string> figure;
  std::optional<Day> from, to;
  std::int64_t seq = 0;
  std::optional<std::int64_t> withdrawn_seq;
};
BOOST_DESCRIBE_STRUCT(ClaimRow, (),
                      (id, report, source, category, kind, name, name_erased, name_inferred, period, unit_words, scope,
                       values, exponent, unit, bound, target, evidence_level, verdict, found, region, project,
                       enterprise, figure, from, to, seq, withdrawn_seq))

struct VerdictCounts {
  static constexpr std::string_view kName = "VerdictCounts";
  std::int64_t backed = 0, consistent = 0, unbacked = 0, contradicted = 0, missing = 0, stated = 0;
};
BOOST_DESCRIBE_STRUCT(VerdictCounts, (), (backed, consistent, unbacked, contradicted, missing, stated))

struct ClaimList {
  static constexpr std::string_view kName = "ClaimList";
  Standing standing;
  std::int64_t total = 0;
  VerdictCounts counts;              // of all that the other filters leave
  std::vector<std::string> reports;  // that claims were recorded from
  std::vector<ClaimRow> rows;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ClaimList, (), (standing, total, counts, reports, rows, next_cursor))

struct ClaimPage {
  static constexpr std::string_view kName = "ClaimPage";
  Standing standing;
  ClaimRow claim;
  std::vector<ClaimCheck> checks;
};
BOOST_DESCRIBE_STRUCT(ClaimPage, (), (standing, claim, checks))

}  // namespace landfall::app
