// SPDX-License-Identifier: Apache-2.0
// All projects, by column. With twelve rungs, reached on the average to the seventh, a project takes some 230 bytes and
// its versions (known.h); scans touch only the columns they need (KERNEL §3).
#pragma once

#include <string>
#include <vector>

#include "admin/events.h"
#include "base/columns.h"
#include "enterprise/events.h"
#include "people/events.h"
#include "place/events.h"
#include "project/commands.h"
#include "project/file_state.h"
#include "project/known.h"
#include "project/receipts.h"
#include "project/report_state.h"
#include "project/tally.h"

namespace landfall::project {

enum class Side : std::uint8_t { kActive, kOnHold, kTerminated };

struct Ladder {
  std::string key;
  std::vector<Rung> rungs;
  std::vector<Guard> guards;
  int Find(std::string_view milestone) const {
    for (std::size_t i = 0; i < rungs.size(); ++i)
      if (rungs[i].key.value == milestone) return static_cast<int>(i);
    return -1;
  }
};

// Where a project stands; 10^-7 degrees of WGS-84.
struct Site {
  std::uint32_t project;  // raw
  std::int32_t longitude_e7, latitude_e7;
  std::uint32_t seq;
  std::uint8_t how, unused[3];
};

struct State {
  std::vector<std::string> ladder_rows;  // key, JSON of its rungs, key, …
  std::vector<Ladder> ladders;           // derived from ladder_rows

  // By project index:
  TextColumn code;
  ErasableText title, attributes;                 // attributes: the JSON of the list
  std::vector<std::uint8_t> ladder, side, stage;  // stage: rungs up to the highest reached, 0 for none
  SparseColumn<std::uint8_t> hold_reason;
  SparseColumn<std::uint16_t> contradicting;  // bit per rung; derived from the days, kept because boards count it
  NarrowColumn owner, region, enterprise;     // raw ids, 0 for none
  NarrowColumn first_slot;                    // of its ladder's rungs in the slot columns
  DayColumn open_due;                         // earliest planned day of a rung not reached; kNever: none
  DayColumn newest_day;  // latest day reached; a question as of an earlier day must look at the slots
  SparseColumn<std::int32_t> side_since{kNoDay}, hold_until{kNoDay};
  std::vector<std::int64_t> investment, funds;  // funds: receipts that stand
  FrameColumn<std::uint32_t> investment_seq, registered_seq;
  BitsColumn<2> investment_level;
  NarrowColumn last_receipt;  // Index + 1

  // By slot (project × rung of its ladder), about 8 bytes:
  DayColumn planned, reached;              // kNoDay: none
  SparseColumn<std::uint32_t> planned_by;  // The record that planned it; 0: the one that registered the project.
  BitsColumn<2> level;                     // EvidenceLevel

  ReceiptColumn receipts;              // What they say stands in `known`: ReceiptAt.
  std::vector<Site> sites;             // In the order in which projects were first located.
  std::vector<std::uint32_t> site_of;  // By project index, up to the last that has one: index + 1, 0 for none.
  std::uint32_t units = 0, regions = 0, enterprises = 0;
  ReportState reports;
  FileState files;
  Known known;

  TextIndex by_code;                  // derived
  std::vector<std::uint8_t> unusual;  // derived; by project: set aside, ever blocked, or counted in another
  std::vector<RungTallies> tallies;   // derived; by ladder, how many stated days lie up to any day
  // Derived. As of the day of the newest receipt and later, `funds` is what is in place; as of the newest day reached
  // and later, `stage` and `open_due` hold for every project.
  std::int32_t newest_receipt = kNoDay, newest_reached = kNoDay;
  std::int64_t total_investment = 0, total_funds = 0, without_investment = 0;  // derived

