// SPDX-License-Identifier: Apache-2.0
// Who may come in: passwords, sessions, API tokens, and the log of who did (access.db, beside the ledger and never in
// it).
//
// Why it exists: secrets and traces of people cannot lie in a log that is never erased and may be published. Which
// roles an account holds is the ledger's business; this knows accounts by number only.
//
// Passwords: Argon2id (RFC 9106), 19 MiB, 2 passes, 1 lane (OWASP's minimum, 2023), in the encoded form. Tokens and
// sessions: 32 random bytes, of which only SHA-256 is kept. The access log is append-only: triggers refuse UPDATE, and
// DELETE of what is younger than 183 days (网络安全法 第21条: six months); what is older than 400 days is pruned at
// Open.
//
// Threads: any. Calls marked [slow] hash a password (35 ms, 19 MiB) and belong on a worker pool, whose size bounds
// them; calls marked [disk] wait for the disk; the others touch memory only. Errors of every call that writes:
// store.io, store.corrupt.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/read_mark.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/seam.h"
#include "ledger/sqlite.h"

namespace landfall::app {

struct AccessOptions {
  Clock* clock = nullptr;  // null: the system's
  Random* random = nullptr;
  std::string vfs;
};

// What the log says of one act. `who`: account id, "local", or the login that was tried.
struct AccessRecord {
  std::int64_t id = 0;
  Instant at{};
  std::string who, what, subject, result, peer;
};

struct ApiToken {
  std::int64_t id = 0;
  std::string label;
  Instant created_at{};
  std::optional<Instant> revoked_at;
};

// Refuses what somebody would guess. Errors: password.too_short (12 characters), password.too_long (256 bytes),
// password.not_utf8, password.same_as_login, password.common.
Status CheckPasswordRules(std::string_view login, std::string_view password);

// Counts failures per login and per peer, and says how long the next attempt must wait: from the 5th failure on 1 s, 2
// s, 4 s … at most a minute: more would let a stranger lock an owner, or one clumsy colleague a whole office behind one
// address, out. Memory: at most kEntriesMax of each; the one that has been quiet longest goes first. Threads: any.
class LoginThrottle {
 public:
  static constexpr int kFreeFailures = 5;
  static constexpr std::size_t kEntriesMax = 10'000;
  static constexpr std::chrono::seconds kDelayMax{60};
  static constexpr std::chrono::hours kForgotten{1};  // After an hour without a failure.

  // Zero: go ahead. This attempt counts as a failure until Succeed: many at once must not slip through together.
  std::chrono::seconds Begin(Instant now, std::string_view login, std::string_view peer);
  // Forgives the login its failures and the peer this attempt; else one good account would let a peer guess on for
  // ever.
  void Succeed(std::string_view login, std::string_view peer);

 private:
  struct Entry {
    int failures = 0;
    Instant until{}, last{};
  };
  using Entries = std::unordered_map<std::string, Entry>;
  static Entry& Find(Entries& entries, std::string_view name, Instant now);
  static void Count(Entry& entry, Instant now);
  std::mutex mutex_;
  Entries logins_, peers_;
};

class AccessStore {
 public:
  static constexpr std::chrono::hours kSessionIdle{8}, kSessionAbsolute{24};
  static constexpr std::size_t kSessionsPerAccount = 20;  // The oldest ends when one more begins.

  // Makes the file where there is none, for its owner's eyes only. [disk]
  static Result<std::unique_ptr<AccessStore>> Open(const std::string& path, const AccessOptions& options = {});
  ~AccessStore();

  // ---- passwords ----
  // Ends the sessions of the account, but `keep` (a session's secret). Errors: those of CheckPasswordRules.
  // [slow][disk]
  Status SetPassword(AccountId account, std::string_view login, std::string_view password, std::string_view keep = {});
  // Does the same work whether the account (0: unknown login) has a password or not. [slow][disk]
  Result<bool> PasswordIs(AccountId account, std::string_view password);
  Result<bool> HasPassword(AccountId account);  // [disk]
  LoginThrottle& throttle() { return throttle_; }
  // Of query codes of cases: who mistypes one behind a shared address keeps nobody from signing in.
  LoginThrottle& code_throttle() { return code_throttle_; }

