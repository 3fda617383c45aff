// SPDX-License-Identifier: Apache-2.0
#include "analysis/risk/esri.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <system_error>
#include <thread>
#include <tuple>
#include <unordered_map>

namespace landfall::chain {
namespace {

using Index = std::unordered_map<std::string_view, std::uint32_t>;

// Groups of inputs beside those of the essential sectors, which have the sector's number.
constexpr auto kNonEssentialGroup = static_cast<std::uint32_t>(kMaxEsriSectors);
constexpr std::uint32_t kNegligibleGroup = kNonEssentialGroup + 1;

Result<Index> IndexOf(const std::vector<std::string>& names, std::string_view code, std::string_view what) {
  Index index;
  index.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!index.emplace(names[i], static_cast<std::uint32_t>(i)).second)
      return Invalid(code, fmt::format("Entry {} of the {} repeats {}.", i + 1, what, names[i]));
  return index;
}

}  // namespace

// Sorted by supplier, then buyer; pairs added up in the order of the file.
Result<std::vector<SupplyNetwork::Flow>> SupplyNetwork::ReadFlows(const SupplyColumns& edges,
                                                                  const std::vector<std::string>& names) {
  LF_ASSIGN(const Index firms, IndexOf(names, "chain.esri_duplicate_firm", "firms"));
  LF_CHECK(edges.supplier.size() == edges.weight.size() && edges.buyer.size() == edges.weight.size());
  std::vector<Flow> flows;
  flows.reserve(edges.weight.size());
  for (std::size_t row = 0; row < edges.weight.size(); ++row) {
    const double weight = edges.weight[row];
    if (!std::isfinite(weight) || weight < 0)
      return Invalid("chain.esri_bad_weight", fmt::format("Edge {} has the weight {}.", row + 1, weight));
    const auto supplier = firms.find(edges.supplier[row]), buyer = firms.find(edges.buyer[row]);
    if (supplier == firms.end() || buyer == firms.end())
      return Invalid("chain.esri_unknown_firm",
                     fmt::format("Edge {} names {}, which is not among the firms.", row + 1,
                                 supplier == firms.end() ? edges.supplier[row] : edges.buyer[row]));
    if (supplier->second == buyer->second) {
      ++dropped_self;
    } else if (weight == 0) {
      ++dropped_zero;
    } else {
      flows.push_back({supplier->second, buyer->second, 0, weight});
    }
  }
  std::stable_sort(flows.begin(), flows.end(), [](const Flow& a, const Flow& b) {
    return std::pair(a.supplier, a.buyer) < std::pair(b.supplier, b.buyer);
  });
  std::size_t kept = 0;
  for (const Flow& flow : flows) {
    if (kept > 0 && flows[kept - 1].supplier == flow.supplier && flows[kept - 1].buyer == flow.buyer) {
      flows[kept - 1].weight += flow.weight;
      ++merged;
    } else {
      flows[kept++] = flow;
    }
  }
  flows.resize(kept);
  if (flows.empty()) return Invalid("chain.esri_no_flow", "No edge with a positive weight is left.");
  return flows;
}

