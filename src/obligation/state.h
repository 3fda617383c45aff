// SPDX-License-Identifier: Apache-2.0
// The one list: 交办 assigned → 签收 accepted → 办结 reported done → 销号 written off by somebody else, or 退回
// returned.
#pragma once

#include <map>
#include <vector>

#include "admin/events.h"
#include "base/columns.h"
#include "base/day_tally.h"
#include "obligation/commands.h"
#include "people/events.h"
#include "project/events.h"

namespace landfall::obligation {

// What a kind needs of its life. Kinds are few and their differences are law, so they are C++, not data.
struct KindRules {
  bool needs_accept = true;
  bool needs_write_off = true;  // Otherwise a report closes it.
  bool returnable = true;
  bool needs_evidence = false;  // A report must bring evidence.
  bool needs_subject = false;   // A project must be named.
};
constexpr KindRules RulesOf(Kind kind) {
  switch (kind) {
    case Kind::problem:
      return {.needs_evidence = true, .needs_subject = true};
    case Kind::task:
      return {};
    case Kind::resolution:
      return {.needs_accept = false};
    case Kind::request:
      return {.needs_write_off = true};
    case Kind::visit:
      return {.needs_accept = false, .needs_write_off = false, .returnable = false};
  }
  return {};
}

enum class Life : std::uint8_t { kAssigned, kAccepted, kReported, kWrittenOff, kDone, kCancelled };
constexpr bool IsOpen(Life life) { return life < Life::kWrittenOff; }

// Open obligations by how late they are, so that a board need not look at each of them.
class OpenTally {
 public:
  void Running(std::int32_t due, std::int32_t by) { running_.Add(due, by); }
  // As DayTally::Gather and Settle.
  void GatherRunning(std::int32_t due, std::int32_t by) { running_.Gather(due, by); }
  void Settle() { running_.Settle(); }
  void Reported(std::int32_t days_late, std::int32_t by) {
    const auto at = reported_.try_emplace(days_late, 0).first;
    if ((at->second += by) == 0) reported_.erase(at);
    reported_total_ += by;
  }
  std::int64_t total() const { return running_.total() + reported_total_; }
  // More than `days` late as of a day.
  std::int64_t LateBy(std::int32_t as_of, std::int32_t days) const {
    std::int64_t n = running_.UpTo(as_of - days - 1);
    for (auto at = reported_.upper_bound(days); at != reported_.end(); ++at) n += at->second;
    return n;
  }

 private:
  DayTally running_;  // The clock runs: by due day.
  std::map<std::int32_t, std::int64_t>
      reported_;  // A report stopped it: by days late. A few hundred at most, as reports are recent.
  std::int64_t reported_total_ = 0;
};

// What only some obligations have: they were chased, noted upon, listed, or moved. A row of a side table, so that the
// millions that never needed it cost nothing.
struct FollowUp {
  std::int32_t urged_on, noted_on;  // kNoDay: never
  std::int32_t source_on;           // kNoDay: not stated
  std::uint32_t source_post;        // raw, 0 none
  std::uint32_t source_seq;         // the record that states the source, 0 none
  std::uint8_t list, category;      // enumerator + 1, 0 none
  std::uint8_t level;               // of supervision, 0 … kSupervisionLevels
  std::uint8_t urges, notes;        // how often, at most 255
  std::uint8_t standing_urge;       // UrgeLevel + 1 since the owing unit acted last, 0 none
  std::uint8_t last_urge;           // UrgeLevel + 1 of the newest, 0 none
  std::uint8_t source;              // enumerator + 1, 0 none
  std::uint8_t task, unused[3];     // number of the task of that plan, 0 none
  std::uint32_t plan_seq;           // the record that adopted the plan whose task it carries out, 0 none
};
static_assert(std::has_unique_object_representations_v<FollowUp>);
inline constexpr FollowUp kNoFollowUp{INT32_MIN, INT32_MIN, INT32_MIN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {}, 0};

// What somebody may want to hear of. The newest kNewsKept are kept, so that notifications cost no disk.
enum class NewsKind : std::uint8_t {
  assigned,
  accepted,
  reported_done,
  written_off,
  returned,
  deadline_moved,
  cancelled,
  urged,
  progress_noted,
  escalated,
  block_raised,
  block_solved,
  block_overdue,  // No record says so: it is read from the calendar, and never stands in the ring.
  promise_moved   // Likewise: of a step of a case, whose due day a notice of holidays put off.
};
BOOST_DESCRIBE_ENUM(NewsKind, assigned, accepted, reported_done, written_off, returned, deadline_moved, cancelled,
                    urged, progress_noted, escalated, block_raised, block_solved, block_overdue, promise_moved)
constexpr bool IsOfBlock(NewsKind kind) { return kind >= NewsKind::block_raised && kind <= NewsKind::block_overdue; }
struct News {
  std::uint32_t seq;
  std::uint32_t about;  // raw obligation; of a block its number, in the order of their records, from 1
  std::uint32_t by;     // raw account, 0: not an account
  std::uint32_t at;     // seconds since 1970, UTC
  std::uint32_t kind;   // NewsKind
};
static_assert(std::has_unique_object_representations_v<News>);
inline constexpr std::size_t kNewsKept = 1 << 16;

struct State {
  // By obligation index; some 15 bytes and the words.
  BitsColumn<4> kind;
  std::vector<std::uint8_t> life;
  SparseColumn<std::uint8_t> returned;
  NarrowColumn project;  // raw id, 0 for none
  NarrowColumn owner;    // raw id
  FrameColumn<std::int32_t> given;
  DayColumn due, closed;                  // closed: day of the report that stands, kNoDay otherwise
  FrameColumn<std::uint32_t> seq;         // the record that made it
  FrameColumn<std::uint32_t> reporter;    // raw account of the last report, 0 none, UINT32_MAX not an account
  FrameColumn<std::uint32_t> assigner;    // raw account, 0 not an account
  SparseColumn<std::uint32_t> follow_up;  // index + 1 into follow_ups, 0 none
  BackColumn previous;                    // of the same project: index + 1
  NarrowColumn last_of_project;           // by project index: index + 1
  ErasableText text;
  std::uint32_t units = 0;
  std::uint32_t posts = 0;
  std::vector<std::uint32_t> account_unit;  // by account index: raw, 0 none
  std::vector<FollowUp> follow_ups;
  std::vector<News> news;        // a ring: entry n stands at n mod kNewsKept
  std::uint64_t news_total = 0;  // since the ledger began
  // By project: the record that adopted its newest plan, 0 none, and how many tasks that has.
  struct PlanInForce {
    std::uint32_t seq, tasks;
  };
  SparseColumn<PlanInForce> plan_of_project;
  // By block, as project::FileState has them: the record and the raw account that set it, 0: not an account.
  struct BlockSeen {
    std::uint32_t seq, by;
  };
  std::vector<BlockSeen> blocks;
  OpenTally open;  // derived

