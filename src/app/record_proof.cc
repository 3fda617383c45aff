// SPDX-License-Identifier: Apache-2.0
#include "app/record_proof.h"

#include "app/export_lines.h"
#include "app/ledger_keys.h"
#include "app/witnesses.h"
#include "ledger/proof_file.h"

namespace landfall::app {
namespace {

// Whether a payload goes with the record.
struct Opened {
  const std::vector<EventClass>& classes;
  std::span<const std::string_view> types;
  bool Holds(const ledger::LeafEvent& event) const {
    return std::find(classes.begin(), classes.end(), event.cls) != classes.end() &&
           (types.empty() || std::find(types.begin(), types.end(), event.type) != types.end());
  }
};

Result<std::string> RecordLine(ReadOnlyLedger& ledger, std::uint64_t seq, const Opened& open) {
  LF_ASSIGN(const ledger::EntryRecord record, ledger.log->Entry(seq));
  ledger::Leaf leaf;
  if (!ledger::ParseLeaf(record.leaf, leaf) || leaf.events.size() != record.payloads.size())
    return Corrupt("ledger.corrupt", "entry " + std::to_string(seq));
  std::string line;
  AppendExportEntry(line, record.leaf);
  for (std::size_t i = 0; i < leaf.events.size(); ++i) {
    const auto& salted = record.payloads[i].salted;
    ExportPayload payload;
    // What was erased is withheld here: by which entry it went, this file could not prove.
    if (salted && open.Holds(leaf.events[i])) {
      if (!ledger::HasDigest(*salted, leaf.events[i].digest_hex))
        return Corrupt("ledger.corrupt", "entry " + std::to_string(seq) + " event " + std::to_string(i));
      payload.salted = *salted;
    } else {
      payload.kind = ExportPayload::Kind::kWithheld;
      payload.withheld = EventClassName(leaf.events[i].cls);
    }
    AppendExportPayload(line, payload);
  }
  return line + "]}";
}

ProvenEvent EventOf(const ledger::LeafEvent& event, const ExportPayload& payload) {
  ProvenEvent out{std::string(event.type), std::string(event.on), std::string(EventClassName(event.cls)),
                  Trust::unprovable, std::nullopt};
  if (payload.kind != ExportPayload::Kind::kOpen) return out;
  out.standing = ledger::HasDigest(payload.salted, event.digest_hex) ? Trust::verified : Trust::faulty;
  out.payload = payload.salted.substr(ledger::kSaltBytes);
  return out;
}

// Fills what the leaf says. False when it is not a record of ours.
bool Describe(const ExportEntry& record, ProofReport& report) {
  ledger::Leaf leaf;
  if (!ledger::ParseLeaf(record.leaf, leaf) || leaf.events.size() != record.payloads.size()) return false;
  report.seq = static_cast<std::int64_t>(leaf.seq);
  report.at.clear();
  AppendInstant(report.at, leaf.at);
  report.by = leaf.by;
  report.command = leaf.cmd;
  for (std::size_t i = 0; i < leaf.events.size(); ++i)
    report.events.push_back(EventOf(leaf.events[i], record.payloads[i]));
  return true;
}

Trust TrustOf(const ProofReport& report) {
  const auto any = [&](Trust standing) {
    return std::any_of(report.events.begin(), report.events.end(),
                       [&](const ProvenEvent& e) { return e.standing == standing; });
  };
  if (any(Trust::faulty)) return Trust::faulty;
  if (report.witnesses.empty()) return Trust::unwitnessed;
  return any(Trust::unprovable) ? Trust::unprovable : Trust::verified;
}

// Everything that must hold. The report has what could be read until then.
Status Prove(std::string_view text, std::string_view leaf, const ledger::VerifierKey& key,
             std::span<const ledger::VerifierKey> witnesses, ProofReport& report) {
  LF_ASSIGN(const ledger::ProvenLeaf proven, ledger::VerifyProofFile(text, leaf, key, witnesses));
  report.size = static_cast<std::int64_t>(proven.opened.checkpoint.size);
  report.root = proven.opened.checkpoint.root;
  for (const ledger::Cosignature& by : proven.opened.cosignatures)
    report.witnesses.push_back(
        {by.name, Instant(std::chrono::seconds(std::min<std::uint64_t>(by.posix_seconds, INT64_MAX / 2'000'000)))});
  if (proven.index + 1 != static_cast<std::uint64_t>(report.seq))
    return Corrupt("proof_file.other_record", "the record says " + std::to_string(report.seq));
  for (const ProvenEvent& event : report.events)
    if (event.standing == Trust::faulty) return Corrupt("proof_file.payload_differs", event.type + " on " + event.on);
  return Ok{};
}

}  // namespace

std::string WithheldRecord(std::string_view leaf) {
  ledger::Leaf parsed;
  std::string line;
  AppendExportEntry(line, leaf);
  if (ledger::ParseLeaf(leaf, parsed)) {
    for (const ledger::LeafEvent& event : parsed.events)
      AppendExportPayload(line, {ExportPayload::Kind::kWithheld, {}, std::string(EventClassName(event.cls)), 0});
  }
  return line + "]}";
}

Result<RecordProof> MakeRecordProof(const LedgerFiles& files, std::uint64_t seq, const std::vector<EventClass>& open,
                                    std::span<const std::string_view> types) {
  LF_ASSIGN(ReadOnlyLedger ledger, OpenReadOnlyLedger(files));
  LF_ASSIGN(const std::vector<ledger::VerifierKey> keys, ReadLedgerKeys(ledger.log->store()));
  LF_ASSIGN(const std::optional<Cosigned> cosigned, ReadCosigned(files, keys));
  RecordProof proof{{}, ledger.size, false};
  ledger::ProofFile file;
  file.checkpoint = ledger.checkpoint;
  if (cosigned && seq <= cosigned->size && cosigned->size <= ledger.log->size()) {
    file.checkpoint = cosigned->note;
    proof.size = cosigned->size;
    proof.cosigned = true;
  }
  if (seq == 0 || seq > proof.size) return NotFound("entry.not_found", std::to_string(seq), "seq");
  file.index = seq - 1;
  LF_ASSIGN(file.hashes, ledger.log->View()->Inclusion(file.index, proof.size));
  LF_ASSIGN(file.extra, RecordLine(ledger, seq, {open, types}));
  proof.text = ledger::FormatProofFile(file);
  if (proof.text.size() > ledger::kProofFileBytesMax)
    return Invalid("proof_file.too_large", std::to_string(proof.text.size()) + " bytes", "open");
  return proof;
}

Result<ProofReport> CheckRecordProof(std::string_view text, const ProofOptions& options) {
  LF_ASSIGN(const ledger::VerifierKey key, ledger::VerifierKey::Parse(options.vkey));
  std::vector<ledger::VerifierKey> witnesses;
  for (const std::string& vkey : options.witness_vkeys) {
    LF_ASSIGN(ledger::VerifierKey witness, ledger::VerifierKey::Parse(vkey));
    witnesses.push_back(std::move(witness));
  }
  LF_ASSIGN(const ledger::ProofFile file, ledger::ParseProofFile(text));
  ExportEntry record;
  if (options.leaf) {
    const std::string line = WithheldRecord(*options.leaf);
    if (!ParseExportEntry(line, record)) return Invalid("proof_file.no_record", "the leaf is not one of ours", "leaf");
  } else if (!file.extra || !ParseExportEntry(*file.extra, record)) {
    return Invalid("proof_file.no_record");
  }
  ProofReport report;
  report.log = key.name();
  report.leaf_hash = ledger::LeafHash(record.leaf);
  if (!Describe(record, report)) return Invalid("proof_file.no_record", "the leaf is not one of ours");
  if (Status held = Prove(text, record.leaf, key, witnesses, report); !held) {
    report.code = held.error().code;
    report.detail = held.error().detail;
    return report;
  }
  report.standing = TrustOf(report);
  return report;
}

}  // namespace landfall::app
