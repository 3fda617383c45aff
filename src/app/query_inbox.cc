// SPDX-License-Identifier: Apache-2.0
#include "app/board_scan.h"
#include "app/case_clock.h"
#include "app/inbox.h"
#include "app/policy.h"
#include "app/query_cases.h"

namespace landfall::app {
namespace {

using obligation::Life;
using obligation::News;
using obligation::NewsKind;

// Units whose obligations are this account's on a day, by raw id; all 0 for an account without units.
std::vector<std::uint8_t> UnitsOf(const State& state, AccountId account, Day today) {
  const std::vector<UnitId> units = OwnUnits(state, account, today);
  if (units.empty()) return std::vector<std::uint8_t>(state.people.unit_parent.size() + 1, 0);
  return UnitMask(state, units);
}

// The open steps of cases of those units that they could take; those with nothing beside their course share a due day.
std::vector<OwedStep> StepsOf(const Frame& frame, const std::vector<std::uint8_t>& units) {
  std::vector<OwedStep> out;
  const OwedSteps owed(frame);
  for (const OwedSteps::Group& group : owed.Groups()) {
    if (!units[group.unit]) continue;
    for (const std::uint32_t i : group.of->cases)
      if (OwedStep step = owed.In(group, i); !group.of->key.beside || owed.Complete(step)) out.push_back(step);
  }
  return out;
}

bool Reaches(const State& state, AccountId account, std::string_view permission) {
  return ReachOf(state, Actor::Account(account), permission) != Reach::kNone;
}

enum class Owed : std::uint8_t { kObligation, kBlock, kStep };
struct Due {
  std::int64_t key;     // the deadline
  std::uint32_t index;  // of a step its place among the steps owed
  Owed what = Owed::kObligation;
};
struct SoonerDue {
  bool operator()(const Due& a, const Due& b) const {
    return std::tie(a.key, a.what, a.index) < std::tie(b.key, b.what, b.index);
  }
};
using DuePage = Page<Due, SoonerDue>;

// The Sunday that ends the week of a day.
std::int32_t WeekEnd(std::int32_t day) {
  const std::chrono::weekday weekday(DayFromNumber(day));
  return day + 7 - static_cast<std::int32_t>(weekday.iso_encoding());
}

class InboxScan {
 public:
  InboxScan(const Frame& frame, AccountId account, std::span<const OwedStep> steps)
      : state_(frame.state),
        o_(frame.state.obligation),
        account_(account),
        unit_(state_.admin.unit[account.index()]),
        mine_(UnitsOf(state_, account, frame.as_of)),
        may_act_(Reaches(state_, account, "obligation.act")),
        may_write_off_(Reaches(state_, account, "obligation.write_off")),
        today_(DayNumber(frame.as_of)),
        week_end_(WeekEnd(today_)),
        pages_(kSections, DuePage(0, kInboxRows, SoonerDue{})) {
    for (std::size_t i = 0; i < o_.size(); ++i)
      if (obligation::IsOpen(static_cast<Life>(o_.life[i]))) Take(i);
    const std::vector<project::Block>& blocks = state_.project.files.blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i)
      if (IsStanding(state_.project, blocks[i], today_)) TakeBlock(blocks[i], i);
    const bool may_decide = Reaches(state_, account, "case.decide"),
               may_approve = Reaches(state_, account, "case.approve");
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Due due{steps[i].due, static_cast<std::uint32_t>(i), Owed::kStep};
      if (may_approve && AsksForMoreTime(steps[i]))
        Put(due, InboxSection::waiting);
      else if (may_decide)
        Put(due, SectionOf(due.key));
    }
  }

  const std::vector<std::int64_t>& counts() const { return counts_; }
  const InboxCounts& among_mine() const { return among_mine_; }
  std::vector<Due> Rows(InboxSection section) { return pages_[static_cast<std::size_t>(section)].Take(); }

 private:
  static constexpr std::size_t kSections = 6;

