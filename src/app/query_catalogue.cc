// SPDX-License-Identifier: Apache-2.0
#include "app/query_catalogue.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/board_scan.h"
#include "app/labels.h"

namespace landfall::app {
namespace {

using approval::Catalogue;
using approval::Items;
using approval::Matter;

std::vector<const approval::Package*> PackagesOn(const Catalogue& catalogue, Day on) {
  std::vector<const approval::Package*> out;
  for (const approval::Package& package : catalogue.packages())
    if (catalogue.FindPackage(package.id.value, on) == &package) out.push_back(&package);
  return out;
}

bool Holds(const approval::Package& package, const Key<40>& matter) {
  return std::ranges::find(package.matters.items, matter) != package.matters.items.end();
}

bool Fits(const Catalogue& catalogue, const CatalogueFilter& filter, const std::string& needle, const Matter& matter) {
  if (filter.department && matter.department.value != *filter.department) return false;
  if (filter.kind && matter.kind != *filter.kind) return false;
  if (filter.confirmed && matter.confirmed != *filter.confirmed) return false;
  if (needle.empty()) return true;
  const approval::Department& department = *catalogue.FindDepartment(matter.department.value);
  for (const std::string* text : {&matter.id.value, &matter.zh.value, &matter.en.value, &department.zh.value,
                                  &department.en.value, &matter.law.value})
    if (Contains(*text, needle)) return true;
  return false;
}

// ---- versions ----

std::string Spell(const approval::Limit& limit) { return fmt::format("{} {}", limit.days.value, EnumName(limit.unit)); }
std::string Spell(bool yes) { return yes ? "true" : "false"; }
std::string Spell(Day day) { return FormatDay(day); }
template <std::size_t N>
std::string Spell(const Text<N>& text) {
  return text.value;
}
template <std::size_t N>
std::string Spell(const Key<N>& key) {
  return key.value;
}
template <std::int64_t Low, std::int64_t High>
std::string Spell(const Int<Low, High>& number) {
  return std::to_string(number.value);
}
template <DescribedEnum E>
std::string Spell(E value) {
  return std::string(EnumName(value));
}

template <class T>
void Compare(std::string_view field, const T& before, const T& after, std::vector<CatalogueChange>& out) {
  const std::string was = Spell(before), is = Spell(after);
  if (was != is) out.push_back({std::string(field), was, is, {}, {}});
}
template <class T>
void Compare(std::string_view field, const std::optional<T>& before, const std::optional<T>& after,
             std::vector<CatalogueChange>& out) {
  const auto was = before ? std::optional(Spell(*before)) : std::nullopt;
  const auto is = after ? std::optional(Spell(*after)) : std::nullopt;
  if (was != is) out.push_back({std::string(field), was, is, {}, {}});
}
template <std::size_t N>
void Compare(std::string_view field, const std::optional<List<Key<40>, N>>& before,
             const std::optional<List<Key<40>, N>>& after, std::vector<CatalogueChange>& out) {
  CatalogueChange change{std::string(field), {}, {}, {}, {}};
  const auto only = [](std::span<const Key<40>> in, std::span<const Key<40>> other, std::vector<std::string>& to) {
    for (const Key<40>& id : in)
      if (std::ranges::find(other, id) == other.end()) to.push_back(id.value);
  };
  only(Items(after), Items(before), change.added);
  only(Items(before), Items(after), change.removed);
  if (!change.added.empty() || !change.removed.empty()) out.push_back(std::move(change));
}

std::vector<CatalogueChange> ChangesOf(const Matter& before, const Matter& after) {
  std::vector<CatalogueChange> out;
  ForEachField<Matter>([&](auto d) {
    const std::string_view name = d.name;
    // Each version has its own of these; they stand beside it.
    if (name == "id" || name == "version" || name == "from" || name == "until") return;
    Compare(name, before.*d.pointer, after.*d.pointer, out);
  });
  return out;
}

// ---- findings ----

GuideName NameOfId(const Catalogue& catalogue, std::string_view id) {
  for (const Matter& matter : catalogue.matters())
    if (matter.id.value == id) return GuideNameOf(matter);
  for (const approval::Package& package : catalogue.packages())
    if (package.id.value == id) return GuideNameOf(package);
  return {std::string(id), std::string(id), std::string(id)};
}

CatalogueFindingRow FindingRow(const Catalogue& catalogue, CatalogueFinding finding) {
  constexpr std::string_view kArrow = " → ";
  CatalogueFindingRow out{std::move(finding.code), {}, std::move(finding.detail), {}, {}, {}};
  if (!finding.where.empty()) out.where = NameOfId(catalogue, finding.where);
  if (out.code.ends_with(".cycle"))
    for (std::string_view rest = out.detail; !rest.empty();) {
      const std::size_t end = rest.find(kArrow);
      out.path.push_back(NameOfId(catalogue, rest.substr(0, end)));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + kArrow.size());
    }
  out.zh = SentenceOf(out.code, Language::kZh);
  out.en = SentenceOf(out.code, Language::kEn);
  return out;
}

// ---- drafts ----

Status CheckIds(const Catalogue& catalogue, const PackageDraft& draft) {
  std::set<std::string_view> seen;
  const auto check = [&](const Key<40>& id, std::string_view field) -> Status {
    const auto known = std::ranges::lower_bound(catalogue.matters(), id, {}, &Matter::id);
    if (known == catalogue.matters().end() || known->id != id)
      return NotFound("approval.unknown_matter", id.value, std::string(field));
    if (!seen.insert(id.value).second) return Invalid("approval.duplicate_id", id.value, std::string(field));
    return Ok{};
  };
  for (const Key<40>& id : draft.matters.items) LF_TRY(check(id, "draft.matters"));
  seen.clear();
  if (draft.changes)
    for (const DraftChange& change : draft.changes->items) LF_TRY(check(change.matter, "draft.changes"));
  return Ok{};
}

void ChangeTo(const DraftChange& change, Matter& matter) {
  if (change.needs) matter.needs = change.needs;
  if (change.promised) matter.promised = change.promised;
}

template <class Row>
Row* InForce(std::vector<Row>& rows, const Key<40>& id, Day on) {
  const auto at = std::ranges::find_if(
      rows, [&](const Row& row) { return row.id == id && row.from <= on && (!row.until || on <= *row.until); });
  return at == rows.end() ? nullptr : &*at;
}

// The catalogue with the versions in force on the day as the draft would have them.
Result<Catalogue> Changed(const Catalogue& catalogue, const List<DraftChange, 100>& changes, Day on) {
  approval::CatalogueRows rows = catalogue.rows();
  for (const DraftChange& change : changes.items)
    if (Matter* matter = InForce(rows.matters->items, change.matter, on)) ChangeTo(change, *matter);
  return Catalogue::Make(std::move(rows));
}

// Adds `next` as the version from its day on; the one before ends on the day before.
template <class Row>
void AddVersion(std::vector<Row>& rows, Row next) {
  std::int64_t last = 0;
  for (Row& row : rows) {
    if (row.id != next.id) continue;
    last = std::max(last, row.version.value);
    if (row.from < next.from && (!row.until || *row.until >= next.from)) row.until = next.from - std::chrono::days(1);
  }
  next.version = {last + 1};
  next.until.reset();
  rows.push_back(std::move(next));
}

bool Forbids(std::string_view code) {
  return code == "planning.cycle" || code == "approval.no_limit" || code == "approval.nothing_applies";
}

}  // namespace

