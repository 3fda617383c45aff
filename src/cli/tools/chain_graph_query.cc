// SPDX-License-Identifier: Apache-2.0
// chain stats, tiers, suppliers, substitute.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <numeric>

#include "analysis/graph/gaps.h"
#include "analysis/graph/measure.h"
#include "analysis/graph/query.h"
#include "cli/tools/chain_graph.h"
#include "cli/tools/print.h"
#include "cli/tools/sentences.h"

namespace landfall::cli {
namespace {

using chain::Csr;
using chain::Graph;
using chain::Maker;
using chain::NodeId;
using chain::NodeKind;
using chain::Relation;
using chain::View;

// Runs a command and turns its refusal into the exit code.
template <class Options>
void OnParse(CLI::App* command, const std::shared_ptr<Options>& options, int& exit_code,
             Status (*run)(const Options&)) {
  command->callback([options, &exit_code, run] {
    if (auto ran = run(*options); !ran) exit_code = PrintRefusal(ran.error());
  });
}

struct StatsOptions {
  GraphFiles files;
  int top = 15;
  bool json = false;
};

// The measures of the upstream relation of a graph. Products that it does not touch take no part.
struct UpstreamMeasures {
  std::uint32_t products = 0, weak = 0, largest_weak = 0, diameter = 0;
  std::vector<std::vector<NodeId>> cycles;  // Strong components of more than one product.
  std::vector<double> betweenness, rank;

