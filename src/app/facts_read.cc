// SPDX-License-Identifier: Apache-2.0
#include "app/facts_read.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "app/import_facts.h"

namespace landfall::app {
namespace {

bool Holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Members of `extra` that come along. All others are counted as left out.
const std::set<std::string_view, std::less<>>& Whitelist() {
  static const std::set<std::string_view, std::less<>> kAll = {"above_scale",
                                                               "agencies",
                                                               "aliases",
                                                               "chain",
                                                               "cluster",
                                                               "completed",
                                                               "dedupe_with",
                                                               "demand",
                                                               "district",
                                                               "from_measures",
                                                               "group",
                                                               "investment_yi",
                                                               "op",
                                                               "people",
                                                               "plan",
                                                               "projects",
                                                               "resolved_in",
                                                               "role",
                                                               "same_as",
                                                               "scope",
                                                               "signed",
                                                               "stage",
                                                               "sum",
                                                               "subset_of",
                                                               "stalled_months",
                                                               "target",
                                                               "stalled_reason",
                                                               "threshold",
                                                               "threshold_yi",
                                                               "town",
                                                               "type",
                                                               "yoy",
                                                               "park",
                                                               "rank",
                                                               "name_inferred_from_garbled_text",
                                                               "number_missing_in_source"};
  return kAll;
}

// The shortest decimal that reads back as the same number is what the file prints.
std::optional<std::string> NumberText(JsonElement e) {
  std::int64_t whole = 0;
  if (e.get_int64().get(whole) == simdjson::SUCCESS) return std::to_string(whole);
  double number = 0;
  if (e.get_double().get(number) != simdjson::SUCCESS || !std::isfinite(number)) return std::nullopt;
  return fmt::format("{}", number);
}

std::string TextMember(const simdjson::dom::object& object, std::string_view key) {
  std::string_view text;
  return object[key].get_string().get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

// 院士 and whoever follows: a person. 院士工作站 is a place of work.
bool NamesPerson(std::string_view name) {
  constexpr std::string_view kTitle = "院士", kPlace = "工作站";
  for (std::size_t at = name.find(kTitle); at != std::string_view::npos; at = name.find(kTitle, at + 1)) {
    const std::string_view rest = name.substr(at + kTitle.size());
    if (!rest.empty() && !rest.starts_with(kPlace)) return true;
  }
  return false;
}

void ReadExtra(JsonElement extra, Fact& fact, FactsRead& read) {
  simdjson::dom::object members;
  if (extra.get_object().get(members) != simdjson::SUCCESS) return;
  for (const auto& [key, value] : members) {
    const std::string name(key);
    if (!Whitelist().contains(key)) {
      ++read.left_out["extra." + name];
      continue;
    }
    std::string_view text;
    simdjson::dom::array items;
    bool flag = false;
    if (value.get_string().get(text) == simdjson::SUCCESS) {
      fact.extra[name] = text;
    } else if (value.get_bool().get(flag) == simdjson::SUCCESS) {
      if (flag) fact.extra[name] = "true";
    } else if (value.get_array().get(items) == simdjson::SUCCESS) {
      for (const JsonElement item : items)
        if (item.get_string().get(text) == simdjson::SUCCESS) fact.lists[name].emplace_back(text);
    } else if (const auto number = NumberText(value)) {
      fact.extra[name] = *number;
    }
  }
}

Result<Fact> ReadFact(const simdjson::dom::object& object, FactsRead& read) {
  Fact fact;
  fact.id = TextMember(object, "id");
  fact.kind = TextMember(object, "kind");
  fact.name = TextMember(object, "name");
  fact.region = TextMember(object, "region");
  fact.code = TextMember(object, "division_code");
  fact.period = TextMember(object, "period");
  fact.unit = TextMember(object, "unit");
  if (fact.id.empty() || fact.name.empty() || !EnumFromName<claim::Category>(fact.kind))
    return Invalid("seed.fact_malformed", fact.id);
  fact.names_person = NamesPerson(fact.name);
  for (const auto& [key, value] : object) {
    if (key == "extra") ReadExtra(value, fact, read);
    if (key == "quote" || key == "use") ++read.left_out[std::string(key)];
    if (key != "value" || value.is_null()) continue;
    simdjson::dom::array items;
    if (value.get_array().get(items) == simdjson::SUCCESS) {
      for (const JsonElement item : items)
        if (auto number = NumberText(item)) fact.values.push_back(*std::move(number));
      if (fact.values.size() != items.size()) return Invalid("seed.fact_malformed", fact.id, "value");
    } else if (auto number = NumberText(value)) {
      fact.values.push_back(*std::move(number));
    } else {
      return Invalid("seed.fact_malformed", fact.id, "value");
    }
  }
  if (fact.values.size() > claim::kValuesMax) return Invalid("seed.fact_malformed", fact.id, "value");
  return fact;
}

}  // namespace

Result<FactsRead> ReadFacts(std::string_view bytes, const std::string& report) {
  if (bytes.size() > kFactsBytesMax) return Invalid("seed.too_large");
  FactsRead read;
  LF_TRY(WithJsonDocument(bytes, [&](JsonElement root) -> Result<bool> {
    simdjson::dom::array facts;
    if (root.get_array().get(facts) != simdjson::SUCCESS) return Invalid("seed.malformed");
    if (facts.size() > kFactsMax) return Invalid("seed.too_large");
    for (const JsonElement element : facts) {
      simdjson::dom::object object;
      if (element.get_object().get(object) != simdjson::SUCCESS) return Invalid("seed.fact_malformed");
      if (TextMember(object, "report") != report) continue;
      LF_ASSIGN(Fact fact, ReadFact(object, read));
      if (fact.names_person)
        ++read.left_out["person"];
      else
        read.facts.push_back(std::move(fact));
    }
    return true;
  }));
  if (read.facts.empty()) return NotFound("seed.report_missing", report, "report");
  return read;
}

Measure MeasureOf(const std::string& unit, const std::string& name, bool growth) {
  using claim::Kind;
  using claim::Unit;
  if (unit.empty()) return {};
  if (unit.starts_with("亿元")) return {Unit::money, 8, Kind::sum};
  if (unit.starts_with("万元")) return {Unit::money, 4, Kind::sum};
  if (unit == "%") {
    for (const char* word : {"同比", "增长", "增速", "增幅"}) growth = growth || Holds(name, word);
    return {Unit::percent, 0, growth ? Kind::growth : Kind::share};
  }
  if (unit == "比") return {Unit::none, 0, Kind::proportion};
  if (unit == "天") return {Unit::day, 0, Kind::duration};
  if (unit == "工作日") return {Unit::working_day, 0, Kind::duration};
  if (unit == "个月") return {Unit::month, 0, Kind::duration};
  if (unit == "年") return {Unit::year, 0, Kind::duration};
  if (unit == "亩") return {Unit::mu, 0, Kind::quantity};
  if (unit == "米") return {Unit::metre, 0, Kind::quantity};
  if (unit == "MW") return {Unit::watt, 6, Kind::quantity};
  if (unit == "强" || (unit == "名" && (Holds(name, "排名") || Holds(name, "考核"))))
    return {Unit::number, 0, Kind::rank};
  return {Unit::number, unit.starts_with("万") ? 4 : 0, Kind::count};
}

claim::Bound BoundOf(const std::string& op) {
  if (op == ">=") return claim::Bound::at_least;
  if (op == ">") return claim::Bound::more_than;
  if (op == "<=") return claim::Bound::at_most;
  if (op == "<") return claim::Bound::less_than;
  return op == "≈<" ? claim::Bound::nearly : claim::Bound::exact;
}

}  // namespace landfall::app
