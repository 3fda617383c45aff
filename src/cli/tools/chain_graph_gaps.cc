// SPDX-License-Identifier: Apache-2.0
// chain gaps, targets.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>

#include "analysis/graph/gaps.h"
#include "cli/tools/chain_graph.h"
#include "cli/tools/print.h"
#include "cli/tools/sentences.h"

namespace landfall::cli {
namespace {

using chain::GapItem;
using chain::LinkStatus;
using chain::NodeId;
using chain::NodeKind;
using chain::View;

constexpr const char* kGapsHelp =
    "Each upstream product over --tiers steps is local (made in the place), elsewhere, missing (needed, nobody known "
    "to\n"
    "make it although the makers of most materials beside it are known) or no_data (the graph cannot tell). Gaps are "
    "the\n"
    "elsewhere and the missing. They rank by criticality * specificity; goods that count as bulk rank behind all "
    "others:\n"
    "  reach       reaches more products in 3 steps than 99 % of all materials, itself going into many (95 %)\n"
    "  traded      enterprises state trade in exactly this good (煤炭贸易)\n"
    "  everywhere  made in at least a quarter of the places that have enterprises\n"
    "  by_traders  traders hold at least half of the stated revenue shares\n"
    "Traders (by industry) never count as makers. A product without upstream edges has no data; that is never \"no "
    "gap\".\n"
    "Formulas: docs/chain/graph.md.";

struct Options {
  GraphFiles files;
  std::string product, link, place;
  chain::GapOptions gaps;
  std::size_t limit = 30;
  std::uint32_t ranks = 20;
  bool no_parts = false, all = false, json = false;
};

std::string StatusText(const GapItem& item) {
  if (item.status == LinkStatus::kNoData && item.silence != chain::Silence::kNone)
    return fmt::format("no_data ({})", chain::SilenceName(item.silence));
  return std::string(chain::StatusName(item.status)) + (item.weak ? " (weak)" : "");
}

// Why a gap stands where it does, in one line.
std::string Reason(const View& view, const GapItem& item) {
  const std::string_view via = view.Key(NodeKind::kProduct, item.via);
  std::string text = item.part ? fmt::format("part of {} by name", via) : fmt::format("needed by {}", via);
  if (item.dependency > 0) text += fmt::format("; {:.1f} of the upstream hangs on it", item.dependency);
  if (item.status == LinkStatus::kMissing)
    text += fmt::format("; {:.0f}% of the materials beside it have known makers", item.coverage * 100);
  else
    text += fmt::format("; makers elsewhere: {}, in places: {}", item.elsewhere, item.places);
  if (item.uses > 0) text += fmt::format("; products made of it: {}", item.uses);
  if (item.bulk != 0) text += fmt::format("; bulk: {}", fmt::join(chain::BulkNames(item.bulk), ", "));
  return text;
}

void AppendItem(JsonWriter& json, const View& view, const GapItem& item) {
  json.Open('{').Member("rank", item.rank).Member("product", view.Key(NodeKind::kProduct, item.product));
  json.Member("tier", item.tier).Member("via", view.Key(NodeKind::kProduct, item.via)).Member("part", item.part);
  json.Member("status", chain::StatusName(item.status)).Member("silence", chain::SilenceName(item.silence));
  json.Member("weak", item.weak).Member("local", item.local).Member("elsewhere", item.elsewhere);
  json.Member("unplaced", item.unplaced).Member("traders", item.traders).Member("places", item.places);
  json.Member("coverage", item.coverage).Member("multiplicity", item.multiplicity);
  json.Member("dependency", item.dependency).Member("criticality", item.criticality);
  json.Member("specificity", item.specificity).Member("uses", item.uses).Member("kinds", item.kinds);
  json.Member("reach", item.reach).Key("bulk").Open('[');
  for (const std::string_view name : chain::BulkNames(item.bulk)) json.Value(name);
  json.Close(']').Member("score", item.score).Member("reason", Reason(view, item)).Close('}');
}

Status GapsOfProduct(const View& view, NodeId place, const Options& options) {
  LF_ASSIGN(const NodeId product, view.Resolve(NodeKind::kProduct, options.product));
  const chain::GapFinder finder(view);
  LF_ASSIGN(const chain::GapReport report, finder.Find(product, place, options.gaps));
  const GapItem own = finder.StatusOf(product, place);
  const std::string_view name = view.Key(NodeKind::kProduct, product), where = view.Key(NodeKind::kPlace, place);
  if (options.json) {
    JsonWriter json;
    json.Open('{').Member("product", name).Member("place", where);
    json.Member("verdict", report.has_data ? "ranked" : "no_data")
        .Member("product_status", chain::StatusName(own.status));
    json.Member("tiers", options.gaps.tiers).Member("parts", options.gaps.parts).Member("cut", report.cut);
    json.Key("counts").Open('{');
    for (std::size_t i = 0; i < report.counts.size(); ++i)
      json.Member(chain::StatusName(static_cast<LinkStatus>(i)), report.counts[i]);
    json.Close('}').Key("thresholds").Open('{').Member("bulk_reach", finder.bulk_reach());
    json.Member("bulk_uses", finder.bulk_uses())
        .Member("bulk_places", finder.bulk_places())
        .Close('}')
        .Key("items")
        .Open('[');
    for (const GapItem& item : report.items) AppendItem(json, view, item);
    fmt::print("{}\n", json.Close(']').Close('}').text());
    return Ok{};
  }
  if (!report.has_data) {
    fmt::print(
        "no data: the graph has no upstream edge of {}, so it cannot tell what {} lacks. This is not \"no gap\".\n",
        name, where);
    return Ok{};
  }
  fmt::print("{} seen from {}: {}; upstream {} local, {} elsewhere, {} missing, {} no data\n\n", name, where,
             StatusText(own), report.counts[0], report.counts[1], report.counts[2], report.counts[3]);
  TextTable table;
  table.Head({"rank", "gap", "tier", "status", "score", "criticality", "specificity", "why"});
  std::size_t shown = 0;
  for (const GapItem& item : report.items) {
    if (item.rank == 0 || shown++ >= options.limit) continue;
    table.Row({std::to_string(item.rank), std::string(view.Key(NodeKind::kProduct, item.product)),
               std::to_string(item.tier), StatusText(item) + (item.bulk != 0 ? ", bulk" : ""), Decimal(item.score, 3),
               Decimal(item.criticality, 3), Decimal(item.specificity, 3), Reason(view, item)});
  }
  fmt::print("{}", table.Text());
  if (!options.all) return Ok{};
  TextTable rest;
  rest.Head({"no gap or no data", "tier", "status", "local", "elsewhere", "traders"});
  for (const GapItem& item : report.items)
    if (item.rank == 0)
      rest.Row({std::string(view.Key(NodeKind::kProduct, item.product)), std::to_string(item.tier), StatusText(item),
                std::to_string(item.local), std::to_string(item.elsewhere), std::to_string(item.traders)});
  fmt::print("\n{}", rest.Text());
  return Ok{};
}

Status GapsOfLink(const View& view, NodeId place, const Options& options) {
  LF_ASSIGN(const NodeId link, view.Resolve(NodeKind::kLink, options.link));
  const chain::LinkItem own = chain::LinkStatusOf(view, link, place);
  const std::vector<chain::LinkItem> items = chain::LinksUpstream(view, link, place);
  const std::string_view name = view.Key(NodeKind::kLink, link), where = view.Key(NodeKind::kPlace, place);
  JsonWriter json;
  json.Open('{').Member("link", name).Member("place", where).Member("verdict", items.empty() ? "no_data" : "ranked");
  json.Member("link_status", chain::StatusName(own.status)).Key("items").Open('[');
  TextTable table;
  table.Head({"upstream link", "status", "weight", "local", "elsewhere", "unplaced", "trade"});
  for (const chain::LinkItem& item : items) {
    const std::string_view upstream = view.Key(NodeKind::kLink, item.link);
    json.Open('{').Member("link", upstream).Member("status", chain::StatusName(item.status));
    json.Member("weight", static_cast<double>(item.weight)).Member("local", item.local);
    json.Member("elsewhere", item.elsewhere).Member("unplaced", item.unplaced).Member("trade", item.trade).Close('}');
    table.Row({std::string(upstream), std::string(chain::StatusName(item.status)), Decimal(item.weight, 0),
               std::to_string(item.local), std::to_string(item.elsewhere), std::to_string(item.unplaced),
               item.trade ? "trade" : ""});
  }
  if (options.json)
    fmt::print("{}\n", json.Close(']').Close('}').text());
  else if (items.empty())
    fmt::print("no data: the graph has no upstream edge of link {}. This is not \"no gap\".\n", name);
  else
    fmt::print("{} in {}: {} ({} enterprises there, {} elsewhere)\n\n{}", name, where, chain::StatusName(own.status),
               own.local, own.elsewhere, table.Text());
  return Ok{};
}

Status RunGaps(const Options& given) {
  Options options = given;
  options.gaps.parts = !given.no_parts;
  LF_ASSIGN(const View view, OpenView(options.files));
  LF_ASSIGN(const NodeId place, view.Resolve(NodeKind::kPlace, options.place));
  return options.link.empty() ? GapsOfProduct(view, place, options) : GapsOfLink(view, place, options);
}

Status RunTargets(const Options& given) {
  Options options = given;
  options.gaps.parts = !given.no_parts;
  LF_ASSIGN(const View view, OpenView(options.files));
  LF_ASSIGN(const NodeId place, view.Resolve(NodeKind::kPlace, options.place));
  LF_ASSIGN(const NodeId product, view.Resolve(NodeKind::kProduct, options.product));
  const chain::GapFinder finder(view);
  LF_ASSIGN(const chain::GapReport report, finder.Find(product, place, options.gaps));
  const std::vector<chain::Target> targets = chain::TargetsFor(finder, report, options.ranks, options.limit);
  JsonWriter json;
  json.Open('{').Member("product", view.Key(NodeKind::kProduct, product));
  json.Member("place", view.Key(NodeKind::kPlace, place)).Member("verdict", report.has_data ? "ranked" : "no_data");
  json.Key("targets").Open('[');
  TextTable table;
  table.Head({"rank", "enterprise", "id", "place", "fills gap", "gap's rank", "line", "share", "fit", "why"});
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const chain::Target& t = targets[i];
    std::string why = fmt::format("{} match", chain::MatchName(t.match));
    why += std::isnan(t.share) ? "; share not stated" : fmt::format("; {:.1f}% of its revenue", t.share * 100);
    if (t.fills > 1) why += fmt::format("; fills {} gaps of the chain", t.fills);
    if (t.local_ties > 0) why += fmt::format("; tied to {} local: {}", t.local_ties, fmt::join(t.local_partners, ", "));
    if (t.bulk) why += "; the gap is a bulk good";
    json.Open('{').Member("rank", static_cast<std::uint64_t>(i + 1));
    json.Member("enterprise", view.Key(NodeKind::kEnterprise, t.enterprise));
    json.Member("name", view.Name(NodeKind::kEnterprise, t.enterprise));
    json.Member("place", view.Key(NodeKind::kPlace, *t.place)).Member("gap", view.Key(NodeKind::kProduct, t.gap));
    json.Member("gap_rank", t.gap_rank).Member("line", view.Key(NodeKind::kProduct, t.line));
    json.Member("match", chain::MatchName(t.match)).Member("share", static_cast<double>(t.share));
    json.Member("fills", t.fills).Member("local_ties", t.local_ties).Member("bulk", t.bulk);
    json.Member("fit", t.fit).Member("reason", why).Close('}');
    table.Row({std::to_string(i + 1), std::string(view.Name(NodeKind::kEnterprise, t.enterprise)),
               std::string(view.Key(NodeKind::kEnterprise, t.enterprise)),
               std::string(view.Key(NodeKind::kPlace, *t.place)), std::string(view.Key(NodeKind::kProduct, t.gap)),
               std::to_string(t.gap_rank), std::string(view.Key(NodeKind::kProduct, t.line)),
               std::isnan(t.share) ? "-" : fmt::format("{:.1f}%", t.share * 100), Decimal(t.fit, 3), why});
  }
  if (options.json)
    fmt::print("{}\n", json.Close(']').Close('}').text());
  else if (!report.has_data)
    fmt::print("no data: the graph has no upstream edge of {}\n", view.Key(NodeKind::kProduct, product));
  else
    fmt::print("{}", table.Text());
  return Ok{};
}

}  // namespace

