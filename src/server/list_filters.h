// SPDX-License-Identifier: Apache-2.0
// What a list may be asked, as the filter that answers it: the list itself and its sheet are asked alike.
#pragma once

#include "app/query_reports.h"
#include "server/api_params.h"

namespace landfall::server {

enum class WhichReports : std::uint8_t { all, missing, late, reported, pending_correction };
BOOST_DESCRIBE_ENUM(WhichReports, all, missing, late, reported, pending_correction)
struct ReportsQuery : FactsQuery {
  std::optional<Period> period;
  std::optional<UnitId> unit;
  std::optional<WhichReports> state;
  std::optional<Int<1, 500>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(ReportsQuery, (FactsQuery), (period, unit, state, limit, cursor))

app::ProjectFilter FilterOf(const ProjectsQuery& query);
app::ObligationFilter FilterOf(const ObligationsQuery& query);
app::EnterpriseFilter FilterOf(const EnterprisesQuery& query);
app::ReportFilter FilterOf(const ReportsQuery& query);

}  // namespace landfall::server
