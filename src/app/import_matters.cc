// SPDX-License-Identifier: Apache-2.0
#include "app/import_matters.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/hash.h"

namespace landfall::app {
namespace {

using approval::Catalogue;
using approval::Items;
using cases::DefineMatter;
using cases::DefinePackage;

// All versions of one id, by day.
template <class T>
std::map<std::string, std::vector<const T*>> ById(const std::vector<T>& rows) {
  std::map<std::string, std::vector<const T*>> out;
  for (const T& row : rows) out[row.id.value].push_back(&row);
  return out;
}

// What the ledger's versions of one key say, as the command that would say it again.
DefineMatter Restated(const cases::MatterDefined& defined, const cases::MatterNamed& named) {
  DefineMatter c{{defined.on.key},
                 defined.version,
                 defined.from,
                 named.zh,
                 defined.owner_unit,
                 defined.kind,
                 defined.level,
                 defined.discretion,
                 defined.statutory,
                 defined.promised,
                 {},
                 defined.makes,
                 named.law,
                 defined.made_valid};
  for (std::size_t p = 0; p < defined.papers.items.size(); ++p) {
    const cases::NeededPaper& paper = defined.papers.items[p];
    const Text<200> zh = p < named.papers.items.size() ? named.papers.items[p] : Text<200>{};
    c.papers.items.push_back({paper.paper, zh, paper.valid_days, paper.may_follow, paper.may_promise, paper.if_made});
  }
  return c;
}
DefinePackage Restated(const cases::PackageDefined& defined, std::string_view zh) {
  return {{defined.on.key},   defined.version, defined.from,    {std::string(zh)},
          defined.owner_unit, defined.matters, defined.promised};
}

// Whether two definitions say the same, whatever their version and day.
template <class C>
bool SaysTheSame(C a, const C& b) {
  a.version = b.version, a.from = b.from;
  return ToJson(a) == ToJson(b);
}

class Planner {
 public:
  Planner(const State& state, const Catalogue& catalogue, Day today, MattersReport& report)
      : state_(state), catalogue_(catalogue), today_(today), report_(report) {}

  void Plan() {
    for (const auto& [id, versions] : ById(catalogue_.matters())) Matter(id, versions);
    for (const auto& [id, versions] : ById(catalogue_.packages())) Package(id, versions);
    for (auto& [what, ids] : left_out_) report_.left_out.push_back({what, {ids.begin(), ids.end()}});
  }

  // Units first: what follows names them.
  std::vector<AnyCommand> commands() const {
    std::vector<AnyCommand> all(units_.begin(), units_.end());
    all.insert(all.end(), definitions_.begin(), definitions_.end());
    return all;
  }
  const std::string& IdOf(std::size_t command) const {
    return command < units_.size() ? std::get<people::CreateUnit>(units_[command]).code.value
                                   : id_of_[command - units_.size()];
  }

 private:
  void LeaveOut(const char* what, const std::string& id) { left_out_[what].insert(id); }

  UnitId UnitOf(const Key<40>& department) {
    if (const auto known = unit_of_.find(department.value); known != unit_of_.end()) return known->second;
    const people::State& people = state_.people;
    const approval::Department* named = catalogue_.FindDepartment(department.value);
    UnitId& unit = unit_of_[department.value];
    if (const std::uint32_t at = people.by_unit_code.Find(people.unit_code, department.value); at != TextIndex::kNone)
      return unit = UnitId::FromIndex(at);
    for (std::size_t u = 0; u < people.unit_parent.size(); ++u)
      if (people.unit_name.Get(u) == named->zh.value) return unit = UnitId::FromIndex(u);
    units_.emplace_back(people::CreateUnit{{department.value}, named->zh, std::nullopt});
    ++report_.units_created;
    return unit = UnitId::FromIndex(people.unit_parent.size() + units_.size() - 1);
  }

