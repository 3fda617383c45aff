// SPDX-License-Identifier: Apache-2.0
#include "analysis/relatedness/presence.h"

#include <fmt/format.h>

#include <cmath>

namespace landfall::chain {
namespace {

// a·b ≥ c·d, with the rounding errors of both products taken into account.
bool ProductAtLeast(double a, double b, double c, double d) {
  const double left = a * b, right = c * d;
  // Outside this range a product overflows or loses bits that fma cannot recover.
  constexpr double kLow = 1e-280, kHigh = 1e300;
  if (left < kLow || right < kLow || left > kHigh || right > kHigh) return a / c >= d / b;
  return (left - right) + (std::fma(a, b, -left) - std::fma(c, d, -right)) >= 0;
}

constexpr std::uint32_t kGone = ~std::uint32_t{0};

// Numbers those with a presence anew and names the others. `new_ids` maps old numbers to new ones.
void Keep(const std::vector<std::size_t>& presences, const std::vector<double>& totals, std::vector<std::uint32_t>& ids,
          std::vector<std::uint32_t>& new_ids, std::vector<Exclusion>& excluded) {
  new_ids.assign(presences.size(), kGone);
  for (std::uint32_t i = 0; i < presences.size(); ++i) {
    if (presences[i] > 0) {
      new_ids[i] = static_cast<std::uint32_t>(ids.size());
      ids.push_back(i);
    } else {
      excluded.push_back({i, totals[i] > 0 ? ExclusionReason::kNoPresence : ExclusionReason::kNoValues});
    }
  }
}

}  // namespace

std::string_view ExclusionReasonName(ExclusionReason reason) {
  switch (reason) {
    case ExclusionReason::kNoValues:
      return "no_values";
    case ExclusionReason::kNoPresence:
      return "no_presence";
    case ExclusionReason::kUnconnected:
      return "unconnected";
  }
  LF_CHECK(false);
}

std::vector<double> LocationQuotients(const StructureMatrix& matrix, std::span<const double> reference) {
  if (reference.empty()) reference = matrix.product_totals();
  LF_CHECK(reference.size() == matrix.products().size());
  CompensatedSum whole;
  for (const double value : reference) whole.Add(value);
  const SparseRows& rows = matrix.by_region();
  std::vector<double> out(rows.value.size());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t i = rows.begin[r]; i < rows.begin[r + 1]; ++i)
      out[i] = (rows.value[i] / matrix.region_totals()[r]) / (reference[rows.index[i]] / whole.value());
  }
  return out;
}

Result<Presence> Presence::Of(const StructureMatrix& matrix, PresenceRule rule) {
  if (!std::isfinite(rule.threshold) || rule.threshold <= 0)
    return Invalid("chain.structure_threshold", fmt::format("The threshold is {}.", rule.threshold), "threshold");
  const SparseRows& rows = matrix.by_region();
  std::vector<char> present(rows.value.size());
  std::vector<std::size_t> diversity(matrix.regions().size()), ubiquity(matrix.products().size());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t i = rows.begin[r]; i < rows.begin[r + 1]; ++i) {
      const std::uint32_t p = rows.index[i];
      present[i] = rule.kind == PresenceRule::Kind::kPositive ||
                   ProductAtLeast(rows.value[i], matrix.total(), rule.threshold * matrix.region_totals()[r],
                                  matrix.product_totals()[p]);
      diversity[r] += static_cast<std::size_t>(present[i]);
      ubiquity[p] += static_cast<std::size_t>(present[i]);
    }
  }

  Presence out;
  std::vector<std::uint32_t> region_at, product_at;
  Keep(diversity, matrix.region_totals(), out.region_ids_, region_at, out.excluded_regions_);
  Keep(ubiquity, matrix.product_totals(), out.product_ids_, product_at, out.excluded_products_);
  if (out.regions() < 2)
    return Invalid("chain.structure_one_region", fmt::format("{} of {} regions are left.", out.regions(), rows.rows()));
  if (out.products() < 2)
    return Invalid("chain.structure_one_product",
                   fmt::format("{} of {} products are left.", out.products(), matrix.products().size()));

  out.by_product_.begin.assign(out.products() + 1, 0);
  for (std::size_t p = 0; p < out.products(); ++p)
    out.by_product_.begin[p + 1] = out.by_product_.begin[p] + ubiquity[out.product_ids_[p]];
  out.by_product_.index.resize(out.by_product_.begin.back());
  std::vector<std::size_t> at(out.by_product_.begin.begin(), out.by_product_.begin.end() - 1);
  for (std::uint32_t r = 0; r < out.regions(); ++r) {
    const std::size_t old = out.region_ids_[r];
    for (std::size_t i = rows.begin[old]; i < rows.begin[old + 1]; ++i) {
      if (!present[i]) continue;
      const std::uint32_t p = product_at[rows.index[i]];
      out.by_region_.index.push_back(p);
      out.by_product_.index[at[p]++] = r;
    }
    out.by_region_.begin.push_back(out.by_region_.index.size());
  }
  return out;
}

}  // namespace landfall::chain
