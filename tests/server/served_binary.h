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

// A ledger with a region, a unit, accounts and one project; the token of its project office. `folder`: for what the
// programs print. `ledger`: as at the command line.
inline std::string MakeCounty(const std::string& folder, const std::string& code, const std::string& ledger) {
  const auto must = [&](std::vector<std::string> arguments) {
    const ProcessOutput done = RunBinary(folder, arguments);
    EXPECT_EQ(done.exit_code, 0) << arguments[0] << ": " << done.err;
  };
  must({"init", ledger, "--jurisdiction", code, "--name", "示例县"});
  must({"command", ledger, "region.add", "--code", code, "--name", "示例县", "--effective_on", "2020-01-01"});
  must({"command", ledger, "unit.create", "--code", "office", "--name", "示例办"});
  must({"demo-accounts", ledger, "--out", folder + "/accounts.json"});
  const auto access = app::AccessStore::Open(app::FindLedger(ledger).value().access());
  LF_CHECK(access.ok());
  const std::string token = (*access)->CreateToken(AccountId{5}, "test").value().secret;
  must({"command", ledger, "project.register", "--as", token, "--title", "示例项目", "--ladder", "industrial",
        "--owner_unit", "o1"});
  return token;
}

// `landfall serve` on a free port. Ends with SIGTERM and must exit with zero.
class ServedBinary {
 public:
  ServedBinary(const std::string& ledger, const std::string& log, const std::vector<std::string>& more = {}) {
    int out[2];
    LF_CHECK(::pipe2(out, O_CLOEXEC) == 0);
    const int err = ::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
    std::vector<std::string> arguments{"serve", ledger, "--listen", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    pid_ = StartBinary(std::move(arguments), out[1], err);
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
    if (pid_ > 0) {
      ::kill(pid_, SIGTERM);
      const int status = Wait();
      EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the server did not end by itself: " << status;
    }
    ::close(out_);
  }
  // Ends it with SIGKILL.
  void Kill() {
    ::kill(pid_, SIGKILL);
    const int status = Wait();
    EXPECT_TRUE(WIFSIGNALED(status)) << "the server had ended by itself: " << status;
  }
  std::uint16_t port() const { return port_; }
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
  int Wait() {
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    pid_ = -1;
    return status;
  }
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
