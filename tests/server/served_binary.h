// SPDX-License-Identifier: Apache-2.0
// The binary as it is installed: run at the command line, or serving a ledger whose memory is watched.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "app/access_store.h"
#include "app/engine.h"
#include "server/http_client.h"
#include "support/test_data.h"

namespace landfall::server {

inline const std::string kBinary = std::string(LANDFALL_BINARY_DIR) + "/landfall";

struct ProcessOutput {
  int exit_code = -1;
  std::string out, err;
  long peak_kilobytes = 0;  // resident
};

// Starts the binary with its standard output and error in files or pipes; answers its process id.
inline pid_t StartBinary(std::vector<std::string> arguments, int out, int err) {
  arguments.insert(arguments.begin(), kBinary);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("LANG", "en_US.UTF-8", 1);
    ::dup2(out, 1);
    ::dup2(err, 2);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  return child;
}

inline ProcessOutput RunBinary(const std::string& folder, const std::vector<std::string>& arguments) {
  const std::string out = folder + "/stdout", err = folder + "/stderr";
  const int fds[] = {::open(out.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600),
                     ::open(err.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600)};
  const pid_t child = StartBinary(arguments, fds[0], fds[1]);
  for (const int fd : fds) ::close(fd);
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, test::ReadFile(out), test::ReadFile(err), usage.ru_maxrss};
}

// `landfall serve` on a free port. Ends with SIGTERM and must exit with zero.
class ServedBinary {
 public:
  ServedBinary(const std::string& ledger, const std::string& log) {
    int out[2];
    LF_CHECK(::pipe2(out, O_CLOEXEC) == 0);
    const int err = ::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
    pid_ = StartBinary({"serve", ledger, "--listen", "127.0.0.1:0"}, out[1], err);
    ::close(out[1]);
    ::close(err);
    std::string line;
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) line += c;
    out_ = out[0];
    constexpr std::string_view kAddress = "http://127.0.0.1:";
    EXPECT_TRUE(line.starts_with(kAddress)) << line << test::ReadFile(log);
    port_ = static_cast<std::uint16_t>(std::atoi(line.substr(std::min(line.size(), kAddress.size())).c_str()));
  }
  ~ServedBinary() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the server did not end by itself: " << status;
    ::close(out_);
  }
  ServedBinary(const ServedBinary&) = delete;
  ServedBinary& operator=(const ServedBinary&) = delete;

  ClientResponse Send(const std::string& token, std::string_view method, std::string_view target,
                      std::string_view body = {}, std::vector<Field> headers = {}) const {
    headers.push_back({"Authorization", "Bearer " + token});
    auto client = HttpClient::Connect("127.0.0.1", port_, std::chrono::seconds(60));
    LF_CHECK(client.ok());
    auto response = client->Send(method, target, headers, body);
    EXPECT_TRUE(response.ok()) << method << " " << target << ": " << (response.ok() ? "" : response.error().code);
    return response.ok() ? *std::move(response) : ClientResponse{};
  }

  // Resident memory now, and at most since the last ForgetPeak, in KiB. -1 where the system does not tell.
  long Resident() const { return Status("VmRSS:"); }
  long Peak() const { return Status("VmHWM:"); }
  void ForgetPeak() const { std::ofstream("/proc/" + std::to_string(pid_) + "/clear_refs") << "5"; }

 private:
  long Status(const std::string& name) const {
    std::ifstream in("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(in, line);)
      if (line.starts_with(name)) return std::atol(line.c_str() + name.size());
    return -1;
  }
  pid_t pid_ = -1;
  int out_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace landfall::server
