// SPDX-License-Identifier: Apache-2.0
// landfall chain complexity MATRIX.csv
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "analysis/relatedness/product_space.h"
#include "cli/tools/chain_structure.h"
#include "cli/tools/print.h"
#include "cli/tools/sentences.h"

namespace landfall::cli {
namespace {

using chain::Complexity;
using chain::EciAbsence;
using chain::ExclusionReason;
using chain::Presence;
using chain::PresenceRule;

// JSON of more cells than this is larger than most programs read; regions and products are printed all the same.
constexpr std::size_t kMostPrintedCells = 2'000'000;
constexpr std::size_t kMostPrintedPairs = 5'000'000;

struct Options {
  TableOptions table;
  std::string presence = "rca", proximity = "none";
  double threshold = 1;
  int fitness_iterations = 19;  // As many as the published values of R's economiccomplexity have.
  unsigned threads = 0;
  OutputOptions output;
  bool no_cells = false;
};

struct LeftOut {
  std::string name;
  ExclusionReason reason;
};

struct Analysis {
  StructureTable table;
  Presence presence;
  Complexity complexity;
  chain::Fitness fitness;
  chain::Outlook outlook;
  std::vector<LeftOut> regions_out, products_out;
  std::vector<chain::ProximityPair> proximities;  // Where they were asked for.

