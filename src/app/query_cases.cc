// SPDX-License-Identifier: Apache-2.0
#include "app/query_cases.h"

#include <algorithm>
#include <map>

#include "app/board_scan.h"
#include "app/case_clock.h"
#include "app/catalog.h"
#include "app/policy.h"
#include "app/query_calendar.h"
#include "base/embedded.h"

namespace landfall::app {
namespace {

using cases::Case;
using cases::kNoDay;
using cases::Side;
using cases::SideKind;
using cases::Step;

std::optional<Day> DayOf(std::int32_t day) { return day == kNoDay ? std::nullopt : std::optional(DayFromNumber(day)); }
bool IsOpen(const Case& c) { return c.closed == kNoDay; }
bool IsRunning(const Case& c) { return c.life == static_cast<std::uint8_t>(cases::Life::kRunning); }
bool IsDecided(const Step& step) { return cases::IsDecided(static_cast<cases::StepState>(step.state)); }

const PauseReasons& Reasons() {
  static const PauseReasons kReasons = PauseReasons::Load(FindEmbedded(EmbeddedCatalog(), kPauseReasonsPath)).value();
  return kReasons;
}

class Reader {
 public:
  explicit Reader(const Frame& frame)
      : frame_(frame), s_(frame.state.cases), calendar_(CalendarOf(frame.state)), today_(DayNumber(frame.as_of)) {}

  const WorkCalendar& calendar() const { return *calendar_; }

  bool MayBegin(const Case& c, std::size_t step) const { return s_.OwedSince(c, step) != kNoDay; }
  std::optional<std::int32_t> DueOf(const Case& c, std::size_t step) const {
    const auto due = StepDue(frame_.state, *calendar_, c, step, frame_.as_of);
    return due ? std::optional(DayNumber(due->day)) : std::nullopt;
  }
  Light StepLight(const Case& c, std::size_t step) const {
    if (IsDecided(s_.StepAt(c, step))) return Light::done;
    if (!MayBegin(c, step)) return Light::idle;
    const auto due = DueOf(c, step);
    return due ? LightOfLateness(std::int64_t{today_} - *due) : Light::idle;
  }
  std::optional<OfficeClock> Spell(const std::optional<PausableClock>& clock) const {
    if (!clock) return std::nullopt;
    const auto reading = clock->Read(*calendar_, std::max(frame_.as_of, clock->accepted()));
    if (!reading) return std::nullopt;
    OfficeClock out;
    out.unit = clock->limit().unit == TimeLimit::Unit::kWorkDays ? cases::LimitUnit::work_days
                                                                 : cases::LimitUnit::calendar_days;
    out.limit = reading->limit;
    out.used = reading->office;
    out.left_out = reading->left_out;
    if (reading->due) {
      out.due_on = reading->due->day;
      out.provisional = reading->due->provisional;
    }
    out.late = reading->late;
    return out;
  }
  Light CaseLight(const Case& c) const {
    if (!IsOpen(c)) return c.life == static_cast<std::uint8_t>(cases::Life::kWithdrawn) ? Light::idle : Light::done;
    if (!IsRunning(c)) return Light::idle;
    Light worst = Light::green;
    if (const auto whole = CaseClock(frame_.state, c)) {
      const auto reading = whole->Read(*calendar_, std::max(frame_.as_of, whole->accepted()));
      if (reading && reading->due)
        worst = std::min(worst, LightOfLateness(std::int64_t{today_} - DayNumber(reading->due->day)));
    }
    for (std::size_t step = 0; step < s_.FormOf(c).steps.size(); ++step)
      if (MayBegin(c, step)) worst = std::min(worst, StepLight(c, step));
    return worst;
  }
  bool IsOverdue(const Case& c, const cases::CasePaper& paper) const {
    return paper.state == static_cast<std::uint8_t>(cases::PaperState::kLater) && IsOpen(c) &&
           cases::DayAfter(c, paper.until) < today_;
  }