Result<CatalogueMatters> QueryCatalogueMatters(const Catalogue& catalogue, const CatalogueFilter& filter, Day on) {
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  const std::vector<const approval::Package*> packages = PackagesOn(catalogue, on);
  const approval::Package* within = nullptr;
  if (filter.package) {
    within = catalogue.FindPackage(*filter.package, on);
    if (within == nullptr) return NotFound("approval.unknown_package", *filter.package, "package");
  }
  CatalogueMatters out;
  out.on = on;
  const std::string needle = Lower(filter.text);
  std::map<std::string_view, std::int64_t> departments;
  for (const Matter& matter : catalogue.matters()) {
    if (catalogue.FindMatter(matter.id.value, on) != &matter) continue;
    ++departments[matter.department.value];
    if (within != nullptr && !Holds(*within, matter.id)) continue;
    if (!Fits(catalogue, filter, needle, matter)) continue;
    const auto at = static_cast<std::size_t>(out.total++);
    out.unconfirmed += !matter.confirmed;
    if (at < offset || out.rows.size() >= filter.limit) continue;
    CatalogueMatterRow& row = out.rows.emplace_back();
    row.matter = GuideRowOf(catalogue, matter);
    row.version = matter.version.value;
    row.from = matter.from;
    row.until = matter.until;
    row.law = matter.law.value;
    for (const approval::Package* package : packages)
      if (Holds(*package, matter.id)) row.packages.push_back(package->id.value);
  }
  for (const auto& [id, count] : departments)
    out.departments.push_back({GuideNameOf(*catalogue.FindDepartment(id)), count});
  if (!out.rows.empty() && offset + out.rows.size() < static_cast<std::size_t>(out.total))
    out.next_cursor = CursorAt(offset + out.rows.size());
  return out;
}

