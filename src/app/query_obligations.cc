// SPDX-License-Identifier: Apache-2.0
// The one list of who owes what by when: recorded obligations, and as derived rows planned milestones nobody has acted
// on, progress reports that are not in, blocks that are not solved, and steps of cases that are not decided.
#include <algorithm>

#include "app/board_scan.h"
#include "app/queries.h"
#include "app/query_cases.h"
#include "app/report_due.h"

namespace landfall::app {
namespace {

// A row to be: an obligation, rung `rung` of a project, or a project's report. Sorted before it is spelt out.
struct Candidate {
  std::int64_t key;  // The due day, behind the light where that is asked for.
  std::int32_t due;
  Light light;
  std::uint32_t obligation;  // raw, 0 for derived
  std::uint32_t project;     // raw
  std::int32_t rung;         // kReport: the report of `period`; kBlock: what keeps the project back
  Period period{};
  std::uint32_t block = 0;  // index; of kStep the case's
  std::uint32_t step = 0;
  std::uint32_t unit = 0;  // of kStep
};
constexpr std::int32_t kReport = -1, kBlock = -2, kStep = -3;

ObligationState StateOf(obligation::Life life) { return static_cast<ObligationState>(life); }

template <class E>
std::optional<E> Kept(std::uint8_t column) {
  return column == 0 ? std::nullopt : std::optional<E>(static_cast<E>(column - 1));
}
std::optional<std::int64_t> Some(std::uint8_t n) { return n == 0 ? std::nullopt : std::optional<std::int64_t>(n); }
std::optional<Day> DayOf(std::int32_t day) {
  return day == obligation::State::kNoDay ? std::nullopt : std::optional(DayFromNumber(day));
}

std::vector<std::string> NextOf(const obligation::State& s, std::size_t i) {
  const auto life = static_cast<obligation::Life>(s.life[i]);
  const obligation::KindRules rules = obligation::RulesOf(static_cast<obligation::Kind>(s.kind[i]));
  std::vector<std::string> next;
  if (!obligation::IsOpen(life)) return next;
  if (life == obligation::Life::kReported) {
    next.emplace_back("obligation.write_off");
    if (rules.returnable) next.emplace_back("obligation.return");
  } else {
    if (life == obligation::Life::kAssigned && rules.needs_accept)
      next.emplace_back("obligation.accept");
    else
      next.insert(next.end(), {"obligation.report_done", "obligation.note_progress"});
    next.emplace_back("obligation.urge");
    const obligation::FollowUp* f = s.FollowUpOf(i);
    if (f == nullptr || f->level < obligation::kSupervisionLevels) next.emplace_back("obligation.escalate");
    next.emplace_back("obligation.move_deadline");
  }
  next.emplace_back("obligation.cancel");
  return next;
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
    if (const obligation::FollowUp* f = s.FollowUpOf(i)) {
      row.list = Kept<obligation::ListName>(f->list);
      row.category = Kept<obligation::Category>(f->category);
      row.supervision_level = Some(f->level);
      row.urged_times = Some(f->urges);
      row.urged_on = DayOf(f->urged_on);
      row.urge = Kept<obligation::UrgeLevel>(f->standing_urge);
      row.notes = Some(f->notes);
      row.noted_on = DayOf(f->noted_on);
      row.source = Kept<obligation::Source>(f->source);
    }
    return row;
  }
  if (c.rung == kStep) return OwedStepRow(frame, {c.unit, c.project, c.block, c.step, c.due});
  const project::State& s = state.project;
  const std::size_t p = c.project - 1;
  row.project = ProjectRef(s, c.project);
  if (s.owner[p] != 0) row.owner_unit = UnitRef(state, UnitId{s.owner[p]});
  if (c.rung == kReport) {
    row.kind = "report";
    row.period = c.period;
    row.seq = s.reports.ScheduleOf(s.ladder[p], c.period)->seq;
    row.next = {"report.submit"};
  } else if (c.rung == kBlock) {
    const project::Block& block = s.files.blocks[c.block];
    row.kind = "block";
    row.block = static_cast<project::BlockKind>(block.kind);
    row.text = std::string(s.files.block_text.Get(c.block));
    row.text_erased = s.files.block_text.Erased(c.block);
    row.owner_unit = UnitRef(state, UnitId{block.owner});
    row.milestone = s.ladders[s.ladder[p]].rungs[block.rung].key.value;
    row.given_on = DayFromNumber(block.day);
    row.seq = static_cast<std::int64_t>(block.seq);
    row.next = {"project.solve_block"};
  } else {
    const std::size_t slot = s.first_slot[p] + static_cast<std::size_t>(c.rung);
    row.kind = "milestone";
    row.milestone = s.ladders[s.ladder[p]].rungs[static_cast<std::size_t>(c.rung)].key.value;
    row.seq = static_cast<std::int64_t>(s.PlannedSeq(p, slot));
    row.next = {"project.reach_milestone", "project.plan_milestone"};
  }
  const std::int32_t late = DayNumber(frame.as_of) - c.due;
  row.light.light = c.light;
  row.light.reason = late > 0 ? LightReason::overdue : LightReason::on_plan;
  row.light.milestone = row.milestone;
  row.light.days = late > 0 ? late : -late;
  if (late > 0) row.light.since = DayFromNumber(c.due + (late > kAmberDays ? kAmberDays + 1 : 1));
  return row;
}

// One pass over what may match. Millions of rows go through here: what is cheap to know of a row is computed without a
// branch, and only what can stand on the page is kept.
class Scan {
 public:
  Scan(const Frame& frame, const ObligationFilter& filter, std::size_t offset)
      : frame_(frame),
        filter_(filter),
        o_(frame.state.obligation),
        s_(frame.state.project),
        scope_(frame, filter.unit, filter.region),
        needle_(Lower(filter.text)),
        as_of_(DayNumber(frame.as_of)),
        rungs_(RungCounts(frame.state.project)),
        dues_(frame),
        planned_(s_.planned),
        reached_(s_.reached),
        page_(offset, filter.limit, Before{}) {
    if (filter.kind) kind_ = EnumFromName<obligation::Kind>(*filter.kind);
    if (!filter.kind || kind_) Recorded();
    const auto derives = [&](std::string_view kind) {
      return filter.derived && want_open_ && !reported_ && !followed_ && (!filter.kind || *filter.kind == kind);
    };
    milestones_ = derives("milestone");
    reports_ = derives("report") && !dues_.empty();
    if (derives("block")) TakeBlocks();
    if (derives("step")) TakeSteps();
    const bool derived = milestones_ || reports_;
    if (derived && filter.project) {
      if (s_.Knows(*filter.project)) TakeProject(filter.project->index());
    } else if (derived) {
      for (std::size_t p = 0; p < s_.size(); ++p) TakeProject(p);
    }
  }

