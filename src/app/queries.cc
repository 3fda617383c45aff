// SPDX-License-Identifier: Apache-2.0
// Board, projects and the lists of master data. Obligations and figures have their own files.
#include "app/queries.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "app/board_scan.h"

namespace landfall::app {
namespace {

ProjectRow RowOf(const Frame& frame, ProjectId id) {
  const State& state = frame.state;
  const project::State& s = state.project;
  const std::size_t p = id.index();
  const std::int32_t as_of = DayNumber(frame.as_of);
  const project::Ladder& ladder = s.ladders[s.ladder[p]];
  const project::State::Position at = s.PositionAt(p, as_of);
  ProjectRow row;
  row.id = id;
  if (!s.code.Get(p).empty()) row.code = std::string(s.code.Get(p));
  row.title = std::string(s.title.Get(p));
  row.title_erased = s.title.Erased(p);
  row.ladder = ladder.key;
  if (at.stage > 0) row.stage = ladder.rungs[static_cast<std::size_t>(at.stage - 1)].key.value;
  project::Medal medal = project::Medal::none;
  for (std::size_t r = 0; r < ladder.rungs.size(); ++r) {
    const std::int32_t day = s.reached[s.first_slot[p] + r];
    if (day != project::kNoDay && day <= as_of) medal = std::max(medal, ladder.rungs[r].medal);
  }
  if (medal != project::Medal::none) row.medal = std::string(EnumName(medal));
  row.light = ProjectLight(frame, id);
  if (s.owner[p] != 0) row.owner_unit = UnitRef(state, UnitId{s.owner[p]});
  if (s.region[p] != 0) row.region = RegionRef(state, RegionId{s.region[p]});
  if (s.investment[p] != project::kNoMoney) row.investment_minor = Money::FromMinor(s.investment[p]);
  row.funds_minor = Money::FromMinor(s.FundsAt(p, as_of));
  if (at.open_rung >= 0) {
    row.next_milestone = ladder.rungs[static_cast<std::size_t>(at.open_rung)].key.value;
    row.next_due_on = DayFromNumber(at.open_due);
  }
  row.contradictions = std::popcount(s.contradicting[p]);
  if (!s.Counts(p)) row.counted_in = ProjectRef(s, s.files.counted_in[p]);
  return row;
}

// What a list sorts by, as one comparable number, smallest first; 0 where text decides.
struct SortKey {
  std::int64_t key;
  std::uint32_t project;
};

}  // namespace

Result<std::size_t> OffsetOf(std::string_view cursor) {
  std::size_t offset = 0;
  if (cursor.empty()) return offset;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), offset);
  if (error != std::errc() || end != cursor.data() + cursor.size()) return Invalid("request.bad_cursor", {}, "cursor");
  return offset;
}
std::string CursorAt(std::size_t offset) { return std::to_string(offset); }

Standing StandingOf(const Frame& frame) {
  const admin::State& a = frame.state.admin;
  Standing standing{a.jurisdiction, a.name.size() > 0 ? std::string(a.name.Get(0)) : std::string(),
                    a.currency,     a.currency_decimals,
                    frame.as_of,    static_cast<std::int64_t>(frame.known_at),
                    std::nullopt,   static_cast<std::int64_t>(frame.ledger_size)};
  if (frame.known_at != 0) standing.known_at_time = frame.known_at_time;
  return standing;
}

NamedRef UnitRef(const State& state, UnitId unit) {
  return {unit.ToString(), std::string(state.people.unit_name.Get(unit.index()))};
}
NamedRef RegionRef(const State& state, RegionId region) {
  return {region.ToString(), std::string(state.place.name.Get(region.index()))};
}
NamedRef ProjectRef(const project::State& s, std::uint32_t raw) {
  return {ProjectId{raw}.ToString(), std::string(s.title.Get(raw - 1))};
}
NamedRef EnterpriseRef(const State& state, std::uint32_t raw) {
  return {EnterpriseId{raw}.ToString(), std::string(state.enterprise.name.Get(raw - 1))};
}
std::string DisplayOf(const State& state, std::uint32_t account) {
  const AccountId id{account};
  return account != project::kNoAccount && state.admin.Knows(id) ? std::string(state.admin.display.Get(id.index()))
                                                                 : std::string();
}

