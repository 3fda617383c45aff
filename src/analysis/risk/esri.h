// SPDX-License-Identifier: Apache-2.0
// The economic systemic risk index: which part of all production stops, for how long as nobody reacts, when one firm
// fails. For a county: which of its firms is the one whose stop would hurt most, and by which way.
//
// Method: C. Diem, A. Borsos, T. Reisch, J. Kertész, S. Thurner, "Quantifying firm-level economic systemic risk from
// nation-wide supply networks", Scientific Reports 12, 7719 (2022). Every firm has a generalised Leontief production
// function: it stops with the scarcest of its essential inputs, and loses of the non-essential ones their share. With
// d the loss of production from the supply side and u from the demand side (0 … 1), one step after the failure is
//   d_i ← max( over essential supplier sectors k of Σ_{j in k} σ_j d_j w_ji ÷ Σ_{j in k} w_ji,
//              Σ_{j non-essential} σ_j d_j w_ji ÷ Σ_j w_ji )          the last sum over all suppliers of i
//   u_i ← Σ_j u_j w_ij ÷ Σ_j w_ij                                    over the customers of i
// all firms at once, losses never shrinking, until no loss grows by more than eps in one step. σ_j is 1, or, where
// suppliers of the same sector can stand in, min(1, s_j ÷ Σ_{l in the sector of j} s_l (1 − d_l)), s being sales inside
// the network. ESRI = Σ_i (s_i ÷ Σ s) max(d_i, u_i).
//
// What it does not know: stocks, imports, time, prices, and sales outside the network.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace landfall::chain {

inline constexpr std::size_t kMaxEsriFirms = 500'000, kMaxEsriEdges = 10'000'000, kMaxEsriSectors = 5'000;
inline constexpr std::size_t kMaxEsriLosses = 25'000'000;  // Entries of one matrix of losses.

struct FirmColumns {
  std::vector<std::string> firm, sector;  // Of equal length; a firm stands once.
};
struct SupplyColumns {
  std::vector<std::string> supplier, buyer;
  std::vector<double> weight;  // What flows in a period, in one unit for all: finite, not negative.
};
// level[s * buyer_sectors.size() + b]: what products of supplier sector s are to firms of sector b.
struct EssentialTable {
  enum Level : std::uint8_t { kNegligible = 0, kNonEssential = 1, kEssential = 2 };
  std::vector<std::string> supplier_sectors, buyer_sectors;
  std::vector<std::uint8_t> level;
};

// Threads: immutable after Build; any number may read it.
class SupplyNetwork {
 public:
  // Edges of the same pair are added up; edges of weight 0 and of a firm to itself are left out and counted.
  // Errors (kInvalid; detail names the edge or firm, counted from 1, and the name): chain.esri_too_large,
  // chain.esri_duplicate_firm, chain.esri_duplicate_sector, chain.esri_unknown_firm, chain.esri_unknown_sector (a
  // firm's sector is no row or no column of the table), chain.esri_bad_weight (negative or not finite),
  // chain.esri_bad_level, chain.esri_no_flow (no edge is left).
  static Result<SupplyNetwork> Build(const FirmColumns& firms, const SupplyColumns& edges,
                                     const EssentialTable& essential);

  std::size_t firms() const { return names_.size(); }
  std::size_t edges() const { return buyer_.size(); }
  const std::string& name(std::size_t firm) const { return names_[firm]; }
  const std::string& sector(std::size_t firm) const { return sector_names_[sector_[firm]]; }
  double sales_share(std::size_t firm) const { return sales_[firm] / total_sales_; }  // Of all flows in the network.
  // The index of a firm, or firms() where there is none. Cost: linear.
  std::size_t Find(std::string_view name) const;

  std::size_t dropped_self = 0, dropped_zero = 0, merged = 0;  // Edges that Build changed.

 private:
  friend class Cascade;
  struct Flow {
    std::uint32_t supplier, buyer, group;
    double weight;
  };
  Result<std::vector<Flow>> ReadFlows(const SupplyColumns& edges, const std::vector<std::string>& names);
  void FillCustomers(const std::vector<Flow>& flows);
  void FillSuppliers(const std::vector<Flow>& flows);

  std::vector<std::string> names_, sector_names_;
  std::vector<std::uint32_t> sector_;
  std::vector<double> sales_, sector_sales_;
  double total_sales_ = 0;
  // Customers of a firm: buyer_[customers_[i] … customers_[i + 1]) with their share of its sales.
  std::vector<std::size_t> customers_;
  std::vector<std::uint32_t> buyer_;
  std::vector<double> buyer_share_;
  std::vector<std::size_t> from_;  // All suppliers of a firm: seller_[from_[i] … from_[i + 1]).
  std::vector<std::uint32_t> seller_;
  // Suppliers of a firm by group; a firm loses the worst of its groups. One group for each essential sector, whose
  // shares add to 1, and one for all non-essential inputs, whose shares are of all inputs. Negligible inputs are in
  // none.
  std::vector<std::size_t> groups_, group_begin_;
  std::vector<std::uint32_t> supplier_;
  std::vector<double> supplier_share_;
};

struct EsriOptions {
  double eps = 1e-2;  // Of the paper. Greater than 0 and less than 1.
  enum class Replace : std::uint8_t { kNone, kSector } replace = Replace::kNone;
  unsigned threads = 0;      // 0: as many as the machine has, at most 64. The answer does not depend on it.
  bool keep_losses = false;  // Also d and u of every firm for every failure.
  std::vector<std::size_t> failures = {};  // Firms to fail, one at a time; empty: each firm.
  int steps_max = 10'000;
};

struct EsriScore {
  std::uint32_t firm = 0;
  double esri = 0, downstream = 0, upstream = 0;  // 0 … 1, shares of all sales; the last two by one way alone.
  std::uint32_t hit_firms = 0;                    // Others that lose more than eps.
  int steps = 0;
  bool converged = true;  // False where steps_max ended it: the figures are then lower bounds.
};
struct EsriResult {
  double eps = 0;
  std::vector<EsriScore> scores;  // In the order of `failures`, or of the firms.
  // With keep_losses: downstream_loss[f * firms + i] is d of firm i after the failure of scores[f].firm.
  std::vector<double> downstream_loss, upstream_loss;
};

// Each failure is computed by one thread alone and in one order, so that any number of threads gives the same bytes.
// Errors: chain.esri_option, chain.esri_unknown_firm (an index in `failures`), chain.esri_too_large (losses).
// Cost: each failure costs the edges of the firms it reaches times the steps; 400 firms well below 0.5 s.
Result<EsriResult> ComputeEsri(const SupplyNetwork& network, const EsriOptions& options = {});

}  // namespace landfall::chain