  CaseListRow Row(std::size_t i) const {
    const Case& c = s_.cases[i];
    const cases::Form& form = s_.FormOf(c);
    const cases::PackageDefined& package = s_.packages[form.package].event;
    CaseListRow row;
    row.id = cases::CaseId::FromIndex(i);
    row.package = package.on.key;
    row.name = std::string(s_.package_words.Get(form.package));
    row.version = package.version.value;
    row.owner_unit = UnitRef(frame_.state, package.owner_unit);
    if (c.enterprise != 0) row.enterprise = EnterpriseRef(frame_.state, c.enterprise);
    if (c.project != 0) row.project = ProjectRef(frame_.state.project, c.project);
    row.channel = c.online() ? CaseChannel::online : CaseChannel::window;
    row.state = static_cast<CaseState>(c.life);
    row.light = CaseLight(c);
    row.applied_on = DayFromNumber(c.applied);
    row.accepted_on = DayOf(c.accepted);
    row.closed_on = DayOf(c.closed);
    row.delivered_on = DayOf(c.delivered);
    if (const auto office = Spell(CaseClock(frame_.state, c))) row.due_on = office->due_on;
    row.steps = static_cast<std::int64_t>(form.steps.size());
    for (std::size_t step = 0; step < form.steps.size(); ++step) row.steps_decided += IsDecided(s_.StepAt(c, step));
    for (std::size_t p = 0; p < form.papers.size(); ++p) {
      const cases::CasePaper& paper = s_.papers[c.first_paper + p];
      row.papers_lacking += paper.state <= static_cast<std::uint8_t>(cases::PaperState::kAsked);
      row.papers_overdue += IsOverdue(c, paper);
    }
    row.waiting_days = EndOfWaiting(c) - c.applied;
    row.seq = c.seq;
    return row;
  }
  std::int32_t EndOfWaiting(const Case& c) const {
    if (c.delivered != kNoDay) return c.delivered;
    if (c.life == static_cast<std::uint8_t>(cases::Life::kWithdrawn)) return c.closed;
    return std::max(today_, c.applied);
  }

  CaseStepView StepRow(const Case& c, std::size_t step, std::uint64_t dead) const {
    const Step& row = s_.StepAt(c, step);
    const cases::FormStep& form = s_.FormOf(c).steps[step];
    const cases::MatterDefined& matter = s_.matters[form.matter].event;
    CaseStepView view;
    view.step = static_cast<std::int64_t>(step + 1);
    view.matter = matter.on.key;
    view.name = MatterWords(s_, form.matter).zh.value;
    view.version = matter.version.value;
    view.owner_unit = UnitRef(frame_.state, matter.owner_unit);
    view.state = static_cast<StepState>(row.state);
    view.dead_end = (dead >> step & 1) != 0;
    view.light = StepLight(c, step);
    for (std::size_t to = 0; to < kBits; ++to)
      if ((form.waits >> to & 1) != 0) view.waits_for.push_back(static_cast<std::int64_t>(to + 1));
    view.may_begin = MayBegin(c, step);
    const auto clock = StepClock(frame_.state, c, step);
    if (clock) view.began_on = clock->accepted();
    view.received_on = DayOf(s_.ReceivedOn(c, step));
    view.decided_on = DayOf(s_.DecidedOn(c, step));
    view.by_rule = (row.flags & cases::kByRule) != 0;
    view.corrected = (row.flags & cases::kCorrected) != 0;
    view.extension_asked = (row.flags & cases::kExtensionAsked) != 0;
    view.sent_back = row.sent_back;
    view.office = Spell(clock);
    view.statutory = Spell(StepClock(frame_.state, c, step, true));
    s_.ForEachSide(row, [&](const Side& side) { Tell(view, side); });
    std::reverse(view.suspensions.begin(), view.suspensions.end());
    std::reverse(view.agreements.begin(), view.agreements.end());
    if (view.state == StepState::approved)
      for (const Key<40>& made : matter.makes.items) view.outcomes.push_back(Outcome(c, step, made));
    view.next = NextOf(c, step);
    return view;
  }

