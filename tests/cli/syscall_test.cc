// SPDX-License-Identifier: Apache-2.0
// The real binary under strace: each call to the system that writes, syncs, opens or renames fails once with EIO, while
// a ledger is made, a register is imported and a command is sent. A cross-check of the simulated disks: what they leave
// out (the signing key, the checkpoint beside the ledger, the opening of files) is in here.
//
// Fast: every so manieth call, the number printed; LANDFALL_TEST_ALL=1: every one.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "cli/shell.h"
#include "support/test_data.h"

namespace landfall::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCalls[] = {"write", "pwrite64", "fsync", "fdatasync", "openat", "rename"};

bool MayTrace() { return Shell("strace -f -qq -e trace=write -o /dev/null true").exit_code == 0; }

class Syscalls : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kBinary) || !MayTrace()) {
      if (InCi()) FAIL() << "no binary, or strace is missing or not allowed (./dev setup test)";
      GTEST_SKIP() << "SKIPPED LOUDLY: no binary, or strace is missing or not allowed";
    }
    std::string pattern = (fs::temp_directory_path() / "landfall-syscalls-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::ofstream(folder_ / "register.csv") << "code,title,money,unit,signed\nA-1,示例项目甲,100,示例局,2025-01-02\n"
                                               "A-2,示例项目乙,200,示例局,2025-02-03\n";
    std::ofstream(folder_ / "mapping.json")
        << R"({"version":1,"ladder":"industrial","register_as_at":"2025-06-30","dates":["YYYY-MM-DD"],"columns":{
               "code":{"field":"code"},"title":{"field":"title"},"money":{"field":"investment","unit":"万元"},
               "unit":{"field":"owner_unit","level":1},"signed":{"milestone":"signed","as":"stated"}}})";
  }
  void TearDown() override {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }

  std::string Ledger() const { return (folder_ / "ledger").string(); }
  std::string Landfall(const std::string& arguments) const { return kBinary.string() + " " + arguments; }
  std::string Init() const { return Landfall("init " + Ledger() + " --jurisdiction 430212 --name 示例区"); }
  std::string Import() const {
    return Landfall("import " + Ledger() + " projects " + (folder_ / "register.csv").string() + " --mapping " +
                    (folder_ / "mapping.json").string());
  }
  // A key of now: the writer refuses older ones.
  std::string Command() const {
    return Landfall("command " + Ledger() + " unit.create --code u1 --name 示例 --key " + key_);
  }

  // The entries of an intact ledger; nothing when it is not one.
  std::optional<int> IntactSize() const {
    const Output verified = Shell(Landfall("verify ledger " + Ledger() + " --json"));
    std::smatch size;
    static const std::regex kSize("\"verdict\":\"intact\",\"size\":([0-9]+)");
    if (verified.exit_code != 0 || !std::regex_search(verified.text, size, kSize)) return std::nullopt;
    return std::stoi(size[1]);
  }

  // How often each call of this command can be made to fail: strace counts per thread, so as many times as the busiest
  // thread calls. Of openat only those that open something of the ledger's: a library that cannot be loaded stops any
  // program before its first line.
  std::map<std::string, std::vector<int>> CallsOf(const std::string& command) const {
    const std::string trace = (folder_ / "trace").string();
    Shell("strace -f -qq -o " + trace + " -e trace=write,pwrite64,fsync,fdatasync,openat,rename " + command);
    std::map<std::string, std::vector<int>> calls;
    std::map<std::pair<std::string, std::string>, int> seen;  // By thread and call.
    std::istringstream lines(ReadFile(trace));
    static const std::regex kLine("^([0-9]+) +([a-z0-9]+)\\((.*)$");
    for (std::string line; std::getline(lines, line);) {
      std::smatch parts;
      if (!std::regex_match(line, parts, kLine)) continue;
      const std::string call = parts[2];
      const int n = ++seen[{parts[1], call}];
      if (call == "openat" && parts[3].str().find(Ledger()) == std::string::npos) continue;
      std::vector<int>& numbers = calls[call];
      if (std::find(numbers.begin(), numbers.end(), n) == numbers.end()) numbers.push_back(n);
    }
    return calls;
  }

  // Runs `command` on a copy of `before` once for each call that fails. `judge` gets what it said.
  template <class Judge>
  void FailEachOf(std::string_view name, const std::string& command, const fs::path& before, int stride, Judge judge) {
    Restore(before);
    const auto calls = CallsOf(command);
    int runs = 0, failed = 0;
    for (const char* call : kCalls) {
      const auto found = calls.find(call);
      if (found == calls.end()) continue;
      for (std::size_t i = static_cast<std::size_t>(runs) % static_cast<std::size_t>(stride); i < found->second.size();
           i += static_cast<std::size_t>(stride)) {
        Restore(before);
        const std::string at = std::string(call) + " " + std::to_string(found->second[i]);
        SCOPED_TRACE(std::string(name) + ": " + at);
        const Output said = Shell("strace -f -qq -o /dev/null -e trace=" + std::string(call) + " -e inject=" + call +
                                  ":error=EIO:when=" + std::to_string(found->second[i]) + " " + command);
        ++runs;
        failed += said.exit_code != 0;
        // Refused or done; never crashed.
        ASSERT_TRUE(said.exit_code >= 0 && said.exit_code <= 3) << said.exit_code << " " << said.text;
        judge(said);
        if (HasFatalFailure()) return;
      }
    }
    EXPECT_GT(runs, 0);
    EXPECT_GT(failed, 0);
    std::printf("%s: %d calls failed one by one, %d of them ended the command\n", std::string(name).c_str(), runs,
                failed);
  }
  void Restore(const fs::path& before) const {
    fs::remove_all(Ledger());
    if (!before.empty()) fs::copy(before, Ledger(), fs::copy_options::recursive);
  }
  fs::path Keep(std::string_view name) const {
    const fs::path kept = folder_ / name;
    fs::copy(Ledger(), kept, fs::copy_options::recursive);
    return kept;
  }

  fs::path folder_;
  std::string key_;
};