  LightCounts Lights() {
    const LightCounts seen = tally_.Counts();
    return {seen.red + counted_.red, seen.amber + counted_.amber, seen.green + counted_.green, seen.done, seen.idle};
  }
  std::vector<Candidate> Rows() { return page_.Take(); }

 private:
  struct Before {
    bool operator()(const Candidate& a, const Candidate& b) const {
      return std::tie(a.key, a.obligation, a.project, a.rung, a.block, a.step) <
             std::tie(b.key, b.obligation, b.project, b.rung, b.block, b.step);
    }
  };

  void Recorded() {
    // Where every open obligation counts, the kept tally has the lights, and only what falls due early enough for the
    // page is looked at.
    const bool all_open = want_open_ && !reported_ && !want_closed_ && everyone_ && !kind_ && !filter_.light &&
                          needle_.empty() && !followed_;
    if (filter_.project) {
      if (filter_.project->index() >= o_.last_of_project.size()) return;
      for (std::uint32_t at = o_.last_of_project[filter_.project->index()]; at != 0; at = o_.previous[at - 1])
        Take(at - 1);
    } else if (all_open && !filter_.by_light) {
      counted_ = OpenLights(o_, as_of_);
      // Block by block: whether a block holds anything for the page is one minimum, which the compiler vectorises.
      constexpr std::size_t kBlock = 256;
      std::array<std::int32_t, kBlock> dues;
      const std::uint8_t* lives = o_.life.data();
      const auto due_if_open = [&](std::size_t begin, std::size_t i) {
        return Pick(obligation::IsOpen(static_cast<obligation::Life>(lives[begin + i])), dues[i], INT32_MAX);
      };
      for (std::size_t begin = 0, size = o_.size(); begin < size; begin += kBlock) {
        const std::size_t n = std::min(kBlock, size - begin);
        o_.due.Read(begin, n, dues.data());
        std::int32_t least = INT32_MAX;
        for (std::size_t i = 0; i < n; ++i) least = std::min(least, due_if_open(begin, i));
        if (least == INT32_MAX || least > page_.greatest_key()) continue;
        for (std::size_t i = 0; i < n; ++i)
          if (const std::int32_t due = due_if_open(begin, i); due != INT32_MAX && due <= page_.greatest_key())
            Offer(begin + i, LightOf(o_, begin + i, as_of_));
      }
    } else {
      for (std::size_t i = 0; i < o_.size(); ++i) Take(i);
    }
  }