  std::size_t size() const { return ladder.size(); }
  bool Knows(ProjectId id) const { return id && id.index() < size(); }
  int FindLadder(std::string_view key) const;
  // The record that planned a slot of project `p`, 0 for none.
  std::uint32_t PlannedSeq(std::size_t p, std::size_t slot) const {
    if (planned[slot] == kNoDay) return 0;
    return planned_by[slot] != 0 ? planned_by[slot] : registered_seq[p];
  }
  // The record by which a rung is reached, 0 where it is not. Cost: a walk over the project's versions.
  std::uint32_t ReachedSeq(std::size_t p, std::size_t rung) const;
  std::vector<std::uint32_t> ReachedSeqs() const;  // Of all slots. Cost: a walk over all versions.
  Receipt ReceiptAt(std::size_t row) const;
  // The day a slot stands at: reached, else planned, else kNoDay.
  std::int32_t StatedDay(std::size_t slot) const { return reached[slot] != kNoDay ? reached[slot] : planned[slot]; }
  // Rungs reached by `as_of` (0 for none) and the earliest open plan as things stood on that day.
  struct Position {
    int stage = 0;
    std::int32_t open_due = kNever;
    int open_rung = -1;
  };
  Position PositionAt(std::size_t project, std::int32_t as_of) const;
  // Whether project `p` owes a report of that month: scheduled for its ladder, on the way between the two milestones,
  // and active in it.
  bool OwesReport(std::size_t p, Period period) const;
  // From the project's last three reports, or from its planned investment where it has none.
  MonthBounds BoundsOfMonth(std::size_t p) const;
  // Whether it counts in totals and figures by itself: it is not linked as the same as another project.
  bool Counts(std::size_t p) const { return files.counted_in[p] == 0; }
  // Keeps `unusual` after a change of what it tells. Scans look at the rare columns of such projects only.
  void MarkUnusual(std::size_t p) {
    unusual[p] = side[p] != static_cast<std::uint8_t>(Side::kActive) || files.heads[p].block != 0 || !Counts(p);
  }
  // Which guards of a rung are not met for a project on a day, in the order of the ladder.
  std::vector<const Guard*> MissingGuards(std::size_t p, std::size_t rung, std::int32_t day) const;
  bool HasGround(std::size_t p, Ground ground, std::int32_t day) const;
  // Other projects of the same counterpart or enterprise that nobody has linked or told apart. Cost: a scan over
  // enterprises of all projects and over all agreements.
  std::vector<std::uint32_t> UnjudgedTwins(std::size_t p) const;
  // When a rung is to be expected: the plan, moved by the slip that is known by a day. kNoDay where nothing is planned
  // or it was reached.
  struct Forecast {
    std::int32_t day = kNoDay, slip = 0;
    int from_rung = -1;  // The rung whose delay it is; −1: on plan.
  };
  Forecast ForecastOf(std::size_t p, std::size_t rung, std::int32_t as_of) const;
  // What has been brought of a promise by a day, and of which months that is.
  struct Achieved {
    std::int64_t value = 0;                            // minor units, jobs, or hundredths of a 亩
    std::int32_t first = INT32_MIN, last = INT32_MIN;  // Period; INT32_MIN: nothing is known
    std::int32_t months = 0;                           // of the last twelve that are told of
    bool documented = true;                            // every record has evidence
    std::vector<std::uint32_t> seqs{};                 // newest first
  };
  Achieved AchievedOf(std::size_t p, ResultMeasure measure, std::int32_t as_of) const;
  // 达产 by the agreement's own definition: a part of the promised output, so many months in a row, as recorded.
  struct FullOutput {
    std::int32_t needed_bp = 0, needed_months = 0;  // 0: the agreement does not define it, or promises no output
    bool known = false;                             // any output is recorded
    std::int32_t months = 0;                        // in a row, at the end of what is recorded
    std::int32_t reached_in = INT32_MIN;            // Period that completed the first such run; INT32_MIN: none did
    std::vector<std::uint32_t> seqs{};              // the records of that run, oldest first
  };
  FullOutput FullOutputOf(std::size_t p, std::int32_t as_of) const;
  // Who has to solve the block that the command names; none where there is no such block.
  UnitId OwnerOfBlock(const SolveBlock& c) const;
  // Money in place up to `as_of`.
  std::int64_t FundsAt(std::size_t project, std::int32_t as_of) const;

  template <class Archive>
  void Columns(Archive& a) {
    a("project.ladders", ladder_rows);
    a("project.code", code);
    title.Columns(a, "project.title");
    attributes.Columns(a, "project.attributes");
    a("project.ladder", ladder);
    a("project.side", side);
    a("project.stage", stage);
    a("project.hold_reason", hold_reason);
    a("project.contradicting", contradicting);
    a("project.owner", owner);
    a("project.region", region);
    a("project.enterprise", enterprise);
    a("project.first_slot", first_slot);
    a("project.open_due", open_due);
    a("project.newest_day", newest_day);
    a("project.side_since", side_since);
    a("project.hold_until", hold_until);
    a("project.investment", investment);
    a("project.funds", funds);
    a("project.investment_seq", investment_seq);
    a("project.registered_seq", registered_seq);
    a("project.investment_level", investment_level);
    a("project.last_receipt", last_receipt);
    a("project.planned", planned);
    a("project.reached", reached);
    PlannedSeqs planned_seqs{*this};
    a("project.planned_seq", planned_seqs);
    ReachedSeqColumn reached_seqs{*this, {}};
    a("project.reached_seq", reached_seqs);
    a("project.level", level);
    Receipts told{*this};
    a("project.receipts", told);
    a("project.sites", sites);
    a("project.site_of", site_of);
    a("project.units", units);
    a("project.regions", regions);
    a("project.enterprises", enterprises);
    reports.Columns(a);
    files.Columns(a);
    known.Columns(a);
  }
  void Rebuild();

