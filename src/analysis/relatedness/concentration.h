// SPDX-License-Identifier: Apache-2.0
// How special a region's structure is, how concentrated a product is in space, and how alike two regions are.
//
// s_rp = share of product p in region r; S_p = its share in the whole; x_r = share of region r in the whole.
// Sources: Krugman, Geography and Trade, 1991 (Krugman index, locational Gini); Hoover 1936 (localisation curve and
// coefficient); Hoover and Giarratani 1985 (coefficient of specialisation); Hachman (reciprocal of the mean location
// quotient); Herfindahl 1950; Shannon 1948; UNIDO 1979 (coefficient of similarity, 结构相似系数).
#pragma once

#include "analysis/relatedness/structure_matrix.h"

namespace landfall::chain {

// Of one region. NaN everywhere for a region without values.
struct RegionIndices {
  double total = 0;
  double share = 0;                   // x_r
  std::size_t products = 0;           // With a value above zero.
  double krugman = 0;                 // Σ_p |s_rp − S_p|: 0 (like the whole) … 2
  double specialisation = 0;          // Half of it: 0 … 1
  double herfindahl = 0;              // Σ_p s_rp²: 1/n … 1
  double entropy_bits = 0;            // −Σ_p s_rp · log₂ s_rp
  double mean_location_quotient = 0;  // Σ_p s_rp · LQ_rp: ≥ 1
  double hachman = 0;                 // 1 / mean location quotient: 0 … 1 (like the whole)
  double cosine_to_whole = 0;         // 0 … 1
};

// `reference` as of LocationQuotients (presence.h). Cost: regions × products.
std::vector<RegionIndices> IndicesOfRegions(const StructureMatrix& matrix, std::span<const double> reference = {});

// Of one product. NaN everywhere for a product without values.
struct ProductIndices {
  double total = 0;
  double share = 0;            // S_p
  std::size_t regions = 0;     // With a value above zero.
  double gini = 0;             // Of the values over all regions: 0 … (n−1)/n
  double locational_gini = 0;  // Krugman's: the area between diagonal and localisation curve, 0 … 0.5
  double hoover_gini = 0;      // Twice the area between the curve and the diagonal against `weights`: 0 … 1
  double hoover = 0;      // Hoover's coefficient of localisation, ½ Σ_r |share of p in r − weight of r|: 0 … 1
  double herfindahl = 0;  // Σ_r (share of p in r)²
};

// `weights` (population or area of each region, for the two Hoover indices): empty takes the regions' totals.
// Precondition: empty or matrix.regions().size() elements, none negative, one above zero.
// Cost: products × regions · log(regions).
std::vector<ProductIndices> IndicesOfProducts(const StructureMatrix& matrix, std::span<const double> weights = {});

struct Similarity {
  std::uint32_t a, b;  // Regions, a < b.
  double cosine;       // Σ s_ap·s_bp / √(Σ s_ap² · Σ s_bp²): 0 … 1 (alike), 结构相似系数
  double krugman;      // Σ |s_ap − s_bp|: 0 (alike) … 2
};

// Every pair of regions with values, ordered. Errors (kInvalid): chain.structure_too_many_pairs (above `most`).
// Cost: pairs × products of the two.
Result<std::vector<Similarity>> Similarities(const StructureMatrix& matrix, std::size_t most = 2'000'000);

// One establishment: the size is what the matrix counts, usually employment.
struct Plant {
  std::uint32_t region, industry;
  double size;
};

// Ellison and Glaeser, Geographic Concentration in U.S. Manufacturing Industries, JPE 1997.
struct EllisonGlaeser {
  std::size_t plants = 0;
  double raw = 0;         // G = Σ_r (s_r − x_r)²
  double herfindahl = 0;  // H of plant sizes
  double gamma = 0;  // (G / (1 − Σ x²) − H) / (1 − H): about 0 where plants fell at random. NaN: one plant only.
};

// `region_shares` sum to 1. By industry number, 0 … industries − 1; NaN for one without plants.
// Errors (kInvalid): chain.structure_one_region (one region has everything: concentration says nothing).
// Precondition: numbers of plants within bounds, sizes finite and not negative.
Result<std::vector<EllisonGlaeser>> EllisonGlaeserIndices(std::span<const Plant> plants, std::size_t industries,
                                                          std::span<const double> region_shares);

// γᶜ of each set of industries (the same paper, equation 3): whether they settle together beyond what each does alone.
// NaN where one of a set has a single plant, or fewer than two of it have any. Errors: chain.structure_one_region.
// Cost: one pass over the plants, then industries · regions a set.
Result<std::vector<double>> Coagglomerations(std::span<const Plant> plants,
                                             std::span<const std::vector<std::uint32_t>> sets, std::size_t industries,
                                             std::span<const double> region_shares);

}  // namespace landfall::chain
