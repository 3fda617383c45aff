// SPDX-License-Identifier: Apache-2.0
// Matters, packages, and the forms that follow from them.
#include <algorithm>

#include "cases/course.h"

namespace landfall::cases {
namespace {

using Versions = std::unordered_map<std::string, std::vector<std::uint32_t>>;

const std::vector<std::uint32_t>& VersionsOf(const Versions& versions, std::string_view key) {
  static const std::vector<std::uint32_t> kNone;
  const auto found = versions.find(std::string(key));
  return found == versions.end() ? kNone : found->second;
}

template <class Rows>
int InForce(const Rows& rows, const std::vector<std::uint32_t>& versions, Day on) {
  for (std::size_t i = versions.size(); i-- > 0;)
    if (rows[versions[i]].event.from <= on) return static_cast<int>(versions[i]);
  return -1;
}

// Versions follow each other by one, and none begins before the one before it.
template <class Rows>
bool Follows(const Rows& rows, const std::vector<std::uint32_t>& versions, std::int64_t version, Day from) {
  if (version != static_cast<std::int64_t>(versions.size()) + 1) return false;
  return versions.empty() || rows[versions.back()].event.from <= from;
}

template <class T>
bool HasTwice(std::vector<T> items) {
  std::sort(items.begin(), items.end());
  return std::adjacent_find(items.begin(), items.end()) != items.end();
}

// A path of makers that ends where it began; empty where there is none.
std::string CycleOf(const State& state, const Form& form) {
  const std::size_t n = form.steps.size();
  std::vector<std::uint8_t> colour(n, 0);  // 1: on the way here, 2: leads to no cycle
  std::vector<std::size_t> path;
  const auto key = [&](std::size_t step) { return state.matters[form.steps[step].matter].event.on.key; };
  std::string found;
  const auto walk = [&](const auto& self, std::size_t step) -> bool {
    colour[step] = 1;
    path.push_back(step);
    for (std::size_t to = 0; to < n; ++to) {
      if ((form.steps[step].waits >> to & 1) == 0 || colour[to] == 2) continue;
      if (colour[to] == 1) {
        for (auto at = std::find(path.begin(), path.end(), to); at != path.end(); ++at) found += key(*at) + " > ";
        found += key(to);
        return true;
      }
      if (self(self, to)) return true;
    }
    path.pop_back();
    colour[step] = 2;
    return false;
  };
  for (std::size_t step = 0; step < n; ++step)
    if (colour[step] == 0 && walk(walk, step)) return found;
  return {};
}

}  // namespace

int State::FindMatter(std::string_view key, Day on) const {
  return InForce(matters, VersionsOf(matter_versions, key), on);
}
int State::FindPackage(std::string_view key, Day on) const {
  return InForce(packages, VersionsOf(package_versions, key), on);
}
int State::MatterVersion(std::string_view key, std::int64_t version) const {
  return static_cast<int>(VersionsOf(matter_versions, key)[static_cast<std::size_t>(version - 1)]);
}
int State::PackageVersion(std::string_view key, std::int64_t version) const {
  return static_cast<int>(VersionsOf(package_versions, key)[static_cast<std::size_t>(version - 1)]);
}

std::vector<std::uint32_t> FormRow(std::uint32_t package, const std::vector<std::uint32_t>& matters) {
  std::vector<std::uint32_t> row{package, static_cast<std::uint32_t>(matters.size())};
  row.insert(row.end(), matters.begin(), matters.end());
  return row;
}

Result<Form> MakeForm(const State& state, std::uint32_t package, const std::vector<std::uint32_t>& matters) {
  Form form;
  form.package = package;
  for (const std::uint32_t matter : matters)
    form.steps.push_back({matter, state.matters[matter].event.owner_unit.raw, 0, {}});
  for (std::size_t s = 0; s < matters.size(); ++s) {
    const MatterDefined& needs = state.matters[matters[s]].event;
    for (std::size_t p = 0; p < needs.papers.items.size(); ++p) {
      const NeededPaper& paper = needs.papers.items[p];
      std::uint64_t makers = 0;
      for (std::size_t m = 0; m < matters.size(); ++m)
        for (const Key<40>& made : state.matters[matters[m]].event.makes.items)
          if (made == paper.paper) makers |= std::uint64_t{1} << m;
      if (makers != 0) {
        form.steps[s].waits |= makers;
        continue;
      }
      if (paper.if_made.value_or(false)) continue;
      int at = form.FindPaper(paper.paper.value);
      if (at < 0) {
        at = static_cast<int>(form.papers.size());
        form.papers.push_back({paper.paper, matters[s], static_cast<std::uint32_t>(p)});
      }
      // A paper that two matters need is asked as the stricter of them asks.
      FormPaper& asked = form.papers[static_cast<std::size_t>(at)];
      asked.has_validity = asked.has_validity || paper.valid_days.has_value();
      asked.may_follow = asked.may_follow && paper.may_follow;
      asked.may_promise = asked.may_promise && paper.may_promise;
      form.steps[s].papers.push_back(static_cast<std::uint16_t>(at));
    }
  }
  if (std::string path = CycleOf(state, form); !path.empty())
    return Conflict("package.cycle", std::move(path), "matters");
  return form;
}

Decided Decide(const State& state, const DecideContext&, const DefineMatter& c) {
  if (c.owner_unit.raw > state.units) return NotFound("unit.unknown", {}, "owner_unit");
  if (!Follows(state.matters, VersionsOf(state.matter_versions, c.matter.value), c.version.value, c.from))
    return Conflict("matter.version_wrong", {}, "version");
  if (!c.statutory && !c.promised) return Invalid("matter.no_limit", {}, "promised");
  if (c.statutory && c.promised && c.statutory->unit == c.promised->unit &&
      c.promised->days.value > c.statutory->days.value)
    return Invalid("matter.promise_above_limit", {}, "promised");
  std::vector<Key<40>> keys;
  MatterDefined defined{{c.matter.value}, c.version,   c.from,     c.owner_unit, c.kind,  c.level,
                        c.discretion,     c.statutory, c.promised, {},           c.makes, c.made_valid};
  MatterNamed named{{c.matter.value}, c.version, c.zh, c.law, {}};
  for (const PaperOf& paper : c.papers.items) {
    keys.push_back(paper.paper);
    defined.papers.items.push_back({paper.paper, paper.valid_days, paper.may_follow.value_or(false),
                                    paper.may_promise.value_or(false),
                                    paper.if_made.value_or(false) ? std::optional(true) : std::nullopt});
    named.papers.items.push_back(paper.zh);
  }
  if (HasTwice(std::move(keys)) || HasTwice(c.makes.items)) return Invalid("matter.paper_repeated", {}, "papers");
  return std::vector<Event>{std::move(defined), std::move(named)};
}

Decided Decide(const State& state, const DecideContext&, const DefinePackage& c) {
  if (c.owner_unit.raw > state.units) return NotFound("unit.unknown", {}, "owner_unit");
  if (!Follows(state.packages, VersionsOf(state.package_versions, c.package.value), c.version.value, c.from))
    return Conflict("package.version_wrong", {}, "version");
  if (c.matters.items.empty()) return NotFound("matter.unknown", {}, "matters");
  if (HasTwice(c.matters.items)) return Invalid("package.matter_repeated", {}, "matters");
  std::vector<std::uint32_t> matters;
  for (const Key<40>& key : c.matters.items) {
    const int matter = state.FindMatter(key.value, c.from);
    if (matter < 0) return NotFound("matter.unknown", key.value, "matters");
    matters.push_back(static_cast<std::uint32_t>(matter));
  }
  LF_TRY(MakeForm(state, 0, matters));
  return std::vector<Event>{PackageDefined{{c.package.value}, c.version, c.from, c.owner_unit, c.matters, c.promised},
                            PackageNamed{{c.package.value}, c.version, c.zh}};
}

namespace {

void Add(State& state, MatterDefined event, std::uint64_t seq) {
  state.matter_versions[event.on.key].push_back(static_cast<std::uint32_t>(state.matters.size()));
  state.matters.push_back({std::move(event), seq});
}
void Add(State& state, PackageDefined event, std::uint64_t seq) {
  state.package_versions[event.on.key].push_back(static_cast<std::uint32_t>(state.packages.size()));
  state.packages.push_back({std::move(event), seq});
}
template <class E>
void Read(State& state, const std::vector<std::string>& rows) {
  for (std::size_t i = 0; i + 2 < rows.size(); i += 3) {
    E event{};
    LF_CHECK(ScanJson(rows[i + 1], event));
    event.on.key = rows[i];
    Add(state, std::move(event), std::stoull(rows[i + 2]));
  }
}
template <class E>
void Write(std::vector<std::string>& rows, const E& event, std::uint64_t seq) {
  rows.insert(rows.end(), {event.on.key, ToJson(event), std::to_string(seq)});
}

}  // namespace

void State::Rebuild() {
  matters.clear(), packages.clear(), matter_versions.clear(), package_versions.clear(), forms.clear(), form_of.clear();
  Read<MatterDefined>(*this, matter_rows);
  Read<PackageDefined>(*this, package_rows);
  for (std::size_t at = 0; at < form_rows.size();) {
    const std::vector<std::uint32_t> of(form_rows.begin() + static_cast<std::ptrdiff_t>(at) + 2,
                                        form_rows.begin() + static_cast<std::ptrdiff_t>(at + 2 + form_rows[at + 1]));
    const std::size_t bytes = (2 + of.size()) * sizeof(std::uint32_t);
    form_of.emplace(std::string(reinterpret_cast<const char*>(&form_rows[at]), bytes),
                    static_cast<std::uint32_t>(forms.size()));
    forms.push_back(MakeForm(*this, form_rows[at], of).value());
    at += 2 + of.size();
  }
  owed.Clear(), last_of_project.clear(), previous_of_project.clear();
  for (std::uint32_t i = 0; i < cases.size(); ++i) LinkToProject(*this, i), EnterOwed(*this, i);
}

void Apply(State& state, const Origin& origin, const MatterDefined& e) {
  Write(state.matter_rows, e, origin.seq);
  Add(state, e, origin.seq);
  state.matter_words.Resize(state.matters.size());
}

void Apply(State& state, const Origin& origin, const PackageDefined& e) {
  Write(state.package_rows, e, origin.seq);
  Add(state, e, origin.seq);
  state.package_words.Resize(state.packages.size());
}

// An erased payload has no version; the name is that of the definition in the same entry, which is the newest.
void Apply(State& state, const Origin& origin, const MatterNamed& e) {
  const std::uint32_t at = VersionsOf(state.matter_versions, e.on.key).back();
  state.matter_words.Set(at, origin.seq, origin.event, origin.erased ? std::string() : ToJson(e));
}

void Apply(State& state, const Origin& origin, const PackageNamed& e) {
  const std::uint32_t at = VersionsOf(state.package_versions, e.on.key).back();
  state.package_words.Set(at, origin.seq, origin.event, e.zh.value);
}

void Apply(State& state, const Origin&, const admin::PayloadErased& e) {
  const auto seq = static_cast<std::uint64_t>(e.seq.value);
  const auto event = static_cast<std::uint32_t>(e.event.value);
  state.matter_words.Erase(seq, event);
  state.package_words.Erase(seq, event);
  state.peers.names.Erase(seq, event);
}

void Apply(State& state, const Origin&, const people::UnitCreated&) { ++state.units; }
void Apply(State& state, const Origin&, const enterprise::EnterpriseRegistered&) { ++state.enterprises; }
void Apply(State& state, const Origin&, const project::ProjectRegistered&) { ++state.projects; }
void Apply(State& state, const Origin&, const admin::AccountCreated& e) {
  state.account_unit.push_back(e.unit ? e.unit->raw : 0);
  state.applicants.push_back(0);
}
void Apply(State& state, const Origin&, const admin::AccountBound& e) {
  state.applicants[e.on.index()] = e.enterprise.has_value();
}

}  // namespace landfall::cases
