// SPDX-License-Identifier: Apache-2.0
// What waits for one account, and what it should hear of. Both are pure functions of the state as of now.
//
// Mine is what the account's unit, or a unit below it, owes: obligations, blocks that it has to solve, and steps of
// cases that it could take. Nothing here is recorded: a notification is an event, read again for somebody; that a block
// is past its day, the calendar says, and of a promise put off by a notice of holidays, the notice.
//
// Cost: an inbox is one scan of the open obligations, the blocks and the open steps; notifications look at no more than
// obligation::kNewsKept events, the blocks, and for some weeks behind a notice of holidays at the open steps.
#pragma once

#include "app/labels.h"
#include "app/queries.h"
#include "app/read_mark.h"

namespace landfall::app {

enum class InboxSection : std::uint8_t {
  overdue,    // mine, past its deadline
  today,      // mine, due today
  week,       // mine, due until Sunday
  later,      // mine, due after that
  waiting,    // reported done, I may write it off or return it; or a longer time is asked for a step, I may approve it
  following,  // assigned by me to others, overdue: to be urged
};
BOOST_DESCRIBE_ENUM(InboxSection, overdue, today, week, later, waiting, following)

struct InboxRow {
  static constexpr std::string_view kName = "InboxRow";
  InboxSection section = InboxSection::later;
  ObligationRow obligation;
};
BOOST_DESCRIBE_STRUCT(InboxRow, (), (section, obligation))

// The first six count the rows of each section; the last three count among those of mine.
struct InboxCounts {
  static constexpr std::string_view kName = "InboxCounts";
  std::int64_t overdue = 0, today = 0, week = 0, later = 0, waiting = 0, following = 0;
  std::int64_t urged = 0, returned = 0, unaccepted = 0;
};
BOOST_DESCRIBE_STRUCT(InboxCounts, (), (overdue, today, week, later, waiting, following, urged, returned, unaccepted))

struct Inbox {
  static constexpr std::string_view kName = "Inbox";
  Standing standing;
  InboxCounts counts;
  std::vector<InboxRow> rows;  // By section, then by deadline; at most kInboxRows of each section.
};
BOOST_DESCRIBE_STRUCT(Inbox, (), (standing, counts, rows))

inline constexpr std::size_t kInboxRows = 100;
Inbox QueryInbox(const Frame& frame, AccountId account);

// Open obligations that are mine and blocks that I have to solve, by deadline, at most `limit`: what a calendar shows.
std::vector<ObligationRow> OpenDeadlinesOf(const Frame& frame, AccountId account, std::size_t limit);
// How a row is told outside the pages: its kind, in a word; the page that shows it, "/obligations/b1" or
// "/projects/p1".
std::string KindWord(const ObligationRow& row, Language language);
std::string PageOf(const ObligationRow& row);

struct Notification {
  static constexpr std::string_view kName = "Notification";
  std::int64_t seq = 0;  // the record that says so
  obligation::NewsKind kind = obligation::NewsKind::assigned;
  Instant at;
  bool unread = false;
  std::optional<ObligationId> obligation;  // absent: of a block
  std::string text;                        // "" where erased
  bool text_erased = false;
  NamedRef owner_unit;
  std::optional<NamedRef> project;
  Day due_on;
  std::optional<project::BlockKind> block;
  std::optional<std::string> milestone;  // from which the block keeps the project
  std::optional<cases::CaseId> case_id;  // of a promise that was put off; `text`: the matter
  std::optional<Day> was_due_on;         // likewise: before the notice
};
BOOST_DESCRIBE_STRUCT(Notification, (),
                      (seq, kind, at, unread, obligation, text, text_erased, owner_unit, project, due_on, block,
                       milestone, case_id, was_due_on))

struct NotificationList {
  static constexpr std::string_view kName = "NotificationList";
  std::int64_t unread = 0;
  std::int64_t read_up_to = 0;  // seq
  std::int64_t newest = 0;      // seq of the ledger's newest record: what to send back when all has been read
  std::vector<Notification> rows;
};
BOOST_DESCRIBE_STRUCT(NotificationList, (), (unread, read_up_to, newest, rows))

// Whom an event concerns. The owing unit hears what it is given and chased for; who assigned it hears how it goes on.
// Of a block hear the unit that has to solve it, the unit that leads the project, and who set it. Nobody hears of their
// own acts.
class NewsFor {
 public:
  NewsFor(const State& state, AccountId account, Day today);
  bool Concerns(const obligation::News& news) const;
  // Calls `f(index, since)` for each open block past its day of which the account should hear; `since`: when that day
  // ended on the jurisdiction's wall.
  template <class F>
  void EachOverdueBlock(F&& f) const;
  // Calls `f(move, since)` for each promise put off of which the account should hear: the unit that has the step, and
  // the window that gave the promise to the applicant.
  template <class F>
  void EachPromisePutOff(F&& f) const;

 private:
  bool ConcernsBlock(const obligation::News& news) const;
  Instant BeginOf(Day day) const;  // On the jurisdiction's wall.
  const State& state_;
  AccountId account_;
  Day today_;
  bool may_read_, may_read_cases_;
  std::vector<std::uint8_t> mine_;  // by raw unit
};

// What has no record, a block that fell overdue or a promise put off, is unread where it came about after `read.at`,
// like an event after `read.seq`.
NotificationList QueryNotifications(const Frame& frame, AccountId account, const ReadMark& read, std::size_t limit);

// Keeps the number of unread ones while the ledger grows: each event is looked at once. Threads: one.
class UnreadCounter {
 public:
  explicit UnreadCounter(AccountId account) : account_(account) {}
  std::int64_t Count(const State& state, Day today, const ReadMark& read);

 private:
  AccountId account_;
  std::uint64_t counted_ = 0;  // of obligation::State::news_total
  std::optional<ReadMark> read_;
  std::optional<Day> today_;
  std::int64_t unread_ = 0, unrecorded_ = 0;
};

}  // namespace landfall::app