  static constexpr std::int32_t kNoDay = INT32_MIN;
  std::size_t size() const { return kind.size(); }
  bool Knows(ObligationId id) const { return id && id.index() < size(); }
  // Of obligation index `i`; nullptr where nothing of it happened.
  const FollowUp* FollowUpOf(std::size_t i) const {
    return follow_up[i] == 0 ? nullptr : &follow_ups[follow_up[i] - 1];
  }

  // The obligation, not cancelled, that carries out task number `task` of a plan; none: not a valid id. Cost: a walk
  // over the project's obligations.
  ObligationId TakerOf(ProjectId of, std::uint32_t plan, std::uint32_t task) const;

  template <class Archive>
  void Columns(Archive& a) {
    a("obligation.kind", kind);
    a("obligation.life", life);
    a("obligation.returned", returned);
    a("obligation.project", project);
    a("obligation.owner", owner);
    a("obligation.given", given);
    a("obligation.due", due);
    a("obligation.closed", closed);
    a("obligation.seq", seq);
    a("obligation.reporter", reporter);
    a("obligation.assigner", assigner);
    a("obligation.follow_up", follow_up);
    a("obligation.previous", previous);
    a("obligation.last_of_project", last_of_project);
    text.Columns(a, "obligation.text");
    a("obligation.units", units);
    a("obligation.posts", posts);
    a("obligation.account_unit", account_unit);
    a("obligation.follow_ups", follow_ups);
    a("obligation.news", news);
    a("obligation.news_total", news_total);
    a("obligation.plan_of_project", plan_of_project);
    a("obligation.blocks", blocks);
  }
  void Rebuild();
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const Assign&);
Decided Decide(const State&, const DecideContext&, const Accept&);
Decided Decide(const State&, const DecideContext&, const ReportDone&);
Decided Decide(const State&, const DecideContext&, const WriteOff&);
Decided Decide(const State&, const DecideContext&, const Return&);
Decided Decide(const State&, const DecideContext&, const MoveDeadline&);
Decided Decide(const State&, const DecideContext&, const Cancel&);
Decided Decide(const State&, const DecideContext&, const Urge&);
Decided Decide(const State&, const DecideContext&, const StateSource&);
Decided Decide(const State&, const DecideContext&, const PutOnList&);
Decided Decide(const State&, const DecideContext&, const NoteProgress&);
Decided Decide(const State&, const DecideContext&, const Escalate&);
Decided Decide(const State&, const DecideContext&, const AssignTask&);
Decided Decide(const State&, const DecideContext&, const LinkTask&);
void Apply(State&, const Origin&, const Assigned&);
void Apply(State&, const Origin&, const Worded&);
void Apply(State&, const Origin&, const Accepted&);
void Apply(State&, const Origin&, const ReportedDone&);
void Apply(State&, const Origin&, const WrittenOff&);
void Apply(State&, const Origin&, const Returned&);
void Apply(State&, const Origin&, const DeadlineMoved&);
void Apply(State&, const Origin&, const Cancelled&);
void Apply(State&, const Origin&, const RemarkGiven&);
void Apply(State&, const Origin&, const Urged&);
void Apply(State&, const Origin&, const SourceStated&);
void Apply(State&, const Origin&, const SourceWorded&);
void Apply(State&, const Origin&, const Listed&);
void Apply(State&, const Origin&, const ProgressNoted&);
void Apply(State&, const Origin&, const Escalated&);
void Apply(State&, const Origin&, const EvidenceAttached&);
void Apply(State&, const Origin&, const TaskTaken&);
void Apply(State&, const Origin&, const people::UnitCreated&);
void Apply(State&, const Origin&, const people::PostCreated&);
void Apply(State&, const Origin&, const admin::AccountCreated&);
void Apply(State&, const Origin&, const project::ProjectRegistered&);
void Apply(State&, const Origin&, const project::PlanAdopted&);
void Apply(State&, const Origin&, const project::BlockRaised&);
void Apply(State&, const Origin&, const project::BlockSolved&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::obligation
