// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <numeric>
#include <span>

#include "analysis/risk/io_model.h"
#include "analysis/risk/io_table.h"
#include "cli/tools/chain_risk.h"
#include "cli/tools/chain_risk_csv.h"
#include "cli/tools/print.h"
#include "cli/tools/sentences.h"

namespace landfall::cli {
namespace {

struct IoAnswer {
  chain::IoTable table;
  chain::IoModel model;
  chain::Linkages linkages;
  std::vector<chain::Extraction> alone;  // By sector.
  std::vector<std::size_t> together;     // What --extract names.
  chain::Extraction extraction;
};

double Sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

Result<IoAnswer> Compute(const IoOptions& options) {
  LF_ASSIGN(const CsvCells cells, ReadCsvCells(options.table, options.encoding, kWideCsv));
  IoAnswer answer;
  LF_ASSIGN(answer.table, chain::ReadIoTable(cells, {options.tolerance}));
  LF_ASSIGN(answer.model, chain::SolveIo(answer.table));
  answer.linkages = chain::MeasureLinkages(answer.model);
  const std::vector<std::string>& codes = answer.table.codes;
  for (std::size_t k = 0; k < codes.size(); ++k) {
    LF_ASSIGN(chain::Extraction one, chain::Extract(answer.table, answer.model, std::span(&k, 1)));
    one.demand_loss_by_sector = one.supply_loss_by_sector = {};
    answer.alone.push_back(std::move(one));
  }
  for (const std::string& code : options.extract) {
    const auto found = std::find(codes.begin(), codes.end(), code);
    if (found == codes.end())
      return NotFound("chain.io_unknown_sector", fmt::format("The table has no sector {}.", code), "--extract");
    answer.together.push_back(static_cast<std::size_t>(found - codes.begin()));
  }
  LF_ASSIGN(answer.extraction, chain::Extract(answer.table, answer.model, answer.together));
  return answer;
}

// Sectors by what --sort names, greatest first; equal ones in the order of the table.
std::vector<std::size_t> Sorted(const IoAnswer& answer, const std::string& by) {
  std::vector<std::size_t> order(answer.table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> key(order.size(), 0);
  for (const std::size_t k : order) {
    if (by == "power") key[k] = answer.linkages.power[k];
    if (by == "forward") key[k] = answer.linkages.forward_index[k];
    if (by == "loss") key[k] = answer.alone[k].demand_loss;
    if (by == "output") key[k] = answer.table.input[k];
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key[a] > key[b]; });
  return order;
}

std::string Text(const IoAnswer& answer, const IoOptions& options) {
  const chain::IoTable& table = answer.table;
  const std::string unit = table.unit.empty() ? "the table's unit" : table.unit;
  std::string out = table.title.empty() ? "" : table.title + "\n";
  out += fmt::format("{} sectors · total input {:.1f}, total output {:.1f} {}\n", table.size(), Sum(table.input),
                     Sum(table.output), unit);
  if (table.printed_total_input && table.printed_total_output)
    out += fmt::format("printed totals: input {:.1f}, output {:.1f}\n", *table.printed_total_input,
                       *table.printed_total_output);
  out += fmt::format("largest |L(I-A) - I| {:.1e} · largest difference of a sum {:.3g} {}\n", answer.model.residual,
                     table.worst_imbalance, unit);
  for (const auto* warnings : {&table.warnings, &answer.model.warnings})
    for (const std::string& warning : *warnings) out += "note: " + warning + "\n";
  if (!answer.together.empty())
    out +=
        fmt::format("without {}: own output {:.1f}, the others lose {:.1f} as suppliers and {:.1f} as customers, {}\n",
                    fmt::join(options.extract, ", "), answer.extraction.own_output, answer.extraction.demand_loss,
                    answer.extraction.supply_loss, unit);
  out += '\n';

  TextTable rows;
  rows.Head({"code", "sector", "output", "power 影响力", "sensitivity 感应度", "forward (Ghosh)", "kind",
             "loss of suppliers", "loss of customers"});
  const double all = Sum(table.input);
  const auto share = [&](double loss) { return Decimal(100 * loss / all, 2) + " %"; };
  std::size_t shown = 0;
  for (const std::size_t k : Sorted(answer, options.sort)) {
    if (options.top != 0 && shown++ == options.top) break;
    rows.Row({table.codes[k], table.names[k], fmt::format("{:.0f}", table.input[k]),
              Decimal(answer.linkages.power[k], 3), Decimal(answer.linkages.sensitivity[k], 3),
              Decimal(answer.linkages.forward_index[k], 3), std::string(answer.linkages.kind[k]),
              share(answer.alone[k].demand_loss), share(answer.alone[k].supply_loss)});
  }
  out += rows.Text();
  out += "losses: what the other sectors would lose without this one, per cent of all output\n";
  if (rows.rows() < table.size())
    out += fmt::format("{} of {} sectors; --top 0 shows all\n", rows.rows(), table.size());
  return out;
}

void WriteMatrix(JsonWriter& json, std::string_view name, const std::vector<double>& cells, std::size_t n) {
  json.Key(name).Open('[');
  for (std::size_t i = 0; i < n; ++i) {
    json.Open('[');
    for (std::size_t j = 0; j < n; ++j) json.Value(cells[i * n + j]);
    json.Close(']');
  }
  json.Close(']');
}

void WriteExtraction(JsonWriter& json, const chain::Extraction& extraction) {
  json.Member("demand_loss", extraction.demand_loss).Member("supply_loss", extraction.supply_loss);
}

std::string Json(const IoAnswer& answer, const IoOptions& options) {
  const chain::IoTable& table = answer.table;
  JsonWriter json;
  json.Open('{').Key("table").Open('{');
  json.Member("title", table.title).Member("unit", table.unit).Member("sectors", std::uint64_t{table.size()});
  json.Member("total_input", Sum(table.input)).Member("total_output", Sum(table.output));
  if (table.printed_total_input) json.Member("printed_total_input", *table.printed_total_input);
  if (table.printed_total_output) json.Member("printed_total_output", *table.printed_total_output);
  json.Member("tolerance", options.tolerance).Member("worst_imbalance", table.worst_imbalance);
  json.Key("products_without_industry").Open('[');
  for (const std::string& label : table.products_without_industry) json.Value(label);
  json.Close(']').Close('}');
  json.Member("residual", answer.model.residual);
  json.Key("warnings").Open('[');
  for (const auto* warnings : {&table.warnings, &answer.model.warnings})
    for (const std::string& warning : *warnings) json.Value(warning);
  json.Close(']').Key("sectors").Open('[');
  for (std::size_t k = 0; k < table.size(); ++k) {
    json.Open('{').Member("code", table.codes[k]).Member("name", table.names[k]);
    json.Member("input", table.input[k]).Member("output", table.output[k]);
    json.Member("net_final_use", table.net_final_use[k]).Member("value_added", table.value_added[k]);
    json.Member("backward", answer.linkages.backward[k]).Member("forward", answer.linkages.forward[k]);
    json.Member("power", answer.linkages.power[k]).Member("sensitivity", answer.linkages.sensitivity[k]);
    json.Member("forward_index", answer.linkages.forward_index[k]).Member("kind", answer.linkages.kind[k]);
    WriteExtraction(json, answer.alone[k]);
    json.Close('}');
  }
  json.Close(']');
  if (!answer.together.empty()) {
    json.Key("extraction").Open('{').Key("codes").Open('[');
    for (const std::string& code : options.extract) json.Value(code);
    json.Close(']').Member("own_output", answer.extraction.own_output);
    WriteExtraction(json, answer.extraction);
    json.Key("by_sector").Open('[');
    for (std::size_t k = 0; k < table.size(); ++k) {
      json.Open('{').Member("code", table.codes[k]).Member("demand_loss", answer.extraction.demand_loss_by_sector[k]);
      json.Member("supply_loss", answer.extraction.supply_loss_by_sector[k]).Close('}');
    }
    json.Close(']').Close('}');
  }
  if (options.matrices) {
    WriteMatrix(json, "coefficients", answer.model.coefficients, table.size());
    WriteMatrix(json, "leontief", answer.model.leontief, table.size());
    WriteMatrix(json, "ghosh", answer.model.ghosh, table.size());
  }
  json.Close('}');
  return json.text() + "\n";
}

}  // namespace

Result<std::string> RunIo(const IoOptions& options) {
  LF_ASSIGN(const IoAnswer answer, Compute(options));
  return options.json ? Json(answer, options) : Text(answer, options);
}

void AddIo(CLI::App& chain, int& exit_code) {
  const auto options = std::make_shared<IoOptions>();
  CLI::App* io =
      chain.add_subcommand("io", "input-output table (投入产出表): inverses, linkages, hypothetical extraction");
  io->add_option("TABLE", options->table,
                 "a flow table as CSV, plain or .gz, in the layout of the National Bureau of Statistics or of the BEA "
                 "(.xls: scripts/convert_io_table.sh); figures keep the table's unit")
      ->required();
  io->add_option("--extract", options->extract, "codes of sectors to take out of the economy together")->delimiter(',');
  io->add_option("--sort", options->sort, "order of the printed table")
      ->check(CLI::IsMember({"power", "forward", "loss", "output", "table"}))
      ->capture_default_str();
  io->add_option("--top", options->top, "sectors to print; 0: all")->capture_default_str();
  io->add_option("--tolerance", options->tolerance, "what a printed sum may be off, as a part of it")
      ->capture_default_str();
  io->add_option("--encoding", options->encoding, "utf-8, gbk or gb18030")->capture_default_str();
  io->add_flag("--matrices", options->matrices, "with --json: also A, L = (I-A)^-1 and G = (I-B)^-1, row by row");
  io->add_flag("--json", options->json, "one JSON object with all digits (docs/chain/risk.md)");
  io->footer("Formulas: Miller and Blair, Input-Output Analysis, 2009. L counts imported inputs as if made here.");
  io->callback([options, &exit_code] { exit_code = PrintAnswer(RunIo(*options)); });
}

}  // namespace landfall::cli
