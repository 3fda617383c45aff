// SPDX-License-Identifier: Apache-2.0
// landfall chain indices MATRIX.csv
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <optional>

#include "analysis/relatedness/concentration.h"
#include "analysis/relatedness/presence.h"
#include "analysis/relatedness/shift_share.h"
#include "cli/tools/chain_structure.h"
#include "cli/tools/print.h"
#include "cli/tools/sentences.h"

namespace landfall::cli {
namespace {

using chain::Similarity;
using chain::StructureMatrix;

constexpr std::size_t kMostPrintedPairs = 500'000;
constexpr std::size_t kMostPairedIndustries = 200;
constexpr std::size_t kMostPlantCells = 20'000'000;  // Industries × regions.

struct Options {
  TableOptions table;
  std::string later, nation, plants, population, plant_shares = "matrix";
  std::vector<std::string> later_where;
  OutputOptions output;

  bool two_periods() const { return !later.empty() || !later_where.empty(); }
};

struct Plants {
  std::vector<std::string> industries;
  std::vector<chain::EllisonGlaeser> indices;
  std::optional<double> all_together;  // Nothing where there is one industry.
  struct Pair {
    std::size_t a, b;
    double gamma;
  };
  std::vector<Pair> pairs;
};

struct Analysis {
  StructureTable table;
  StructureMatrix matrix;         // Without the nation.
  std::vector<double> reference;  // The nation's values by product; empty: the sum of the regions.
  std::vector<chain::RegionIndices> regions;
  std::vector<chain::ProductIndices> products;
  std::vector<double> quotients;
  std::optional<std::vector<Similarity>> pairs;  // Nothing where there are too many.
  std::optional<Plants> plants;
  std::optional<chain::ShiftShare> shift_share;
};

// Numbers for names, in the order in which they first come.
class NameTable {
 public:
  std::uint32_t Number(std::string_view name) {
    return numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  std::size_t size() const { return numbers_.size(); }
  // The names, and in `place` where each number stands among them.
  std::vector<std::string> Sorted(std::vector<std::uint32_t>& place) const {
    std::vector<std::string> names;
    place.resize(numbers_.size());
    for (const auto& [name, number] : numbers_) {
      place[number] = static_cast<std::uint32_t>(names.size());
      names.push_back(name);
    }
    return names;
  }

 private:
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
};

// A further file is read with the same columns; conditions belong to the matrix alone.
TableOptions Beside(const TableOptions& table, const std::string& file) {
  TableOptions other = table;
  other.file = file;
  other.where.clear();
  other.value_column.clear();
  return other;
}

Result<std::uint32_t> RegionNumber(const StructureMatrix& matrix, std::string_view name, std::uint64_t row) {
  const auto& names = matrix.regions();
  const auto found = std::lower_bound(names.begin(), names.end(), name);
  if (found == names.end() || *found != name)
    return NotFound("chain.structure_no_such_region", fmt::format("Row {}: {} is not in the matrix.", row, name),
                    "region");
  return static_cast<std::uint32_t>(found - names.begin());
}

Result<double> NotNegative(std::string_view text, std::uint64_t row) {
  LF_ASSIGN(const double value, ParseValue(text, row));
  if (!std::isfinite(value)) return Invalid("chain.structure_not_finite", fmt::format("The value of row {}.", row));
  if (value < 0) return Invalid("chain.structure_negative", fmt::format("The value of row {} is {}.", row, value));
  return value;
}

Result<std::vector<double>> ReadPopulation(const Options& options, const StructureMatrix& matrix) {
  const TableOptions table = Beside(options.table, options.population);
  static constexpr std::string_view kNames[] = {"population", "pop", "area", "value", "人口", "面积", "数值"};
  const WantedColumn wanted[] = {{"region", table.region_column, kRegionNames}, {"population", {}, kNames}};
  std::vector<double> weights(matrix.regions().size(), -1);
  LF_TRY(ForEachRow(table, wanted, [&](std::uint64_t row, auto fields) -> Status {
    LF_ASSIGN(const std::uint32_t region, RegionNumber(matrix, fields[0], row));
    LF_ASSIGN(const double value, NotNegative(fields[1], row));
    if (weights[region] >= 0)
      return Invalid("chain.structure_duplicate_cell", fmt::format("Row {} gives {} again.", row, fields[0]),
                     "population");
    weights[region] = value;
    return Ok{};
  }));
  for (std::size_t r = 0; r < weights.size(); ++r) {
    if (weights[r] < 0)
      return Invalid("chain.structure_population_missing", fmt::format("{} has none.", matrix.regions()[r]),
                     "population");
  }
  if (std::accumulate(weights.begin(), weights.end(), 0.0) <= 0)
    return Invalid("chain.structure_all_zero", "Every population is zero.", "population");
  return weights;
}

Result<Plants> ReadPlants(const Options& options, const StructureMatrix& matrix) {
  const TableOptions table = Beside(options.table, options.plants);
  const WantedColumn wanted[] = {{"region", table.region_column, kRegionNames},
                                 {"product", table.product_column, kProductNames},
                                 {"size", {}, kSizeNames}};
  NameTable industries;
  std::vector<chain::Plant> all;
  std::vector<double> of_plants(matrix.regions().size());
  LF_TRY(ForEachRow(table, wanted, [&](std::uint64_t row, auto fields) -> Status {
    LF_ASSIGN(const std::uint32_t region, RegionNumber(matrix, fields[0], row));
    LF_ASSIGN(const double size, NotNegative(fields[2], row));
    if (fields[1].empty()) return Invalid("chain.structure_empty_name", fmt::format("Row {} names no industry.", row));
    of_plants[region] += size;
    all.push_back({region, industries.Number(fields[1]), size});
    if (industries.size() * matrix.regions().size() > kMostPlantCells)
      return Invalid("chain.structure_too_large", fmt::format("More than {} industries × regions.", kMostPlantCells),
                     "plants");
    return Ok{};
  }));
  std::vector<double> shares = options.plant_shares == "plants" ? of_plants : matrix.region_totals();
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (total <= 0) return Invalid("chain.structure_all_zero", "No plant has a size above zero.", "plants");
  for (double& share : shares) share /= total;

  Plants out;
  std::vector<std::uint32_t> place;
  out.industries = industries.Sorted(place);
  for (chain::Plant& plant : all) plant.industry = place[plant.industry];
  LF_ASSIGN(out.indices, chain::EllisonGlaeserIndices(all, out.industries.size(), shares));
  std::vector<std::vector<std::uint32_t>> sets(1);
  for (std::uint32_t a = 0; a < out.industries.size(); ++a) {
    sets[0].push_back(a);
    for (std::uint32_t b = a + 1; b < out.industries.size() && out.industries.size() <= kMostPairedIndustries; ++b) {
      out.pairs.push_back({a, b, 0});
      sets.push_back({a, b});
    }
  }
  LF_ASSIGN(const std::vector<double> gammas, chain::Coagglomerations(all, sets, out.industries.size(), shares));
  if (out.industries.size() > 1) out.all_together = gammas[0];
  for (std::size_t i = 0; i < out.pairs.size(); ++i) out.pairs[i].gamma = gammas[i + 1];
  return out;
}

Result<chain::ShiftShare> CompareWithLater(const Options& options, const StructureMatrix& base) {
  TableOptions table = options.table;
  if (!options.later.empty()) table.file = options.later;
  table.where = options.later_where;
  auto later = ReadStructure(table);
  if (!later) return std::move(later).error().At("later");
  return chain::ComputeShiftShare(base, later->matrix,
                                  options.nation.empty() ? std::nullopt : std::optional(options.nation));
}

Result<Analysis> Analyse(const Options& options) {
  LF_ASSIGN(StructureTable table, ReadStructure(options.table));
  Analysis out{std::move(table), {}, {}, {}, {}, {}, {}, {}, {}};
  out.matrix = out.table.matrix;
  if (!options.nation.empty()) {
    auto nation = RegionNumber(out.matrix, options.nation, 0);
    if (!nation)
      return NotFound("chain.structure_no_such_region", fmt::format("{} is not in the matrix.", options.nation),
                      "nation");
    for (std::size_t p = 0; p < out.matrix.products().size(); ++p) out.reference.push_back(out.matrix.At(*nation, p));
    if (out.matrix.region_totals()[*nation] <= 0)
      return Invalid("chain.structure_all_zero", "The row of the nation is zero.", "nation");
    out.matrix = out.matrix.Without(*nation);
  }
  const auto& totals = out.matrix.region_totals();
  const auto filled = std::count_if(totals.begin(), totals.end(), [](double total) { return total > 0; });
  if (filled < (options.nation.empty() ? 2 : 1))
    return Invalid("chain.structure_one_region", fmt::format("{} regions have values.", filled));

  std::vector<double> weights;
  if (!options.population.empty()) {
    LF_ASSIGN(weights, ReadPopulation(options, out.matrix));
  }
  out.regions = chain::IndicesOfRegions(out.matrix, out.reference);
  out.products = chain::IndicesOfProducts(out.matrix, weights);
  out.quotients = chain::LocationQuotients(out.matrix, out.reference);
  if (auto pairs = chain::Similarities(out.matrix, kMostPrintedPairs); pairs) out.pairs = std::move(*pairs);
  if (!options.plants.empty()) {
    LF_ASSIGN(out.plants, ReadPlants(options, out.matrix));
  }
  if (options.two_periods()) {
    LF_ASSIGN(out.shift_share, CompareWithLater(options, out.table.matrix));
  }
  return out;
}

void EmptyNamesJson(JsonWriter& json, std::string_view member, const std::vector<std::string>& names,
                    const std::vector<double>& totals) {
  json.Key(member).Open('[');
  for (std::size_t i = 0; i < names.size(); ++i)
    if (totals[i] <= 0) json.Value(names[i]);
  json.Close(']');
}

void NamesJson(JsonWriter& json, std::string_view member, const std::vector<std::string>& names) {
  json.Key(member).Open('[');
  for (const std::string& name : names) json.Value(name);
  json.Close(']');
}

void IndicesJson(JsonWriter& json, const Analysis& analysis) {
  const StructureMatrix& matrix = analysis.matrix;
  json.Key("regions").Open('[');
  for (std::size_t r = 0; r < matrix.regions().size(); ++r) {
    const chain::RegionIndices& of = analysis.regions[r];
    if (of.products == 0) continue;
    json.Open('{').Member("region", matrix.regions()[r]).Member("total", of.total).Member("share", of.share);
    json.Member("products", static_cast<std::uint64_t>(of.products)).Member("krugman", of.krugman);
    json.Member("specialisation", of.specialisation).Member("herfindahl", of.herfindahl);
    json.Member("entropy_bits", of.entropy_bits).Member("mean_location_quotient", of.mean_location_quotient);
    json.Member("hachman", of.hachman).Member("cosine_to_whole", of.cosine_to_whole).Close('}');
  }
  json.Close(']').Key("products").Open('[');
  for (std::size_t p = 0; p < matrix.products().size(); ++p) {
    const chain::ProductIndices& of = analysis.products[p];
    if (of.regions == 0) continue;
    json.Open('{').Member("product", matrix.products()[p]).Member("total", of.total).Member("share", of.share);
    json.Member("regions", static_cast<std::uint64_t>(of.regions)).Member("gini", of.gini);
    json.Member("locational_gini", of.locational_gini).Member("hoover_gini", of.hoover_gini);
    json.Member("hoover", of.hoover).Member("herfindahl", of.herfindahl).Close('}');
  }
  json.Close(']').Key("cells").Open('[');
  const chain::SparseRows& rows = matrix.by_region();
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t i = rows.begin[r]; i < rows.begin[r + 1]; ++i)
      json.Open('{')
          .Member("region", matrix.regions()[r])
          .Member("product", matrix.products()[rows.index[i]])
          .Member("value", rows.value[i])
          .Member("location_quotient", analysis.quotients[i])
          .Close('}');
  }
  json.Close(']').Key("pairs");
  if (analysis.pairs) {
    json.Open('[');
    for (const Similarity& pair : *analysis.pairs)
      json.Open('{')
          .Member("a", matrix.regions()[pair.a])
          .Member("b", matrix.regions()[pair.b])
          .Member("cosine", pair.cosine)
          .Member("krugman", pair.krugman)
          .Close('}');
    json.Close(']');
  } else {
    json.Null();
  }
}

void PlantsJson(JsonWriter& json, const Plants& plants, const Options& options) {
  json.Open('{').Member("shares", options.plant_shares).Key("industries").Open('[');
  for (std::size_t i = 0; i < plants.industries.size(); ++i) {
    const chain::EllisonGlaeser& of = plants.indices[i];
    json.Open('{').Member("industry", plants.industries[i]).Member("plants", static_cast<std::uint64_t>(of.plants));
    json.Member("g", of.raw).Member("herfindahl", of.herfindahl).Member("gamma", of.gamma).Close('}');
  }
  json.Close(']').Key("coagglomeration");
  if (plants.all_together)
    json.Value(*plants.all_together);
  else
    json.Null();
  json.Key("pairs").Open('[');
  for (const Plants::Pair& pair : plants.pairs)
    json.Open('{')
        .Member("a", plants.industries[pair.a])
        .Member("b", plants.industries[pair.b])
        .Member("gamma", pair.gamma)
        .Close('}');
  json.Close(']').Close('}');
}

void PartsJson(JsonWriter& json, const chain::ShiftShareParts& parts) {
  json.Member("base", parts.base).Member("later", parts.later).Member("change", parts.change);
  json.Member("national", parts.national).Member("mix", parts.mix).Member("competitive", parts.competitive);
  json.Member("entry", parts.entry).Member("homothetic", parts.homothetic).Member("allocation", parts.allocation);
}

void ShiftShareJson(JsonWriter& json, const chain::ShiftShare& share) {
  json.Open('{').Member("whole_base", share.whole_base).Member("whole_later", share.whole_later);
  json.Key("regions").Open('[');
  for (std::size_t r = 0; r < share.regions.size(); ++r) {
    json.Open('{').Member("region", share.regions[r]);
    PartsJson(json, share.by_region[r]);
    json.Close('}');
  }
  json.Close(']').Key("cells").Open('[');
  for (const chain::ShiftShareCell& cell : share.cells) {
    json.Open('{').Member("region", share.regions[cell.region]).Member("product", share.products[cell.product]);
    PartsJson(json, cell.parts);
    json.Close('}');
  }
  json.Close(']');
  NamesJson(json, "only_in_base", share.only_in_base);
  NamesJson(json, "only_in_later", share.only_in_later);
  json.Close('}');
}

std::string Json(const Analysis& analysis, const Options& options) {
  JsonWriter json;
  json.Open('{');
  IndicesJson(json, analysis);
  json.Key("ellison_glaeser");
  if (analysis.plants)
    PlantsJson(json, *analysis.plants, options);
  else
    json.Null();
  json.Key("shift_share");
  if (analysis.shift_share)
    ShiftShareJson(json, *analysis.shift_share);
  else
    json.Null();
  EmptyNamesJson(json, "excluded_regions", analysis.matrix.regions(), analysis.matrix.region_totals());
  EmptyNamesJson(json, "excluded_products", analysis.matrix.products(), analysis.matrix.product_totals());
  json.Key("nation");
  if (options.nation.empty())
    json.Null();
  else
    json.Value(options.nation);
  InputJson(json, analysis.table, analysis.matrix);
  json.Close('}');
  return json.text() + "\n";
}

std::string RegionsText(const Analysis& analysis, int top) {
  TextTable table;
  table.Head({"地区 region", "份额 share", "克鲁格曼 Krugman", "赫芬达尔 Herfindahl", "熵 entropy (bit)", "Hachman",
              "与整体余弦 cosine"});
  for (const std::size_t r : Highest(analysis.regions, top, [](const auto& of) { return of.krugman; })) {
    const chain::RegionIndices& of = analysis.regions[r];
    table.Row({analysis.matrix.regions()[r], Decimal(of.share, 4), Decimal(of.krugman, 3), Decimal(of.herfindahl, 3),
               Decimal(of.entropy_bits, 3), Decimal(of.hachman, 3), Decimal(of.cosine_to_whole, 3)});
  }
  return table.Text() + RestLine(analysis.regions.size(), top);
}

std::string ProductsText(const Analysis& analysis, int top) {
  TextTable table;
  table.Head({"产品 product", "份额 share", "区位基尼 locational Gini", "胡佛 Hoover", "胡佛基尼 Hoover Gini",
              "基尼 Gini", "赫芬达尔 Herfindahl"});
  for (const std::size_t p : Highest(analysis.products, top, [](const auto& of) { return of.locational_gini; })) {
    const chain::ProductIndices& of = analysis.products[p];
    table.Row({analysis.matrix.products()[p], Decimal(of.share, 4), Decimal(of.locational_gini, 3),
               Decimal(of.hoover, 3), Decimal(of.hoover_gini, 3), Decimal(of.gini, 3), Decimal(of.herfindahl, 3)});
  }
  return table.Text() + RestLine(analysis.products.size(), top);
}

std::string PairsText(const Analysis& analysis, int top) {
  TextTable table;
  table.Head({"地区 a", "地区 b", "结构相似系数 cosine", "克鲁格曼 Krugman"});
  for (const std::size_t i : Highest(*analysis.pairs, top, [](const auto& pair) { return pair.cosine; })) {
    const Similarity& pair = (*analysis.pairs)[i];
    table.Row({analysis.matrix.regions()[pair.a], analysis.matrix.regions()[pair.b], Decimal(pair.cosine, 3),
               Decimal(pair.krugman, 3)});
  }
  return table.Text() + RestLine(analysis.pairs->size(), top);
}

std::string PlantsText(const Plants& plants, int top) {
  TextTable table;
  table.Head({"行业 industry", "企业数 plants", "G", "H", "E-G γ"});
  for (const std::size_t i : Highest(plants.indices, top, [](const auto& of) { return of.gamma; })) {
    const chain::EllisonGlaeser& of = plants.indices[i];
    table.Row({plants.industries[i], fmt::format("{}", of.plants), Decimal(of.raw, 4), Decimal(of.herfindahl, 4),
               Decimal(of.gamma, 4)});
  }
  std::string out = table.Text() + RestLine(plants.indices.size(), top);
  if (plants.all_together) out += fmt::format("共同集聚 coagglomeration γᶜ: {}\n", Decimal(*plants.all_together, 4));
  return out;
}

std::string ShiftShareText(const chain::ShiftShare& share, int top) {
  TextTable table;
  table.Head({"地区 region", "基期 base", "报告期 later", "变化 change", "全国增长 national", "结构 mix",
              "竞争力 competitive", "新行业 entry"});
  for (const std::size_t r : Highest(share.by_region, top, [](const auto& of) { return of.competitive; })) {
    const chain::ShiftShareParts& of = share.by_region[r];
    table.Row({share.regions[r], Decimal(of.base, 1), Decimal(of.later, 1), Decimal(of.change, 1),
               Decimal(of.national, 1), Decimal(of.mix, 1), Decimal(of.competitive, 1), Decimal(of.entry, 1)});
  }
  std::string out = table.Text() + RestLine(share.by_region.size(), top);
  if (!share.only_in_base.empty())
    out += fmt::format("只在基期，未计入 only in the first period: {}\n", fmt::join(share.only_in_base, ", "));
  if (!share.only_in_later.empty())
    out += fmt::format("只在报告期，未计入 only in the later period: {}\n", fmt::join(share.only_in_later, ", "));
  return out;
}

std::string Text(const Analysis& analysis, const Options& options) {
  std::string out = RegionsText(analysis, options.output.top) + "\n" + ProductsText(analysis, options.output.top);
  if (analysis.pairs && !analysis.pairs->empty()) out += "\n" + PairsText(analysis, options.output.top);
  if (analysis.plants) out += "\n" + PlantsText(*analysis.plants, options.output.top);
  if (analysis.shift_share) out += "\n" + ShiftShareText(*analysis.shift_share, options.output.top);
  return out + InputText(analysis.table, analysis.matrix);
}

std::string Svg(const Analysis& analysis) {
  std::vector<Bar> bars;
  const int all = static_cast<int>(analysis.matrix.regions().size());
  if (analysis.shift_share) {
    const chain::ShiftShare& share = *analysis.shift_share;
    for (const std::size_t r : Highest(share.by_region, all, [](const auto& of) { return of.competitive; }))
      bars.push_back({share.regions[r], share.by_region[r].competitive});
    return BarChartSvg("偏离-份额分析：竞争力分量", "与按整体各行业增速推算的差额，单位同输入", bars);
  }
  for (const std::size_t r : Highest(analysis.regions, all, [](const auto& of) { return of.krugman; }))
    if (analysis.regions[r].products > 0) bars.push_back({analysis.matrix.regions()[r], analysis.regions[r].krugman});
  return BarChartSvg("克鲁格曼专业化指数", "0 与整体结构相同，2 完全不同", bars);
}

Result<std::string> Run(const Options& options) {
  LF_ASSIGN(const Analysis analysis, Analyse(options));
  if (!options.output.svg.empty()) LF_TRY(WriteFile(options.output.svg, Svg(analysis), "--svg"));
  return options.output.json ? Json(analysis, options) : Text(analysis, options);
}

}  // namespace

