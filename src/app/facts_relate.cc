// SPDX-License-Identifier: Apache-2.0
#include "app/facts_relate.h"

#include <algorithm>

namespace landfall::app {
namespace {

using claim::Kind;
using claim::Rule;
using claim::Unit;

class Relating {
 public:
  Relating(const std::vector<Fact>& facts, const std::vector<PlannedClaim>& claims) : claims_(claims) {
    for (const Fact& fact : facts) facts_[fact.id] = &fact;
  }

  std::vector<PlannedRelation> Run() {
    for (const PlannedClaim& claim : claims_) {
      if (claim.command.values.items.empty()) continue;
      OfItself(claim);
      Records(claim);
      for (const PlannedClaim& other : claims_)
        if (other.id != claim.id && !other.command.values.items.empty() && SameRegion(claim, other))
          OfTwo(claim, other);
    }
    return std::move(relations_);
  }

 private:
  const Fact& FactOf(const PlannedClaim& claim) const { return *facts_.at(claim.fact); }
  static bool SameRegion(const PlannedClaim& a, const PlannedClaim& b) { return a.command.region == b.command.region; }
  static const std::string& NameOf(const PlannedClaim& claim) { return claim.command.name.value; }
  bool SamePeriod(const PlannedClaim& a, const PlannedClaim& b) const { return FactOf(a).period == FactOf(b).period; }
  static bool IsMoney(const PlannedClaim& claim) { return claim.command.unit == Unit::money; }
  static bool Own(const PlannedClaim& claim) { return claim.part.empty(); }

  void Relate(const PlannedClaim& claim, Rule rule, const PlannedClaim& operand) {
    relations_.push_back({claim.fact, {claim.id, rule, {{operand.id}}, std::nullopt, std::nullopt}});
  }

  void OfItself(const PlannedClaim& claim) {
    if (claim.command.kind == Kind::proportion && FactOf(claim).Extra("sum") == "100")
      relations_.push_back({claim.fact, {claim.id, Rule::whole, {}, std::nullopt, std::nullopt}});
  }

  void OfTwo(const PlannedClaim& a, const PlannedClaim& b) {
    if (a.fact == b.fact) return WithinOneFact(a, b);
    if (Own(a) && Own(b)) Named(a, b);
    // The same amount twice, beside an event and on its own.
    if (Own(a) && !Own(b) && IsMoney(a) && IsMoney(b) && SamePeriod(a, b) && a.command.values == b.command.values &&
        a.command.exponent == b.command.exponent)
      Relate(a, Rule::same_as, b);
  }

  // The parts of one fact belong together: so many projects of so much, so much after such a growth.
  void WithinOneFact(const PlannedClaim& a, const PlannedClaim& b) {
    if (a.part == "yoy" && Own(b)) Relate(a, Rule::growth_of, b);
    if (a.part == "above_scale" && Own(b)) Relate(a, Rule::subset_of, b);
    if (a.part == "investment_yi" && Own(b) && b.command.kind == Kind::count) Relate(a, Rule::mean_of, b);
    if (a.part == "projects" && IsMoney(b) && Own(b)) Relate(b, Rule::mean_of, a);
  }

  void Named(const PlannedClaim& a, const PlannedClaim& b) {
    const std::string &name = NameOf(a), &other = NameOf(b);
    const Fact& fact = FactOf(a);
    const std::string subset = fact.Extra("subset_of");
    const std::string printed = b.command.values.items[0].value + FactOf(b).unit;
    if (!subset.empty() && (subset == other || subset.ends_with(printed)) && a.command.unit == b.command.unit)
      Relate(a, Rule::subset_of, b);
    if (a.command.kind == Kind::count && b.command.kind == Kind::count) {
      if (SamePeriod(a, b) && name.starts_with("实际") && other == "计划" + name.substr(std::string("实际").size()))
        Relate(a, Rule::completion_of, b);
      if (name.starts_with("新增") && other == name.substr(std::string("新增").size()) + "总数")
        Relate(a, Rule::increase_of, b);
      if (name == other && FactOf(b).period == "十三五" && InThirteenth(fact.period)) Relate(a, Rule::subset_of, b);
    }
    if (!SamePeriod(a, b)) return;
    if (a.command.kind == Kind::growth && name == other + "同比") Relate(a, Rule::growth_of, b);
    if (a.command.kind == Kind::share && name.starts_with(other + "占")) Relate(a, Rule::share_of, b);
    if (IsMoney(a) && b.command.kind == Kind::count && SpreadOver(name, other)) Relate(a, Rule::mean_of, b);
  }
  // The thirteenth plan: 2016 to 2020.
  static bool InThirteenth(const std::string& period) {
    return period.size() == 4 && period >= "2016" && period <= "2020";
  }
  // 招商活动签约总投资 over 招商活动签约项目数; 引进产业项目计划总投资 over 引进产业项目.
  static bool SpreadOver(const std::string& amount, const std::string& count) {
    for (const char* ending : {"计划总投资", "总投资"})
      for (const char* counted : {"项目数", ""})
        if (std::string(counted).empty()
                ? amount == count + ending
                : count.ends_with(counted) &&
                      amount == count.substr(0, count.size() - std::string(counted).size()) + ending)
          return true;
    return false;
  }

  // The records that the report names as examples of what it counts: projects at the same stage, enterprises with the
  // demand that was met.
  void Records(const PlannedClaim& claim) {
    const Fact& fact = FactOf(claim);
    if (!Own(claim) || fact.kind != "indicator" || claim.command.target) return;
    if (claim.command.kind != Kind::count && claim.command.kind != Kind::sum) return;
    List<ProjectId, claim::kRecordsMax> projects;
    List<EnterpriseId, claim::kRecordsMax> enterprises;
    for (const PlannedClaim& other : claims_) {
      if (!Own(other) || !SameRegion(claim, other)) continue;
      const Fact& example = FactOf(other);
      if (other.command.project && example.kind == "project" && AtStage(fact, example) &&
          projects.items.size() < claim::kRecordsMax)
        projects.items.push_back(*other.command.project);
      const std::string demand = example.Extra("demand");
      if (other.command.enterprise && !demand.empty() && claim.command.kind == Kind::count &&
          fact.name.find(demand) != std::string::npos && enterprises.items.size() < claim::kRecordsMax)
        enterprises.items.push_back(*other.command.enterprise);
    }
    if (projects.items.empty() && enterprises.items.empty()) return;
    relations_.push_back({claim.fact, {claim.id, Rule::counts, {}, std::move(projects), std::move(enterprises)}});
  }
  // A project of 2020 is one of the first half of 2020 when the report says so of its stage; not one of January to
  // September of a year that the report does not name.
  static bool AtStage(const Fact& figure, const Fact& project) {
    const std::string stage = figure.Extra("stage");
    if (stage.empty() || stage != project.Extra("stage")) return false;
    if (figure.period == project.period) return true;
    return figure.period == project.period + "上半年" && project.period.size() == 4;
  }

  const std::vector<PlannedClaim>& claims_;
  std::map<std::string, const Fact*> facts_;
  std::vector<PlannedRelation> relations_;
};

}  // namespace

std::vector<PlannedRelation> RelateFacts(const std::vector<Fact>& facts, const std::vector<PlannedClaim>& claims) {
  return Relating(facts, claims).Run();
}

}  // namespace landfall::app