  // ---- sessions ----
  // Answers the secret that the cookie carries. [disk]
  Result<std::string> BeginSession(AccountId account);
  // Whose session it is, and counts as use. Nothing when there is none, or it was idle for 8 h or is 24 h old.
  std::optional<AccountId> FindSession(std::string_view secret);
  bool SessionLives(std::string_view secret) const;  // The same without counting as use.
  Status EndSession(std::string_view secret);        // [disk]
  // The anti-forgery token of a session: SHA-256 over it and a label, so it needs no storage and dies with the session.
  static std::string CsrfOf(std::string_view secret);

  // ---- API tokens ----
  struct NewToken {
    std::int64_t id;
    std::string secret;
  };
  Result<NewToken> CreateToken(AccountId account, std::string_view label);  // [disk]
  std::optional<AccountId> FindToken(std::string_view secret) const;
  Result<std::vector<ApiToken>> Tokens(AccountId account);  // Newest first. [disk]
  // Errors: token.unknown, also for another account's. [disk]
  Status RevokeToken(AccountId account, std::int64_t id);

  // ---- what is a person's own (access_personal.cc) ----
  // Up to which record an account has read its notifications, and when; nothing before the first time.
  ReadMark ReadUpTo(AccountId account) const;
  // Never back: of two windows the one that read further counts. [disk]
  Status SetReadUpTo(AccountId account, std::uint64_t seq);
  // The secret address of an account's calendar; one at a time, a new one ends the old. [disk]
  Result<std::string> CreateCalendar(AccountId account);
  std::optional<AccountId> FindCalendar(std::string_view secret) const;
  Result<std::optional<Instant>> CalendarSince(AccountId account);  // Nothing: there is none. [disk]
  Status RevokeCalendar(AccountId account);                         // Errors: calendar_feed.unknown. [disk]
  // Where an account wants its mail; personal data, hence here. Nothing: nowhere. [disk]
  Result<std::optional<std::string>> MailOf(AccountId account);
  Status SetMail(AccountId account, const std::optional<std::string>& address);  // [disk]
  struct MailAddress {
    AccountId account;
    std::string address;
    std::optional<Day> sent_on;  // The day of the last digest.
  };
  Result<std::vector<MailAddress>> Mails();            // [disk]
  Status SetMailSent(AccountId account, Day sent_on);  // [disk]

  // ---- the access log ----
  // Durable when it returns. Who is shown personal data is shown it only after this succeeded. [disk]
  Status Append(AccessRecord record);
  // Newest first, with id below `before` (0: from the newest). [disk]
  Result<std::vector<AccessRecord>> Read(std::int64_t before, std::size_t limit);

 private:
  struct Session {
    AccountId account;
    Instant created, used, saved;
  };
  struct DigestHash {
    std::size_t operator()(const Digest& d) const;
  };

  AccessStore(ledger::Connection db, Clock& clock, Random& random)
      : db_(std::move(db)), clock_(clock), random_(random) {}
  Status Prepare();
  Status Load();
  Status LoadPersonal();
  bool Alive(const Session& session, Instant now) const;
  std::string NewSecret();
  Status SaveSessions();                   // What FindSession has counted since. Under db_mutex_.
  Status DropSession(const Digest& hash);  // From the file. Under db_mutex_.
  template <class... Arguments>
  Status Write(std::string_view sql, const Arguments&... arguments);  // Under db_mutex_.

  std::mutex db_mutex_;  // Before sessions_mutex_ where both are held.
  ledger::Connection db_;
  Clock& clock_;
  Random& random_;
  LoginThrottle throttle_, code_throttle_;
  mutable std::mutex sessions_mutex_;
  std::unordered_map<Digest, Session, DigestHash> sessions_;
  std::unordered_map<Digest, AccountId, DigestHash> tokens_, calendars_;
  std::unordered_map<std::uint32_t, ReadMark> read_up_to_;  // by raw account
};

}  // namespace landfall::app