// A key of today: its first 48 bits are the milliseconds of the clock.
std::string KeyOfNow() {
  const auto ms = static_cast<unsigned long long>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
  char hex[16];
  std::snprintf(hex, sizeof hex, "%012llx", ms);
  return std::string(hex, 8) + "-" + std::string(hex + 8, 4) + "-7000-8000-000000000001";
}

TEST_F(Syscalls, EachOneFailsOnceAndNothingAcknowledgedIsLost) {
  key_ = KeyOfNow();
  const int stride = TestAll() ? 1 : 8;
  FailEachOf("init", Init(), {}, stride, [&](const Output& said) {
    if (said.exit_code == 0) {
      ASSERT_TRUE(IntactSize()) << said.text;
      return;
    }
    // Nothing is in the way of the next try.
    const Output again = Shell(Init());
    ASSERT_EQ(again.exit_code, 0) << said.text << again.text;
  });
  if (HasFatalFailure()) return;

  Restore({});
  ASSERT_EQ(Shell(Init()).exit_code, 0);
  const fs::path made = Keep("made");
  const int size_made = IntactSize().value_or(0);
  ASSERT_EQ(Shell(Import()).exit_code, 0);
  const fs::path imported = Keep("imported");
  const int size_imported = IntactSize().value_or(0);
  ASSERT_GT(size_imported, size_made + 2);

  FailEachOf("import", Import(), made, stride, [&](const Output& said) {
    const std::optional<int> size = IntactSize();
    ASSERT_TRUE(size) << said.text;
    ASSERT_TRUE(*size == size_made || *size == size_imported) << "half an import: " << *size << " entries";
    if (said.exit_code == 0) {
      ASSERT_EQ(*size, size_imported) << said.text;
    }
    ASSERT_EQ(Shell(Import()).exit_code, 0);
    ASSERT_EQ(IntactSize(), size_imported) << "imported twice";
  });
  if (HasFatalFailure()) return;

  FailEachOf("command", Command(), imported, stride, [&](const Output& said) {
    const std::optional<int> size = IntactSize();
    ASSERT_TRUE(size) << said.text;
    ASSERT_TRUE(*size == size_imported || *size == size_imported + 1) << *size;
    const Output again = Shell(Command());
    ASSERT_EQ(again.exit_code, 0) << again.text;
    const bool was_there = *size == size_imported + 1;
    ASSERT_EQ(again.text.find("\"repeated\":true") != std::string::npos, was_there) << said.text << again.text;
    if (said.exit_code == 0) {
      ASSERT_TRUE(was_there) << said.text;
    }
    ASSERT_EQ(IntactSize(), size_imported + 1) << "done twice";
  });
}

}  // namespace
}  // namespace landfall::test