Result<SupplyNetwork> SupplyNetwork::Build(const FirmColumns& firms, const SupplyColumns& edges,
                                           const EssentialTable& essential) {
  const std::size_t n = firms.firm.size(), rows = essential.supplier_sectors.size(),
                    columns = essential.buyer_sectors.size();
  LF_CHECK(firms.sector.size() == n && essential.level.size() == rows * columns);
  if (n > kMaxEsriFirms || edges.weight.size() > kMaxEsriEdges || rows > kMaxEsriSectors || columns > kMaxEsriSectors)
    return Invalid("chain.esri_too_large",
                   fmt::format("{} firms, {} edges, {} × {} sectors; at most {}, {} and {} are taken.", n,
                               edges.weight.size(), rows, columns, kMaxEsriFirms, kMaxEsriEdges, kMaxEsriSectors));
  for (std::size_t k = 0; k < essential.level.size(); ++k)
    if (essential.level[k] > EssentialTable::kEssential)
      return Invalid("chain.esri_bad_level", fmt::format("Row {}, column {} of the essential table has the level {}.",
                                                         k / columns + 1, k % columns + 1, essential.level[k]));
  LF_ASSIGN(const Index row_of, IndexOf(essential.supplier_sectors, "chain.esri_duplicate_sector", "essential table"));
  LF_ASSIGN(const Index column_of, IndexOf(essential.buyer_sectors, "chain.esri_duplicate_sector", "essential table"));

  SupplyNetwork network;
  network.names_ = firms.firm;
  network.sector_names_ = essential.supplier_sectors;
  std::vector<std::uint32_t> buyer_sector(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = row_of.find(firms.sector[i]), column = column_of.find(firms.sector[i]);
    if (row == row_of.end() || column == column_of.end())
      return Invalid("chain.esri_unknown_sector",
                     fmt::format("Firm {} has the sector {}, which is no {} of the essential table.", i + 1,
                                 firms.sector[i], row == row_of.end() ? "row" : "column"));
    network.sector_.push_back(row->second);
    buyer_sector[i] = column->second;
  }
  LF_ASSIGN(std::vector<Flow> flows, network.ReadFlows(edges, firms.firm));

  const auto group_of = [&](const Flow& flow) {
    const std::uint32_t sector = network.sector_[flow.supplier];
    switch (essential.level[sector * columns + buyer_sector[flow.buyer]]) {
      case EssentialTable::kEssential:
        return sector;
      case EssentialTable::kNonEssential:
        return kNonEssentialGroup;
      default:
        return kNegligibleGroup;
    }
  };
  network.FillCustomers(flows);
  if (!std::isfinite(network.total_sales_))
    return Invalid("chain.esri_bad_weight", "The weights add up to more than a number can hold.");
  for (Flow& flow : flows) flow.group = group_of(flow);
  std::sort(flows.begin(), flows.end(), [](const Flow& a, const Flow& b) {
    return std::tuple(a.buyer, a.group, a.supplier) < std::tuple(b.buyer, b.group, b.supplier);
  });
  network.FillSuppliers(flows);
  return network;
}

// `flows` by supplier.
void SupplyNetwork::FillCustomers(const std::vector<Flow>& flows) {
  const std::size_t n = firms();
  sales_.assign(n, 0);
  sector_sales_.assign(sector_names_.size(), 0);
  customers_.assign(n + 1, 0);
  for (const Flow& flow : flows) {
    sales_[flow.supplier] += flow.weight;
    ++customers_[flow.supplier + 1];
  }
  std::partial_sum(customers_.begin(), customers_.end(), customers_.begin());
  for (const Flow& flow : flows) {
    buyer_.push_back(flow.buyer);
    buyer_share_.push_back(flow.weight / sales_[flow.supplier]);
  }
  for (std::size_t i = 0; i < n; ++i) {
    sector_sales_[sector_[i]] += sales_[i];
    total_sales_ += sales_[i];
  }
}

// `flows` by buyer and group.
void SupplyNetwork::FillSuppliers(const std::vector<Flow>& flows) {
  const std::size_t n = firms();
  std::vector<double> bought(n, 0);
  from_.assign(n + 1, 0);
  for (const Flow& flow : flows) {
    bought[flow.buyer] += flow.weight;
    ++from_[flow.buyer + 1];
    seller_.push_back(flow.supplier);
  }
  std::partial_sum(from_.begin(), from_.end(), from_.begin());
  groups_.assign(n + 1, 0);
  for (std::size_t at = 0, end = 0; at < flows.size(); at = end) {
    const Flow& first = flows[at];
    double sum = 0;
    for (; end < flows.size() && flows[end].buyer == first.buyer && flows[end].group == first.group; ++end)
      sum += flows[end].weight;
    if (first.group == kNegligibleGroup) continue;
    const double all = first.group == kNonEssentialGroup ? bought[first.buyer] : sum;
    group_begin_.push_back(supplier_.size());
    ++groups_[first.buyer + 1];
    for (std::size_t k = at; k < end; ++k) {
      supplier_.push_back(flows[k].supplier);
      supplier_share_.push_back(flows[k].weight / all);
    }
  }
  group_begin_.push_back(supplier_.size());
  std::partial_sum(groups_.begin(), groups_.end(), groups_.begin());
}

std::size_t SupplyNetwork::Find(std::string_view name) const {
  return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
}

// One failure after the other on one thread. Only firms next to a loss that grew are computed again, so that a failure
// costs what it reaches.
class Cascade {
 public:
  Cascade(const SupplyNetwork& network, const EsriOptions& options)
      : net_(network),
        replace_(options.replace == EsriOptions::Replace::kSector),
        eps_(options.eps),
        steps_max_(options.steps_max),
        down_(network.firms()),
        up_(network.firms()),
        lost_in_sector_(replace_ ? network.sector_names_.size() : 0),
        remaining_(replace_ ? network.sector_sales_ : std::vector<double>()) {}