namespace {

using Lights = std::array<std::int64_t, 5>;  // by Light
LightCounts CountsOf(const Lights& n) { return {n[0], n[1], n[2], n[3], n[4]}; }

// What a board counts over its projects.
struct ProjectCounts {
  std::vector<std::vector<std::int64_t>> stages;         // By ladder: none reached, then by highest rung reached.
  std::vector<std::vector<MilestoneCounts>> milestones;  // By ladder and rung.
  std::vector<Lights> units, regions;                    // By raw id; 0: none.
  std::int64_t investment = 0, without_investment = 0, funds = 0;
};

// Milestones of all projects from the kept tallies: 17 steps a rung instead of a scan over all slots.
void AddTallies(const project::State& s, std::int32_t as_of, ProjectCounts& c) {
  for (std::size_t l = 0; l < c.milestones.size(); ++l) {
    const project::RungTallies& t = s.tallies[l];
    for (std::size_t r = 0; r < t.stated.size(); ++r) {
      const std::int64_t past = t.stated[r].UpTo(as_of);
      c.milestones[l][r] = {past, t.stated[r].total() - past, t.projects - t.stated[r].total(), t.contradicting[r]};
    }
  }
}

// Stages and lights of all projects where the kept columns hold. In blocks: lights first, in a loop without branches
// that the compiler can widen, then the counters.
void CountLights(const project::State& s, std::int32_t as_of, const std::vector<int>& rungs, ProjectCounts& c) {
  constexpr std::size_t kBlock = 1024;
  std::array<std::uint8_t, kBlock> lights;
  std::array<std::int32_t, kBlock> dues;
  std::array<std::uint32_t, kBlock> owners, regions;
  std::array<std::uint8_t, 256> last{};  // By ladder: its number of rungs.
  for (std::size_t l = 0; l < rungs.size(); ++l) last[l] = static_cast<std::uint8_t>(rungs[l]);
  std::vector<std::array<std::int64_t, 256>> stages(rungs.size());
  for (std::size_t from = 0; from < s.size(); from += kBlock) {
    const std::size_t n = std::min(kBlock, s.size() - from);
    s.open_due.Read(from, n, dues.data());
    s.owner.Read(from, n, owners.data());
    s.region.Read(from, n, regions.data());
    for (std::size_t i = 0; i < n; ++i) {
      const std::int32_t stage = s.stage[from + i];
      lights[i] = static_cast<std::uint8_t>(UsualLight(as_of, stage, dues[i], last[s.ladder[from + i]]));
    }
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t p = from + i;
      std::size_t light = lights[i];
      if (s.unusual[p]) {
        if (!s.Counts(p)) continue;
        light = static_cast<std::size_t>(LightOf(s, p, as_of, s.stage[p], s.open_due[p], last[s.ladder[p]]));
      }
      ++stages[s.ladder[p]][s.stage[p]];
      ++c.units[owners[i]][light];
      ++c.regions[regions[i]][light];
    }
  }
  for (std::size_t l = 0; l < rungs.size(); ++l)
    std::copy_n(stages[l].begin(), c.stages[l].size(), c.stages[l].begin());
}

