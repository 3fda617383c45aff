// SPDX-License-Identifier: Apache-2.0
#include "analysis/relatedness/concentration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace landfall::chain {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> Shares(std::span<const double> values) {
  CompensatedSum sum;
  for (const double value : values) sum.Add(value);
  std::vector<double> shares(values.begin(), values.end());
  for (double& share : shares) share /= sum.value();
  return shares;
}

// Twice the area between the diagonal and the curve of cumulated values over cumulated weights, lowest ratio first. The
// values at the places `index`; all others are zero and come first. Places without weight are left out: their ratio has
// no sense. `order` is a buffer.
double CurveGini(std::span<const std::uint32_t> index, std::span<const double> values, std::span<const double> weights,
                 double weight_sum, std::vector<std::size_t>& order) {
  order.clear();
  double value_sum = 0, weight_of_zeros = weight_sum;
  for (std::size_t i = 0; i < index.size(); ++i) {
    if (weights[index[i]] <= 0) continue;
    order.push_back(i);
    value_sum += values[i];
    weight_of_zeros -= weights[index[i]];
  }
  if (value_sum <= 0) return kNaN;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const double left = values[a] / weights[index[a]], right = values[b] / weights[index[b]];
    return left != right ? left < right : a < b;
  });
  double value_below = 0, weight_below = std::max(weight_of_zeros, 0.0) / weight_sum, area = 0;
  for (const std::size_t i : order) {
    const double value = value_below + values[i] / value_sum, weight = weight_below + weights[index[i]] / weight_sum;
    area += value * weight_below - value_below * weight;
    value_below = value;
    weight_below = weight;
  }
  // A distribution like the weights leaves a negative trace of rounding.
  return std::max(area, 0.0);
}

struct IndustryPlants {
  std::vector<double> by_region;
  double total = 0, squares = 0;
  std::size_t plants = 0;
};

std::vector<IndustryPlants> Collect(std::span<const Plant> plants, std::size_t industries, std::size_t regions) {
  std::vector<IndustryPlants> out(industries);
  for (const Plant& plant : plants) {
    LF_CHECK(plant.industry < industries && plant.region < regions && plant.size >= 0);
    if (plant.size == 0) continue;
    IndustryPlants& of = out[plant.industry];
    if (of.by_region.empty()) of.by_region.resize(regions);
    of.by_region[plant.region] += plant.size;
    of.total += plant.size;
    of.squares += plant.size * plant.size;
    ++of.plants;
  }
  return out;
}

// Σ_r (share of r − x_r)²
double RawConcentration(std::span<const double> by_region, double total, std::span<const double> x) {
  double sum = 0;
  for (std::size_t r = 0; r < x.size(); ++r) {
    const double distance = by_region[r] / total - x[r];
    sum += distance * distance;
  }
  return sum;
}

// 1 − Σ x²: how far plants thrown at random scatter. Refused where they cannot.
Result<double> Scatter(std::span<const double> x) {
  const double scatter = 1 - std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
  if (x.size() < 2 || scatter <= 1e-12)
    return Invalid("chain.structure_one_region", "One region holds everything, so that nothing can be elsewhere.");
  return scatter;
}

std::vector<EllisonGlaeser> IndicesOf(const std::vector<IndustryPlants>& of_industry, double scatter,
                                      std::span<const double> x) {
  std::vector<EllisonGlaeser> out;
  for (const IndustryPlants& in : of_industry) {
    EllisonGlaeser& of = out.emplace_back();
    of.plants = in.plants;
    if (in.plants == 0) {
      of.raw = of.herfindahl = of.gamma = kNaN;
      continue;
    }
    of.raw = RawConcentration(in.by_region, in.total, x);
    of.herfindahl = in.squares / (in.total * in.total);
    of.gamma = in.plants > 1 ? (of.raw / scatter - of.herfindahl) / (1 - of.herfindahl) : kNaN;
  }
  return out;
}

double Together(const std::vector<IndustryPlants>& of_industry, const std::vector<EllisonGlaeser>& each,
                std::span<const std::uint32_t> set, double scatter, std::span<const double> x) {
  std::vector<double> by_region(x.size());
  double total = 0;
  std::size_t filled = 0;
  for (const std::uint32_t i : set) {
    const IndustryPlants& in = of_industry[i];
    if (in.plants == 0) continue;
    ++filled;
    total += in.total;
    for (std::size_t r = 0; r < x.size(); ++r) by_region[r] += in.by_region[r];
  }
  if (filled < 2) return kNaN;
  double herfindahl = 0, own = 0, weight_squares = 0;
  for (const std::uint32_t i : set) {
    if (of_industry[i].plants == 0) continue;
    const double weight = of_industry[i].total / total, square = weight * weight;
    herfindahl += square * each[i].herfindahl;
    own += each[i].gamma * square * (1 - each[i].herfindahl);
    weight_squares += square;
  }
  return (RawConcentration(by_region, total, x) / scatter - herfindahl - own) / (1 - weight_squares);
}

}  // namespace