  explicit UpstreamMeasures(const Graph& graph) {
    const Csr &out = graph.Out(Relation::kUpstream), &in = graph.In(Relation::kUpstream);
    std::vector<bool> touched(out.rows());
    for (NodeId node = 0; node < out.rows(); ++node) touched[node] = out.degree(node) + in.degree(node) > 0;
    products = static_cast<std::uint32_t>(std::count(touched.begin(), touched.end(), true));
    for (const std::uint32_t size : chain::WeakComponents(out).sizes) {
      weak += size > 1;
      if (size > 1) largest_weak = std::max(largest_weak, size);
    }
    const chain::Components strong = chain::StrongComponents(out);
    std::map<std::uint32_t, std::vector<NodeId>> members;
    for (NodeId node = 0; node < out.rows(); ++node)
      if (strong.sizes[strong.of[node]] > 1) members[strong.of[node]].push_back(node);
    for (auto& [component, nodes] : members) cycles.push_back(std::move(nodes));
    diameter = chain::Diameter(out);
    betweenness = chain::Betweenness(out);
    rank = chain::PageRank(out, in, touched);
  }
};

std::vector<NodeId> TopOf(const std::vector<double>& values, int top) {
  std::vector<NodeId> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto count = std::min<std::size_t>(static_cast<std::size_t>(top), order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](NodeId a, NodeId b) { return values[a] != values[b] ? values[a] > values[b] : a < b; });
  order.resize(count);
  return order;
}

Status RunStats(const StatsOptions& options) {
  auto opened = chain::OpenGraph(options.files.graph);
  if (!opened) return std::move(opened).error().At("GRAPH");
  const Graph graph = *std::move(opened);
  const UpstreamMeasures measures(graph);
  const Csr &out = graph.Out(Relation::kUpstream), &in = graph.In(Relation::kUpstream);
  chain::Visited visited(out.rows());
  const auto reach = [&](const Csr& csr, NodeId node) {
    return static_cast<std::uint64_t>(chain::Reach(csr, node, 3, visited).size());
  };
  const std::pair<std::string_view, const std::vector<double>*> tops[] = {{"betweenness", &measures.betweenness},
                                                                          {"pagerank", &measures.rank}};
  if (options.json) {
    JsonWriter json;
    json.Open('{').Key("nodes").Open('{');
    for (std::size_t k = 0; k < chain::kNodeKinds; ++k)
      json.Member(chain::NodeKindName(static_cast<NodeKind>(k)), graph.NodeCount(static_cast<NodeKind>(k)));
    json.Close('}').Key("edges").Open('{');
    for (std::size_t r = 0; r < chain::kRelations; ++r)
      json.Member(chain::RelationName(static_cast<Relation>(r)), graph.EdgeCount(static_cast<Relation>(r)));
    json.Close('}').Key("upstream").Open('{').Member("products", measures.products);
    json.Member("weak_components", measures.weak).Member("largest_weak_component", measures.largest_weak);
    json.Member("diameter", measures.diameter).Key("cycles").Open('[');
    for (const auto& cycle : measures.cycles) {
      json.Open('[');
      for (const NodeId node : cycle) json.Value(graph.Key(NodeKind::kProduct, node));
      json.Close(']');
    }
    json.Close(']').Close('}');
    for (const auto& [name, values] : tops) {
      json.Key(name).Open('[');
      for (const NodeId node : TopOf(*values, options.top))
        json.Open('{')
            .Member("product", graph.Key(NodeKind::kProduct, node))
            .Member("value", (*values)[node])
            .Member("in", in.degree(node))
            .Member("out", out.degree(node))
            .Member("up3", reach(in, node))
            .Member("down3", reach(out, node))
            .Close('}');
      json.Close(']');
    }
    json.Member("bytes", static_cast<std::uint64_t>(graph.image().size()));
    std::string text = json.text();
    text += fmt::format(",\"import\":{}}}", graph.Meta());  // The import's own JSON object.
    fmt::print("{}\n", text);
    return Ok{};
  }
  TextTable size;
  size.Head({"what", "count"});
  for (std::size_t k = 0; k < chain::kNodeKinds; ++k)
    size.Row({std::string(chain::NodeKindName(static_cast<NodeKind>(k))) + "s",
              std::to_string(graph.NodeCount(static_cast<NodeKind>(k)))});
  for (std::size_t r = 0; r < chain::kRelations; ++r)
    size.Row({std::string(chain::RelationName(static_cast<Relation>(r))) + " edges",
              std::to_string(graph.EdgeCount(static_cast<Relation>(r)))});
  size.Row({"products with upstream or downstream", std::to_string(measures.products)});
  size.Row({"  in parts that hang together", std::to_string(measures.weak)});
  size.Row({"  of which the largest has", std::to_string(measures.largest_weak)});
  size.Row({"  longest shortest path, edges", std::to_string(measures.diameter)});
  size.Row({"  cycles (strong components above 1)", std::to_string(measures.cycles.size())});
  fmt::print("{}\n", size.Text());
  for (const auto& cycle : measures.cycles) {
    std::string names;
    for (const NodeId node : cycle) names += fmt::format(" {}", graph.Key(NodeKind::kProduct, node));
    fmt::print("cycle:{}\n", names);
  }
  for (const auto& [name, values] : tops) {
    TextTable table;
    table.Head({std::string(name), "value", "in", "out", "up 3", "down 3"});
    for (const NodeId node : TopOf(*values, options.top))
      table.Row({std::string(graph.Key(NodeKind::kProduct, node)), fmt::format("{:.6g}", (*values)[node]),
                 std::to_string(in.degree(node)), std::to_string(out.degree(node)), std::to_string(reach(in, node)),
                 std::to_string(reach(out, node))});
    fmt::print("\n{}", table.Text());
  }
  return Ok{};
}

struct TiersOptions {
  GraphFiles files;
  std::string product, place, svg;
  int up = 2, down = 1;
  std::size_t limit = 200;
  bool json = false;
};

Status RunTiers(const TiersOptions& options) {
  LF_ASSIGN(const View view, OpenView(options.files));
  LF_ASSIGN(const NodeId product, view.Resolve(NodeKind::kProduct, options.product));
  const chain::Tiers tiers = chain::TiersOf(view, product, options.up, options.down, options.limit + 1);
  std::vector<TierBox> boxes;
  std::optional<chain::GapFinder> finder;
  std::optional<NodeId> place;
  if (!options.place.empty()) {
    LF_ASSIGN(place, view.Resolve(NodeKind::kPlace, options.place));
    finder.emplace(view);
  }
  for (const chain::TierEntry& entry : tiers.entries) {
    std::string_view status;
    if (place) status = chain::StatusName(finder->StatusOf(entry.product, *place).status);
    boxes.push_back({view.Key(NodeKind::kProduct, entry.product), view.Key(NodeKind::kProduct, entry.via), entry.tier,
                     status, static_cast<std::uint32_t>(chain::MakersOf(view, entry.product).size())});
  }
  const bool no_up = options.up > 0 && view.InDegree(Relation::kUpstream, product) == 0;
  const bool no_down = options.down > 0 && view.OutDegree(Relation::kUpstream, product) == 0;
  if (!options.svg.empty()) LF_TRY(WriteFile(options.svg, TiersSvg(boxes), "--svg"));
  if (options.json) {
    JsonWriter json;
    json.Open('{').Member("product", view.Key(NodeKind::kProduct, product)).Member("up", options.up);
    json.Member("down", options.down).Member("upstream_has_data", !no_up).Member("downstream_has_data", !no_down);
    json.Member("cut", tiers.cut).Key("items").Open('[');
    for (const TierBox& box : boxes) {
      json.Open('{').Member("product", box.name).Member("tier", box.tier).Member("via", box.via);
      json.Member("makers", box.makers);
      if (place) json.Member("status", box.status);
      json.Close('}');
    }
    fmt::print("{}\n", json.Close(']').Close('}').text());
    return Ok{};
  }
  TextTable table;
  table.Head({"tier", "product", "via", "makers", place ? "status" : ""});
  for (const TierBox& box : boxes)
    table.Row({std::to_string(box.tier), std::string(box.name), std::string(box.via), std::to_string(box.makers),
               std::string(box.status)});
  fmt::print("{}", table.Text());
  if (no_up) fmt::print("no data: the graph has no upstream edge of {}\n", options.product);
  if (no_down) fmt::print("no data: the graph has no downstream edge of {}\n", options.product);
  if (tiers.cut) fmt::print("cut at {} products; raise --limit to see more\n", options.limit);
  return Ok{};
}

std::string ShareText(float share) { return std::isnan(share) ? "not stated" : fmt::format("{:.1f}%", share * 100); }

struct SuppliersOptions {
  GraphFiles files;
  std::string product, place;
  bool exact = false, materials = false, json = false;
  std::size_t limit = 50;
};

void AppendMaker(JsonWriter& json, const View& view, const Maker& maker) {
  json.Open('{').Member("enterprise", view.Key(NodeKind::kEnterprise, maker.enterprise));
  json.Member("name", view.Name(NodeKind::kEnterprise, maker.enterprise)).Key("place");
  if (maker.place)
    json.Value(view.Key(NodeKind::kPlace, *maker.place));
  else
    json.Null();
  json.Member("line", view.Key(NodeKind::kProduct, maker.product)).Member("match", chain::MatchName(maker.match));
  json.Member("share", static_cast<double>(maker.edge.facts.weight)).Member("trader", maker.trader);
  json.Member("source", view.SourceName(maker.edge)).Member("confidence", unsigned{maker.edge.facts.confidence});
  json.Close('}');
}

Status RunSuppliers(const SuppliersOptions& options) {
  LF_ASSIGN(const View view, OpenView(options.files));
  LF_ASSIGN(const NodeId product, view.Resolve(NodeKind::kProduct, options.product));
  std::optional<NodeId> place;
  if (!options.place.empty()) {
    LF_ASSIGN(place, view.Resolve(NodeKind::kPlace, options.place));
  }
  std::vector<NodeId> goods{product};
  if (options.materials) {
    goods.clear();
    view.In(Relation::kUpstream, product, [&](const View::Edge& edge) { goods.push_back(edge.node); });
  }
  JsonWriter json;
  json.Open('{').Member("product", view.Key(NodeKind::kProduct, product)).Key("goods").Open('[');
  TextTable table;
  table.Head({"good", "enterprise", "id", "place", "line", "match", "share", "trader"});
  for (const NodeId good : goods) {
    const std::string_view name = view.Key(NodeKind::kProduct, good);
    std::vector<Maker> makers = chain::MakersOf(view, good, !options.exact);
    if (place)
      std::erase_if(makers, [&](const Maker& m) { return !m.place || !chain::IsWithin(view, *m.place, *place); });
    json.Open('{').Member("product", name).Member("count", static_cast<std::uint64_t>(makers.size()));
    json.Key("makers").Open('[');
    if (makers.size() > options.limit) makers.resize(options.limit);
    for (const Maker& maker : makers) {
      AppendMaker(json, view, maker);
      table.Row({std::string(name), std::string(view.Name(NodeKind::kEnterprise, maker.enterprise)),
                 std::string(view.Key(NodeKind::kEnterprise, maker.enterprise)),
                 maker.place ? std::string(view.Key(NodeKind::kPlace, *maker.place)) : std::string(),
                 std::string(view.Key(NodeKind::kProduct, maker.product)), std::string(chain::MatchName(maker.match)),
                 ShareText(maker.edge.facts.weight), maker.trader ? "trader" : ""});
    }
    json.Close(']').Close('}');
    if (makers.empty()) table.Row({std::string(name), "no data", "", "", "", "", "", ""});
  }
  if (options.json)
    fmt::print("{}\n", json.Close(']').Close('}').text());
  else if (goods.empty())
    fmt::print("no data: the graph has no upstream edge of {}\n", options.product);
  else
    fmt::print("{}", table.Text());
  return Ok{};
}

struct SubstituteOptions {
  GraphFiles files;
  std::string product, enterprise;
  std::size_t limit = 30;
  bool json = false;
};

Status SubstituteProduct(const View& view, const SubstituteOptions& options) {
  LF_ASSIGN(const NodeId product, view.Resolve(NodeKind::kProduct, options.product));
  JsonWriter json;
  json.Open('{').Member("product", view.Key(NodeKind::kProduct, product)).Key("substitutes").Open('[');
  TextTable table;
  table.Head({"substitute", "why", "overlap of uses", "makers"});
  for (const chain::Substitute& s : chain::SubstitutesOf(view, product, options.limit)) {
    const std::string_view name = view.Key(NodeKind::kProduct, s.product);
    json.Open('{')
        .Member("product", name)
        .Member("why", chain::WhyName(s.why))
        .Member("overlap", s.overlap)
        .Member("makers", s.makers)
        .Close('}');
    table.Row({std::string(name), std::string(chain::WhyName(s.why)), Decimal(s.overlap, 3), std::to_string(s.makers)});
  }
  if (options.json)
    fmt::print("{}\n", json.Close(']').Close('}').text());
  else
    fmt::print("{}{}", table.Text(), table.rows() == 0 ? "no data\n" : "");
  return Ok{};
}

Status SubstituteEnterprise(const View& view, const SubstituteOptions& options) {
  LF_ASSIGN(const NodeId enterprise, view.Resolve(NodeKind::kEnterprise, options.enterprise));
  JsonWriter json;
  json.Open('{').Member("enterprise", view.Key(NodeKind::kEnterprise, enterprise)).Key("rivals").Open('[');
  TextTable table;
  table.Head({"enterprise", "id", "place", "shared", "overlap", "products", "trader"});
  for (const chain::Rival& rival : chain::RivalsOf(view, enterprise, options.limit)) {
    json.Open('{').Member("enterprise", view.Key(NodeKind::kEnterprise, rival.enterprise));
    json.Member("name", view.Name(NodeKind::kEnterprise, rival.enterprise)).Key("place");
    if (rival.place)
      json.Value(view.Key(NodeKind::kPlace, *rival.place));
    else
      json.Null();
    json.Member("shared", rival.shared).Member("overlap", rival.overlap).Member("trader", rival.trader);
    json.Key("products").Open('[');
    std::string products;
    for (const NodeId product : rival.products) {
      json.Value(view.Key(NodeKind::kProduct, product));
      if (products.size() < 40)
        products += (products.empty() ? "" : " ") + std::string(view.Key(NodeKind::kProduct, product));
    }
    json.Close(']').Close('}');
    table.Row({std::string(view.Name(NodeKind::kEnterprise, rival.enterprise)),
               std::string(view.Key(NodeKind::kEnterprise, rival.enterprise)),
               rival.place ? std::string(view.Key(NodeKind::kPlace, *rival.place)) : std::string(),
               std::to_string(rival.shared), Decimal(rival.overlap, 3), products, rival.trader ? "trader" : ""});
  }
  if (options.json)
    fmt::print("{}\n", json.Close(']').Close('}').text());
  else
    fmt::print("{}{}", table.Text(), table.rows() == 0 ? "no data\n" : "");
  return Ok{};
}

Status RunSubstitute(const SubstituteOptions& options) {
  LF_ASSIGN(const View view, OpenView(options.files));
  return options.product.empty() ? SubstituteEnterprise(view, options) : SubstituteProduct(view, options);
}

}  // namespace

