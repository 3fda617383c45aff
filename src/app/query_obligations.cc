// SPDX-License-Identifier: Apache-2.0
// The one list of who owes what by when: recorded obligations, and planned milestones nobody has acted on as derived rows.
#include <algorithm>

#include "app/board_scan.h"
#include "app/queries.h"

namespace landfall::app {
namespace {

// A row to be: an obligation, or rung `rung` of a project. Sorted before it is spelt out.
struct Candidate {
  std::int64_t key;          // The due day, behind the light where that is asked for.
  std::int32_t due;
  Light light;
  std::uint32_t obligation;  // raw, 0 for derived
  std::uint32_t project;     // raw
  std::int32_t rung;
};

ObligationState StateOf(obligation::Life life) { return static_cast<ObligationState>(life); }

std::vector<std::string> NextOf(const obligation::State& s, std::size_t i) {
  const auto life = static_cast<obligation::Life>(s.life[i]);
  const obligation::KindRules rules = obligation::RulesOf(static_cast<obligation::Kind>(s.kind[i]));
  std::vector<std::string> next;
  if (!obligation::IsOpen(life)) return next;
  if (life == obligation::Life::kReported) {
    next.emplace_back("obligation.write_off");
    if (rules.returnable) next.emplace_back("obligation.return");
  } else {
    if (life == obligation::Life::kAssigned && rules.needs_accept) next.emplace_back("obligation.accept");
    else next.emplace_back("obligation.report_done");
    next.emplace_back("obligation.move_deadline");
  }
  next.emplace_back("obligation.cancel");
  return next;
}

NamedRef ProjectRef(const project::State& s, std::uint32_t raw) {
  return {ProjectId{raw}.ToString(), std::string(s.title.Get(raw - 1))};
}

ObligationRow Spell(const Frame& frame, const Candidate& c) {
  const State& state = frame.state;
  ObligationRow row;
  row.due_on = DayFromNumber(c.due);
  if (c.obligation != 0) {
    const obligation::State& s = state.obligation;
    const std::size_t i = c.obligation - 1;
    row.id = ObligationId{c.obligation};
    row.kind = EnumName(static_cast<obligation::Kind>(s.kind[i]));
    row.text = std::string(s.text.Get(i));
    row.text_erased = s.text.Erased(i);
    row.state = StateOf(static_cast<obligation::Life>(s.life[i]));
    row.light = ObligationLight(frame, *row.id);
    row.owner_unit = UnitRef(state, UnitId{s.owner[i]});
    if (s.project[i] != 0) row.project = ProjectRef(state.project, s.project[i]);
    row.given_on = DayFromNumber(s.given[i]);
    row.returned_times = s.returned[i];
    row.seq = static_cast<std::int64_t>(s.seq[i]);
    row.next = NextOf(s, i);
    return row;
  }
  const project::State& s = state.project;
  const std::size_t p = c.project - 1;
  const std::size_t slot = s.first_slot[p] + static_cast<std::size_t>(c.rung);
  row.kind = "milestone";
  row.milestone = s.ladders[s.ladder[p]].rungs[static_cast<std::size_t>(c.rung)].key.value;
  row.project = ProjectRef(s, c.project);
  if (s.owner[p] != 0) row.owner_unit = UnitRef(state, UnitId{s.owner[p]});
  row.seq = static_cast<std::int64_t>(s.planned_seq[slot]);
  const std::int32_t late = DayNumber(frame.as_of) - c.due;
  row.light.light = c.light;
  row.light.reason = late > 0 ? LightReason::overdue : LightReason::on_plan;
  row.light.milestone = row.milestone;
  row.light.days = late > 0 ? late : -late;
  if (late > 0) row.light.since = DayFromNumber(c.due + (late > kAmberDays ? kAmberDays + 1 : 1));
  row.next = {"project.reach_milestone", "project.plan_milestone"};
  return row;
}

}  // namespace

Result<ObligationList> QueryObligations(const Frame& frame, const ObligationFilter& filter) {
  const State& state = frame.state;
  const obligation::State& o = state.obligation;
  const project::State& s = state.project;
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  const Scope scope(frame, filter.unit, std::nullopt);
  const std::string needle = Lower(filter.text);
  const std::int32_t as_of = DayNumber(frame.as_of);
  ObligationList list;
  list.standing = StandingOf(frame);
  const auto less = [](const Candidate& a, const Candidate& b) {
    return std::tie(a.key, a.obligation, a.project, a.rung) < std::tie(b.key, b.obligation, b.project, b.rung);
  };
  Page<Candidate, decltype(less)> page(offset, filter.limit, less);
  LightTally lights;
  const auto key_of = [by_light = filter.by_light](Light light, std::int32_t due) {
    return by_light ? static_cast<std::int64_t>(light) * (std::int64_t{1} << 40) + due : due;
  };

  std::optional<obligation::Kind> kind;
  if (filter.kind) kind = EnumFromName<obligation::Kind>(*filter.kind);
  const bool recorded = !filter.kind || kind;
  const bool want_open = filter.which != ObligationFilter::Which::closed, want_closed = filter.which != ObligationFilter::Which::open;
  const bool everyone = !filter.unit && !frame.visible;
  // Millions of rows pass here: what is cheap to know is computed without a branch, and only what can stand on the page is kept.
  const auto consider = [&](std::size_t i) {
    bool take = obligation::IsOpen(static_cast<obligation::Life>(o.life[i])) ? want_open : want_closed;
    if (!everyone) take = take & scope.HasUnit(o.owner[i]);
    if (kind) take = take & (o.kind[i] == static_cast<std::uint8_t>(*kind));
    const Light light = LightOf(o, i, as_of);
    if (filter.light) take = take & (light == *filter.light);
    if (!needle.empty() && take)
      take = Contains(o.text.Get(i), needle) || (o.project[i] != 0 && Contains(s.title.Get(o.project[i] - 1), needle));
    lights.Add(light, take);
    const std::int64_t key = key_of(light, o.due[i]);
    if (take & (key <= page.greatest_key())) page.Offer({key, o.due[i], light, ObligationId::FromIndex(i).raw, o.project[i], 0});
  };
  if (recorded && filter.project) {
    if (filter.project->index() < o.last_of_project.size())
      for (std::uint32_t at = o.last_of_project[filter.project->index()]; at != 0; at = o.previous[at - 1]) consider(at - 1);
  } else if (recorded) {
    for (std::size_t i = 0; i < o.size(); ++i) consider(i);
  }

  const bool derived = filter.derived && want_open && (!filter.kind || *filter.kind == "milestone");
  const std::vector<int> rungs = RungCounts(s);
  const auto consider_project = [&](std::size_t p) {
    if (s.open_due[p] == project::kNever && s.newest_day[p] <= as_of) return;
    if (s.side[p] != static_cast<std::uint8_t>(project::Side::kActive) && s.side_since[p] <= as_of) return;
    if (!scope.Has(p)) return;
    if (!needle.empty() && !Contains(s.title.Get(p), needle)) return;
    for (int r = 0; r < rungs[s.ladder[p]]; ++r) {
      const std::size_t slot = s.first_slot[p] + static_cast<std::size_t>(r);
      const std::int32_t due = s.planned[slot];
      const bool reached = s.reached[slot] != project::kNoDay && s.reached[slot] <= as_of;
      const Light light = LightOfLateness(std::int64_t{as_of} - due);
      bool take = (due != project::kNoDay) & !reached;
      if (filter.light) take = take & (light == *filter.light);
      lights.Add(light, take);
      const std::int64_t key = key_of(light, due);
      if (take & (key <= page.greatest_key())) page.Offer({key, due, light, 0, ProjectId::FromIndex(p).raw, r});
    }
  };
  if (derived && filter.project) {
    if (s.Knows(*filter.project)) consider_project(filter.project->index());
  } else if (derived) {
    for (std::size_t p = 0; p < s.size(); ++p) consider_project(p);
  }

  list.lights = lights.Counts();
  list.total = list.lights.red + list.lights.amber + list.lights.green + list.lights.done + list.lights.idle;
  for (const Candidate& c : page.Take()) list.rows.push_back(Spell(frame, c));
  const std::size_t end = offset + list.rows.size();
  if (!list.rows.empty() && end < static_cast<std::size_t>(list.total)) list.next_cursor = CursorAt(end);
  return list;
}

}  // namespace landfall::app
