// SPDX-License-Identifier: Apache-2.0
// Evidence: contracts, bank slips, photographs, permits, and the reports of imports. Each blob is named by the SHA-256
// of its bytes, so that the digest in a payload (evidence) is enough to find it and to know that it is the same.
//
// One SQLite file, blobs.db, beside the ledger: a backup of the ledger with this file, or a later copy of it, is
// complete, because a blob is stored before the command that names it and is never changed. Errors: blob.too_large,
// blob.empty, blob.bad_media_type (Invalid), blob.unknown (NotFound), blob.corrupt (Corrupt), store.*. Threads: any,
// behind one lock held for the time of one read or write.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"
#include "ledger/sqlite.h"

namespace landfall::ledger {

inline constexpr std::size_t kMaxBlobBytes = 64u << 20;

struct BlobInfo {
  Digest digest{};
  std::string media_type;  // "application/pdf"
  std::uint64_t size = 0;
};

class Blobs {
 public:
  // Makes the file where it is not there. `vfs`: the disk's seam, empty for the system's.
  static Result<std::unique_ptr<Blobs>> Open(const std::string& path, const std::string& vfs = {});
  // Errors: store.missing.
  static Result<std::unique_ptr<Blobs>> OpenReadOnly(const std::string& path, const std::string& vfs = {});

  // Durable on return. The same bytes again change nothing and give the same digest; the first media type stays.
  Result<Digest> Put(std::string_view media_type, std::string_view bytes);
  // The bytes, hashed again: what is handed out is what was put in.
  Result<std::string> Get(const Digest& digest);
  // Without reading the bytes. Errors: blob.unknown.
  Result<BlobInfo> Info(const Digest& digest);
  // All of them in order of digest.
  Status Scan(const std::function<void(const BlobInfo&)>& use);

 private:
  Blobs() = default;
  Status Prepare(bool create);
  Connection db_;
  std::mutex mutex_;
  Statement insert_, get_, info_;
};

}  // namespace landfall::ledger