void AddChainQueries(CLI::App& chain, int& exit_code) {
  CLI::App* command = chain.add_subcommand("stats", "size, components, cycles, betweenness and PageRank of a GRAPH");
  const auto stats = std::make_shared<StatsOptions>();
  command->add_option("GRAPH", stats->files.graph, "a file written by `chain import`")->required();
  command->add_option("--top", stats->top, "how many products of each measure")->check(CLI::Range(0, 10'000));
  command->add_flag("--json", stats->json,
                    "{nodes, edges, upstream: {products, weak_components, largest_weak_component, diameter, cycles}, "
                    "betweenness: [{product, value, in, out, up3, down3}], pagerank: […], bytes, import}");
  command->footer(
      "Measures are those of the upstream relation, material -> product. Betweenness is exact and not normalised "
      "(Brandes 2001); PageRank has damping 0.85 and sums to 1; up3 and down3 count products within three steps.");
  OnParse(command, stats, exit_code, RunStats);

  command = chain.add_subcommand("tiers", "what lies upstream and downstream of a product, tier by tier");
  const auto tiers = std::make_shared<TiersOptions>();
  AddGraphFiles(*command, tiers->files);
  command->add_option("--product", tiers->product, "its name or code")->required();
  command->add_option("--up", tiers->up, "tiers upstream (negative in the answer)")->check(CLI::Range(0, 50));
  command->add_option("--down", tiers->down, "tiers downstream")->check(CLI::Range(0, 50));
  command->add_option("--place", tiers->place, "also say how each product stands there");
  command->add_option("--limit", tiers->limit, "products besides the asked one")->check(CLI::Range(1, 99'999));
  command->add_option("--svg", tiers->svg, "also draw the tiers into this file");
  command->add_flag("--json", tiers->json,
                    "{product, up, down, upstream_has_data, downstream_has_data, cut, items: [{product, tier, via, "
                    "makers[, status]}]}");
  OnParse(command, tiers, exit_code, RunTiers);

  command = chain.add_subcommand("suppliers", "which enterprises make a product, or each of its materials");
  const auto suppliers = std::make_shared<SuppliersOptions>();
  AddGraphFiles(*command, suppliers->files);
  command->add_option("--product", suppliers->product, "its name or code")->required();
  command->add_option("--place", suppliers->place, "only those located there");
  command->add_flag("--materials", suppliers->materials, "the makers of its direct materials instead of its own");
  command->add_flag("--exact", suppliers->exact, "only exactly this good: no kinds of it (sub-products)");
  command->add_option("--limit", suppliers->limit, "makers a good")->check(CLI::Range(1, 100'000));
  command->add_flag("--json", suppliers->json,
                    "{product, goods: [{product, count, makers: [{enterprise, name, place, line, match, share, trader, "
                    "source, confidence}]}]}");
  command->footer(
      "share: of the enterprise's revenue, 0..1 in JSON, null where not stated. match: exact, same_good (with or "
      "without abbreviation), kind (a sub-product whose name ends in the good's). trader: its industry is trade.");
  OnParse(command, suppliers, exit_code, RunSuppliers);

  command = chain.add_subcommand("substitute", "what could stand in for a product, or who for an enterprise");
  const auto substitute = std::make_shared<SubstituteOptions>();
  AddGraphFiles(*command, substitute->files);
  CLI::Option_group* one = command->add_option_group("what", "exactly one");
  one->add_option("--product", substitute->product, "its name or code");
  one->add_option("--enterprise", substitute->enterprise, "its id, stock code in any spelling, or name");
  one->require_option(1);
  command->add_option("--limit", substitute->limit, "answers")->check(CLI::Range(1, 10'000));
  command->add_flag("--json", substitute->json,
                    "{product, substitutes: [{product, why, overlap, makers}]} or {enterprise, rivals: [{enterprise, "
                    "name, place, shared, overlap, trader, products}]}");
  command->footer(
      "why: same_good, kind (narrower), broader, sibling (another kind of the same), co_used (goes into the same "
      "products, at least two). overlap of a product: Jaccard of the products that need it; of an enterprise: sum over "
      "shared products of the smaller share of revenue.");
  OnParse(command, substitute, exit_code, RunSubstitute);
}

}  // namespace landfall::cli
