// SPDX-License-Identifier: Apache-2.0
// Cases by column. Cases on the same versions of the same matters share one form: what they need, and what waits for
// what. An open case of twelve steps takes about 250 bytes (bench/case_state.cc).
//
// Threads: as plain vectors. Cost: a command O(steps), finding a form one hash.
#pragma once

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "admin/events.h"
#include "base/columns.h"
#include "cases/commands.h"
#include "cases/owed.h"
#include "cases/receipt.h"
#include "enterprise/events.h"
#include "people/events.h"
#include "project/events.h"

namespace landfall::cases {

enum class Life : std::uint8_t { kIncomplete, kApplied, kRunning, kApproved, kRefused, kWithdrawn };
enum class StepState : std::uint8_t { kWaiting, kReceived, kSuspended, kSentBack, kApproved, kRefused, kHandedOver };
constexpr bool IsDecided(StepState s) { return s == StepState::kApproved || s == StepState::kRefused; }
// kAsked: lacking, and named in the notice.
enum class PaperState : std::uint8_t { kLacking, kAsked, kHanded, kLater, kPromised };

inline constexpr std::int32_t kNoDay = INT32_MIN;

// One version of a matter, or of a package.
struct Matter {
  MatterDefined event;
  std::uint64_t seq = 0;
};
struct Package {
  PackageDefined event;
  std::uint64_t seq = 0;
};

struct FormPaper {
  Key<40> paper;
  std::uint32_t matter, index;  // The first that needs it, and where it stands in its definition.
  bool has_validity = false, may_follow = true, may_promise = true;
};
struct FormStep {
  std::uint32_t matter, unit;         // Index of a version; raw id.
  std::uint64_t waits = 0;            // Bit per step.
  std::vector<std::uint16_t> papers;  // Indices into the form's.
};
struct Form {
  std::uint32_t package = 0;  // Index of a version.
  std::vector<FormStep> steps;
  std::vector<FormPaper> papers;  // Those that are asked: what a step makes is not.
  int FindPaper(std::string_view key) const {
    for (std::size_t i = 0; i < papers.size(); ++i)
      if (papers[i].paper.value == key) return static_cast<int>(i);
    return -1;
  }
};

struct Case {
  std::uint32_t form, seq;
  std::uint32_t enterprise, project;                  // raw, 0 none
  std::uint32_t applied_by, accepted_by;              // raw accounts, 0 not an account
  std::int32_t applied, accepted, closed, delivered;  // days, kNoDay
  std::uint32_t first_step, first_paper;
  std::uint8_t life, flags, delivery, stars;  // kNotified, kOnline; delivery: 1 + how; stars: 0 not rated

  static constexpr std::uint8_t kNotified = 1, kOnline = 2;  // The notice was given; the enterprise itself applied.
  bool notified() const { return (flags & kNotified) != 0; }
  bool online() const { return (flags & kOnline) != 0; }
};
struct Step {
  std::uint16_t received, decided;  // As DaysAfter.
  std::uint32_t side;               // index + 1 into sides of the newest, 0 none
  std::uint8_t state, flags, sent_back, unused;
};
// A day of a case as its rows keep it: from the day of the application on, which is 1; 0 for none. Nothing is decided
// upon a day 179 years away, so a later one counts as that.
inline std::uint16_t DaysAfter(const Case& c, std::int32_t day) {
  return static_cast<std::uint16_t>(std::clamp(day - c.applied + 1, 1, 65535));
}
inline std::int32_t DayAfter(const Case& c, std::uint16_t days) { return days == 0 ? kNoDay : c.applied + days - 1; }
inline constexpr std::uint8_t kCorrected = 1, kExtensionAsked = 2, kExtended = 4, kByRule = 8;
struct CasePaper {
  std::uint16_t until;  // As DaysAfter: the last day of its validity, or the day it is due on.
  std::uint8_t state, unused;
};
// What happened to a step beside its course, newest first.
enum class SideKind : std::uint8_t {
  kPause,
  kExtensionAsked,
  kExtension,
  kUnit,
  kReviewer,
  kHandOver,
  kExtensionRejected
};
struct Side {
  std::uint32_t previous;  // index + 1
  std::uint32_t who;       // raw: of kUnit the unit, of kReviewer and kExtensionAsked the account, of
                           // kHandOver index + 1 into hand_overs
  std::int32_t from, until;
  std::uint16_t days;
  std::uint8_t kind, detail;  // SideKind; of kPause the reason, of kUnit and kReviewer whether they agreed
};

// Another ledger whose receipts are believed unless it is revoked.
struct Peers {
  std::vector<std::string> codes, vkeys;
  std::vector<std::uint8_t> revoked;
  ErasableText names;

