// SPDX-License-Identifier: Apache-2.0
#include "app/reduction.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace landfall::app {
namespace {

using approval::Catalogue;
using approval::Items;
using approval::Limit;
using approval::LimitUnit;
using approval::Matter;

std::int64_t FieldsOf(const approval::Paper& paper) { return paper.fields ? paper.fields->value : 0; }

Burden BurdenOf(const Catalogue& catalogue, const ApprovalPlan& plan, bool as_package, Day versions_of) {
  Burden out;
  out.versions_of = versions_of;
  out.as_package = as_package;
  out.matters = static_cast<std::int64_t>(plan.matters.size());
  out.papers = static_cast<std::int64_t>(as_package ? plan.asked.size() : plan.one_by_one);
  if (as_package) {
    for (const AskedPaper& asked : plan.asked) out.fields += FieldsOf(*asked.paper);
  } else {
    for (const PlannedMatter& planned : plan.matters)
      for (const Key<40>& paper : Items(planned.matter->needs))
        out.fields += FieldsOf(*catalogue.FindPaper(paper.value));
  }
  for (const PlannedMatter& planned : plan.matters) {
    out.fees += planned.matter->fee.has_value();
    if (as_package && plan.package->visits) continue;
    if (planned.matter->visits)
      out.visits += planned.matter->visits->value;
    else
      ++out.visits_unknown;
  }
  if (as_package && plan.package->visits) out.visits = plan.package->visits->value;
  out.work_days = (as_package ? plan.parallel : plan.serial).work_days;
  out.promised_days = (as_package ? plan.promised : plan.serial_promised).work_days;
  return out;
}

std::string TextOf(const std::optional<Limit>& limit) {
  if (!limit) return "–";
  return fmt::format("{} {}", limit->days.value, limit->unit == LimitUnit::work_days ? "work_days" : "calendar_days");
}

// Working days are the longer of two equal numbers: a week has five of them.
double Weight(const Limit& limit) {
  const auto days = static_cast<double>(limit.days.value);
  return limit.unit == LimitUnit::work_days ? days * 7 / 5 : days;
}

class Comparison {
 public:
  Comparison(const ApprovalPlan& before, const ApprovalPlan& after) {
    for (const PlannedMatter& planned : before.matters) was_[planned.matter->id.value] = planned.matter;
    for (const PlannedMatter& planned : after.matters) is_[planned.matter->id.value] = planned.matter;
    for (const SparedMatter& spared : before.spared) spared_before_.insert(spared.matter->id.value);
    for (const SparedMatter& spared : after.spared) spared_after_.insert(spared.matter->id.value);
  }

  std::vector<ReductionChange> Changes() {
    std::set<std::string> ids;
    for (const auto& [id, matter] : was_) ids.insert(id);
    for (const auto& [id, matter] : is_) ids.insert(id);
    for (const std::string& id : ids) {
      const auto was = was_.find(id), is = is_.find(id);
      if (is == is_.end())
        Gone(id);
      else if (was == was_.end())
        Add(spared_before_.contains(id) ? ReductionKind::now_applies : ReductionKind::matter_added, id);
      else
        Both(*was->second, *is->second);
    }
    return std::move(changes_);
  }

 private:
  void Add(ReductionKind kind, const std::string& matter, std::string detail = {}) {
    changes_.push_back({kind, matter, std::move(detail)});
  }

  void Gone(const std::string& id) {
    for (const auto& [other, matter] : is_)
      for (const Key<40>& replaced : Items(matter->replaces))
        if (replaced.value == id) return Add(ReductionKind::matter_merged, id, other);
    Add(spared_after_.contains(id) ? ReductionKind::no_longer_applies : ReductionKind::matter_cancelled, id);
  }

  void Both(const Matter& was, const Matter& is) {
    const std::string& id = was.id.value;
    const auto missing_in = [](const Key<40>& paper, const auto& papers) {
      return std::ranges::find(papers, paper) == papers.end();
    };
    for (const Key<40>& paper : Items(was.needs))
      if (missing_in(paper, Items(is.needs))) Add(ReductionKind::paper_dropped, id, paper.value);
    for (const Key<40>& paper : Items(is.needs))
      if (missing_in(paper, Items(was.needs))) Add(ReductionKind::paper_added, id, paper.value);
    Limits(id, was.statutory, is.statutory, ReductionKind::limit_shortened, ReductionKind::limit_extended);
    Limits(id, was.promised, is.promised, ReductionKind::promise_shortened, ReductionKind::promise_extended);
    if (was.fee && !is.fee) Add(ReductionKind::fee_abolished, id, was.fee->value);
    if (!was.fee && is.fee) Add(ReductionKind::fee_introduced, id, is.fee->value);
    if (was.visits && is.visits && was.visits->value != is.visits->value)
      Add(was.visits->value > is.visits->value ? ReductionKind::visits_fewer : ReductionKind::visits_more, id,
          fmt::format("{} → {}", was.visits->value, is.visits->value));
  }

  void Limits(const std::string& id, const std::optional<Limit>& was, const std::optional<Limit>& is,
              ReductionKind shortened, ReductionKind extended) {
    if (!is) return;
    // A first promise binds the office where only the law did.
    if (was && Weight(*was) == Weight(*is)) return;
    Add(!was || Weight(*is) < Weight(*was) ? shortened : extended, id, fmt::format("{} → {}", TextOf(was), TextOf(is)));
  }

  std::map<std::string, const Matter*> was_, is_;
  std::set<std::string> spared_before_, spared_after_;
  std::vector<ReductionChange> changes_;
};

}  // namespace

Result<Reduction> CompareBurdens(const Catalogue& catalogue, const WorkCalendar& calendar,
                                 const ReductionRequest& request) {
  if (request.before >= request.after) return Invalid("approval.days_reversed", {}, "before");
  PlanRequest plan{request.package, request.facts, request.accepted};
  plan.versions_of = request.after;
  LF_ASSIGN(const ApprovalPlan after, PlanPackage(catalogue, calendar, plan));
  plan.versions_of = request.before;
  const bool was_package = catalogue.FindPackage(request.package, request.before) != nullptr;
  if (!was_package) plan.in_its_place = after.package;
  LF_ASSIGN(const ApprovalPlan before, PlanPackage(catalogue, calendar, plan));
  return Reduction{after.package->id.value, BurdenOf(catalogue, before, was_package, request.before),
                   BurdenOf(catalogue, after, true, request.after), Comparison(before, after).Changes()};
}

}  // namespace landfall::app
