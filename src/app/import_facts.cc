// SPDX-License-Identifier: Apache-2.0
#include "app/import_facts.h"

#include <algorithm>
#include <set>

#include "app/facts_read.h"
#include "app/facts_relate.h"

namespace landfall::app {
namespace {

// 湖南省株洲市渌口区 → 渌口区: the last division, without the ones it lies in.
std::string LastDivision(std::string_view region) {
  for (const std::string_view level : {"省", "市"}) {
    const std::size_t at = region.find(level);
    if (at != std::string_view::npos && at + level.size() < region.size()) region.remove_prefix(at + level.size());
  }
  return std::string(region);
}

std::optional<Money> Investment(const Fact& fact, std::uint32_t decimals) {
  constexpr int kYi = 8;
  if (fact.unit != "亿元" || fact.values.size() != 1) return std::nullopt;
  auto amount = Money::Parse(fact.values[0], static_cast<int>(decimals), kYi);
  return amount ? std::optional<Money>(*amount) : std::nullopt;
}

// Turns facts into commands against one state.
class Planner {
 public:
  Planner(const State& state, FactsReport& report, Day today) : state_(state), report_(report), today_(today) {
    next_region_ = static_cast<std::uint32_t>(state.place.from.size());
    next_enterprise_ = static_cast<std::uint32_t>(state.enterprise.credit_code.size());
    next_project_ = static_cast<std::uint32_t>(state.project.size());
    next_claim_ = static_cast<std::uint32_t>(state.claim.rows.size());
  }

  std::vector<AnyCommand> commands;
  std::vector<std::string> fact_of;  // by command

  Status Plan(const std::vector<Fact>& facts) {
    for (const Fact& fact : facts) Region(fact);
    for (const Fact& fact : facts) {
      if (Known(fact.id)) {
        ++report_.known;
        continue;
      }
      LF_TRY(Record(fact));
    }
    Aliases(facts);
    for (PlannedRelation& relation : RelateFacts(facts, claims_)) {
      if (relation.command.claim.raw <= state_.claim.rows.size()) continue;
      Push(relation.fact, std::move(relation.command));
      ++report_.relations;
    }
    return Ok{};
  }

 private:
  void Push(const std::string& fact, AnyCommand command) {
    commands.push_back(std::move(command));
    fact_of.push_back(fact);
  }
  bool Known(const std::string& source) const {
    return state_.claim.by_source.Find(state_.claim.source, source) != TextIndex::kNone;
  }

  RegionId AddRegion(const std::string& fact, const std::string& code, const std::string& name,
                     std::optional<RegionId> parent) {
    if (const auto found = regions_.find(code); found != regions_.end()) return found->second;
    const std::uint32_t at = state_.place.by_code.Find(state_.place.code, code);
    if (at != TextIndex::kNone) return regions_[code] = RegionId::FromIndex(at);
    // The day of the import: since when the place is one, the report does not say.
    Push(fact, place::AddRegion{{code}, {name}, parent, today_});
    ++report_.regions;
    return regions_[code] = RegionId{++next_region_};
  }
  // A county's region lies in that of its city where the report speaks of both (GB/T 2260: 4311 and two digits).
  void Region(const Fact& fact) {
    if (fact.code.empty() || fact.region.empty()) return;
    std::optional<RegionId> parent;
    if (const auto city = regions_.find(fact.code.substr(0, 4) + "00");
        city != regions_.end() && city->first != fact.code)
      parent = city->second;
    (void)AddRegion(fact.id, fact.code, LastDivision(fact.region), parent);
  }

  Status Record(const Fact& fact) {
    claim::RecordClaim c{};
    c.category = EnumFromName<claim::Category>(fact.kind).value();
    if (const auto region = regions_.find(fact.code); region != regions_.end()) c.region = region->second;
    // Names that only stand inside another name, or were read from garbled text, are not what the report printed.
    c.name_inferred =
        fact.Has("name_inferred_from_garbled_text") || fact.Extra("role").find("implied") != std::string::npos;
    if (c.name_inferred) report_.names_inferred.push_back(fact.id);
    if (c.category == claim::Category::enterprise) c.enterprise = Enterprise(fact);
    if (c.category == claim::Category::project) c.project = Project(fact, c.region);
    if (c.category == claim::Category::park) c.region = AddRegion(fact.id, fact.id, fact.name, c.region);
    if (const auto same = projects_.find(fact.Extra("same_as")); !c.project && same != projects_.end())
      c.project = same->second;
    c.target = fact.Has("target") && fact.Extra("target") == "true";
    if (!fact.Extra("scope").empty()) {
      LF_ASSIGN(c.scope, Text<200>::Parse(fact.Extra("scope")));
    }
    // The amount of a project is its record; to hold it against itself would prove nothing.
    const bool recorded = c.project && c.category == claim::Category::project &&
                          Investment(fact, state_.admin.currency_decimals).has_value();
    // How work is done 机制 is words: its number (六个一) is part of a name, and nothing to be reconciled.
    const bool words = recorded || c.category == claim::Category::mechanism;
    const Measure measure = MeasureOf(fact.unit, fact.name, fact.Extra("yoy") == "true");
    c.bound = BoundOf(fact.Extra("op"));
    LF_TRY(Claim(fact, "", c, words ? std::vector<std::string>{} : fact.values, measure, fact.unit,
                 fact.Has("number_missing_in_source")));
    return Parts(fact, c);
  }