  int Find(std::string_view code) const;
  template <class Archive>
  void Columns(Archive& a) {
    a("case.peers.codes", codes);
    a("case.peers.vkeys", vkeys);
    a("case.peers.revoked", revoked);
    names.Columns(a, "case.peers.names");
  }
};
// Steps that another ledger decides; they name it by a side of kind kHandOver.
struct HandOver {
  std::uint32_t of, peer;       // Raw case; index.
  std::uint32_t seq, answered;  // Entries of ours; answered 0 while it is out.
  std::uint64_t answer_seq;     // Theirs.
  std::int32_t day, back;
};
struct TakeOver {
  std::uint64_t origin_seq;          // Their entry.
  std::uint32_t of, peer;            // Raw case; index.
  std::uint32_t origin_case;         // Raw, theirs.
  std::uint32_t seq, returned;       // Entries of ours; returned 0 before.
  std::int32_t accepted, day, back;  // Accepted: by them.
  Digest leaf, receipt;
};

struct State {
  std::vector<std::string> matter_rows, package_rows;  // key, JSON, entry, …
  ErasableText matter_words, package_words;            // by version: JSON of MatterNamed; zh
  std::vector<std::uint32_t> form_rows;                // package, how many, matters …
  std::vector<Case> cases;
  std::vector<Step> steps;
  std::vector<CasePaper> papers;
  std::vector<Side> sides;
  std::uint32_t units = 0, enterprises = 0, projects = 0;
  std::vector<std::uint32_t> account_unit;  // by account index: raw, 0 none
  std::vector<std::uint8_t> applicants;     // by account index: 1 while it is bound to an enterprise
  std::string own_code;                     // of this jurisdiction
  Peers peers;
  std::vector<HandOver> hand_overs;
  std::vector<TakeOver> take_overs;

  // derived
  std::vector<Matter> matters;
  std::vector<Package> packages;
  std::unordered_map<std::string, std::vector<std::uint32_t>> matter_versions, package_versions;  // ascending
  std::vector<Form> forms;
  std::unordered_map<std::string, std::uint32_t> form_of;  // by the bytes of its row
  OwedIndex owed;
  std::vector<std::uint32_t> last_of_project, previous_of_project;  // by raw project, by case: case index + 1

  bool Knows(CaseId id) const { return id && id.index() < cases.size(); }
  const Form& FormOf(const Case& c) const { return forms[c.form]; }
  bool Knows(CaseId id, StepNumber step) const {
    return Knows(id) && static_cast<std::size_t>(step.value) <= FormOf(cases[id.index()]).steps.size();
  }
  const Step& StepAt(const Case& c, std::size_t step) const { return steps[c.first_step + step]; }
  std::int32_t ReceivedOn(const Case& c, std::size_t step) const { return DayAfter(c, StepAt(c, step).received); }
  std::int32_t DecidedOn(const Case& c, std::size_t step) const { return DayAfter(c, StepAt(c, step).decided); }
  // Versions in force on a day; -1 for none.
  int FindMatter(std::string_view key, Day on) const;
  int FindPackage(std::string_view key, Day on) const;
  int MatterVersion(std::string_view key, std::int64_t version) const;
  int PackageVersion(std::string_view key, std::int64_t version) const;
  // The day on which a step could begin: everything it waits for is approved; kNoDay while it is not.
  std::int32_t ReadyOn(const Case& c, std::size_t step) const;
  // The same of a step of a running case that is not decided; kNoDay of any other.
  std::int32_t OwedSince(const Case& c, std::size_t step) const;
  // The steps that can no longer be decided, because one they wait for was refused; bit per step.
  std::uint64_t DeadEnds(const Case& c) const;
  // Of a step that another ledger decides now: 1 + index into hand_overs; else 0.
  std::uint32_t HandOverOf(const Step& step) const;
  // Calls `f(case index)` for the cases of a project, newest first.
  template <class F>
  void ForEachCaseOf(ProjectId project, F&& f) const {
    if (project.raw >= last_of_project.size()) return;
    for (std::uint32_t at = last_of_project[project.raw]; at != 0; at = previous_of_project[at - 1]) f(at - 1);
  }
  template <class F>
  void ForEachSide(const Step& step, F&& f) const {
    for (std::uint32_t at = step.side; at != 0; at = sides[at - 1].previous) f(sides[at - 1]);
  }

