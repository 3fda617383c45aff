// SPDX-License-Identifier: Apache-2.0
#include "analysis/relatedness/structure_matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "base/text.h"

namespace landfall::chain {
namespace {

// Names are printed to terminals and pictures, where these would be commands.
bool HasControlCharacter(std::string_view name) {
  return std::any_of(name.begin(), name.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// Rows become columns; within each, indices ascend because rows are visited in order.
SparseRows Transposed(const SparseRows& rows, std::size_t columns) {
  SparseRows out;
  out.begin.assign(columns + 1, 0);
  for (const std::uint32_t column : rows.index) ++out.begin[column + 1];
  std::partial_sum(out.begin.begin(), out.begin.end(), out.begin.begin());
  out.index.resize(rows.index.size());
  out.value.resize(rows.value.size());
  std::vector<std::size_t> at(out.begin.begin(), out.begin.end() - 1);
  for (std::uint32_t row = 0; row < rows.rows(); ++row) {
    for (std::size_t i = rows.begin[row]; i < rows.begin[row + 1]; ++i) {
      const std::size_t to = at[rows.index[i]]++;
      out.index[to] = row;
      out.value[to] = rows.value[i];
    }
  }
  return out;
}

std::vector<double> Totals(const SparseRows& rows) {
  std::vector<double> totals(rows.rows());
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    CompensatedSum sum;
    for (const double value : rows.Value(row)) sum.Add(value);
    totals[row] = sum.value();
  }
  return totals;
}

}  // namespace

void StructureMatrix::Derive() {
  by_product_ = Transposed(by_region_, products_.size());
  region_totals_ = Totals(by_region_);
  product_totals_ = Totals(by_product_);
  CompensatedSum sum;
  for (const double value : by_region_.value) sum.Add(value);
  total_ = sum.value();
}

double StructureMatrix::At(std::size_t region, std::size_t product) const {
  const auto index = by_region_.Index(region);
  const auto found = std::lower_bound(index.begin(), index.end(), static_cast<std::uint32_t>(product));
  if (found == index.end() || *found != product) return 0;
  return by_region_.Value(region)[static_cast<std::size_t>(found - index.begin())];
}

StructureMatrix StructureMatrix::Without(std::size_t region) const {
  LF_CHECK(region < regions_.size());
  StructureMatrix out;
  out.products_ = products_;
  for (std::size_t row = 0; row < regions_.size(); ++row) {
    if (row == region) continue;
    out.regions_.push_back(regions_[row]);
    const auto index = by_region_.Index(row);
    const auto value = by_region_.Value(row);
    out.by_region_.index.insert(out.by_region_.index.end(), index.begin(), index.end());
    out.by_region_.value.insert(out.by_region_.value.end(), value.begin(), value.end());
    out.by_region_.begin.push_back(out.by_region_.index.size());
  }
  out.Derive();
  return out;
}

// Names by number of first appearance.
struct StructureBuilder::Names {
  std::unordered_map<std::string, std::uint32_t> numbers;

  // Nothing where one more name would pass `most`.
  std::optional<std::uint32_t> Number(std::string_view name, std::size_t most) {
    std::string key(name);
    const auto found = numbers.find(key);
    if (found != numbers.end()) return found->second;
    if (numbers.size() >= most) return std::nullopt;
    const auto number = static_cast<std::uint32_t>(numbers.size());
    numbers.emplace(std::move(key), number);
    return number;
  }

