// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/query.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "analysis/graph/clean.h"

namespace landfall::chain {
namespace {

constexpr double kShareNotStated = 0.01;  // Of a rival's overlap: stated in a business scope, without a figure.

std::string_view NameOf(const View& view, NodeId product) { return view.Key(NodeKind::kProduct, product); }

double ShareOrZero(const EdgeFacts& facts) { return std::isnan(facts.weight) ? 0 : facts.weight; }

std::set<NodeId> UsersOf(const View& view, NodeId product) {
  std::set<NodeId> users;
  view.Out(Relation::kUpstream, product, [&](const View::Edge& edge) { users.insert(edge.node); });
  return users;
}

double Jaccard(const std::set<NodeId>& a, const std::set<NodeId>& b) {
  if (a.empty() || b.empty()) return 0;
  std::size_t common = 0;
  for (const NodeId node : a) common += b.contains(node);
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

// Names "P(ABC)" stand together behind "P(" in the order of keys.
void AddAbbreviated(const Graph& graph, std::string_view good, std::set<std::string>& names) {
  for (const std::string_view open : {"(", "（"}) {
    const std::string begin = std::string(good) + std::string(open);
    for (NodeId at = graph.LowerBound(NodeKind::kProduct, begin); at < graph.NodeCount(NodeKind::kProduct); ++at) {
      const std::string_view name = graph.Key(NodeKind::kProduct, at);
      if (!name.starts_with(begin)) break;
      if (WithoutAbbreviation(name) == good) names.emplace(name);
    }
  }
}

}  // namespace

std::string_view MatchName(Match match) {
  constexpr std::string_view kNames[] = {"exact", "same_good", "kind", "related"};
  return kNames[static_cast<std::size_t>(match)];
}

std::string_view WhyName(Substitute::Why why) {
  constexpr std::string_view kNames[] = {"same_good", "kind", "broader", "sibling", "co_used"};
  return kNames[static_cast<std::size_t>(why)];
}

std::vector<Good> GoodsFor(const View& view, NodeId product, bool kinds) {
  std::vector<Good> goods{{product, Match::kExact}};
  const std::string_view name = NameOf(view, product);
  std::set<std::string> same;
  if (const std::string_view bare = WithoutAbbreviation(name); !bare.empty()) same.emplace(bare);
  AddAbbreviated(view.base(), name, same);
  if (view.has_own()) AddAbbreviated(view.own(), name, same);
  for (const std::string& other : same)
    if (const auto found = view.Find(NodeKind::kProduct, other)) goods.push_back({*found, Match::kSameGood});
  if (!kinds) return goods;
  std::vector<NodeId> narrower;
  view.Out(Relation::kSubProduct, product, [&](const View::Edge& edge) {
    if (IsKindOf(NameOf(view, edge.node), name)) narrower.push_back(edge.node);
  });
  std::sort(narrower.begin(), narrower.end(), [&](NodeId a, NodeId b) { return NameOf(view, a) < NameOf(view, b); });
  for (const NodeId kind : narrower) goods.push_back({kind, Match::kKind});
  return goods;
}

bool IsTrader(const View& view, NodeId enterprise) {
  bool trader = false;
  view.Out(Relation::kMember, enterprise,
           [&](const View::Edge& edge) { trader = trader || IsTradeIndustry(view.Key(NodeKind::kLink, edge.node)); });
  return trader;
}

std::optional<NodeId> PlaceOf(const View& view, NodeId enterprise) {
  std::optional<NodeId> place;
  view.Out(Relation::kLocated, enterprise, [&](const View::Edge& edge) {
    if (!place || view.Key(NodeKind::kPlace, edge.node) < view.Key(NodeKind::kPlace, *place)) place = edge.node;
  });
  return place;
}

bool IsWithin(const View& view, NodeId place, NodeId wanted) {
  // "Within" has no cycles in one graph; an overlay could close one, hence the bound.
  std::set<NodeId> seen;
  std::vector<NodeId> next{place};
  while (!next.empty()) {
    const NodeId at = next.back();
    next.pop_back();
    if (at == wanted) return true;
    if (!seen.insert(at).second) continue;
    view.Out(Relation::kWithin, at, [&](const View::Edge& edge) { next.push_back(edge.node); });
  }
  return false;
}

std::vector<Maker> MakersOf(const View& view, NodeId product, bool kinds) {
  std::vector<Maker> makers;
  std::unordered_map<NodeId, std::size_t> at;
  for (const Good& good : GoodsFor(view, product, kinds)) {
    view.In(Relation::kMakes, good.product, [&](const View::Edge& edge) {
      const auto [found, fresh] = at.emplace(edge.node, makers.size());
      if (fresh) {
        makers.push_back({edge.node, good.product, good.match, edge, std::nullopt, false});
        return;
      }
      Maker& known = makers[found->second];
      if (good.match == known.match && ShareOrZero(edge.facts) > ShareOrZero(known.edge.facts))
        known = {edge.node, good.product, good.match, edge, std::nullopt, false};
    });
  }
  for (Maker& maker : makers) {
    maker.place = PlaceOf(view, maker.enterprise);
    maker.trader = IsTrader(view, maker.enterprise);
  }
  std::sort(makers.begin(), makers.end(), [&](const Maker& a, const Maker& b) {
    const auto rank = [&](const Maker& m) {
      return std::make_tuple(m.trader, m.match, -ShareOrZero(m.edge.facts),
                             view.Key(NodeKind::kEnterprise, m.enterprise));
    };
    return rank(a) < rank(b);
  });
  return makers;
}

Tiers TiersOf(const View& view, NodeId product, int up, int down, std::size_t limit) {
  Tiers tiers;
  tiers.entries.push_back({product, 0, product});
  const auto walk = [&](int hops, int step) {
    std::set<NodeId> seen{product};
    std::vector<NodeId> row{product}, next;
    for (int hop = 1; hop <= hops && !row.empty(); ++hop, row.swap(next)) {
      next.clear();
      for (const NodeId from : row) {
        const auto visit = [&](const View::Edge& edge) {
          if (!seen.insert(edge.node).second) return;
          if (tiers.entries.size() >= limit) {
            tiers.cut = true;
            return;
          }
          tiers.entries.push_back({edge.node, hop * step, from});
          next.push_back(edge.node);
        };
        if (step < 0)
          view.In(Relation::kUpstream, from, visit);
        else
          view.Out(Relation::kUpstream, from, visit);
        if (tiers.cut) return;
      }
    }
  };
  walk(up, -1);
  walk(down, 1);
  return tiers;
}

std::vector<Substitute> SubstitutesOf(const View& view, NodeId product, std::size_t limit) {
  using Why = Substitute::Why;
  const std::string_view name = NameOf(view, product);
  std::map<NodeId, Why> found;  // The first reason given stays.
  for (const Good& good : GoodsFor(view, product))
    if (good.match != Match::kExact)
      found.emplace(good.product, good.match == Match::kSameGood ? Why::kSameGood : Why::kKind);
  view.In(Relation::kSubProduct, product, [&](const View::Edge& edge) {
    const std::string_view broader = NameOf(view, edge.node);
    if (!IsKindOf(name, broader)) return;
    found.emplace(edge.node, Why::kBroader);
    view.Out(Relation::kSubProduct, edge.node, [&](const View::Edge& sibling) {
      if (sibling.node != product && IsKindOf(NameOf(view, sibling.node), broader))
        found.emplace(sibling.node, Why::kSibling);
    });
  });
  // What goes into the same products, where at least two of them agree: one shared user is no sign.
  const std::set<NodeId> users = UsersOf(view, product);
  std::map<NodeId, std::uint32_t> together;
  for (const NodeId user : users)
    view.In(Relation::kUpstream, user, [&](const View::Edge& edge) {
      if (edge.node != product) ++together[edge.node];
    });
  for (const auto& [other, times] : together)
    if (times >= 2) found.emplace(other, Why::kCoUsed);

  std::vector<Substitute> all;
  for (const auto& [other, why] : found)
    all.push_back({other, why, Jaccard(users, UsersOf(view, other)), view.InDegree(Relation::kMakes, other)});
  std::sort(all.begin(), all.end(), [&](const Substitute& a, const Substitute& b) {
    const auto rank = [&](const Substitute& s) {
      return std::make_tuple(s.why, -s.overlap, -static_cast<std::int64_t>(s.makers), NameOf(view, s.product));
    };
    return rank(a) < rank(b);
  });
  if (all.size() > limit) all.resize(limit);
  return all;
}

std::vector<Rival> RivalsOf(const View& view, NodeId enterprise, std::size_t limit) {
  const auto share = [](const EdgeFacts& facts) {
    return std::isnan(facts.weight) ? kShareNotStated : static_cast<double>(facts.weight);
  };
  std::vector<View::Edge> lines;
  view.Out(Relation::kMakes, enterprise, [&](const View::Edge& edge) { lines.push_back(edge); });
  std::sort(lines.begin(), lines.end(), [&](const View::Edge& a, const View::Edge& b) {
    return std::make_tuple(-share(a.facts), NameOf(view, a.node)) <
           std::make_tuple(-share(b.facts), NameOf(view, b.node));
  });
  std::map<NodeId, Rival> rivals;
  for (const View::Edge& line : lines)
    view.In(Relation::kMakes, line.node, [&](const View::Edge& other) {
      if (other.node == enterprise) return;
      Rival& rival = rivals.try_emplace(other.node, Rival{other.node, 0, 0, {}, std::nullopt, false}).first->second;
      ++rival.shared;
      rival.overlap += std::min(share(line.facts), share(other.facts));
      rival.products.push_back(line.node);
    });
  std::vector<Rival> all;
  for (auto& [node, rival] : rivals) all.push_back(std::move(rival));
  std::sort(all.begin(), all.end(), [&](const Rival& a, const Rival& b) {
    const auto rank = [&](const Rival& r) {
      return std::make_tuple(-r.overlap, -static_cast<std::int64_t>(r.shared),
                             view.Key(NodeKind::kEnterprise, r.enterprise));
    };
    return rank(a) < rank(b);
  });
  if (all.size() > limit) all.resize(limit);
  for (Rival& rival : all) {
    rival.place = PlaceOf(view, rival.enterprise);
    rival.trader = IsTrader(view, rival.enterprise);
  }
  return all;
}

}  // namespace landfall::chain