  template <class Archive>
  void Columns(Archive& a) {
    a("case.matters", matter_rows);
    a("case.packages", package_rows);
    matter_words.Columns(a, "case.matter_words");
    package_words.Columns(a, "case.package_words");
    a("case.forms", form_rows);
    a("case.cases", cases);
    a("case.steps_by_days", steps);
    a("case.papers", papers);
    a("case.sides", sides);
    a("case.units", units);
    a("case.enterprises", enterprises);
    a("case.projects", projects);
    a("case.account_unit", account_unit);
    a("case.applicants", applicants);
    a("case.own_code", own_code);
    peers.Columns(a);
    a("case.hand_overs", hand_overs);
    a("case.take_overs", take_overs);
  }
  void Rebuild();
};

// The row of a form, and the form it makes. Errors: package.cycle (kConflict; the detail is the path).
std::vector<std::uint32_t> FormRow(std::uint32_t package, const std::vector<std::uint32_t>& matters);
Result<Form> MakeForm(const State& state, std::uint32_t package, const std::vector<std::uint32_t>& matters);

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const DefineMatter&);
Decided Decide(const State&, const DecideContext&, const DefinePackage&);
Decided Decide(const State&, const DecideContext&, const ApplyForCase&);
Decided Decide(const State&, const DecideContext&, const NotifyOnce&);
Decided Decide(const State&, const DecideContext&, const SupplyPapers&);
Decided Decide(const State&, const DecideContext&, const AcceptCase&);
Decided Decide(const State&, const DecideContext&, const WithdrawCase&);
Decided Decide(const State&, const DecideContext&, const DeliverCase&);
Decided Decide(const State&, const DecideContext&, const RateCase&);
Decided Decide(const State&, const DecideContext&, const MigrateCase&);
Decided Decide(const State&, const DecideContext&, const ReceiveStep&);
Decided Decide(const State&, const DecideContext&, const CorrectStep&);
Decided Decide(const State&, const DecideContext&, const SuspendStep&);
Decided Decide(const State&, const DecideContext&, const ResumeStep&);
Decided Decide(const State&, const DecideContext&, const AskExtension&);
Decided Decide(const State&, const DecideContext&, const ApproveExtension&);
Decided Decide(const State&, const DecideContext&, const RejectExtension&);
Decided Decide(const State&, const DecideContext&, const AskCountersign&);
Decided Decide(const State&, const DecideContext&, const AddReviewer&);
Decided Decide(const State&, const DecideContext&, const AgreeToStep&);
Decided Decide(const State&, const DecideContext&, const ApproveStep&);
Decided Decide(const State&, const DecideContext&, const RefuseStep&);
Decided Decide(const State&, const DecideContext&, const SendStepBack&);
Decided Decide(const State&, const DecideContext&, const ApproveByRule&);
Decided Decide(const State&, const DecideContext&, const TrustPeer&);
Decided Decide(const State&, const DecideContext&, const RevokePeer&);
Decided Decide(const State&, const DecideContext&, const HandOverCase&);
Decided Decide(const State&, const DecideContext&, const TakeOverCase&, const Receipt&);
Decided Decide(const State&, const DecideContext&, const ReturnResult&);
Decided Decide(const State&, const DecideContext&, const ReceiveResult&, const Receipt&);
void Apply(State&, const Origin&, const MatterDefined&);
void Apply(State&, const Origin&, const MatterNamed&);
void Apply(State&, const Origin&, const PackageDefined&);
void Apply(State&, const Origin&, const PackageNamed&);
void Apply(State&, const Origin&, const CaseApplied&);
void Apply(State&, const Origin&, const CaseNotified&);
void Apply(State&, const Origin&, const CaseSupplied&);
void Apply(State&, const Origin&, const CaseAccepted&);
void Apply(State&, const Origin&, const CaseWithdrawn&);
void Apply(State&, const Origin&, const CaseDelivered&);
void Apply(State&, const Origin&, const CaseRated&);
void Apply(State&, const Origin&, const CaseMigrated&);
void Apply(State&, const Origin&, const StepReceived&);
void Apply(State&, const Origin&, const StepSuspended&);
void Apply(State&, const Origin&, const StepResumed&);
void Apply(State&, const Origin&, const ExtensionAsked&);
void Apply(State&, const Origin&, const StepExtended&);
void Apply(State&, const Origin&, const ExtensionRejected&);
void Apply(State&, const Origin&, const CountersignAsked&);
void Apply(State&, const Origin&, const ReviewerAdded&);
void Apply(State&, const Origin&, const StepAgreed&);
void Apply(State&, const Origin&, const StepDecided&);
void Apply(State&, const Origin&, const StepSentBack&);
void Apply(State&, const Origin&, const PeerTrusted&);
void Apply(State&, const Origin&, const PeerNamed&);
void Apply(State&, const Origin&, const PeerRevoked&);
void Apply(State&, const Origin&, const CaseHandedOver&);
void Apply(State&, const Origin&, const CaseTakenOver&);
void Apply(State&, const Origin&, const ResultReturned&);
void Apply(State&, const Origin&, const ResultReceived&);
void Apply(State&, const Origin&, const admin::LedgerCreated&);
void Apply(State&, const Origin&, const people::UnitCreated&);
void Apply(State&, const Origin&, const admin::AccountCreated&);
void Apply(State&, const Origin&, const admin::AccountBound&);
void Apply(State&, const Origin&, const enterprise::EnterpriseRegistered&);
void Apply(State&, const Origin&, const project::ProjectRegistered&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::cases
