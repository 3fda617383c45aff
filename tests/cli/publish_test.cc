// SPDX-License-Identifier: Apache-2.0
// What outsiders do with what the binary publishes: golang.org/x/mod/sumdb reads the log, the Python of
// docs/verify-without-us.md reads a record. Neither is ours, and both must refuse what was changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/shell.h"
#include "support/ledger_fixture.h"
#include "support/test_data.h"

namespace landfall::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::filesystem::path kRoot = LANDFALL_SOURCE_DIR;

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

void Write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

class Publish : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "landfall-publish-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    ASSERT_EQ(Landfall("init " + Path("ledger") + " --jurisdiction 2450 --name Melbourne --currency AUD").exit_code, 0);
    const Output imported =
        Landfall("import " + Path("ledger") + " projects " + (kRoot / "catalog/demo/melbourne/register.csv").string() +
                 " --mapping " + (kRoot / "catalog/demo/melbourne/mapping.json").string());
    ASSERT_EQ(imported.exit_code, 0) << imported.text;
    vkey_ = FirstLine(Landfall("keys " + Path("ledger")).text);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  Output Landfall(const std::string& arguments) const { return Shell("LANG=en " + kBinary.string() + " " + arguments); }

  std::filesystem::path folder_;
  std::string vkey_;
};

TEST_F(Publish, LogIsAcceptedByGolangOrgXModSumdb) {
  if (Shell("go version").exit_code != 0 || !std::filesystem::exists("/usr/share/gocode/src/golang.org/x/mod")) {
    if (InCi()) FAIL() << "golang-go and golang-golang-x-mod-dev are missing";
    GTEST_SKIP() << "SKIPPED LOUDLY: no Go with golang.org/x/mod (./dev setup test)";
  }
  const Output built = Shell("GOCACHE=" + Path("gocache") + " GO111MODULE=off GOPATH=/usr/share/gocode go build -o " +
                             Path("sumdb") + " " + (kRoot / "tests/sumdb/main.go").string());
  ASSERT_EQ(built.exit_code, 0) << built.text;
  ASSERT_EQ(Landfall("publish-log " + Path("ledger") + " " + Path("site")).exit_code, 0);
  const auto accepted = [&](const std::string& vkey) {
    return Shell(Path("sumdb") + " " + Path("site") + " '" + vkey + "'");
  };

  const Output good = accepted(vkey_);

  EXPECT_EQ(good.exit_code, 0) << good.text;
  EXPECT_THAT(good.text, StartsWith("ACCEPTED landfall/2450 "));
  // Grown and published again: the same reader, the same folder.
  ASSERT_EQ(Landfall("demo-accounts " + Path("ledger")).exit_code, 0);
  ASSERT_EQ(Landfall("publish-log " + Path("ledger") + " " + Path("site")).exit_code, 0);
  EXPECT_EQ(accepted(vkey_).exit_code, 0);
  // Another key, another leaf, another hash.
  EXPECT_NE(accepted(FirstLine(Landfall("witness init " + Path("w") + " --name landfall/2450").text)).exit_code, 0);
  for (const char* name : {"site/tile/entries/000", "site/tile/0/000"}) {
    std::string bytes = ReadFile(Path(name));
    ASSERT_GT(bytes.size(), 4000u) << name;
    bytes[4000] = static_cast<char>(bytes[4000] ^ 1);
    Write(Path(name), bytes);
    EXPECT_NE(accepted(vkey_).exit_code, 0) << name;
    bytes[4000] = static_cast<char>(bytes[4000] ^ 1);
    Write(Path(name), bytes);
  }
  EXPECT_EQ(accepted(vkey_).exit_code, 0);
}

