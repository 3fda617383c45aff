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
  return row;
}

// What a list sorts by, as one comparable number; text is compared when numbers tie.
struct SortKey {
  std::int64_t number;
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
  Standing standing{a.jurisdiction, a.name.size() > 0 ? std::string(a.name.Get(0)) : std::string(), a.currency,
                    a.currency_decimals, frame.as_of, static_cast<std::int64_t>(frame.known_at), std::nullopt,
                    static_cast<std::int64_t>(frame.ledger_size)};
  if (frame.known_at != 0) standing.known_at_time = frame.known_at_time;
  return standing;
}

NamedRef UnitRef(const State& state, UnitId unit) { return {unit.ToString(), std::string(state.people.unit_name.Get(unit.index()))}; }
NamedRef RegionRef(const State& state, RegionId region) {
  return {region.ToString(), std::string(state.place.name.Get(region.index()))};
}

Board QueryBoard(const Frame& frame, const BoardFilter& filter) {
  const State& state = frame.state;
  const project::State& s = state.project;
  const std::int32_t as_of = DayNumber(frame.as_of);
  const Scope scope(frame, filter.unit, filter.region);
  Board board;
  board.standing = StandingOf(frame);

  std::vector<std::vector<std::int64_t>> stages(s.ladders.size());
  std::vector<std::vector<MilestoneCounts>> counts(s.ladders.size());
  for (std::size_t l = 0; l < s.ladders.size(); ++l) {
    stages[l].resize(s.ladders[l].rungs.size() + 1, 0);
    counts[l].resize(s.ladders[l].rungs.size());
  }
  std::vector<std::pair<std::int64_t, LightCounts>> units(s.units + 1), regions(s.regions + 1);
  std::int64_t investment = 0;
  for (std::size_t p = 0; p < s.size(); ++p) {
    if (!scope.Has(p)) continue;
    const project::State::Position at = FastPosition(s, p, as_of);
    const Light light = LightOf(s, p, as_of, at.stage, at.open_due);
    ++board.projects;
    ++stages[s.ladder[p]][static_cast<std::size_t>(at.stage)];
    auto& unit = units[s.owner[p]];
    auto& region = regions[s.region[p]];
    ++unit.first;
    ++region.first;
    CountLight(unit.second, light);
    CountLight(region.second, light);
    if (s.investment[p] == project::kNoMoney) ++board.without_investment;
    else investment += s.investment[p];
    if (scope.everything()) continue;
    for (std::size_t r = 0; r < counts[s.ladder[p]].size(); ++r) {
      MilestoneCounts& c = counts[s.ladder[p]][r];
      const std::int32_t day = s.StatedDay(s.first_slot[p] + r);
      ++(day == project::kNoDay ? c.none : day <= as_of ? c.past : c.ahead);
      c.contradicting += s.contradicting[p] >> r & 1;
    }
  }
  board.investment_minor = Money::FromMinor(investment);
  if (scope.everything()) {
    // Kept tallies: 17 steps a rung instead of a scan over all slots.
    for (std::size_t l = 0; l < s.ladders.size(); ++l) {
      const project::RungTallies& t = s.tallies[l];
      for (std::size_t r = 0; r < t.stated.size(); ++r) {
        const std::int64_t past = t.stated[r].UpTo(as_of);
        counts[l][r] = {past, t.stated[r].total() - past, t.projects - t.stated[r].total(), t.contradicting[r]};
      }
    }
  }
  std::int64_t funds = 0;
  for (const project::Receipt& r : s.receipts)
    if (r.reversed_by == 0 && r.day <= as_of && scope.Has(r.project - 1)) funds += r.minor;
  board.funds_minor = Money::FromMinor(funds);

  std::int64_t none_reached = 0;
  for (std::size_t l = 0; l < s.ladders.size(); ++l) {
    none_reached += stages[l][0];
    const std::int64_t in_ladder = std::accumulate(stages[l].begin(), stages[l].end(), std::int64_t{0});
    if (in_ladder == 0) continue;  // A ladder that nobody stands on is not part of the picture.
    for (std::size_t r = 0; r < counts[l].size(); ++r) {
      board.milestones.members.emplace_back(s.ladders[l].rungs[r].key.value, counts[l][r]);
      board.stages.members.emplace_back(s.ladders[l].rungs[r].key.value, stages[l][r + 1]);
    }
  }
  board.stages.members.insert(board.stages.members.begin(), {"", none_reached});
  for (std::size_t u = 0; u < units.size(); ++u) {
    const auto& [projects, lights] = units[u];
    if (projects == 0) continue;
    board.units.push_back({u == 0 ? "" : UnitId{static_cast<std::uint32_t>(u)}.ToString(),
                           u == 0 ? "" : std::string(state.people.unit_name.Get(u - 1)), projects, lights});
    board.lights.red += lights.red;
    board.lights.amber += lights.amber;
    board.lights.green += lights.green;
    board.lights.done += lights.done;
    board.lights.idle += lights.idle;
  }
  for (std::size_t r = 0; r < regions.size(); ++r)
    if (regions[r].first > 0)
      board.regions.push_back({r == 0 ? "" : RegionId{static_cast<std::uint32_t>(r)}.ToString(),
                               r == 0 ? "" : std::string(state.place.name.Get(r - 1)), regions[r].first, regions[r].second});
  for (std::size_t i = 0; i < state.obligation.size(); ++i) {
    if (!scope.HasUnit(state.obligation.owner[i]) || !obligation::IsOpen(static_cast<obligation::Life>(state.obligation.life[i]))) continue;
    if (filter.region && (state.obligation.project[i] == 0 || !scope.Has(state.obligation.project[i] - 1))) continue;
    CountLight(board.obligations, ObligationLight(frame, ObligationId::FromIndex(i)).light);
  }
  return board;
}

