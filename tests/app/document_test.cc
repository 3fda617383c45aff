// SPDX-License-Identifier: Apache-2.0
// The paper of an electronic delivery, held against programs that are not ours: its signature, its proof, its code; and
// the seal that signs it, on both engines.
#include "app/case_document.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "app/backup.h"
#include "app/ledger_keys.h"
#include "cli/shell.h"
#include "exchange/pdf.h"
#include "ledger/proof_file.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/postgres_server.h"

namespace landfall::app::test {
namespace {

using landfall::test::InCi;
using landfall::test::Shell;
using ::testing::HasSubstr;

constexpr std::string_view kOrigin = "https://landing.example";

class Document : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      LF_NEEDS_POSTGRES();
      w.files.database = landfall::test::PostgresServer::Shared()->NewDatabase();
      w.files.jurisdiction = CreateCommand().jurisdiction.value;
    }
    w.Create();
    w.Do(UnitCommand(1));
    // Names of every length and kind that a name may have.
    w.Do(enterprise::RegisterEnterprise{{"示例（甲）\\(乙) <FEFF> endstream \xE2\x80\xAE"
                                         "abc مرحبا"},
                                        {},
                                        Code<40>{"X-1"}});
    Define("permit", std::string(190, 'x'), {}, {{"licence"}});
    std::string ideographs;
    for (int i = 0; i < 200; ++i) ideographs += "企";
    Define("filing", ideographs, {{{"licence"}, {"营业执照(示例)\n\\"}, {}, {}, {}}}, {});
    w.Do(cases::DefinePackage{
        {"start"}, {1}, Today(), {"示例一件事 ) Tj"}, UnitId{1}, {{{"permit"}, {"filing"}}}, std::nullopt});
  }
  void Define(const char* key, const std::string& name, std::vector<cases::PaperOf> papers,
              std::vector<Key<40>> makes) {
    cases::DefineMatter matter{};
    matter.matter = {key};
    matter.version = {1};
    matter.from = Today();
    matter.zh = {name};
    matter.owner_unit = UnitId{1};
    matter.discretion = false;
    matter.promised = cases::Limit{{5}, cases::LimitUnit::work_days};
    matter.papers.items = std::move(papers);
    matter.makes.items = std::move(makes);
    if (!matter.makes.items.empty()) matter.made_valid = {{{matter.makes.items[0], {365}}}};
    w.Do(matter);
  }
  // Decided; delivered where a way is named.
  cases::CaseId Case(std::optional<cases::Delivery> how) {
    cases::ApplyForCase apply{};
    apply.package = {"start"};
    apply.matters.items = {{"permit"}, {"filing"}};
    apply.enterprise = EnterpriseId{1};
    w.Do(apply);
    const auto id = cases::CaseId::FromIndex(w.engine->Read().state().cases.cases.size() - 1);
    w.Do(cases::AcceptCase{id});
    for (const std::int64_t step : {1, 2}) w.Do(cases::ApproveByRule{id, {step}});
    if (how) delivered_by = w.Do(cases::DeliverCase{id, *how});
    return id;
  }
  Result<DeliveredCase> Read(cases::CaseId id) {
    const auto now = w.engine->Read();
    return ReadDeliveredCase({now.state(), Today(), now.seq(), now.last_at(), now.seq(), {}}, id);
  }
  Result<CaseDocument> Make(cases::CaseId id, Seal::WhenMissing seal = Seal::WhenMissing::kMake) {
    LF_ASSIGN(const DeliveredCase delivered, Read(id));
    return MakeCaseDocument(*w.engine, delivered, {std::string(kOrigin), seal});
  }
  std::string Vkey() { return w.engine->verifier().Encode(); }

  // As docs/formats/document.md has it: the range is the whole file but the digits, and OpenSSL accepts what they say.
  bool OpensslAccepts(const std::string& pdf) {
    std::size_t a = 1, b = 0, c = 0, d = 0;
    const std::size_t at = pdf.find("/ByteRange [");
    if (at == std::string::npos || std::sscanf(pdf.c_str() + at, "/ByteRange [%zu %zu %zu %zu", &a, &b, &c, &d) != 4)
      return false;
    if (a != 0 || b + 2 > c || c + d != pdf.size() || c > pdf.size() || pdf[b] != '<' || pdf[c - 1] != '>')
      return false;
    const auto der = ParseHex(pdf.substr(b + 1, c - b - 2));
    if (!der.ok()) return false;
    WriteBytes(w.temp / "content", pdf.substr(0, b) + pdf.substr(c));
    WriteBytes(w.temp / "signature", *der);
    said = Shell("openssl cms -verify -binary -inform DER -in " + (w.temp / "signature") + " -content " +
                 (w.temp / "content") + " -CAfile " + SealCertificatePath(w.files) +
                 " -purpose any -no_check_time -out " + (w.temp / "out"));
    return said.exit_code == 0;
  }

  World w;
  std::uint64_t delivered_by = 0;
  landfall::test::Output said;
};

