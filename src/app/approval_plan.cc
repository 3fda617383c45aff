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

bool Makes(const Matter& matter, const Key<40>& paper) {
  return std::ranges::find(Items(matter.makes), paper) != Items(matter.makes).end();
}

// The matters that make what matter `at` needs.
std::vector<std::uint32_t> WaitsFor(std::span<const Matter* const> matters, std::size_t at) {
  std::set<std::uint32_t> waits;
  for (const auto papers : {Items(matters[at]->needs), Items(matters[at]->if_due)})
    for (const Key<40>& paper : papers)
      for (std::uint32_t maker = 0; maker < matters.size(); ++maker)
        if (Makes(*matters[maker], paper)) waits.insert(maker);
  return {waits.begin(), waits.end()};
}

planning::Rows RowsOf(std::span<const Matter* const> matters) {
  planning::Rows rows;
  for (std::size_t at = 0; at < matters.size(); ++at) rows.Add(WaitsFor(matters, at));
  return rows;
}

std::string PathOf(std::span<const Matter* const> matters, std::span<const std::uint32_t> circle) {
  std::vector<std::string_view> names;
  for (const std::uint32_t step : circle) names.push_back(matters[step]->id.value);
  return fmt::format("{}", fmt::join(names, " → "));
}

void AddPapers(const Catalogue& catalogue, ApprovalPlan& plan, std::span<const Matter* const> matters) {
  planning::Rows needs, makes;
  for (const Matter* matter : matters) {
    std::set<std::uint32_t> needed, made;
    for (const Key<40>& paper : Items(matter->needs))
      needed.insert(catalogue.IndexOf(*catalogue.FindPaper(paper.value)));
    // A paper that is needed only where it is due is asked of nobody: its matter is part of the plan or is not due.
    for (const Key<40>& paper : Items(matter->if_due))
      if (std::ranges::any_of(matters, [&](const Matter* other) { return Makes(*other, paper); }))
        needed.insert(catalogue.IndexOf(*catalogue.FindPaper(paper.value)));
    for (const Key<40>& paper : Items(matter->makes)) made.insert(catalogue.IndexOf(*catalogue.FindPaper(paper.value)));
    const std::vector<std::uint32_t> needed_row(needed.begin(), needed.end()), made_row(made.begin(), made.end());
    needs.Add(needed_row);
    makes.Add(made_row);
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

}  // namespace

Result<ApprovalPlan> PlanPackage(const Catalogue& catalogue, const WorkCalendar& calendar, const PlanRequest& request) {
  ApprovalPlan plan;
  plan.package = catalogue.FindPackage(request.package, request.accepted);
  if (plan.package == nullptr) {
    std::vector<std::string_view> choices;
    for (const approval::Package& package : catalogue.packages())
      if (choices.empty() || choices.back() != package.id.value) choices.push_back(package.id.value);
    return NotFound("approval.unknown_package", fmt::format("{}", fmt::join(choices, ", ")), "package");
  }
  std::set<std::string> missing;
  std::vector<const Matter*> matters;
  for (const Key<40>& id : plan.package->matters.items) {
    const Matter* matter = catalogue.FindMatter(id.value, request.accepted);
    if (matter == nullptr) continue;  // Not in force on that day.
    LF_ASSIGN(approval::Verdict why, Applies(catalogue, *matter, request.facts));
    missing.insert(why.missing.begin(), why.missing.end());
    if (why.applies) {
      matters.push_back(matter);
      plan.matters.push_back({matter, std::move(why), {}});
    } else {
      plan.spared.push_back({matter, std::move(why)});
    }
  }
  if (!missing.empty())
    return Invalid("approval.facts_missing", fmt::format("{}", fmt::join(missing, ", ")), *missing.begin());
  if (matters.empty()) return Invalid("approval.nothing_applies", plan.package->id.value);

  planning::Graph statutory{{}, RowsOf(matters)}, promised{{}, statutory.waits_for};
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
  LF_ASSIGN(plan.gains, planning::WhatMovesTheEnd(promised, calendar, plan.promised, request.faster));
  AddPapers(catalogue, plan, matters);
  if (plan.package->promised) {
    LF_ASSIGN(const Deadline ends, calendar.After(request.accepted, ToTimeLimit(*plan.package->promised)));
    plan.promise_ends = ends.day;
  }
  return plan;
}

}  // namespace landfall::app
