// SPDX-License-Identifier: Apache-2.0
// The witnesses of a ledger and the newest checkpoint that they have cosigned, in its folder:
//
//   witnesses    "<url> <vkey>" a line; who is asked to cosign. Lines with # are remarks.
//   cosigned     the newest checkpoint with their cosignatures
//
// Both are files of the operator, not of the ledger: who holds the disk can change them. A verifier who must not trust
// the disk brings the witness's key and the cosigned checkpoint from elsewhere (`landfall verify --witness
// --cosigned`).
#pragma once

#include "app/engine.h"
#include "ledger/checkpoint.h"

namespace landfall::app {

std::string WitnessesPath(const LedgerFiles& files);
std::string CosignedPath(const LedgerFiles& files);

struct LedgerWitness {
  std::string url;  // http://host[:port][/prefix], without a slash at its end
  ledger::VerifierKey key;
};
// In the file's order; none where there is no file. Errors: witness.list_malformed (kInvalid; detail names the line).
Result<std::vector<LedgerWitness>> ReadWitnesses(const LedgerFiles& files);
// Errors: witness.url_malformed, note.key_malformed; those of ReadWitnesses. Adding one twice changes its address.
Status AddWitness(const LedgerFiles& files, std::string_view url, std::string_view vkey);
std::vector<ledger::VerifierKey> KeysOf(const std::vector<LedgerWitness>& witnesses);

struct WitnessAddress {
  std::string host;
  std::uint16_t port = 80;
  std::string prefix;  // "" or "/…"
};
// Errors: witness.url_malformed.
Result<WitnessAddress> ParseWitnessUrl(std::string_view url);

struct Cosigned {
  std::string note;
  std::uint64_t size = 0;
  std::vector<ledger::Cosignature> by;  // At least one.
};
// Nothing before the first cosignature. Errors: those of OpenCheckpoint for a file that is not one of this ledger.
Result<std::optional<Cosigned>> ReadCosigned(const LedgerFiles& files, std::span<const ledger::VerifierKey> log_keys,
                                             std::span<const ledger::VerifierKey> witnesses);
// The same with the witnesses of the ledger's folder; nothing when it has none.
Result<std::optional<Cosigned>> ReadCosigned(const LedgerFiles& files, std::span<const ledger::VerifierKey> log_keys);

}  // namespace landfall::app
