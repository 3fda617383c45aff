// SPDX-License-Identifier: Apache-2.0
#include "ledger/blobs.h"

#include <cstring>
#include <filesystem>

namespace landfall::ledger {
namespace {

constexpr std::int64_t kApplicationId = 0x4C464231;  // "LFB1"
constexpr std::size_t kMediaTypeMax = 100;

// RFC 6838 §4.2: type "/" subtype of a few safe characters. Parameters are not kept: they belong to the answer, not to
// the bytes.
bool IsMediaType(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size() || text.size() > kMediaTypeMax)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-';
    if (!word && i != slash) return false;
  }
  return true;
}

Error Unknown(const Digest& digest) { return NotFound("blob.unknown", "sha256:" + Hex(digest)); }

}  // namespace

Result<std::unique_ptr<Blobs>> Blobs::Open(const std::string& path, const std::string& vfs) {
  auto blobs = std::unique_ptr<Blobs>(new Blobs);
  LF_ASSIGN(blobs->db_, Connection::Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs));
  LF_TRY(blobs->Prepare(true));
  return blobs;
}

Result<std::unique_ptr<Blobs>> Blobs::OpenReadOnly(const std::string& path, const std::string& vfs) {
  if (!std::filesystem::exists(path)) return NotFound("store.missing", path);
  auto blobs = std::unique_ptr<Blobs>(new Blobs);
  LF_ASSIGN(blobs->db_, Connection::Open(path, SQLITE_OPEN_READONLY, vfs));
  LF_TRY(blobs->Prepare(false));
  return blobs;
}

Status Blobs::Prepare(bool create) {
  if (create) {
    LF_TRY(db_.Exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON"));
    LF_TRY(db_.Exec("BEGIN IMMEDIATE"));
    LF_TRY(db_.Exec(
        "CREATE TABLE IF NOT EXISTS blobs(digest BLOB PRIMARY KEY, media_type TEXT NOT NULL, size INTEGER NOT NULL, "
        "bytes BLOB NOT NULL) STRICT"));
    LF_TRY(db_.Exec(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str()));
    LF_TRY(db_.Exec("COMMIT"));
    LF_ASSIGN(insert_,
              Statement::Prepare(db_.get(), "INSERT INTO blobs VALUES(?, ?, ?, ?) ON CONFLICT(digest) DO NOTHING"));
  }
  LF_ASSIGN(get_, Statement::Prepare(db_.get(), "SELECT bytes FROM blobs WHERE digest = ?"));
  LF_ASSIGN(info_, Statement::Prepare(db_.get(), "SELECT media_type, size FROM blobs WHERE digest = ?"));
  return Ok{};
}

Result<Digest> Blobs::Put(std::string_view media_type, std::string_view bytes) {
  if (bytes.empty()) return Invalid("blob.empty");
  if (bytes.size() > kMaxBlobBytes) return Invalid("blob.too_large", std::to_string(bytes.size()) + " bytes");
  if (!IsMediaType(media_type)) return Invalid("blob.bad_media_type");
  const Digest digest = Sha256(bytes);
  std::lock_guard lock(mutex_);
  insert_.BindBlob(1, AsText(digest));
  insert_.BindText(2, media_type);
  insert_.Bind(3, static_cast<std::int64_t>(bytes.size()));
  insert_.BindBlob(4, bytes);
  LF_TRY(insert_.Run());
  return digest;
}

Result<std::string> Blobs::Get(const Digest& digest) {
  std::optional<std::string> bytes;
  {
    std::lock_guard lock(mutex_);
    get_.BindBlob(1, AsText(digest));
    auto found = get_.Step();
    if (found && *found) bytes = std::string(get_.Blob(0));
    get_.Reset();
    if (!found) return std::move(found).error();
  }
  if (!bytes) return Unknown(digest);
  if (Sha256(*bytes) != digest) return Corrupt("blob.corrupt", "sha256:" + Hex(digest));
  return std::move(*bytes);
}

Result<BlobInfo> Blobs::Info(const Digest& digest) {
  std::lock_guard lock(mutex_);
  info_.BindBlob(1, AsText(digest));
  auto found = info_.Step();
  BlobInfo info{digest, {}, 0};
  if (found && *found) {
    info.media_type = info_.Blob(0);
    info.size = static_cast<std::uint64_t>(info_.Int(1));
  }
  info_.Reset();
  if (!found) return std::move(found).error();
  if (!*found) return Unknown(digest);
  return info;
}

Status Blobs::Scan(const std::function<void(const BlobInfo&)>& use) {
  std::lock_guard lock(mutex_);
  LF_ASSIGN(Statement s, Statement::Prepare(db_.get(), "SELECT digest, media_type, size FROM blobs ORDER BY digest"));
  for (;;) {
    LF_ASSIGN(const bool more, s.Step());
    if (!more) return Ok{};
    BlobInfo info{{}, std::string(s.Blob(1)), static_cast<std::uint64_t>(s.Int(2))};
    const std::string_view digest = s.Blob(0);
    if (digest.size() != info.digest.size()) return Corrupt("blob.corrupt", "a digest of another length");
    std::memcpy(info.digest.data(), digest.data(), digest.size());
    use(info);
  }
}

}  // namespace landfall::ledger