  void Take(std::size_t i) {
    const bool open = obligation::IsOpen(static_cast<obligation::Life>(o_.life[i]));
    bool take = (open & want_open_) | (!open & want_closed_);
    if (!everyone_) take = take & scope_.Has(o_.owner[i], o_.project[i]);
    if (filter_.region) take = take && o_.project[i] != 0 && scope_.Has(o_.project[i] - 1);
    if (reported_) take = take & (o_.life[i] == static_cast<std::uint8_t>(obligation::Life::kReported));
    if (kind_) take = take & (o_.kind[i] == static_cast<std::uint8_t>(*kind_));
    if (followed_) take = take && HasFollowUp(i);
    const Light light = LightOf(o_, i, as_of_);
    if (filter_.light) take = take & (light == *filter_.light);
    if (!needle_.empty() && take)
      take = Contains(o_.text.Get(i), needle_) ||
             (o_.project[i] != 0 && Contains(s_.title.Get(o_.project[i] - 1), needle_));
    tally_.Add(light, take);
    if (take & (KeyOf(light, o_.due[i]) <= page_.greatest_key())) Offer(i, light);
  }
  bool HasFollowUp(std::size_t i) const {
    const obligation::FollowUp* f = o_.FollowUpOf(i);
    if (f == nullptr) return false;
    return (!filter_.list || f->list == static_cast<int>(*filter_.list) + 1) &&
           (!filter_.category || f->category == static_cast<int>(*filter_.category) + 1) &&
           (!filter_.urged || f->standing_urge != 0);
  }
  void Offer(std::size_t i, Light light) {
    page_.Offer({KeyOf(light, o_.due[i]), o_.due[i], light, ObligationId::FromIndex(i).raw, o_.project[i], 0});
  }

  void TakeProject(std::size_t p) {
    const bool open = milestones_ && !(s_.open_due[p] == project::kNever && s_.newest_day[p] <= as_of_);
    if (!open && !reports_) return;
    if (s_.side[p] != static_cast<std::uint8_t>(project::Side::kActive) && s_.side_since[p] <= as_of_) return;
    if (!scope_.Has(p)) return;
    if (!needle_.empty() && !Contains(s_.title.Get(p), needle_)) return;
    if (reports_) TakeReport(p);
    if (!open) return;
    const int rungs = rungs_[s_.ladder[p]];
    const std::int32_t* const planned = planned_.Read(s_.first_slot[p], static_cast<std::size_t>(rungs));
    const std::int32_t* const reached_on = reached_.Read(s_.first_slot[p], static_cast<std::size_t>(rungs));
    for (int r = 0; r < rungs; ++r) {
      const std::int32_t due = planned[r], reached = reached_on[r];
      const Light light = LightOfLateness(std::int64_t{as_of_} - due);
      bool take = (due != project::kNoDay) & ((reached == project::kNoDay) | (reached > as_of_));
      if (filter_.light) take = take & (light == *filter_.light);
      tally_.Add(light, take);
      const std::int64_t key = KeyOf(light, due);
      if (take & (key <= page_.greatest_key())) page_.Offer({key, due, light, 0, ProjectId::FromIndex(p).raw, r});
    }
  }

  // Open blocks are owed by their own unit, which need not be the project's.
  void TakeBlocks() {
    const project::FileState& files = s_.files;
    for (std::uint32_t i = 0; i < files.blocks.size(); ++i) {
      const project::Block& block = files.blocks[i];
      if (!IsStanding(s_, block, as_of_)) continue;
      if (filter_.project && block.project != filter_.project->raw) continue;
      const std::size_t p = block.project - 1;
      if (!scope_.HasRegion(p) || !scope_.Has(block.owner, block.project)) continue;
      if (!needle_.empty() && !Contains(files.block_text.Get(i), needle_) && !Contains(s_.title.Get(p), needle_))
        continue;
      const Light light = LightOfLateness(std::int64_t{as_of_} - block.due);
      if (filter_.light && light != *filter_.light) continue;
      tally_.Add(light, true);
      page_.Offer({KeyOf(light, block.due), block.due, light, 0, block.project, kBlock, {}, i});
    }
  }