TEST_F(Publish, ThirtyLinesOfPythonCheckARecord) {
  const std::string python = std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  if (Shell(python + " -c 'import cryptography'").exit_code != 0) {
    if (InCi()) FAIL() << "python3-cryptography is missing";
    GTEST_SKIP() << "SKIPPED LOUDLY: no Python with the package cryptography (./dev setup test)";
  }
  const std::string page = ReadFile(kRoot / "docs/verify-without-us.md");
  const std::size_t begin = page.find("```python\n") + 10;
  const std::string program = page.substr(begin, page.find("\n```", begin) + 1 - begin);
  ASSERT_LE(std::count(program.begin(), program.end(), '\n'), 30);
  Write(Path("verify.py"), program);
  const auto check = [&](const std::string& file) {
    return Shell(python + " " + Path("verify.py") + " " + Path(file) + " '" + vkey_ + "'");
  };
  for (const char* seq : {"1", "2", "100", "256", "257", "401"}) {
    const std::string file = std::string(seq) + ".tlog-proof";
    ASSERT_EQ(
        Landfall("proof " + Path("ledger") + " " + seq + " --out " + Path(file) + " --open public,internal,enterprise")
            .exit_code,
        0);
    const Output held = check(file);
    EXPECT_EQ(held.exit_code, 0) << held.text;
    EXPECT_THAT(held.text, HasSubstr(std::string("HOLDS: record ") + seq + " of landfall/2450"));
  }
  // One byte of the record, of the proof, of the signature.
  const std::string good = ReadFile(Path("100.tlog-proof"));
  for (const std::size_t at : {good.find("extra ") + 40, good.find("\nindex ") + 30, good.size() - 20}) {
    std::string changed = good;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    Write(Path("changed"), changed);
    EXPECT_NE(check("changed").exit_code, 0) << at;
  }
}

// A case of one matter that is decided by rule and delivered, through the engine; then all by the binary, and by the
// Python of docs/formats/document.md.
TEST_F(Publish, PaperOfADeliveryIsMadeAndCheckedAtTheCommandLine) {
  app::test::World w;
  w.Create();
  w.Do(app::test::UnitCommand(1));
  cases::DefineMatter matter{};
  matter.matter = {"permit"};
  matter.version = {1};
  matter.from = app::test::Today();
  matter.zh = {"示例事项"};
  matter.owner_unit = UnitId{1};
  matter.discretion = false;
  matter.promised = cases::Limit{{5}, cases::LimitUnit::work_days};
  w.Do(matter);
  w.Do(cases::DefinePackage{
      {"start"}, {1}, app::test::Today(), {"示例一件事"}, UnitId{1}, {{{"permit"}}}, std::nullopt});
  w.Do(cases::ApplyForCase{{"start"}, {{{"permit"}}}, std::nullopt, std::nullopt, {}, std::nullopt});
  const cases::CaseId id{1};
  w.Do(cases::AcceptCase{id});
  w.Do(cases::ApproveByRule{id, {1}});
  const auto make = [&](const std::string& more) {
    return Landfall("document " + w.files.folder + " k1 --origin https://landing.example " + more);
  };
  EXPECT_THAT(make("--out " + Path("early.pdf")).text, HasSubstr("document.not_delivered"));
  const std::uint64_t seq = w.Do(cases::DeliverCase{id, cases::Delivery::electronic});
  w.Close();

  const Output made = make("--out " + Path("k1.pdf"));

  ASSERT_EQ(made.exit_code, 0) << made.text;
  EXPECT_THAT(made.text,
              HasSubstr("delivered by entry " + std::to_string(seq) + ", UNWITNESSED; seal certificate sha256:"));
  const std::string keys = Landfall("keys " + w.files.folder).text;
  EXPECT_THAT(keys, HasSubstr(made.text.substr(made.text.find("sha256:"), 71)));
  EXPECT_THAT(make("--out " + Path("k1.pdf")).text, HasSubstr("export.exists"));
  const Output held = Landfall("verify proof " + Path("k1.pdf") + " --vkey '" + FirstLine(keys) + "'");
  EXPECT_EQ(held.exit_code, 0) << held.text;
  EXPECT_THAT(held.text, HasSubstr("case.delivered on case/k1 {\"how\":\"electronic\""));
  EXPECT_NE(Landfall("verify proof " + Path("k1.pdf") + " --vkey '" + vkey_ + "'").exit_code, 0);
  const std::string python = std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  if (Shell(python + " --version").exit_code != 0 || Shell("openssl version").exit_code != 0) {
    if (InCi()) FAIL() << "python3 or openssl is missing";
    GTEST_SKIP() << "SKIPPED LOUDLY: no python3 or no openssl (./dev setup test)";
  }
  const std::string page = ReadFile(kRoot / "docs/formats/document.md");
  const std::size_t begin = page.find("```python\n") + 10;
  Write(Path("check.py"), page.substr(begin, page.find("\n```", begin) + 1 - begin));
  const auto check = [&] { return Shell("cd " + folder_.string() + " && " + python + " check.py"); };
  EXPECT_EQ(check().exit_code, 0) << check().text;
  std::string changed = ReadFile(Path("k1.pdf"));
  changed[changed.rfind(" Tm <") + 6] ^= 1;
  Write(Path("k1.pdf"), changed);
  EXPECT_NE(check().exit_code, 0);
}