// One pass over the columns that a board needs.
ProjectCounts CountProjects(const project::State& s, const Scope& scope, std::optional<Light> only,
                            std::int32_t as_of) {
  ProjectCounts c;
  const std::vector<int> rungs = RungCounts(s);
  for (const int n : rungs) {
    c.stages.emplace_back(static_cast<std::size_t>(n) + 1, 0);
    c.milestones.emplace_back(static_cast<std::size_t>(n));
  }
  c.units.resize(s.units + 1);
  c.regions.resize(s.regions + 1);
  const bool kept_hold = s.newest_reached <= as_of, kept_funds_hold = s.newest_receipt <= as_of;
  const bool everything = scope.everything() && !only;
  if (everything) {
    c.investment = s.total_investment;
    c.without_investment = s.without_investment;
    if (kept_funds_hold) c.funds = s.total_funds;
  }
  const std::size_t projects = s.size();
  if (everything && kept_hold && kept_funds_hold) {
    CountLights(s, as_of, rungs, c);
    AddTallies(s, as_of, c);
    return c;
  }
  DayWindow planned_days(s.planned), reached_days(s.reached);
  for (std::size_t p = 0; p < projects; ++p) {
    if (!scope.Has(p) || (s.unusual[p] && !s.Counts(p))) continue;
    const std::size_t ladder = s.ladder[p];
    const project::State::Position at = FastPosition(s, p, as_of, kept_hold);
    const Light shown = LightOf(s, p, as_of, at.stage, at.open_due, rungs[ladder]);
    if (only && shown != *only) continue;
    const auto light = static_cast<std::size_t>(shown);
    ++c.stages[ladder][static_cast<std::size_t>(at.stage)];
    ++c.units[s.owner[p]][light];
    ++c.regions[s.region[p]][light];
    if (everything) {
      if (!kept_funds_hold) c.funds += s.FundsAt(p, as_of);
      continue;
    }
    const bool known = s.investment[p] != project::kNoMoney;
    c.investment += s.investment[p] & -static_cast<std::int64_t>(known);
    c.without_investment += !known;
    c.funds += kept_funds_hold ? s.funds[p] : s.FundsAt(p, as_of);
    std::vector<MilestoneCounts>& milestones = c.milestones[ladder];
    const std::int32_t* const planned = planned_days.Read(s.first_slot[p], milestones.size());
    const std::int32_t* const reached = reached_days.Read(s.first_slot[p], milestones.size());
    const int contradicting = s.contradicting[p];
    for (std::size_t r = 0; r < milestones.size(); ++r) {
      MilestoneCounts& m = milestones[r];
      const std::int32_t day = Pick(reached[r] != project::kNoDay, reached[r], planned[r]);
      m.none += day == project::kNoDay;
      m.past += (day != project::kNoDay) & (day <= as_of);
      m.ahead += day > as_of;
      m.contradicting += contradicting >> r & 1;
    }
  }
  if (everything) AddTallies(s, as_of, c);
  return c;
}

void AddTo(Lights& sum, const Lights& n) {
  for (std::size_t light = 0; light < sum.size(); ++light) sum[light] += n[light];
}
std::int64_t SumOf(const Lights& n) { return std::accumulate(n.begin(), n.end(), std::int64_t{0}); }

// The rows of a board's regions or units. `own`: by raw id, 0: none recorded; `parent`: by index, raw id, 0 for none.
template <class NameOf>
std::vector<BoardGroup> GroupsOf(const std::vector<Lights>& own, const std::vector<std::uint32_t>& parent,
                                 NameOf&& name_of) {
  std::vector<Lights> all = own;
  // Parents come before their children, so that from the last to the first all below are in before one is added on.
  for (std::size_t i = own.size(); i-- > 1;)
    if (parent[i - 1] != 0) AddTo(all[parent[i - 1]], all[i]);
  std::vector<BoardGroup> groups;
  for (std::uint32_t i = 0; i < own.size(); ++i) {
    if (SumOf(all[i]) == 0) continue;
    BoardGroup group;
    if (i != 0) {
      NamedRef ref = name_of(i);
      group.id = std::move(ref.id);
      group.name = std::move(ref.name);
      if (parent[i - 1] != 0) group.parent = name_of(parent[i - 1]).id;
    }
    group.projects = SumOf(own[i]);
    group.lights = CountsOf(own[i]);
    group.all_projects = SumOf(all[i]);
    group.all_lights = CountsOf(all[i]);
    groups.push_back(std::move(group));
  }
  return groups;
}

