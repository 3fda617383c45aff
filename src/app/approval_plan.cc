// SPDX-License-Identifier: Apache-2.0
#include "app/approval_plan.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace landfall::app {
namespace {

using approval::Catalogue;
using approval::Items;
using approval::Matter;
using approval::Paper;

// Who makes which paper, by paper, then by matter.
struct Maker {
  std::string_view paper;
  std::uint32_t matter;
  auto operator<=>(const Maker&) const = default;
};
using Makers = std::vector<Maker>;

Makers MakersAmong(std::span<const Matter* const> matters) {
  Makers out;
  for (std::uint32_t at = 0; at < matters.size(); ++at)
    for (const Key<40>& paper : Items(matters[at]->makes)) out.push_back({paper.value, at});
  std::ranges::sort(out);
  return out;
}

std::span<const Maker> MakersOf(const Makers& makers, const Key<40>& paper) {
  const auto range = std::ranges::equal_range(makers, std::string_view(paper.value), {}, &Maker::paper);
  return {range.begin(), range.end()};
}

std::vector<std::uint32_t> SortedOnce(std::vector<std::uint32_t> numbers) {
  std::ranges::sort(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// By matter: the matters that make what it needs.
planning::Rows WaitsFor(std::span<const Matter* const> matters, const Makers& makers) {
  planning::Rows rows;
  for (const Matter* matter : matters) {
    std::vector<std::uint32_t> waits;
    for (const auto papers : {Items(matter->needs), Items(matter->if_due)})
      for (const Key<40>& paper : papers)
        for (const Maker& maker : MakersOf(makers, paper)) waits.push_back(maker.matter);
    rows.Add(SortedOnce(std::move(waits)));
  }
  return rows;
}

std::string PathOf(std::span<const Matter* const> matters, std::span<const std::uint32_t> circle) {
  std::vector<std::string_view> names;
  for (const std::uint32_t step : circle) names.push_back(matters[step]->id.value);
  return fmt::format("{}", fmt::join(names, " → "));
}

void AddPapers(const Catalogue& catalogue, ApprovalPlan& plan, std::span<const Matter* const> matters,
               const Makers& makers) {
  const auto index = [&](const Key<40>& paper) { return catalogue.IndexOf(*catalogue.FindPaper(paper.value)); };
  planning::Rows needs, makes;
  for (const Matter* matter : matters) {
    std::vector<std::uint32_t> needed, made;
    for (const Key<40>& paper : Items(matter->needs)) needed.push_back(index(paper));
    // A paper that is needed only where it is due is asked of nobody: its matter is part of the plan or is not due.
    for (const Key<40>& paper : Items(matter->if_due))
      if (!MakersOf(makers, paper).empty()) needed.push_back(index(paper));
    for (const Key<40>& paper : Items(matter->makes)) made.push_back(index(paper));
    needs.Add(SortedOnce(std::move(needed)));
    makes.Add(SortedOnce(std::move(made)));
  }
  const planning::Papers papers = planning::MergePapers(needs, makes);
  const auto ids = [&](const std::vector<std::uint32_t>& steps) {
    std::vector<std::string> out;
    for (const std::uint32_t step : steps) out.push_back(matters[step]->id.value);
    return out;
  };
  for (const auto& asked : papers.asked) plan.asked.push_back({&catalogue.papers()[asked.paper], ids(asked.steps), {}});
  for (const auto& made : papers.spared)
    plan.made.push_back({&catalogue.papers()[made.paper], ids(made.steps), matters[made.step]->id.value});
  plan.one_by_one = papers.one_by_one;
}

// Puts the package and what applies of it and what does not into `plan`; `matters` are those that apply, `missing` the
// facts without which nobody can say.
Status Choose(const Catalogue& catalogue, const PlanRequest& request, ApprovalPlan& plan,
              std::vector<const Matter*>& matters, std::set<std::string>& missing) {
  const Day on = request.versions_of.value_or(request.accepted);
  plan.package = request.in_its_place != nullptr ? request.in_its_place : catalogue.FindPackage(request.package, on);
  if (plan.package == nullptr) {
    std::vector<std::string_view> choices;
    for (const approval::Package& package : catalogue.packages())
      if (choices.empty() || choices.back() != package.id.value) choices.push_back(package.id.value);
    return NotFound("approval.unknown_package", fmt::format("{}", fmt::join(choices, ", ")), "package");
  }
  for (const Key<40>& id : plan.package->matters.items) {
    const Matter* matter = catalogue.FindMatter(id.value, on);
    if (matter == nullptr) continue;  // Not in force on that day.
    LF_ASSIGN(approval::Verdict why, Applies(catalogue, *matter, request.facts, request.sentences));
    missing.insert(why.missing.begin(), why.missing.end());
    if (why.applies) {
      matters.push_back(matter);
      plan.matters.push_back({matter, std::move(why), {}});
    } else {
      plan.spared.push_back({matter, std::move(why)});
    }
  }
  return Ok{};
}

}  // namespace

Result<std::vector<std::string>> MissingFacts(const Catalogue& catalogue, const PlanRequest& request) {
  ApprovalPlan plan;
  std::vector<const Matter*> matters;
  std::set<std::string> missing;
  PlanRequest silent = request;
  silent.sentences = false;
  LF_TRY(Choose(catalogue, silent, plan, matters, missing));
  return std::vector<std::string>(missing.begin(), missing.end());
}

Result<ApprovalPlan> PlanPackage(const Catalogue& catalogue, const WorkCalendar& calendar, const PlanRequest& request) {
  ApprovalPlan plan;
  std::vector<const Matter*> matters;
  std::set<std::string> missing;
  LF_TRY(Choose(catalogue, request, plan, matters, missing));
  if (!missing.empty())
    return Invalid("approval.facts_missing", fmt::format("{}", fmt::join(missing, ", ")), *missing.begin());
  if (matters.empty()) return Invalid("approval.nothing_applies", plan.package->id.value);

  const Makers makers = MakersAmong(matters);
  planning::Graph statutory{{}, WaitsFor(matters, makers)}, promised{{}, statutory.waits_for};
  for (std::size_t at = 0; at < matters.size(); ++at) {
    const Matter& matter = *matters[at];
    if (!matter.statutory && !matter.promised) return Invalid("approval.no_limit", matter.id.value);
    statutory.limits.push_back(ToTimeLimit(matter.statutory ? *matter.statutory : *matter.promised));
    promised.limits.push_back(ToTimeLimit(matter.promised ? *matter.promised : *matter.statutory));
    for (const std::uint32_t before : statutory.waits_for[at])
      plan.matters[at].waits_for.push_back(matters[before]->id.value);
  }
  std::vector<std::uint32_t> circle;
  if (auto order = planning::Order(statutory, &circle); !order)
    return Invalid(order.error().code, circle.empty() ? order.error().detail : PathOf(matters, circle));
  LF_ASSIGN(plan.serial, planning::PlanSerial(statutory, calendar, request.accepted));
  LF_ASSIGN(plan.parallel, planning::Plan(statutory, calendar, request.accepted));
  LF_ASSIGN(plan.promised, planning::Plan(promised, calendar, request.accepted));
  LF_ASSIGN(plan.serial_promised, planning::PlanSerial(promised, calendar, request.accepted));
  LF_ASSIGN(plan.gains, planning::WhatMovesTheEnd(promised, calendar, plan.promised, request.faster));
  AddPapers(catalogue, plan, matters, makers);
  if (plan.package->promised) {
    LF_ASSIGN(const Deadline ends, calendar.After(request.accepted, ToTimeLimit(*plan.package->promised)));
    plan.promise_ends = ends.day;
  }
  return plan;
}

}  // namespace landfall::app