bool HasOpenssl() { return Shell("openssl version").exit_code == 0; }

TEST_P(Document, SignatureHoldsForEveryByteOfIt) {
  if (!HasOpenssl()) {
    if (InCi()) FAIL() << "openssl is missing";
    GTEST_SKIP() << "SKIPPED LOUDLY: no openssl (./dev setup test)";
  }
  const auto document = Make(Case(cases::Delivery::electronic));
  ASSERT_TRUE(document.ok()) << CodeOf(document) << document.error().detail;
  const std::string& pdf = document->pdf;

  ASSERT_TRUE(OpensslAccepts(pdf)) << said.text;
  const std::size_t gap = pdf.find("/Contents <") + 10, behind = pdf.find('>', gap) + 1;
  const std::size_t stride = pdf.size() / (TestAll() ? 2000 : 90);
  int changed = 0;
  for (std::size_t i = 0; i < pdf.size(); i += stride) {
    if (i > gap && i < behind - 1) continue;
    std::string other = pdf;
    other[i] = static_cast<char>(other[i] ^ (1 << (i % 8)));
    EXPECT_FALSE(OpensslAccepts(other)) << "byte " << i;
    ++changed;
  }
  EXPECT_GT(changed, 70);
  // The signature itself: the last hundred digits are its two numbers.
  for (std::size_t i = behind - 100; i < behind - 1; i += 9) {
    std::string other = pdf;
    other[i] = other[i] == '0' ? '1' : '0';
    EXPECT_FALSE(OpensslAccepts(other)) << "digit " << i;
  }
  EXPECT_FALSE(OpensslAccepts(pdf + " "));
  EXPECT_TRUE(OpensslAccepts(pdf)) << said.text;
  // The time that it bears is the ledger's, not the machine's.
  EXPECT_THAT(Shell("openssl cms -cmsout -print -inform DER -in " + (w.temp / "signature")).text,
              HasSubstr("Mar  2 01:00:00 2026 GMT"));
}

TEST_P(Document, ProofInsideIsThatOfTheDelivery) {
  const auto document = Make(Case(cases::Delivery::electronic));
  ASSERT_TRUE(document.ok()) << CodeOf(document);
  EXPECT_EQ(document->seq, delivered_by);

  const std::string proof(exchange::FindAttachment(document->pdf, ledger::kProofFileHeader));
  const auto report = CheckRecordProof(proof, {Vkey(), {}, {}});
  ASSERT_TRUE(report.ok()) << CodeOf(report);
  EXPECT_EQ(report->standing, Trust::unwitnessed);
  EXPECT_EQ(report->seq, static_cast<std::int64_t>(delivered_by));
  ASSERT_EQ(report->events.size(), 1u);
  EXPECT_EQ(report->events[0].type, "case.delivered");
  EXPECT_EQ(report->events[0].on, "case/k1");
  EXPECT_EQ(report->events[0].payload, R"({"how":"electronic","day":"2026-03-02"})");
  EXPECT_THAT(document->pdf, HasSubstr("entry-" + std::to_string(delivered_by) + ".tlog-proof"));
}