Result<ProjectList> QueryProjects(const Frame& frame, const ProjectFilter& filter) {
  const State& state = frame.state;
  const project::State& s = state.project;
  const std::int32_t as_of = DayNumber(frame.as_of);
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  const Scope scope(frame, filter.unit, filter.region);
  const std::string needle = Lower(filter.text);
  const int ladder = filter.ladder ? s.FindLadder(*filter.ladder) : -1;
  // A stage is a rung of any ladder that has it; 0 is "none reached".
  std::vector<int> wanted_stage(s.ladders.size(), -1);
  if (filter.stage)
    for (std::size_t l = 0; l < s.ladders.size(); ++l) wanted_stage[l] = filter.stage->empty() ? 0 : s.ladders[l].Find(*filter.stage) + 1;

  ProjectList list;
  list.standing = StandingOf(frame);
  std::int64_t investment = 0;
  std::vector<SortKey> found;
  for (std::size_t p = 0; p < s.size(); ++p) {
    if (!scope.Has(p)) continue;
    if (filter.ladder && s.ladder[p] != ladder) continue;
    if (filter.contradicting && s.contradicting[p] == 0) continue;
    if (filter.min_investment && (s.investment[p] == project::kNoMoney || s.investment[p] < filter.min_investment->minor())) continue;
    project::State::Position at;
    Light light = Light::idle;
    if (filter.stage || filter.light || filter.sort == ProjectSort::light || filter.sort == ProjectSort::stage ||
        filter.sort == ProjectSort::next_due) {
      at = FastPosition(s, p, as_of);
      if (filter.stage && (filter.stage->empty() ? at.stage != 0 : at.stage == 0 || at.stage != wanted_stage[s.ladder[p]])) continue;
      light = LightOf(s, p, as_of, at.stage, at.open_due);
      if (filter.light && light != *filter.light) continue;
    }
    if (!needle.empty() && !Contains(s.title.Get(p), needle) && !Contains(s.code.Get(p), needle)) continue;
    std::int64_t number = 0;
    switch (filter.sort) {
      case ProjectSort::code:
      case ProjectSort::title: break;
      case ProjectSort::investment: number = s.investment[p]; break;
      case ProjectSort::funds: number = s.funds[p]; break;
      case ProjectSort::next_due: number = at.open_due; break;
      case ProjectSort::light: number = static_cast<std::int64_t>(light) * (std::int64_t{1} << 40) + at.open_due; break;
      case ProjectSort::stage: number = at.stage; break;
    }
    if (s.investment[p] != project::kNoMoney) investment += s.investment[p];
    found.push_back({number, static_cast<std::uint32_t>(p)});
  }
  list.total = static_cast<std::int64_t>(found.size());
  list.investment_minor = Money::FromMinor(investment);

  const bool by_text = filter.sort == ProjectSort::code || filter.sort == ProjectSort::title;
  const auto less = [&](const SortKey& a, const SortKey& b) {
    if (by_text) {
      const auto text = [&](std::uint32_t p) { return filter.sort == ProjectSort::code ? s.code.Get(p) : s.title.Get(p); };
      const int order = text(a.project).compare(text(b.project));
      if (order != 0) return filter.descending ? order > 0 : order < 0;
    } else if (a.number != b.number) {
      return filter.descending ? a.number > b.number : a.number < b.number;
    }
    return a.project < b.project;
  };
  // Only as much as the page needs is put in order.
  const std::size_t end = std::min(found.size(), offset + filter.limit);
  if (offset < found.size()) {
    if (offset > 0) std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(offset), found.end(), less);
    std::partial_sort(found.begin() + static_cast<std::ptrdiff_t>(offset), found.begin() + static_cast<std::ptrdiff_t>(end), found.end(), less);
  }
  for (std::size_t i = offset; i < end; ++i) list.rows.push_back(RowOf(frame, ProjectId::FromIndex(found[i].project)));
  if (end < found.size()) list.next_cursor = CursorAt(end);
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
    if (!state.enterprise.credit_code.Get(e - 1).empty()) page.enterprise_credit_code = std::string(state.enterprise.credit_code.Get(e - 1));
  }
  if (!s.attributes.Get(p).empty()) {
    List<project::Attribute, 60> attributes;
    LF_CHECK(ScanJson(s.attributes.Get(p), attributes));
    page.attributes = std::move(attributes.items);
  }
  const project::Ladder& ladder = s.ladders[s.ladder[p]];
  for (std::size_t r = 0; r < ladder.rungs.size(); ++r) {
    const std::size_t slot = s.first_slot[p] + r;
    MilestoneView m;
    m.milestone = ladder.rungs[r].key.value;
    m.medal = ladder.rungs[r].medal;
    m.needs_evidence = ladder.rungs[r].evidence >= project::EvidenceLevel::document;
    m.contradicting = (s.contradicting[p] >> r & 1) != 0;
    if (s.planned[slot] != project::kNoDay) {
      m.planned_on = DayFromNumber(s.planned[slot]);
      m.planned_seq = static_cast<std::int64_t>(s.planned_seq[slot]);
    }
    const bool reached = s.reached[slot] != project::kNoDay && s.reached[slot] <= as_of;
    if (reached) {
      m.reached_on = DayFromNumber(s.reached[slot]);
      m.reached_seq = static_cast<std::int64_t>(s.reached_seq[slot]);
      m.evidence_level = static_cast<project::EvidenceLevel>(s.level[slot]);
    }
    if (m.planned_on) m.late_days = std::max<std::int32_t>(0, (reached ? s.reached[slot] : as_of) - s.planned[slot]);
    page.milestones.push_back(std::move(m));
  }
  for (std::uint32_t at = s.last_receipt[p]; at != 0; at = s.receipts[at - 1].previous) {
    const project::Receipt& r = s.receipts[at - 1];
    if (r.day > as_of) continue;
    FundsView view{static_cast<std::int64_t>(r.seq), static_cast<project::FundsKind>(r.kind), Money::FromMinor(r.minor),
                   DayFromNumber(r.day), static_cast<project::EvidenceLevel>(r.level), std::nullopt};
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
    UnitRow row{UnitId::FromIndex(i), std::string(s.unit_code.Get(i)), std::string(s.unit_name.Get(i)), std::nullopt, projects[i + 1]};
    if (s.unit_parent[i] != 0) row.parent = UnitId{s.unit_parent[i]};
    list.rows.push_back(std::move(row));
  }
  return list;
}