  const std::string& Region(std::size_t r) const { return table.matrix.regions()[presence.region_ids()[r]]; }
  const std::string& Product(std::size_t p) const { return table.matrix.products()[presence.product_ids()[p]]; }
};

std::vector<LeftOut> NamesLeftOut(const std::vector<std::string>& names, const std::vector<chain::Exclusion>& excluded,
                                  const std::vector<std::uint32_t>& unconnected,
                                  const std::vector<std::uint32_t>& ids) {
  std::vector<LeftOut> out;
  for (const chain::Exclusion& one : excluded) out.push_back({names[one.index], one.reason});
  for (const std::uint32_t i : unconnected) out.push_back({names[ids[i]], ExclusionReason::kUnconnected});
  std::sort(out.begin(), out.end(), [](const LeftOut& a, const LeftOut& b) { return a.name < b.name; });
  return out;
}

Result<Analysis> Analyse(const Options& options) {
  LF_ASSIGN(StructureTable table, ReadStructure(options.table));
  const PresenceRule rule{options.presence == "rca" ? PresenceRule::Kind::kQuotient : PresenceRule::Kind::kPositive,
                          options.threshold};
  LF_ASSIGN(Presence presence, Presence::Of(table.matrix, rule));
  Complexity complexity = chain::EconomicComplexity(presence);
  chain::Fitness fitness = chain::FitnessComplexity(presence, options.fitness_iterations);
  chain::Outlook outlook = chain::ComputeOutlook(presence, complexity, options.threads);
  std::vector<LeftOut> regions_out = NamesLeftOut(table.matrix.regions(), presence.excluded_regions(),
                                                  complexity.unconnected_regions, presence.region_ids());
  std::vector<LeftOut> products_out = NamesLeftOut(table.matrix.products(), presence.excluded_products(),
                                                   complexity.unconnected_products, presence.product_ids());
  std::vector<chain::ProximityPair> proximities;
  if (options.proximity != "none") {
    const chain::Side side = options.proximity == "regions" ? chain::Side::kRegions : chain::Side::kProducts;
    LF_ASSIGN(proximities, chain::Proximities(presence, side, kMostPrintedPairs));
  }
  return Analysis{std::move(table),   std::move(presence),    std::move(complexity),   std::move(fitness),
                  std::move(outlook), std::move(regions_out), std::move(products_out), std::move(proximities)};
}

// Calls row(region, product, value, quotient, present) for every cell in order, also of those that are zero.
template <class Row>
void ForEachCell(const Analysis& analysis, const Row& row) {
  const chain::StructureMatrix& matrix = analysis.table.matrix;
  const std::vector<double> quotients = chain::LocationQuotients(matrix);
  for (std::size_t r = 0; r < analysis.presence.regions(); ++r) {
    const std::size_t id = analysis.presence.region_ids()[r];
    std::size_t at = matrix.by_region().begin[id];
    const std::size_t end = matrix.by_region().begin[id + 1];
    std::span<const std::uint32_t> has = analysis.presence.ProductsOf(r);
    for (std::size_t p = 0; p < analysis.presence.products(); ++p) {
      const std::uint32_t product = analysis.presence.product_ids()[p];
      while (at < end && matrix.by_region().index[at] < product) ++at;
      const bool stored = at < end && matrix.by_region().index[at] == product;
      const bool present = !has.empty() && has.front() == p;
      if (present) has = has.subspan(1);
      row(r, p, stored ? matrix.by_region().value[at] : 0.0, stored ? quotients[at] : 0.0, present);
    }
  }
}

void LeftOutJson(JsonWriter& json, std::string_view member, std::string_view kind, const std::vector<LeftOut>& all) {
  json.Key(member).Open('[');
  for (const LeftOut& one : all)
    json.Open('{').Member(kind, one.name).Member("reason", chain::ExclusionReasonName(one.reason)).Close('}');
  json.Close(']');
}

std::string Json(const Analysis& analysis, const Options& options) {
  const Presence& presence = analysis.presence;
  JsonWriter json;
  json.Open('{').Key("regions").Open('[');
  for (std::size_t r = 0; r < presence.regions(); ++r)
    json.Open('{')
        .Member("region", analysis.Region(r))
        .Member("diversity", static_cast<std::uint64_t>(presence.Diversity(r)))
        .Member("eci", analysis.complexity.eci[r])
        .Member("coi", analysis.outlook.coi[r])
        .Member("fitness", analysis.fitness.region[r])
        .Close('}');
  json.Close(']').Key("products").Open('[');
  for (std::size_t p = 0; p < presence.products(); ++p)
    json.Open('{')
        .Member("product", analysis.Product(p))
        .Member("ubiquity", static_cast<std::uint64_t>(presence.Ubiquity(p)))
        .Member("pci", analysis.complexity.pci[p])
        .Member("complexity", analysis.fitness.product[p])
        .Close('}');
  json.Close(']').Key("cells");
  const bool printed = !options.no_cells && presence.regions() * presence.products() <= kMostPrintedCells;
  if (printed) {
    json.Open('[');
    ForEachCell(analysis, [&](std::size_t r, std::size_t p, double value, double quotient, bool present) {
      json.Open('{')
          .Member("region", analysis.Region(r))
          .Member("product", analysis.Product(p))
          .Member("value", value)
          .Member("rca", quotient)
          .Member("present", present)
          .Member("density", analysis.outlook.density.At(r, p))
          .Member("cog", analysis.outlook.gain.At(r, p))
          .Close('}');
    });
    json.Close(']');
  } else {
    json.Null();
  }
  json.Key("proximity");
  if (options.proximity == "none") {
    json.Null();
  } else {
    const bool regions = options.proximity == "regions";
    json.Open('[');
    for (const chain::ProximityPair& pair : analysis.proximities)
      json.Open('{')
          .Member("a", regions ? analysis.Region(pair.a) : analysis.Product(pair.a))
          .Member("b", regions ? analysis.Region(pair.b) : analysis.Product(pair.b))
          .Member("proximity", pair.proximity)
          .Close('}');
    json.Close(']');
  }
  LeftOutJson(json, "excluded_regions", "region", analysis.regions_out);
  LeftOutJson(json, "excluded_products", "product", analysis.products_out);
  json.Key("presence").Open('{').Member("rule", options.presence).Member("threshold", options.threshold);
  json.Member("count", static_cast<std::uint64_t>(presence.count())).Close('}');
  json.Key("eci").Open('{').Member("second_eigenvalue", analysis.complexity.second_eigenvalue);
  json.Member("third_eigenvalue", analysis.complexity.third_eigenvalue);
  json.Member("sign", chain::EciSignName(analysis.complexity.sign)).Key("absent");
  if (analysis.complexity.absence == EciAbsence::kNone)
    json.Null();
  else
    json.Value(chain::EciAbsenceName(analysis.complexity.absence));
  json.Close('}').Member("fitness_iterations", options.fitness_iterations);
  InputJson(json, analysis.table, analysis.table.matrix);
  json.Close('}');
  return json.text() + "\n";
}

void PrintLeftOut(std::string& out, std::string_view what, const std::vector<LeftOut>& all, std::size_t most) {
  if (all.empty()) return;
  out += fmt::format("\n未计入的{}：{} 个。\n", what, all.size());
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i)
    out += fmt::format("  {}: {}\n", all[i].name, chain::ExclusionReasonName(all[i].reason));
  if (all.size() > most) out += fmt::format("  … {} (--json)\n", all.size() - most);
}

// The code whose sentences say why there is no ECI. `absence` is not kNone.
std::string_view AbsenceCode(EciAbsence absence) {
  switch (absence) {
    case EciAbsence::kNone:
      break;
    case EciAbsence::kAmbiguous:
      return "chain.structure_eci_ambiguous";
    case EciAbsence::kUniform:
      return "chain.structure_eci_uniform";
    case EciAbsence::kTooSmall:
      return "chain.structure_eci_too_small";
  }
  LF_CHECK(false);
}

std::string Text(const Analysis& analysis, const Options& options) {
  const Presence& presence = analysis.presence;
  const auto top = static_cast<std::size_t>(options.output.top);
  std::string out =
      fmt::format("{} 个地区 regions × {} 个产品 products，{} 处具备 present ({}{})\n", presence.regions(),
                  presence.products(), presence.count(), options.presence == "rca" ? "RCA ≥ " : "value > 0",
                  options.presence == "rca" ? fmt::format("{}", options.threshold) : "");
  if (analysis.complexity.absence != EciAbsence::kNone) {
    const std::string_view code = AbsenceCode(analysis.complexity.absence);
    out += fmt::format("ECI/PCI: {}\n{} (λ₂ {:.12f}, λ₃ {:.12f})\n", SentenceOf(code, "zh"), SentenceOf(code, "en"),
                       analysis.complexity.second_eigenvalue, analysis.complexity.third_eigenvalue);
  }
  TextTable regions;
  regions.Head({"地区 region", "多样性 diversity", "ECI", "COI", "适合度 fitness"});
  for (const std::size_t r : Highest(analysis.complexity.eci, options.output.top, std::identity())) {
    regions.Row({analysis.Region(r), fmt::format("{}", presence.Diversity(r)), Decimal(analysis.complexity.eci[r], 3),
                 Decimal(analysis.outlook.coi[r], 3), Decimal(analysis.fitness.region[r], 3)});
  }
  TextTable products;
  products.Head({"产品 product", "普遍性 ubiquity", "PCI", "复杂度 complexity"});
  for (const std::size_t p : Highest(analysis.complexity.pci, options.output.top, std::identity())) {
    products.Row({analysis.Product(p), fmt::format("{}", presence.Ubiquity(p)), Decimal(analysis.complexity.pci[p], 3),
                  Decimal(analysis.fitness.product[p], 3)});
  }
  out += "\n" + regions.Text() + RestLine(presence.regions(), options.output.top);
  out += "\n" + products.Text() + RestLine(presence.products(), options.output.top);
  PrintLeftOut(out, "地区 regions left out", analysis.regions_out, top);
  PrintLeftOut(out, "产品 products left out", analysis.products_out, top);
  return out + InputText(analysis.table, analysis.table.matrix);
}

std::string Svg(const Analysis& analysis) {
  const std::vector<double>& eci = analysis.complexity.eci;
  std::vector<Bar> bars;
  for (const std::size_t r : Highest(eci, static_cast<int>(eci.size()), std::identity()))
    if (!std::isnan(eci[r])) bars.push_back({analysis.Region(r), eci[r]});
  return BarChartSvg(
      "经济复杂度指数 ECI",
      fmt::format("{} 个地区，{} 个产品；单位：标准差，0 为各地区平均", bars.size(), analysis.presence.products()),
      bars);
}

Result<std::string> Run(const Options& options) {
  LF_ASSIGN(const Analysis analysis, Analyse(options));
  if (!options.output.svg.empty()) LF_TRY(WriteFile(options.output.svg, Svg(analysis), "--svg"));
  return options.output.json ? Json(analysis, options) : Text(analysis, options);
}

}  // namespace