  // Numbers that stand beside the fact's own.
  Status Parts(const Fact& fact, claim::RecordClaim c) {
    struct Part {
      const char *key, *unit, *words;
    };
    static constexpr Part kParts[] = {{"investment_yi", "亿元", "投资"}, {"above_scale", "家", "其中规上"},
                                      {"projects", "个", "项目"},        {"yoy", "%", "同比"},
                                      {"agencies", "个", "单位"},        {"from_measures", "条", "举措"},
                                      {"people", "人", "人数"}};
    c.project.reset(), c.enterprise.reset();
    c.bound = claim::Bound::exact;
    for (const Part& part : kParts) {
      const std::string text = fact.Extra(part.key);
      if (text.empty() || text == "true") continue;
      const bool missing = text == "number_missing_in_source";
      LF_TRY(Claim(fact, part.key, c, missing ? std::vector<std::string>{} : std::vector<std::string>{text},
                   MeasureOf(part.unit, fact.name, std::string_view(part.key) == "yoy"), part.unit, missing,
                   part.words));
    }
    return Ok{};
  }

  Status Claim(const Fact& fact, const std::string& part, claim::RecordClaim c, const std::vector<std::string>& values,
               const Measure& measure, const std::string& unit, bool missing, const std::string& words = "") {
    const std::string source = part.empty() ? fact.id : fact.id + "." + part;
    auto report = Code<20>::Parse(report_.report);
    auto checked = Code<40>::Parse(source);
    auto name = Text<200>::Parse(words.empty() ? fact.name : fact.name + " " + words);
    if (!report || !checked || !name) return Invalid("seed.fact_malformed", fact.id);
    c.report = *std::move(report);
    c.source = *std::move(checked);
    c.name = *std::move(name);
    if (!fact.period.empty()) {
      LF_ASSIGN(c.period, Text<60>::Parse(fact.period));
    }
    if (!unit.empty()) {
      LF_ASSIGN(c.unit_words, Text<40>::Parse(unit));
    }
    c.evidence_level = project::EvidenceLevel::stated;
    c.missing_in_source = missing;
    // Without a number it is words, whatever unit was noted.
    const bool statement = values.empty() && !missing;
    c.kind = statement                                ? claim::Kind::statement
             : measure.kind == claim::Kind::statement ? claim::Kind::count
                                                      : measure.kind;
    c.unit = statement ? claim::Unit::none : measure.unit;
    c.exponent = {statement ? 0 : measure.exponent};
    for (const std::string& value : values) {
      LF_ASSIGN(Code<24> code, Code<24>::Parse(value));
      c.values.items.push_back(std::move(code));
    }
    report_.without_number += missing ? 1 : 0;
    ++report_.claims;
    const claim::ClaimId id{++next_claim_};
    claims_.push_back({id, fact.id, part, c});
    Push(fact.id, std::move(c));
    return Ok{};
  }

  EnterpriseId Enterprise(const Fact& fact) {
    const auto [found, fresh] = enterprises_.try_emplace(fact.name, EnterpriseId{next_enterprise_ + 1});
    if (!fresh) return found->second;
    ++next_enterprise_;
    ++report_.enterprises;
    Push(fact.id, enterprise::RegisterEnterprise{{fact.name}, std::nullopt, std::nullopt});
    return found->second;
  }

  ProjectId Project(const Fact& fact, std::optional<RegionId> region) {
    project::RecordRow row;
    row.ladder = Key<40>{state_.project.ladders.front().key};
    row.code = Code<60>{fact.id};
    row.title = Text<200>{fact.name};
    row.region = region;
    row.investment_minor = Investment(fact, state_.admin.currency_decimals);
    List<project::Attribute, 60> attributes;
    if (!fact.period.empty()) attributes.items.push_back({{"period"}, {fact.period}});
    for (const auto& [key, value] : fact.extra) attributes.items.push_back({{key}, {value}});
    if (!attributes.items.empty()) row.attributes = std::move(attributes);
    Push(fact.id, std::move(row));
    ++report_.projects;
    return projects_[fact.name] = ProjectId{++next_project_};
  }