  // The versions that are still to be stored. `known`: how many the ledger has, `last`: the last of them.
  template <class Row, class C, class Make>
  void Versions(const std::string& id, const std::vector<const Row*>& rows, std::size_t known,
                const std::optional<C>& last, Make&& make, std::int64_t& defined) {
    std::optional<C> before = last;
    std::size_t first = 0;
    auto version = static_cast<std::int64_t>(known);
    if (before) {
      // What the catalogue says of the time before the ledger's last version is history by now, but for the row that it
      // has in force at that version's beginning.
      while (first + 1 < rows.size() && rows[first + 1]->from <= before->from) ++first;
    }
    bool stored = false;
    for (std::size_t r = first; r < rows.size(); ++r) {
      C next = make(*rows[r]);
      if (before && SaysTheSame(next, *before)) continue;
      next.version = {++version};
      next.from = rows[r]->from;
      // A correction of what is in force begins today, and no version before the one before it.
      if (last && next.from <= last->from) next.from = today_;
      if (before) next.from = std::max(next.from, before->from);
      before = next;
      id_of_.push_back(id);
      definitions_.emplace_back(std::move(next));
      ++defined;
      stored = true;
    }
    if (!stored) ++report_.unchanged;
  }

  void Matter(const std::string& id, const std::vector<const approval::Matter*>& rows) {
    ++report_.matters;
    if (rows.back()->until && *rows.back()->until < today_) return Skip("ended", id);
    for (const approval::Matter* row : rows) {
      if (!row->statutory && !row->promised) return Skip("no_limit", id);
      if (Items(row->needs).size() + Items(row->if_due).size() > cases::kPapersMax) return Skip("too_large", id);
    }
    Tell(id, *rows.back());
    const auto known = state_.cases.matter_versions.find(id);
    std::optional<DefineMatter> last;
    if (known != state_.cases.matter_versions.end()) {
      cases::MatterNamed named;
      const std::string_view words = state_.cases.matter_words.Get(known->second.back());
      if (!words.empty()) LF_CHECK(ScanJson(words, named));
      last = Restated(state_.cases.matters[known->second.back()].event, named);
    }
    const cases::MatterDefined* recorded = last ? &state_.cases.matters[known->second.back()].event : nullptr;
    Versions<approval::Matter, DefineMatter>(
        id, rows, last ? known->second.size() : 0, last,
        [&](const approval::Matter& row) { return DefinitionOf(catalogue_, row, UnitOf(row.department), recorded); },
        report_.matters_defined);
  }

  void Package(const std::string& id, const std::vector<const approval::Package*>& rows) {
    ++report_.packages;
    if (rows.back()->until && *rows.back()->until < today_) return Skip("ended", id);
    for (const approval::Package* row : rows) {
      if (row->matters.items.size() > cases::kMattersMax) return Skip("too_large", id);
      for (const Key<40>& matter : row->matters.items)
        if (skipped_.contains(matter.value)) return Skip("package_of_left_out", id);
    }
    if (rows.back()->visits) LeaveOut("visits", id);
    if (rows.back()->until) LeaveOut("until", id);
    LeaveOut("en", id), LeaveOut("source", id);
    const auto known = state_.cases.package_versions.find(id);
    std::optional<DefinePackage> last;
    if (known != state_.cases.package_versions.end()) {
      const std::uint32_t at = known->second.back();
      last = Restated(state_.cases.packages[at].event, state_.cases.package_words.Get(at));
    }
    Versions<approval::Package, DefinePackage>(
        id, rows, last ? known->second.size() : 0, last,
        [&](const approval::Package& row) {
          DefinePackage c{row.id, row.version, row.from, row.zh, UnitOf(row.lead), {}, row.promised};
          c.matters.items = row.matters.items;
          return c;
        },
        report_.packages_defined);
  }

  void Skip(const char* what, const std::string& id) {
    skipped_.insert(id);
    LeaveOut(what, id);
  }

