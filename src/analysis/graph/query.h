// SPDX-License-Identifier: Apache-2.0
// Questions of a chain: who makes a good, what lies upstream and downstream of it, what could stand in for it.
//
// Costs are those of the neighbourhood that is asked for, not of the graph: below 1 ms at 2·10^6 products for an
// ordinary good. All answers are deterministic: ties are broken by key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/graph/view.h"

namespace landfall::chain {

// How a product line answers to the good that was asked for.
enum class Match : std::uint8_t {
  kExact,     // The good itself.
  kSameGood,  // The same name with or without its abbreviation: 聚丙烯 and 聚丙烯(PP).
  kKind,      // A sub-product whose name ends in the good's: 燃料电池汽车 for 汽车.
  kRelated,   // The broader good or another kind of it; only of targets for a missing good (gaps.h).
};
std::string_view MatchName(Match match);  // "exact", "same_good", "kind", "related"

struct Good {
  NodeId product;
  Match match;
};
// The good and what counts as it, exact first, then by key.
std::vector<Good> GoodsFor(const View& view, NodeId product, bool kinds = true);

struct Maker {
  NodeId enterprise;
  NodeId product;  // The line by which it answers.
  Match match;
  View::Edge edge;              // Of that line; edge.facts.weight is the share of revenue or NaN.
  std::optional<NodeId> place;  // Where the enterprise is located; of several the first by key.
  bool trader;                  // One of its industries is trade (clean.h), so that it may sell what others make.
};
// Who makes a good: one entry an enterprise, by its best line. Makers before traders, then exact before the same good
// before kinds, then by share of revenue (not stated counts as 0), then by key.
std::vector<Maker> MakersOf(const View& view, NodeId product, bool kinds = true);

// True where `place` is `wanted` or lies within it.
bool IsWithin(const View& view, NodeId place, NodeId wanted);

struct TierEntry {
  NodeId product;
  int tier;    // −1, −2 … upstream, 0 the product, 1, 2 … downstream.
  NodeId via;  // The neighbour one step nearer through which it was first reached; itself for tier 0.
};
inline constexpr std::size_t kMaxTierEntries = 100'000;
// Breadth first, upstream before downstream, each product once on the nearest tier of its side. Stops, and says so, at
// `limit` entries.
struct Tiers {
  std::vector<TierEntry> entries;
  bool cut = false;
};
Tiers TiersOf(const View& view, NodeId product, int up, int down, std::size_t limit = kMaxTierEntries);

// Another good that could stand in for one, and why.
struct Substitute {
  NodeId product;
  enum class Why : std::uint8_t {
    kSameGood,  // Another spelling.
    kKind,      // Narrower: a kind of it.
    kBroader,   // It is a kind of that.
    kSibling,   // Another kind of the same broader good.
    kCoUsed,    // Goes into the same products.
  } why;
  double overlap;        // Share of products in common among those that need either of the two (Jaccard), 0 … 1.
  std::uint32_t makers;  // Enterprises that state exactly this good.
};
std::string_view WhyName(Substitute::Why why);
// By why, then by overlap, then by makers, then by key; at most `limit`.
std::vector<Substitute> SubstitutesOf(const View& view, NodeId product, std::size_t limit = 50);

// Another enterprise that makes what one makes.
struct Rival {
  NodeId enterprise;
  std::uint32_t shared;          // Products that both make.
  double overlap;                // Sum over them of the smaller share of revenue; a share not stated counts as 0.01.
  std::vector<NodeId> products;  // The shared ones, by the asked enterprise's share.
  std::optional<NodeId> place;
  bool trader;
};
// By overlap, then by shared, then by key; at most `limit`.
std::vector<Rival> RivalsOf(const View& view, NodeId enterprise, std::size_t limit = 50);

bool IsTrader(const View& view, NodeId enterprise);
std::optional<NodeId> PlaceOf(const View& view, NodeId enterprise);

}  // namespace landfall::chain
