// SPDX-License-Identifier: Apache-2.0
#include "approval/catalogue.h"

#include <fmt/ranges.h>
#include <algorithm>

#include "rules/explain.h"

namespace landfall::approval {
namespace {

template <class T, std::size_t N>
void Take(std::optional<List<T, N>>& from, std::vector<T>& to) {
  if (from) std::ranges::move(from->items, std::back_inserter(to));
}

template <class T>
Status NoDuplicates(std::vector<T>& rows) {
  std::ranges::sort(rows, {}, [](const T& row) -> const std::string& { return row.id.value; });
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].id == rows[i - 1].id) return Invalid("approval.duplicate_id", rows[i].id.value);
  return Ok{};
}

// Versions of one id follow each other without a common day.
template <class T>
Status SortVersions(std::vector<T>& rows) {
  std::ranges::sort(rows, [](const T& a, const T& b) { return std::tie(a.id, a.from) < std::tie(b.id, b.from); });
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].id != rows[i - 1].id) continue;
    if (!rows[i - 1].until || *rows[i - 1].until >= rows[i].from || rows[i - 1].version >= rows[i].version)
      return Invalid("approval.versions_overlap", rows[i].id.value);
  }
  return Ok{};
}

template <class T>
const T* FindById(const std::vector<T>& rows, std::string_view id) {
  const auto at = std::ranges::lower_bound(rows, id, {}, [](const T& row) { return std::string_view(row.id.value); });
  return at != rows.end() && at->id.value == id ? &*at : nullptr;
}

template <class T>
const T* FindVersion(const std::vector<T>& rows, std::string_view id, Day on) {
  auto at = std::ranges::lower_bound(rows, id, {}, [](const T& row) { return std::string_view(row.id.value); });
  for (; at != rows.end() && at->id.value == id; ++at)
    if (at->from <= on && (!at->until || on <= *at->until)) return &*at;
  return nullptr;
}

}  // namespace

Result<Catalogue> Catalogue::Load(std::span<const EmbeddedFile> files) {
  Catalogue out;
  for (const EmbeddedFile& file : files) {
    if (!file.path.starts_with("matters/") || !file.path.ends_with(".json")) continue;
    Result<CatalogueRows> read = ReadJson<CatalogueRows>(file.bytes);
    if (!read)
      return Invalid("approval.malformed_file", fmt::format("{}: {} {} {}", file.path, read.error().code,
                                                            read.error().field, read.error().detail));
    out.Add(*std::move(read));
  }
  LF_TRY(out.Finish());
  return out;
}

Result<Catalogue> Catalogue::Make(CatalogueRows rows) {
  Catalogue out;
  out.Add(std::move(rows));
  LF_TRY(out.Finish());
  return out;
}

void Catalogue::Add(CatalogueRows rows) {
  Take(rows.departments, departments_);
  Take(rows.facts, facts_);
  Take(rows.papers, papers_);
  Take(rows.matters, matters_);
  Take(rows.packages, packages_);
}

Status Catalogue::Finish() {
  LF_TRY(Sort());
  LF_TRY(Resolve());
  return Compile();
}

CatalogueRows Catalogue::rows() const {
  return {{{departments_}}, {{facts_}}, {{papers_}}, {{matters_}}, {{packages_}}};
}

std::string WriteCatalogueFile(const CatalogueRows& rows) {
  std::string out = "{";
  const auto add = [&](std::string_view name, const auto& list) {
    if (!list || list->items.empty()) return;
    out += fmt::format("{}\n  \"{}\": [", out.size() > 1 ? "," : "", name);
    for (std::size_t i = 0; i < list->items.size(); ++i)
      out += fmt::format("{}\n    {}", i > 0 ? "," : "", ToJson(list->items[i]));
    out += "\n  ]";
  };
  add("departments", rows.departments);
  add("facts", rows.facts);
  add("papers", rows.papers);
  add("matters", rows.matters);
  add("packages", rows.packages);
  return out + "\n}\n";
}

Status Catalogue::Sort() {
  LF_TRY(NoDuplicates(departments_));
  LF_TRY(NoDuplicates(facts_));
  LF_TRY(NoDuplicates(papers_));
  LF_TRY(SortVersions(matters_));
  return SortVersions(packages_);
}

Status Catalogue::Resolve() const {
  const auto unknown = [](const Key<40>& at, const Key<40>& what) {
    return Invalid("approval.unknown_reference", at.value + " → " + what.value);
  };
  for (const Matter& matter : matters_) {
    if (FindDepartment(matter.department.value) == nullptr) return unknown(matter.id, matter.department);
    for (const auto papers : {Items(matter.needs), Items(matter.if_due), Items(matter.makes)})
      for (const Key<40>& paper : papers)
        if (FindPaper(paper.value) == nullptr) return unknown(matter.id, paper);
    for (const Key<40>& gone : Items(matter.replaces))
      if (FindById(matters_, gone.value) == nullptr) return unknown(matter.id, gone);
  }
  for (const Package& package : packages_) {
    if (FindDepartment(package.lead.value) == nullptr) return unknown(package.id, package.lead);
    for (const Key<40>& matter : package.matters.items)
      if (FindById(matters_, matter.value) == nullptr) return unknown(package.id, matter);
  }
  return Ok{};
}

