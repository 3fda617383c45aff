// SPDX-License-Identifier: Apache-2.0
#include "app/board_scan.h"
#include "app/inbox.h"
#include "app/policy.h"

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

bool Reaches(const State& state, AccountId account, std::string_view permission) {
  return ReachOf(state, Actor::Account(account), permission) != Reach::kNone;
}

struct Due {
  std::int64_t key;  // the deadline
  std::uint32_t index;
};
struct SoonerDue {
  bool operator()(const Due& a, const Due& b) const { return std::tie(a.key, a.index) < std::tie(b.key, b.index); }
};
using DuePage = Page<Due, SoonerDue>;

// The Sunday that ends the week of a day.
std::int32_t WeekEnd(std::int32_t day) {
  const std::chrono::weekday weekday(DayFromNumber(day));
  return day + 7 - static_cast<std::int32_t>(weekday.iso_encoding());
}

class InboxScan {
 public:
  InboxScan(const Frame& frame, AccountId account)
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
  }

  const std::vector<std::int64_t>& counts() const { return counts_; }
  const InboxCounts& among_mine() const { return among_mine_; }
  std::vector<Due> Rows(InboxSection section) { return pages_[static_cast<std::size_t>(section)].Take(); }

 private:
  static constexpr std::size_t kSections = 6;

  void Take(std::size_t i) {
    const bool mine = may_act_ && mine_[o_.owner[i]];
    if (static_cast<Life>(o_.life[i]) == Life::kReported) {
      if (may_write_off_ && o_.reporter[i] != account_.raw && (unit_ == 0 || o_.owner[i] != unit_))
        Put(i, InboxSection::waiting);
    } else if (mine) {
      const std::int32_t due = o_.due[i];
      Put(i, due < today_       ? InboxSection::overdue
             : due == today_    ? InboxSection::today
             : due <= week_end_ ? InboxSection::week
                                : InboxSection::later);
      const auto rules = obligation::RulesOf(static_cast<obligation::Kind>(o_.kind[i]));
      const obligation::FollowUp* f = o_.FollowUpOf(i);
      among_mine_.urged += f != nullptr && f->standing_urge != 0;
      among_mine_.returned += o_.returned[i] != 0;
      among_mine_.unaccepted += rules.needs_accept && static_cast<Life>(o_.life[i]) == Life::kAssigned;
    } else if (o_.assigner[i] == account_.raw && o_.due[i] < today_) {
      Put(i, InboxSection::following);
    }
  }
  void Put(std::size_t i, InboxSection section) {
    const auto at = static_cast<std::size_t>(section);
    ++counts_[at];
    if (o_.due[i] <= pages_[at].greatest_key()) pages_[at].Offer({o_.due[i], static_cast<std::uint32_t>(i)});
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

// Calls `f` with news from the newest on, while it says true.
template <class F>
void EachNews(const obligation::State& s, F&& f) {
  const std::uint64_t kept = std::min<std::uint64_t>(s.news_total, obligation::kNewsKept);
  for (std::uint64_t n = 0; n < kept; ++n)
    if (!f(s.news[(s.news_total - 1 - n) % obligation::kNewsKept])) return;
}

}  // namespace

Inbox QueryInbox(const Frame& frame, AccountId account) {
  InboxScan scan(frame, account);
  Inbox inbox;
  inbox.standing = StandingOf(frame);
  inbox.counts = scan.among_mine();
  const auto& n = scan.counts();
  inbox.counts.overdue = n[0], inbox.counts.today = n[1], inbox.counts.week = n[2], inbox.counts.later = n[3],
  inbox.counts.waiting = n[4], inbox.counts.following = n[5];
  for (const InboxSection section : {InboxSection::overdue, InboxSection::today, InboxSection::week,
                                     InboxSection::waiting, InboxSection::following, InboxSection::later})
    for (const Due& due : scan.Rows(section))
      inbox.rows.push_back({section, QueryObligationRow(frame, ObligationId::FromIndex(due.index))});
  return inbox;
}

std::vector<ObligationId> OpenObligationsOf(const Frame& frame, AccountId account, std::size_t limit) {
  std::vector<ObligationId> out;
  if (!Reaches(frame.state, account, "obligation.read")) return out;
  const obligation::State& s = frame.state.obligation;
  const std::vector<std::uint8_t> mine = UnitsOf(frame.state, account, frame.as_of);
  DuePage page(0, limit, SoonerDue{});
  for (std::size_t i = 0; i < s.size(); ++i)
    if (obligation::IsOpen(static_cast<Life>(s.life[i])) && mine[s.owner[i]] && s.due[i] <= page.greatest_key())
      page.Offer({s.due[i], static_cast<std::uint32_t>(i)});
  for (const Due& due : page.Take()) out.push_back(ObligationId::FromIndex(due.index));
  return out;
}

// ---- notifications ----

NewsFor::NewsFor(const State& state, AccountId account, Day today)
    : state_(state),
      account_(account),
      may_read_(Reaches(state, account, "obligation.read")),
      mine_(UnitsOf(state, account, today)) {}

bool NewsFor::Concerns(const News& news) const {
  if (!may_read_ || news.by == account_.raw) return false;
  const std::size_t i = news.obligation - 1;
  const bool mine = mine_[state_.obligation.owner[i]] != 0;
  const bool assigned_by_me = state_.obligation.assigner[i] == account_.raw;
  switch (static_cast<NewsKind>(news.kind)) {
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
  }
  return false;
}

NotificationList QueryNotifications(const Frame& frame, AccountId account, std::uint64_t read_up_to,
                                    std::size_t limit) {
  const obligation::State& s = frame.state.obligation;
  const NewsFor concern(frame.state, account, frame.as_of);
  NotificationList list;
  list.read_up_to = static_cast<std::int64_t>(read_up_to);
  list.newest = static_cast<std::int64_t>(frame.known_at);
  EachNews(s, [&](const News& news) {
    const bool unread = news.seq > read_up_to;
    if (!unread && list.rows.size() >= limit) return false;
    if (!concern.Concerns(news)) return true;
    list.unread += unread;
    if (list.rows.size() >= limit) return true;
    const std::size_t i = news.obligation - 1;
    Notification row;
    row.seq = news.seq;
    row.kind = static_cast<NewsKind>(news.kind);
    row.at = Instant(std::chrono::seconds(news.at));
    row.unread = unread;
    row.obligation = ObligationId{news.obligation};
    row.text = std::string(s.text.Get(i));
    row.text_erased = s.text.Erased(i);
    row.owner_unit = UnitRef(frame.state, UnitId{s.owner[i]});
    if (s.project[i] != 0)
      row.project =
          NamedRef{ProjectId{s.project[i]}.ToString(), std::string(frame.state.project.title.Get(s.project[i] - 1))};
    row.due_on = DayFromNumber(s.due[i]);
    list.rows.push_back(std::move(row));
    return true;
  });
  return list;
}

std::int64_t UnreadCounter::Count(const State& state, Day today, std::uint64_t read_up_to) {
  const obligation::State& s = state.obligation;
  if (read_up_to != read_up_to_ || s.news_total < counted_) {
    read_up_to_ = read_up_to;
    counted_ = 0;
    unread_ = 0;
  }
  if (counted_ == s.news_total) return unread_;
  const NewsFor concern(state, account_, today);
  std::uint64_t left = s.news_total - counted_;
  EachNews(s, [&](const News& news) {
    if (left-- == 0 || news.seq <= read_up_to) return false;
    unread_ += concern.Concerns(news);
    return true;
  });
  counted_ = s.news_total;
  return unread_;
}

}  // namespace landfall::app
