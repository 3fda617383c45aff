// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <memory>
#include <numeric>

#include "analysis/risk/esri.h"
#include "cli/tools/chain_risk.h"
#include "cli/tools/chain_risk_csv.h"
#include "cli/tools/print.h"
#include "cli/tools/sentences.h"
#include "exchange/table_text.h"

namespace landfall::cli {
namespace {

using exchange::Trim;

constexpr exchange::CsvLimits kEdgeLimits{
    .field_bytes = 4'096, .row_bytes = 64 * 1024, .columns = 100, .rows = chain::kMaxEsriEdges + 1};

Result<chain::FirmColumns> ReadFirms(const EsriToolOptions& options) {
  LF_ASSIGN(const CsvCells cells, ReadCsvCells(options.firms, options.encoding, kEdgeLimits));
  LF_ASSIGN(const auto at, FindColumns(cells, {"firm", "sector"}, "firms"));
  chain::FirmColumns firms;
  for (std::size_t r = 1; r < cells.size(); ++r) {
    firms.firm.emplace_back(Trim(cells[r][at[0]]));
    firms.sector.emplace_back(Trim(cells[r][at[1]]));
  }
  return firms;
}

Result<chain::SupplyColumns> ReadEdges(const EsriToolOptions& options) {
  LF_ASSIGN(const CsvCells cells, ReadCsvCells(options.edges, options.encoding, kEdgeLimits));
  LF_ASSIGN(const auto at, FindColumns(cells, {"supplier", "buyer", "w|weight"}, "edges"));
  chain::SupplyColumns edges;
  for (std::size_t r = 1; r < cells.size(); ++r) {
    const std::string_view text = Trim(cells[r][at[2]]);
    double weight = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
    if (error != std::errc() || end != text.data() + text.size())
      return Invalid("chain.esri_bad_weight", fmt::format("Edge {} has no number as its weight.", r));
    edges.supplier.emplace_back(Trim(cells[r][at[0]]));
    edges.buyer.emplace_back(Trim(cells[r][at[1]]));
    edges.weight.push_back(weight);
  }
  return edges;
}

// `leontief` and `linear` stand for a table of all 2 and all 1 over the sectors of the firms.
Result<chain::EssentialTable> ReadEssential(const EsriToolOptions& options, const chain::FirmColumns& firms) {
  chain::EssentialTable table;
  if (options.essential == "leontief" || options.essential == "linear") {
    std::vector<std::string> sectors = firms.sector;
    std::sort(sectors.begin(), sectors.end());
    sectors.erase(std::unique(sectors.begin(), sectors.end()), sectors.end());
    if (sectors.size() > chain::kMaxEsriSectors)
      return Invalid("chain.esri_too_large", fmt::format("The firms are of {} sectors; at most {} are taken.",
                                                         sectors.size(), chain::kMaxEsriSectors));
    const auto level =
        options.essential == "linear" ? chain::EssentialTable::kNonEssential : chain::EssentialTable::kEssential;
    table.level.assign(sectors.size() * sectors.size(), level);
    table.supplier_sectors = table.buyer_sectors = std::move(sectors);
    return table;
  }
  LF_ASSIGN(const CsvCells cells, ReadCsvCells(options.essential, options.encoding, kWideCsv));
  const std::size_t width = cells.empty() ? 0 : cells[0].size();
  for (std::size_t c = 1; c < width; ++c) table.buyer_sectors.emplace_back(Trim(cells[0][c]));
  for (std::size_t r = 1; r < cells.size(); ++r) {
    if (cells[r].size() != width)
      return Invalid("tools.row_short", fmt::format("Row {} of the essential table has {} fields; {} are needed.",
                                                    r + 1, cells[r].size(), width));
    table.supplier_sectors.emplace_back(Trim(cells[r][0]));
    for (std::size_t c = 1; c < width; ++c) {
      const std::string_view text = Trim(cells[r][c]);
      if (text != "0" && text != "1" && text != "2")
        return Invalid("chain.esri_bad_level",
                       fmt::format("Row {}, column {} of the essential table is not 0, 1 or 2.", r + 1, c + 1));
      table.level.push_back(static_cast<std::uint8_t>(text[0] - '0'));
    }
  }
  return table;
}

std::string Text(const chain::SupplyNetwork& network, const chain::EsriResult& result, const EsriToolOptions& options) {
  std::string out = fmt::format("{} firms, {} edges · eps {} · market {} · essential {}\n", network.firms(),
                                network.edges(), result.eps, options.market, options.essential);
  if (network.merged + network.dropped_self + network.dropped_zero > 0)
    out += fmt::format(
        "note: {} edges added to another of the same pair; left out: {} from a firm to itself, {} of weight 0\n",
        network.merged, network.dropped_self, network.dropped_zero);
  const auto open =
      std::count_if(result.scores.begin(), result.scores.end(), [](const auto& s) { return !s.converged; });
  if (open > 0) out += fmt::format("note: {} failures had not come to rest; their figures are lower bounds\n", open);
  out += '\n';
  std::vector<std::size_t> order(result.scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return result.scores[a].esri > result.scores[b].esri; });
  TextTable rows;
  rows.Head({"firm", "sector", "own share", "ESRI", "downstream", "upstream", "firms hit", "steps"});
  for (const std::size_t k : order) {
    if (options.top != 0 && rows.rows() == options.top) break;
    const chain::EsriScore& score = result.scores[k];
    rows.Row({network.name(score.firm), network.sector(score.firm), Decimal(network.sales_share(score.firm), 4),
              Decimal(score.esri, 4), Decimal(score.downstream, 4), Decimal(score.upstream, 4),
              std::to_string(score.hit_firms), std::to_string(score.steps)});
  }
  out += rows.Text();
  out += "shares of all flows in the network that stop when the firm fails and nobody reacts\n";
  if (rows.rows() < order.size())
    out += fmt::format("{} of {} failures; --top 0 shows all\n", rows.rows(), order.size());
  return out;
}

void WriteLosses(JsonWriter& json, std::string_view name, const std::vector<double>& losses, std::size_t firms) {
  json.Key(name).Open('[');
  for (std::size_t at = 0; at < losses.size(); at += firms) {
    json.Open('[');
    for (std::size_t i = 0; i < firms; ++i) json.Value(losses[at + i]);
    json.Close(']');
  }
  json.Close(']');
}

std::string Json(const chain::SupplyNetwork& network, const chain::EsriResult& result, const EsriToolOptions& options) {
  JsonWriter json;
  json.Open('{').Member("eps", result.eps).Member("market", options.market).Member("essential", options.essential);
  json.Member("firms", std::uint64_t{network.firms()}).Member("edges", std::uint64_t{network.edges()});
  json.Member("merged", std::uint64_t{network.merged}).Member("dropped_self", std::uint64_t{network.dropped_self});
  json.Member("dropped_zero", std::uint64_t{network.dropped_zero}).Key("scores").Open('[');
  for (const chain::EsriScore& score : result.scores) {
    json.Open('{').Member("firm", network.name(score.firm)).Member("sector", network.sector(score.firm));
    json.Member("sales_share", network.sales_share(score.firm)).Member("esri", score.esri);
    json.Member("downstream", score.downstream).Member("upstream", score.upstream);
    json.Member("hit_firms", std::uint64_t{score.hit_firms}).Member("steps", score.steps);
    json.Member("converged", score.converged).Close('}');
  }
  json.Close(']');
  if (options.losses) {
    json.Key("losses").Open('{').Key("firms").Open('[');
    for (std::size_t i = 0; i < network.firms(); ++i) json.Value(network.name(i));
    json.Close(']');
    WriteLosses(json, "downstream", result.downstream_loss, network.firms());
    WriteLosses(json, "upstream", result.upstream_loss, network.firms());
    json.Close('}');
  }
  json.Close('}');
  return json.text() + "\n";
}

}  // namespace

Result<std::string> RunEsri(const EsriToolOptions& options) {
  LF_ASSIGN(const chain::FirmColumns firms, ReadFirms(options));
  LF_ASSIGN(const chain::SupplyColumns edges, ReadEdges(options));
  LF_ASSIGN(const chain::EssentialTable essential, ReadEssential(options, firms));
  LF_ASSIGN(const chain::SupplyNetwork network, chain::SupplyNetwork::Build(firms, edges, essential));
  chain::EsriOptions wanted;
  wanted.eps = options.eps;
  wanted.threads = options.threads;
  wanted.keep_losses = options.losses && options.json;
  if (options.market == "sector") wanted.replace = chain::EsriOptions::Replace::kSector;
  for (const std::string& name : options.fail) {
    wanted.failures.push_back(network.Find(name));
    if (wanted.failures.back() == network.firms())
      return NotFound("chain.esri_unknown_firm", fmt::format("There is no firm {}.", name), "--fail");
  }
  LF_ASSIGN(const chain::EsriResult result, chain::ComputeEsri(network, wanted));
  return options.json ? Json(network, result, options) : Text(network, result, options);
}

void AddEsri(CLI::App& chain, int& exit_code) {
  const auto options = std::make_shared<EsriToolOptions>();
  CLI::App* esri = chain.add_subcommand("esri", "systemic risk of firms: what stops when one of them fails (ESRI)");
  esri->add_option("EDGES", options->edges,
                   "CSV with the columns supplier, buyer, w: what flows in a period, in one unit for all, plain or .gz")
      ->required();
  esri->add_option("--firms", options->firms, "CSV with the columns firm, sector")->required();
  esri->add_option(
          "--essential", options->essential,
          "CSV matrix: row = supplier sector, column = buyer sector, 0 negligible, 1 non-essential, 2 essential; "
          "or the word leontief (all 2) or linear (all 1)")
      ->required();
  esri->add_option("--eps", options->eps,
                   "stop when no loss grows by more than this in one step; recorded in the answer")
      ->capture_default_str();
  esri->add_option("--market", options->market, "who can stand in for a supplier: none, or the others of its sector")
      ->check(CLI::IsMember({"none", "sector"}))
      ->capture_default_str();
  esri->add_option("--fail", options->fail, "only these firms fail, one at a time")->delimiter(',');
  esri->add_option("--threads", options->threads, "0: all; the answer does not depend on it")->capture_default_str();
  esri->add_option("--top", options->top, "firms to print; 0: all")->capture_default_str();
  esri->add_option("--encoding", options->encoding, "utf-8, gbk or gb18030")->capture_default_str();
  esri->add_flag("--losses", options->losses, "with --json: also every firm's loss after every failure");
  esri->add_flag("--json", options->json, "one JSON object with all digits (docs/chain/risk.md)");
  esri->footer("Method: Diem, Borsos, Reisch, Kertesz, Thurner, Scientific Reports 12, 7719 (2022).");
  esri->callback([options, &exit_code] { exit_code = PrintAnswer(RunEsri(*options)); });
}

}  // namespace landfall::cli