Result<CatalogueMatterPage> QueryCatalogueMatter(const Catalogue& catalogue, std::string_view id, Day on) {
  CatalogueMatterPage out{on, {}};
  const Matter* before = nullptr;
  for (const Matter& matter : catalogue.matters()) {
    if (matter.id.value != id) continue;
    // Other matters as they were while this version was in force.
    const Day within = std::max(matter.from, matter.until ? std::min(*matter.until, on) : on);
    CatalogueVersion& version = out.versions.emplace_back();
    version.matter = GuideMatterOf(catalogue, matter, within);
    version.until = matter.until;
    version.in_force = matter.from <= on && (!matter.until || on <= *matter.until);
    for (const Key<40>& gone : Items(matter.replaces)) version.replaces.push_back(NameOfId(catalogue, gone.value));
    if (before != nullptr) version.changes = ChangesOf(*before, matter);
    before = &matter;
  }
  if (out.versions.empty()) return NotFound("approval.unknown_matter", std::string(id), "id");
  std::ranges::reverse(out.versions);
  return out;
}

CataloguePackages QueryCataloguePackages(const Catalogue& catalogue, Day on) {
  CataloguePackages out{on, {}};
  for (const approval::Package* package : PackagesOn(catalogue, on))
    out.rows.push_back({GuidePackageOf(catalogue, *package, on), package->from, package->until,
                        std::ranges::count(catalogue.packages(), package->id, &approval::Package::id),
                        package->source.value});
  return out;
}

CatalogueFindings QueryCatalogueFindings(const Catalogue& catalogue, Day on) {
  CatalogueFindings out;
  out.on = on;
  for (const Matter& matter : catalogue.matters()) out.matters += catalogue.FindMatter(matter.id.value, on) == &matter;
  for (CatalogueFinding& finding : CheckCatalogue(catalogue, on))
    out.rows.push_back(FindingRow(catalogue, std::move(finding)));
  return out;
}