  void Take(std::size_t i) {
    const bool mine = may_act_ && mine_[o_.owner[i]];
    const Due due{o_.due[i], static_cast<std::uint32_t>(i)};
    if (static_cast<Life>(o_.life[i]) == Life::kReported) {
      if (may_write_off_ && o_.reporter[i] != account_.raw && (unit_ == 0 || o_.owner[i] != unit_))
        Put(due, InboxSection::waiting);
    } else if (mine) {
      Put(due, SectionOf(due.key));
      const auto rules = obligation::RulesOf(static_cast<obligation::Kind>(o_.kind[i]));
      const obligation::FollowUp* f = o_.FollowUpOf(i);
      among_mine_.urged += f != nullptr && f->standing_urge != 0;
      among_mine_.returned += o_.returned[i] != 0;
      among_mine_.unaccepted += rules.needs_accept && static_cast<Life>(o_.life[i]) == Life::kAssigned;
    } else if (o_.assigner[i] == account_.raw && due.key < today_) {
      Put(due, InboxSection::following);
    }
  }
  void TakeBlock(const project::Block& block, std::size_t i) {
    const Due due{block.due, static_cast<std::uint32_t>(i), Owed::kBlock};
    if (may_act_ && mine_[block.owner])
      Put(due, SectionOf(due.key));
    else if (o_.blocks[i].by == account_.raw && due.key < today_)
      Put(due, InboxSection::following);
  }
  InboxSection SectionOf(std::int64_t due) const {
    return due < today_       ? InboxSection::overdue
           : due == today_    ? InboxSection::today
           : due <= week_end_ ? InboxSection::week
                              : InboxSection::later;
  }
  // An extension that somebody else has asked for and nobody has answered.
  bool AsksForMoreTime(const OwedStep& owed) const {
    const cases::State& s = state_.cases;
    const cases::Step& step = s.StepAt(s.cases[owed.case_index], owed.step);
    if ((step.flags & cases::kExtensionAsked) == 0 || (step.flags & cases::kExtended) != 0) return false;
    std::uint32_t asker = 0;
    s.ForEachSide(step, [&](const cases::Side& side) {  // Newest first: what was rejected before lies behind it.
      if (asker == 0 && side.kind == static_cast<std::uint8_t>(cases::SideKind::kExtensionAsked)) asker = side.who;
    });
    return asker != account_.raw;
  }
  void Put(const Due& due, InboxSection section) {
    const auto at = static_cast<std::size_t>(section);
    ++counts_[at];
    if (due.key <= pages_[at].greatest_key()) pages_[at].Offer(due);
  }

  const State& state_;
  const obligation::State& o_;
  const AccountId account_;
  const std::uint32_t unit_;
  const std::vector<std::uint8_t> mine_;
  const bool may_act_, may_write_off_;
  const std::int32_t today_, week_end_;
  std::vector<std::int64_t> counts_ = std::vector<std::int64_t>(kSections, 0);
  InboxCounts among_mine_;
  std::vector<DuePage> pages_;
};

ObligationRow RowOf(const Frame& frame, const Due& due, std::span<const OwedStep> steps) {
  switch (due.what) {
    case Owed::kBlock:
      return QueryBlockRow(frame, due.index);
    case Owed::kStep:
      return OwedStepRow(frame, steps[due.index]);
    case Owed::kObligation:
      break;
  }
  return QueryObligationRow(frame, ObligationId::FromIndex(due.index));
}

// Calls `f` with news from the newest on, while it says true.
template <class F>
void EachNews(const obligation::State& s, F&& f) {
  const std::uint64_t kept = std::min<std::uint64_t>(s.news_total, obligation::kNewsKept);
  for (std::uint64_t n = 0; n < kept; ++n)
    if (!f(s.news[(s.news_total - 1 - n) % obligation::kNewsKept])) return;
}

}  // namespace

Inbox QueryInbox(const Frame& frame, AccountId account) {
  const std::vector<OwedStep> steps = StepsOf(frame, UnitsOf(frame.state, account, frame.as_of));
  InboxScan scan(frame, account, steps);
  Inbox inbox;
  inbox.standing = StandingOf(frame);
  inbox.counts = scan.among_mine();
  const auto& n = scan.counts();
  inbox.counts.overdue = n[0], inbox.counts.today = n[1], inbox.counts.week = n[2], inbox.counts.later = n[3],
  inbox.counts.waiting = n[4], inbox.counts.following = n[5];
  for (const InboxSection section : {InboxSection::overdue, InboxSection::today, InboxSection::week,
                                     InboxSection::waiting, InboxSection::following, InboxSection::later})
    for (const Due& due : scan.Rows(section)) {
      inbox.rows.push_back({section, RowOf(frame, due, steps)});
      if (section != InboxSection::waiting || due.what != Owed::kStep) continue;
      std::vector<std::string>& next = inbox.rows.back().obligation.next;
      next.insert(next.begin(), {"step.approve_extension", "step.reject_extension"});
    }
  return inbox;
}