  // Steps are owed by the competent unit; most cases belong to no project. Without a project or a region they are taken
  // by groups that share a due day: only what can stand on the page is looked at one by one.
  void TakeSteps() {
    const OwedSteps owed(frame_);
    if (filter_.project) return TakeStepsOf(owed, *filter_.project, false);
    if (filter_.region) {
      for (std::size_t p = 0; p < s_.size(); ++p)
        if (scope_.HasRegion(p)) TakeStepsOf(owed, ProjectId::FromIndex(p), false);
      return;
    }
    for (const OwedSteps::Group& group : owed.Groups())
      if (scope_.HasUnit(group.unit)) TakeGroup(owed, group);
    for (const ProjectId project : frame_.visible.projects) TakeStepsOf(owed, project, true);
  }
  // `delegated`: only those that the groups of visible units have not shown.
  void TakeStepsOf(const OwedSteps& owed, ProjectId project, bool delegated) {
    frame_.state.cases.ForEachCaseOf(project, [&](std::uint32_t i) {
      for (const OwedStep& step : owed.Of(i))
        if (!delegated || !scope_.HasUnit(step.unit)) TakeStep(step);
    });
  }
  void TakeGroup(const OwedSteps& owed, const OwedSteps::Group& group) {
    if (!needle_.empty() && !Contains(owed.NameOf(group), needle_)) return;
    const Light light = LightOfLateness(std::int64_t{as_of_} - group.earliest);
    const bool on_page = KeyOf(light, group.earliest) <= page_.greatest_key();
    // Green is the last colour: what is due later than a green day is green too.
    const bool alike = group.of->key.since <= as_of_ && (!group.of->key.beside || (light == Light::green && !on_page));
    if (alike) {
      if (filter_.light && light != *filter_.light) return;
      (light == Light::red     ? counted_.red
       : light == Light::amber ? counted_.amber
                               : counted_.green) += static_cast<std::int64_t>(group.of->cases.size());
      if (!on_page) return;
    }
    for (const std::uint32_t i : group.of->cases) {
      OwedStep step = owed.In(group, i);
      if (alike)
        OfferStep(step, light);
      else if (owed.Complete(step))
        TakeStep(step);
    }
  }
  void TakeStep(const OwedStep& owed) {
    if (filter_.region && !scope_.HasRegion(owed.project - 1)) return;
    if (!scope_.Has(owed.unit, owed.project)) return;
    const Light light = LightOfLateness(std::int64_t{as_of_} - owed.due);
    if (filter_.light && light != *filter_.light) return;
    if (!needle_.empty() && !Contains(OwedStepRow(frame_, owed).text, needle_)) return;
    tally_.Add(light, true);
    OfferStep(owed, light);
  }
  void OfferStep(const OwedStep& owed, Light light) {
    const std::int64_t key = KeyOf(light, owed.due);
    if (key <= page_.greatest_key())
      page_.Offer({key, owed.due, light, 0, owed.project, kStep, {}, owed.case_index, owed.step, owed.unit});
  }

  // One row a project: the oldest month that it can still report. Which others are missing, the report lists say.
  void TakeReport(std::size_t p) {
    const std::optional<ReportDues::Owed> owed = dues_.OldestOwed(p);
    if (!owed) return;
    const Light light = LightOfLateness(std::int64_t{as_of_} - owed->due);
    if (filter_.light && light != *filter_.light) return;
    tally_.Add(light, true);
    page_.Offer({KeyOf(light, owed->due), owed->due, light, 0, ProjectId::FromIndex(p).raw, kReport, owed->period});
  }

  std::int64_t KeyOf(Light light, std::int32_t due) const { return due + static_cast<std::int64_t>(light) * of_light_; }