void AddChainComplexity(CLI::App& chain, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = chain.add_subcommand(
      "complexity",
      "经济复杂度、产品空间与机会 / economic complexity (ECI, PCI, fitness), product space and outlook of a table");
  command->footer(
      "JSON: {regions: [{region, diversity, eci, coi, fitness}], products: [{product, ubiquity, pci, complexity}],\n"
      "cells: [{region, product, value, rca, present, density, cog}] (null above 2,000,000 cells or with --no-cells),\n"
      "proximity: null or [{a, b, proximity}] (pairs that share nothing are left out),\n"
      "excluded_regions, excluded_products: [{region|product, reason: no_values|no_presence|unconnected}],\n"
      "presence, eci: {second_eigenvalue, third_eigenvalue, sign, absent}, fitness_iterations, input}\n"
      "Units: eci, pci, cog in deviations of ECI; coi in its own deviations; density 0…1; fitness and complexity: mean "
      "1.\n"
      "Sources: Hausmann, Hidalgo et al. 2011 (ECI, PCI, density, COI, COG); Tacchella et al. 2012 (fitness, "
      "complexity).");
  AddTableOptions(*command, options->table);
  command
      ->add_option("--presence", options->presence,
                   "rca: 区位商达到阈值 / quotient reaches the threshold; positive: value > 0")
      ->check(CLI::IsMember({"rca", "positive"}));
  command->add_option("--threshold", options->threshold, "区位商阈值，缺省 1 / threshold of the quotient");
  command
      ->add_option("--fitness-iterations", options->fitness_iterations,
                   "适合度迭代次数，缺省 19 / steps of fitness–complexity")
      ->check(CLI::Range(1, 1000));
  command->add_option("--threads", options->threads, "线程数，结果不变 / threads; the result does not depend on it")
      ->check(CLI::Range(0, 64));
  command
      ->add_option("--proximity", options->proximity,
                   "JSON 另含地区或产品间邻近度 / add proximities to the JSON: regions | products | none")
      ->check(CLI::IsMember({"regions", "products", "none"}));
  AddOutputOptions(*command, options->output, "另存 ECI 条形图 / also write a bar chart of ECI");
  command->add_flag("--no-cells", options->no_cells, "JSON 不含逐格结果 / leave the cells out of the JSON");
  command->callback([options, &exit_code] { exit_code = PrintAnswer(Run(*options)); });
}

}  // namespace landfall::cli
