// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_server.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

namespace landfall::test {
namespace {

const std::string kBinaries = "/usr/lib/postgresql/15/bin/";

// Some sandboxes let nobody but root write to /dev/null, and initdb's shells do: those get one of their own, in a mount
// namespace that ends with them.
void EnsureNull(const std::string& folder) {
  struct stat null {};
  if (::stat("/dev/null", &null) != 0 || (null.st_mode & 0666) == 0666) return;
  const std::string own = folder + "/null";
  if (::mknod(own.c_str(), S_IFCHR | 0666, ::makedev(1, 3)) != 0 && errno != EEXIST) return;
  ::chmod(own.c_str(), 0666);
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return;
  ::mount(own.c_str(), "/dev/null", nullptr, MS_BIND, nullptr);
}

// In the child, before it becomes the program: nobody's rights and an end together with ours.
void Become(uid_t user, gid_t group, const std::string& folder) {
  if (::geteuid() == 0) EnsureNull(folder);
  const std::string log = folder + "/log";
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::dup2(out, 1);
  ::dup2(out, 2);
  if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(group) != 0 || ::setuid(user) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // After setuid, which clears it.
  if (::chdir("/") != 0) ::_exit(126);
}

pid_t Spawn(uid_t user, gid_t group, const std::string& folder, std::vector<std::string> words) {
  std::vector<char*> argv;
  words[0] = kBinaries + words[0];
  for (std::string& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  Become(user, group, folder);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

bool Run(uid_t user, gid_t group, const std::string& folder, std::vector<std::string> words) {
  const pid_t pid = Spawn(user, group, folder, std::move(words));
  int status = -1;
  return pid > 0 && ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

PostgresServer* PostgresServer::Shared(std::string* why) {
  static std::string problem;
  static const std::unique_ptr<PostgresServer> server = [] {
    auto made = std::unique_ptr<PostgresServer>(new PostgresServer);
    problem = made->Start();
    return problem.empty() ? std::move(made) : nullptr;
  }();
  if (why != nullptr) *why = problem;
  return server.get();
}

std::string PostgresServer::Start() {
  if (::access((kBinaries + "initdb").c_str(), X_OK) != 0) return "no " + kBinaries + "initdb (package postgresql-15)";
  user_ = ::geteuid();
  group_ = ::getegid();
  if (user_ == 0) {
    const passwd* nobody = ::getpwnam("nobody");
    if (nobody == nullptr) return "no user nobody to run it as";
    user_ = nobody->pw_uid;
    group_ = nobody->pw_gid;
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "landfall-pg-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return "no temporary folder";
  folder_ = pattern;
  for (const std::string& made : {folder_, folder_ + "/data", folder_ + "/s"}) {
    ::mkdir(made.c_str(), 0700);
    if (::chown(made.c_str(), user_, group_) != 0) return "chown " + made;
  }
  if (!Run(user_, group_, folder_,
           {"initdb", "-D", folder_ + "/data", "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
            "--wal-segsize=4"}))
    return "initdb failed: " + ReadFile(folder_ + "/log");
  if (!Launch()) return "it did not start: " + ReadFile(folder_ + "/log");
  return {};
}

bool PostgresServer::Launch(const std::vector<std::string>& settings) {
  std::vector<std::string> words = {
      "postgres",
      "-D",
      folder_ + "/data",
      "-k",
      socket(),
      "-h",
      "",
      "-c",
      "max_connections=100",
      "-c",
      "shared_buffers=64MB",
      "-c",
      "max_wal_size=64MB",  // A test machine's disk is small, and nobody reads this log again.
      "-c",
      "recovery_init_sync_method=syncfs"};
  for (const std::string& setting : settings) words.insert(words.end(), {"-c", setting});
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < give_up) {
    // Behind a kill it refuses to start until the last process of the one before is gone.
    if (pid_ <= 0 || ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = Spawn(user_, group_, folder_, words);
    if (Run(user_, group_, folder_, {"pg_isready", "-q", "-h", socket(), "-U", "owner", "-d", "postgres"})) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

void PostgresServer::Halt(End end) {
  if (pid_ <= 0) return;
  std::vector<pid_t> processes{pid_};
  if (end == End::kKilled) {
    std::ifstream children("/proc/" + std::to_string(pid_) + "/task/" + std::to_string(pid_) + "/children");
    for (pid_t child = 0; children >> child;) processes.push_back(child);
  }
  for (const pid_t process : processes) ::kill(process, end == End::kKilled ? SIGKILL : SIGQUIT);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

PostgresServer::~PostgresServer() {
  Halt();
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::string PostgresServer::NewDatabase() {
  const std::string name = "t" + std::to_string(++databases_);
  EXPECT_TRUE(Run(user_, group_, folder_,
                  {"psql", "-q", "-h", socket(), "-U", "owner", "-d", "postgres", "-c", "CREATE DATABASE " + name}))
      << ReadFile(folder_ + "/log");
  return "postgresql:///" + name + "?host=" + socket() + "&user=owner";
}

std::string PostgresServer::As(const std::string& address, const std::string& user) {
  return address.substr(0, address.find("&user=")) + "&user=" + user;
}

std::string PostgresServer::Through(const std::string& address, const std::string& socket_folder) const {
  std::string other = address;
  return other.replace(other.find(socket()), socket().size(), socket_folder);
}

}  // namespace landfall::test
