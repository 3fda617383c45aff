// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/day.h"
#include "cli/tools/chain_graph.h"
#include "cli/tools/print.h"
#include "cli/tools/sentences.h"
#include "exchange/csv.h"

namespace landfall::cli {
namespace {

using chain::Drop;
using chain::ImportReport;
using chain::NodeKind;
using chain::Relation;
using chain::Repair;

constexpr const char* kHelp =
    "Reads every file of DIR that it knows by name, .gz or plain, cleans the rows by stated rules and writes one "
    "GRAPH.\n"
    "  products.csv     name[,code,parent,link]            links.csv   name[,code,parent]\n"
    "  enterprises.csv  id[,name,place,link]               places.csv  name[,code,within]\n"
    "  relations.csv    relation,from,to[,weight,day,source,confidence]\n"
    "                   relation: upstream (material -> product), sub_product (broader -> narrower), makes (enterprise "
    "->\n"
    "                   product; weight = share of revenue 0..1), supplies, located, within, member, belongs,\n"
    "                   link_upstream, link_part\n"
    "  *.jsonl          one object a line with \"type\" (product, link, enterprise, place, relation) and those "
    "columns\n"
    "  chain-kg         product_product.csv, company_product.csv, industry_industry_up.csv, original/*.json\n"
    "                   (ChainKnowledgeGraph: Shenwan 2021 industries, annual reports of A-share companies)\n"
    "  stock_basic_area.csv  listed companies with province and industry (Tushare)\n"
    "  gbt4754-2017.csv, gbt4754-2011.csv  code,name: when present, codes of products and links are checked\n"
    "Rules that drop rows: broken_quotes unreadable_row unknown_relation empty_name unknown_id self_loop quantity "
    "accounting\n"
    "negative_weight recipe duplicate_edge duplicate_node (docs/chain/graph.md).";

struct Options {
  ImportFiles files;
  std::string out, dropped, as_of;
  std::vector<std::string> keep;
  bool strict = false, json = false;
};

// One row a dropped row, by the order of the rules' work. A written file and the count in the report agree.
Status WriteDropped(const ImportReport& report, const std::string& path) {
  std::string text;
  const std::string_view head[] = {"rule", "file", "row", "what", "from", "to"};
  exchange::AppendCsvRow(text, head);
  for (const chain::DroppedRow& row : report.rows_dropped) {
    const std::string number = std::to_string(row.place.row);
    const std::string_view fields[] = {
        chain::DropName(row.rule), report.files[row.place.file], number, row.what, row.from, row.to};
    exchange::AppendCsvRow(text, fields);
  }
  return WriteFile(path, text, "--dropped");
}

std::string ReportJson(const chain::Importer::Imported& imported, const std::vector<std::string>& ignored) {
  const chain::Graph& graph = imported.graph;
  const ImportReport& report = imported.report;
  JsonWriter json;
  json.Open('{').Key("nodes").Open('{');
  for (std::size_t k = 0; k < chain::kNodeKinds; ++k)
    json.Member(chain::NodeKindName(static_cast<NodeKind>(k)), graph.NodeCount(static_cast<NodeKind>(k)));
  json.Close('}').Key("edges").Open('{');
  for (std::size_t r = 0; r < chain::kRelations; ++r)
    json.Member(chain::RelationName(static_cast<Relation>(r)), graph.EdgeCount(static_cast<Relation>(r)));
  json.Close('}').Key("files").Open('[');
  for (std::size_t i = 0; i < report.files.size(); ++i)
    json.Open('{').Member("name", report.files[i]).Member("rows", report.rows[i]).Close('}');
  json.Close(']').Key("dropped").Open('{');
  for (std::size_t i = 0; i < chain::kDrops; ++i) json.Member(chain::DropName(static_cast<Drop>(i)), report.dropped[i]);
  json.Close('}').Key("repaired").Open('{');
  for (std::size_t i = 0; i < chain::kRepairs; ++i)
    json.Member(chain::RepairName(static_cast<Repair>(i)), report.repaired[i]);
  json.Close('}').Member("recipe_products", report.recipe_products);
  json.Member("kitchen_ingredients", report.kitchen_ingredients).Key("ignored").Open('[');
  for (const std::string& name : ignored) json.Value(name);
  return json.Close(']').Member("bytes", static_cast<std::uint64_t>(graph.image().size())).Close('}').text();
}

void PrintReport(const chain::Importer::Imported& imported, const std::vector<std::string>& ignored) {
  const chain::Graph& graph = imported.graph;
  const ImportReport& report = imported.report;
  TextTable size;
  size.Head({"graph", "count"});
  for (std::size_t k = 0; k < chain::kNodeKinds; ++k)
    size.Row({std::string(chain::NodeKindName(static_cast<NodeKind>(k))) + "s",
              std::to_string(graph.NodeCount(static_cast<NodeKind>(k)))});
  for (std::size_t r = 0; r < chain::kRelations; ++r)
    if (const auto count = graph.EdgeCount(static_cast<Relation>(r)); count > 0)
      size.Row({std::string(chain::RelationName(static_cast<Relation>(r))), std::to_string(count)});
  TextTable rows;
  rows.Head({"file", "rows"});
  for (std::size_t i = 0; i < report.files.size(); ++i) rows.Row({report.files[i], std::to_string(report.rows[i])});
  TextTable rules;
  rules.Head({"rule", "dropped"});
  for (std::size_t i = 0; i < chain::kDrops; ++i)
    if (report.dropped[i] > 0)
      rules.Row({std::string(chain::DropName(static_cast<Drop>(i))), std::to_string(report.dropped[i])});
  TextTable repairs;
  repairs.Head({"mended and kept", "rows"});
  for (std::size_t i = 0; i < chain::kRepairs; ++i)
    if (report.repaired[i] > 0)
      repairs.Row({std::string(chain::RepairName(static_cast<Repair>(i))), std::to_string(report.repaired[i])});
  fmt::print("{}\n{}\n", size.Text(), rows.Text());
  if (rules.rows() > 0) fmt::print("{}\n", rules.Text());
  if (repairs.rows() > 0) fmt::print("{}\n", repairs.Text());
  if (!ignored.empty()) fmt::print("not read, name unknown: {}\n", fmt::join(ignored, ", "));
  fmt::print("{} bytes\n", graph.image().size());
}

Status Run(const Options& options) {
  chain::ImportOptions rules;
  for (const std::string& name : options.keep) {
    const auto rule = chain::ParseDrop(name);
    if (!rule || !chain::CanKeep(*rule))
      return Invalid("chain.unknown_drop_rule",
                     "rules that can be left out: recipe, quantity, accounting, broken_quotes", "--keep");
    rules.keep.insert(*rule);
  }
  if (!options.as_of.empty()) {
    LF_ASSIGN(const Day day, ParseDay(options.as_of));
    rules.as_of = DayNumber(day);
  }
  rules.strict = options.strict;
  rules.list_dropped = !options.dropped.empty();
  std::vector<std::string> ignored;
  LF_ASSIGN(const auto imported, ImportFolder(options.files, rules, ignored));
  LF_TRY(chain::SaveGraph(imported.graph, options.out));
  if (!options.dropped.empty()) LF_TRY(WriteDropped(imported.report, options.dropped));
  if (options.json)
    fmt::print("{}\n", ReportJson(imported, ignored));
  else
    PrintReport(imported, ignored);
  return Ok{};
}

}  // namespace

void AddChainImport(CLI::App& chain, int& exit_code) {
  CLI::App* command = chain.add_subcommand("import", "read a folder of rows, clean them and write one GRAPH file");
  command->footer(kHelp);
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->files.dir, "the folder; subfolders one level deep are read too")->required();
  command->add_option("--out", options->out, "the GRAPH file to write")->required();
  command->add_option("--listed", options->files.listed, "stock_basic_area.csv, where it lies elsewhere");
  command->add_option("--codes", options->files.codes, "GB/T 4754-2017 as code,name: check codes against it");
  command->add_option("--old-codes", options->files.old_codes, "GB/T 4754-2011 as code,name: tell old codes apart");
  command->add_option("--encoding", options->files.encoding, "of every file: utf-8, gbk or gb18030");
  command->add_option("--keep", options->keep,
                      "leave out a rule: recipe, quantity, accounting or broken_quotes (repeatable)");
  command->add_option("--as-of", options->as_of, "day (YYYY-MM-DD) of edges that state none");
  command->add_option("--dropped", options->dropped,
                      "write every dropped row to this CSV: rule, file, row, what, from, to");
  command->add_flag("--strict", options->strict, "refuse at the first drop other than a duplicate");
  command->add_flag("--json", options->json,
                    "{nodes, edges, files: [{name, rows}], dropped, repaired, recipe_products, kitchen_ingredients, "
                    "ignored, bytes}");
  command->callback([options, &exit_code] {
    if (auto ran = Run(*options); !ran) exit_code = PrintRefusal(ran.error());
  });
}

}  // namespace landfall::cli
