// SPDX-License-Identifier: Apache-2.0
// A small witness after C2SP tlog-witness: it remembers the largest tree of each log that it was shown, and cosigns a
// larger one only when that one begins with it. Whoever trusts a witness cannot be shown two histories.
//
// On disk, in one folder: witness.key (secret), and for each log logs/<hex of SHA-256(origin)>/keys with one vkey per
// line, and logs/…/checkpoint, the note that was cosigned last. What was cosigned is durable before it is told. A state
// that cannot be read or is not our own cosignature stops the log's cosigning; it never counts as "nothing seen".
//
// Errors: witness.exists (kConflict), witness.in_use (kConflict), witness.malformed (kInvalid) the body is not of the
// protocol, witness.unknown_log (kNotFound), witness.unsigned (kForbidden) no trusted key of the log has signed,
// witness.not_consistent (kInvalid) the proof does not hold, witness.state_corrupt (kCorrupt), store.io; those of
// note.h for keys. Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/seam.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"

namespace landfall::ledger {

inline constexpr std::size_t kWitnessBodyBytesMax = 64 << 10;
inline constexpr std::size_t kWitnessProofHashesMax = 63;

// The body of add-checkpoint: "old <size>", the hashes of the consistency proof in base64, an empty line, the note.
struct AddCheckpoint {
  std::uint64_t old_size = 0;
  Proof proof;
  std::string note;
};
std::string FormatAddCheckpoint(const AddCheckpoint& request);
Result<AddCheckpoint> ParseAddCheckpoint(std::string_view body);

class Witness {
 public:
  // Makes the folder and a key of that name. Returns the vkey.
  static Result<std::string> Create(const std::string& folder, std::string_view name, Random& random);
  // Trusts a log's key from now on; several keys of one name are one log's, e.g. after it has changed its key.
  static Status Trust(const std::string& folder, std::string_view vkey);

  // Holds the folder until destruction: two witnesses of one folder could cosign two histories.
  static Result<std::unique_ptr<Witness>> Open(const std::string& folder, Clock& clock);
  ~Witness();
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  const VerifierKey& key() const { return signer_.verifier(); }

  struct Outcome {
    // Set when the request does not go on from what was cosigned last: the size that it must go on from.
    std::optional<std::uint64_t> known_size;
    std::string cosignature;  // The signature line, with its line feed; empty with known_size.
  };
  Result<Outcome> Add(std::string_view body);

  // The notes cosigned last, one for each log, also while another process holds the folder. Errors: store.io.
  static Result<std::vector<std::string>> Cosigned(const std::string& folder);

 private:
  Witness(std::string folder, SignerKey signer, Clock& clock, int lock)
      : folder_(std::move(folder)), signer_(std::move(signer)), clock_(clock), lock_(lock) {}
  struct Seen {
    std::uint64_t size = 0;
    Digest root{};
    std::uint64_t posix_seconds = 0;
  };
  Result<Seen> LoadSeen(const std::string& log_folder) const;

  const std::string folder_;
  const SignerKey signer_;
  Clock& clock_;
  const int lock_;
  std::mutex mutex_;  // From looking at what was seen to having stored what was cosigned.
};

}  // namespace landfall::ledger
