// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/day.h"
#include "base/json.h"
#include "base/text.h"

namespace landfall::chain {
namespace {

constexpr std::size_t kMaxNameCodePoints = 200;
constexpr std::uint16_t kNoFile = 0xFFFF;
constexpr std::string_view kFillerShare = "0.001";

// The recipe rule: from how many uses on a material is judged, what share of them must read as dishes for it to be a
// kitchen's, and what share of a product's materials must be a kitchen's. Set by reading samples of what is dropped
// (docs/chain/graph.md).
constexpr std::size_t kIngredientUses = 3;
constexpr double kIngredientDishes = 0.4;
constexpr double kRecipeIngredients = 0.6;
// The accounting rule by sign: a name with at least this many rows, more than half of them negative.
constexpr std::uint32_t kAccountingRows = 2;

std::optional<float> ParseWeight(std::string_view text) {
  text = Trim(text);
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// The code of a classification with its letter in front: "3741" is looked for as C3741.
const std::string* FindCode(const CodeNames& codes, std::string_view code) {
  if (const auto found = codes.find(code); found != codes.end()) return &found->second;
  if (code.empty() || code[0] < '0' || code[0] > '9') return nullptr;
  for (char letter = 'A'; letter <= 'T'; ++letter)
    if (const auto found = codes.find(letter + std::string(code)); found != codes.end()) return &found->second;
  return nullptr;
}

}  // namespace

std::uint16_t Importer::AddFile(std::string_view name) {
  LF_CHECK(report_.files.size() < kNoFile);
  report_.files.emplace_back(name);
  report_.rows.push_back(0);
  file_source_.push_back(names_.Source(name));
  return static_cast<std::uint16_t>(report_.files.size() - 1);
}

std::string Importer::Where(RowPlace place) const {
  return fmt::format("{}, row {}", report_.files[place.file], place.row);
}

Status Importer::DropRow(Drop rule, RowPlace place, std::string_view what, std::string_view from, std::string_view to) {
  ++report_.dropped[static_cast<std::size_t>(rule)];
  if (options_.list_dropped)
    report_.rows_dropped.push_back({rule, place, std::string(what), std::string(from), std::string(to)});
  if (options_.strict && rule != Drop::kDuplicateEdge && rule != Drop::kDuplicateNode)
    return Invalid("chain.dirty_row", fmt::format("{}: {}", Where(place), DropName(rule)));
  return Ok{};
}

std::optional<std::string> Importer::CleanKey(NodeKind kind, std::string_view raw, Drop* why) {
  if (!IsUtf8(raw)) {
    *why = Drop::kUnreadableRow;
    return std::nullopt;
  }
  if (kind == NodeKind::kEnterprise) {
    // A stock code has one spelling; any other id stays as it is.
    if (auto code = StockCode(raw)) {
      if (*code != raw) ++report_.repaired[static_cast<std::size_t>(Repair::kIdSpelling)];
      return code;
    }
  }
  std::string name = CleanName(raw);
  if (name != raw) ++report_.repaired[static_cast<std::size_t>(Repair::kBlanks)];
  if (kind == NodeKind::kPlace) name = PlaceKey(name);
  if (name.empty() || CountCodePoints(name) > kMaxNameCodePoints)
    *why = Drop::kEmptyName;
  else if (HasUnpairedQuotes(name) && !options_.keep.contains(Drop::kBrokenQuotes))
    *why = Drop::kBrokenQuotes;
  else if (kind == NodeKind::kProduct && IsAccountingName(name) && !options_.keep.contains(Drop::kAccounting))
    *why = Drop::kAccounting;
  else if (kind == NodeKind::kProduct && IsQuantity(name) && !options_.keep.contains(Drop::kQuantity))
    *why = Drop::kQuantity;
  else
    return name;
  return std::nullopt;
}

Status Importer::CheckCode(NodeKind kind, std::string_view key, std::string_view code, RowPlace place) const {
  if (options_.codes == nullptr || kind == NodeKind::kEnterprise || kind == NodeKind::kPlace) return Ok{};
  const std::string* now = FindCode(*options_.codes, code);
  const std::string* before = options_.old_codes == nullptr ? nullptr : FindCode(*options_.old_codes, code);
  // A group of one class has no row of its own in the published list: C374 stands where C3740 does.
  if (now == nullptr) now = FindCode(*options_.codes, std::string(code) + "0");
  if (now != nullptr && (before == nullptr || *now == key || *before != key)) return Ok{};
  if (before == nullptr)
    return Invalid("chain.unknown_industry_code", fmt::format("{}: code {}", Where(place), code), "code");
  std::string same_name;
  for (const auto& [candidate, name] : *options_.codes)
    if (name == *before) same_name += fmt::format("{}{}", same_name.empty() ? "" : ", ", candidate);
  return Invalid("chain.old_industry_code",
                 fmt::format("{}: {} was {} in 2011; {}", Where(place), code, *before,
                             same_name.empty() ? "2017 has no class of that name" : "in 2017 that is " + same_name),
                 "code");
}

Status Importer::AddNode(NodeKind kind, std::string_view key, std::string_view label, RowPlace place) {
  Drop why{};
  const auto clean = CleanKey(kind, key, &why);
  if (!clean) return DropRow(why, place, NodeKindName(kind), key);
  const std::string clean_label = IsUtf8(label) ? CleanName(label) : std::string();
  if (!clean_label.empty()) LF_TRY(CheckCode(kind, *clean, clean_label, place));
  const NodeId node = names_.Node(kind, *clean);
  auto& stated = stated_[static_cast<std::size_t>(kind)];
  if (stated.size() <= node) stated.resize(node + 1, RowPlace{kNoFile, 0});
  const std::string_view known = names_.Label(kind, node);
  if (!clean_label.empty() && (known.empty() || (known != clean_label && kind == NodeKind::kEnterprise))) {
    names_.SetLabel(kind, node, clean_label);  // A firm may be renamed: the name last stated stays.
  } else if (!clean_label.empty() && known != clean_label) {
    return Invalid("chain.two_codes",
                   fmt::format("{}: {} {} has code {} already ({})", Where(place), NodeKindName(kind), *clean, known,
                               stated[node].file == kNoFile ? "elsewhere" : Where(stated[node])),
                   "code");
  } else if (stated[node].file != kNoFile) {
    return DropRow(Drop::kDuplicateNode, place, NodeKindName(kind), *clean);
  }
  if (stated[node].file == kNoFile) stated[node] = place;
  return Ok{};
}

Status Importer::AddEdge(const RawEdge& edge, RowPlace place) {
  const std::string_view what = RelationName(edge.relation);
  const RelationEnds ends = EndsOf(edge.relation);
  Drop why{};
  const auto from = CleanKey(ends.from, edge.from, &why);
  if (!from) return DropRow(why, place, what, edge.from, edge.to);
  const auto to = CleanKey(ends.to, edge.to, &why);
  if (!to) return DropRow(why, place, what, edge.from, edge.to);
  if (ends.from == ends.to && *from == *to) return DropRow(Drop::kSelfLoop, place, what, *from, *to);

  Row row{edge.relation, 0, 0, {}, place};
  row.facts.source = edge.source.empty() ? file_source_[place.file] : names_.Source(edge.source);
  row.facts.confidence = edge.confidence;
  row.facts.day = options_.as_of;
  if (!edge.day.empty()) {
    const auto day = ParseDay(Trim(edge.day));
    if (!day) return DropRow(Drop::kUnreadableRow, place, what, *from, *to);
    row.facts.day = DayNumber(*day);
  }
  if (edge.filler_share && edge.weight == kFillerShare) {
    ++report_.repaired[static_cast<std::size_t>(Repair::kShareNotStated)];
  } else if (!Trim(edge.weight).empty()) {
    const auto weight = ParseWeight(edge.weight);
    if (!weight) return DropRow(Drop::kUnreadableRow, place, what, *from, *to);
    row.facts.weight = *weight;
    if (edge.relation == Relation::kMakes && *weight > 1) {
      ++report_.repaired[static_cast<std::size_t>(Repair::kShareAboveOne)];
      row.facts.weight = kNoWeight;
    }
  }
  row.from = names_.Node(ends.from, *from);
  row.to = names_.Node(ends.to, *to);
  rows_.push_back(row);
  return Ok{};
}

Status Importer::DropEdge(Row& row, Drop rule) {
  row.dropped = true;
  const RelationEnds ends = EndsOf(row.relation);
  return DropRow(rule, row.place, RelationName(row.relation), names_.Key(ends.from, row.from),
                 names_.Key(ends.to, row.to));
}

// Lines of the accounts give themselves away by their sign, whatever they are called; the rest of the negative shares
// are single rows.
Status Importer::DropAccounting() {
  std::vector<std::uint32_t> rows(names_.NodeCount(NodeKind::kProduct)), negative(rows.size());
  for (const Row& row : rows_) {
    if (row.relation != Relation::kMakes) continue;
    ++rows[row.to];
    negative[row.to] += row.facts.weight < 0;
  }
  for (Row& row : rows_) {
    const bool by_sign = row.relation == Relation::kMakes && rows[row.to] >= kAccountingRows &&
                         negative[row.to] * 2 > rows[row.to] && !options_.keep.contains(Drop::kAccounting);
    if (by_sign)
      LF_TRY(DropEdge(row, Drop::kAccounting));
    else if (row.facts.weight < 0)
      LF_TRY(DropEdge(row, Drop::kNegativeWeight));
  }
  return Ok{};
}

Status Importer::DropRecipes() {
  if (options_.keep.contains(Drop::kRecipe)) return Ok{};
  const std::size_t products = names_.NodeCount(NodeKind::kProduct);
  std::vector<std::pair<NodeId, NodeId>> uses;  // (material, product), once each.
  std::vector<bool> used(products), made(products);
  for (const Row& row : rows_) {
    if (row.dropped) continue;
    if (row.relation == Relation::kMakes) made[row.to] = true;
    if (row.relation != Relation::kUpstream) continue;
    uses.push_back({row.from, row.to});
    used[row.from] = true;
  }
  std::sort(uses.begin(), uses.end());
  uses.erase(std::unique(uses.begin(), uses.end()), uses.end());

  const auto final_good = [&](NodeId product) { return !used[product] && !made[product]; };
  std::vector<bool> dish(products), ingredient(products);
  for (NodeId product = 0; product < products; ++product)
    dish[product] = final_good(product) && ReadsAsDish(names_.Key(NodeKind::kProduct, product));
  for (std::size_t begin = 0, end = 0; begin < uses.size(); begin = end) {
    std::size_t dishes = 0;
    for (end = begin; end < uses.size() && uses[end].first == uses[begin].first; ++end)
      dishes += dish[uses[end].second];
    const std::size_t count = end - begin;
    ingredient[uses[begin].first] =
        count >= kIngredientUses && static_cast<double>(dishes) >= kIngredientDishes * static_cast<double>(count);
  }
  report_.kitchen_ingredients = static_cast<std::uint64_t>(std::count(ingredient.begin(), ingredient.end(), true));

  std::vector<std::uint32_t> materials(products), of_kitchen(products);
  for (const auto& [material, product] : uses) {
    ++materials[product];
    of_kitchen[product] += ingredient[material];
  }
  for (NodeId product = 0; product < products; ++product) {
    const bool by_materials = of_kitchen[product] > 0 && of_kitchen[product] >= kRecipeIngredients * materials[product];
    const bool by_name = of_kitchen[product] > 0 && dish[product];
    if (final_good(product) && (by_materials || by_name)) recipes_.insert(product);
  }
  report_.recipe_products = recipes_.size();
  for (Row& row : rows_) {
    if (row.dropped) continue;
    const RelationEnds ends = EndsOf(row.relation);
    if (IsRecipe(ends.from, row.from) || IsRecipe(ends.to, row.to)) LF_TRY(DropEdge(row, Drop::kRecipe));
  }
  return Ok{};
}

Result<Importer::Imported> Importer::Finish() {
  LF_TRY(DropAccounting());
  LF_TRY(DropRecipes());
  GraphBuilder builder;
  for (std::size_t source = 0; source < names_.SourceCount(); ++source)
    builder.Source(names_.SourceName(static_cast<std::uint16_t>(source)));
  for (std::size_t k = 0; k < kNodeKinds; ++k) {
    const auto kind = static_cast<NodeKind>(k);
    for (NodeId node = 0; node < stated_[k].size(); ++node) {
      if (stated_[k][node].file == kNoFile) continue;
      if (IsRecipe(kind, node)) {
        LF_TRY(DropRow(Drop::kRecipe, stated_[k][node], NodeKindName(kind), names_.Key(kind, node)));
        continue;
      }
      builder.SetLabel(kind, builder.Node(kind, names_.Key(kind, node)), names_.Label(kind, node));
    }
  }
  std::array<std::vector<std::uint32_t>, kRelations> row_of;  // By edge of the builder.
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    if (row.dropped) continue;
    const RelationEnds ends = EndsOf(row.relation);
    const auto node = [&](NodeKind kind, NodeId id) { return builder.Node(kind, names_.Key(kind, id)); };
    builder.Add(row.relation, node(ends.from, row.from), node(ends.to, row.to), row.facts);
    row_of[static_cast<std::size_t>(row.relation)].push_back(i);
  }
  if (builder.NodeCount(NodeKind::kProduct) + builder.NodeCount(NodeKind::kLink) +
          builder.NodeCount(NodeKind::kEnterprise) + builder.NodeCount(NodeKind::kPlace) ==
      0)
    return Invalid("chain.graph_empty", "no product, link, enterprise or place is left");

