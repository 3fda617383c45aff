// SPDX-License-Identifier: Apache-2.0
#include "server/mailer.h"

#include "app/mail_digest.h"
#include "exchange/mail.h"
#include "server/page_address.h"

namespace landfall::server {

Mailer::Mailer(std::vector<Ledger> ledgers, MailerOptions options)
    : ledgers_(std::move(ledgers)), options_(std::move(options)) {}

Mailer::~Mailer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Mailer::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void Mailer::Loop() {
  std::chrono::minutes pause = kEvery;
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, pause, [this] { return stopping_; })) {
    lock.unlock();
    const Status done = RunOnce();
    if (!done) Log("mail: " + done.error().code + " " + done.error().detail);
    pause = done ? kEvery : std::min(kBackoffMax, pause * 2);
    lock.lock();
  }
}

Status Mailer::RunOnce() {
  for (const Ledger& ledger : ledgers_) LF_TRY(Round(ledger));
  return Ok{};
}

Status Mailer::Round(const Ledger& ledger) {
  const Instant now = ledger.engine->clock().Now();
  Day today{};
  {
    const auto reader = ledger.engine->Read();
    today = WallDay(now, reader.state().admin.offset());
    if (WallDay(now - kFrom, reader.state().admin.offset()) != today) return Ok{};  // Too early.
  }
  LF_ASSIGN(const std::vector<app::AccessStore::MailAddress> mails, ledger.access->Mails());
  for (const app::AccessStore::MailAddress& to : mails) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return Ok{};
    }
    if (to.sent_on && *to.sent_on >= today) continue;
    std::optional<app::MailText> text;
    std::string jurisdiction;
    {
      const auto reader = ledger.engine->Read();
      const app::State& state = reader.state();
      if (!state.admin.Knows(to.account) || state.admin.disabled[to.account.index()]) continue;
      jurisdiction = state.admin.jurisdiction;
      text = app::ComposeDigest(
          {state, today, reader.seq(), reader.last_at(), reader.seq(), {}}, to.account, app::Language::kZh,
          options_.origin.empty() ? "" : options_.origin + PagesOf(jurisdiction, ledgers_.size()));
    }
    if (text) {
      const std::string id = to.account.ToString() + "." + FormatDay(today) + "@" + jurisdiction + ".landfall";
      const Status sent =
          SendMail(options_.relay, options_.from, to.address,
                   exchange::WriteMail({options_.from, to.address, text->subject, text->body, now, id}));
      if (!sent && sent.error().code != "smtp.refused") return sent;
      if (!sent) Log("mail: smtp.refused " + sent.error().detail + " for " + to.account.ToString());
    }
    LF_TRY(ledger.access->SetMailSent(to.account, today));
  }
  return Ok{};
}

}  // namespace landfall::server
