// SPDX-License-Identifier: Apache-2.0
// What is a person's own: how far they have read, the secret address of their calendar, where they want mail.
#include <cstring>

#include "app/access_store.h"

namespace landfall::app {
namespace {

using ledger::Statement;

std::int64_t Micros(Instant at) { return at.time_since_epoch().count(); }

}  // namespace

Status AccessStore::LoadPersonal() {
  LF_ASSIGN(Statement read, Statement::Prepare(db_.get(),
                                               "SELECT r.account, r.seq, coalesce(t.at, 0) FROM notice_read AS r "
                                               "LEFT JOIN notice_read_at AS t ON t.account = r.account"));
  for (;;) {
    LF_ASSIGN(const bool row, read.Step());
    if (!row) break;
    read_up_to_[static_cast<std::uint32_t>(read.Int(0))] = {static_cast<std::uint64_t>(read.Int(1)),
                                                            Instant(std::chrono::microseconds(read.Int(2)))};
  }
  LF_ASSIGN(Statement feeds, Statement::Prepare(db_.get(), "SELECT hash, account FROM calendar_feed"));
  for (;;) {
    LF_ASSIGN(const bool row, feeds.Step());
    if (!row) return Ok{};
    Digest hash{};
    std::memcpy(hash.data(), feeds.Blob(0).data(), std::min(feeds.Blob(0).size(), hash.size()));
    calendars_[hash] = AccountId{static_cast<std::uint32_t>(feeds.Int(1))};
  }
}

ReadMark AccessStore::ReadUpTo(AccountId account) const {
  const std::lock_guard lock(sessions_mutex_);
  const auto found = read_up_to_.find(account.raw);
  return found == read_up_to_.end() ? ReadMark{} : found->second;
}

Status AccessStore::SetReadUpTo(AccountId account, std::uint64_t seq) {
  const std::lock_guard lock(db_mutex_);
  const ReadMark mark{std::max(seq, ReadUpTo(account).seq), clock_.Now()};
  LF_ASSIGN(Statement write, Statement::Prepare(db_.get(),
                                                "INSERT INTO notice_read(account, seq) VALUES(?1, ?2) ON CONFLICT "
                                                "(account) DO UPDATE SET seq = excluded.seq"));
  write.Bind(1, account.raw);
  write.Bind(2, static_cast<std::int64_t>(mark.seq));
  LF_TRY(write.Run());
  // A table of its own, so that a store made before there was one opens as it is.
  LF_ASSIGN(Statement when, Statement::Prepare(db_.get(),
                                               "INSERT INTO notice_read_at(account, at) VALUES(?1, ?2) ON CONFLICT "
                                               "(account) DO UPDATE SET at = excluded.at"));
  when.Bind(1, account.raw);
  when.Bind(2, Micros(mark.at));
  LF_TRY(when.Run());
  const std::lock_guard memory(sessions_mutex_);
  read_up_to_[account.raw] = mark;
  return Ok{};
}

// ---- the calendar ----

Result<std::string> AccessStore::CreateCalendar(AccountId account) {
  std::string secret = NewSecret();
  const Digest hash = Sha256(secret);
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(Statement write,
            Statement::Prepare(db_.get(),
                               "INSERT INTO calendar_feed(account, hash, created_at) VALUES(?1, ?2, ?3) ON CONFLICT "
                               "(account) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at"));
  write.Bind(1, account.raw);
  write.BindBlob(2, AsText(hash));
  write.Bind(3, Micros(clock_.Now()));
  LF_TRY(write.Run());
  const std::lock_guard memory(sessions_mutex_);
  std::erase_if(calendars_, [&](const auto& feed) { return feed.second == account; });
  calendars_[hash] = account;
  return secret;
}

std::optional<AccountId> AccessStore::FindCalendar(std::string_view secret) const {
  if (secret.size() != 2 * sizeof(Digest)) return std::nullopt;
  const Digest hash = Sha256(secret);
  const std::lock_guard lock(sessions_mutex_);
  const auto found = calendars_.find(hash);
  return found == calendars_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<Instant>> AccessStore::CalendarSince(AccountId account) {
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(Statement read, Statement::Prepare(db_.get(), "SELECT created_at FROM calendar_feed WHERE account = ?1"));
  read.Bind(1, account.raw);
  LF_ASSIGN(const bool row, read.Step());
  if (!row) return std::optional<Instant>();
  return std::optional<Instant>(Instant(std::chrono::microseconds(read.Int(0))));
}

Status AccessStore::RevokeCalendar(AccountId account) {
  const std::lock_guard lock(db_mutex_);
  {
    const std::lock_guard memory(sessions_mutex_);
    if (std::erase_if(calendars_, [&](const auto& feed) { return feed.second == account; }) == 0)
      return NotFound("calendar_feed.unknown");
  }
  LF_ASSIGN(Statement write, Statement::Prepare(db_.get(), "DELETE FROM calendar_feed WHERE account = ?1"));
  write.Bind(1, account.raw);
  return write.Run();
}

// ---- mail ----

Result<std::optional<std::string>> AccessStore::MailOf(AccountId account) {
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(Statement read, Statement::Prepare(db_.get(), "SELECT address FROM mail WHERE account = ?1"));
  read.Bind(1, account.raw);
  LF_ASSIGN(const bool row, read.Step());
  if (!row) return std::optional<std::string>();
  return std::optional<std::string>(std::string(read.Blob(0)));
}

Status AccessStore::SetMail(AccountId account, const std::optional<std::string>& address) {
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(Statement write,
            Statement::Prepare(db_.get(), address ? "INSERT INTO mail(account, address, set_at) VALUES(?1, ?2, ?3) ON "
                                                    "CONFLICT (account) DO UPDATE SET address = excluded.address, "
                                                    "set_at = excluded.set_at"
                                                  : "DELETE FROM mail WHERE account = ?1"));
  write.Bind(1, account.raw);
  if (address) {
    write.BindText(2, *address);
    write.Bind(3, Micros(clock_.Now()));
  }
  return write.Run();
}

Result<std::vector<AccessStore::MailAddress>> AccessStore::Mails() {
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(Statement read,
            Statement::Prepare(db_.get(), "SELECT account, address, coalesce(sent_on, -1) FROM mail ORDER BY account"));
  std::vector<MailAddress> mails;
  for (;;) {
    LF_ASSIGN(const bool row, read.Step());
    if (!row) return mails;
    MailAddress mail{AccountId{static_cast<std::uint32_t>(read.Int(0))}, std::string(read.Blob(1)), std::nullopt};
    if (read.Int(2) >= 0) mail.sent_on = DayFromNumber(static_cast<std::int32_t>(read.Int(2)));
    mails.push_back(std::move(mail));
  }
}

Status AccessStore::SetMailSent(AccountId account, Day sent_on) {
  const std::lock_guard lock(db_mutex_);
  LF_ASSIGN(Statement write, Statement::Prepare(db_.get(), "UPDATE mail SET sent_on = ?2 WHERE account = ?1"));
  write.Bind(1, account.raw);
  write.Bind(2, static_cast<std::int64_t>(DayNumber(sent_on)));
  return write.Run();
}

}  // namespace landfall::app