// The Python and the three lines of shell under 国密 in docs/verify-without-us.md.
TEST_F(Publish, TheSm3TreeIsCheckedWithPythonAndOpenssl) {
  if (Shell("python3 -c 'import hashlib; hashlib.new(\"sm3\")' && openssl version").exit_code != 0) {
    if (InCi()) FAIL() << "python3 with SM3 or openssl is missing";
    GTEST_SKIP() << "SKIPPED LOUDLY: no Python with SM3, or no openssl";
  }
  ASSERT_EQ(Landfall("publish-log " + Path("ledger") + " " + Path("site")).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(Path("site/sm"))) << "off until it is asked for";
  const Output key = Landfall("keys " + Path("ledger") + " --sm");
  ASSERT_EQ(key.exit_code, 0) << key.text;
  EXPECT_THAT(key.text, StartsWith("landfall/2450/sm3+"));
  EXPECT_EQ(Landfall("keys " + Path("ledger") + " --sm").text, key.text);
  EXPECT_THAT(Landfall("keys " + Path("ledger")).text, HasSubstr(FirstLine(key.text)));
  const Output published = Landfall("publish-log " + Path("ledger") + " " + Path("site"));
  ASSERT_EQ(published.exit_code, 0) << published.text;
  EXPECT_THAT(published.text, HasSubstr("signed with SM2"));
  Write(Path("key.pem"), key.text.substr(key.text.find('\n') + 1));
  const std::string page = ReadFile(kRoot / "docs/verify-without-us.md");
  const std::size_t section = page.find("国密"), begin = page.find("```python\n", section) + 10;
  Write(Path("sm3.py"), page.substr(begin, page.find("\n```", begin) + 1 - begin));
  const std::size_t lines = page.find("    sed ", begin);
  Write(Path("check.sh"), page.substr(lines, page.find("\n\n", lines) - lines));
  const auto root_holds = [&] { return Shell("python3 " + Path("sm3.py") + " " + Path("site")); };
  const auto is_signed = [&] {
    return Shell("cd " + folder_.string() + " && sed -i 's/FOLDER/site/' check.sh && sh -e check.sh").exit_code == 0;
  };

  const Output held = root_holds();
  EXPECT_EQ(held.exit_code, 0) << held.text;
  EXPECT_THAT(held.text, HasSubstr("of landfall/2450/sm3 lead to the SM3 root"));
  EXPECT_TRUE(is_signed());
  const Output verified = Landfall("verify ledger " + Path("ledger") + " --sm-vkey '" + FirstLine(key.text) +
                                   "' --sm-checkpoint " + Path("site/sm/checkpoint"));
  EXPECT_EQ(verified.exit_code, 0) << verified.text;
  EXPECT_THAT(verified.text, HasSubstr("SM3 tree signed up to entry "));

  const std::string note = ReadFile(Path("site/sm/checkpoint"));
  std::string other = note;
  other[other.find('\n') + 1] ^= 1;  // The size.
  Write(Path("site/sm/checkpoint"), other);
  EXPECT_FALSE(is_signed());
  Write(Path("site/sm/checkpoint"), note);
  std::string bundle = ReadFile(Path("site/tile/entries/000"));
  bundle[4000] = static_cast<char>(bundle[4000] ^ 1);
  Write(Path("site/tile/entries/000"), bundle);
  EXPECT_NE(root_holds().exit_code, 0);
}

