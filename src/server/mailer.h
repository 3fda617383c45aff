// SPDX-License-Identifier: Apache-2.0
// Sends each account that asked for it one mail a day, from 7 in the morning on the jurisdiction's wall.
//
// It has a thread of its own and only reads: a relay that hangs keeps nobody waiting. When the relay cannot be reached
// it is tried again after 1 minute, then 2, 4 … at most an hour. What the relay refuses for good is not tried again
// that day.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/access_store.h"
#include "app/engine.h"
#include "server/smtp.h"

namespace landfall::server {

struct MailerOptions {
  SmtpRelay relay;
  std::string from;                           // The sender's address.
  std::string origin;                         // Where the pages stand, for links; "" for mails without.
  std::function<void(std::string_view)> log;  // One line; names accounts, never addresses.
};

class Mailer {
 public:
  static constexpr std::chrono::hours kFrom{7};
  static constexpr std::chrono::minutes kEvery{1}, kBackoffMax{60};

  struct Ledger {
    app::Engine* engine;
    app::AccessStore* access;
  };
  // The engines and stores outlive it.
  Mailer(std::vector<Ledger> ledgers, MailerOptions options);
  ~Mailer();  // Waits for the mail that is under way.
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;

  void Start();  // The thread.
  // One round over all accounts; what Start does every minute. Errors: those of SendMail but smtp.refused; the rest of
  // the round is given up.
  Status RunOnce();

 private:
  Status Round(const Ledger& ledger);
  void Log(const std::string& line) const {
    if (options_.log) options_.log(line);
  }
  void Loop();

  std::vector<Ledger> ledgers_;
  MailerOptions options_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace landfall::server