  CasePaperView Paper(const Case& c, std::size_t p) const {
    const cases::Form& form = s_.FormOf(c);
    const cases::FormPaper& asked = form.papers[p];
    const cases::CasePaper& held = s_.papers[c.first_paper + p];
    CasePaperView view;
    view.paper = asked.paper.value;
    if (const cases::MatterNamed words = MatterWords(s_, asked.matter); asked.index < words.papers.items.size())
      view.name = words.papers.items[asked.index].value;
    view.state = static_cast<PaperState>(held.state);
    if (held.until != 0) {
      const Day day = DayFromNumber(cases::DayAfter(c, held.until));
      (view.state == PaperState::later ? view.due_on : view.valid_until) = day;
    }
    view.overdue = IsOverdue(c, held);
    for (std::size_t step = 0; step < form.steps.size(); ++step)
      for (const std::uint16_t one : form.steps[step].papers)
        if (one == p) view.steps.push_back(static_cast<std::int64_t>(step + 1));
    return view;
  }

 private:
  static constexpr std::size_t kBits = cases::kMattersMax;

  // What a matter makes is named by whoever needs it, and in a case that is another of its matters. So is how long it
  // stands, where the definition of its maker is from before that was said there.
  OutcomeView Outcome(const Case& c, std::size_t of, const Key<40>& made) const {
    const cases::MatterDefined& maker = s_.matters[s_.FormOf(c).steps[of].matter].event;
    OutcomeView out{made.value, made.value, {}};
    std::optional<std::int64_t> days;
    bool named = false;
    for (const cases::FormStep& step : s_.FormOf(c).steps) {
      const auto& papers = s_.matters[step.matter].event.papers.items;
      for (std::size_t i = 0; i < papers.size(); ++i) {
        if (papers[i].paper != made) continue;
        if (papers[i].valid_days)
          days = std::min(days.value_or(papers[i].valid_days->value), papers[i].valid_days->value);
        const cases::MatterNamed words = MatterWords(s_, step.matter);
        if (named || i >= words.papers.items.size()) continue;
        out.name = words.papers.items[i].value;
        named = true;
      }
    }
    if (maker.made_valid)
      for (const cases::MadeValid& valid : maker.made_valid->items)
        if (valid.paper == made) days = valid.valid_days.value;
    // The day of the decision does not count; and no holiday lets a permit stand a day longer.
    if (days && !IsDecidedElsewhere(c, of))
      out.valid_until = DayFromNumber(s_.DecidedOn(c, of)) + std::chrono::days(*days);
    return out;
  }
  // By another ledger: the step's day is the one on which its result came back, not that of the decision.
  bool IsDecidedElsewhere(const Case& c, std::size_t step) const {
    bool elsewhere = false;
    s_.ForEachSide(s_.StepAt(c, step), [&](const Side& side) {
      elsewhere = elsewhere || (side.kind == static_cast<std::uint8_t>(SideKind::kHandOver) &&
                                s_.hand_overs[side.who - 1].back == s_.DecidedOn(c, step));
    });
    return elsewhere;
  }
  void Tell(CaseStepView& view, const Side& side) const {
    switch (static_cast<SideKind>(side.kind)) {
      case SideKind::kPause: {
        const auto reason = static_cast<cases::Pause>(side.detail);
        const auto law = Reasons().Reason(EnumName(reason));
        view.suspensions.push_back({reason, law ? law->basis : std::string(), law && law->verified,
                                    DayFromNumber(side.from), DayOf(side.until), side.days});
        break;
      }
      case SideKind::kExtensionAsked:
        break;
      case SideKind::kExtension:
        view.extended_by = side.days;
        break;
      case SideKind::kUnit:
        view.agreements.push_back({UnitRef(frame_.state, UnitId{side.who}), {}, {}, side.detail != 0});
        break;
      case SideKind::kReviewer:
        view.agreements.push_back({{}, AccountId{side.who}, DisplayOf(frame_.state, side.who), side.detail != 0});
        break;
      case SideKind::kHandOver:
        break;
      case SideKind::kExtensionRejected:  // Newest first.
        if (!view.extension_rejected) view.extension_rejected = {side.days, DayFromNumber(side.from)};
        break;
    }
  }
  std::vector<std::string> NextOf(const Case& c, std::size_t step) const {
    const Step& row = s_.StepAt(c, step);
    if (!MayBegin(c, step) && row.received == 0) return {};
    if (!IsRunning(c)) return {};
    switch (static_cast<cases::StepState>(row.state)) {
      case cases::StepState::kWaiting:
        if (!s_.matters[s_.FormOf(c).steps[step].matter].event.discretion)
          return {"step.receive", "step.approve_by_rule"};
        return {"step.receive"};
      case cases::StepState::kSentBack:
        return {"step.receive"};
      case cases::StepState::kSuspended:
        return {"step.resume", "step.countersign", "step.add_reviewer"};
      case cases::StepState::kReceived:
        return {"step.approve", "step.refuse",      "step.send_back",    "step.correct",
                "step.suspend", "step.countersign", "step.add_reviewer", "step.extend"};
      default:
        return {};
    }
  }