std::vector<ObligationRow> OpenDeadlinesOf(const Frame& frame, AccountId account, std::size_t limit) {
  std::vector<ObligationRow> out;
  if (!Reaches(frame.state, account, "obligation.read")) return out;
  const obligation::State& s = frame.state.obligation;
  const std::vector<std::uint8_t> mine = UnitsOf(frame.state, account, frame.as_of);
  DuePage page(0, limit, SoonerDue{});
  for (std::size_t i = 0; i < s.size(); ++i)
    if (obligation::IsOpen(static_cast<Life>(s.life[i])) && mine[s.owner[i]] && s.due[i] <= page.greatest_key())
      page.Offer({s.due[i], static_cast<std::uint32_t>(i)});
  const project::State& projects = frame.state.project;
  for (std::size_t i = 0; i < projects.files.blocks.size(); ++i) {
    const project::Block& block = projects.files.blocks[i];
    if (mine[block.owner] && block.due <= page.greatest_key() && IsStanding(projects, block, DayNumber(frame.as_of)))
      page.Offer({block.due, static_cast<std::uint32_t>(i), Owed::kBlock});
  }
  const std::vector<OwedStep> steps = StepsOf(frame, mine);
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i].due <= page.greatest_key()) page.Offer({steps[i].due, static_cast<std::uint32_t>(i), Owed::kStep});
  for (const Due& due : page.Take()) out.push_back(RowOf(frame, due, steps));
  return out;
}

std::string KindWord(const ObligationRow& row, Language language) {
  return std::string(
      LabelOf("enums", row.block ? "BlockKind." + std::string(EnumName(*row.block)) : "Kind." + row.kind, language));
}

std::string PageOf(const ObligationRow& row) {
  if (row.case_id) return "/cases/" + row.case_id->ToString();
  return row.id ? "/obligations/" + row.id->ToString() : row.project ? "/projects/" + row.project->id : std::string();
}

// ---- notifications ----

NewsFor::NewsFor(const State& state, AccountId account, Day today)
    : state_(state),
      account_(account),
      today_(today),
      may_read_(Reaches(state, account, "obligation.read")),
      may_read_cases_(Reaches(state, account, "case.read")),
      mine_(UnitsOf(state, account, today)) {}

bool NewsFor::Concerns(const News& news) const {
  if (!may_read_ || news.by == account_.raw) return false;
  const auto kind = static_cast<NewsKind>(news.kind);
  if (obligation::IsOfBlock(kind)) return ConcernsBlock(news);
  const std::size_t i = news.about - 1;
  const bool mine = mine_[state_.obligation.owner[i]] != 0;
  const bool assigned_by_me = state_.obligation.assigner[i] == account_.raw;
  switch (kind) {
    case NewsKind::assigned:
    case NewsKind::urged:
    case NewsKind::escalated:
    case NewsKind::deadline_moved:
    case NewsKind::cancelled:
      return mine;
    case NewsKind::accepted:
    case NewsKind::progress_noted:
    case NewsKind::reported_done:
      return assigned_by_me;
    case NewsKind::written_off:
    case NewsKind::returned:
      return mine || assigned_by_me;
    case NewsKind::block_raised:
    case NewsKind::block_solved:
    case NewsKind::block_overdue:
    case NewsKind::promise_moved:
      break;
  }
  return false;
}

bool NewsFor::ConcernsBlock(const News& news) const {
  const project::Block& block = state_.project.files.blocks[news.about - 1];
  return mine_[block.owner] || mine_[state_.project.owner[block.project - 1]] ||
         state_.obligation.blocks[news.about - 1].by == account_.raw;
}

template <class F>
void NewsFor::EachOverdueBlock(F&& f) const {
  if (!may_read_) return;
  const std::vector<project::Block>& blocks = state_.project.files.blocks;
  const std::int32_t today = DayNumber(today_);
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    const project::Block& block = blocks[i];
    if (block.due >= today || !IsStanding(state_.project, block, today)) continue;
    if (!mine_[block.owner] && state_.obligation.blocks[i].by != account_.raw) continue;
    f(i, BeginOf(DayFromNumber(block.due + 1)));
  }
}

template <class F>
void NewsFor::EachPromisePutOff(F&& f) const {
  if (!may_read_cases_) return;
  const cases::State& s = state_.cases;
  const PutOff put_off = PromisesPutOff(state_, today_);
  for (const CaseMove& move : put_off.moves) {
    const cases::Case& of = s.cases[move.case_id.index()];
    const cases::Form& form = s.FormOf(of);
    if (mine_[form.steps[move.step].unit] || mine_[s.packages[form.package].event.owner_unit.raw])
      f(move, BeginOf(put_off.published));
  }
}

Instant NewsFor::BeginOf(Day day) const { return Instant(day) - std::chrono::minutes(state_.admin.offset().minutes); }