RegionList QueryRegions(const Frame& frame) {
  const place::State& s = frame.state.place;
  RegionList list;
  for (std::size_t i = 0; i < s.from.size(); ++i) {
    RegionRow row{RegionId::FromIndex(i), std::string(s.code.Get(i)), std::string(s.name.Get(i)), std::nullopt,
                  DayFromNumber(s.from[i]), std::nullopt, std::nullopt};
    if (s.parent[i] != 0) row.parent = RegionId{s.parent[i]};
    if (s.until[i] != place::kOpen) row.until = DayFromNumber(s.until[i]);
    if (s.successor[i] != 0) row.successor = RegionId{s.successor[i]};
    list.rows.push_back(std::move(row));
  }
  return list;
}

PostList QueryPosts(const Frame& frame, bool with_names) {
  const people::State& s = frame.state.people;
  PostList list;
  for (std::size_t i = 0; i < s.post_unit.size(); ++i) {
    PostRow row{PostId::FromIndex(i), std::string(s.post_title.Get(i)), UnitRef(frame.state, UnitId{s.post_unit[i]}), std::nullopt, std::nullopt};
    if (const people::Term* term = s.TermOn(row.id, frame.as_of)) {
      row.person = NamedRef{PersonId{term->person}.ToString(), with_names ? std::string(s.person_name.Get(term->person - 1)) : std::string()};
      row.since = DayFromNumber(term->from);
    }
    list.rows.push_back(std::move(row));
  }
  return list;
}