LightCounts CountOpenObligations(const obligation::State& o, const Scope& scope, bool by_project, std::int32_t as_of) {
  if (scope.everything()) return OpenLights(o, as_of);
  LightTally tally;
  constexpr std::size_t kBlock = 1024;
  std::array<std::uint32_t, kBlock> owners, projects;
  for (std::size_t from = 0; from < o.size(); from += kBlock) {
    const std::size_t n = std::min(kBlock, o.size() - from);
    o.owner.Read(from, n, owners.data());
    o.project.Read(from, n, projects.data());
    for (std::size_t i = 0; i < n; ++i) {
      if (!scope.Has(owners[i], projects[i])) continue;
      bool counts = obligation::IsOpen(static_cast<obligation::Life>(o.life[from + i]));
      if (by_project && counts) counts = projects[i] != 0 && scope.Has(projects[i] - 1);
      tally.Add(LightOf(o, from + i, as_of), counts);
    }
  }
  return tally.Counts();
}

}  // namespace

Board QueryBoard(const Frame& frame, const BoardFilter& filter) {
  const State& state = frame.state;
  const project::State& s = state.project;
  const std::int32_t as_of = DayNumber(frame.as_of);
  const Scope scope(frame, filter.unit, filter.region, filter.region_only);
  const ProjectCounts c = CountProjects(s, scope, filter.light, as_of);
  Board board;
  board.standing = StandingOf(frame);
  board.investment_minor = Money::FromMinor(c.investment);
  board.without_investment = c.without_investment;
  board.funds_minor = Money::FromMinor(c.funds);

  std::int64_t none_reached = 0;
  for (std::size_t l = 0; l < s.ladders.size(); ++l) {
    none_reached += c.stages[l][0];
    const std::int64_t in_ladder = std::accumulate(c.stages[l].begin(), c.stages[l].end(), std::int64_t{0});
    if (in_ladder == 0) continue;  // A ladder that nobody stands on is not part of the picture.
    board.projects += in_ladder;
    for (std::size_t r = 0; r < c.milestones[l].size(); ++r) {
      board.milestones.members.emplace_back(s.ladders[l].rungs[r].key.value, c.milestones[l][r]);
      board.stages.members.emplace_back(s.ladders[l].rungs[r].key.value, c.stages[l][r + 1]);
    }
  }
  board.stages.members.insert(board.stages.members.begin(), {"", none_reached});
  Lights all{};
  for (const Lights& unit : c.units) AddTo(all, unit);
  board.lights = CountsOf(all);
  board.units =
      GroupsOf(c.units, state.people.unit_parent, [&](std::uint32_t raw) { return UnitRef(state, UnitId{raw}); });
  board.regions =
      GroupsOf(c.regions, state.place.parent, [&](std::uint32_t raw) { return RegionRef(state, RegionId{raw}); });
  board.obligations = CountOpenObligations(state.obligation, scope, filter.region.has_value(), as_of);
  return board;
}