std::vector<RegionIndices> IndicesOfRegions(const StructureMatrix& matrix, std::span<const double> reference) {
  const std::vector<double> whole = Shares(reference.empty() ? matrix.product_totals() : reference);
  LF_CHECK(whole.size() == matrix.products().size());
  double whole_squares = 0;
  for (const double share : whole) whole_squares += share * share;

  std::vector<RegionIndices> out(matrix.regions().size());
  for (std::size_t r = 0; r < out.size(); ++r) {
    RegionIndices& of = out[r];
    of.total = matrix.region_totals()[r];
    of.share = of.total / matrix.total();
    const auto index = matrix.by_region().Index(r);
    const auto value = matrix.by_region().Value(r);
    of.products = index.size();
    if (index.empty()) {
      of.krugman = of.specialisation = of.herfindahl = of.entropy_bits = of.mean_location_quotient = of.hachman =
          of.cosine_to_whole = kNaN;
      continue;
    }
    double product = 0;
    std::size_t at = 0;
    for (std::size_t p = 0; p < whole.size(); ++p) {
      const bool has = at < index.size() && index[at] == p;
      const double s = has ? value[at] / of.total : 0;
      at += has;
      of.krugman += std::abs(s - whole[p]);
      if (!has) continue;
      of.herfindahl += s * s;
      of.entropy_bits -= s * std::log2(s);
      of.mean_location_quotient += s * s / whole[p];
      product += s * whole[p];
    }
    of.specialisation = of.krugman / 2;
    of.hachman = 1 / of.mean_location_quotient;
    of.cosine_to_whole = product / std::sqrt(of.herfindahl * whole_squares);
  }
  return out;
}

std::vector<ProductIndices> IndicesOfProducts(const StructureMatrix& matrix, std::span<const double> weights) {
  const std::size_t regions = matrix.regions().size();
  const bool own_weights = !weights.empty();
  if (!own_weights) weights = matrix.region_totals();
  LF_CHECK(weights.size() == regions);
  const std::vector<double> weight_shares = Shares(weights);
  const std::vector<double> equal(regions, 1.0);

  std::vector<ProductIndices> out(matrix.products().size());
  std::vector<std::size_t> order;
  for (std::size_t p = 0; p < out.size(); ++p) {
    ProductIndices& of = out[p];
    of.total = matrix.product_totals()[p];
    of.share = of.total / matrix.total();
    const auto index = matrix.by_product().Index(p);
    const auto value = matrix.by_product().Value(p);
    of.regions = index.size();
    if (index.empty()) {
      of.gini = of.locational_gini = of.hoover_gini = of.hoover = of.herfindahl = kNaN;
      continue;
    }
    of.gini = CurveGini(index, value, equal, static_cast<double>(regions), order);
    const double against_totals = CurveGini(index, value, matrix.region_totals(), matrix.total(), order);
    of.locational_gini = against_totals / 2;
    of.hoover_gini = own_weights ? CurveGini(index, value, weight_shares, 1, order) : against_totals;
    double without = 1;  // The weight of regions that have none of it.
    for (std::size_t i = 0; i < index.size(); ++i) {
      const double s = value[i] / of.total;
      of.hoover += std::abs(s - weight_shares[index[i]]) / 2;
      of.herfindahl += s * s;
      without -= weight_shares[index[i]];
    }
    of.hoover += std::max(without, 0.0) / 2;
  }
  return out;
}

Result<std::vector<Similarity>> Similarities(const StructureMatrix& matrix, std::size_t most) {
  const SparseRows& rows = matrix.by_region();
  std::vector<std::uint32_t> filled;
  for (std::uint32_t r = 0; r < rows.rows(); ++r)
    if (!rows.Index(r).empty()) filled.push_back(r);
  if (filled.size() * (filled.size() - 1) / 2 > most)
    return Invalid("chain.structure_too_many_pairs",
                   fmt::format("{} regions have more than {} pairs.", filled.size(), most));

  std::vector<double> squares(rows.rows());
  for (const std::uint32_t r : filled)
    for (const double value : rows.Value(r))
      squares[r] += value / matrix.region_totals()[r] * (value / matrix.region_totals()[r]);
  std::vector<Similarity> out;
  std::vector<double> share_a(matrix.products().size());
  for (std::size_t i = 0; i < filled.size(); ++i) {
    const std::uint32_t a = filled[i];
    std::fill(share_a.begin(), share_a.end(), 0.0);
    for (std::size_t k = rows.begin[a]; k < rows.begin[a + 1]; ++k)
      share_a[rows.index[k]] = rows.value[k] / matrix.region_totals()[a];
    for (std::size_t j = i + 1; j < filled.size(); ++j) {
      const std::uint32_t b = filled[j];
      // Shares of either sum to 1, so that what only a has is 1 less what they share.
      double product = 0, krugman = 1;
      for (std::size_t k = rows.begin[b]; k < rows.begin[b + 1]; ++k) {
        const double s = rows.value[k] / matrix.region_totals()[b], t = share_a[rows.index[k]];
        product += s * t;
        krugman += std::abs(s - t) - t;
      }
      out.push_back({a, b, std::min(product / std::sqrt(squares[a] * squares[b]), 1.0), std::max(krugman, 0.0)});
    }
  }
  return out;
}

Result<std::vector<EllisonGlaeser>> EllisonGlaeserIndices(std::span<const Plant> plants, std::size_t industries,
                                                          std::span<const double> region_shares) {
  LF_ASSIGN(const double scatter, Scatter(region_shares));
  return IndicesOf(Collect(plants, industries, region_shares.size()), scatter, region_shares);
}

Result<std::vector<double>> Coagglomerations(std::span<const Plant> plants,
                                             std::span<const std::vector<std::uint32_t>> sets, std::size_t industries,
                                             std::span<const double> region_shares) {
  LF_ASSIGN(const double scatter, Scatter(region_shares));
  const std::vector<IndustryPlants> of_industry = Collect(plants, industries, region_shares.size());
  const std::vector<EllisonGlaeser> each = IndicesOf(of_industry, scatter, region_shares);
  std::vector<double> out;
  for (const std::vector<std::uint32_t>& set : sets)
    out.push_back(Together(of_industry, each, set, scatter, region_shares));
  return out;
}

}  // namespace landfall::chain
