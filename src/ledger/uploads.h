// SPDX-License-Identifier: Apache-2.0
// Files on their way in: bytes that come in parts, over a line that breaks, until they are whole and become a blob.
//
// Why: a scanned contract of 60 MB over a site's mobile network does not arrive in one request. Each part is durable
// when it is answered; after a lost connection the sender asks how far it came and goes on, also after a restart of the
// server. What nobody finishes within a day is deleted.
//
// One SQLite file, uploads.db, beside the ledger; nothing in it is evidence yet, so a backup leaves it out. It also
// remembers for as long who stored which blob, because a file that no record names yet is its sender's alone.
//
// Errors: upload.too_large, upload.empty, upload.part_too_small, upload.beyond_end (Invalid), upload.too_many,
// upload.no_room, upload.wrong_offset, upload.incomplete (Conflict), upload.unknown (NotFound; also somebody else's),
// store.*. Threads: any, behind one lock held for the time of one read or write.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/id.h"
#include "base/seam.h"
#include "ledger/sqlite.h"

namespace landfall::ledger {

inline constexpr std::size_t kUploadPartBytesMax = 4u << 20;
inline constexpr std::size_t kUploadPartBytesMin = 64u << 10;  // But for the last: bounds the number of parts.
inline constexpr int kUploadsPerAccount = 4;
inline constexpr std::uint64_t kUploadBytesAll = 1u << 30;  // As announced, of all that are unfinished.
inline constexpr std::chrono::hours kUploadKept{24};        // After its last part.

struct Upload {
  std::string id;  // 32 hex digits that nobody can guess.
  std::uint64_t bytes = 0, received = 0;
  Instant expires_at{};
};

class Uploads {
 public:
  // null: the system's. They outlive it.
  static Result<std::unique_ptr<Uploads>> Open(const std::string& path, Clock* clock = nullptr,
                                               Random* random = nullptr);

  // Room for a file of `bytes`. Deletes what has expired first.
  Result<Upload> Begin(AccountId account, std::uint64_t bytes);
  Result<Upload> Find(AccountId account, std::string_view id);
  // The part that begins at `offset`, which must be where the last one ended. Durable on return.
  Result<Upload> Append(AccountId account, std::string_view id, std::uint64_t offset, std::string_view part);
  // All of it, once it is there. Memory: the file, at most 64 MiB.
  Result<std::string> Take(AccountId account, std::string_view id);
  // Forgets it, whole or not.
  Status End(AccountId account, std::string_view id);

  Status NoteStored(AccountId account, const Digest& digest);
  Result<bool> HasStored(AccountId account, const Digest& digest);

 private:
  Uploads(Connection db, Clock& clock, Random& random) : db_(std::move(db)), clock_(clock), random_(random) {}
  Result<Upload> Row(AccountId account, std::string_view id);
  Status Expire();
  Connection db_;
  Clock& clock_;
  Random& random_;
  std::mutex mutex_;
};

}  // namespace landfall::ledger