  const Frame& frame_;
  const cases::State& s_;
  const std::shared_ptr<const WorkCalendar> calendar_;
  const std::int32_t today_;
};

// Whether the applicant was asked for something and was not heard of in time, up to a day.
bool IsSilent(const cases::State& s, const WorkCalendar& calendar, const Case& c, std::int32_t day) {
  if (c.accepted == kNoDay) {
    if (!c.notified() || day - c.applied <= kSilentDays) return false;
    for (std::size_t p = 0; p < s.FormOf(c).papers.size(); ++p)
      if (s.papers[c.first_paper + p].state <= static_cast<std::uint8_t>(cases::PaperState::kAsked)) return true;
    return false;
  }
  for (std::size_t step = 0; step < s.FormOf(c).steps.size(); ++step) {
    const Step& row = s.StepAt(c, step);
    if (row.state != static_cast<std::uint8_t>(cases::StepState::kSuspended)) continue;
    bool over = false;
    s.ForEachSide(row, [&](const Side& side) {
      if (side.kind != static_cast<std::uint8_t>(SideKind::kPause) || side.until != kNoDay ||
          side.detail != static_cast<std::uint8_t>(cases::Pause::supplement))
        return;
      const auto end = calendar.After(DayFromNumber(side.from), WorkDays{side.days});
      over = over || (end && DayNumber(end->day) < day);
    });
    if (over) return true;
  }
  return false;
}

// The window, whoever has a step, and whoever was asked to agree to one: by unit, or as the unit of an account.
bool Shows(const Scope& scope, const State& state, const Case& c) {
  const cases::State& s = state.cases;
  const cases::Form& form = s.FormOf(c);
  if (scope.HasUnit(s.packages[form.package].event.owner_unit.raw)) return true;
  for (std::size_t i = 0; i < form.steps.size(); ++i) {
    bool asked = scope.HasUnit(form.steps[i].unit);
    s.ForEachSide(s.StepAt(c, i), [&](const Side& side) {
      const auto kind = static_cast<SideKind>(side.kind);
      if (kind == SideKind::kUnit) asked |= scope.HasUnit(side.who);
      if (kind == SideKind::kReviewer) asked |= scope.HasUnit(state.admin.unit[AccountId{side.who}.index()]);
    });
    if (asked) return true;
  }
  return false;
}

std::vector<std::string> NextOf(const Case& c) {
  switch (static_cast<cases::Life>(c.life)) {
    case cases::Life::kIncomplete:
      if (!c.notified()) return {"case.notify", "case.supply", "case.withdraw"};
      return {"case.supply", "case.withdraw"};
    case cases::Life::kApplied:
      return {"case.accept", "case.supply", "case.withdraw"};
    case cases::Life::kRunning:
      return {"case.supply", "case.withdraw"};
    case cases::Life::kApproved:
    case cases::Life::kRefused:
      if (c.delivered == kNoDay) return {"case.deliver"};
      if (c.stars == 0) return {"case.rate"};
      return {};
    default:
      return {};
  }
}

bool HasNewerVersions(const cases::State& s, const Case& c, Day today) {
  const cases::Form& form = s.FormOf(c);
  if (!IsOpen(c)) return false;
  if (s.FindPackage(s.packages[form.package].event.on.key, today) != static_cast<int>(form.package)) return true;
  return std::any_of(form.steps.begin(), form.steps.end(), [&](const cases::FormStep& step) {
    return s.FindMatter(s.matters[step.matter].event.on.key, today) != static_cast<int>(step.matter);
  });
}

}  // namespace

cases::MatterNamed MatterWords(const cases::State& s, std::uint32_t matter) {
  cases::MatterNamed words;
  if (const std::string_view json = s.matter_words.Get(matter); !json.empty()) LF_CHECK(ScanJson(json, words));
  return words;
}

Result<CaseList> QueryCases(const Frame& frame, const CaseFilter& filter) {
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  const cases::State& s = frame.state.cases;
  const Reader reader(frame);
  const Scope scope(frame, filter.unit, std::nullopt);
  CaseList list;
  list.standing = StandingOf(frame);
  LightTally tally;
  std::vector<std::size_t> rows;
  for (std::size_t i = s.cases.size(); i-- > 0;) {
    const Case& c = s.cases[i];
    if (c.applied > DayNumber(frame.as_of) || (filter.open && !IsOpen(c))) continue;
    if (filter.enterprise && c.enterprise != filter.enterprise->raw) continue;
    if (filter.channel && (*filter.channel == CaseChannel::online) != c.online()) continue;
    if (filter.state && c.life != static_cast<std::uint8_t>(*filter.state)) continue;
    if (!filter.package.empty() && s.packages[s.FormOf(c).package].event.on.key != filter.package) continue;
    if (!Shows(scope, frame.state, c)) continue;
    const Light light = reader.CaseLight(c);
    if (filter.light && light != *filter.light) continue;
    tally.Add(light, true);
    ++list.total;
    if (static_cast<std::size_t>(list.total) > offset && rows.size() < filter.limit) rows.push_back(i);
  }
  for (const std::size_t i : rows) list.rows.push_back(reader.Row(i));
  list.lights = tally.Counts();
  if (offset + rows.size() < static_cast<std::size_t>(list.total)) list.next_cursor = CursorAt(offset + rows.size());
  return list;
}

namespace {

NamedRef PeerRef(const cases::Peers& peers, std::uint32_t peer) {
  return {peers.codes[peer], std::string(peers.names.Get(peer))};
}

void TellHandOvers(const cases::State& s, cases::CaseId id, CasePage& page) {
  const Case& c = s.cases[id.index()];
  bool out = false;
  for (std::size_t i = 0; i < s.hand_overs.size(); ++i) {
    const cases::HandOver& one = s.hand_overs[i];
    if (one.of != id.raw) continue;
    HandOverView view{PeerRef(s.peers, one.peer), one.seq, DayFromNumber(one.day), {}, {}, {}, DayOf(one.back)};
    for (std::size_t step = 0; step < s.FormOf(c).steps.size(); ++step)
      if (s.HandOverOf(s.StepAt(c, step)) == i + 1) view.steps.push_back(static_cast<std::int64_t>(step + 1));
    if (one.answered != 0) {
      view.answered_seq = one.answered;
      view.answer_seq = static_cast<std::int64_t>(one.answer_seq);
    }
    out = out || one.answered == 0;
    page.hand_overs.push_back(std::move(view));
  }
  for (const cases::TakeOver& one : s.take_overs) {
    if (one.of != id.raw) continue;
    TakeOverView view{PeerRef(s.peers, one.peer),
                      cases::CaseId{one.origin_case},
                      static_cast<std::int64_t>(one.origin_seq),
                      one.leaf,
                      one.receipt,
                      DayFromNumber(one.accepted),
                      one.seq,
                      DayFromNumber(one.day),
                      {},
                      DayOf(one.back)};
    if (one.returned != 0) view.returned_seq = one.returned;
    if (one.returned == 0 && !IsOpen(c)) page.next.emplace_back("case.return_result");
    page.taken_over = std::move(view);
  }
  if (!IsRunning(c)) return;
  const bool trusts = std::find(s.peers.revoked.begin(), s.peers.revoked.end(), 0) != s.peers.revoked.end();
  if (trusts) page.next.emplace_back("case.hand_over");
  if (out) page.next.emplace_back("case.receive_result");
}

}  // namespace

ReviewerList QueryReviewers(const State& state, Day today) {
  ReviewerList list;
  for (std::size_t i = 0; i < state.admin.roles.size(); ++i) {
    ReviewerRow row{AccountId::FromIndex(i), DisplayOf(state, AccountId::FromIndex(i).raw), {}};
    if (ReachOf(state, Actor::Account(row.id), "case.decide") == Reach::kNone) continue;
    for (const UnitId unit : OwnUnits(state, row.id, today)) row.units.push_back(UnitRef(state, unit));
    if (!row.units.empty()) list.rows.push_back(std::move(row));
  }
  return list;
}

PeerList QueryPeers(const cases::Peers& peers) {
  PeerList list;
  for (std::size_t i = 0; i < peers.codes.size(); ++i)
    list.rows.push_back({peers.codes[i], std::string(peers.names.Get(i)), peers.vkeys[i], peers.revoked[i] != 0});
  return list;
}

Status MayReadCase(const Frame& frame, cases::CaseId id) {
  const cases::State& s = frame.state.cases;
  if (!s.Knows(id)) return NotFound("case.unknown", {}, "id");
  if (!Shows(Scope(frame, std::nullopt, std::nullopt), frame.state, s.cases[id.index()]))
    return Forbidden("access.other_unit", "case.read");
  return Ok{};
}

Result<CasePage> QueryCase(const Frame& frame, cases::CaseId id) {
  LF_TRY(MayReadCase(frame, id));
  const cases::State& s = frame.state.cases;
  const Case& c = s.cases[id.index()];
  const Reader reader(frame);
  CasePage page;
  page.standing = StandingOf(frame);
  page.file = reader.Row(id.index());
  page.office = reader.Spell(CaseClock(frame.state, c));
  if (const auto waited = reader.calendar().Between(DayFromNumber(c.applied), DayFromNumber(reader.EndOfWaiting(c))))
    page.waiting_work_days = waited->days.count;
  page.notified = c.notified();
  if (c.delivery != 0) page.delivery = static_cast<cases::Delivery>(c.delivery - 1);
  if (c.stars != 0) page.stars = c.stars;
  const cases::Form& form = s.FormOf(c);
  const std::uint64_t dead = s.DeadEnds(c);
  for (std::size_t step = 0; step < form.steps.size(); ++step) page.steps.push_back(reader.StepRow(c, step, dead));
  for (std::size_t p = 0; p < form.papers.size(); ++p) page.papers.push_back(reader.Paper(c, p));
  page.newer_versions = HasNewerVersions(s, c, frame.as_of);
  page.next = NextOf(c);
  if (page.newer_versions) page.next.emplace_back("case.migrate");
  TellHandOvers(s, id, page);
  return page;
}

MattersInForce QueryMattersInForce(const Frame& frame) {
  const cases::State& s = frame.state.cases;
  MattersInForce out;
  out.standing = StandingOf(frame);
  for (std::size_t i = 0; i < s.matters.size(); ++i) {
    const cases::MatterDefined& m = s.matters[i].event;
    if (s.FindMatter(m.on.key, frame.as_of) != static_cast<int>(i)) continue;
    const cases::MatterNamed words = MatterWords(s, static_cast<std::uint32_t>(i));
    MatterInForce row{m.on.key,
                      words.zh.value,
                      m.version.value,
                      m.from,
                      UnitRef(frame.state, m.owner_unit),
                      m.kind,
                      m.level,
                      m.discretion,
                      m.statutory,
                      m.promised,
                      {},
                      {},
                      {},
                      static_cast<std::int64_t>(s.matters[i].seq)};
    for (std::size_t p = 0; p < m.papers.items.size(); ++p) {
      const cases::NeededPaper& paper = m.papers.items[p];
      NeededPaperView& view = row.papers.emplace_back();
      view.paper = paper.paper.value;
      if (p < words.papers.items.size()) view.name = words.papers.items[p].value;
      if (paper.valid_days) view.valid_days = paper.valid_days->value;
      view.may_follow = paper.may_follow;
      view.may_promise = paper.may_promise;
      view.if_made = paper.if_made.value_or(false);
    }
    for (const Key<40>& made : m.makes.items) row.makes.push_back(made.value);
    if (words.law) row.law = words.law->value;
    out.matters.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < s.packages.size(); ++i) {
    const cases::PackageDefined& p = s.packages[i].event;
    if (s.FindPackage(p.on.key, frame.as_of) != static_cast<int>(i)) continue;
    PackageInForce row{p.on.key,   std::string(s.package_words.Get(i)),         p.version.value,
                       p.from,     UnitRef(frame.state, p.owner_unit),          {},
                       p.promised, static_cast<std::int64_t>(s.packages[i].seq)};
    for (const Key<40>& key : p.matters.items) row.matters.push_back(key.value);
    out.packages.push_back(std::move(row));
  }
  const auto by_key = [](const auto& a, const auto& b) {
    if constexpr (requires { a.matter; })
      return a.matter < b.matter;
    else
      return a.package < b.package;
  };
  std::sort(out.matters.begin(), out.matters.end(), by_key);
  std::sort(out.packages.begin(), out.packages.end(), by_key);
  return out;
}

CaseHealth QueryCaseHealth(const Frame& frame) {
  const cases::State& s = frame.state.cases;
  const Reader reader(frame);
  const Scope scope(frame, std::nullopt, std::nullopt);
  CaseHealth health;
  health.standing = StandingOf(frame);
  struct Tally {
    UnitHealth row;
    std::map<cases::Pause, std::int64_t> suspended;
    LightTally lights;
  };
  std::map<std::uint32_t, Tally> units;
  std::map<std::string, MatterHealth> matters;
  std::int64_t rated = 0, stars = 0;
  for (const Case& c : s.cases) {
    if (c.applied > DayNumber(frame.as_of) || !Shows(scope, frame.state, c)) continue;
    ++health.cases;
    health.accepted += c.accepted != kNoDay;
    health.first_time += c.accepted != kNoDay && !c.notified();
    rated += c.stars != 0;
    stars += c.stars;
    const bool withdrawn = c.life == static_cast<std::uint8_t>(cases::Life::kWithdrawn);
    health.withdrawn += withdrawn;
    if (IsOpen(c) && IsSilent(s, reader.calendar(), c, DayNumber(frame.as_of))) ++health.silent;
    if (withdrawn && IsSilent(s, reader.calendar(), c, c.closed)) ++health.given_up;
    const cases::Form& form = s.FormOf(c);
    for (std::size_t step = 0; step < form.steps.size(); ++step) {
      const auto clock = StepClock(frame.state, c, step);
      if (!clock || !scope.HasUnit(form.steps[step].unit)) continue;
      const Step& row = s.StepAt(c, step);
      Tally& unit = units[form.steps[step].unit];
      MatterHealth& matter = matters[s.matters[form.steps[step].matter].event.on.key];
      if (matter.begun == 0) matter.name = MatterWords(s, form.steps[step].matter).zh.value;
      ++unit.row.begun, ++matter.begun;
      const bool decided = IsDecided(row), corrected = (row.flags & cases::kCorrected) != 0;
      unit.row.decided += decided;
      unit.row.corrected += corrected, matter.corrected += corrected;
      unit.row.extended += (row.flags & cases::kExtended) != 0;
      unit.row.sent_back += row.sent_back;
      const Day end = clock->finished().value_or(std::max(frame.as_of, clock->accepted()));
      if (const auto span = reader.calendar().Between(clock->accepted(), end))
        unit.row.elapsed_work_days += span->days.count;
      if (decided) {
        const auto reading = clock->Read(reader.calendar(), end);
        unit.row.in_time += reading && !reading->late;
      } else if (IsRunning(c)) {
        unit.lights.Add(reader.StepLight(c, step), true);
      }
      s.ForEachSide(row, [&](const Side& side) {
        if (side.kind != static_cast<std::uint8_t>(SideKind::kPause)) return;
        const Day until = std::max(DayFromNumber(side.from), side.until == kNoDay ? end : DayFromNumber(side.until));
        if (const auto span = reader.calendar().Between(DayFromNumber(side.from), until)) {
          // Beyond what was said at the beginning the clock ran again.
          const std::int64_t days = std::min<std::int64_t>(span->days.count, side.days);
          unit.row.suspended_work_days += days;
          unit.suspended[static_cast<cases::Pause>(side.detail)] += days;
        }
      });
    }
  }
  if (rated != 0) health.rated = rated, health.stars_sum = stars;
  for (auto& [raw, unit] : units) {
    unit.row.unit = UnitRef(frame.state, UnitId{raw});
    unit.row.lights = unit.lights.Counts();
    for (const auto& [reason, days] : unit.suspended) unit.row.suspended.push_back({reason, days});
    health.units.push_back(std::move(unit.row));
  }
  for (auto& [key, matter] : matters) {
    matter.matter = key;
    health.matters.push_back(std::move(matter));
  }
  // By share, without a division.
  std::stable_sort(health.matters.begin(), health.matters.end(), [](const MatterHealth& a, const MatterHealth& b) {
    return a.corrected * b.begun > b.corrected * a.begun;
  });
  return health;
}

OwedSteps::OwedSteps(const Frame& frame) : frame_(frame), s_(frame.state.cases), calendar_(CalendarOf(frame.state)) {}

std::vector<OwedSteps::Group> OwedSteps::Groups() const {
  std::vector<Group> groups;
  groups.reserve(s_.owed.groups().size());
  for (const cases::OwedGroup& group : s_.owed.groups()) {
    const cases::MatterDefined& matter = s_.matters[group.key.matter].event;
    if (const auto due = DueFrom(*calendar_, matter, DayFromNumber(group.key.since)))
      groups.push_back({&group, matter.owner_unit.raw, DayNumber(due->day)});
  }
  std::ranges::sort(groups, [](const Group& a, const Group& b) {
    return std::pair(a.of->key.beside, a.earliest) < std::pair(b.of->key.beside, b.earliest);
  });
  return groups;
}

OwedStep OwedSteps::In(const Group& group, std::uint32_t case_index) const {
  const Case& c = s_.cases[case_index];
  const auto& steps = s_.FormOf(c).steps;
  std::uint32_t step = 0;
  while (steps[step].matter != group.of->key.matter) ++step;
  return {group.unit, c.project, case_index, step, group.earliest};
}

bool OwedSteps::Complete(OwedStep& owed) const {
  const Case& c = s_.cases[owed.case_index];
  if (c.accepted > DayNumber(frame_.as_of)) return false;
  const auto due = StepDue(frame_.state, *calendar_, c, owed.step, frame_.as_of);
  if (due) owed.due = DayNumber(due->day);
  return due.has_value();
}

std::vector<OwedStep> OwedSteps::Of(std::uint32_t case_index) const {
  std::vector<OwedStep> owed;
  const Case& c = s_.cases[case_index];
  const auto& steps = s_.FormOf(c).steps;
  for (std::uint32_t step = 0; step < steps.size(); ++step) {
    if (s_.OwedSince(c, step) == kNoDay) continue;
    OwedStep row{steps[step].unit, c.project, case_index, step, 0};
    if (Complete(row)) owed.push_back(row);
  }
  return owed;
}

std::string OwedSteps::NameOf(const Group& group) const { return MatterWords(s_, group.of->key.matter).zh.value; }

std::optional<OwedStep> FindOwedStep(const Frame& frame, std::uint32_t case_index, std::int64_t step) {
  for (const OwedStep& owed : OwedSteps(frame).Of(case_index))
    if (owed.step + 1 == step) return owed;
  return std::nullopt;
}

ObligationRow OwedStepRow(const Frame& frame, const OwedStep& owed) {
  const Reader reader(frame);
  const Case& c = frame.state.cases.cases[owed.case_index];
  const CaseStepView step = reader.StepRow(c, owed.step, 0);
  ObligationRow row;
  row.kind = "step";
  row.text = step.name;
  row.text_erased = step.name.empty();
  row.state = step.state == StepState::waiting || step.state == StepState::sent_back ? ObligationState::assigned
                                                                                     : ObligationState::accepted;
  row.owner_unit = step.owner_unit;
  if (c.project != 0) row.project = ProjectRef(frame.state.project, c.project);
  row.due_on = DayFromNumber(owed.due);
  if (step.statutory) row.statutory_due_on = step.statutory->due_on;
  row.given_on = step.began_on;
  row.seq = c.seq;
  row.next = step.next;
  row.case_id = cases::CaseId::FromIndex(owed.case_index);
  row.step = step.step;
  const std::int32_t late = DayNumber(frame.as_of) - owed.due;
  row.light.light = step.light;
  row.light.reason = late > 0 ? LightReason::overdue : LightReason::on_plan;
  row.light.days = late > 0 ? late : -late;
  if (late > 0) row.light.since = DayFromNumber(owed.due + (late > kAmberDays ? kAmberDays + 1 : 1));
  return row;
}

}  // namespace landfall::app
