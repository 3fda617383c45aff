// SPDX-License-Identifier: Apache-2.0
// What a place lacks in a chain, and who elsewhere could fill it.
//
// Why it is more than a list of products without a local maker: machine-extracted chains end in crude oil and coal, are
// crowded with traders, and are silent about most goods. So each link says how it stands (local, elsewhere, missing, no
// data) and on what evidence; only what is known to be needed and known to be absent is a gap; and gaps are ranked by
// how much of the chain hangs on them, while goods that anybody buys anywhere go behind the rest. No rule lists goods
// by name. Formulas, thresholds and their reasons: docs/chain/graph.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/graph/query.h"

namespace landfall::chain {

enum class LinkStatus : std::uint8_t {
  kLocal,      // An enterprise in the place makes it.
  kElsewhere,  // None in the place does, but one elsewhere.
  kMissing,    // Nobody is known to make it, in a part of the chain where makers are known (see coverage).
  kNoData,     // The graph cannot tell.
};
std::string_view StatusName(LinkStatus status);  // "local", "elsewhere", "missing", "no_data"

// Why a link has no data.
enum class Silence : std::uint8_t {
  kNone,          // It has data.
  kNoMaker,       // No maker is known, nor are those of what it is used with.
  kMakerNoPlace,  // Makers are known, but of none where it is.
  kTradersOnly,   // Only traders offer it; who makes it is not known.
};
std::string_view SilenceName(Silence silence);  // "none", "no_maker", "maker_without_place", "traders_only"

// Why a good counts as bulk, which anybody buys anywhere. Bits of GapItem::bulk.
enum Bulk : std::uint8_t {
  kBulkReach = 1,       // Reaches more products in three steps downstream than 99 % of materials, and goes itself into
                        // at least as many as the 95 % quantile (碳酸锂 reaches far, but only through 玻璃).
  kBulkTraded = 2,      // Enterprises state trade in exactly this good as a line of business (煤炭贸易).
  kBulkEverywhere = 4,  // Made in at least a quarter of the places that have enterprises, and in at least four.
  kBulkTraders = 8,     // Traders hold at least half of the stated revenue shares among those who offer it.
};
std::vector<std::string_view> BulkNames(std::uint8_t bulk);  // "reach", "traded", "everywhere", "by_traders"

struct GapItem {
  NodeId product = 0;
  int tier = 1;       // Steps upstream.
  NodeId via = 0;     // What needs it, one step nearer.
  bool part = false;  // A part by name (汽车底盘 of 汽车) instead of a stated material.
  LinkStatus status = LinkStatus::kNoData;
  Silence silence = Silence::kNone;
  bool weak = false;  // Local, but by no maker that states at least 5 % of its revenue there.
  std::uint32_t local = 0, elsewhere = 0, unplaced = 0, traders = 0;  // Enterprises; the first three are makers.
  std::uint32_t places = 0;                                           // In which it is made.
  double coverage = 0;      // Share of the materials beside it whose makers are known; the best among what needs it.
  double multiplicity = 0;  // Expected visits of a walk that starts at the product and goes up a random need each step.
  double dependency =
      0;  // Upstream goods whose shortest ways to the product run through it (betweenness for one target).
  double criticality = 0;  // Mean of the two, each over the largest of the chain: 0 … 1.
  double specificity = 1;  // Product of three terms, each 1 where a good is of one use, one place, one kind: 0 … 1.
  std::uint32_t uses = 0, kinds = 0;  // Products made of it; sub-products, in the whole graph.
  std::uint32_t reach = 0;            // Products within three steps downstream, in the whole graph.
  std::uint8_t bulk = 0;
  double score = 0;  // criticality · specificity.
  std::uint32_t rank =
      0;  // 1 … for gaps (elsewhere or missing); 0 for the rest. All bulk goods rank behind all others.
};

struct GapOptions {
  int tiers = 3;  // 1 … 9.
  // Also parts by name of the product itself, where somebody makes them; only of a final good, that nothing is made of.
  bool parts = true;
};

struct GapReport {
  NodeId product = 0, place = 0;
  bool has_data =
      false;         // False: no upstream edge leads to the product, so nothing can be said, least of all "no gap".
  bool cut = false;  // The chain was longer than kMaxTierEntries.
  std::vector<GapItem> items;             // Gaps by rank, then the rest by tier and key.
  std::array<std::uint32_t, 4> counts{};  // By LinkStatus.
};

// Knows what "generic" means in one graph: quantiles and lists that take one pass. Threads: immutable; any may read.
class GapFinder {
 public:
  // Cost: that of ReachCounts over three steps; about 20 ms at 10^5 products.
  explicit GapFinder(const View& view);  // `view` must outlive it.