Status Catalogue::Compile() {
  for (const CaseFact& fact : facts_) {
    if (fact.type == FactType::choice && (!fact.choices || fact.choices->items.empty()))
      return Invalid("approval.bad_fact", fact.id.value);
    const std::string_view type = fact.type == FactType::yes_no  ? "bool"
                                  : fact.type == FactType::whole ? "int"
                                                                 : "string";
    const std::string unit = fact.unit ? fact.unit->value : std::string();
    if (Status declared = environment_->Declare(fact.id.value, type, {fact.zh.value, fact.en.value, unit, unit});
        !declared)
      return Invalid("approval.bad_fact", fact.id.value + ": " + declared.error().code);
  }
  programs_.resize(matters_.size());
  for (std::size_t i = 0; i < matters_.size(); ++i) {
    if (!matters_[i].applies) continue;
    auto program = rules::Program::Compile(*environment_, matters_[i].applies->value);
    if (!program || program->type() != "bool")
      return Invalid("approval.bad_determinant",
                     fmt::format("{}: {}", matters_[i].id.value, program ? "not a bool" : program.error().code));
    programs_[i].emplace(std::move(*program));
  }
  return Ok{};
}

const Matter* Catalogue::FindMatter(std::string_view id, Day on) const { return FindVersion(matters_, id, on); }
const Package* Catalogue::FindPackage(std::string_view id, Day on) const { return FindVersion(packages_, id, on); }
const Paper* Catalogue::FindPaper(std::string_view id) const { return FindById(papers_, id); }
const Department* Catalogue::FindDepartment(std::string_view id) const { return FindById(departments_, id); }

std::vector<const Matter*> Catalogue::MakersOf(std::string_view paper, Day on) const {
  std::vector<const Matter*> makers;
  for (const Matter& matter : matters_) {
    if (matter.from > on || (matter.until && *matter.until < on)) continue;
    for (const Key<40>& made : Items(matter.makes))
      if (made.value == paper) makers.push_back(&matter);
  }
  return makers;
}

Result<Verdict> Applies(const Catalogue& catalogue, const Matter& matter, rules::Facts facts, bool sentences) {
  const rules::Program* determinant = catalogue.determinant(catalogue.IndexOf(matter));
  if (determinant == nullptr) return Verdict{true, {}, {}, {}};
  if (!sentences) {
    // What is unknown or fails is explained all the same: its facts or its code are asked for.
    const rules::Verdict verdict = rules::VerdictOf(rules::Evaluator().Eval(*determinant, facts));
    if (verdict == rules::Verdict::kTrue || verdict == rules::Verdict::kFalse)
      return Verdict{verdict == rules::Verdict::kTrue, {}, {}, {}};
  }
  rules::Explanation why = rules::Explain(*determinant, facts);
  if (why.root.verdict == rules::Verdict::kError)
    return Invalid("approval.determinant_failed", matter.id.value + ": " + why.root.value);
  const bool applies = why.root.verdict == rules::Verdict::kTrue;
  const auto words = [applies](std::string& whole, const std::vector<std::string>& gaps, std::string_view between) {
    return applies || gaps.empty() ? std::move(whole) : fmt::format("{}", fmt::join(gaps, between));
  };
  return Verdict{applies, words(why.root.zh, why.gaps_zh, "；"), words(why.root.en, why.gaps_en, "; "),
                 std::move(why.missing)};
}

Result<rules::FactSet> ReadCaseFacts(const Catalogue& catalogue, std::string_view json) {
  LF_ASSIGN(rules::FactSet read, rules::ReadFacts(json, catalogue.environment()));
  // What nobody asked for is a misspelling as likely as not; it would leave a question open without a word.
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  if (parser.parse(simdjson::padded_string(json)).get(members) != simdjson::SUCCESS)
    return Invalid("rules.facts_malformed");
  for (const auto member : members) {
    const CaseFact* fact = FindById(catalogue.facts(), member.key);
    if (fact == nullptr)
      return Invalid("approval.unknown_fact", catalogue.environment().NearestFact(member.key), std::string(member.key));
    std::string_view chosen;
    if (fact->type != FactType::choice || member.value.get(chosen) != simdjson::SUCCESS) continue;
    std::vector<std::string_view> choices;
    for (const FactChoice& choice : fact->choices->items) choices.push_back(choice.id.value);
    if (std::ranges::find(choices, chosen) == choices.end())
      return Invalid("approval.unknown_choice", fmt::format("{}", fmt::join(choices, ", ")), fact->id.value);
  }
  return read;
}

}  // namespace landfall::approval