  // The names in the order of their bytes, and for each old number its place there.
  std::vector<std::uint32_t> Sort(std::vector<std::string>& names) const {
    std::vector<std::pair<std::string_view, std::uint32_t>> all(numbers.begin(), numbers.end());
    std::sort(all.begin(), all.end());
    std::vector<std::uint32_t> place(all.size());
    names.clear();
    for (const auto& [name, number] : all) {
      place[number] = static_cast<std::uint32_t>(names.size());
      names.emplace_back(name);
    }
    return place;
  }
};

StructureBuilder::StructureBuilder(Duplicates duplicates, StructureLimits limits)
    : duplicates_(duplicates),
      limits_(limits),
      regions_(std::make_unique<Names>()),
      products_(std::make_unique<Names>()) {}

StructureBuilder::~StructureBuilder() = default;

Status StructureBuilder::Add(std::string_view region, std::string_view product, double value, std::uint64_t row) {
  region = Trim(region);
  product = Trim(product);
  if (region.empty() || product.empty())
    return Invalid("chain.structure_empty_name",
                   fmt::format("Row {} names no {}.", row, region.empty() ? "region" : "product"));
  if (region.size() > limits_.name_bytes || product.size() > limits_.name_bytes)
    return Invalid("chain.structure_name_too_long",
                   fmt::format("Row {} has a name of more than {} bytes.", row, limits_.name_bytes));
  if (HasControlCharacter(region) || HasControlCharacter(product))
    return Invalid("chain.structure_control_character", fmt::format("A name of row {}.", row));
  if (!std::isfinite(value)) return Invalid("chain.structure_not_finite", fmt::format("The value of row {}.", row));
  if (value < 0) return Invalid("chain.structure_negative", fmt::format("The value of row {} is {}.", row, value));
  if (entries_.size() >= limits_.entries)
    return Invalid("chain.structure_too_large", fmt::format("More than {} entries.", limits_.entries));
  const auto r = regions_->Number(region, limits_.regions);
  if (!r) return Invalid("chain.structure_too_large", fmt::format("More than {} regions.", limits_.regions));
  const auto p = products_->Number(product, limits_.products);
  if (!p) return Invalid("chain.structure_too_large", fmt::format("More than {} products.", limits_.products));
  entries_.push_back({*r, *p, value, row});
  return Ok{};
}

Result<StructureMatrix> StructureBuilder::Finish() {
  StructureMatrix out;
  const std::vector<std::uint32_t> region_at = regions_->Sort(out.regions_);
  const std::vector<std::uint32_t> product_at = products_->Sort(out.products_);
  if (out.regions_.size() * out.products_.size() > limits_.cells)
    return Invalid("chain.structure_too_large", fmt::format("{} regions × {} products are more than {} cells.",
                                                            out.regions_.size(), out.products_.size(), limits_.cells));
  for (Entry& entry : entries_) {
    entry.region = region_at[entry.region];
    entry.product = product_at[entry.product];
  }
  // The value is part of the order so that a sum of duplicates does not depend on the order of rows.
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.region, a.product, a.value, a.row) < std::tie(b.region, b.product, b.value, b.row);
  });

  out.by_region_.begin.assign(out.regions_.size() + 1, 0);
  for (std::size_t i = 0; i < entries_.size();) {
    const Entry& first = entries_[i];
    CompensatedSum sum;
    std::size_t end = i;
    for (; end < entries_.size() && entries_[end].region == first.region && entries_[end].product == first.product;
         ++end)
      sum.Add(entries_[end].value);
    if (end - i > 1 && duplicates_ == Duplicates::kRefuse)
      return Invalid("chain.structure_duplicate_cell",
                     fmt::format("Rows {} and {} both give {} / {}.", std::min(first.row, entries_[i + 1].row),
                                 std::max(first.row, entries_[i + 1].row), out.regions_[first.region],
                                 out.products_[first.product]));
    if (sum.value() > 0) {
      out.by_region_.index.push_back(first.product);
      out.by_region_.value.push_back(sum.value());
      ++out.by_region_.begin[first.region + 1];
    }
    i = end;
  }
  std::partial_sum(out.by_region_.begin.begin(), out.by_region_.begin.end(), out.by_region_.begin.begin());
  std::vector<Entry>().swap(entries_);
  out.Derive();
  if (!std::isfinite(out.total_)) return Invalid("chain.structure_not_finite", "The total is beyond a double.");
  if (out.total_ <= 0) return Invalid("chain.structure_all_zero", "No value is greater than zero.");
  return out;
}

}  // namespace landfall::chain