Result<ProjectList> QueryProjects(const Frame& frame, const ProjectFilter& filter) {
  const State& state = frame.state;
  const project::State& s = state.project;
  const std::int32_t as_of = DayNumber(frame.as_of);
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  const Scope scope(frame, filter.unit, filter.region, filter.region_only);
  const std::string needle = Lower(filter.text);
  const int ladder = filter.ladder ? s.FindLadder(*filter.ladder) : -1;
  // A stage is a rung of any ladder that has it; 0 is "none reached".
  std::vector<int> wanted_stage(s.ladders.size(), -1);
  if (filter.stage)
    for (std::size_t l = 0; l < s.ladders.size(); ++l)
      wanted_stage[l] = filter.stage->empty() ? 0 : s.ladders[l].Find(*filter.stage) + 1;

  ProjectList list;
  list.standing = StandingOf(frame);
  std::int64_t investment = 0;
  const std::vector<int> rungs = RungCounts(s);
  const bool by_text = filter.sort == ProjectSort::code || filter.sort == ProjectSort::title;
  const bool by_position = filter.stage || filter.light || filter.sort == ProjectSort::light ||
                           filter.sort == ProjectSort::stage || filter.sort == ProjectSort::next_due;
  const auto less = [&](const SortKey& a, const SortKey& b) {
    if (by_text) {
      const auto text = [&](std::uint32_t p) {
        return filter.sort == ProjectSort::code ? s.code.Get(p) : s.title.Get(p);
      };
      const int order = text(a.project).compare(text(b.project));
      if (order != 0) return filter.descending ? order > 0 : order < 0;
    }
    return std::tie(a.key, a.project) < std::tie(b.key, b.project);
  };
  Page<SortKey, decltype(less)> page(offset, filter.limit, less);
  const bool kept_hold = s.newest_reached <= as_of;
  DayWindow open_dues(s.open_due);
  for (std::size_t p = 0; p < s.size(); ++p) {
    if (!scope.Has(p)) continue;
    if (filter.ladder && s.ladder[p] != ladder) continue;
    if (filter.contradicting && s.contradicting[p] == 0) continue;
    if (filter.min_investment &&
        (s.investment[p] == project::kNoMoney || s.investment[p] < filter.min_investment->minor()))
      continue;
    project::State::Position at;
    Light light = Light::idle;
    if (by_position) {
      at = kept_hold ? project::State::Position{s.stage[p], *open_dues.Read(p, 1), -1} : FastPosition(s, p, as_of);
      if (filter.stage &&
          (filter.stage->empty() ? at.stage != 0 : at.stage == 0 || at.stage != wanted_stage[s.ladder[p]]))
        continue;
      light = LightOf(s, p, as_of, at.stage, at.open_due, rungs[s.ladder[p]]);
      if (filter.light && light != *filter.light) continue;
    }
    if (!needle.empty() && !Contains(s.title.Get(p), needle) && !Contains(s.code.Get(p), needle)) continue;
    std::int64_t number = 0;
    switch (filter.sort) {
      case ProjectSort::code:
      case ProjectSort::title:
        break;
      case ProjectSort::investment:
        number = s.investment[p];
        break;
      case ProjectSort::funds:
        number = s.funds[p];
        break;
      case ProjectSort::next_due:
        number = at.open_due;
        break;
      case ProjectSort::light:
        number = static_cast<std::int64_t>(light) * (std::int64_t{1} << 40) + at.open_due;
        break;
      case ProjectSort::stage:
        number = at.stage;
        break;
    }
    if (s.investment[p] != project::kNoMoney && (!s.unusual[p] || s.Counts(p))) investment += s.investment[p];
    ++list.total;
    const std::int64_t key =
        filter.descending && !by_text ? ~number : number;  // ~ turns the order round and cannot overflow.
    if (key <= page.greatest_key()) page.Offer({key, static_cast<std::uint32_t>(p)});
  }
  list.investment_minor = Money::FromMinor(investment);
  for (const SortKey& row : page.Take()) list.rows.push_back(RowOf(frame, ProjectId::FromIndex(row.project)));
  const std::size_t end = offset + list.rows.size();
  if (!list.rows.empty() && end < static_cast<std::size_t>(list.total)) list.next_cursor = CursorAt(end);
  return list;
}

