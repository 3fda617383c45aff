// SPDX-License-Identifier: Apache-2.0
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "app/approval_plan.h"
#include "rules/explain.h"

namespace landfall::app {
namespace {

using approval::Catalogue;
using approval::Items;
using approval::Limit;
using approval::LimitUnit;
using approval::Matter;
using approval::MatterKind;

std::string TextOf(const Limit& limit) {
  return fmt::format("{} {}", limit.days.value, limit.unit == LimitUnit::work_days ? "work_days" : "calendar_days");
}

// Whether a longer limit is allowed at most `cap` working days. A week of five working days has seven days, so a limit
// in calendar days is held against as many of them.
bool Above(const Limit& limit, int cap) {
  return limit.unit == LimitUnit::work_days ? limit.days.value > cap : limit.days.value * 5 > cap * 7;
}

void CheckLimits(const Matter& matter, std::vector<CatalogueFinding>& out) {
  const bool licence = matter.kind == MatterKind::licence, joint = matter.kind == MatterKind::joint;
  const int cap = licence ? kLicenceCapWorkDays : kJointCapWorkDays;
  const std::optional<Limit>& longest = matter.statutory ? matter.statutory : matter.promised;
  if ((licence || joint) && longest && !matter.limit_law && Above(*longest, cap))
    out.push_back(
        {"approval.limit_above_cap", matter.id.value, fmt::format("{} > {} work_days", TextOf(*longest), cap)});
  if (!matter.statutory || !matter.promised) return;
  // n working days take n calendar days at least; the other way round a promise in calendar days is held in weeks.
  const Limit &law = *matter.statutory, &promise = *matter.promised;
  const bool above = promise.unit == law.unit || promise.unit == LimitUnit::work_days
                         ? promise.days.value > law.days.value
                         : Above(promise, static_cast<int>(law.days.value));
  if (above)
    out.push_back(
        {"approval.promise_above_limit", matter.id.value, fmt::format("{} > {}", TextOf(promise), TextOf(law))});
}

// Circles, and what waits for them. Papers that are needed only where they are due count as well; so a circle among
// matters that never apply together is named too, which is worth a look in any case.
void CheckOrder(const Catalogue& catalogue, Day on, std::span<const Matter* const> matters,
                std::vector<CatalogueFinding>& out) {
  planning::Graph graph;
  for (const Matter* matter : matters) {
    std::set<std::uint32_t> waits;
    for (const auto papers : {Items(matter->needs), Items(matter->if_due)})
      for (const Key<40>& paper : papers) {
        const std::vector<const Matter*> makers = catalogue.MakersOf(paper.value, on);
        if (makers.empty() && !catalogue.FindPaper(paper.value)->by)
          out.push_back({"approval.nobody_makes", matter->id.value, paper.value});
        for (const Matter* maker : makers)
          if (const auto at = std::ranges::find(matters, maker); at != matters.end())
            waits.insert(static_cast<std::uint32_t>(at - matters.begin()));
      }
    graph.waits_for.Add(std::vector<std::uint32_t>(waits.begin(), waits.end()));
    graph.limits.push_back(WorkDays{0});
  }
  std::vector<std::uint32_t> circle;
  if (planning::Order(graph, &circle) || circle.empty()) return;
  std::vector<std::string_view> path;
  for (const std::uint32_t step : circle) path.push_back(matters[step]->id.value);
  out.push_back({"approval.cycle", std::string(path.front()), fmt::format("{}", fmt::join(path, " → "))});
  // Everything behind the circle can never begin.
  std::set<std::uint32_t> stuck(circle.begin(), circle.end());
  for (bool grew = true; grew;) {
    grew = false;
    for (std::uint32_t step = 0; step < graph.size(); ++step) {
      if (stuck.contains(step)) continue;
      for (const std::uint32_t before : graph.waits_for[step]) {
        if (!stuck.contains(before)) continue;
        stuck.insert(step);
        out.push_back({"approval.unreachable", matters[step]->id.value, matters[before]->id.value});
        grew = true;
        break;
      }
    }
  }
}

// Tries the facts that a determinant reads at the values their probes, choices and truth values offer.
bool CanApply(const Catalogue& catalogue, const rules::Program& determinant) {
  struct Axis {
    std::uint32_t slot;
    std::vector<rules::Value> values;
  };
  std::vector<Axis> axes;
  std::size_t combinations = 1;
  for (const rules::FactUse& use : determinant.facts()) {
    const auto fact = std::ranges::find(catalogue.facts(), use.name, [](const auto& f) { return f.id.value; });
    Axis axis{*catalogue.environment().SlotOf(use.name), {}};
    if (fact->type == approval::FactType::yes_no) {
      axis.values = {rules::Value::Bool(false), rules::Value::Bool(true)};
    } else if (fact->type == approval::FactType::choice) {
      for (const auto& choice : fact->choices->items) axis.values.push_back(rules::Value::String(choice.id.value));
    } else {
      axis.values.push_back(rules::Value::Int(0));
      if (fact->probes)
        for (const std::int64_t probe : fact->probes->items) axis.values.push_back(rules::Value::Int(probe));
    }
    combinations *= axis.values.size();
    if (combinations > kProbesMax) return true;  // Too many to say that it cannot.
    axes.push_back(std::move(axis));
  }
  std::vector<rules::Value> row(catalogue.environment().size());
  rules::Evaluator evaluator;
  for (std::size_t n = 0; n < combinations; ++n) {
    std::size_t rest = n;
    for (const Axis& axis : axes) {
      row[axis.slot] = axis.values[rest % axis.values.size()];
      rest /= axis.values.size();
    }
    if (rules::VerdictOf(evaluator.Eval(determinant, row)) == rules::Verdict::kTrue) return true;
  }
  return false;
}

}  // namespace

std::vector<CatalogueFinding> CheckCatalogue(const Catalogue& catalogue, Day on) {
  std::vector<const Matter*> matters;
  for (const Matter& matter : catalogue.matters())
    if (matter.from <= on && (!matter.until || on <= *matter.until)) matters.push_back(&matter);
  return CheckMatters(catalogue, matters, on);
}

std::vector<CatalogueFinding> CheckMatters(const Catalogue& catalogue, std::span<const Matter* const> matters, Day on) {
  std::vector<CatalogueFinding> out;
  for (const Matter* matter : matters) {
    CheckLimits(*matter, out);
    const rules::Program* determinant = catalogue.determinant(catalogue.IndexOf(*matter));
    if (determinant != nullptr && !CanApply(catalogue, *determinant))
      out.push_back({"approval.never_applies", matter->id.value, determinant->source()});
  }
  CheckOrder(catalogue, on, matters, out);
  std::ranges::stable_sort(out, {}, &CatalogueFinding::code);
  return out;
}

}  // namespace landfall::app
