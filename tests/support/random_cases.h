// SPDX-License-Identifier: Apache-2.0
// Commands on cases 办件, drawn against a state: mostly such as its course allows, some not.
#pragma once

#include "app/state.h"
#include "base/seam.h"

namespace landfall::app::test {

class RandomCases {
 public:
  explicit RandomCases(SeededRandom& random) : random_(random) {}

  // Six matters that need what others make, and two packages of them.
  AnyCommand Define(const State& s, Day today) {
    const UnitId unit{static_cast<std::uint32_t>(1 + Below(std::max<std::size_t>(1, s.people.unit_parent.size())))};
    std::uint64_t n = 0;
    while (n < 6 && s.cases.matter_versions.contains("matter-" + std::to_string(n))) ++n;
    if (n < 6 || Below(40) == 0) {
      if (n == 6) n = Below(6);
      cases::DefineMatter c{};
      c.matter = {"matter-" + std::to_string(n)};
      c.version = {Version(s.cases.matter_versions, c.matter.value)};
      c.from = today - std::chrono::days(Below(5));
      c.zh = {"示例事项"};
      c.owner_unit = unit;
      c.kind = Below(2) == 0 ? cases::MatterKind::licence : cases::MatterKind::filing;
      c.level = cases::Level::district;
      c.discretion = Below(3) != 0;
      c.promised = cases::Limit{{static_cast<std::int64_t>(1 + Below(10))}, static_cast<cases::LimitUnit>(Below(2))};
      if (Below(2) == 0) c.statutory = cases::Limit{{20}, cases::LimitUnit::work_days};
      c.papers.items.push_back({{"form"}, {"申请表"}, std::nullopt, std::nullopt, Below(2) == 0});
      c.papers.items.push_back({{"plan-" + std::to_string(n)}, {"方案"}, std::nullopt, Below(2) == 0, std::nullopt});
      if (n > 0) c.papers.items.push_back({{"permit-" + std::to_string(Below(n))}, {"前证"}, {}, {}, {}});
      c.makes.items.push_back({"permit-" + std::to_string(n)});
      if (Below(2) == 0) c.made_valid = {{{c.makes.items[0], {365}}}};
      return c;
    }
    cases::DefinePackage c{};
    c.package = {"package-" + std::to_string(Below(2))};
    c.version = {Version(s.cases.package_versions, c.package.value)};
    c.from = today;
    c.zh = {"示例一件事"};
    c.owner_unit = unit;
    for (int m = 0; m < 6; ++m) c.matters.items.push_back({"matter-" + std::to_string(m)});
    if (Below(2) == 0) c.promised = cases::Limit{{15}, cases::LimitUnit::work_days};
    return c;
  }

  AnyCommand Next(const State& state, Day today) {
    const cases::State& s = state.cases;
    if (s.package_versions.size() < 2 || Below(30) == 0) return Define(state, today);
    const std::size_t n = s.cases.size();
    if (n == 0 || Below(25) == 0) return Apply(s, today);
    // The newest ones are those that are still open.
    const cases::CaseId id{static_cast<std::uint32_t>(1 + n - 1 - Below(std::min<std::size_t>(n, 5)) + Below(40) / 39)};
    // A case that has not begun, or is over, is mostly for the window.
    if (!s.Knows(id)) return OfCase(s, id, today);
    const bool running = s.cases[id.index()].life == static_cast<std::uint8_t>(cases::Life::kRunning);
    if (Below(8) == 0 || (!running && Below(8) != 0)) return OfCase(s, id, today);
    return OfStep(state, id);
  }
  std::uint64_t Below(std::uint64_t n) { return n == 0 ? 0 : random_.Next() % n; }

