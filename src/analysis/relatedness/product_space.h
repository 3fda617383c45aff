// SPDX-License-Identifier: Apache-2.0
// How near products (or regions) are to each other, how near a region is to what it does not make yet, and what it
// would gain.
//
// Proximity of p and q: φ = (regions with both) / max(ubiquity of p, of q), the smaller of the two conditional
// probabilities; 1 of a product with itself (Hidalgo, Klinger, Barabási, Hausmann, The Product Space, Science 2007).
// Density of region c around p: d = Σ_q M_cq·φ_qp / Σ_q φ_qp, the share of p's neighbourhood that c has.
// Outlook index: COI_c = Σ_p d_cp·(1 − M_cp)·PCI_p, then standardised. Outlook gain:
// COG_cp = (1 − M_cp) · Σ_q (1 − M_cq)·φ_qp·PCI_q / Σ_s φ_qs, in units of the deviation of ECI. Both weigh with the PCI
// before its mean is taken off (Complexity::raw_pci): the definitions of the Atlas of Economic Complexity (2011, 2013)
// as the Growth Lab's programs compute them.
//
// Co-occurrence measures: van Eck and Waltman, How to Normalize Cooccurrence Data?, JASIST 2009; the probability index:
// Steijn 2017; z-score against the hypergeometric distribution: Teece, Rumelt, Dosi, Winter 1994.
#pragma once

#include "analysis/relatedness/complexity.h"

namespace landfall::chain {

enum class Side : std::uint8_t { kRegions, kProducts };

struct ProximityPair {
  std::uint32_t a, b;  // Numbers of the Presence, a < b.
  double proximity;    // Above 0, at most 1.
};

// Every pair that shares something, ordered by a, then b. Refused above `most` pairs, before memory is taken for more.
// Errors (kInvalid): chain.structure_too_many_pairs.
// Cost: n² · m / 64 for n items of this side and m of the other.
Result<std::vector<ProximityPair>> Proximities(const Presence& presence, Side side, std::size_t most = 20'000'000);

// A region × product table, row by row.
struct DenseCells {
  std::size_t products = 0;
  std::vector<double> value;
  double At(std::size_t region, std::size_t product) const { return value[region * products + product]; }
};

struct Outlook {
  DenseCells density;
  DenseCells gain;          // COG. NaN where PCI is not known; 0 where the region has the product.
  std::vector<double> coi;  // NaN where ECI is not known, or where all regions are alike.
};

// Density, gain and outlook of every region. `complexity` is that of `presence`.
// Memory: 16 bytes a cell. Cost: products · presences additions in blocks that stay in the cache, on `threads` threads
// (0: as many as the machine has); the bytes of the answer do not depend on their number.
Outlook ComputeOutlook(const Presence& presence, const Complexity& complexity, unsigned threads = 0);

// A symmetric table of one side with itself.
struct SquareTable {
  std::size_t size = 0;
  std::vector<double> value;
  double At(std::size_t a, std::size_t b) const { return value[a * size + b]; }
};

// How often two products are found in one region; zero on the diagonal.
// Errors (kInvalid): chain.structure_too_large (more than 6,000 products: 288 MB).
Result<SquareTable> CoOccurrence(const Presence& presence);

enum class RelatednessMeasure : std::uint8_t { kProbability, kAssociation, kCosine, kJaccard };

// Zero on the diagonal and where a product occurs with no other. Precondition: symmetric, diagonal zero.
SquareTable Relatedness(const SquareTable& co_occurrence, RelatednessMeasure measure);

// (observed − expected) / deviation where products fall on regions at random; NaN where a product is everywhere.
SquareTable CoOccurrenceZScore(const SquareTable& co_occurrence, const Presence& presence);

// Density with a relatedness of the caller's choice, 0…1; NaN for a product that nothing is related to.
// Precondition: relatedness.size == presence.products(), symmetric, not negative.
DenseCells DensityWith(const Presence& presence, const SquareTable& relatedness);

}  // namespace landfall::chain
