// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-proof: one file that proves, offline, that a leaf is in a log. Suggested extension: .tlog-proof.
//
//   c2sp.org/tlog-proof@v1
//   extra <base64>                              optional; not authenticated, never to be trusted by itself
//   index <decimal>
//   <base64 of a hash>                          zero or more lines: the inclusion proof, leaf's sibling first
//   <empty line>
//   <checkpoint>                                verbatim, a signed note
//
// Bounds: a file is at most kProofFileBytesMax long. Errors: proof_file.malformed (kInvalid); those of checkpoint.h and
// of VerifyInclusion. Threads: functions of their arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"

namespace landfall::ledger {

inline constexpr std::size_t kProofFileBytesMax = 2 << 20;
inline constexpr std::string_view kProofFileHeader = "c2sp.org/tlog-proof@v1";  // The first line.

struct ProofFile {
  std::optional<std::string> extra;  // Raw bytes.
  std::uint64_t index = 0;
  Proof hashes;
  std::string checkpoint;  // The signed note, verbatim.
  bool operator==(const ProofFile&) const = default;
};

std::string FormatProofFile(const ProofFile& proof);
// Checks the form; the checkpoint only as a signed note. Errors: proof_file.malformed; those of SignedNote::Parse.
Result<ProofFile> ParseProofFile(std::string_view text);

struct ProvenLeaf {
  std::uint64_t index = 0;
  OpenedCheckpoint opened;  // What the log signed, and which known witnesses cosigned it.
};

// Whether `leaf` (its stored bytes) is in the log of `log_key`, at the index the file names. The caller compares that
// index with the record it asked about. Errors: those of ParseProofFile, OpenCheckpoint and VerifyInclusion.
Result<ProvenLeaf> VerifyProofFile(std::string_view text, std::string_view leaf, const VerifierKey& log_key,
                                   std::span<const VerifierKey> witnesses = {});

}  // namespace landfall::ledger