TEST_F(Publish, ARecordGoesOutWithWhatWasOpenedAndIsChecked) {
  const std::string file = Path("r.tlog-proof");
  ASSERT_EQ(Landfall("proof " + Path("ledger") + " 100 --out " + file).exit_code, 0);
  const auto verify = [&](const std::string& more) { return Landfall("verify proof " + file + " " + more); };

  const Output closed = verify("--vkey '" + vkey_ + "'");

  EXPECT_EQ(closed.exit_code, 0) << closed.text;
  EXPECT_THAT(closed.text, HasSubstr("entry 100 is in landfall/2450"));
  EXPECT_THAT(closed.text, HasSubstr("payload withheld"));
  EXPECT_THAT(closed.text, HasSubstr("\nUNWITNESSED\n"));
  EXPECT_THAT(Landfall("proof " + Path("ledger") + " 100 --out " + file).text, StartsWith("export.exists"));
  EXPECT_THAT(Landfall("proof " + Path("ledger") + " 99999").text, StartsWith("entry.not_found"));
  EXPECT_THAT(verify("--vkey nonsense").text, StartsWith("note.key_malformed"));
  const std::string other = FirstLine(Landfall("witness init " + Path("w") + " --name w.example/w1").text);
  const Output wrong = verify("--vkey '" + other + "'");
  EXPECT_EQ(wrong.exit_code, 1) << wrong.text;
  EXPECT_THAT(wrong.text, HasSubstr("FAULT note.unsigned"));
}

TEST_F(Publish, VerifySaysOfEveryEntryWhatItIs) {
  const Output text = Landfall("verify ledger " + Path("ledger"));
  EXPECT_EQ(text.exit_code, 0) << text.text;
  EXPECT_THAT(text.text, HasSubstr("UNWITNESSED"));
  const Output json = Landfall("verify ledger " + Path("ledger") + " --json");
  EXPECT_THAT(json.text, HasSubstr("\"entries\":[{\"seq\":1,\"standing\":\"unwitnessed\"},{\"seq\":2,"));
  EXPECT_THAT(json.text, HasSubstr("\"standings\":[{\"standing\":\"unwitnessed\",\"from\":1,\"to\":"));
}

TEST_F(Publish, KeysAreChangedAndWitnessesNamed) {
  const std::string witness = FirstLine(Landfall("witness init " + Path("w") + " --name w.example/w1").text);
  EXPECT_THAT(witness, StartsWith("w.example/w1+"));
  EXPECT_EQ(Landfall("witness trust " + Path("w") + " '" + vkey_ + "'").exit_code, 0);
  EXPECT_EQ(Landfall("witness show " + Path("w")).text, "");
  const Output named = Landfall("keys " + Path("ledger") + " --witness http://127.0.0.1:8090 '" + witness + "'");
  EXPECT_THAT(named.text, HasSubstr(witness + "  (witness http://127.0.0.1:8090)"));

  const Output changed = Landfall("keys " + Path("ledger") + " --rotate");

  EXPECT_EQ(changed.exit_code, 0) << changed.text;
  EXPECT_THAT(changed.text, HasSubstr(vkey_ + "  (retired)"));
  EXPECT_NE(FirstLine(changed.text), vkey_);
  EXPECT_EQ(FirstLine(Landfall("keys " + Path("ledger")).text), FirstLine(changed.text));
  EXPECT_EQ(Landfall("verify ledger " + Path("ledger")).exit_code, 0);
}

}  // namespace
}  // namespace landfall::test