PersonList QueryPersons(const Frame& frame) {
  const people::State& s = frame.state.people;
  PersonList list;
  for (std::size_t i = 0; i < s.persons.size(); ++i) list.rows.push_back({PersonId::FromIndex(i).ToString(), std::string(s.person_name.Get(i))});
  return list;
}

LadderList QueryLadders(const Frame& frame) {
  const project::State& s = frame.state.project;
  LadderList list;
  for (std::size_t l = 0; l < s.ladders.size(); ++l) list.rows.push_back({s.ladders[l].key, s.ladders[l].rungs, s.tallies[l].projects});
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
    EnterpriseRow row{EnterpriseId::FromIndex(i), std::string(s.name.Get(i)), std::nullopt, std::nullopt, projects[i + 1]};
    if (!s.credit_code.Get(i).empty()) row.credit_code = std::string(s.credit_code.Get(i));
    if (!s.foreign_number.Get(i).empty()) row.foreign_number = std::string(s.foreign_number.Get(i));
    list.rows.push_back(std::move(row));
  }
  if (offset + list.rows.size() < static_cast<std::size_t>(list.total)) list.next_cursor = CursorAt(offset + list.rows.size());
  return list;
}

AccountList QueryAccounts(const State& state) {
  const admin::State& s = state.admin;
  AccountList list;
  for (std::size_t i = 0; i < s.roles.size(); ++i) {
    AccountRow row{AccountId::FromIndex(i), std::string(s.login.Get(i)), std::string(s.display.Get(i)), {}, std::nullopt, s.disabled[i] != 0, false};
    for (int r = 0; r < admin::kRoles; ++r)
      if (s.Has(row.id, static_cast<admin::Role>(r))) row.roles.emplace_back(EnumName(static_cast<admin::Role>(r)));
    if (s.unit[i] != 0) row.unit = UnitRef(state, UnitId{s.unit[i]});
    list.rows.push_back(std::move(row));
  }
  return list;
}

}  // namespace landfall::app