  // Names that the report equates: the earliest of a group of projects counts for all, and of two names of an
  // enterprise the full one (…公司) stands for both. Only links that begin with something this import made.
  void Aliases(const std::vector<Fact>& facts) {
    std::set<std::uint32_t> linked;
    for (const Fact& fact : facts) {
      std::vector<std::string> others;
      if (const auto list = fact.lists.find("aliases"); list != fact.lists.end()) others = list->second;
      for (const char* key : {"same_as", "dedupe_with"})
        if (!fact.Extra(key).empty()) others.push_back(fact.Extra(key));
      for (const std::string& other : others) {
        if (fact.kind == "project") LinkProjects(fact, other, linked);
        if (fact.kind == "enterprise") LinkEnterprises(fact, other, linked);
      }
    }
  }
  void LinkProjects(const Fact& fact, const std::string& other, std::set<std::uint32_t>& linked) {
    const auto a = projects_.find(fact.name), b = projects_.find(other);
    if (a == projects_.end() || b == projects_.end() || a->second == b->second) return;
    const ProjectId late = std::max(a->second, b->second), early = std::min(a->second, b->second);
    if (!linked.insert(late.raw).second) return;
    Push(fact.id, project::RecordDuplicate{late, early});
    ++report_.duplicates;
  }
  void LinkEnterprises(const Fact& fact, const std::string& other, std::set<std::uint32_t>& linked) {
    constexpr std::string_view kFull = "公司";
    constexpr std::uint32_t kEnterprises = 1u << 31;  // Apart from projects in `linked`.
    const auto a = enterprises_.find(fact.name), b = enterprises_.find(other);
    if (a == enterprises_.end() || b == enterprises_.end() || a->second == b->second) return;
    const bool a_full = a->first.find(kFull) != std::string::npos, b_full = b->first.find(kFull) != std::string::npos;
    const bool a_stands = a_full == b_full ? a->second < b->second : a_full;
    const EnterpriseId alias = a_stands ? b->second : a->second, stands = a_stands ? a->second : b->second;
    if (!linked.insert(kEnterprises | alias.raw).second) return;
    Push(fact.id, enterprise::LinkAlias{alias, stands});
    ++report_.aliases;
  }

  const State& state_;
  FactsReport& report_;
  Day today_;
  std::uint32_t next_region_, next_enterprise_, next_project_, next_claim_;
  std::map<std::string, RegionId> regions_;  // by code
  std::map<std::string, EnterpriseId> enterprises_;
  std::map<std::string, ProjectId> projects_;
  std::vector<PlannedClaim> claims_;
};

}  // namespace

Result<FactsReport> ImportFacts(Engine& engine, Actor by, const std::string& key, std::string_view bytes,
                                const std::string& report_name, const FactsOptions& options) {
  LF_ASSIGN(const FactsRead read, ReadFacts(bytes, report_name));
  FactsReport report;
  report.report = report_name;
  report.facts = static_cast<std::int64_t>(read.facts.size());
  if (const auto persons = read.left_out.find("person"); persons != read.left_out.end())
    report.facts += persons->second;
  for (const auto& [what, count] : read.left_out) report.left_out.push_back({what, count});

  auto state = std::make_unique<State>();
  std::uint64_t known_seq = 0;
  {
    const Engine::Reader reader = engine.Read();
    *state = reader.state();
    known_seq = reader.seq();
  }
  if (state->project.ladders.empty()) return Invalid("project.unknown_ladder", {}, "ladder");
  Planner planner(*state, report, WallDay(engine.clock().Now(), state->admin.offset()));
  LF_TRY(planner.Plan(read.facts));
  if (auto refused = engine.TryBatch(by, planner.commands); !refused.empty()) {
    // The id of the fact, for nobody knows a command by its place.
    auto& [index, error] = refused.front();
    error.detail = planner.fact_of[index];
    return std::move(error);
  }
  if (options.dry_run || planner.commands.empty()) return report;
  admin::CompleteBatch completion;
  completion.kind = {"facts"};
  completion.file = Sha256(bytes);
  if (by == Actor::Local()) {
    LF_ASSIGN(completion.local_user, Text<64>::Parse(options.local_user));
  }
  LF_ASSIGN(const Answer answer, engine.RunBatch(by, key, planner.commands, completion, known_seq));
  report.seq = static_cast<std::int64_t>(answer.seq);
  return report;
}

}  // namespace landfall::app
