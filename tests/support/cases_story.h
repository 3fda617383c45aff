// SPDX-License-Identifier: Apache-2.0
// Cases 办件 and a mandate through every command that they have: what chance would need tens of thousands of draws for.
#pragma once

#include <set>

#include "support/ledger_fixture.h"
#include "support/receipts.h"

namespace landfall::app::test {

struct JurisdictionCodes {
  std::string own, theirs;
};

// Cases 1 to 6 are the first of the ledger, as duty 1 and post 1 are; project 1 and unit 1 are there, and `head` heads
// unit 1. The names of the commands, all of which were accepted.
inline std::set<std::string> LiveThroughCases(World& w, Day today, Actor head) {
  std::set<std::string> names;
  const auto send = [&](AnyCommand command, Actor by = Actor::System()) {
    names.insert(std::string(InfoOf(command).name));
    w.Do(std::move(command), by);
  };
  cases::DefineMatter matter{};
  matter.matter = {"story-permit"};
  matter.version = {1};
  matter.from = today;
  matter.zh = {"示例许可"};
  matter.owner_unit = UnitId{1};
  matter.kind = cases::MatterKind::licence;
  matter.promised = cases::Limit{{10}, cases::LimitUnit::work_days};
  matter.papers.items = {{{"form"}, {"申请表"}, {}, {}, {}}};
  send(matter);
  cases::DefineMatter bound = matter;
  bound.matter = {"story-filing"};
  bound.kind = cases::MatterKind::filing;
  bound.discretion = false;
  bound.papers.items.clear();
  send(bound);
  cases::DefinePackage package{};
  package.package = {"story-package"};
  package.version = {1};
  package.from = today;
  package.zh = {"示例一件事"};
  package.owner_unit = UnitId{1};
  package.matters.items = {matter.matter, bound.matter};
  send(package);
  cases::ApplyForCase apply{};
  apply.package = package.package;
  apply.matters.items = {matter.matter};
  apply.text = Text<500>{"申请人原话（示例）"};
  for (int i = 0; i < 3; ++i) send(apply);
  const cases::CaseId whole{1}, withdrawn{2}, migrated{3}, ruled{4};
  const cases::StepNumber step{1};
  send(cases::NotifyOnce{whole, {{{"form"}}}, Text<500>{"示例说明"}});
  send(cases::SupplyPapers{whole, {{{{"form"}, cases::Handed::handed, Digest{}, {}, {}}}}});
  send(cases::AcceptCase{whole});
  send(cases::ReceiveStep{whole, step});
  send(cases::CorrectStep{whole, step, {2}, {"请补正（示例）"}});
  send(cases::ResumeStep{whole, step});
  send(cases::SuspendStep{whole, step, cases::Pause::expert_review, {3}, {}});
  send(cases::ResumeStep{whole, step});
  send(cases::AskExtension{whole, step, {5}, {"情况复杂（示例）"}});
  send(cases::RejectExtension{whole, step, {"理由不足（示例）"}}, head);
  send(cases::AskExtension{whole, step, {5}, {"情况复杂（示例）"}});
  send(cases::ApproveExtension{whole, step}, head);
  send(cases::AskCountersign{whole, step, {{UnitId{1}}}});
  send(cases::AddReviewer{whole, step, head.account});
  send(cases::AgreeToStep{whole, step, UnitId{1}, {}}, head);
  send(cases::SendStepBack{whole, step, {"退回（示例）"}}, head);
  send(cases::ReceiveStep{whole, step});
  send(cases::ApproveStep{whole, step, {}}, head);
  send(cases::DeliverCase{whole, cases::Delivery::counter});
  send(cases::RateCase{whole, {5}, {}});
  send(cases::WithdrawCase{withdrawn, {}});
  matter.version = {2};
  send(matter);
  send(cases::MigrateCase{migrated});
  send(cases::SupplyPapers{migrated, {{{{"form"}, cases::Handed::handed, Digest{}, {}, {}}}}});
  send(cases::AcceptCase{migrated});
  send(cases::ReceiveStep{migrated, step});
  send(cases::RefuseStep{migrated, step, {"不予许可（示例）"}}, head);
  apply.matters.items = {bound.matter};
  send(apply);
  send(cases::AcceptCase{ruled});
  send(cases::ApproveByRule{ruled, step});
  send(people::CreatePost{UnitId{1}, {"示例代办岗"}});
  send(people::AssignDuty{people::DutyKind::agent, PostId{1}, ProjectId{1}, today});
  send(people::GiveMandate{
      people::DutyId{1}, {{people::Service::submit}}, today, today + std::chrono::days(30), {{Digest{}}}});
  send(people::RevokeMandate{people::DutyId{1}, today});
  // One hand-over each way with a neighbour's ledger.
  const landfall::test::Neighbour neighbour;
  const JurisdictionCodes codes{w.engine->Read().state().cases.own_code, "430281"};
  send(cases::TrustPeer{{codes.theirs}, {"示例邻区"}, {neighbour.vkey()}});
  const cases::CaseId out{5}, in{6};
  send(apply);
  send(cases::AcceptCase{out});
  send(cases::HandOverCase{out, {codes.theirs}, {}});
  const std::uint64_t handed = w.engine->log().size();
  send(cases::ReceiveResult{
      out,
      {neighbour.Receipt(9, cases::ResultReturned{cases::CaseId{7},
                                                  {codes.own},
                                                  {static_cast<std::int64_t>(handed)},
                                                  out,
                                                  Digest{},
                                                  {{{bound.matter, cases::Outcome::approved, today}}},
                                                  today})}});
  send(cases::TakeOverCase{
      package.package,
      {neighbour.Receipt(
          4,
          cases::CaseHandedOver{cases::CaseId{3}, {codes.own}, package.package, {{bound.matter}}, {}, today, today})},
      {},
      {}});
  send(cases::AcceptCase{in});
  send(cases::ApproveByRule{in, step});
  send(cases::ReturnResult{in});
  send(cases::RevokePeer{{codes.theirs}});
  return names;
}

}  // namespace landfall::app::test
