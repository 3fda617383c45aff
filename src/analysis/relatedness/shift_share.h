// SPDX-License-Identifier: Apache-2.0
// Shift-share analysis: how much of a region's change is the whole's growth, how much its mix of industries, and how
// much its own.
//
// With e and e′ of region and product in the first and the later period, E and E′ of the whole (of the product: E_p):
//   national     e · (E′/E − 1)
//   mix          e · (E′_p/E_p − E′/E)
//   competitive  e′ − e · E′_p/E_p
//   entry        what is left where the whole had none of the product before: no growth rate exists to compare with
// change = national + mix + competitive + entry, of every cell. Source: Dunn 1960. The homothetic form of
// Esteban-Marquillas (1972) splits `competitive`: with h = e· · E_p/E, what the region would have with the whole's mix,
//   homothetic   h · (e′/e − E′_p/E_p)         allocation   competitive − homothetic
// and both exist only where e is above zero.
#pragma once

#include <optional>

#include "analysis/relatedness/structure_matrix.h"

namespace landfall::chain {

struct ShiftShareParts {
  double base = 0, later = 0;
  double change = 0;  // later − base
  double national = 0, mix = 0, competitive = 0, entry = 0;
  double homothetic = 0, allocation = 0;
};

struct ShiftShareCell {
  std::uint32_t region, product;  // Of ShiftShare's own names.
  ShiftShareParts parts;
};

struct ShiftShare {
  std::vector<std::string> regions, products;  // In both periods; in either period.
  std::vector<ShiftShareCell> cells;           // With a value in either period, by region, then product.
  std::vector<ShiftShareParts> by_region;      // Sums of the cells.
  std::vector<std::string> only_in_base,
      only_in_later;  // Regions left out, from the whole too: their change is unknown.
  double whole_base = 0, whole_later = 0;
};

// `nation`, where given, is a region of both matrices that stands for the whole and is taken out of the regions; else
// the whole is the sum of the regions that both periods have. Errors (kInvalid): chain.structure_periods_disjoint (no
// region is in both), chain.structure_no_such_region (nation), chain.structure_all_zero (the whole is zero in the first
// period). Cost: one pass over both.
Result<ShiftShare> ComputeShiftShare(const StructureMatrix& base, const StructureMatrix& later,
                                     const std::optional<std::string>& nation = std::nullopt);

}  // namespace landfall::chain
