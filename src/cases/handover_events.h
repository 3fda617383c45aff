// SPDX-License-Identifier: Apache-2.0
// A case that another ledger decides, in part or whole, and what comes back. Each of the four records is the receipt of
// the one before it: whoever holds it with its proof (C2SP tlog-proof) can show who handed over what, and who took it.
// They say no name and no word of the applicant.
//
//   ledger A   case.handed_over ──────────────► case.taken_over   ledger B
//              case.result_received ◄────────── case.result_returned
#pragma once

#include "cases/paper.h"
#include "cases/peer_events.h"
#include "cases/step_events.h"

namespace landfall::cases {

using RecordNumber = Int<1, INT64_MAX>;

// In A. The steps of these matters are answered by the result; A's clocks run on meanwhile.
struct CaseHandedOver {
  static constexpr EventInfo kInfo{"case.handed_over", 1, EventClass::kInternal, false};
  CaseId on;
  JurisdictionCode to;
  Key<40> package;
  List<Key<40>, kMattersMax> matters;
  List<HandedPaper, kCasePapersMax> papers;  // Those that these matters need and that A was told of.
  Day accepted_on;                           // By A: since then the applicant waits.
  Day day;
};
BOOST_DESCRIBE_STRUCT(CaseHandedOver, (), (to, package, matters, papers, accepted_on, day))

// In B, beside the case.applied of the case it makes: where that came from.
struct CaseTakenOver {
  static constexpr EventInfo kInfo{"case.taken_over", 1, EventClass::kInternal, false};
  CaseId on;
  JurisdictionCode from;
  RecordNumber seq;  // Of case.handed_over in A; with `from` it names the hand-over.
  CaseId origin;     // A's number of the case.
  Digest leaf;       // RFC 6962 hash of A's record, as proven.
  Digest receipt;    // Of the file that proved it.
  Day accepted_on;   // By A.
  Day day;
};
BOOST_DESCRIBE_STRUCT(CaseTakenOver, (), (from, seq, origin, leaf, receipt, accepted_on, day))

// Without an outcome where B did not decide, because of a refusal before it or a withdrawal.
struct MatterResult {
  Key<40> matter;
  std::optional<Outcome> outcome;
  std::optional<Day> decided_on;
};
BOOST_DESCRIBE_STRUCT(MatterResult, (), (matter, outcome, decided_on))

// In B.
struct ResultReturned {
  static constexpr EventInfo kInfo{"case.result_returned", 1, EventClass::kInternal, false};
  CaseId on;
  JurisdictionCode to;
  RecordNumber seq;  // Of A's case.handed_over.
  CaseId origin;
  Digest leaf;
  List<MatterResult, kMattersMax> results;
  Day day;
};
BOOST_DESCRIBE_STRUCT(ResultReturned, (), (to, seq, origin, leaf, results, day))

// In A. A matter that came back without an outcome waits again.
struct ResultReceived {
  static constexpr EventInfo kInfo{"case.result_received", 1, EventClass::kInternal, false};
  CaseId on;
  RecordNumber handed_over;  // Of ours.
  JurisdictionCode from;
  RecordNumber seq;  // Of B's case.result_returned.
  Digest leaf, receipt;
  List<MatterResult, kMattersMax> results;
  Day day;
};
BOOST_DESCRIBE_STRUCT(ResultReceived, (), (handed_over, from, seq, leaf, receipt, results, day))

using HandoverEvents =
    std::variant<PeerTrusted, PeerNamed, PeerRevoked, CaseHandedOver, CaseTakenOver, ResultReturned, ResultReceived>;

}  // namespace landfall::cases
