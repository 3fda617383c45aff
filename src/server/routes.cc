// SPDX-License-Identifier: Apache-2.0
#include "server/routes.h"

namespace landfall::server {
namespace {

const RouteTable& Table() {
  static const RouteTable kTable = [] {
    RouteTable table;
    AddSessionRoutes(table);
    AddCommandRoutes(table);
    AddFactRoutes(table);
    AddRecordRoutes(table);
    AddPeopleRoutes(table);
    AddServiceRoutes(table);
    AddWorkRoutes(table);
    AddBulkRoutes(table);
    AddReportRoutes(table);
    AddFileRoutes(table);
    AddClaimRoutes(table);
    AddSheetRoutes(table);
    AddMapRoutes(table);
    AddFindRoutes(table);
    AddFilesRoutes(table);
    AddLogRoutes(table);
    AddGuideRoutes(table);
    AddCatalogueRoutes(table);
    AddCalendarRoutes(table);
    AddCaseRoutes(table);
    return table;
  }();
  return kTable;
}

// Whether `path` has the form of `pattern`; the segment under "{…}" (segments under "{+…}") goes to `parameter`.
bool Matches(std::string_view pattern, std::string_view path, std::string_view& parameter) {
  const std::size_t open = pattern.find('{');
  if (open == std::string_view::npos) return pattern == path;
  const std::string_view before = pattern.substr(0, open), after = pattern.substr(pattern.find('}') + 1);
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) return false;
  parameter = path.substr(before.size(), path.size() - before.size() - after.size());
  return pattern[open + 1] == '+' || parameter.find('/') == std::string_view::npos;
}

}  // namespace

std::span<const Route> Routes() { return Table().routes(); }
const SchemaSink& RouteSchemas() { return Table().sink(); }

RouteMatch FindRoute(Method method, std::string_view path) {
  RouteMatch match;
  for (const Route& route : Routes()) {
    std::string_view parameter;
    if (!Matches(route.path, path, parameter)) continue;
    if (!match.allowed.empty()) match.allowed += ", ";
    match.allowed += route.method == Method::kGet ? "GET, HEAD" : MethodName(route.method);
    if (route.method != method || match.route != nullptr) continue;
    match.route = &route;
    match.parameter = parameter;
  }
  return match;
}

}  // namespace landfall::server