Result<CataloguePlan> QueryCataloguePlan(const Catalogue& built_in, const WorkCalendar& calendar,
                                         const CataloguePlanRequest& request) {
  const PackageDraft* draft = request.draft;
  std::optional<Catalogue> changed;
  if (draft != nullptr) {
    LF_TRY(CheckIds(built_in, *draft));
    if (draft->changes && !draft->changes->items.empty()) {
      LF_ASSIGN(changed, Changed(built_in, *draft->changes, request.accepted));
    }
  }
  const Catalogue& catalogue = changed ? *changed : built_in;
  LF_ASSIGN(const rules::FactSet facts, approval::ReadCaseFacts(catalogue, request.facts));

  const approval::Package* package = catalogue.FindPackage(request.package, request.accepted);
  approval::Package drawn;
  if (draft != nullptr) {
    drawn.id = {"draft"};
    drawn.matters = draft->matters;
    drawn.promised = draft->promised;
    package = &drawn;
  }
  const PlanRequest planned{request.package, facts.view(), request.accepted, request.faster, {}, package};
  CataloguePlan out;
  out.accepted = request.accepted;
  LF_ASSIGN(out.missing, MissingFacts(catalogue, planned));  // Refuses an unknown package.
  out.questions = GuideQuestionsOf(catalogue, package->matters.items, request.accepted);

  std::vector<const Matter*> matters;
  for (const Key<40>& id : package->matters.items) {
    if (const Matter* matter = catalogue.FindMatter(id.value, request.accepted)) {
      matters.push_back(matter);
      DraftMatter& row = out.matters.emplace_back(DraftMatter{GuideRowOf(catalogue, *matter), {}, {}});
      for (const Key<40>& paper : Items(matter->needs))
        row.needs.push_back(GuideNameOf(*catalogue.FindPaper(paper.value)));
      for (const Key<40>& paper : Items(matter->makes))
        row.makes.push_back(GuideNameOf(*catalogue.FindPaper(paper.value)));
    } else {
      out.findings.push_back(FindingRow(catalogue, {"approval.unknown_matter", id.value, {}}));
    }
  }
  for (CatalogueFinding& finding : CheckMatters(catalogue, matters, request.accepted))
    out.findings.push_back(FindingRow(catalogue, std::move(finding)));
  if (!out.missing.empty()) return out;

  const Result<ApprovalPlan> plan = PlanPackage(catalogue, calendar, planned);
  if (plan) {
    LF_ASSIGN(out.schedule, GuideScheduleOf(catalogue, calendar, *plan));
    return out;
  }
  const Error& error = plan.error();
  if (!Forbids(error.code)) return error;
  // The check has named a circle already; it looks at all matters, the plan at those that apply.
  const bool named = std::ranges::any_of(out.findings, [](const auto& f) { return f.code == "approval.cycle"; });
  if (error.code != "planning.cycle" || !named) {
    const bool of_matter = error.code == "approval.no_limit";
    out.findings.push_back(FindingRow(
        catalogue, {error.code, of_matter ? error.detail : "", error.code == "planning.cycle" ? error.detail : ""}));
  }
  return out;
}

Result<std::string> WriteDraft(const Catalogue& catalogue, const PackageToWrite& package) {
  LF_TRY(CheckIds(catalogue, package.draft));
  approval::CatalogueRows rows = catalogue.rows();
  if (package.draft.changes)
    for (const DraftChange& change : package.draft.changes->items) {
      const Matter* before = InForce(rows.matters->items, change.matter, package.from);
      if (before == nullptr) return NotFound("approval.unknown_matter", change.matter.value, "draft.changes");
      Matter next = *before;
      next.from = package.from;
      ChangeTo(change, next);
      AddVersion(rows.matters->items, std::move(next));
    }
  approval::Package next;
  next.id = package.id;
  next.from = package.from;
  next.zh = package.zh;
  next.en = package.en;
  next.lead = package.lead;
  next.matters = package.draft.matters;
  next.promised = package.draft.promised;
  next.source = package.source;
  if (const approval::Package* before = catalogue.FindPackage(package.id.value, package.from))
    next.visits = before->visits;
  AddVersion(rows.packages->items, std::move(next));
  LF_ASSIGN(const Catalogue whole, Catalogue::Make(std::move(rows)));  // What it would refuse to read is not written.
  return approval::WriteCatalogueFile(whole.rows());
}

}  // namespace landfall::app