TEST_P(Document, SealIsTiedToTheLedgersKey) {
  const auto document = Make(Case(cases::Delivery::electronic));
  ASSERT_TRUE(document.ok()) << CodeOf(document);

  const std::string note(exchange::FindAttachment(document->pdf, "landfall-seal.1\n"));
  const std::string certificate(exchange::FindAttachment(document->pdf, "-----BEGIN CERTIFICATE-----"));
  EXPECT_EQ(certificate, ReadBytes(SealCertificatePath(w.files)));
  const ledger::VerifierKey key = ledger::VerifierKey::Parse(Vkey()).value();
  const auto opened = ledger::OpenNote(note, std::span(&key, 1));
  ASSERT_TRUE(opened.ok()) << CodeOf(opened);
  EXPECT_EQ(opened->text, "landfall-seal.1\n" + key.name() + "\nsha256:" + Hex(document->seal) + "\n");
  EXPECT_EQ(ReadSealFingerprint(w.files).value(), document->seal);
  if (HasOpenssl()) {
    std::string hex = Shell("openssl x509 -noout -fingerprint -sha256 -in " + SealCertificatePath(w.files)).text;
    std::erase(hex, ':');
    for (char& c : hex) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_THAT(hex, HasSubstr(Hex(document->seal)));
  }
  struct ::stat secret {};
  ASSERT_EQ(::stat(SealKeyPath(w.files).c_str(), &secret), 0);
  EXPECT_EQ(secret.st_mode & 0777, 0600u);
}

TEST_P(Document, IsOneSealForAllPapersAndAfterAChangeOfKey) {
  const cases::CaseId id = Case(cases::Delivery::electronic);
  std::vector<Digest> seals(4);
  std::vector<std::thread> threads;
  for (Digest& seal : seals)
    threads.emplace_back([&] {
      SeededRandom random(reinterpret_cast<std::uintptr_t>(&seal));
      const auto opened = Seal::Open(w.files, kStart, random, Seal::WhenMissing::kMake);
      EXPECT_TRUE(opened.ok()) << CodeOf(opened);
      if (opened) seal = opened->fingerprint();
    });
  for (std::thread& thread : threads) thread.join();
  for (const Digest& seal : seals) EXPECT_EQ(seal, seals[0]);

  w.Close();
  const auto change = ChangeKey(w.files, w.random);
  ASSERT_TRUE(change.ok()) << CodeOf(change);
  w.Open();
  const auto document = Make(id);
  ASSERT_TRUE(document.ok()) << CodeOf(document);
  EXPECT_EQ(document->seal, seals[0]);
  const ledger::VerifierKey key = ledger::VerifierKey::Parse(change->vkey).value();
  EXPECT_TRUE(ledger::OpenNote(ReadBytes(SealNotePath(w.files)), std::span(&key, 1)).ok());
}

TEST_P(Document, IsRefusedWithoutAnElectronicDelivery) {
  EXPECT_EQ(CodeOf(Make(Case(std::nullopt))), "document.not_delivered");
  EXPECT_EQ(CodeOf(Make(Case(cases::Delivery::counter))), "document.other_delivery");
  EXPECT_EQ(CodeOf(Make(Case(cases::Delivery::post))), "document.other_delivery");
  EXPECT_EQ(CodeOf(Make(cases::CaseId{9})), "case.unknown");
  EXPECT_FALSE(std::filesystem::exists(SealKeyPath(w.files)));  // Nothing is made for a refusal.
}

TEST_P(Document, NeedsASealAndAnAddress) {
  const cases::CaseId id = Case(cases::Delivery::electronic);
  EXPECT_EQ(CodeOf(Make(id, Seal::WhenMissing::kRefuse)), "seal.none");
  const auto delivered = Read(id);
  ASSERT_TRUE(delivered.ok());
  for (const char* origin : {"", "landing.example", "https://", "https://landing.example/", "ftp://landing.example",
                             "https://a b", "https://a?x=", "https://a#", "javascript:alert(1)"})
    EXPECT_EQ(CodeOf(MakeCaseDocument(*w.engine, *delivered, {origin, Seal::WhenMissing::kMake})),
              "document.bad_address")
        << origin;
  EXPECT_EQ(
      CodeOf(MakeCaseDocument(*w.engine, *delivered, {"https://" + std::string(250, 'a'), Seal::WhenMissing::kMake})),
      "qr.too_long");

  ASSERT_TRUE(Make(id).ok());
  EXPECT_TRUE(Make(id, Seal::WhenMissing::kRefuse).ok());
  const std::string key = ReadBytes(SealKeyPath(w.files)), certificate = ReadBytes(SealCertificatePath(w.files));
  std::filesystem::remove(SealKeyPath(w.files));
  EXPECT_EQ(CodeOf(Make(id)), "seal.key_missing");
  WriteBytes(SealKeyPath(w.files), "nonsense");
  EXPECT_EQ(CodeOf(Make(id)), "seal.malformed");
  WriteBytes(SealKeyPath(w.files), key);
  WriteBytes(SealCertificatePath(w.files), "nonsense");
  EXPECT_EQ(CodeOf(Make(id)), "seal.malformed");
  EXPECT_EQ(CodeOf(ReadSealFingerprint(w.files)), "seal.malformed");
  // A certificate of another key.
  const std::string folder = w.temp / "other";
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(w.files.key(), folder + "/signing.key");
  ASSERT_TRUE(Seal::Open({folder}, kStart, w.random, Seal::WhenMissing::kMake).ok());
  WriteBytes(SealCertificatePath(w.files), ReadBytes(SealCertificatePath({folder})));
  EXPECT_EQ(CodeOf(Make(id)), "seal.malformed");
  WriteBytes(SealCertificatePath(w.files), certificate);
  EXPECT_TRUE(Make(id).ok());
}

