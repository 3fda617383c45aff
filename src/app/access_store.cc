// SPDX-License-Identifier: Apache-2.0
#include "app/access_store.h"

#include <argon2.h>
#include <sys/stat.h>

#include <cstring>
#include <set>

#include "base/text.h"

namespace landfall::app {
namespace {

constexpr std::uint32_t kArgonPasses = 2, kArgonKiB = 19 * 1024, kArgonLanes = 1;
constexpr std::size_t kArgonSaltBytes = 16, kArgonHashBytes = 32;
constexpr std::size_t kPasswordCharactersMin = 12, kPasswordBytesMax = 256;
constexpr std::size_t kSecretBytes = 32;
constexpr auto kLogKept = std::chrono::hours(400 * 24);
constexpr auto kSessionSavedEvery = std::chrono::minutes(10);  // A crash may shorten the idle limit by as much.

// Times are microseconds since 1970, UTC. REPLACE would delete without asking a trigger, hence the third one.
constexpr const char* kSchema = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS credential(account INTEGER PRIMARY KEY, encoded TEXT NOT NULL, set_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS session(hash BLOB PRIMARY KEY, account INTEGER NOT NULL, created_at INTEGER NOT NULL,
                                   used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS token(id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, account INTEGER NOT NULL,
                                 label TEXT NOT NULL, created_at INTEGER NOT NULL, revoked_at INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS access_log(id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL,
                                      what TEXT NOT NULL, subject TEXT NOT NULL, result TEXT NOT NULL, peer TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS notice_read(account INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS notice_read_at(account INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS calendar_feed(account INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS mail(account INTEGER PRIMARY KEY, address TEXT NOT NULL, set_at INTEGER NOT NULL, sent_on INTEGER) STRICT;
CREATE TRIGGER IF NOT EXISTS access_log_keeps_rows BEFORE UPDATE ON access_log
  BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS access_log_keeps_half_a_year BEFORE DELETE ON access_log
  WHEN OLD.at > (CAST(strftime('%s', 'now') AS INTEGER) - 183 * 86400) * 1000000
  BEGIN SELECT RAISE(ABORT, 'the access log is kept for 183 days'); END;
CREATE TRIGGER IF NOT EXISTS access_log_replaces_nothing BEFORE INSERT ON access_log
  WHEN EXISTS (SELECT 1 FROM access_log WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
)sql";

std::int64_t Micros(Instant at) { return at.time_since_epoch().count(); }
Instant FromMicros(std::int64_t micros) { return Instant(std::chrono::microseconds(micros)); }

void BindAt(ledger::Statement& s, int at, std::int64_t value) { s.Bind(at, value); }
void BindAt(ledger::Statement& s, int at, std::string_view text) { s.BindText(at, text); }
void BindAt(ledger::Statement& s, int at, const Digest& digest) { s.BindBlob(at, AsText(digest)); }

Result<std::string> HashPassword(std::string_view password, Random& random) {
  std::array<std::uint8_t, kArgonSaltBytes> salt;
  random.Fill(salt);
  std::string encoded(
      argon2_encodedlen(kArgonPasses, kArgonKiB, kArgonLanes, kArgonSaltBytes, kArgonHashBytes, Argon2_id), '\0');
  const int code = argon2id_hash_encoded(kArgonPasses, kArgonKiB, kArgonLanes, password.data(), password.size(),
                                         salt.data(), salt.size(), kArgonHashBytes, encoded.data(), encoded.size());
  if (code != ARGON2_OK) return Unavailable("password.no_memory", argon2_error_message(code));
  encoded.resize(std::strlen(encoded.c_str()));
  return encoded;
}

// Of no password: what an unknown login is compared with, so that it takes as long as a known one.
const std::string& DecoyHash(Random& random) {
  static const std::string kDecoy = [&] {
    auto made = HashPassword("no account has this one", random);
    return made ? *made : std::string();
  }();
  return kDecoy;
}

// Long enough, and yet what everybody tries first.
bool IsCommon(std::string_view password) {
  static const std::set<std::string_view> kCommon = {
      "123456789012",  "1234567890123",  "12345678901234",  "123456789123",     "123456123456",
      "112233445566",  "111222333444",   "987654321012",    "qwertyuiop12",     "qwertyuiop123",
      "qwertyuiop[]",  "1q2w3e4r5t6y",   "1qaz2wsx3edc",    "qazwsxedcrfv",     "zaq12wsxcde3",
      "password1234",  "password12345",  "password123456",  "passwordpassword", "passw0rd1234",
      "p@ssw0rd1234",  "p@ssword1234",   "administrator",   "administrator1",   "admin1234567",
      "admin12345678", "admin123456789", "adminadminadmin", "admin@123456",     "letmein12345",
      "welcome12345",  "iloveyou1234",   "changeme1234",    "changemechangeme", "correcthorsebatterystaple",
      "woaini123456",  "woaini1314520",  "woaiwojia1314",   "zhaoshang123",     "landfall1234",
      "landfall2026",  "abcdefghijkl",   "abcd12345678",    "abc123456789",     "a123456789012",
      "aa1234567890",  "asdfghjkl123"};
  std::string lower(password);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const std::set<char> different(lower.begin(), lower.end());
  return different.size() < 5 || kCommon.contains(lower);
}

bool SameText(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(x) == lower(y);
  });
}

}  // namespace

Status CheckPasswordRules(std::string_view login, std::string_view password) {
  if (!IsUtf8(password)) return Invalid("password.not_utf8", {}, "password");
  if (SameText(login, password)) return Invalid("password.same_as_login", {}, "password");
  if (CountCodePoints(password) < kPasswordCharactersMin) return Invalid("password.too_short", {}, "password");
  if (password.size() > kPasswordBytesMax) return Invalid("password.too_long", {}, "password");
  if (IsCommon(password)) return Invalid("password.common", {}, "password");
  return Ok{};
}

// ---- throttle ----

LoginThrottle::Entry& LoginThrottle::Find(Entries& entries, std::string_view name, Instant now) {
  if (const auto found = entries.find(std::string(name)); found != entries.end()) {
    if (found->second.last + kForgotten < now) found->second = {};
    return found->second;
  }
  if (entries.size() >= kEntriesMax)
    entries.erase(std::min_element(entries.begin(), entries.end(),
                                   [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
  return entries[std::string(name)];
}

void LoginThrottle::Count(Entry& entry, Instant now) {
  ++entry.failures;
  entry.last = now;
  if (entry.failures < kFreeFailures) return;
  const int doublings = std::min(entry.failures - kFreeFailures, 20);
  entry.until = now + std::min<std::chrono::seconds>(kDelayMax, std::chrono::seconds(std::int64_t{1} << doublings));
}

std::chrono::seconds LoginThrottle::Begin(Instant now, std::string_view login, std::string_view peer) {
  const std::lock_guard lock(mutex_);
  Entry& by_login = Find(logins_, login, now);
  Entry& by_peer = Find(peers_, peer, now);
  const Instant until = std::max(by_login.until, by_peer.until);
  if (until > now) return std::chrono::ceil<std::chrono::seconds>(until - now);
  Count(by_login, now);
  Count(by_peer, now);
  return std::chrono::seconds(0);
}

void LoginThrottle::Succeed(std::string_view login, std::string_view peer) {
  const std::lock_guard lock(mutex_);
  logins_.erase(std::string(login));
  if (const auto found = peers_.find(std::string(peer)); found != peers_.end()) {
    found->second.failures = std::max(0, found->second.failures - 1);
    found->second.until = {};
  }
}

// ---- opening ----

std::size_t AccessStore::DigestHash::operator()(const Digest& d) const {
  std::size_t out;  // A digest's bytes are as good as any hash of them.
  std::memcpy(&out, d.data(), sizeof out);
  return out;
}

Result<std::unique_ptr<AccessStore>> AccessStore::Open(const std::string& path, const AccessOptions& options) {
  const ::mode_t before = ::umask(0077);
  auto db = ledger::Connection::Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, options.vfs);
  if (db) {
    Status made = db->Exec(kSchema);
    if (!made) db = std::move(made).error();
  }
  ::umask(before);
  if (!db) return std::move(db).error();
  auto store = std::unique_ptr<AccessStore>(
      new AccessStore(std::move(*db), options.clock != nullptr ? *options.clock : SystemClock(),
                      options.random != nullptr ? *options.random : SystemRandom()));
  LF_TRY(store->Prepare());
  LF_TRY(store->Load());
  return store;
}

// Forgets what has run out.
Status AccessStore::Prepare() {
  const Instant now = clock_.Now();
  LF_TRY(Write("DELETE FROM session WHERE used_at < ?1 OR created_at < ?2", Micros(now - kSessionIdle),
               Micros(now - kSessionAbsolute)));
  return Write("DELETE FROM access_log WHERE at < ?1", Micros(now - kLogKept));
}

Status AccessStore::Load() {
  const auto digest_of = [](std::string_view bytes) {
    Digest digest{};
    std::memcpy(digest.data(), bytes.data(), std::min(bytes.size(), digest.size()));
    return digest;
  };
  LF_ASSIGN(ledger::Statement sessions,
            ledger::Statement::Prepare(db_.get(), "SELECT hash, account, created_at, used_at FROM session"));
  for (;;) {
    LF_ASSIGN(const bool row, sessions.Step());
    if (!row) break;
    const Instant used = FromMicros(sessions.Int(3));
    sessions_[digest_of(sessions.Blob(0))] = {AccountId{static_cast<std::uint32_t>(sessions.Int(1))},
                                              FromMicros(sessions.Int(2)), used, used};
  }
  LF_ASSIGN(ledger::Statement tokens,
            ledger::Statement::Prepare(db_.get(), "SELECT hash, account FROM token WHERE revoked_at IS NULL"));
  for (;;) {
    LF_ASSIGN(const bool row, tokens.Step());
    if (!row) return LoadPersonal();
    tokens_[digest_of(tokens.Blob(0))] = AccountId{static_cast<std::uint32_t>(tokens.Int(1))};
  }
}

AccessStore::~AccessStore() {
  const std::lock_guard lock(db_mutex_);
  (void)SaveSessions().ok();  // Losing it shortens idle limits by minutes.
}

template <class... Arguments>
Status AccessStore::Write(std::string_view sql, const Arguments&... arguments) {
  LF_ASSIGN(ledger::Statement statement, ledger::Statement::Prepare(db_.get(), sql));
  int at = 0;
  (BindAt(statement, ++at, arguments), ...);
  return statement.Run();
}

std::string AccessStore::NewSecret() {
  std::array<std::uint8_t, kSecretBytes> bytes;
  random_.Fill(bytes);
  return Hex(bytes);
}

// ---- passwords ----

Status AccessStore::SetPassword(AccountId account, std::string_view login, std::string_view password,
                                std::string_view keep) {
  LF_TRY(CheckPasswordRules(login, password));
  LF_ASSIGN(const std::string encoded, HashPassword(password, random_));
  const Digest kept = Sha256(keep);
  const std::lock_guard lock(db_mutex_);
  LF_TRY(
      Write("INSERT INTO credential(account, encoded, set_at) VALUES(?1, ?2, ?3) "
            "ON CONFLICT(account) DO UPDATE SET encoded = excluded.encoded, set_at = excluded.set_at",
            std::int64_t{account.raw}, std::string_view(encoded), Micros(clock_.Now())));
  {
    const std::lock_guard sessions(sessions_mutex_);
    std::erase_if(sessions_, [&](const auto& s) { return s.second.account == account && s.first != kept; });
  }
  return Write("DELETE FROM session WHERE account = ?1 AND hash <> ?2", std::int64_t{account.raw}, kept);
}

Result<bool> AccessStore::PasswordIs(AccountId account, std::string_view password) {
  std::string encoded;
  {
    const std::lock_guard lock(db_mutex_);
    LF_ASSIGN(ledger::Statement read,
              ledger::Statement::Prepare(db_.get(), "SELECT encoded FROM credential WHERE account = ?1"));
    read.Bind(1, account.raw);
    LF_ASSIGN(const bool row, read.Step());
    if (row) encoded = read.Blob(0);
  }
  const bool known = !encoded.empty();
  if (!known) encoded = DecoyHash(random_);
  const int code = argon2id_verify(encoded.c_str(), password.data(), password.size());
  if (code != ARGON2_OK && code != ARGON2_VERIFY_MISMATCH)
    return Unavailable("password.no_memory", argon2_error_message(code));
  return known && code == ARGON2_OK;
}

Result<bool> AccessStore::HasPassword(AccountId account) {
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(ledger::Statement read,
            ledger::Statement::Prepare(db_.get(), "SELECT 1 FROM credential WHERE account = ?1"));
  read.Bind(1, account.raw);
  return read.Step();
}

// ---- sessions ----

bool AccessStore::Alive(const Session& s, Instant now) const {
  return now < s.created + kSessionAbsolute && now < s.used + kSessionIdle;
}

Result<std::string> AccessStore::BeginSession(AccountId account) {
  std::string secret = NewSecret();
  const Digest hash = Sha256(secret);
  const Instant now = clock_.Now();
  const std::lock_guard lock(db_mutex_);
  LF_TRY(SaveSessions());
  LF_TRY(Write("INSERT INTO session(hash, account, created_at, used_at) VALUES(?1, ?2, ?3, ?3)", hash,
               std::int64_t{account.raw}, Micros(now)));
  std::vector<Digest> ended;
  {
    const std::lock_guard sessions(sessions_mutex_);
    std::vector<std::pair<Instant, Digest>> own;
    for (const auto& [other, s] : sessions_) {
      if (!Alive(s, now))
        ended.push_back(other);
      else if (s.account == account)
        own.emplace_back(s.created, other);
    }
    std::sort(own.begin(), own.end());
    for (std::size_t i = 0; i + kSessionsPerAccount <= own.size(); ++i) ended.push_back(own[i].second);
    for (const Digest& other : ended) sessions_.erase(other);
    sessions_[hash] = {account, now, now, now};
  }
  for (const Digest& other : ended) LF_TRY(DropSession(other));
  return secret;
}

std::optional<AccountId> AccessStore::FindSession(std::string_view secret) {
  if (secret.size() != 2 * kSecretBytes) return std::nullopt;
  const Digest hash = Sha256(secret);
  const Instant now = clock_.Now();
  const std::lock_guard lock(sessions_mutex_);
  const auto found = sessions_.find(hash);
  if (found == sessions_.end() || !Alive(found->second, now)) return std::nullopt;
  found->second.used = std::max(found->second.used, now);
  return found->second.account;
}

bool AccessStore::SessionLives(std::string_view secret) const {
  const std::lock_guard lock(sessions_mutex_);
  const auto found = sessions_.find(Sha256(secret));
  return found != sessions_.end() && Alive(found->second, clock_.Now());
}

Status AccessStore::EndSession(std::string_view secret) {
  const Digest hash = Sha256(secret);
  const std::lock_guard lock(db_mutex_);
  {
    const std::lock_guard sessions(sessions_mutex_);
    sessions_.erase(hash);
  }
  return DropSession(hash);
}

Status AccessStore::DropSession(const Digest& hash) { return Write("DELETE FROM session WHERE hash = ?1", hash); }

Status AccessStore::SaveSessions() {
  std::vector<std::pair<Digest, Instant>> used;
  {
    const std::lock_guard lock(sessions_mutex_);
    for (auto& [hash, s] : sessions_) {
      if (s.used < s.saved + kSessionSavedEvery) continue;
      s.saved = s.used;
      used.emplace_back(hash, s.used);
    }
  }
  for (const auto& [hash, at] : used)
    LF_TRY(Write("UPDATE session SET used_at = ?2 WHERE hash = ?1", hash, Micros(at)));
  return Ok{};
}

std::string AccessStore::CsrfOf(std::string_view secret) { return Hex(Sha256("landfall csrf " + std::string(secret))); }

// ---- tokens ----

Result<AccessStore::NewToken> AccessStore::CreateToken(AccountId account, std::string_view label) {
  NewToken made{0, NewSecret()};
  const Digest hash = Sha256(made.secret);
  const std::lock_guard lock(db_mutex_);
  LF_TRY(Write("INSERT INTO token(hash, account, label, created_at) VALUES(?1, ?2, ?3, ?4)", hash,
               std::int64_t{account.raw}, label, Micros(clock_.Now())));
  made.id = sqlite3_last_insert_rowid(db_.get());
  const std::lock_guard tokens(sessions_mutex_);
  tokens_[hash] = account;
  return made;
}

std::optional<AccountId> AccessStore::FindToken(std::string_view secret) const {
  if (secret.size() != 2 * kSecretBytes) return std::nullopt;
  const Digest hash = Sha256(secret);
  const std::lock_guard lock(sessions_mutex_);
  const auto found = tokens_.find(hash);
  if (found == tokens_.end()) return std::nullopt;
  return found->second;
}

Result<std::vector<ApiToken>> AccessStore::Tokens(AccountId account) {
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(
      ledger::Statement read,
      ledger::Statement::Prepare(
          db_.get(),
          "SELECT id, label, created_at, coalesce(revoked_at, -1) FROM token WHERE account = ?1 ORDER BY id DESC"));
  read.Bind(1, account.raw);
  std::vector<ApiToken> tokens;
  for (;;) {
    LF_ASSIGN(const bool row, read.Step());
    if (!row) return tokens;
    ApiToken token{read.Int(0), std::string(read.Blob(1)), FromMicros(read.Int(2)), std::nullopt};
    if (read.Int(3) >= 0) token.revoked_at = FromMicros(read.Int(3));
    tokens.push_back(std::move(token));
  }
}

Status AccessStore::RevokeToken(AccountId account, std::int64_t id) {
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(
      ledger::Statement revoke,
      ledger::Statement::Prepare(
          db_.get(),
          "UPDATE token SET revoked_at = ?3 WHERE id = ?1 AND account = ?2 AND revoked_at IS NULL RETURNING hash"));
  revoke.Bind(1, id);
  revoke.Bind(2, account.raw);
  revoke.Bind(3, Micros(clock_.Now()));
  LF_ASSIGN(const bool row, revoke.Step());
  if (!row) return NotFound("token.unknown", {}, "id");
  Digest hash{};
  std::memcpy(hash.data(), revoke.Blob(0).data(), std::min(revoke.Blob(0).size(), hash.size()));
  LF_TRY(revoke.Step());  // To the end: only then is it committed.
  const std::lock_guard tokens(sessions_mutex_);
  tokens_.erase(hash);
  return Ok{};
}

// ---- the access log ----

Status AccessStore::Append(AccessRecord record) {
  const std::lock_guard lock(db_mutex_);
  if (record.at == Instant{}) record.at = clock_.Now();
  LF_TRY(SaveSessions());
  return Write("INSERT INTO access_log(at, who, what, subject, result, peer) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
               Micros(record.at), std::string_view(record.who), std::string_view(record.what),
               std::string_view(record.subject), std::string_view(record.result), std::string_view(record.peer));
}

Result<std::vector<AccessRecord>> AccessStore::Read(std::int64_t before, std::size_t limit) {
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(ledger::Statement read,
            ledger::Statement::Prepare(db_.get(),
                                       "SELECT id, at, who, what, subject, result, peer FROM access_log WHERE id < ?1 "
                                       "ORDER BY id DESC LIMIT ?2"));
  read.Bind(1, before == 0 ? INT64_MAX : before);
  read.Bind(2, static_cast<std::int64_t>(limit));
  std::vector<AccessRecord> rows;
  for (;;) {
    LF_ASSIGN(const bool row, read.Step());
    if (!row) return rows;
    const auto text = [&](int column) { return std::string(read.Blob(column)); };
    rows.push_back({read.Int(0), FromMicros(read.Int(1)), text(2), text(3), text(4), text(5), text(6)});
  }
}

}  // namespace landfall::app