  const Frame& frame_;
  const ObligationFilter& filter_;
  const obligation::State& o_;
  const project::State& s_;
  const Scope scope_;
  const std::string needle_;
  const std::int32_t as_of_;
  const std::vector<int> rungs_;
  const ReportDues dues_;
  DayWindow planned_, reached_;
  bool milestones_ = false, reports_ = false;  // Which derived rows are asked for.
  std::optional<obligation::Kind> kind_;
  const bool want_open_ = filter_.which != ObligationFilter::Which::closed,
             want_closed_ =
                 filter_.which == ObligationFilter::Which::closed || filter_.which == ObligationFilter::Which::all;
  const bool reported_ = filter_.which == ObligationFilter::Which::reported;
  const bool followed_ = filter_.list || filter_.category || filter_.urged;
  const bool everyone_ = !filter_.unit && !filter_.region && frame_.visible.everything;
  const std::int64_t of_light_ = filter_.by_light ? std::int64_t{1} << 40 : 0;
  LightCounts counted_;
  LightTally tally_;
  Page<Candidate, Before> page_;
};

// The task of its project's plan that an obligation carries out.
ObligationTask TaskOf(const Frame& frame, std::size_t p, const obligation::FollowUp& f) {
  const project::FileState& files = frame.state.project.files;
  ObligationTask task;
  task.plan = f.plan_seq;
  task.task = f.task;
  bool found = false;
  for (std::uint32_t at = files.heads[p].plan; at != 0; at = files.plans[at - 1].previous) {
    task.version += found || files.plans[at - 1].seq == f.plan_seq;
    if (files.plans[at - 1].seq != f.plan_seq) continue;
    found = true;
    task.in_force = at == files.heads[p].plan;
    task.due_on = DayFromNumber(files.tasks[files.plans[at - 1].first + f.task - 1u].due);
    task.text_erased = files.plan_words.Erased(at - 1);
    project::PlanWorded words;
    if (!files.plan_words.Get(at - 1).empty()) LF_CHECK(ScanJson(files.plan_words.Get(at - 1), words));
    if (f.task <= words.texts.items.size()) task.text = words.texts.items[f.task - 1u].value;
  }
  return task;
}

}  // namespace

ObligationRow QueryObligationRow(const Frame& frame, ObligationId obligation) {
  const obligation::State& s = frame.state.obligation;
  const std::size_t i = obligation.index();
  return Spell(frame, {0, s.due[i], LightOf(s, i, DayNumber(frame.as_of)), obligation.raw, s.project[i], 0});
}

ObligationRow QueryBlockRow(const Frame& frame, std::uint32_t block) {
  const project::Block& row = frame.state.project.files.blocks[block];
  const Light light = LightOfLateness(std::int64_t{DayNumber(frame.as_of)} - row.due);
  return Spell(frame, {0, row.due, light, 0, row.project, kBlock, {}, block});
}

std::optional<std::uint32_t> FindStandingBlock(const Frame& frame, ProjectId project, std::uint64_t seq) {
  const project::State& s = frame.state.project;
  if (!s.Knows(project)) return std::nullopt;
  const project::FileState& files = s.files;
  for (std::uint32_t at = files.heads[project.index()].block; at != 0; at = files.blocks[at - 1].previous)
    if (files.blocks[at - 1].seq == seq && IsStanding(s, files.blocks[at - 1], DayNumber(frame.as_of))) return at - 1;
  return std::nullopt;
}

Result<ObligationPage> QueryObligation(const Frame& frame, ObligationId obligation) {
  const obligation::State& s = frame.state.obligation;
  if (!s.Knows(obligation)) return NotFound("obligation.unknown", {}, "id");
  ObligationPage page;
  page.standing = StandingOf(frame);
  page.obligation = QueryObligationRow(frame, obligation);
  const obligation::FollowUp* f = s.FollowUpOf(obligation.index());
  if (f != nullptr && f->source != 0) {
    ObligationSource& source = page.stated_source.emplace();
    source.source = *page.obligation.source;
    source.stated_on = DayOf(f->source_on);
    if (const PostId post{f->source_post})
      source.post = NamedRef{post.ToString(), std::string(frame.state.people.post_title.Get(post.index()))};
    source.seq = f->source_seq;
  }
  if (f != nullptr && f->plan_seq != 0) page.plan_task = TaskOf(frame, s.project[obligation.index()] - 1, *f);
  return page;
}

Result<ObligationList> QueryObligations(const Frame& frame, const ObligationFilter& filter) {
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  Scan scan(frame, filter, offset);
  ObligationList list;
  list.standing = StandingOf(frame);
  list.lights = scan.Lights();
  list.total = list.lights.red + list.lights.amber + list.lights.green + list.lights.done + list.lights.idle;
  for (const Candidate& c : scan.Rows()) list.rows.push_back(Spell(frame, c));
  const std::size_t end = offset + list.rows.size();
  if (!list.rows.empty() && end < static_cast<std::size_t>(list.total)) list.next_cursor = CursorAt(end);
  return list;
}

}  // namespace landfall::app
