// SPDX-License-Identifier: Apache-2.0
#include "server/smtp.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace landfall::server {
namespace {

constexpr std::size_t kAnswerBytesMax = 4096;

class Conversation {
 public:
  explicit Conversation(const SmtpRelay& relay) : relay_(relay) {}
  ~Conversation() {
    if (socket_ >= 0) ::close(socket_);
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  Status Connect() {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(relay_.host.c_str(), std::to_string(relay_.port).c_str(), &hints, &found) != 0)
      return Unavailable("smtp.unreachable", "name");
    Status last = Unavailable("smtp.unreachable", "no address");
    for (const addrinfo* a = found; a != nullptr; a = a->ai_next)
      if ((last = ConnectTo(*a))) break;
    ::freeaddrinfo(found);
    return last;
  }

  // Sends `line` (with CRLF; empty: nothing) and takes the answer, whose first digit must be `expected`.
  Status Say(std::string_view line, char expected) {
    LF_TRY(Write(line));
    LF_ASSIGN(const std::string answer, Answer());
    if (answer[0] == expected) return Ok{};
    if (answer[0] == '4') return Unavailable("smtp.try_later", answer.substr(0, 3));
    if (answer[0] == '5') return Invalid("smtp.refused", answer.substr(0, 3));
    return Unavailable("smtp.bad_answer", answer.substr(0, 3));
  }

  Status Write(std::string_view bytes) {
    while (!bytes.empty()) {
      LF_TRY(Wait(POLLOUT));
      const ::ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n < 0 && errno != EAGAIN && errno != EINTR) return Unavailable("smtp.unreachable", "send");
      if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return Ok{};
  }

 private:
  Status ConnectTo(const addrinfo& a) {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    socket_ = ::socket(a.ai_family, a.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a.ai_protocol);
    if (socket_ < 0) return Unavailable("smtp.unreachable", "socket");
    if (::connect(socket_, a.ai_addr, a.ai_addrlen) == 0) return Ok{};
    if (errno != EINPROGRESS) return Unavailable("smtp.unreachable", "connect");
    LF_TRY(Wait(POLLOUT));
    int error = 0;
    ::socklen_t size = sizeof error;
    if (::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
      return Unavailable("smtp.unreachable", "connect");
    return Ok{};
  }

  Status Wait(short events) {
    ::pollfd one{socket_, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(relay_.timeout.count()));
    if (ready == 0) return Unavailable("smtp.timeout");
    if (ready < 0 && errno != EINTR) return Unavailable("smtp.unreachable", "poll");
    return Ok{};
  }

  // The last line of an answer: "250-…" goes on, "250 …" ends it.
  Result<std::string> Answer() {
    std::size_t taken = 0;
    for (;;) {
      for (std::size_t end; (end = in_.find("\r\n")) != std::string::npos;) {
        const std::string line = in_.substr(0, end);
        in_.erase(0, end + 2);
        const bool coded = line.size() >= 3 && line.find_first_not_of("0123456789") >= 3;
        if (!coded || (line.size() > 3 && line[3] != ' ' && line[3] != '-')) return Unavailable("smtp.bad_answer");
        if (line.size() == 3 || line[3] == ' ') return line;
      }
      LF_TRY(Wait(POLLIN));
      char buffer[1024];
      const ::ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
      if (n == 0) return Unavailable("smtp.bad_answer", "closed");
      if (n < 0 && errno != EAGAIN && errno != EINTR) return Unavailable("smtp.unreachable", "receive");
      if (n > 0) in_.append(buffer, static_cast<std::size_t>(n));
      if (n > 0 && (taken += static_cast<std::size_t>(n)) > kAnswerBytesMax) return Unavailable("smtp.bad_answer");
    }
  }

  const SmtpRelay& relay_;
  int socket_ = -1;
  std::string in_;
};

// A line that begins with a dot gets another (§4.5.2).
std::string Stuffed(std::string_view message) {
  std::string out;
  while (!message.empty()) {
    const std::size_t end = std::min(message.find("\r\n"), message.size());
    if (message[0] == '.') out += '.';
    out += message.substr(0, end);
    out += "\r\n";
    message.remove_prefix(std::min(message.size(), end + 2));
  }
  return out;
}

}  // namespace

Status SendMail(const SmtpRelay& relay, const std::string& from, const std::string& to, std::string_view message) {
  Conversation relaying(relay);
  LF_TRY(relaying.Connect());
  LF_TRY(relaying.Say({}, '2'));
  LF_TRY(relaying.Say("EHLO localhost\r\n", '2'));
  LF_TRY(relaying.Say("MAIL FROM:<" + from + ">\r\n", '2'));
  LF_TRY(relaying.Say("RCPT TO:<" + to + ">\r\n", '2'));
  LF_TRY(relaying.Say("DATA\r\n", '3'));
  LF_TRY(relaying.Say(Stuffed(message) + ".\r\n", '2'));
  // It is taken; how the relay says goodbye changes nothing.
  (void)relaying.Write("QUIT\r\n").ok();
  return Ok{};
}

}  // namespace landfall::server
