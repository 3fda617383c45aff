// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_proxy.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace landfall::test {
namespace {

sockaddr_un Address(const std::string& path) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::memcpy(at.sun_path, path.data(), std::min(path.size(), sizeof at.sun_path - 1));
  return at;
}

bool SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// One direction of one wire: bytes in, whole messages out.
class Messages {
 public:
  // The first message of a client has a length and no letter.
  explicit Messages(bool startup) : startup_(startup) {}
  void Add(std::string_view bytes) { buffer_.append(bytes); }
  // The next whole message, valid until the next Add; its letter, 0 for the startup.
  std::optional<std::string_view> Next(char& letter) {
    const std::string_view rest = std::string_view(buffer_).substr(at_);
    const std::size_t head = startup_ ? 0 : 1;
    if (rest.size() < head + 4) return Wait();
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<std::uint8_t>(rest[head + i]);
    if (rest.size() < head + length) return Wait();
    letter = startup_ ? '\0' : rest[0];
    startup_ = false;
    at_ += head + length;
    return rest.substr(0, head + length);
  }

 private:
  std::optional<std::string_view> Wait() {
    buffer_.erase(0, at_);
    at_ = 0;
    return std::nullopt;
  }
  bool startup_;
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace

struct PostgresProxy::Shared {
  enum class Verdict { kPass, kCutBefore, kCutAfter };

  // Counts a message, and says what becomes of it. `answer_is_cut` is this wire's memory of CutNext.
  Verdict Judge(bool of_client, char letter, bool& answer_is_cut) {
    const std::lock_guard lock(mutex);
    ++messages;
    Verdict verdict = Verdict::kPass;
    if (down) {
      verdict = Verdict::kCutBefore;
    } else if (messages == cut_at) {
      verdict = cut_after ? Verdict::kCutAfter : Verdict::kCutBefore;
      cut_at = 0;
      down = down_after_cut;
    } else if (of_client && next) {
      if (*next == Cut::kQuestion) verdict = Verdict::kCutBefore;
      answer_is_cut = answer_is_cut || *next == Cut::kAnswer;
      next.reset();
    } else if (!of_client && answer_is_cut) {
      verdict = Verdict::kCutBefore;
    }
    if (verdict == Verdict::kPass) return verdict;
    ++cuts;
    last_cut = std::string(verdict == Verdict::kCutBefore ? "before " : "after ") +
               (of_client ? "client's " : "server's ") +
               (letter == '\0' ? std::string("startup") : std::string(1, letter));
    return verdict;
  }

  // What has arrived at one end goes out at the other, up to a cut. False at a cut, or when somebody has hung up.
  bool Pass(int from, int to, Messages& messages_of, bool of_client, bool& answer_is_cut) {
    char buffer[1 << 16];
    const ssize_t n = ::read(from, buffer, sizeof buffer);
    if (n <= 0) return false;
    messages_of.Add({buffer, static_cast<std::size_t>(n)});
    std::string out;
    char letter = 0;
    Verdict verdict = Verdict::kPass;
    while (verdict == Verdict::kPass) {
      const auto message = messages_of.Next(letter);
      if (!message) break;
      verdict = Judge(of_client, letter, answer_is_cut);
      if (verdict != Verdict::kCutBefore) out += *message;
    }
    return SendAll(to, out) && verdict == Verdict::kPass;
  }

  void Carry(int client, int server) {
    Messages of_client(true), of_server(false);
    bool answer_is_cut = false;
    for (;;) {
      pollfd fds[3] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {stop[0], POLLIN, 0}};
      ::poll(fds, 3, -1);
      if (fds[2].revents != 0) return;
      if (fds[0].revents != 0 && !Pass(client, server, of_client, true, answer_is_cut)) return;
      if (fds[1].revents != 0 && !Pass(server, client, of_server, false, answer_is_cut)) return;
    }
  }

  void Accept() {
    for (;;) {
      pollfd fds[2] = {{listener, POLLIN, 0}, {stop[0], POLLIN, 0}};
      ::poll(fds, 2, -1);
      if (fds[1].revents != 0) return;
      const int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_un at = Address(server_path);
      if (::connect(server, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
        ::close(client);
        ::close(server);
        continue;
      }
      wires.emplace_back([this, client, server] {
        Carry(client, server);
        ::close(client);
        ::close(server);
      });
    }
  }

  std::string server_path;
  int listener = -1;
  int stop[2] = {-1, -1};
  std::thread accepts;
  std::vector<std::thread> wires;  // Of `accepts`, until it has ended.

  mutable std::mutex mutex;
  std::uint64_t messages = 0, cut_at = 0;
  bool cut_after = false, down_after_cut = false, down = false;
  std::optional<Cut> next;
  int cuts = 0;
  std::string last_cut;
};

PostgresProxy::PostgresProxy(const std::string& listen_at, const std::string& server)
    : shared_(std::make_unique<Shared>()) {
  Shared& s = *shared_;
  s.server_path = server;
  s.listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un at = Address(listen_at);
  EXPECT_EQ(::bind(s.listener, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0) << listen_at;
  EXPECT_EQ(::listen(s.listener, 64), 0);
  EXPECT_EQ(::pipe2(s.stop, O_CLOEXEC), 0);
  s.accepts = std::thread([&s] { s.Accept(); });
}

PostgresProxy::~PostgresProxy() {
  Shared& s = *shared_;
  ::close(s.stop[1]);  // Every wait sees the end of the pipe.
  s.accepts.join();
  for (std::thread& t : s.wires) t.join();
  ::close(s.stop[0]);
  ::close(s.listener);
}

void PostgresProxy::CutAt(std::uint64_t message, bool after, bool for_good) {
  const std::lock_guard lock(shared_->mutex);
  shared_->messages = 0;
  shared_->cut_at = message;
  shared_->cut_after = after;
  shared_->down_after_cut = for_good;
  shared_->down = false;
}

void PostgresProxy::CutNext(Cut cut) {
  const std::lock_guard lock(shared_->mutex);
  shared_->next = cut;
}

std::uint64_t PostgresProxy::messages() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->messages;
}
int PostgresProxy::cuts() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->cuts;
}
std::string PostgresProxy::last_cut() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->last_cut;
}

}  // namespace landfall::test