 private:
  // What archives see of planned_by.
  struct PlannedSeqs {
    using Flat = std::uint32_t;
    State& state;
    mutable std::size_t p = 0;  // Of the slot that was asked for last.
    std::size_t ProjectOf(std::size_t slot) const {
      if (state.first_slot[p] > slot) p = 0;
      while (p + 1 < state.first_slot.size() && state.first_slot[p + 1] <= slot) ++p;
      return p;
    }
    std::size_t size() const { return state.planned_by.size(); }
    std::uint32_t operator[](std::size_t slot) const { return state.PlannedSeq(ProjectOf(slot), slot); }
    std::size_t bytes() const { return state.planned_by.bytes(); }
    template <class Archive>
    void Parts(Archive& a) {
      a(state.planned_by);
    }
  };
  // What hashes see of the versions of milestones reached; a snapshot has those.
  struct ReachedSeqColumn {
    using Flat = std::uint32_t;
    const State& state;
    mutable std::vector<std::uint32_t> rows;
    std::size_t size() const { return state.reached.size(); }
    std::uint32_t operator[](std::size_t slot) const {
      if (rows.empty()) rows = state.ReachedSeqs();
      return rows[slot];
    }
    std::size_t bytes() const { return 0; }
    template <class Archive>
    void Parts(Archive&) {}
  };
  struct Receipts {
    using Flat = Receipt;
    State& state;
    std::size_t size() const { return state.receipts.size(); }
    Receipt operator[](std::size_t row) const { return state.ReceiptAt(row); }
    std::size_t bytes() const { return state.receipts.bytes(); }
    template <class Archive>
    void Parts(Archive& a) {
      a(state.receipts);
    }
  };
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const DefineLadder&);
Decided Decide(const State&, const DecideContext&, const RegisterProject&);
Decided Decide(const State&, const DecideContext&, const RecordRow&);
Decided Decide(const State&, const DecideContext&, const RenameProject&);
Decided Decide(const State&, const DecideContext&, const AssignOwner&);
Decided Decide(const State&, const DecideContext&, const SetInvestment&);
Decided Decide(const State&, const DecideContext&, const PlanMilestone&);
Decided Decide(const State&, const DecideContext&, const ReachMilestone&);
Decided Decide(const State&, const DecideContext&, const CorrectMilestone&);
Decided Decide(const State&, const DecideContext&, const HoldProject&);
Decided Decide(const State&, const DecideContext&, const ResumeProject&);
Decided Decide(const State&, const DecideContext&, const TerminateProject&);
Decided Decide(const State&, const DecideContext&, const ReceiveFunds&);
Decided Decide(const State&, const DecideContext&, const ReverseFunds&);
Decided Decide(const State&, const DecideContext&, const ScheduleReports&);
Decided Decide(const State&, const DecideContext&, const SubmitReport&);
Decided Decide(const State&, const DecideContext&, const CorrectReport&);
Decided Decide(const State&, const DecideContext&, const ApproveCorrection&);
Decided Decide(const State&, const DecideContext&, const RejectCorrection&);
Decided Decide(const State&, const DecideContext&, const ApproveClosedCorrection&);
Decided Decide(const State&, const DecideContext&, const RejectClosedCorrection&);
Decided Decide(const State&, const DecideContext&, const ClosePeriod&);
Decided Decide(const State&, const DecideContext&, const ReopenPeriod&);
Decided Decide(const State&, const DecideContext&, const ConcludeAgreement&);
Decided Decide(const State&, const DecideContext&, const WithdrawAgreement&);
Decided Decide(const State&, const DecideContext&, const ChangeCounterpart&);
Decided Decide(const State&, const DecideContext&, const MakeCommitments&);
Decided Decide(const State&, const DecideContext&, const SetGuards&);
Decided Decide(const State&, const DecideContext&, const RecordGround&);
Decided Decide(const State&, const DecideContext&, const WithdrawGround&);
Decided Decide(const State&, const DecideContext&, const FreezeBaseline&);
Decided Decide(const State&, const DecideContext&, const AskRebaseline&);
Decided Decide(const State&, const DecideContext&, const ApproveRebaseline&);
Decided Decide(const State&, const DecideContext&, const RejectRebaseline&);
Decided Decide(const State&, const DecideContext&, const RaiseBlock&);
Decided Decide(const State&, const DecideContext&, const SolveBlock&);
Decided Decide(const State&, const DecideContext&, const VerifyFunds&);
Decided Decide(const State&, const DecideContext&, const CountFunds&);
Decided Decide(const State&, const DecideContext&, const LinkDuplicate&);
Decided Decide(const State&, const DecideContext&, const RecordDuplicate&);
Decided Decide(const State&, const DecideContext&, const UnlinkDuplicate&);
Decided Decide(const State&, const DecideContext&, const TellApart&);
Decided Decide(const State&, const DecideContext&, const JoinBatch&);
Decided Decide(const State&, const DecideContext&, const LeaveBatch&);
Decided Decide(const State&, const DecideContext&, const SetBatchTarget&);
Decided Decide(const State&, const DecideContext&, const SetShares&);
Decided Decide(const State&, const DecideContext&, const AdoptPlan&);
Decided Decide(const State&, const DecideContext&, const LocateProject&);
Decided Decide(const State&, const DecideContext&, const RecordResults&);
Decided Decide(const State&, const DecideContext&, const CorrectResults&);
Decided Decide(const State&, const DecideContext&, const WithdrawResults&);

void Apply(State&, const Origin&, const LadderDefined&);
void Apply(State&, const Origin&, const ProjectRegistered&);
void Apply(State&, const Origin&, const ProjectNamed&);
void Apply(State&, const Origin&, const AttributesStated&);
void Apply(State&, const Origin&, const OwnerAssigned&);
void Apply(State&, const Origin&, const RegionAssigned&);
void Apply(State&, const Origin&, const EnterpriseAssigned&);
void Apply(State&, const Origin&, const InvestmentSet&);
void Apply(State&, const Origin&, const MilestonePlanned&);
void Apply(State&, const Origin&, const MilestoneReached&);
void Apply(State&, const Origin&, const MilestoneCorrected&);
void Apply(State&, const Origin&, const FindingRecorded&);
void Apply(State&, const Origin&, const ProjectHeld&);
void Apply(State&, const Origin&, const ProjectResumed&);
void Apply(State&, const Origin&, const ProjectTerminated&);
void Apply(State&, const Origin&, const RemarkGiven&);
void Apply(State&, const Origin&, const FundsReceived&);
void Apply(State&, const Origin&, const FundsReversed&);
void Apply(State&, const Origin&, const ReportsScheduled&);
void Apply(State&, const Origin&, const ReportSubmitted&);
void Apply(State&, const Origin&, const ReportWorded&);
void Apply(State&, const Origin&, const CorrectionAsked&);
void Apply(State&, const Origin&, const CorrectionWorded&);
void Apply(State&, const Origin&, const CorrectionApproved&);
void Apply(State&, const Origin&, const CorrectionRejected&);
void Apply(State&, const Origin&, const VerdictWorded&);
void Apply(State&, const Origin&, const PeriodClosed&);
void Apply(State&, const Origin&, const PeriodReopened&);
void Apply(State&, const Origin&, const PeriodRemarkGiven&);
void Apply(State&, const Origin&, const AgreementConcluded&);
void Apply(State&, const Origin&, const AgreementWithdrawn&);
void Apply(State&, const Origin&, const CounterpartSet&);
void Apply(State&, const Origin&, const CounterpartNamed&);
void Apply(State&, const Origin&, const CommitmentsMade&);
void Apply(State&, const Origin&, const LadderGuarded&);
void Apply(State&, const Origin&, const GroundRecorded&);
void Apply(State&, const Origin&, const GroundWithdrawn&);
void Apply(State&, const Origin&, const BaselineFrozen&);
void Apply(State&, const Origin&, const RebaselineAsked&);
void Apply(State&, const Origin&, const RebaselineApproved&);
void Apply(State&, const Origin&, const RebaselineRejected&);
void Apply(State&, const Origin&, const BlockRaised&);
void Apply(State&, const Origin&, const BlockWorded&);
void Apply(State&, const Origin&, const BlockSolved&);
void Apply(State&, const Origin&, const FundsVerified&);
void Apply(State&, const Origin&, const FundsCounted&);
void Apply(State&, const Origin&, const DuplicateLinked&);
void Apply(State&, const Origin&, const DuplicateUnlinked&);
void Apply(State&, const Origin&, const ToldApart&);
void Apply(State&, const Origin&, const BatchJoined&);
void Apply(State&, const Origin&, const BatchLeft&);
void Apply(State&, const Origin&, const BatchTargetSet&);
void Apply(State&, const Origin&, const SharesSet&);
void Apply(State&, const Origin&, const PlanAdopted&);
void Apply(State&, const Origin&, const PlanWorded&);
void Apply(State&, const Origin&, const ProjectLocated&);
void Apply(State&, const Origin&, const ResultsRecorded&);
void Apply(State&, const Origin&, const ResultsWithdrawn&);
void Apply(State&, const Origin&, const people::UnitCreated&);
void Apply(State&, const Origin&, const place::RegionAdded&);
void Apply(State&, const Origin&, const enterprise::EnterpriseRegistered&);
void Apply(State&, const Origin&, const enterprise::CreditCodeGiven&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::project