Result<ProjectPage> QueryProject(const Frame& frame, ProjectId id) {
  const State& state = frame.state;
  const project::State& s = state.project;
  if (!s.Knows(id)) return NotFound("project.unknown", id.ToString());
  const std::size_t p = id.index();
  const std::int32_t as_of = DayNumber(frame.as_of);
  ProjectPage page;
  page.standing = StandingOf(frame);
  page.project = RowOf(frame, id);
  if (const std::uint32_t e = s.enterprise[p]; e != 0) {
    page.enterprise = NamedRef{EnterpriseId{e}.ToString(), std::string(state.enterprise.name.Get(e - 1))};
    if (!state.enterprise.credit_code.Get(e - 1).empty())
      page.enterprise_credit_code = std::string(state.enterprise.credit_code.Get(e - 1));
  }
  if (!s.attributes.Get(p).empty()) {
    List<project::Attribute, 60> attributes;
    LF_CHECK(ScanJson(s.attributes.Get(p), attributes));
    page.attributes = std::move(attributes.items);
  }
  const project::Ladder& ladder = s.ladders[s.ladder[p]];
  const project::Baseline* baseline = s.files.BaselineOf(p);
  for (std::size_t r = 0; r < ladder.rungs.size(); ++r) {
    const std::size_t slot = s.first_slot[p] + r;
    MilestoneView m;
    m.milestone = ladder.rungs[r].key.value;
    m.medal = ladder.rungs[r].medal;
    m.needs_evidence = ladder.rungs[r].evidence >= project::EvidenceLevel::document;
    m.contradicting = (s.contradicting[p] >> r & 1) != 0;
    if (s.planned[slot] != project::kNoDay) {
      m.planned_on = DayFromNumber(s.planned[slot]);
      m.planned_seq = static_cast<std::int64_t>(s.PlannedSeq(p, slot));
    }
    const bool reached = s.reached[slot] != project::kNoDay && s.reached[slot] <= as_of;
    if (reached) {
      m.reached_on = DayFromNumber(s.reached[slot]);
      m.reached_seq = static_cast<std::int64_t>(s.ReachedSeq(p, r));
      m.evidence_level = static_cast<project::EvidenceLevel>(s.level[slot]);
    }
    if (m.planned_on) m.late_days = std::max<std::int32_t>(0, (reached ? s.reached[slot] : as_of) - s.planned[slot]);
    if (baseline != nullptr)
      if (const std::int32_t day = s.files.baseline_days[baseline->first_day + r]; day != project::kNoDay)
        m.baseline_on = DayFromNumber(day);
    const project::State::Forecast forecast = s.ForecastOf(p, r, as_of);
    if (forecast.day != project::kNoDay) {
      m.forecast_on = DayFromNumber(forecast.day);
      m.slip_days = forecast.slip;
      if (forecast.from_rung >= 0) m.slip_from = ladder.rungs[static_cast<std::size_t>(forecast.from_rung)].key.value;
    }
    page.milestones.push_back(std::move(m));
  }
  for (std::uint32_t at = s.last_receipt[p]; at != 0; at = s.receipts.Previous(at - 1)) {
    const project::Receipt r = s.ReceiptAt(at - 1);
    if (r.day > as_of) continue;
    FundsView view{static_cast<std::int64_t>(r.seq),
                   static_cast<project::FundsKind>(r.kind),
                   Money::FromMinor(r.minor),
                   DayFromNumber(r.day),
                   static_cast<project::EvidenceLevel>(r.level),
                   std::nullopt,
                   std::nullopt,
                   std::nullopt,
                   std::nullopt,
                   std::nullopt};
    const project::FundsReading& reading = s.files.readings[at - 1];
    if (reading.verified != project::kNoMoney) {
      view.verified_minor = Money::FromMinor(reading.verified);
      view.verified_seq = reading.verified_seq;
    }
    if (reading.counted != project::kNoMoney) {
      view.counted_minor = Money::FromMinor(reading.counted);
      view.counted_seq = reading.counted_seq;
    }
    if (r.reversed_by != 0) view.reversed_by = static_cast<std::int64_t>(r.reversed_by);
    page.funds.push_back(view);
  }
  std::reverse(page.funds.begin(), page.funds.end());
  ObligationFilter filter;
  filter.project = id;
  filter.which = ObligationFilter::Which::all;
  filter.limit = 200;
  Frame open = frame;
  open.visible = {};  // Who may see the project may see what is owed on it.
  LF_ASSIGN(ObligationList obligations, QueryObligations(open, filter));
  page.obligations = std::move(obligations.rows);
  return page;
}