  // Errors: chain.graph_out_of_range (tiers).
  Result<GapReport> Find(NodeId product, NodeId place, const GapOptions& options = {}) const;

  // How one good stands in a place, without a chain around it; coverage is taken over everything that needs it.
  GapItem StatusOf(NodeId product, NodeId place) const;

  std::uint32_t bulk_reach() const { return bulk_reach_; }  // 0: too few materials (below 100) for the rule.
  std::uint32_t bulk_uses() const { return bulk_uses_; }
  std::uint32_t bulk_places() const { return bulk_places_; }
  const View& view() const { return view_; }

 private:
  // What the most common good has at least; in a small graph its own largest values would make everything generic.
  static constexpr std::uint32_t kLeastMost = 100;
  struct Walk;
  void Judge(GapItem& item, NodeId place) const;
  double Coverage(NodeId product) const;
  void FindMade(NodeId products);
  void FindCovered(NodeId products);

  const View& view_;
  std::uint32_t bulk_reach_ = 0, bulk_uses_ = 0, bulk_places_ = 4, all_places_ = 0;
  std::uint32_t most_uses_ = kLeastMost, most_kinds_ = kLeastMost;
  std::vector<std::uint32_t> reach_;  // By product: products within three steps downstream.
  std::vector<bool> made_;            // By product: a maker is known.
  std::vector<float> covered_;        // By product: share of its materials that are made.
  std::vector<NodeId> traded_;        // Ascending.
};

// An enterprise elsewhere that could fill a gap.
struct Target {
  NodeId enterprise;
  NodeId gap;   // The good that the place lacks.
  NodeId line;  // What it states to make.
  Match match;
  float share;  // Of its revenue, or NaN.
  std::optional<NodeId> place;
  std::uint32_t gap_rank;
  bool bulk;                                // The gap is a bulk good.
  std::uint32_t fills;                      // Gaps of this chain that it could fill.
  std::uint32_t local_ties;                 // Supply relations with enterprises of the place.
  std::vector<std::string> local_partners;  // Their names, at most three.
  double fit;                               // By match, share of revenue, gaps filled and ties (docs/chain/graph.md).
};
// Makers elsewhere for the gaps of rank ≤ `ranks`: by gap, the best fit first. Traders are left out: they cannot bring
// production. For a missing good, whose makers nobody knows, those of the broader good or of another kind of it.
std::vector<Target> TargetsFor(const GapFinder& finder, const GapReport& report, std::uint32_t ranks = 20,
                               std::size_t limit = 100);

// How an upstream link 环节 stands in a place, by the enterprises that belong to it.
struct LinkItem {
  NodeId link;
  float weight;  // Of the edge, e.g. number of mentions; NaN: not stated.
  LinkStatus status;
  std::uint32_t local, elsewhere, unplaced;  // Enterprises of the link and of its parts.
  bool trade;                                // A link of trade: never a gap.
};
// The direct upstream links of one, gaps first, then by weight; empty where the graph has no edge to it (no data).
std::vector<LinkItem> LinksUpstream(const View& view, NodeId link, NodeId place);
// The same for the link itself.
LinkItem LinkStatusOf(const View& view, NodeId link, NodeId place);

}  // namespace landfall::chain