  void Tell(const std::string& id, const approval::Matter& m) {
    LeaveOut("en", id), LeaveOut("source", id);
    if (m.applies) LeaveOut("applies", id);
    if (!Items(m.channels).empty()) LeaveOut("channels", id);
    if (!Items(m.replaces).empty()) LeaveOut("replaces", id);
    if (m.fee) LeaveOut("fee", id);
    if (m.visits) LeaveOut("visits", id);
    if (m.until) LeaveOut("until", id);
    if (m.limit_law) LeaveOut("limit_law", id);
    if (m.code) LeaveOut("code", id);
  }

  const State& state_;
  const Catalogue& catalogue_;
  const Day today_;
  MattersReport& report_;
  std::map<std::string, UnitId> unit_of_;
  std::vector<AnyCommand> units_, definitions_;
  std::vector<std::string> id_of_;  // Of definitions_.
  std::set<std::string> skipped_;
  std::map<std::string, std::set<std::string>> left_out_;
};

}  // namespace

DefineMatter DefinitionOf(const Catalogue& catalogue, const approval::Matter& matter, UnitId unit,
                          const cases::MatterDefined* last) {
  DefineMatter c{matter.id, matter.version,   matter.from,     matter.zh, unit, matter.kind, matter.level,
                 true,      matter.statutory, matter.promised, {},        {},   matter.law};
  if (last != nullptr) c.discretion = last->discretion;
  for (const Key<40>& key : Items(matter.needs)) {
    const approval::Paper* paper = catalogue.FindPaper(key.value);
    cases::PaperOf of{key, paper->zh, paper->valid_days, false, false};
    if (last != nullptr)
      for (const cases::NeededPaper& before : last->papers.items)
        if (before.paper == key) of.may_follow = before.may_follow, of.may_promise = before.may_promise;
    c.papers.items.push_back(std::move(of));
  }
  for (const Key<40>& key : Items(matter.if_due)) {
    const approval::Paper* paper = catalogue.FindPaper(key.value);
    c.papers.items.push_back({key, paper->zh, paper->valid_days, false, false, true});
  }
  const auto makes = Items(matter.makes);
  c.makes.items.assign(makes.begin(), makes.end());
  List<cases::MadeValid, cases::kMadeMax> valid;
  for (const Key<40>& key : makes)
    if (const auto days = catalogue.FindPaper(key.value)->valid_days) valid.items.push_back({key, *days});
  if (!valid.items.empty()) c.made_valid = std::move(valid);
  return c;
}

Result<MattersReport> ImportMatters(Engine& engine, Actor by, const std::string& key, const Catalogue& catalogue,
                                    const MattersOptions& options) {
  MattersReport report;
  auto state = std::make_unique<State>();
  std::uint64_t known_seq = 0;
  {
    const Engine::Reader reader = engine.Read();
    *state = reader.state();
    known_seq = reader.seq();
  }
  Planner planner(*state, catalogue, WallDay(engine.clock().Now(), state->admin.offset()), report);
  planner.Plan();
  const std::vector<AnyCommand> commands = planner.commands();
  if (auto refused = engine.TryBatch(by, commands); !refused.empty()) {
    auto& [index, error] = refused.front();
    error.detail = planner.IdOf(index) + (error.detail.empty() ? "" : ": " + error.detail);
    return std::move(error);
  }
  if (options.dry_run || commands.empty()) return report;
  admin::CompleteBatch completion;
  completion.kind = {"matters"};
  completion.file = Sha256(approval::WriteCatalogueFile(catalogue.rows()));
  if (by == Actor::Local()) {
    LF_ASSIGN(completion.local_user, Text<64>::Parse(options.local_user));
  }
  LF_ASSIGN(const Answer answer, engine.RunBatch(by, key, commands, completion, known_seq));
  report.seq = static_cast<std::int64_t>(answer.seq);
  return report;
}

}  // namespace landfall::app