UnitList QueryUnits(const Frame& frame) {
  const people::State& s = frame.state.people;
  std::vector<std::int64_t> projects(s.unit_parent.size() + 1, 0);
  for (std::uint32_t owner : frame.state.project.owner) ++projects[owner];
  UnitList list;
  for (std::size_t i = 0; i < s.unit_parent.size(); ++i) {
    UnitRow row{UnitId::FromIndex(i), std::string(s.unit_code.Get(i)), std::string(s.unit_name.Get(i)), std::nullopt,
                projects[i + 1]};
    if (s.unit_parent[i] != 0) row.parent = UnitId{s.unit_parent[i]};
    list.rows.push_back(std::move(row));
  }
  return list;
}

RegionList QueryRegions(const Frame& frame) {
  const place::State& s = frame.state.place;
  RegionList list;
  for (std::size_t i = 0; i < s.from.size(); ++i) {
    RegionRow row{RegionId::FromIndex(i),
                  std::string(s.code.Get(i)),
                  std::string(s.name.Get(i)),
                  std::nullopt,
                  DayFromNumber(s.from[i]),
                  std::nullopt,
                  std::nullopt};
    if (s.parent[i] != 0) row.parent = RegionId{s.parent[i]};
    if (s.until[i] != place::kOpen) row.until = DayFromNumber(s.until[i]);
    if (s.successor[i] != 0) row.successor = RegionId{s.successor[i]};
    list.rows.push_back(std::move(row));
  }
  return list;
}

LadderList QueryLadders(const Frame& frame) {
  const project::State& s = frame.state.project;
  LadderList list;
  for (std::size_t l = 0; l < s.ladders.size(); ++l)
    list.rows.push_back({s.ladders[l].key, s.ladders[l].rungs, s.tallies[l].projects, s.ladders[l].guards});
  return list;
}

Result<EnterpriseList> QueryEnterprises(const Frame& frame, const EnterpriseFilter& filter) {
  const enterprise::State& s = frame.state.enterprise;
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  const std::string needle = Lower(filter.text);
  std::vector<std::int64_t> projects(s.credit_code.size() + 1, 0);
  for (std::uint32_t e : frame.state.project.enterprise) ++projects[e];
  EnterpriseList list;
  for (std::size_t i = 0; i < s.credit_code.size(); ++i) {
    if (!needle.empty() && !Contains(s.name.Get(i), needle) && !Contains(s.credit_code.Get(i), needle)) continue;
    const auto at = static_cast<std::size_t>(list.total++);
    if (at < offset || at >= offset + filter.limit) continue;
    EnterpriseRow row{EnterpriseId::FromIndex(i),
                      std::string(s.name.Get(i)),
                      std::nullopt,
                      std::nullopt,
                      projects[i + 1],
                      std::nullopt};
    if (const EnterpriseId other = s.SameAs(row.id))
      row.same_as = NamedRef{other.ToString(), std::string(s.name.Get(other.index()))};
    if (!s.credit_code.Get(i).empty()) row.credit_code = std::string(s.credit_code.Get(i));
    if (!s.foreign_number.Get(i).empty()) row.foreign_number = std::string(s.foreign_number.Get(i));
    list.rows.push_back(std::move(row));
  }
  if (offset + list.rows.size() < static_cast<std::size_t>(list.total))
    list.next_cursor = CursorAt(offset + list.rows.size());
  return list;
}

}  // namespace landfall::app
