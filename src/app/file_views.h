// SPDX-License-Identifier: Apache-2.0
// The shapes of answers about a project's file: agreement and promises, papers, baselines, blocks, money in place,
// duplicates.
#pragma once

#include "app/views.h"

namespace landfall::app {

struct CounterpartView {
  static constexpr std::string_view kName = "Counterpart";
  std::int64_t seq = 0;
  Day effective_on;
  project::CounterpartKind counterpart = project::CounterpartKind::to_be_registered;
  std::optional<std::string> number;  // credit code or number abroad
  std::string name;                   // "" where erased
  bool name_erased = false;
};
BOOST_DESCRIBE_STRUCT(CounterpartView, (), (seq, effective_on, counterpart, number, name, name_erased))

struct AgreementView {
  static constexpr std::string_view kName = "Agreement";
  std::int64_t seq = 0;
  Day signed_on;
  std::int64_t evidence = 0;                  // files
  std::vector<CounterpartView> counterparts;  // newest first
};
BOOST_DESCRIBE_STRUCT(AgreementView, (), (seq, signed_on, evidence, counterparts))

// One version of what was promised. Absent: not promised.
struct CommitmentView {
  static constexpr std::string_view kName = "Commitment";
  std::int64_t version = 1;
  std::int64_t seq = 0;
  Day effective_on;
  std::optional<Money> investment_minor;
  std::optional<Money> output_minor;
  std::optional<Money> tax_minor;
  std::optional<std::int64_t> jobs;
  std::optional<std::int64_t> land_mu_hundredths;
  std::optional<Day> start_on;
  std::optional<Day> production_on;
  std::optional<std::int64_t> full_output_bp;
  std::optional<std::int64_t> full_months;
  std::int64_t evidence = 0;
};
BOOST_DESCRIBE_STRUCT(CommitmentView, (),
                      (version, seq, effective_on, investment_minor, output_minor, tax_minor, jobs, land_mu_hundredths,
                       start_on, production_on, full_output_bp, full_months, evidence))

// What stands against the promises. Absent: no data.
struct CommitmentFacts {
  static constexpr std::string_view kName = "CommitmentFacts";
  std::optional<Money> completed_minor;  // by the newest progress report
  std::optional<Period> completed_in;
  std::optional<std::int64_t> completed_seq;
  std::optional<std::int64_t> completed_bp;  // of the investment that is promised
  Money funds_minor;                         // in place, as stated; never added to what was completed
  std::optional<Day> start_on;
  std::optional<std::int64_t> start_seq;
  std::optional<Day> production_on;
  std::optional<std::int64_t> production_seq;
  std::optional<std::int64_t> sign_to_start_days;  // calendar days; negative where work began before the signing
};
BOOST_DESCRIBE_STRUCT(CommitmentFacts, (),
                      (completed_minor, completed_in, completed_seq, completed_bp, funds_minor, start_on, start_seq,
                       production_on, production_seq, sign_to_start_days))

// 履约: what is promised, and what was brought of it. Of output and tax the last twelve months that are told of against
// the promise for a year; of jobs and land what they were last. Absent: not promised, or no data.
struct FulfilmentView {
  static constexpr std::string_view kName = "Fulfilment";
  project::ResultMeasure measure = project::ResultMeasure::output;
  std::optional<std::int64_t> promised_seq;              // the record of the promise
  std::optional<Money> promised_minor, achieved_minor;   // output, tax
  std::optional<std::int64_t> promised, achieved;        // jobs; land in hundredths of a 亩
  std::optional<std::int64_t> fulfilled_bp;              // 履约率; 10,000 is all of it
  std::optional<Period> first_period, last_period;       // that it tells of
  std::optional<std::int64_t> months;                    // of twelve, output and tax only
  std::optional<project::EvidenceLevel> evidence_level;  // the lowest among the records
  std::vector<std::int64_t> seqs;                        // the records behind it, newest first
};
BOOST_DESCRIBE_STRUCT(FulfilmentView, (),
                      (measure, promised_seq, promised_minor, achieved_minor, promised, achieved, fulfilled_bp,
                       first_period, last_period, months, evidence_level, seqs))

// 达产: whether the output that is recorded makes it full production, as the agreement defines it.
struct FullOutputView {
  static constexpr std::string_view kName = "FullOutput";
  std::int64_t promised_seq = 0;       // the record that defines it
  std::int64_t needed_bp = 0;          // of the promised output
  std::int64_t needed_months = 0;      // in a row
  std::optional<std::int64_t> months;  // in a row, at the end of what is recorded; absent: no output is recorded
  std::optional<Period> reached_in;    // the month that completed it first
  std::vector<std::int64_t> seqs;      // the records of that run, oldest first
};
BOOST_DESCRIBE_STRUCT(FullOutputView, (), (promised_seq, needed_bp, needed_months, months, reached_in, seqs))

// One record of what was brought.
struct ResultView {
  static constexpr std::string_view kName = "Results";
  std::int64_t seq = 0;
  std::string by_name;  // display of the account that recorded it, as of now; "" for the command line and the system
  Period first_period;
  Period last_period;
  std::optional<Money> output_minor;
  std::optional<Money> tax_minor;
  std::optional<std::int64_t> jobs;
  std::optional<std::int64_t> land_mu_hundredths;
  std::int64_t evidence = 0;
  std::optional<std::int64_t> ended_by;  // corrected or withdrawn by that record
};
BOOST_DESCRIBE_STRUCT(ResultView, (),
                      (seq, by_name, first_period, last_period, output_minor, tax_minor, jobs, land_mu_hundredths,
                       evidence, ended_by))

struct GuardView {
  static constexpr std::string_view kName = "GuardState";
  std::string rung;
  std::vector<project::Ground> any;
  std::optional<project::Ground> met_by;
};
BOOST_DESCRIBE_STRUCT(GuardView, (), (rung, any, met_by))

struct PaperView {
  static constexpr std::string_view kName = "Paper";
  std::int64_t seq = 0;
  project::Ground ground = project::Ground::filing;
  Day effective_on;
  std::optional<std::string> number;
  std::int64_t evidence = 0;
  std::optional<std::int64_t> withdrawn_by;
};
BOOST_DESCRIBE_STRUCT(PaperView, (), (seq, ground, effective_on, number, evidence, withdrawn_by))

enum class BaselineVerdict : std::uint8_t { asked, approved, rejected };
BOOST_DESCRIBE_ENUM(BaselineVerdict, asked, approved, rejected)

struct BaselineView {
  static constexpr std::string_view kName = "Baseline";
  std::int64_t seq = 0;
  Day effective_on;
  std::string by;  // display of the account as of now
  bool by_me = false;
  BaselineVerdict verdict = BaselineVerdict::approved;
  bool in_force = false;
  std::optional<std::int64_t> decided_seq;  // absent for the first, which nobody had to approve
  std::optional<Day> decided_on;
  std::optional<std::string> decided_by;
  std::vector<project::BaselineDay> days;
};
BOOST_DESCRIBE_STRUCT(BaselineView, (),
                      (seq, effective_on, by, by_me, verdict, in_force, decided_seq, decided_on, decided_by, days))

struct BlockView {
  static constexpr std::string_view kName = "Block";
  std::int64_t seq = 0;
  project::BlockKind block = project::BlockKind::land;
  std::string milestone;
  NamedRef owner_unit;
  Day effective_on;
  Day due_on;
  std::optional<Day> solved_on;
  std::optional<std::int64_t> solved_seq;
  std::int64_t days = 0;  // from the day it was raised to the day it was solved, or so far
  std::string text;       // "" where erased
  bool text_erased = false;
};
BOOST_DESCRIBE_STRUCT(BlockView, (),
                      (seq, block, milestone, owner_unit, effective_on, due_on, solved_on, solved_seq, days, text,
                       text_erased))

// Money in place of one kind in its three readings. They are never added to each other.
struct FundsReadingView {
  static constexpr std::string_view kName = "FundsReading";
  project::FundsKind kind = project::FundsKind::fixed_assets;
  std::int64_t receipts = 0;
  Money stated_minor;
  Money verified_minor;
  std::int64_t unverified = 0;  // receipts without this reading: shown as no data
  Money counted_minor;
  std::int64_t uncounted = 0;
};
BOOST_DESCRIBE_STRUCT(FundsReadingView, (),
                      (kind, receipts, stated_minor, verified_minor, unverified, counted_minor, uncounted))

struct MembershipView {
  static constexpr std::string_view kName = "Membership";
  project::Batch batch = project::Batch::planning;
  Day from;
  std::optional<Day> until;  // the day it left
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(MembershipView, (), (batch, from, until, seq))

struct ShareView {
  static constexpr std::string_view kName = "Share";
  NamedRef unit;
  std::int64_t share_bp = 0;
};
BOOST_DESCRIBE_STRUCT(ShareView, (), (unit, share_bp))

// The obligation that carries a task out.
struct PlanTaskObligation {
  static constexpr std::string_view kName = "PlanTaskObligation";
  ObligationId id;
  ObligationState state = ObligationState::assigned;
  LightView light;
  NamedRef owner_unit;
  Day due_on;
};
BOOST_DESCRIBE_STRUCT(PlanTaskObligation, (), (id, state, light, owner_unit, due_on))

struct PlanTaskView {
  static constexpr std::string_view kName = "PlanTaskState";
  std::int64_t task = 0;  // its number in the plan, from 1
  std::string text;       // "" where erased
  NamedRef owner_unit;
  Day due_on;
  std::optional<std::string> milestone;
  std::optional<Day> reached_on;  // of that milestone
  std::optional<PlanTaskObligation> obligation;
  std::optional<Day> done_on;  // the day for which the obligation, now written off, was reported done
};
BOOST_DESCRIBE_STRUCT(PlanTaskView, (), (task, text, owner_unit, due_on, milestone, reached_on, obligation, done_on))

struct PlanView {
  static constexpr std::string_view kName = "ProjectPlan";
  std::int64_t version = 1;
  std::int64_t seq = 0;
  Day effective_on;
  std::string strategy;  // "" where erased
  bool words_erased = false;
  std::vector<PlanTaskView> tasks;
};
BOOST_DESCRIBE_STRUCT(PlanView, (), (version, seq, effective_on, strategy, words_erased, tasks))

struct ProjectFile {
  static constexpr std::string_view kName = "ProjectFile";
  Standing standing;
  NamedRef project;
  std::optional<AgreementView> agreement;
  std::int64_t withdrawn_agreements = 0;
  std::vector<CommitmentView> commitments;  // newest first
  CommitmentFacts facts;
  std::vector<FulfilmentView> fulfilment;     // of what is promised or was brought
  std::optional<FullOutputView> full_output;  // absent: not defined, or no output promised
  std::vector<ResultView> results;            // newest first
  std::vector<GuardView> guards;              // of every rung, in the order of the ladder's declaration
  std::vector<PaperView> papers;              // newest first
  std::vector<BaselineView> baselines;
  bool plan_differs = false;  // the plan is not the baseline any more
  std::vector<BlockView> blocks;
  std::vector<FundsReadingView> funds;
  std::optional<NamedRef> counted_in;
  std::vector<NamedRef> duplicates;  // which count in this one
  std::vector<NamedRef> twins;       // of the same counterpart or enterprise, not judged yet
  std::vector<NamedRef> told_apart;
  std::vector<MembershipView> batches;  // newest first
  std::vector<ShareView> shares;        // none: all of it is the owner unit's
  std::vector<PlanView> plans;          // newest first
};
BOOST_DESCRIBE_STRUCT(ProjectFile, (),
                      (standing, project, agreement, withdrawn_agreements, commitments, facts, fulfilment, full_output,
                       results, guards, papers, baselines, plan_differs, blocks, funds, counted_in, duplicates, twins,
                       told_apart, batches, shares, plans))

// One list in a span of months: how many were planned for it, how many it brought to its end, what lacks.
struct BatchRowView {
  static constexpr std::string_view kName = "BatchState";
  project::Batch batch = project::Batch::planning;
  std::int64_t members = 0;             // on the list at any time of the span
  std::optional<std::int64_t> planned;  // absent: no target was set for these months
  std::optional<std::int64_t> target_seq;
  std::int64_t actual = 0;
  std::optional<std::int64_t> gap;  // planned − actual, at least 0
  std::vector<NamedRef> reached;    // the projects that are counted, at most 500
  std::vector<NamedRef> open;       // members that are not
};
BOOST_DESCRIBE_STRUCT(BatchRowView, (), (batch, members, planned, target_seq, actual, gap, reached, open))
struct BatchBoard {
  static constexpr std::string_view kName = "BatchBoard";
  Standing standing;
  Period first_period;
  Period last_period;
  std::vector<BatchRowView> rows;  // every list, the pool first
};
BOOST_DESCRIBE_STRUCT(BatchBoard, (), (standing, first_period, last_period, rows))

}  // namespace landfall::app