  EsriScore Fail(std::uint32_t firm) {
    Start(down_, firm);
    Start(up_, firm);
    EsriScore score;
    score.firm = firm;
    score.converged = false;
    while (score.steps < steps_max_ && !score.converged) {
      const double grew = std::max(StepDown(), StepUp());
      ++score.steps;
      score.converged = grew <= eps_;
    }
    Score(score);
    return score;
  }
  const std::vector<double>& down() const { return down_.loss; }
  const std::vector<double>& up() const { return up_.loss; }

 private:
  struct Side {
    explicit Side(std::size_t firms) : loss(firms, 0), stamp(firms, 0) {}
    std::vector<double> loss;
    std::vector<std::uint32_t> lossy;     // Firms with a loss, in the order in which they got it.
    std::vector<std::uint32_t> frontier;  // Those whose loss grew in the step before.
    std::vector<std::uint32_t> next;      // To be computed in this step, each once.
    std::vector<std::pair<std::uint32_t, double>> grown;
    std::vector<std::uint64_t> stamp;
    std::uint64_t now = 0;

    void Ask(std::uint32_t firm) {
      if (stamp[firm] == now || loss[firm] >= 1) return;  // Who has lost all cannot lose more.
      stamp[firm] = now;
      next.push_back(firm);
    }
    void Compare(std::uint32_t firm, double loss_now) {
      loss_now = std::min(loss_now, 1.0);  // Shares add to 1 but for rounding.
      if (loss_now > loss[firm]) grown.emplace_back(firm, loss_now);
    }
    // Makes the grown losses those of the next step and returns by how much the most grew.
    double Turn() {
      double most = 0;
      frontier.clear();
      for (const auto& [firm, loss_now] : grown) {
        most = std::max(most, loss_now - loss[firm]);
        if (loss[firm] == 0) lossy.push_back(firm);
        loss[firm] = loss_now;
        frontier.push_back(firm);
      }
      grown.clear();
      next.clear();
      ++now;
      return most;
    }
  };

  void Start(Side& side, std::uint32_t firm) {
    for (const std::uint32_t was : side.lossy) side.loss[was] = 0;
    if (replace_ && &side == &down_) {
      for (const std::uint32_t was : side.lossy) {
        lost_in_sector_[net_.sector_[was]].clear();
        remaining_[net_.sector_[was]] = net_.sector_sales_[net_.sector_[was]];
      }
    }
    side.lossy.assign(1, firm);
    side.frontier.assign(1, firm);
    side.loss[firm] = 1;
    ++side.now;
    if (replace_ && &side == &down_) lost_in_sector_[net_.sector_[firm]].push_back(firm);
  }

  // The part of a supplier's loss that nobody in its sector stands in for.
  double Felt(std::uint32_t supplier) const {
    const double loss = down_.loss[supplier];
    if (!replace_ || loss == 0) return loss;
    const double left = remaining_[net_.sector_[supplier]];
    return net_.sales_[supplier] < left ? loss * net_.sales_[supplier] / left : loss;
  }

  void AskCustomers(std::uint32_t firm) {
    for (std::size_t k = net_.customers_[firm]; k < net_.customers_[firm + 1]; ++k) down_.Ask(net_.buyer_[k]);
  }

  double StepDown() {
    if (replace_) {
      // A loss in a sector also changes what the losses of its other firms mean.
      changed_sectors_.clear();
      for (const std::uint32_t firm : down_.frontier) changed_sectors_.push_back(net_.sector_[firm]);
      std::sort(changed_sectors_.begin(), changed_sectors_.end());
      changed_sectors_.erase(std::unique(changed_sectors_.begin(), changed_sectors_.end()), changed_sectors_.end());
      for (const std::uint32_t sector : changed_sectors_) {
        double lost = 0;
        for (const std::uint32_t firm : lost_in_sector_[sector]) {
          lost += net_.sales_[firm] * down_.loss[firm];
          AskCustomers(firm);
        }
        remaining_[sector] = net_.sector_sales_[sector] - lost;
      }
    } else {
      for (const std::uint32_t firm : down_.frontier) AskCustomers(firm);
    }
    for (const std::uint32_t buyer : down_.next) {
      double worst = 0;
      for (std::size_t g = net_.groups_[buyer]; g < net_.groups_[buyer + 1]; ++g) {
        double lost = 0;
        for (std::size_t k = net_.group_begin_[g]; k < net_.group_begin_[g + 1]; ++k)
          lost += Felt(net_.supplier_[k]) * net_.supplier_share_[k];
        worst = std::max(worst, lost);
      }
      down_.Compare(buyer, worst);
    }
    const std::size_t known = down_.lossy.size();
    const double grew = down_.Turn();
    if (replace_)
      for (std::size_t k = known; k < down_.lossy.size(); ++k)
        lost_in_sector_[net_.sector_[down_.lossy[k]]].push_back(down_.lossy[k]);
    return grew;
  }