void AddChainIndices(CLI::App& chain, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = chain.add_subcommand(
      "indices",
      "专业化、集中度、结构相似、偏离-份额 / specialisation, concentration, similarity, shift-share of a table");
  command->footer(
      "JSON: {regions: [{region, total, share, products, krugman, specialisation, herfindahl, entropy_bits,\n"
      "mean_location_quotient, hachman, cosine_to_whole}], products: [{product, total, share, regions, gini,\n"
      "locational_gini, hoover_gini, hoover, herfindahl}], cells: [{region, product, value, location_quotient}]\n"
      "(= Hoover–Balassa coefficient), pairs: [{a, b, cosine, krugman}] (null above 500,000), ellison_glaeser: null "
      "or\n"
      "{shares, industries: [{industry, plants, g, herfindahl, gamma}], coagglomeration, pairs (to 200 industries)},\n"
      "shift_share: null or {whole_base, whole_later, regions, cells: [{base, later, change, national, mix,\n"
      "competitive, entry, homothetic, allocation}], only_in_base, only_in_later},\n"
      "excluded_regions, excluded_products (without values), nation, input}\n"
      "Units: those of the values for totals and shift-share; shares 0…1; entropy in bits; indices have no unit.\n"
      "Sources: Hoover 1936; Dunn 1960; Esteban-Marquillas 1972; UNIDO 1979; Krugman 1991; Ellison and Glaeser 1997.");
  AddTableOptions(*command, options->table);
  command->add_option("--later", options->later,
                      "报告期的文件，列名相同 / file of a later period, for shift-share; the same columns");
  command
      ->add_option("--later-where", options->later_where,
                   "报告期的行（缺省同一文件），可重复 / COLUMN=TEXT or COLUMN!=TEXT: rows of the later period, of "
                   "the same file unless --later")
      ->allow_extra_args(false);
  command->add_option("--nation", options->nation,
                      "代表整体的地区名，不作为地区计算 / the region that stands for the whole; it is no region then");
  command->add_option(
      "--plants", options->plants,
      fmt::format("企业规模表：地区、行业、规模 / CSV of plants: region, industry, size ({}), for Ellison–Glaeser",
                  fmt::join(kSizeNames, " ")));
  command
      ->add_option(
          "--plant-shares", options->plant_shares,
          "matrix: 地区份额取自 MATRIX；plants: 取自企业表 / where the regions' shares of Ellison–Glaeser come from")
      ->check(CLI::IsMember({"matrix", "plants"}));
  command->add_option(
      "--population", options->population,
      "各地区人口或面积，用于胡佛指数 / CSV region, population (or area): weights of the Hoover indices");
  AddOutputOptions(*command, options->output,
                   "另存条形图 / also write a bar chart (Krugman index, or competitive part of shift-share)");
  command->callback([options, &exit_code] { exit_code = PrintAnswer(Run(*options)); });
}

}  // namespace landfall::cli
