// SPDX-License-Identifier: Apache-2.0
// The catalogue of matters as those see it who keep it: lists with filters, every version of a matter with what
// changed, what is wrong with it, and the plan of a package that is still being drawn up.
//
// A draft changes nothing: it is planned over a copy of the catalogue and can be taken away as a file that
// `landfall catalog` reads (docs/formats/matters.md). Reads no ledger.
//
// Threads: any. Cost: lists scan all versions, some µs a hundred; a plan about 0.1 ms, with changed matters the reading
// of the whole catalogue besides (about 1 ms for a hundred matters).
#pragma once

#include "app/guide.h"

namespace landfall::app {

inline constexpr std::size_t kCatalogueRowsMax = 500;

struct CatalogueMatterRow {
  static constexpr std::string_view kName = "CatalogueMatterRow";
  GuideMatterRow matter;
  std::int64_t version = 0;
  Day from{};
  std::optional<Day> until;
  std::string law;
  std::vector<std::string> packages;  // In force on the day, that hold it.
};
BOOST_DESCRIBE_STRUCT(CatalogueMatterRow, (), (matter, version, from, until, law, packages))

struct CatalogueCount {
  static constexpr std::string_view kName = "CatalogueCount";
  GuideName name;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(CatalogueCount, (), (name, count))

struct CatalogueMatters {
  static constexpr std::string_view kName = "CatalogueMatters";
  Day on{};
  std::int64_t total = 0, unconfirmed = 0;  // Of all pages.
  std::vector<CatalogueCount> departments;  // Of all matters in force, whatever the filter.
  std::vector<CatalogueMatterRow> rows;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(CatalogueMatters, (), (on, total, unconfirmed, departments, rows, next_cursor))

struct CatalogueFilter {
  std::string text;  // In name, id, department or law; letters without case.
  std::optional<std::string> department, package;
  std::optional<approval::MatterKind> kind;
  std::optional<bool> confirmed;
  std::size_t limit = 50;  // 1 … kCatalogueRowsMax
  std::string cursor;
};
// Matters in force on a day, by id. Errors: request.bad_cursor; approval.unknown_package (kNotFound).
Result<CatalogueMatters> QueryCatalogueMatters(const approval::Catalogue& catalogue, const CatalogueFilter& filter,
                                               Day on);

// One member that differs from the version before, spelled as in the file: a limit as "20 work_days". Of a list of ids
// those that came and went.
struct CatalogueChange {
  static constexpr std::string_view kName = "CatalogueChange";
  std::string field;
  std::optional<std::string> before, after;  // Absent: not stated. Absent both: a list.
  std::vector<std::string> added, removed;
};
BOOST_DESCRIBE_STRUCT(CatalogueChange, (), (field, before, after, added, removed))

struct CatalogueVersion {
  static constexpr std::string_view kName = "CatalogueVersion";
  GuideMatter matter;
  std::optional<Day> until;
  bool in_force = false;                 // On the day asked for.
  std::vector<GuideName> replaces;       // Matters that were merged into it.
  std::vector<CatalogueChange> changes;  // Against the version before; none for the first.
};
BOOST_DESCRIBE_STRUCT(CatalogueVersion, (), (matter, until, in_force, replaces, changes))

struct CatalogueMatterPage {
  static constexpr std::string_view kName = "CatalogueMatterPage";
  Day on{};
  std::vector<CatalogueVersion> versions;  // The newest first.
};
BOOST_DESCRIBE_STRUCT(CatalogueMatterPage, (), (on, versions))
// Errors: approval.unknown_matter (kNotFound) where no version has the id.
Result<CatalogueMatterPage> QueryCatalogueMatter(const approval::Catalogue& catalogue, std::string_view id, Day on);

struct CataloguePackageRow {
  static constexpr std::string_view kName = "CataloguePackageRow";
  GuidePackage package;
  Day from{};
  std::optional<Day> until;
  std::int64_t versions = 0;
  std::string source;
};
BOOST_DESCRIBE_STRUCT(CataloguePackageRow, (), (package, from, until, versions, source))

struct CataloguePackages {
  static constexpr std::string_view kName = "CataloguePackages";
  Day on{};
  std::vector<CataloguePackageRow> rows;
};
BOOST_DESCRIBE_STRUCT(CataloguePackages, (), (on, rows))
CataloguePackages QueryCataloguePackages(const approval::Catalogue& catalogue, Day on);

struct CatalogueFindingRow {
  static constexpr std::string_view kName = "CatalogueFindingRow";
  std::string code;
  std::optional<GuideName> where;  // The matter or package; absent: the whole draft.
  std::string detail;              // The path, the paper, the limits, as ids.
  std::vector<GuideName> path;     // Of a circle: the matters along it, the first again at the end.
  std::string zh, en;              // What is wrong and what to do.
};
BOOST_DESCRIBE_STRUCT(CatalogueFindingRow, (), (code, where, detail, path, zh, en))

struct CatalogueFindings {
  static constexpr std::string_view kName = "CatalogueFindings";
  Day on{};
  std::int64_t matters = 0;  // That were looked at.
  std::vector<CatalogueFindingRow> rows;
};
BOOST_DESCRIBE_STRUCT(CatalogueFindings, (), (on, matters, rows))
CatalogueFindings QueryCatalogueFindings(const approval::Catalogue& catalogue, Day on);

// ---- a package that is being drawn up ----

// What if a matter needed other papers, or promised another limit.
struct DraftChange {
  static constexpr std::string_view kName = "DraftChange";
  Key<40> matter;
  std::optional<List<Key<40>, 100>> needs;  // Instead of its own.
  std::optional<approval::Limit> promised;  // Likewise.
};
BOOST_DESCRIBE_STRUCT(DraftChange, (), (matter, needs, promised))

struct PackageDraft {
  static constexpr std::string_view kName = "PackageDraft";
  List<Key<40>, 100> matters;
  std::optional<approval::Limit> promised;  // Of the whole.
  std::optional<List<DraftChange, 100>> changes;
};
BOOST_DESCRIBE_STRUCT(PackageDraft, (), (matters, promised, changes))

struct DraftMatter {
  static constexpr std::string_view kName = "DraftMatter";
  GuideMatterRow matter;
  std::vector<GuideName> needs, makes;  // Papers.
};
BOOST_DESCRIBE_STRUCT(DraftMatter, (), (matter, needs, makes))

struct CataloguePlan {
  static constexpr std::string_view kName = "CataloguePlan";
  Day accepted{};
  std::vector<DraftMatter> matters;       // Of the package or draft, as changed, those in force on the day.
  std::vector<GuideQuestion> questions;   // What their conditions ask for.
  std::vector<std::string> missing;       // Questions that still decide something, sorted; then no schedule.
  std::optional<GuideSchedule> schedule;  // Absent also where a finding forbids one.
  std::vector<CatalogueFindingRow> findings;
};
BOOST_DESCRIBE_STRUCT(CataloguePlan, (), (accepted, matters, questions, missing, schedule, findings))

struct CataloguePlanRequest {
  std::string_view package;             // In force on the day of acceptance; passed over with a draft.
  const PackageDraft* draft = nullptr;  // Plan this.
  std::string_view facts = "{}";        // JSON
  Day accepted{};
  int faster = 3;
};
// Whatever the matters chosen make impossible is a finding beside the questions, so that who edits sees it and goes on:
// planning.cycle, approval.no_limit, approval.nothing_applies, approval.unknown_matter for one that is not in force.
// Errors: approval.unknown_package, approval.unknown_matter (kNotFound) for an id that no version has,
// approval.duplicate_id for one that stands twice, approval.unknown_reference for a changed matter's paper, those of
// approval::ReadCaseFacts, calendar.out_of_range.
Result<CataloguePlan> QueryCataloguePlan(const approval::Catalogue& catalogue, const WorkCalendar& calendar,
                                         const CataloguePlanRequest& request);

struct PackageToWrite {
  static constexpr std::string_view kName = "PackageToWrite";
  Key<40> id;
  Text<200> zh, en;
  Key<40> lead;  // Department.
  Day from;
  Text<300> source;
  PackageDraft draft;
};
BOOST_DESCRIBE_STRUCT(PackageToWrite, (), (id, zh, en, lead, from, source, draft))

// The whole catalogue with the draft in it, as one file of it: the package and each changed matter as a new version
// from that day on, the version before until the day before. Errors: approval.unknown_matter, approval.duplicate_id;
// those of Catalogue::Make, approval.versions_overlap where a version in force begins on that day or later.
Result<std::string> WriteDraft(const approval::Catalogue& catalogue, const PackageToWrite& package);

}  // namespace landfall::app
