// SPDX-License-Identifier: Apache-2.0
// Handing a case to another ledger and back. A `receipt_text` is the text of a C2SP tlog-proof file as `landfall
// handover` writes it; it is proven before the subject decides (app/receipt.h), and only what it proves is stored.
#pragma once

#include "cases/handover_events.h"
#include "ledger/command.h"

namespace landfall::cases {

inline constexpr std::size_t kReceiptCharsMax = 200'000;
using ReceiptText = Text<kReceiptCharsMax>;

// Believes the receipts of another jurisdiction from now on, under this key only. Get the key from its people, not from
// a receipt. Said again, it changes the key or takes a revocation back.
struct TrustPeer {
  static constexpr std::string_view kRefusals[] = {"peer.self", "peer.key_malformed", "peer.key_taken",
                                                   "peer.trusted_already"};
  static constexpr CommandInfo kInfo{"peer.trust", "policy.edit", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  JurisdictionCode peer;
  Text<100> name;
  VerifierKeyText vkey;
};
BOOST_DESCRIBE_STRUCT(TrustPeer, (), (peer, name, vkey))

// Its receipts are refused from now on, whenever they were signed. What was received before stays.
struct RevokePeer {
  static constexpr std::string_view kRefusals[] = {"peer.unknown", "peer.revoked"};
  static constexpr CommandInfo kInfo{"peer.revoke", "policy.edit", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  JurisdictionCode peer;
};
BOOST_DESCRIBE_STRUCT(RevokePeer, (), (peer))

// Steps of a running case that the other side is to decide; none that waits for one that stays here. All clocks run on.
struct HandOverCase {
  static constexpr std::string_view kRefusals[] = {"case.unknown", "case.wrong_state", "peer.unknown", "peer.revoked",
                                                   "step.unknown", "step.wrong_state", "step.waits"};
  static constexpr CommandInfo kInfo{"case.hand_over", "case.write", Scope::kCaseField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  JurisdictionCode peer;
  List<StepNumber, kMattersMax> steps;  // None: all that are not decided.
};
BOOST_DESCRIBE_STRUCT(HandOverCase, (), (case_id, peer, steps))

// Makes a case of this ledger from what another has handed over, on this ledger's own definitions.
struct TakeOverCase {
  static constexpr std::string_view kRefusals[] = {
      "receipt.malformed",    "receipt.signature_wrong", "receipt.proof_wrong",
      "receipt.other_record", "receipt.not_for_us",      "peer.unknown",
      "peer.revoked",         "handover.taken_already",  "handover.matter_unknown",
      "package.unknown",      "package.cycle",           "enterprise.unknown",
      "project.unknown"};
  static constexpr CommandInfo kInfo{"case.take_over", "case.write", Scope::kCaseField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<40> package;  // Of this ledger; it has all matters that were handed over.
  ReceiptText receipt_text;
  std::optional<EnterpriseId> enterprise;
  std::optional<ProjectId> project;
};
BOOST_DESCRIBE_STRUCT(TakeOverCase, (), (package, receipt_text, enterprise, project))

// Of a case that was taken over, once it is closed. The record is what the other side receives.
struct ReturnResult {
  static constexpr std::string_view kRefusals[] = {"case.unknown", "case.wrong_state", "handover.not_taken_over",
                                                   "handover.returned_already"};
  static constexpr CommandInfo kInfo{"case.return_result", "case.write", Scope::kCaseField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
};
BOOST_DESCRIBE_STRUCT(ReturnResult, (), (case_id))

// Answers the steps that were handed over with what the other side has decided.
struct ReceiveResult {
  static constexpr std::string_view kRefusals[] = {"receipt.malformed",   "receipt.signature_wrong",
                                                   "receipt.proof_wrong", "receipt.other_record",
                                                   "receipt.not_for_us",  "peer.unknown",
                                                   "peer.revoked",        "case.unknown",
                                                   "handover.other_case", "handover.received_already",
                                                   "case.wrong_state"};
  static constexpr CommandInfo kInfo{"case.receive_result", "case.write", Scope::kCaseField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  ReceiptText receipt_text;
};
BOOST_DESCRIBE_STRUCT(ReceiveResult, (), (case_id, receipt_text))

using HandoverCommands =
    boost::mp11::mp_list<TrustPeer, RevokePeer, HandOverCase, TakeOverCase, ReturnResult, ReceiveResult>;

}  // namespace landfall::cases