  // Duplicates are known only once edges are sorted, and the counts belong into the graph: hence two passes.
  auto first = builder.Build();
  if (!first) return std::move(first).error();
  for (const Duplicate& duplicate : builder.duplicates())
    LF_TRY(
        DropEdge(rows_[row_of[static_cast<std::size_t>(duplicate.relation)][duplicate.dropped]], Drop::kDuplicateEdge));
  LF_ASSIGN(Graph graph, builder.Build(MetaJson()));
  return Imported{std::move(graph), std::move(report_)};
}

std::string Importer::MetaJson() const {
  std::string out = "{\"files\":[";
  for (std::size_t i = 0; i < report_.files.size(); ++i) {
    out += i == 0 ? "{\"name\":" : ",{\"name\":";
    AppendJsonString(out, report_.files[i]);
    out += fmt::format(",\"rows\":{}}}", report_.rows[i]);
  }
  out += "],\"dropped\":{";
  for (std::size_t i = 0; i < kDrops; ++i)
    out += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", DropName(static_cast<Drop>(i)), report_.dropped[i]);
  out += "},\"repaired\":{";
  for (std::size_t i = 0; i < kRepairs; ++i)
    out += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", RepairName(static_cast<Repair>(i)), report_.repaired[i]);
  out += fmt::format("}},\"recipe_products\":{},\"kitchen_ingredients\":{},\"rules_off\":[", report_.recipe_products,
                     report_.kitchen_ingredients);
  for (const Drop rule : options_.keep) {
    if (out.back() != '[') out += ',';
    out += fmt::format("\"{}\"", DropName(rule));
  }
  return out + "]}";
}

}  // namespace landfall::chain
