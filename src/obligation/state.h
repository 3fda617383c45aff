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

struct State {
  // By obligation index; 38 bytes and the words.
  std::vector<std::uint8_t> kind, life, returned;
  std::vector<std::uint32_t> project, owner;     // raw ids, project 0 for none
  std::vector<std::int32_t> given, due, closed;  // closed: day of the report that stands, kNoDay otherwise
  std::vector<std::uint32_t> seq;                // the record that made it
  std::vector<std::uint32_t> reporter;           // raw account of the last report, 0 none, UINT32_MAX not an account
  std::vector<std::uint32_t> previous;           // of the same project: index + 1
  std::vector<std::uint32_t> last_of_project;    // by project index: index + 1
  ErasableText text;
  std::uint32_t units = 0;
  OpenTally open;  // derived

  static constexpr std::int32_t kNoDay = INT32_MIN;
  std::size_t size() const { return kind.size(); }
  bool Knows(ObligationId id) const { return id && id.index() < size(); }

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
    a("obligation.previous", previous);
    a("obligation.last_of_project", last_of_project);
    text.Columns(a, "obligation.text");
    a("obligation.units", units);
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
void Apply(State&, const Origin&, const Assigned&);
void Apply(State&, const Origin&, const Worded&);
void Apply(State&, const Origin&, const Accepted&);
void Apply(State&, const Origin&, const ReportedDone&);
void Apply(State&, const Origin&, const WrittenOff&);
void Apply(State&, const Origin&, const Returned&);
void Apply(State&, const Origin&, const DeadlineMoved&);
void Apply(State&, const Origin&, const Cancelled&);
void Apply(State&, const Origin&, const RemarkGiven&);
void Apply(State&, const Origin&, const people::UnitCreated&);
void Apply(State&, const Origin&, const project::ProjectRegistered&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::obligation
