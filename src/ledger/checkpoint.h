// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-checkpoint: the size and root of a log at one moment, as a signed note; and the cosignatures of witnesses.
//
//   <origin>                                    the log's name; ours is also the name of its key
//   <size>                                      decimal, no leading zero
//   <base64 of the root>
//   <extension lines>                           kept, not interpreted; we write none
//   <empty line>
//   — <origin> <signature>                      and further lines by witnesses
//
// Errors: checkpoint.malformed (kInvalid); checkpoint.other_log (kConflict) when the origin is not the expected log's;
// those of note.h. Sources: C2SP tlog-checkpoint, tlog-cosignature (Ed25519). Threads: functions of their arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "ledger/note.h"

namespace landfall::ledger {

// A number as the formats of the log write it: decimal digits, no leading zero, at most 2^64 - 1; else nothing.
std::optional<std::uint64_t> ParseDecimal(std::string_view digits);

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;  // <= kTreeSizeMax
  Digest root{};
  std::vector<std::string> extensions;
  bool operator==(const Checkpoint&) const = default;
};

// The note's text, without signatures. Errors: checkpoint.malformed for an empty origin or extension, one with a line
// break, or a size out of bounds.
Result<std::string> FormatCheckpoint(const Checkpoint& checkpoint);
Result<Checkpoint> ParseCheckpoint(std::string_view text);

// Formats and signs. Precondition: `signer` is of type kEd25519. Errors: checkpoint.other_log when the signer's name is
// not the origin; those of FormatCheckpoint and SignNote.
Result<std::string> SignCheckpoint(const Checkpoint& checkpoint, const SignerKey& signer);

struct Cosignature {
  std::string name;  // Of the witness.
  std::uint32_t key_id = 0;
  std::uint64_t posix_seconds = 0;  // When the witness says it signed.
};

struct OpenedCheckpoint {
  Checkpoint checkpoint;
  std::vector<Cosignature> cosignatures;  // Only verified ones, each by a different witness of those given.
};

// Verifies the log's signature and those of the witnesses we know, then reads the text. The origin must be the log
// key's name: a key that also signs for another log cannot pass that log's checkpoint as this one's. Errors:
// note.unsigned when the log itself has not signed; those of OpenNote; checkpoint.malformed, checkpoint.other_log.
// Several keys are one log's, e.g. after it has changed its key: any of them may have signed.
Result<OpenedCheckpoint> OpenCheckpoint(std::string_view note, std::span<const VerifierKey> log_keys,
                                        std::span<const VerifierKey> witnesses = {});
inline Result<OpenedCheckpoint> OpenCheckpoint(std::string_view note, const VerifierKey& log_key,
                                               std::span<const VerifierKey> witnesses = {}) {
  return OpenCheckpoint(note, std::span(&log_key, 1), witnesses);
}

// Adds a witness's line to a checkpoint. The caller has verified consistency with what this witness saw before: that is
// what a cosignature says. Precondition: `witness` is of type kCosignatureV1. Errors: those of OpenCheckpoint,
// AddSignature.
Result<std::string> CosignCheckpoint(std::string_view note, const VerifierKey& log_key, const SignerKey& witness,
                                     std::uint64_t posix_seconds);

}  // namespace landfall::ledger
