// SPDX-License-Identifier: Apache-2.0
#include "app/receipt.h"

#include <algorithm>

#include "app/export_lines.h"
#include "ledger/proof_file.h"

namespace landfall::app {
namespace {

using cases::Receipt;

constexpr std::string_view kField = "receipt_text";
constexpr std::string_view kTypes[] = {cases::CaseHandedOver::kInfo.type, cases::CaseTakenOver::kInfo.type,
                                       cases::ResultReturned::kInfo.type, cases::ResultReceived::kInfo.type};

Error Malformed(std::string why) { return Invalid("receipt.malformed", std::move(why), std::string(kField)); }
Error ProofWrong(std::string why) { return Invalid("receipt.proof_wrong", std::move(why), std::string(kField)); }

// A field loses its last line break on the way.
std::string Whole(std::string_view text) {
  std::string whole(text);
  if (!whole.ends_with('\n')) whole += '\n';
  return whole;
}

struct Record {
  ledger::ProofFile file;
  ExportEntry entry;
  ledger::Leaf leaf;  // Views into entry.
};

// Accepts exactly what MakeRecordProof writes, so that no byte of it can change unnoticed.
Status Read(std::string_view text, Record& out) {
  auto file = ledger::ParseProofFile(text);
  if (!file) return Malformed(file.error().code + " " + file.error().detail);
  out.file = *std::move(file);
  if (!out.file.extra || !ParseExportEntry(*out.file.extra, out.entry) ||
      !ledger::ParseLeaf(out.entry.leaf, out.leaf) || out.leaf.events.size() != out.entry.payloads.size())
    return Malformed("no record in it");
  std::string line;
  AppendExportEntry(line, out.entry.leaf);
  for (std::size_t i = 0; i < out.leaf.events.size(); ++i) {
    const ExportPayload& payload = out.entry.payloads[i];
    if (payload.kind == ExportPayload::Kind::kErased ||
        (payload.kind == ExportPayload::Kind::kWithheld && payload.withheld != EventClassName(out.leaf.events[i].cls)))
      return Malformed("a payload is neither open nor withheld by its class");
    AppendExportPayload(line, payload);
  }
  if (line + "]}" != *out.file.extra || ledger::FormatProofFile(out.file) != text)
    return Malformed("not as it was written");
  return Ok{};
}

template <class E>
bool TakeFact(const ledger::LeafEvent& event, std::string_view payload, Receipt& out) {
  if (event.type != E::kInfo.type || event.version != E::kInfo.version) return false;
  E fact{};
  const std::size_t slash = event.on.find('/');
  if (slash == std::string_view::npos || event.on.substr(0, slash) != cases::CaseTag::kSubject) return false;
  auto id = cases::CaseId::Parse(event.on.substr(slash + 1));
  if (!id || !ScanJson(payload, fact)) return false;
  fact.on = *id;
  out.says = std::move(fact);
  return true;
}

// What the one open record says.
Status TakeFacts(const Record& record, Receipt& out) {
  int found = 0;
  for (std::size_t i = 0; i < record.leaf.events.size(); ++i) {
    const ledger::LeafEvent& event = record.leaf.events[i];
    const ExportPayload& payload = record.entry.payloads[i];
    if (payload.kind != ExportPayload::Kind::kOpen) continue;
    if (!ledger::HasDigest(payload.salted, event.digest_hex)) return ProofWrong("a payload has another digest");
    const std::string_view bytes = std::string_view(payload.salted).substr(ledger::kSaltBytes);
    found += TakeFact<cases::CaseHandedOver>(event, bytes, out) || TakeFact<cases::CaseTakenOver>(event, bytes, out) ||
             TakeFact<cases::ResultReturned>(event, bytes, out) || TakeFact<cases::ResultReceived>(event, bytes, out);
  }
  if (found != 1) return Invalid("receipt.other_record", {}, std::string(kField));
  return Ok{};
}

Result<Receipt> Prove(const ledger::VerifierKey& key, std::string_view text, const Record& record) {
  auto proven = ledger::VerifyProofFile(text, record.entry.leaf, key);
  if (!proven) {
    const std::string& code = proven.error().code;
    if (code.starts_with("note.") || code == "checkpoint.other_log")
      return Invalid("receipt.signature_wrong", code, std::string(kField));
    return ProofWrong(code);
  }
  if (proven->index + 1 != record.leaf.seq) return ProofWrong("the record says " + std::to_string(record.leaf.seq));
  Receipt receipt;
  receipt.seq = record.leaf.seq;
  receipt.leaf = ledger::LeafHash(record.entry.leaf);
  receipt.file = Sha256(text);
  LF_TRY(TakeFacts(record, receipt));
  return receipt;
}

// The peer whose key signs for a log; -1 for none.
int PeerOf(const cases::Peers& peers, std::string_view log) {
  for (std::size_t i = 0; i < peers.vkeys.size(); ++i)
    if (std::string_view(peers.vkeys[i]).substr(0, peers.vkeys[i].find('+')) == log) return static_cast<int>(i);
  return -1;
}

}  // namespace

Result<Receipt> ProveReceipt(const ledger::VerifierKey& key, std::string_view text) {
  const std::string whole = Whole(text);
  Record record;
  LF_TRY(Read(whole, record));
  return Prove(key, whole, record);
}

Result<Receipt> ProveReceipt(const cases::Peers& peers, std::string_view text) {
  const std::string whole = Whole(text);
  Record record;
  LF_TRY(Read(whole, record));
  // The note's first line is the log's name; whether that log has signed it is proven below.
  const std::string_view log = std::string_view(record.file.checkpoint).substr(0, record.file.checkpoint.find('\n'));
  const int peer = PeerOf(peers, log);
  if (peer < 0) return NotFound("peer.unknown", std::string(log), std::string(kField));
  const auto at = static_cast<std::size_t>(peer);
  if (peers.revoked[at] != 0) return Conflict("peer.revoked", peers.codes[at], std::string(kField));
  LF_ASSIGN(const ledger::VerifierKey key, ledger::VerifierKey::Parse(peers.vkeys[at]));
  LF_ASSIGN(Receipt receipt, Prove(key, whole, record));
  receipt.from = peers.codes[at];
  return receipt;
}

Result<std::uint64_t> ReceiptRecord(const State& state, cases::CaseId id, std::optional<ReceiptKind> kind) {
  const cases::State& s = state.cases;
  if (!s.Knows(id)) return NotFound("case.unknown", {}, "id");
  std::uint64_t newest = 0;
  const auto consider = [&](ReceiptKind of, std::uint64_t seq) {
    if (!kind || *kind == of) newest = std::max(newest, seq);
  };
  for (const cases::HandOver& out : s.hand_overs) {
    if (out.of != id.raw) continue;
    consider(ReceiptKind::handed_over, out.seq);
    consider(ReceiptKind::result_received, out.answered);
  }
  for (const cases::TakeOver& taken : s.take_overs) {
    if (taken.of != id.raw) continue;
    consider(ReceiptKind::taken_over, taken.seq);
    consider(ReceiptKind::result_returned, taken.returned);
  }
  if (newest == 0) return NotFound("handover.none", {}, "id");
  return newest;
}

Result<RecordProof> MakeReceipt(const LedgerFiles& files, std::uint64_t seq) {
  return MakeRecordProof(files, seq, {EventClass::kInternal}, kTypes);
}

}  // namespace landfall::app