NotificationList QueryNotifications(const Frame& frame, AccountId account, const ReadMark& read, std::size_t limit) {
  const obligation::State& s = frame.state.obligation;
  const project::FileState& files = frame.state.project.files;
  const NewsFor concern(frame.state, account, frame.as_of);
  NotificationList list;
  list.read_up_to = static_cast<std::int64_t>(read.seq);
  list.newest = static_cast<std::int64_t>(frame.known_at);
  const auto of_block = [&](std::uint32_t i) {
    const project::Block& block = files.blocks[i];
    const project::State& projects = frame.state.project;
    Notification row;
    row.text = std::string(files.block_text.Get(i));
    row.text_erased = files.block_text.Erased(i);
    row.owner_unit = UnitRef(frame.state, UnitId{block.owner});
    row.project = ProjectRef(projects, block.project);
    row.due_on = DayFromNumber(block.due);
    row.block = static_cast<project::BlockKind>(block.kind);
    row.milestone = projects.ladders[projects.ladder[block.project - 1]].rungs[block.rung].key.value;
    return row;
  };
  EachNews(s, [&](const News& news) {
    const bool unread = news.seq > read.seq;
    if (!unread && list.rows.size() >= limit) return false;
    if (!concern.Concerns(news)) return true;
    list.unread += unread;
    if (list.rows.size() >= limit) return true;
    const auto kind = static_cast<NewsKind>(news.kind);
    Notification row;
    if (obligation::IsOfBlock(kind)) {
      row = of_block(news.about - 1);
    } else {
      const std::size_t i = news.about - 1;
      row.obligation = ObligationId{news.about};
      row.text = std::string(s.text.Get(i));
      row.text_erased = s.text.Erased(i);
      row.owner_unit = UnitRef(frame.state, UnitId{s.owner[i]});
      if (s.project[i] != 0) row.project = ProjectRef(frame.state.project, s.project[i]);
      row.due_on = DayFromNumber(s.due[i]);
    }
    row.seq = news.seq;
    row.kind = kind;
    row.at = Instant(std::chrono::seconds(news.at));
    row.unread = unread;
    list.rows.push_back(std::move(row));
    return true;
  });
  concern.EachOverdueBlock([&](std::uint32_t i, Instant since) {
    Notification row = of_block(i);
    row.seq = files.blocks[i].seq;
    row.kind = NewsKind::block_overdue;
    row.at = since;
    row.unread = since > read.at;
    list.unread += row.unread;
    list.rows.push_back(std::move(row));
  });
  concern.EachPromisePutOff([&](const CaseMove& move, Instant since) {
    const cases::State& cases = frame.state.cases;
    const cases::Case& of = cases.cases[move.case_id.index()];
    const cases::FormStep& step = cases.FormOf(of).steps[move.step];
    Notification row;
    row.seq = of.seq;
    row.kind = NewsKind::promise_moved;
    row.at = since;
    row.unread = since > read.at;
    row.case_id = move.case_id;
    row.text = MatterWords(cases, step.matter).zh.value;
    row.text_erased = row.text.empty();
    row.owner_unit = UnitRef(frame.state, UnitId{step.unit});
    if (of.project != 0) row.project = ProjectRef(frame.state.project, of.project);
    row.due_on = move.after.day;
    row.was_due_on = move.before.day;
    list.unread += row.unread;
    list.rows.push_back(std::move(row));
  });
  std::stable_sort(list.rows.begin(), list.rows.end(),
                   [](const Notification& a, const Notification& b) { return a.at > b.at; });
  if (list.rows.size() > limit) list.rows.resize(limit);
  return list;
}

std::int64_t UnreadCounter::Count(const State& state, Day today, const ReadMark& read) {
  const obligation::State& s = state.obligation;
  if (read != read_ || s.news_total < counted_) {
    read_ = read;
    counted_ = 0;
    unread_ = 0;
    today_.reset();
  }
  if (counted_ == s.news_total && today == today_) return unread_ + unrecorded_;
  const NewsFor concern(state, account_, today);
  std::uint64_t left = s.news_total - counted_;
  EachNews(s, [&](const News& news) {
    if (left-- == 0 || news.seq <= read.seq) return false;
    unread_ += concern.Concerns(news);
    return true;
  });
  unrecorded_ = 0;
  concern.EachOverdueBlock([&](std::uint32_t, Instant since) { unrecorded_ += since > read.at; });
  concern.EachPromisePutOff([&](const CaseMove&, Instant since) { unrecorded_ += since > read.at; });
  counted_ = s.news_total;
  today_ = today;
  return unread_ + unrecorded_;
}

}  // namespace landfall::app
