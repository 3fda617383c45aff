// SPDX-License-Identifier: Apache-2.0
// A ledger in PostgreSQL at the command line: made, moved both ways, verified, exported, backed up and restored.
#include <gmock/gmock.h>

#include <filesystem>

#include "app/ledger_files.h"
#include "server/served_binary.h"
#include "support/ledger_fixture.h"
#include "support/postgres_server.h"

namespace landfall::test {
namespace {

using app::test::TempFolder;
using server::ProcessOutput;
using server::RunBinary;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class PostgresCli : public testing::Test {
 protected:
  void SetUp() override {
    LF_NEEDS_POSTGRES();
    if (!std::filesystem::exists(server::kBinary)) {
      if (InCi()) FAIL() << "the binary is missing: " << server::kBinary;
      GTEST_SKIP() << "SKIPPED LOUDLY: no binary at " << server::kBinary;
    }
  }
  ProcessOutput Run(const std::vector<std::string>& arguments) const { return RunBinary(temp_.path(), arguments); }
  std::string Must(const std::vector<std::string>& arguments) const {
    const ProcessOutput done = Run(arguments);
    EXPECT_EQ(done.exit_code, 0) << arguments[0] << ": " << done.err;
    return done.out;
  }
  void ExpectRefused(const std::string& code, const std::vector<std::string>& arguments) const {
    const ProcessOutput done = Run(arguments);
    EXPECT_NE(done.exit_code, 0) << arguments[0];
    EXPECT_THAT(done.err, StartsWith(code + ": "));
  }
  // "… entries, … root 0123…": what stands behind the word.
  static std::string RootIn(const std::string& text) {
    const std::size_t at = text.find("root ");
    EXPECT_NE(at, std::string::npos) << text;
    return at == std::string::npos ? "" : text.substr(at + 5, 64);
  }
  std::string InDatabase(const std::string& folder) const {
    return PostgresServer::Shared()->NewDatabase() + "&ledger=430212&folder=" + temp_ / folder;
  }
  // A small ledger; its root.
  std::string Make(const std::string& ledger) const {
    Must({"init", ledger, "--jurisdiction", "430212", "--name", "示例区"});
    for (const char* code : {"a", "b", "c"})
      Must({"command", ledger, "unit.create", "--code", code, "--name", "示例单位"});
    Must({"command", ledger, "person.register", "--name", "示例人"});
    return RootIn(Must({"verify", "ledger", ledger}));
  }

  TempFolder temp_;
};

TEST_F(PostgresCli, LedgerMovesThereAndBackWithTheSameRoot) {
  const std::string folder = temp_ / "one", back = temp_ / "three", there = InDatabase("two");
  const std::string root = Make(folder);
  Must({"prepare-database", there.substr(0, there.find("&ledger="))});

  const std::string moved = Must({"migrate", folder, there});
  EXPECT_EQ(RootIn(moved), root);
  EXPECT_THAT(moved, HasSubstr("verified, the same on both sides"));
  EXPECT_EQ(RootIn(Must({"verify", "ledger", there})), root);
  ExpectRefused("ledger.moved", {"command", folder, "unit.create", "--code", "d", "--name", "示例单位"});
  ExpectRefused("ledger.moved", {"migrate", folder, back});
  ExpectRefused("ledger.exists", {"migrate", there, folder});

  Must({"command", there, "unit.create", "--code", "d", "--name", "示例单位"});
  const std::string grown = RootIn(Must({"verify", "ledger", there}));
  EXPECT_NE(grown, root);
  EXPECT_EQ(RootIn(Must({"migrate", there, back})), grown);
  EXPECT_EQ(RootIn(Must({"verify", "ledger", back})), grown);
  ExpectRefused("ledger.moved", {"command", there, "unit.create", "--code", "e", "--name", "示例单位"});
  Must({"command", back, "unit.create", "--code", "e", "--name", "示例单位"});
}

TEST_F(PostgresCli, LedgerIsVerifiedExportedBackedUpAndRestored) {
  const std::string ledger = InDatabase("ledger"), again = InDatabase("again");
  const std::string root = Make(ledger);

  const std::string whole = temp_ / "whole", redacted = temp_ / "redacted";
  EXPECT_EQ(RootIn(Must({"export", ledger, "--out", whole})), root);
  Must({"export", ledger, "--out", redacted, "--redact", "personal"});
  EXPECT_THAT(Must({"verify", "export", whole}), Not(HasSubstr("UNPROVABLE personal")));
  const std::string report = Must({"verify", "export", redacted});
  EXPECT_EQ(RootIn(report), root);
  EXPECT_THAT(report, HasSubstr("UNPROVABLE personal: "));
  EXPECT_THAT(report, HasSubstr("INTACT"));

  EXPECT_EQ(RootIn(Must({"backup", ledger, temp_ / "backup", "--with-key"})), root);
  EXPECT_EQ(RootIn(Must({"restore", temp_ / "backup", temp_ / "restored"})), root);
  EXPECT_EQ(RootIn(Must({"restore", temp_ / "backup", again})), root);
  for (const std::string& made : {temp_ / "restored", again}) {
    EXPECT_EQ(RootIn(Must({"verify", "ledger", made})), root);
    Must({"command", made, "unit.create", "--code", "z", "--name", "示例单位"});
  }
}

TEST_F(PostgresCli, ServerThatWouldForgetACommitIsRefused) {
  PostgresServer& database = *PostgresServer::Shared();
  const std::string ledger = InDatabase("ledger");
  const std::string root = Make(ledger);
  database.Halt();
  ASSERT_TRUE(database.Launch({"fsync=off"}));
  ExpectRefused("store.not_durable", {"command", ledger, "unit.create", "--code", "d", "--name", "示例单位"});
  ExpectRefused("store.not_durable", {"init", InDatabase("other"), "--jurisdiction", "430212", "--name", "示例区"});
  EXPECT_EQ(RootIn(Must({"verify", "ledger", ledger})), root) << "it may be read";
  database.Halt();

  // What the owner set for everybody is overridden for our commits, which are then as durable as any.
  ASSERT_TRUE(database.Launch({"synchronous_commit=off"}));
  Must({"command", ledger, "unit.create", "--code", "d", "--name", "示例单位"});
  ASSERT_TRUE(database.Restart(PostgresServer::End::kKilled));
  EXPECT_NE(RootIn(Must({"verify", "ledger", ledger})), root);
}

}  // namespace
}  // namespace landfall::test
