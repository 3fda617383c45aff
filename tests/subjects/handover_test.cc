// SPDX-License-Identifier: Apache-2.0
// A case that goes from one ledger to another and back, over two real folders; and receipts that somebody has touched.
#include <gtest/gtest.h>

#include "app/query_cases.h"
#include "app/receipt.h"
#include "support/ledger_fixture.h"
#include "support/receipts.h"

namespace landfall::test {
namespace {

using app::AnyCommand;
using app::test::CodeOf;
using app::test::Today;

constexpr cases::StepNumber kFirst{1}, kSecond{2};

// A jurisdiction with a window and a bureau, two matters of which the second waits for the first, and a third that
// waits for nobody; a clerk, and an officer who decides.
struct Jurisdiction : app::test::World {
  Jurisdiction(const char* code, std::uint64_t seed) : World(seed) {
    const Status made = app::Engine::Create(files, {{code}, {"示例区"}, {"CNY"}, {480}, {"tester"}}, Options());
    EXPECT_TRUE(made.ok()) << made.error().code;
    Open();
    Do(people::CreateUnit{{"window"}, {"示例窗口"}, {}});
    for (const char* login : {"clerk", "officer"}) {
      Do(admin::CreateAccount{{login}, {login}, UnitId{1}});
      Do(admin::GrantRole{login == std::string_view("clerk") ? AccountId{1} : AccountId{2}, admin::Role::unit_officer});
    }
    DefineMatter("plan", {"form"}, {"plan-permit"});
    DefineMatter("build", {"plan-permit", "drawing"}, {"build-permit"});
    DefineMatter("seal", {"form"}, {});
    Do(cases::DefinePackage{
        {"start"}, {1}, Today(), {"示例一件事"}, UnitId{1}, {{{"plan"}, {"build"}, {"seal"}}}, std::nullopt});
  }
  void DefineMatter(const char* key, std::initializer_list<const char*> papers,
                    std::initializer_list<const char*> makes) {
    cases::DefineMatter matter{};
    matter.matter = {key};
    matter.version = {1};
    matter.from = Today();
    matter.zh = {"示例事项"};
    matter.owner_unit = UnitId{1};
    matter.kind = cases::MatterKind::licence;
    matter.promised = cases::Limit{{5}, cases::LimitUnit::work_days};
    for (const char* paper : papers) matter.papers.items.push_back({{paper}, {"示例材料"}, {}, {}, {}});
    for (const char* made : makes) matter.makes.items.push_back({made});
    Do(matter);
  }
  std::string vkey() { return engine->verifier().Encode(); }
  std::string code() { return engine->Read().state().cases.own_code; }
  void Trust(Jurisdiction& other) { Do(cases::TrustPeer{{other.code()}, {"示例邻区"}, {other.vkey()}}); }
  std::string Receipt(cases::CaseId id, std::optional<app::ReceiptKind> kind = {}) {
    const auto seq = app::ReceiptRecord(engine->Read().state(), id, kind);
    EXPECT_TRUE(seq.ok()) << CodeOf(seq);
    const auto proof = app::MakeReceipt(files, *seq);
    EXPECT_TRUE(proof.ok()) << CodeOf(proof);
    return proof->text;
  }
  cases::CaseId AcceptedCase() {
    cases::ApplyForCase apply{};
    apply.package = {"start"};
    apply.matters.items = {{"plan"}, {"build"}, {"seal"}};
    apply.papers.items = {{{"form"}, cases::Handed::handed, Digest{}, {}, {}},
                          {{"drawing"}, cases::Handed::handed, Digest{}, {}, {}}};
    apply.text = Text<500>{"申请人原话，不随件走"};
    Do(apply, clerk);
    const auto id = cases::CaseId::FromIndex(engine->Read().state().cases.cases.size() - 1);
    Do(cases::AcceptCase{id}, clerk);
    return id;
  }
  app::CasePage Page(cases::CaseId id) {
    const auto now = engine->Read();
    const app::Frame frame{now.state(), WallDay(clock.Now(), {480}), now.seq(), {}, now.seq(), {}};
    return app::QueryCase(frame, id).value();
  }
  const Actor clerk = Actor::Account(AccountId{1}), officer = Actor::Account(AccountId{2});
};

TEST(HandOver, GoesToAnotherLedgerAndComesBackWithReceiptsOnBoth) {
  Jurisdiction a("430212", 1), b("430281", 2);
  a.Trust(b);
  b.Trust(a);
  const cases::CaseId there = a.AcceptedCase();

  a.Do(cases::HandOverCase{there, {"430281"}, {{kFirst, kSecond}}}, a.clerk);
  const std::string out = a.Receipt(there);
  EXPECT_EQ(out.find("申请人"), std::string::npos);
  b.clock.Advance(std::chrono::hours(24));
  b.Do(cases::TakeOverCase{{"start"}, {out}, {}, {}}, b.clerk);
  const cases::CaseId here{1};
  const app::CasePage taken = b.Page(here);
  EXPECT_EQ(taken.file.steps, 2);
  EXPECT_EQ(taken.file.state, app::CaseState::applied);
  ASSERT_TRUE(taken.taken_over);
  EXPECT_EQ(taken.taken_over->from.id, "430212");
  EXPECT_EQ(taken.taken_over->origin, there);
  EXPECT_EQ(taken.taken_over->accepted_on, Today());
  // The same hand-over a second time, by the same file and by one that was made later.
  a.Do(people::CreateUnit{{"later"}, {"示例"}, {}});
  for (const std::string& again : {out, a.Receipt(there)})
    EXPECT_EQ(CodeOf(b.Run(cases::TakeOverCase{{"start"}, {again}, {}, {}}, b.clerk)), "handover.taken_already");

  b.Do(cases::AcceptCase{here}, b.clerk);
  b.Do(cases::ReceiveStep{here, kFirst}, b.officer);
  b.Do(cases::ApproveStep{here, kFirst, {}}, b.officer);
  b.Do(cases::ReceiveStep{here, kSecond}, b.officer);
  EXPECT_EQ(CodeOf(b.Run(cases::ReturnResult{here}, b.clerk)), "case.wrong_state");
  b.Do(cases::ApproveStep{here, kSecond, {}}, b.officer);
  b.Do(cases::ReturnResult{here}, b.clerk);
  a.clock.Advance(std::chrono::hours(48));
  EXPECT_EQ(a.Page(there).steps[0].state, app::StepState::handed_over);
  EXPECT_GT(a.Page(there).steps[0].office->used, 0);
  EXPECT_EQ(CodeOf(a.Run(cases::ReceiveStep{there, kFirst}, a.officer)), "step.wrong_state");
  const std::string back = b.Receipt(here);
  a.Do(cases::ReceiveResult{there, {back}}, a.clerk);
  EXPECT_EQ(CodeOf(a.Run(cases::ReceiveResult{there, {back}}, a.clerk)), "handover.received_already");
  a.Do(cases::ReceiveStep{there, {3}}, a.officer);
  a.Do(cases::ApproveStep{there, {3}, {}}, a.officer);
  EXPECT_EQ(a.Page(there).file.state, app::CaseState::approved);

  // Anybody who has the two keys can check all four records.
  const auto key_a = ledger::VerifierKey::Parse(a.vkey()).value(), key_b = ledger::VerifierKey::Parse(b.vkey()).value();
  using Kind = app::ReceiptKind;
  const auto first = app::ProveReceipt(key_a, a.Receipt(there, Kind::handed_over));
  const auto second = app::ProveReceipt(key_b, b.Receipt(here, Kind::taken_over));
  const auto third = app::ProveReceipt(key_b, b.Receipt(here, Kind::result_returned));
  const auto fourth = app::ProveReceipt(key_a, a.Receipt(there, Kind::result_received));
  ASSERT_TRUE(first && second && third && fourth);
  EXPECT_EQ(std::get<cases::CaseTakenOver>(second->says).leaf, first->leaf);
  EXPECT_EQ(std::get<cases::CaseTakenOver>(second->says).receipt, Sha256(out));
  EXPECT_EQ(std::get<cases::ResultReturned>(third->says).leaf, first->leaf);
  EXPECT_EQ(std::get<cases::ResultReceived>(fourth->says).leaf, third->leaf);
  EXPECT_EQ(CodeOf(app::ProveReceipt(key_b, out)), "receipt.signature_wrong");
  for (Jurisdiction* one : {&a, &b}) {
    const std::string live = one->Hash();
    EXPECT_EQ(app::VerifyLedger(one->files)->verdict, app::Verdict::intact);
    one->Close();
    one->Open();
    EXPECT_EQ(one->Hash(), live);
  }
}

TEST(HandOver, AMatterThatCameBackUndecidedWaitsAgain) {
  Jurisdiction a("430212", 3), b("430281", 4);
  a.Trust(b);
  b.Trust(a);
  const cases::CaseId there = a.AcceptedCase(), here{1};
  a.Do(cases::HandOverCase{there, {"430281"}, {}}, a.clerk);
  b.Do(cases::TakeOverCase{{"start"}, {a.Receipt(there)}, {}, {}}, b.clerk);
  b.Do(cases::AcceptCase{here}, b.clerk);
  b.Do(cases::ReceiveStep{here, {3}}, b.officer);
  b.Do(cases::ApproveStep{here, {3}, {}}, b.officer);
  b.Do(cases::WithdrawCase{here, {}}, b.clerk);
  b.Do(cases::ReturnResult{here}, b.clerk);

  a.Do(cases::ReceiveResult{there, {b.Receipt(here)}}, a.clerk);

  const app::CasePage page = a.Page(there);
  EXPECT_EQ(page.file.state, app::CaseState::running);
  EXPECT_EQ(page.steps[0].state, app::StepState::waiting);
  EXPECT_EQ(page.steps[1].state, app::StepState::waiting);
  EXPECT_EQ(page.steps[2].state, app::StepState::approved);
}

TEST(Receipt, IsRefusedAfterAnyChangeOfOneByte) {
  const Neighbour neighbour;
  const cases::CaseHandedOver fact{cases::CaseId{3}, {"430212"}, {"start"}, {{{"plan"}}}, {}, Today(), Today()};
  const std::string whole = neighbour.Receipt(4, fact);
  cases::Peers peers;
  peers.codes = {"430281"};
  peers.vkeys = {neighbour.vkey()};
  peers.revoked = {0};
  peers.names.Resize(1);
  ASSERT_EQ(CodeOf(app::ProveReceipt(peers, whole)), "ok");
  ASSERT_EQ(CodeOf(app::ProveReceipt(peers, whole.substr(0, whole.size() - 1))), "ok") << "a field is trimmed";

  std::map<std::string, int> refused;
  int tried = 0, accepted = 0;
  const auto attempt = [&](const std::string& changed) {
    const auto proven = app::ProveReceipt(peers, changed);
    ++tried;
    accepted += proven.ok();
    ++refused[CodeOf(proven)];
  };
  for (std::size_t at = 0; at + 1 < whole.size(); ++at) {
    std::string changed = whole;
    for (const int bit : {0, 1, 5, 7}) {
      changed[at] = static_cast<char>(whole[at] ^ (1 << bit));
      attempt(changed);
    }
    attempt(whole.substr(0, at));
    attempt(whole.substr(0, at) + whole.substr(at + 1));
    attempt(whole.substr(0, at) + whole[at] + whole.substr(at));
  }

  EXPECT_EQ(accepted, 0);
  EXPECT_GT(refused["receipt.signature_wrong"], 0);
  EXPECT_GT(refused["receipt.proof_wrong"], 0);
  EXPECT_GT(refused["receipt.malformed"], 0);
  RecordProperty("tried", tried);
  std::string told;
  for (const auto& [code, n] : refused) told += "  " + code + " " + std::to_string(n);
  std::printf("%d changed receipts, %d accepted:%s\n", tried, accepted, told.c_str());
}

}  // namespace
}  // namespace landfall::test
