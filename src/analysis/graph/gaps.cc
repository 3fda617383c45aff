// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/gaps.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "analysis/graph/clean.h"
#include "analysis/graph/measure.h"

namespace landfall::chain {
namespace {

constexpr int kReachSteps = 3;
constexpr double kBulkReachQuantile = 0.99;
constexpr double kBulkUsesQuantile = 0.95;
constexpr std::size_t kMinMaterials = 100;  // Below that a quantile of 99 % means nothing.
constexpr std::uint32_t kMinBulkPlaces = 4;
constexpr double kBulkPlaceShare = 0.25;
constexpr double kTraderShare = 0.5;
constexpr float kWeakShare = 0.05F;
constexpr double kMinCoverage = 0.5;
constexpr std::uint32_t kMinSiblings = 3;

constexpr std::uint32_t kLeastPlaces = 31;  // For the same reason as GapFinder::kLeastMost.

// 1 for none, 0 for as many as the most common good of the graph has.
double Term(std::uint32_t value, std::uint32_t most) {
  return 1 - std::min(1.0, std::log1p(static_cast<double>(value)) / std::log1p(static_cast<double>(most)));
}

// By nearest rank. Precondition: not empty.
std::uint32_t Quantile(std::vector<std::uint32_t>& values, double q) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// ReachCounts of the upstream relation, the overlay's edges included.
std::vector<std::uint32_t> ReachWithin(const View& view, int steps) {
  if (!view.has_own()) return ReachCounts(view.base().Out(Relation::kUpstream), steps);
  std::vector<std::uint32_t> offsets{0};
  std::vector<NodeId> targets;
  for (NodeId product = 0; product < view.NodeCount(NodeKind::kProduct); ++product) {
    view.Out(Relation::kUpstream, product, [&](const View::Edge& edge) { targets.push_back(edge.node); });
    offsets.push_back(static_cast<std::uint32_t>(targets.size()));
  }
  return ReachCounts(Csr{offsets, targets}, steps);
}

float ShareOrZero(float share) { return std::isnan(share) ? 0 : share; }

}  // namespace

std::string_view StatusName(LinkStatus status) {
  constexpr std::string_view kNames[] = {"local", "elsewhere", "missing", "no_data"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string_view SilenceName(Silence silence) {
  constexpr std::string_view kNames[] = {"none", "no_maker", "maker_without_place", "traders_only"};
  return kNames[static_cast<std::size_t>(silence)];
}

std::vector<std::string_view> BulkNames(std::uint8_t bulk) {
  std::vector<std::string_view> names;
  if (bulk & kBulkReach) names.push_back("reach");
  if (bulk & kBulkTraded) names.push_back("traded");
  if (bulk & kBulkEverywhere) names.push_back("everywhere");
  if (bulk & kBulkTraders) names.push_back("by_traders");
  return names;
}

GapFinder::GapFinder(const View& view) : view_(view) {
  const NodeId products = view.NodeCount(NodeKind::kProduct);
  reach_ = ReachWithin(view, kReachSteps);
  std::vector<std::uint32_t> reaches, uses;  // Of materials.
  for (NodeId product = 0; product < products; ++product) {
    most_kinds_ = std::max(most_kinds_, view.OutDegree(Relation::kSubProduct, product));
    if (reach_[product] == 0) continue;
    reaches.push_back(reach_[product]);
    uses.push_back(view.OutDegree(Relation::kUpstream, product));
    most_uses_ = std::max(most_uses_, uses.back());
  }
  if (reaches.size() >= kMinMaterials) {
    bulk_reach_ = Quantile(reaches, kBulkReachQuantile);
    bulk_uses_ = Quantile(uses, kBulkUsesQuantile);
  }
  for (NodeId place = 0; place < view.NodeCount(NodeKind::kPlace); ++place)
    all_places_ += view.InDegree(Relation::kLocated, place) > 0;
  bulk_places_ = std::max(kMinBulkPlaces, static_cast<std::uint32_t>(std::ceil(kBulkPlaceShare * all_places_)));
  FindMade(products);
  FindCovered(products);
}

// Which goods have a known maker, by themselves, by their other spelling or by a kind of them; and which are traded.
void GapFinder::FindMade(NodeId products) {
  const auto name = [&](NodeId product) { return view_.Key(NodeKind::kProduct, product); };
  std::vector<bool> itself(products);
  for (NodeId product = 0; product < products; ++product)
    itself[product] = view_.InDegree(Relation::kMakes, product) > 0;
  made_ = itself;
  for (NodeId product = 0; product < products; ++product) {
    if (itself[product]) {
      view_.In(Relation::kSubProduct, product, [&](const View::Edge& edge) {
        if (IsKindOf(name(product), name(edge.node))) made_[edge.node] = true;
      });
      if (const std::string good = TradedGood(name(product)); !good.empty())
        if (const auto found = view_.Find(NodeKind::kProduct, good)) traded_.push_back(*found);
    }
    const std::string_view bare = WithoutAbbreviation(name(product));
    if (bare.empty()) continue;
    const auto other = view_.Find(NodeKind::kProduct, bare);
    if (!other) continue;
    if (itself[*other]) made_[product] = true;
    if (itself[product]) made_[*other] = true;
  }
  std::sort(traded_.begin(), traded_.end());
}

// Of the materials of each product, the share with a known maker; 0 for products of few materials.
void GapFinder::FindCovered(NodeId products) {
  covered_.assign(products, 0);
  for (NodeId product = 0; product < products; ++product) {
    std::uint32_t materials = 0, known = 0;
    view_.In(Relation::kUpstream, product, [&](const View::Edge& material) {
      ++materials;
      known += made_[material.node];
    });
    if (materials >= kMinSiblings) covered_[product] = static_cast<float>(known) / static_cast<float>(materials);
  }
}

// The best-covered product that needs it.
double GapFinder::Coverage(NodeId product) const {
  float best = 0;
  view_.Out(Relation::kUpstream, product, [&](const View::Edge& user) { best = std::max(best, covered_[user.node]); });
  return best;
}

void GapFinder::Judge(GapItem& item, NodeId place) const {
  std::set<NodeId> places;
  bool strong = false;
  double all_shares = 0, trader_shares = 0;
  for (const Maker& maker : MakersOf(view_, item.product)) {
    const float share = ShareOrZero(maker.edge.facts.weight);
    all_shares += share;
    if (maker.trader) {
      ++item.traders;
      trader_shares += share;
    } else if (!maker.place) {
      ++item.unplaced;
    } else {
      places.insert(*maker.place);
      const bool here = IsWithin(view_, *maker.place, place);
      ++(here ? item.local : item.elsewhere);
      strong = strong || (here && share >= kWeakShare);
    }
  }
  item.places = static_cast<std::uint32_t>(places.size());
  item.weak = item.local > 0 && !strong;
  if (item.local > 0) {
    item.status = LinkStatus::kLocal;
  } else if (item.elsewhere > 0) {
    item.status = LinkStatus::kElsewhere;
  } else if (item.unplaced > 0) {
    item.silence = Silence::kMakerNoPlace;
  } else if (item.traders > 0) {
    item.silence = Silence::kTradersOnly;
  } else {
    item.coverage = Coverage(item.product);
    if (item.coverage >= kMinCoverage)
      item.status = LinkStatus::kMissing;
    else
      item.silence = Silence::kNoMaker;
  }

  // A spelling with its abbreviation is the same good, so the more general of the two counts.
  for (const Good& good : GoodsFor(view_, item.product, false)) {
    item.uses = std::max(item.uses, view_.OutDegree(Relation::kUpstream, good.product));
    item.kinds = std::max(item.kinds, view_.OutDegree(Relation::kSubProduct, good.product));
    item.reach = std::max(item.reach, reach_[good.product]);
    if (std::binary_search(traded_.begin(), traded_.end(), good.product)) item.bulk |= kBulkTraded;
  }
  if (bulk_reach_ > 0 && item.reach > bulk_reach_ && item.uses >= bulk_uses_) item.bulk |= kBulkReach;
  if (item.places >= bulk_places_) item.bulk |= kBulkEverywhere;
  if (trader_shares > 0 && trader_shares >= kTraderShare * all_shares) item.bulk |= kBulkTraders;
  item.specificity = Term(item.uses, most_uses_) * Term(item.places, std::max(kLeastPlaces, all_places_)) *
                     Term(item.kinds, most_kinds_);
}

GapItem GapFinder::StatusOf(NodeId product, NodeId place) const {
  GapItem item;
  item.product = item.via = product;
  item.tier = 0;
  Judge(item, place);
  return item;
}

// The chain above one product: who needs whom, tier by tier.
struct GapFinder::Walk {
  std::vector<NodeId> products;  // 0 is the product itself; tier by tier.
  std::vector<int> tier;
  std::vector<std::size_t> via;
  std::vector<bool> part;
  std::vector<std::vector<std::size_t>> needs;  // Of those within the tiers, as places in `products`.
  bool cut = false;

  Walk(const GapFinder& finder, NodeId product, const GapOptions& options) : view_(finder.view_) {
    Add(product, 0, false);
    AddMaterials(0);
    // "X of P" is a part where P is a final good; of a material it is what is made of it (铝合金门窗).
    const bool final_good = view_.OutDegree(Relation::kUpstream, product) == 0;
    if (options.parts && final_good && !needs[0].empty()) AddParts(finder, product);
    for (std::size_t i = 1; i < products.size() && tier[i] < options.tiers; ++i) AddMaterials(i);
  }

  // Expected visits of a walk of `steps` steps that goes up an even choice of needs each step.
  std::vector<double> Multiplicity(int steps) const {
    std::vector<double> visits(products.size(), 0), now(products.size(), 0), next(products.size(), 0);
    now[0] = 1;
    for (int step = 0; step < steps; ++step) {
      std::fill(next.begin(), next.end(), 0);
      for (std::size_t i = 0; i < products.size(); ++i)
        for (const std::size_t need : needs[i]) next[need] += now[i] / static_cast<double>(needs[i].size());
      for (std::size_t i = 0; i < products.size(); ++i) visits[i] += next[i];
      now.swap(next);
    }
    return visits;
  }

  // Brandes' dependency of the product on each good above it (Brandes 2001, one source, edges upstream).
  std::vector<double> Dependency() const {
    std::vector<double> paths(products.size(), 0), share(products.size(), 0);
    paths[0] = 1;
    for (std::size_t i = 0; i < products.size(); ++i)
      for (const std::size_t need : needs[i])
        if (tier[need] == tier[i] + 1) paths[need] += paths[i];
    for (std::size_t i = products.size(); i-- > 0;)
      for (const std::size_t need : needs[i])
        if (tier[need] == tier[i] + 1) share[i] += paths[i] / paths[need] * (1 + share[need]);
    share[0] = 0;
    return share;
  }

 private:
  // `from` needs it; `from` is any number for the product itself.
  void Add(NodeId node, std::size_t from, bool as_part) {
    const auto [found, fresh] = at_.emplace(node, products.size());
    if (fresh && products.size() >= kMaxTierEntries) {
      at_.erase(found);
      cut = true;
      return;
    }
    if (fresh) {
      tier.push_back(products.empty() ? 0 : tier[from] + 1);
      products.push_back(node);
      via.push_back(from);
      part.push_back(as_part);
      needs.emplace_back();
    }
    if (products.size() > 1) needs[from].push_back(found->second);
  }
  void AddMaterials(std::size_t i) {
    view_.In(Relation::kUpstream, products[i], [&](const View::Edge& edge) { Add(edge.node, i, false); });
  }
  void AddParts(const GapFinder& finder, NodeId product) {
    view_.Out(Relation::kSubProduct, product, [&](const View::Edge& edge) {
      const bool part_by_name =
          IsPartOf(view_.Key(NodeKind::kProduct, edge.node), view_.Key(NodeKind::kProduct, product));
      if (part_by_name && finder.made_[edge.node] && !at_.contains(edge.node)) Add(edge.node, 0, true);
    });
  }

  const View& view_;
  std::unordered_map<NodeId, std::size_t> at_;  // The place in `products`.
};

Result<GapReport> GapFinder::Find(NodeId product, NodeId place, const GapOptions& options) const {
  if (options.tiers < 1 || options.tiers > 9)
    return Invalid("chain.graph_out_of_range", "tiers must be 1 to 9", "tiers");
  GapReport report;
  report.product = product;
  report.place = place;
  const Walk walk(*this, product, options);
  report.has_data = !walk.needs[0].empty();
  report.cut = walk.cut;
  const std::vector<double> multiplicity = walk.Multiplicity(options.tiers), dependency = walk.Dependency();
  const auto largest = [](const std::vector<double>& values) {
    return values.size() < 2 ? 0.0 : *std::max_element(values.begin() + 1, values.end());
  };
  const double most_visits = largest(multiplicity), most_depend = largest(dependency);
  for (std::size_t i = 1; i < walk.products.size(); ++i) {
    GapItem item;
    item.product = walk.products[i];
    item.tier = walk.tier[i];
    item.via = walk.products[walk.via[i]];
    item.part = walk.part[i];
    item.multiplicity = multiplicity[i];
    item.dependency = dependency[i];
    item.criticality =
        ((most_visits > 0 ? multiplicity[i] / most_visits : 0) + (most_depend > 0 ? dependency[i] / most_depend : 0)) /
        2;
    Judge(item, place);
    item.score = item.criticality * item.specificity;
    ++report.counts[static_cast<std::size_t>(item.status)];
    report.items.push_back(item);
  }
  const auto is_gap = [](const GapItem& item) {
    return item.status == LinkStatus::kElsewhere || item.status == LinkStatus::kMissing;
  };
  std::sort(report.items.begin(), report.items.end(), [&](const GapItem& a, const GapItem& b) {
    const auto order = [&](const GapItem& item) {
      const bool gap = is_gap(item);
      return std::make_tuple(!gap, gap && item.bulk != 0, gap ? -item.score : 0.0, item.tier,
                             view_.Key(NodeKind::kProduct, item.product));
    };
    return order(a) < order(b);
  });
  std::uint32_t rank = 0;
  for (GapItem& item : report.items)
    if (is_gap(item)) item.rank = ++rank;
  return report;
}

namespace {

// Who makes a good; where nobody is known to, who makes the broader good or another kind of it.
std::vector<Maker> CandidatesFor(const View& view, const GapItem& gap) {
  if (gap.status != LinkStatus::kMissing) return MakersOf(view, gap.product);
  std::vector<Maker> makers;
  std::set<NodeId> seen;
  for (const Substitute& other : SubstitutesOf(view, gap.product)) {
    if (other.why != Substitute::Why::kBroader && other.why != Substitute::Why::kSibling) continue;
    for (Maker& maker : MakersOf(view, other.product, false)) {
      if (!seen.insert(maker.enterprise).second) continue;
      maker.match = Match::kRelated;
      makers.push_back(maker);
    }
  }
  return makers;
}

}  // namespace

std::vector<Target> TargetsFor(const GapFinder& finder, const GapReport& report, std::uint32_t ranks,
                               std::size_t limit) {
  const View& view = finder.view();
  std::vector<Target> targets;
  std::map<NodeId, std::uint32_t> fills;
  for (const GapItem& item : report.items) {
    if (item.rank == 0 || item.rank > ranks) continue;
    for (Maker& maker : CandidatesFor(view, item)) {
      if (maker.trader || !maker.place || IsWithin(view, *maker.place, report.place)) continue;
      targets.push_back({maker.enterprise,
                         item.product,
                         maker.product,
                         maker.match,
                         maker.edge.facts.weight,
                         maker.place,
                         item.rank,
                         item.bulk != 0,
                         0,
                         0,
                         {},
                         0});
      ++fills[maker.enterprise];
    }
  }
  for (Target& target : targets) {
    target.fills = fills[target.enterprise];
    std::set<std::string_view> partners;
    const auto tie = [&](const View::Edge& edge) {
      const auto place = PlaceOf(view, edge.node);
      if (place && IsWithin(view, *place, report.place)) partners.insert(view.Name(NodeKind::kEnterprise, edge.node));
    };
    view.Out(Relation::kSupplies, target.enterprise, tie);
    view.In(Relation::kSupplies, target.enterprise, tie);
    target.local_ties = static_cast<std::uint32_t>(partners.size());
    for (const std::string_view partner : partners)
      if (target.local_partners.size() < 3) target.local_partners.emplace_back(partner);
    // Fit: how well its line answers, and how much of its business that is; a tie to the place and a second gap help.
    constexpr double kByMatch[] = {1, 0.95, 0.8, 0.4};
    const double share = std::min(1.0, static_cast<double>(ShareOrZero(target.share)) / 0.5);
    target.fit = kByMatch[static_cast<std::size_t>(target.match)] * (0.3 + 0.7 * share) *
                 (1 + 0.25 * std::log2(1.0 * target.fills)) * (target.local_ties > 0 ? 1.5 : 1);
  }
  std::sort(targets.begin(), targets.end(), [&](const Target& a, const Target& b) {
    const auto order = [&](const Target& t) {
      return std::make_tuple(t.gap_rank, -t.fit, view.Key(NodeKind::kEnterprise, t.enterprise));
    };
    return order(a) < order(b);
  });
  if (targets.size() > limit) targets.resize(limit);
  return targets;
}

LinkItem LinkStatusOf(const View& view, NodeId link, NodeId place) {
  LinkItem item{link, kNoWeight, LinkStatus::kNoData, 0, 0, 0, IsTradeIndustry(view.Key(NodeKind::kLink, link))};
  std::set<NodeId> seen, members;
  std::vector<NodeId> next{link};
  while (!next.empty()) {
    const NodeId at = next.back();
    next.pop_back();
    if (!seen.insert(at).second) continue;
    view.In(Relation::kMember, at, [&](const View::Edge& edge) { members.insert(edge.node); });
    view.Out(Relation::kLinkPart, at, [&](const View::Edge& edge) { next.push_back(edge.node); });
  }
  for (const NodeId member : members) {
    const auto at = PlaceOf(view, member);
    ++(!at ? item.unplaced : IsWithin(view, *at, place) ? item.local : item.elsewhere);
  }
  if (item.local > 0)
    item.status = LinkStatus::kLocal;
  else if (item.elsewhere > 0)
    item.status = LinkStatus::kElsewhere;
  return item;
}

std::vector<LinkItem> LinksUpstream(const View& view, NodeId link, NodeId place) {
  std::vector<LinkItem> items;
  view.In(Relation::kLinkUpstream, link, [&](const View::Edge& edge) {
    LinkItem item = LinkStatusOf(view, edge.node, place);
    item.weight = edge.facts.weight;
    items.push_back(item);
  });
  std::sort(items.begin(), items.end(), [&](const LinkItem& a, const LinkItem& b) {
    const auto order = [&](const LinkItem& item) {
      const bool gap = item.status == LinkStatus::kElsewhere && !item.trade;
      return std::make_tuple(!gap, -ShareOrZero(item.weight), view.Key(NodeKind::kLink, item.link));
    };
    return order(a) < order(b);
  });
  return items;
}

}  // namespace landfall::chain
