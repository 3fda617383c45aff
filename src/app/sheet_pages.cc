// SPDX-License-Identifier: Apache-2.0
#include "app/sheet_pages.h"

namespace landfall::app {
namespace {

constexpr std::size_t kPageRows = 500;  // Read at a time: some milliseconds, for which the writer may have to wait.

// A filter as pages. `query`: the list of one page; `id_of`: what the sheet calls a row.
template <class Filter, class Query, class IdOf>
SheetPages Paged(Filter filter, Query query, IdOf id_of) {
  filter.limit = kPageRows;
  return
      [filter = std::move(filter), query, id_of](const Frame& frame, const std::string& cursor) -> Result<SheetPage> {
        Filter asked = filter;
        asked.cursor = cursor;
        LF_ASSIGN(const auto list, query(frame, asked));
        SheetPage page{{}, list.next_cursor.value_or("")};
        for (const auto& row : list.rows) page.ids.push_back(id_of(row));
        return page;
      };
}

template <class Id>
std::vector<std::string> IdsUpTo(std::size_t size) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < size; ++i) ids.push_back(Id::FromIndex(i).ToString());
  return ids;
}

// As the sheet of obligations reads them: "k12.3" a step of a case, "p88#123" the block that a record has raised.
std::string IdOf(const ObligationRow& row) {
  if (row.id) return row.id->ToString();
  if (row.case_id) return row.case_id->ToString() + "." + std::to_string(*row.step);
  if (row.block) return row.project->id + "#" + std::to_string(row.seq);
  return row.project->id + "." + (row.milestone ? *row.milestone : row.period->ToString());
}

}  // namespace

SheetPages PagesOf(ProjectFilter filter) {
  return Paged(std::move(filter), &QueryProjects, [](const ProjectRow& row) { return row.id.ToString(); });
}

SheetPages PagesOf(const Actor& reader, ReportFilter filter) {
  return Paged(
      std::move(filter),
      [reader](const Frame& frame, const ReportFilter& asked) { return QueryReports(frame, reader, asked); },
      [](const ReportRow& row) { return row.project.id + "." + row.period.ToString(); });
}

SheetPages PagesOf(ObligationFilter filter) { return Paged(std::move(filter), &QueryObligations, &IdOf); }

SheetPages PagesOf(EnterpriseFilter filter) {
  return Paged(std::move(filter), &QueryEnterprises, [](const EnterpriseRow& row) { return row.id.ToString(); });
}

SheetPages WholeList(const SheetKind& kind, const Actor& reader, std::optional<Period> period) {
  if (kind.key == "projects") return PagesOf(ProjectFilter{});
  if (kind.key == "reports") return PagesOf(reader, ReportFilter{.period = period, .unit = {}, .cursor = {}});
  if (kind.key == "obligations") return PagesOf(ObligationFilter{});
  if (kind.key == "enterprises") return PagesOf(EnterpriseFilter{});
  return [key = kind.key](const Frame& frame, const std::string&) -> Result<SheetPage> {
    if (key == "people") return SheetPage{IdsUpTo<PersonId>(frame.state.people.persons.size()), {}};
    if (key == "units") return SheetPage{IdsUpTo<UnitId>(frame.state.people.unit_parent.size()), {}};
    LF_CHECK(key == "regions");
    return SheetPage{IdsUpTo<RegionId>(frame.state.place.from.size()), {}};
  };
}

}  // namespace landfall::app
