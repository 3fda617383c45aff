// SPDX-License-Identifier: Apache-2.0
// Which rows a sheet has: the pages of its list, with the list's own filters. The server's sheets and the command
// line's are read through here, so that both have the same rows.
#pragma once

#include "app/query_reports.h"
#include "app/sheets.h"

namespace landfall::app {

// Pages of the list that the filter asks for; `limit` and `cursor` of the filter are set by the pages themselves.
SheetPages PagesOf(ProjectFilter filter);
SheetPages PagesOf(const Actor& reader, ReportFilter filter);
SheetPages PagesOf(ObligationFilter filter);
SheetPages PagesOf(EnterpriseFilter filter);

// The whole of a list, as it is without filters: reports of `period` (default: the usual month). What the reader may
// not see, ExportSheet leaves out.
SheetPages WholeList(const SheetKind& kind, const Actor& reader, std::optional<Period> period = std::nullopt);

}  // namespace landfall::app
