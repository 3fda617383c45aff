// SPDX-License-Identifier: Apache-2.0
#include "analysis/relatedness/shift_share.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace landfall::chain {
namespace {

// Where each of `names` (sorted) stands in `all` (sorted), or -1.
std::vector<std::int64_t> Places(const std::vector<std::string>& names, const std::vector<std::string>& all) {
  std::vector<std::int64_t> places;
  for (const std::string& name : names) {
    const auto found = std::lower_bound(all.begin(), all.end(), name);
    places.push_back(found != all.end() && *found == name ? found - all.begin() : -1);
  }
  return places;
}

// The row of a region spread over the products of both periods.
std::vector<double> Row(const StructureMatrix& matrix, std::int64_t region, const std::vector<std::int64_t>& product_at,
                        std::size_t products) {
  std::vector<double> row(products);
  const auto index = matrix.by_region().Index(static_cast<std::size_t>(region));
  const auto value = matrix.by_region().Value(static_cast<std::size_t>(region));
  for (std::size_t i = 0; i < index.size(); ++i) row[static_cast<std::size_t>(product_at[index[i]])] = value[i];
  return row;
}

double Sum(const std::vector<double>& values) {
  CompensatedSum sum;
  for (const double value : values) sum.Add(value);
  return sum.value();
}

void AddTo(ShiftShareParts& sum, const ShiftShareParts& part) {
  for (double ShiftShareParts::*member :
       {&ShiftShareParts::base, &ShiftShareParts::later, &ShiftShareParts::change, &ShiftShareParts::national,
        &ShiftShareParts::mix, &ShiftShareParts::competitive, &ShiftShareParts::entry, &ShiftShareParts::homothetic,
        &ShiftShareParts::allocation})
    sum.*member += part.*member;
}

struct Whole {
  std::vector<double> base, later;  // By product.
  double base_sum, later_sum;
};

ShiftShareParts Split(double e, double e_later, double region_base, const Whole& whole, std::size_t p) {
  ShiftShareParts out;
  out.base = e;
  out.later = e_later;
  out.change = e_later - e;
  const double growth = whole.later_sum / whole.base_sum;
  if (whole.base[p] <= 0) {
    // A region may have what the nation's row does not count: its base then grows with the whole, and no more is known.
    out.national = e * (growth - 1);
    out.entry = out.change - out.national;
    return out;
  }
  const double product_growth = whole.later[p] / whole.base[p];
  out.national = e * (growth - 1);
  out.mix = e * (product_growth - growth);
  out.competitive = e_later - e * product_growth;
  if (e > 0) {
    out.homothetic = region_base * whole.base[p] / whole.base_sum * (e_later / e - product_growth);
    out.allocation = out.competitive - out.homothetic;
  }
  return out;
}

}  // namespace

Result<ShiftShare> ComputeShiftShare(const StructureMatrix& base, const StructureMatrix& later,
                                     const std::optional<std::string>& nation) {
  ShiftShare out;
  std::set_union(base.products().begin(), base.products().end(), later.products().begin(), later.products().end(),
                 std::back_inserter(out.products));
  std::set_intersection(base.regions().begin(), base.regions().end(), later.regions().begin(), later.regions().end(),
                        std::back_inserter(out.regions));
  std::set_difference(base.regions().begin(), base.regions().end(), out.regions.begin(), out.regions.end(),
                      std::back_inserter(out.only_in_base));
  std::set_difference(later.regions().begin(), later.regions().end(), out.regions.begin(), out.regions.end(),
                      std::back_inserter(out.only_in_later));
  const std::size_t products = out.products.size();
  const auto base_product = Places(base.products(), out.products),
             later_product = Places(later.products(), out.products);
  const auto base_row = [&](std::int64_t region) { return Row(base, region, base_product, products); };
  const auto later_row = [&](std::int64_t region) { return Row(later, region, later_product, products); };

  Whole whole{std::vector<double>(products), std::vector<double>(products), 0, 0};
  if (nation) {
    const auto found = std::find(out.regions.begin(), out.regions.end(), *nation);
    if (found == out.regions.end())
      return Invalid("chain.structure_no_such_region", fmt::format("{} is not in both periods.", *nation), "nation");
    whole.base = base_row(Places({*nation}, base.regions())[0]);
    whole.later = later_row(Places({*nation}, later.regions())[0]);
    out.regions.erase(found);
  }
  if (out.regions.empty())
    return Invalid("chain.structure_periods_disjoint", "The two periods have no region in common.");
  const auto in_base = Places(out.regions, base.regions()), in_later = Places(out.regions, later.regions());
  if (!nation) {
    std::vector<CompensatedSum> base_sums(products), later_sums(products);
    for (std::size_t r = 0; r < out.regions.size(); ++r) {
      const auto before = base_row(in_base[r]), after = later_row(in_later[r]);
      for (std::size_t p = 0; p < products; ++p) {
        base_sums[p].Add(before[p]);
        later_sums[p].Add(after[p]);
      }
    }
    for (std::size_t p = 0; p < products; ++p) {
      whole.base[p] = base_sums[p].value();
      whole.later[p] = later_sums[p].value();
    }
  }
  whole.base_sum = out.whole_base = Sum(whole.base);
  whole.later_sum = out.whole_later = Sum(whole.later);
  if (whole.base_sum <= 0) return Invalid("chain.structure_all_zero", "The whole is zero in the first period.");

  out.by_region.resize(out.regions.size());
  for (std::uint32_t r = 0; r < out.regions.size(); ++r) {
    const auto before = base_row(in_base[r]), after = later_row(in_later[r]);
    const double region_base = Sum(before);
    for (std::uint32_t p = 0; p < products; ++p) {
      if (before[p] == 0 && after[p] == 0) continue;
      const ShiftShareParts parts = Split(before[p], after[p], region_base, whole, p);
      out.cells.push_back({r, p, parts});
      AddTo(out.by_region[r], parts);
    }
  }
  return out;
}

}  // namespace landfall::chain
