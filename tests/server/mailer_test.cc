// SPDX-License-Identifier: Apache-2.0
// The daily digest, handed to a relay that does as it is told.
#include "server/mailer.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>

#include "server/api_support.h"
#include "server/page_address.h"

namespace landfall::server {
namespace {

using testing::HasSubstr;

// A relay on loopback. `answers` replaces the answer to a verb; "" never answers.
class FakeRelay {
 public:
  FakeRelay() {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    LF_CHECK(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(socket_, 8) == 0);
    ::socklen_t size = sizeof address;
    LF_CHECK(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ::ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~FakeRelay() {
    stopping_ = true;
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  SmtpRelay relay() const { return {"127.0.0.1", port_, std::chrono::milliseconds(2000)}; }
  void AnswerTo(const std::string& verb, const std::string& answer) {
    const std::lock_guard lock(mutex_);
    answers_[verb] = answer;
  }
  std::vector<std::string> mails() {
    const std::lock_guard lock(mutex_);
    return mails_;
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  void Serve() {
    while (!stopping_) {
      ::pollfd one{socket_, POLLIN, 0};
      if (::poll(&one, 1, 50) <= 0) continue;
      const int client = ::accept(socket_, nullptr, nullptr);
      if (client < 0) continue;
      Talk(client);
      ::close(client);
    }
  }
  std::string AnswerOf(const std::string& verb, const std::string& usual) {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(verb);
    return found == answers_.end() ? usual : found->second;
  }
  bool Say(int client, const std::string& text) {
    return text.empty() || ::send(client, text.data(), text.size(), MSG_NOSIGNAL) > 0;
  }
  void Talk(int client) {
    if (!Say(client, AnswerOf("greeting", "220-relay\r\n220 ready\r\n"))) return;
    std::string in, mail;
    bool data = false;
    while (!stopping_) {
      for (std::size_t end; (end = in.find("\r\n")) != std::string::npos;) {
        const std::string line = in.substr(0, end);
        in.erase(0, end + 2);
        if (data && line == ".") {
          data = false;
          {
            const std::lock_guard lock(mutex_);
            mails_.push_back(mail);
          }
          if (!Say(client, AnswerOf(".", "250 taken\r\n"))) return;
        } else if (data) {
          mail += (line.starts_with('.') ? line.substr(1) : line) + "\r\n";
        } else {
          {
            const std::lock_guard lock(mutex_);
            lines_.push_back(line);
          }
          const std::string verb = line.substr(0, 4);
          if (verb == "QUIT") return;
          data = verb == "DATA";
          if (!Say(client, AnswerOf(verb, data ? "354 go on\r\n" : "250-one\r\n250 two\r\n"))) return;
        }
      }
      ::pollfd one{client, POLLIN, 0};
      if (::poll(&one, 1, 50) <= 0) continue;
      char buffer[4096];
      const ::ssize_t n = ::recv(client, buffer, sizeof buffer, 0);
      if (n <= 0) return;
      in.append(buffer, static_cast<std::size_t>(n));
    }
  }

  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  std::vector<std::string> mails_, lines_;
  std::thread thread_;
};

std::string CodeOfStatus(const Status& status) { return status ? "ok" : status.error().code; }

TEST(Smtp, StuffsDotsAndSpeaksInOrder) {
  FakeRelay relay;

  ASSERT_TRUE(SendMail(relay.relay(), "a@x.org", "b@y.org", "Subject: x\r\n\r\n.\r\n..two\r\n"));

  ASSERT_EQ(relay.mails().size(), 1u);
  EXPECT_EQ(relay.mails()[0], "Subject: x\r\n\r\n.\r\n..two\r\n");
  const auto lines = relay.lines();
  ASSERT_GE(lines.size(), 4u);
  EXPECT_EQ(lines[1], "MAIL FROM:<a@x.org>");
  EXPECT_EQ(lines[2], "RCPT TO:<b@y.org>");
  EXPECT_EQ(lines[3], "DATA");
}

TEST(Smtp, NamesWhatWentWrong) {
  FakeRelay relay;
  SmtpRelay to = relay.relay();
  const auto send = [&] { return CodeOfStatus(SendMail(to, "a@x.org", "b@y.org", "x\r\n")); };

  relay.AnswerTo("RCPT", "550 nobody\r\n");
  EXPECT_EQ(send(), "smtp.refused");
  relay.AnswerTo("RCPT", "451 later\r\n");
  EXPECT_EQ(send(), "smtp.try_later");
  relay.AnswerTo("RCPT", "HTTP/1.1 400 Bad\r\n");
  EXPECT_EQ(send(), "smtp.bad_answer");
  relay.AnswerTo("RCPT", "250-" + std::string(9000, 'x'));
  EXPECT_EQ(send(), "smtp.bad_answer");
  relay.AnswerTo("RCPT", "");
  to.timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(send(), "smtp.timeout");
  to.port = 1;
  EXPECT_EQ(send(), "smtp.unreachable");
}

TEST(Mailer, SendsOneDigestADayToWhoAskedAndHasSomethingToDo) {
  Town town;
  FakeRelay relay;
  ASSERT_TRUE(town.access().SetMail(town.account("unit_officer"), "officer@example.org"));
  ASSERT_TRUE(town.access().SetMail(town.account("statistician"), "nothing@example.org"));
  ASSERT_TRUE(town.access().SetMail(town.account("disabled"), "gone@example.org"));
  Mailer mailer({{&town.engine(), &town.access()}}, {relay.relay(), "landfall@example.org", "https://x.example", {}});

  town.clock().Set(Instant(MakeDay(2026, 12, 1) - std::chrono::hours(2)));  // 06:00 in the county.
  EXPECT_TRUE(mailer.RunOnce());
  EXPECT_EQ(relay.mails().size(), 0u);
  town.clock().Advance(std::chrono::hours(1));
  EXPECT_TRUE(mailer.RunOnce());
  EXPECT_TRUE(mailer.RunOnce());
  ASSERT_EQ(relay.mails().size(), 1u);
  EXPECT_THAT(relay.mails()[0], HasSubstr("To: <officer@example.org>"));
  town.clock().Advance(std::chrono::hours(24));
  EXPECT_TRUE(mailer.RunOnce());
  EXPECT_EQ(relay.mails().size(), 2u);
}

TEST(PageAddress, NamesTheLedgerWhereThereAreSeveral) {
  EXPECT_EQ(PagesOf("990201", 1), "");
  EXPECT_EQ(PagesOf("990201", 2), "/l/990201");
  EXPECT_EQ(PagesOf("AU-MW", 2), "/l/AU-MW");
  EXPECT_EQ(PagesOf("a/b?c#d%", 2), "/l/a%2Fb%3Fc%23d%25");
}

TEST(Mailer, TriesAgainWhatTheRelayDidNotTakeAndForgetsWhatItRefused) {
  Town town;
  FakeRelay relay;
  ASSERT_TRUE(town.access().SetMail(town.account("unit_officer"), "officer@example.org"));
  std::string log;
  Mailer mailer({{&town.engine(), &town.access()}},
                {relay.relay(), "landfall@example.org", "", [&](std::string_view line) { log += line; }});
  town.clock().Set(Instant(MakeDay(2026, 12, 1) + std::chrono::hours(1)));

  relay.AnswerTo("MAIL", "421 busy\r\n");
  EXPECT_EQ(CodeOfStatus(mailer.RunOnce()), "smtp.try_later");
  relay.AnswerTo("MAIL", "550 no\r\n");
  EXPECT_TRUE(mailer.RunOnce());
  EXPECT_THAT(log, HasSubstr("smtp.refused"));
  EXPECT_THAT(log, testing::Not(HasSubstr("officer@")));
  relay.AnswerTo("MAIL", "250 ok\r\n");
  EXPECT_TRUE(mailer.RunOnce());
  EXPECT_EQ(relay.mails().size(), 0u);
}

}  // namespace
}  // namespace landfall::server