  double StepUp() {
    for (const std::uint32_t buyer : up_.frontier)
      for (std::size_t k = net_.from_[buyer]; k < net_.from_[buyer + 1]; ++k) up_.Ask(net_.seller_[k]);
    for (const std::uint32_t seller : up_.next) {
      double lost = 0;
      for (std::size_t k = net_.customers_[seller]; k < net_.customers_[seller + 1]; ++k)
        lost += up_.loss[net_.buyer_[k]] * net_.buyer_share_[k];
      up_.Compare(seller, lost);
    }
    return up_.Turn();
  }

  void Score(EsriScore& score) {
    touched_.assign(down_.lossy.begin(), down_.lossy.end());
    touched_.insert(touched_.end(), up_.lossy.begin(), up_.lossy.end());
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    double total = 0, down = 0, up = 0;
    for (const std::uint32_t i : touched_) {
      const double worst = std::max(down_.loss[i], up_.loss[i]);
      total += net_.sales_[i] * worst;
      down += net_.sales_[i] * down_.loss[i];
      up += net_.sales_[i] * up_.loss[i];
      score.hit_firms += i != score.firm && worst > eps_;
    }
    score.esri = std::min(1.0, total / net_.total_sales_);
    score.downstream = std::min(1.0, down / net_.total_sales_);
    score.upstream = std::min(1.0, up / net_.total_sales_);
  }

  const SupplyNetwork& net_;
  const bool replace_;
  const double eps_;
  const int steps_max_;
  Side down_, up_;
  std::vector<std::vector<std::uint32_t>> lost_in_sector_;
  std::vector<double> remaining_;  // Sales of a sector's firms that still stand.
  std::vector<std::uint32_t> changed_sectors_, touched_;
};

Result<EsriResult> ComputeEsri(const SupplyNetwork& network, const EsriOptions& options) {
  const std::size_t n = network.firms();
  if (!(options.eps > 0 && options.eps < 1))
    return Invalid("chain.esri_option", fmt::format("eps is {}; it lies between 0 and 1.", options.eps), "eps");
  if (options.steps_max < 1 || options.threads > 64)
    return Invalid("chain.esri_option", "At least one step and at most 64 threads.", "threads");
  std::vector<std::size_t> failures = options.failures;
  if (failures.empty()) {
    failures.resize(n);
    std::iota(failures.begin(), failures.end(), std::size_t{0});
  }
  for (const std::size_t firm : failures)
    if (firm >= n) return Invalid("chain.esri_unknown_firm", fmt::format("Index {} is no firm.", firm));
  if (options.keep_losses && failures.size() > kMaxEsriLosses / n)
    return Invalid("chain.esri_too_large", fmt::format("Losses of {} firms after {} failures are more than {} figures.",
                                                       n, failures.size(), kMaxEsriLosses));

  EsriResult result;
  result.eps = options.eps;
  result.scores.resize(failures.size());
  if (options.keep_losses) {
    result.downstream_loss.resize(failures.size() * n);
    result.upstream_loss.resize(failures.size() * n);
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    Cascade cascade(network, options);
    for (std::size_t f = next++; f < failures.size(); f = next++) {
      result.scores[f] = cascade.Fail(static_cast<std::uint32_t>(failures[f]));
      if (!options.keep_losses) continue;
      std::copy(cascade.down().begin(), cascade.down().end(),
                result.downstream_loss.begin() + static_cast<std::ptrdiff_t>(f * n));
      std::copy(cascade.up().begin(), cascade.up().end(),
                result.upstream_loss.begin() + static_cast<std::ptrdiff_t>(f * n));
    }
  };
  const unsigned wanted =
      options.threads != 0 ? options.threads : std::clamp(std::thread::hardware_concurrency(), 1U, 64U);
  const std::size_t threads = std::min<std::size_t>(wanted, failures.size());
  std::vector<std::thread> others;
  try {
    for (std::size_t t = 1; t < threads; ++t) others.emplace_back(work);
  } catch (const std::system_error&) {
    // The system has no more threads; those that run, and this one, do all the work.
  }
  work();
  for (std::thread& other : others) other.join();
  return result;
}

}  // namespace landfall::chain
