// SPDX-License-Identifier: Apache-2.0
// 兑现: what a project has brought of what was promised — output, tax, jobs, land — with its evidence. Figures of the
// project's enterprise, hence class enterprise.
#pragma once

#include "base/period.h"
#include "project/agreement_events.h"

namespace landfall::project {

inline constexpr std::int32_t kResultMonthsMax = 12;

// What is promised and recorded as brought.
enum class ResultMeasure : std::uint8_t { output, tax, jobs, land };
BOOST_DESCRIBE_ENUM(ResultMeasure, output, tax, jobs, land)

// Output and tax were made in these months; jobs and land stood so at the end of the last. Absent: nothing is said of
// it. Output and tax in minor units of the ledger's currency, land in hundredths of a 亩. With `corrects` it takes the
// place of the record of that number, whole.
struct ResultsRecorded {
  static constexpr EventInfo kInfo{"project.results_recorded", 1, EventClass::kEnterprise, false};
  ProjectId on;
  Period first_period;
  Period last_period;
  std::optional<Money> output_minor;
  std::optional<Money> tax_minor;
  std::optional<Jobs> jobs;
  std::optional<MuHundredths> land_mu_hundredths;
  std::optional<Int<1, INT64_MAX>> corrects;
  List<Digest, 20> evidence;  // With any the level is document, without stated.
};
BOOST_DESCRIBE_STRUCT(ResultsRecorded, (),
                      (first_period, last_period, output_minor, tax_minor, jobs, land_mu_hundredths, corrects,
                       evidence))

// It was recorded by mistake; the record stays.
struct ResultsWithdrawn {
  static constexpr EventInfo kInfo{"project.results_withdrawn", 1, EventClass::kEnterprise, false};
  ProjectId on;
  Int<1, INT64_MAX> corrects;  // seq of the record
};
BOOST_DESCRIBE_STRUCT(ResultsWithdrawn, (), (corrects))

using ResultEvents = std::variant<ResultsRecorded, ResultsWithdrawn>;

}  // namespace landfall::project