void AddChainGaps(CLI::App& chain, int& exit_code) {
  const auto run = [&exit_code](CLI::App* command, const std::shared_ptr<Options>& options,
                                Status (*what)(const Options&)) {
    command->callback([options, &exit_code, what] {
      if (auto ran = what(*options); !ran) exit_code = PrintRefusal(ran.error());
    });
  };
  CLI::App* command = chain.add_subcommand("gaps", "what a place lacks upstream of a product or a link, ranked");
  const auto gaps = std::make_shared<Options>();
  AddGraphFiles(*command, gaps->files);
  CLI::Option_group* one = command->add_option_group("what", "exactly one");
  one->add_option("--product", gaps->product, "its name or code");
  one->add_option("--link", gaps->link, "an industry or stage (环节): direct upstream links by their enterprises");
  one->require_option(1);
  command->add_option("--place", gaps->place, "a province or other place of the graph, e.g. 湖北")->required();
  command->add_option("--tiers", gaps->gaps.tiers, "steps upstream")->check(CLI::Range(1, 9));
  command->add_flag("--no-parts", gaps->no_parts, "leave out parts by name (汽车底盘 of 汽车)");
  command->add_option("--limit", gaps->limit, "gaps in the table (JSON has all)")->check(CLI::Range(1, 100'000));
  command->add_flag("--all", gaps->all, "the table also lists what is local or has no data");
  command->add_flag(
      "--json", gaps->json,
      "{product, place, verdict: ranked|no_data, product_status, tiers, parts, cut, counts, thresholds, "
      "items: [{rank, product, tier, via, part, status, silence, weak, local, elsewhere, unplaced, traders, "
      "places, coverage, multiplicity, dependency, criticality, specificity, uses, kinds, reach, bulk, "
      "score, reason}]} or, by link, {link, place, verdict, link_status, items: [{link, status, weight, "
      "local, elsewhere, unplaced, trade}]}");
  command->footer(kGapsHelp);
  run(command, gaps, RunGaps);

  command = chain.add_subcommand("targets", "enterprises elsewhere that could fill the gaps, ranked with reasons");
  const auto targets = std::make_shared<Options>();
  AddGraphFiles(*command, targets->files);
  command->add_option("--product", targets->product, "its name or code")->required();
  command->add_option("--place", targets->place, "the place that lacks them")->required();
  command->add_option("--tiers", targets->gaps.tiers, "steps upstream")->check(CLI::Range(1, 9));
  command->add_flag("--no-parts", targets->no_parts, "leave out parts by name");
  command->add_option("--gaps", targets->ranks, "only gaps of at most this rank")->check(CLI::Range(1, 100'000));
  command->add_option("--limit", targets->limit, "answers")->check(CLI::Range(1, 100'000));
  command->add_flag("--json", targets->json,
                    "{product, place, verdict, targets: [{rank, enterprise, name, place, gap, gap_rank, line, match, "
                    "share, fills, local_ties, bulk, fit, reason}]}");
  command->footer(
      "By gap, the best fit first. fit = match (exact 1, same_good 0.95, kind 0.8, related 0.4) * (0.3 + 0.7 * min(1, "
      "share / 0.5)) * (1 + 0.25 * log2(gaps it fills)) * (1.5 with a supply relation to the place). related: makes "
      "the "
      "broader good or another kind of one that nobody is known to make. Traders are left out.");
  run(command, targets, RunTargets);
}

}  // namespace landfall::cli
