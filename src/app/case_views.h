// SPDX-License-Identifier: Apache-2.0
// What is told of cases 办件.
#pragma once

#include "app/views.h"

namespace landfall::app {

enum class CaseState : std::uint8_t { incomplete, applied, running, approved, refused, withdrawn };
BOOST_DESCRIBE_ENUM(CaseState, incomplete, applied, running, approved, refused, withdrawn)
enum class StepState : std::uint8_t { waiting, received, suspended, sent_back, approved, refused, handed_over };
BOOST_DESCRIBE_ENUM(StepState, waiting, received, suspended, sent_back, approved, refused, handed_over)
enum class PaperState : std::uint8_t { lacking, asked, handed, later, promised };
BOOST_DESCRIBE_ENUM(PaperState, lacking, asked, handed, later, promised)

// Who handed the application in: the window for the applicant, or the enterprise by an account of its own.
enum class CaseChannel : std::uint8_t { window, online };
BOOST_DESCRIBE_ENUM(CaseChannel, window, online)

struct CasePaperView {
  static constexpr std::string_view kName = "CasePaper";
  std::string paper, name;  // name "" where erased
  PaperState state = PaperState::lacking;
  std::optional<Day> valid_until;
  std::optional<Day> due_on;  // of one that follows
  bool overdue = false;
  std::vector<std::int64_t> steps;  // that need it
};
BOOST_DESCRIBE_STRUCT(CasePaperView, (), (paper, name, state, valid_until, due_on, overdue, steps))

struct SuspensionView {
  static constexpr std::string_view kName = "Suspension";
  cases::Pause reason = cases::Pause::hearing;
  std::string article;    // law and article; "" where none was verified
  bool verified = false;  // else 未核实
  Day from;
  std::optional<Day> until;   // resumed
  std::int64_t days_max = 0;  // working days; then the clock runs again by itself
};
BOOST_DESCRIBE_STRUCT(SuspensionView, (), (reason, article, verified, from, until, days_max))

struct AgreementAsked {
  static constexpr std::string_view kName = "AgreementAsked";
  std::optional<NamedRef> unit;       // 会签
  std::optional<AccountId> reviewer;  // 加签
  std::optional<std::string> reviewer_name;
  bool agreed = false;
};
BOOST_DESCRIBE_STRUCT(AgreementAsked, (), (unit, reviewer, reviewer_name, agreed))

struct ExtensionRejectedView {
  static constexpr std::string_view kName = "ExtensionRejected";
  std::int64_t days = 0;  // that were asked
  Day on;
};
BOOST_DESCRIBE_STRUCT(ExtensionRejectedView, (), (days, on))

// What an approved step made.
struct OutcomeView {
  static constexpr std::string_view kName = "CaseOutcome";
  std::string paper, name;  // name: the key where nothing names it
  std::optional<Day> valid_until;
};
BOOST_DESCRIBE_STRUCT(OutcomeView, (), (paper, name, valid_until))

// Who may be added to a step as a reviewer: what there is to choose by, and no more.
struct ReviewerRow {
  static constexpr std::string_view kName = "Reviewer";
  AccountId id;
  std::string display;
  std::vector<NamedRef> units;  // in whose name they agree
};
BOOST_DESCRIBE_STRUCT(ReviewerRow, (), (id, display, units))
struct ReviewerList {
  static constexpr std::string_view kName = "ReviewerList";
  std::vector<ReviewerRow> rows;
};
BOOST_DESCRIBE_STRUCT(ReviewerList, (), (rows))

// The office's clock. Days are working or calendar days, as `unit` says.
struct OfficeClock {
  static constexpr std::string_view kName = "OfficeClock";
  cases::LimitUnit unit = cases::LimitUnit::work_days;
  std::int64_t limit = 0;  // with extensions
  std::int64_t used = 0;
  std::int64_t left_out = 0;  // suspended, not counted
  std::optional<Day> due_on;
  bool provisional = false;  // the way to it crosses a year that nobody has announced
  bool late = false;
};
BOOST_DESCRIBE_STRUCT(OfficeClock, (), (unit, limit, used, left_out, due_on, provisional, late))

struct CaseStepView {
  static constexpr std::string_view kName = "CaseStep";
  std::int64_t step = 0;
  std::string matter, name;
  std::int64_t version = 0;
  NamedRef owner_unit;
  StepState state = StepState::waiting;
  bool dead_end = false;  // what it waits for was refused
  Light light = Light::idle;
  std::vector<std::int64_t> waits_for;  // steps
  bool may_begin = false;               // everything it waits for is approved
  std::optional<Day> began_on;          // from which day the clock runs
  std::optional<Day> received_on, decided_on;
  bool by_rule = false;
  bool corrected = false;
  bool extension_asked = false;  // and not rejected
  std::optional<std::int64_t> extended_by;
  std::optional<ExtensionRejectedView> extension_rejected;  // the last one
  std::int64_t sent_back = 0;
  std::optional<OfficeClock> office;     // against the promise, where there is one
  std::optional<OfficeClock> statutory;  // against the limit of the law
  std::vector<SuspensionView> suspensions;
  std::vector<AgreementAsked> agreements;
  std::vector<OutcomeView> outcomes;
  std::vector<std::string> next;  // commands that its state allows
};
BOOST_DESCRIBE_STRUCT(CaseStepView, (),
                      (step, matter, name, version, owner_unit, state, dead_end, light, waits_for, may_begin, began_on,
                       received_on, decided_on, by_rule, corrected, extension_asked, extended_by, extension_rejected,
                       sent_back, office, statutory, suspensions, agreements, outcomes, next))

struct CaseListRow {
  static constexpr std::string_view kName = "CaseRow";
  cases::CaseId id;
  std::string package, name;
  std::int64_t version = 0;
  NamedRef owner_unit;  // that leads
  std::optional<NamedRef> enterprise, project;
  CaseChannel channel = CaseChannel::window;
  CaseState state = CaseState::incomplete;
  Light light = Light::idle;  // the worst of the whole and of its open steps
  Day applied_on;
  std::optional<Day> accepted_on, closed_on, delivered_on;
  std::optional<Day> due_on;  // of the whole, as promised
  std::int64_t steps = 0, steps_decided = 0;
  std::int64_t papers_lacking = 0, papers_overdue = 0;
  std::int64_t waiting_days = 0;  // the applicant's clock: calendar days from application to delivery
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(CaseListRow, (),
                      (id, package, name, version, owner_unit, enterprise, project, channel, state, light, applied_on,
                       accepted_on, closed_on, delivered_on, due_on, steps, steps_decided, papers_lacking,
                       papers_overdue, waiting_days, seq))

struct CaseList {
  static constexpr std::string_view kName = "CaseList";
  Standing standing;
  std::int64_t total = 0;
  LightCounts lights;
  std::vector<CaseListRow> rows;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(CaseList, (), (standing, total, lights, rows, next_cursor))

// To another ledger. While it is out, the clocks of its steps run on.
struct HandOverView {
  static constexpr std::string_view kName = "HandOver";
  NamedRef to;  // id: the jurisdiction's code
  std::int64_t seq = 0;
  Day day;
  std::vector<std::int64_t> steps;                       // still out
  std::optional<std::int64_t> answered_seq, answer_seq;  // our record of the result; theirs
  std::optional<Day> back_on;
};
BOOST_DESCRIBE_STRUCT(HandOverView, (), (to, seq, day, steps, answered_seq, answer_seq, back_on))

// From another ledger.
struct TakeOverView {
  static constexpr std::string_view kName = "TakeOver";
  NamedRef from;
  cases::CaseId origin;  // its number there
  std::int64_t origin_seq = 0;
  Digest leaf{}, receipt{};  // of their record; of the file that proved it
  Day accepted_on;           // there: since then the applicant waits
  std::int64_t seq = 0;
  Day day;
  std::optional<std::int64_t> returned_seq;
  std::optional<Day> returned_on;
};
BOOST_DESCRIBE_STRUCT(TakeOverView, (),
                      (from, origin, origin_seq, leaf, receipt, accepted_on, seq, day, returned_seq, returned_on))

// A record of a hand-over with its proof, for the other side and for anybody.
struct HandOverReceipt {
  static constexpr std::string_view kName = "HandOverReceipt";
  std::int64_t seq = 0;
  std::string receipt;       // a C2SP tlog-proof file
  std::string verifier_key;  // to compare with the one that was told in another way
};
BOOST_DESCRIBE_STRUCT(HandOverReceipt, (), (seq, receipt, verifier_key))

struct PeerRow {
  static constexpr std::string_view kName = "Peer";
  std::string code, name;
  std::string verifier_key;
  bool revoked = false;
};
BOOST_DESCRIBE_STRUCT(PeerRow, (), (code, name, verifier_key, revoked))

struct PeerList {
  static constexpr std::string_view kName = "PeerList";
  std::vector<PeerRow> rows;
};
BOOST_DESCRIBE_STRUCT(PeerList, (), (rows))

struct CasePage {
  static constexpr std::string_view kName = "CasePage";
  Standing standing;
  CaseListRow file;
  std::optional<OfficeClock> office;  // of the whole; stands still while any of its steps does
  std::int64_t waiting_work_days = 0;
  bool notified = false;  // the one notice has been given
  std::optional<cases::Delivery> delivery;
  std::optional<std::int64_t> stars;
  std::vector<CaseStepView> steps;
  std::vector<CasePaperView> papers;
  bool newer_versions = false;  // case.migrate would move it
  std::vector<HandOverView> hand_overs;
  std::optional<TakeOverView> taken_over;
  std::vector<std::string> next;
  std::int64_t records = 0;
};
BOOST_DESCRIBE_STRUCT(CasePage, (),
                      (standing, file, office, waiting_work_days, notified, delivery, stars, steps, papers,
                       newer_versions, hand_overs, taken_over, next, records))

struct NeededPaperView {
  static constexpr std::string_view kName = "NeededPaper";
  std::string paper, name;
  std::optional<std::int64_t> valid_days;
  bool may_follow = false, may_promise = false;
  bool if_made = false;  // needed only where a matter of the case makes it
};
BOOST_DESCRIBE_STRUCT(NeededPaperView, (), (paper, name, valid_days, may_follow, may_promise, if_made))

struct MatterInForce {
  static constexpr std::string_view kName = "MatterInForce";
  std::string matter, name;
  std::int64_t version = 0;
  Day from;
  NamedRef owner_unit;
  cases::MatterKind kind = cases::MatterKind::licence;
  cases::Level level = cases::Level::district;
  bool discretion = true;
  std::optional<cases::Limit> statutory, promised;
  std::vector<NeededPaperView> papers;
  std::vector<std::string> makes;
  std::optional<std::string> law;
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(MatterInForce, (),
                      (matter, name, version, from, owner_unit, kind, level, discretion, statutory, promised, papers,
                       makes, law, seq))

struct PackageInForce {
  static constexpr std::string_view kName = "PackageInForce";
  std::string package, name;
  std::int64_t version = 0;
  Day from;
  NamedRef owner_unit;
  std::vector<std::string> matters;
  std::optional<cases::Limit> promised;
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(PackageInForce, (), (package, name, version, from, owner_unit, matters, promised, seq))

struct MattersInForce {
  static constexpr std::string_view kName = "MattersInForce";
  Standing standing;
  std::vector<MatterInForce> matters;
  std::vector<PackageInForce> packages;
};
BOOST_DESCRIBE_STRUCT(MattersInForce, (), (standing, matters, packages))

struct SuspendedShare {
  static constexpr std::string_view kName = "SuspendedShare";
  cases::Pause reason = cases::Pause::hearing;
  std::int64_t work_days = 0;
};
BOOST_DESCRIBE_STRUCT(SuspendedShare, (), (reason, work_days))

struct UnitHealth {
  static constexpr std::string_view kName = "UnitHealth";
  NamedRef unit;
  std::int64_t begun = 0;    // steps that could begin
  std::int64_t decided = 0;  // of them
  std::int64_t in_time = 0;  // of those decided
  std::int64_t corrected = 0, extended = 0, sent_back = 0;
  std::int64_t elapsed_work_days = 0;  // from the day a step could begin to its decision, or to today
  std::int64_t suspended_work_days = 0;
  std::vector<SuspendedShare> suspended;
  LightCounts lights;  // of its open steps
};
BOOST_DESCRIBE_STRUCT(UnitHealth, (),
                      (unit, begun, decided, in_time, corrected, extended, sent_back, elapsed_work_days,
                       suspended_work_days, suspended, lights))

struct MatterHealth {
  static constexpr std::string_view kName = "MatterHealth";
  std::string matter, name;
  std::int64_t begun = 0, corrected = 0;
};
BOOST_DESCRIBE_STRUCT(MatterHealth, (), (matter, name, begun, corrected))

inline constexpr int kSilentDays = 60;  // calendar days after the application

struct CaseHealth {
  static constexpr std::string_view kName = "CaseHealth";
  Standing standing;
  std::int64_t cases = 0, accepted = 0;
  std::int64_t first_time = 0;  // accepted without a notice: everything was there at once
  std::optional<std::int64_t> rated, stars_sum;
  // Open cases in which the applicant was asked and has not answered: papers that are lacking for more than
  // kSilentDays, or a correction whose days are over.
  std::int64_t silent = 0;
  std::int64_t withdrawn = 0;
  std::int64_t given_up = 0;  // of those withdrawn, after such a silence
  std::vector<UnitHealth> units;
  std::vector<MatterHealth> matters;  // the largest share of corrected steps first
};
BOOST_DESCRIBE_STRUCT(CaseHealth, (),
                      (standing, cases, accepted, first_time, rated, stars_sum, silent, withdrawn, given_up, units,
                       matters))

}  // namespace landfall::app
