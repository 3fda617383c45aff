// SPDX-License-Identifier: Apache-2.0
// Location quotients (区位商; for exports: revealed comparative advantage, the Balassa index) and the zero-one matrix
// that complexity, proximity and density are computed from.
//
// LQ of region r in product p = (v_rp / v_r·) / (v_·p / v_··). The Hoover–Balassa coefficient is the same number.
// Sources: Hoover 1936; Balassa 1965; Hausmann, Hidalgo et al., The Atlas of Economic Complexity, 2011.
#pragma once

#include "analysis/relatedness/structure_matrix.h"

namespace landfall::chain {

// The LQ of every stored cell, in the order of matrix.by_region().value. `reference` holds the whole's value of each
// product (a nation that is more than the sum of the regions); empty: the products' totals.
// Not finite where the whole has none of a product. Cost: one pass.
// Precondition: reference is empty or has matrix.products().size() elements, not negative, one greater than zero.
std::vector<double> LocationQuotients(const StructureMatrix& matrix, std::span<const double> reference = {});

struct PresenceRule {
  enum class Kind : std::uint8_t {
    kQuotient,  // Present where LQ ≥ threshold.
    kPositive,  // Present where the value is above zero: for input that is zero-one already.
  };
  Kind kind = Kind::kQuotient;
  double threshold = 1;
};

enum class ExclusionReason : std::uint8_t {
  kNoValues,     // Every cell is zero: a quotient does not exist.
  kNoPresence,   // There are values, but no cell reaches the threshold.
  kUnconnected,  // Shares no product (directly or over others) with the largest connected part: ECI has no common
                 // scale.
};
std::string_view ExclusionReasonName(ExclusionReason reason);  // "no_values", "no_presence", "unconnected"

struct Exclusion {
  std::uint32_t index;  // Of the region or product in the matrix.
  ExclusionReason reason;
};

// Zero-one, sparse, without empty rows and columns: they would divide by zero, and have no complexity to speak of.
// What was left out is named. Regions and products here are numbered anew; region_ids and product_ids lead back.
//
// Threads: immutable; any number may read it.
class Presence {
 public:
  // The test LQ ≥ threshold is made without division and without rounding of products of totals, so that with
  // threshold 1 whole numbers below 2^53 are judged exactly.
  // Errors (kInvalid): chain.structure_one_region, chain.structure_one_product (fewer than two are left),
  // chain.structure_threshold (not a finite number above zero).
  // Cost: one pass; memory 8 bytes a presence.
  static Result<Presence> Of(const StructureMatrix& matrix, PresenceRule rule = {});

  std::size_t regions() const { return region_ids_.size(); }
  std::size_t products() const { return product_ids_.size(); }
  std::size_t count() const { return by_region_.index.size(); }
  const std::vector<std::uint32_t>& region_ids() const { return region_ids_; }
  const std::vector<std::uint32_t>& product_ids() const { return product_ids_; }
  const std::vector<Exclusion>& excluded_regions() const { return excluded_regions_; }
  const std::vector<Exclusion>& excluded_products() const { return excluded_products_; }

  std::span<const std::uint32_t> ProductsOf(std::size_t region) const { return by_region_.Index(region); }
  std::span<const std::uint32_t> RegionsOf(std::size_t product) const { return by_product_.Index(product); }
  std::size_t Diversity(std::size_t region) const { return ProductsOf(region).size(); }
  std::size_t Ubiquity(std::size_t product) const { return RegionsOf(product).size(); }

 private:
  std::vector<std::uint32_t> region_ids_, product_ids_;
  std::vector<Exclusion> excluded_regions_, excluded_products_;
  SparseRows by_region_, by_product_;  // Without values.
};

}  // namespace landfall::chain