TEST_P(Document, SealGoesIntoABackupAndItsKeyOnlyWithTheKeys) {
  const cases::CaseId id = Case(cases::Delivery::electronic);
  ASSERT_TRUE(Make(id).ok());
  const std::string certificate = ReadBytes(SealCertificatePath(w.files));
  w.Close();
  for (const bool with_key : {false, true}) {
    const std::string to = w.temp / (with_key ? "with" : "without");
    BackupOptions options;
    options.with_key = with_key;
    ASSERT_TRUE(BackUp(w.files, to, options).ok());
    EXPECT_EQ(std::filesystem::exists(to + "/seal.key"), with_key);
    const LedgerFiles restored{w.temp / (with_key ? "with.ledger" : "without.ledger")};
    ASSERT_TRUE(Restore(to, restored, {}).ok());
    EXPECT_EQ(ReadBytes(SealCertificatePath(restored)), certificate);
    EXPECT_EQ(std::filesystem::exists(SealKeyPath(restored)), with_key);
  }
}

TEST_P(Document, IsLegibleAndItsCodeLeadsToTheRecord) {
  if (Shell("pdftoppm -v").exit_code != 0 || Shell("zbarimg --version").exit_code != 0) {
    if (InCi()) FAIL() << "poppler-utils or zbar-tools is missing";
    GTEST_SKIP() << "SKIPPED LOUDLY: no poppler-utils or no zbar-tools (./dev setup test)";
  }
  const auto document = Make(Case(cases::Delivery::electronic));
  ASSERT_TRUE(document.ok()) << CodeOf(document);
  const std::string file = w.temp / "paper.pdf";
  WriteBytes(file, document->pdf);

  ASSERT_EQ(Shell("pdftoppm -r 150 -f 1 -l 1 -singlefile -png " + file + " " + (w.temp / "page")).exit_code, 0);
  EXPECT_EQ(Shell("zbarimg --nodbus -q --raw " + (w.temp / "page.png")).text,
            std::string(kOrigin) + "/verify.html?ledger=430212&seq=" + std::to_string(delivered_by) + "\n");
  // Lines are wrapped within names, so those are looked for without white space.
  auto text = Shell("pdftotext -raw " + file + " -");
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_EQ(text.text.find("Syntax"), std::string::npos) << text.text;
  std::erase_if(text.text, [](char c) { return c == ' ' || c == '\n' || c == '\f'; });
  for (const char* words : {"办件结果电子送达单", "示例区(430212)", "示例（甲）\\(乙)<FEFF>endstreamabc〓〓〓〓〓",
                            "示例一件事)Tj(start,v1)", "2026-03-02电子", "营业执照(示例)", "有效期至validuntil",
                            "2027-03-02", "准予", "示例单位1", "不是电子印章", "noqualifiedelectronicseal"})
    EXPECT_THAT(text.text, HasSubstr(words));
  EXPECT_THAT(text.text, HasSubstr(Hex(document->seal)));
  EXPECT_THAT(text.text, HasSubstr(Vkey()));
  std::size_t signs = 0;
  for (std::size_t at = 0; (at = text.text.find("企", at)) != std::string::npos; ++at) ++signs;
  EXPECT_EQ(signs, 200u);
}

INSTANTIATE_TEST_SUITE_P(Engines, Document, testing::Bool(),
                         [](const auto& info) { return info.param ? "Postgres" : "Sqlite"; });

}  // namespace
}  // namespace landfall::app::test