 private:
  static std::int64_t Version(const std::unordered_map<std::string, std::vector<std::uint32_t>>& versions,
                              const std::string& key) {
    const auto found = versions.find(key);
    return found == versions.end() ? 1 : static_cast<std::int64_t>(found->second.size()) + 1;
  }
  std::optional<Text<500>> Remark() { return Below(2) == 0 ? std::optional(Text<500>{"示例说明"}) : std::nullopt; }
  cases::HandedPaper Told(const cases::FormPaper& paper, Day today) {
    if (paper.may_follow && Below(3) == 0)
      return {paper.paper, cases::Handed::later, std::nullopt, std::nullopt, today + std::chrono::days(5)};
    if (paper.may_promise && Below(3) == 0)
      return {paper.paper, cases::Handed::promised, std::nullopt, std::nullopt, std::nullopt};
    return {paper.paper, cases::Handed::handed, Sha256("paper"), today + std::chrono::days(Below(60)), std::nullopt};
  }
  AnyCommand Apply(const cases::State& s, Day today) {
    const cases::PackageDefined& package = s.packages[Below(s.packages.size())].event;
    cases::ApplyForCase c{};
    c.package = {package.on.key};
    for (const Key<40>& matter : package.matters.items)
      if (Below(4) != 0) c.matters.items.push_back(matter);
    if (const int at = s.FindPackage(package.on.key, today); at >= 0 && Below(8) != 0) {
      std::vector<std::uint32_t> matters;
      for (const Key<40>& key : s.packages[static_cast<std::size_t>(at)].event.matters.items)
        if (std::find(c.matters.items.begin(), c.matters.items.end(), key) != c.matters.items.end())
          matters.push_back(static_cast<std::uint32_t>(s.FindMatter(key.value, today)));
      if (const auto form = cases::MakeForm(s, static_cast<std::uint32_t>(at), matters))
        for (const cases::FormPaper& paper : form->papers)
          if (Below(6) != 0) c.papers.items.push_back(Told(paper, today));
    }
    if (Below(2) == 0) c.text = Text<500>{"申请人原话（示例）"};
    return c;
  }
  AnyCommand OfCase(const cases::State& s, cases::CaseId id, Day today) {
    cases::SupplyPapers supply{id, {}};
    cases::NotifyOnce notify{id, {}, Remark()};
    if (s.Knows(id)) {
      const cases::Case& c = s.cases[id.index()];
      const cases::Form& form = s.FormOf(c);
      for (std::size_t p = 0; p < form.papers.size(); ++p) {
        const auto held = static_cast<cases::PaperState>(s.papers[c.first_paper + p].state);
        if (held > cases::PaperState::kAsked) continue;
        if (Below(5) != 0) supply.papers.items.push_back(Told(form.papers[p], today));
        if (Below(20) != 0) notify.papers.items.push_back(form.papers[p].paper);
      }
    }
    switch (Below(24)) {
      case 0:
        return cases::WithdrawCase{id, Remark()};
      case 1:
      case 2:
        return notify;
      case 3:
      case 4:
        return supply;
      case 5:
        return cases::MigrateCase{id};
      case 6:
        return cases::RateCase{id, {static_cast<std::int64_t>(1 + Below(5))}, Remark()};
      case 7:
      case 8:
        return cases::DeliverCase{id, static_cast<cases::Delivery>(Below(3))};
      default:
        return cases::AcceptCase{id};
    }
  }
  AnyCommand OfStep(const State& state, cases::CaseId id) {
    const cases::State& s = state.cases;
    const cases::StepNumber step{static_cast<std::int64_t>(1 + Below(s.FormOf(s.cases[id.index()]).steps.size()))};
    const UnitId unit{static_cast<std::uint32_t>(1 + Below(std::max<std::uint32_t>(1, s.units)))};
    const auto days = static_cast<std::int64_t>(1 + Below(6));
    // What chance alone seldom hits: a step without discretion that waits, one that is to be
    // refused, and a unit that was asked.
    const cases::Case& of = s.cases[id.index()];
    const auto at = static_cast<std::size_t>(step.value - 1);
    const auto stands = static_cast<cases::StepState>(s.StepAt(of, at).state);
    const bool bound = !s.matters[s.FormOf(of).steps[at].matter].event.discretion;
    if (stands == cases::StepState::kWaiting && bound && Below(2) == 0) return cases::ApproveByRule{id, step};
    UnitId asked{};
    s.ForEachSide(s.StepAt(of, at), [&](const cases::Side& side) {
      if (side.kind == static_cast<std::uint8_t>(cases::SideKind::kUnit) && side.detail == 0) asked = UnitId{side.who};
    });
    if (asked && Below(3) == 0) return cases::AgreeToStep{id, step, asked, Remark()};
    if (stands == cases::StepState::kReceived && Below(6) == 0)
      return cases::RefuseStep{id, step, {"不予许可（示例）"}};
    switch (Below(20)) {
      case 0:
        return cases::CorrectStep{id, step, {days}, {"请补正（示例）"}};
      case 1:
        return cases::SuspendStep{id, step, static_cast<cases::Pause>(Below(11)), {days}, Remark()};
      case 2:
      case 3:
        return cases::ResumeStep{id, step};
      case 4:
        return cases::AskExtension{id, step, {days}, {"情况复杂（示例）"}};
      case 5:
        if (Below(2) == 0) return cases::RejectExtension{id, step, {"不予延长（示例）"}};
        return cases::ApproveExtension{id, step};
      case 6:
        return cases::AskCountersign{id, step, {{unit}}};
      case 7:
        return cases::AddReviewer{id, step, AccountId{static_cast<std::uint32_t>(1 + Below(state.admin.roles.size()))}};
      case 8:
      case 9:
        return cases::AgreeToStep{id, step, unit, Remark()};
      case 10:
        return cases::RefuseStep{id, step, {"不予许可（示例）"}};
      case 11:
        return cases::SendStepBack{id, step, {"退回（示例）"}};
      case 12:
        return cases::ApproveByRule{id, step};
      case 13:
      case 14:
      case 15:
        return cases::ApproveStep{id, step, Remark()};
      default:
        return cases::ReceiveStep{id, step};
    }
  }

  SeededRandom& random_;
};

}  // namespace landfall::app::test
