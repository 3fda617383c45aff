// SPDX-License-Identifier: Apache-2.0
// Who makes how much of what: regions × products, sparse, the one input of every index of this folder.
//
// Values are counts, employment, output or exports: any measure that may be added, in one unit, not negative. A cell
// that is not given is zero; a region or product whose cells are all zero stays in the matrix, so that the indices can
// name what they leave out.
//
// Names are kept in the order of their bytes: the order of the input's rows never changes a result.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::chain {

// Rows of indices with a value each, one after the other; `begin` has one element more than there are rows.
struct SparseRows {
  std::vector<std::size_t> begin{0};
  std::vector<std::uint32_t> index;
  std::vector<double> value;

  std::size_t rows() const { return begin.size() - 1; }
  std::span<const std::uint32_t> Index(std::size_t row) const {
    return {index.data() + begin[row], begin[row + 1] - begin[row]};
  }
  std::span<const double> Value(std::size_t row) const {
    return {value.data() + begin[row], begin[row + 1] - begin[row]};
  }
};

struct StructureLimits {
  std::size_t regions = 20'000;
  std::size_t products = 20'000;
  std::size_t entries = 5'000'000;
  std::size_t cells = 20'000'000;  // Regions × products: density and gain are computed for every one of them.
  std::size_t name_bytes = 1'000;
};

// Threads: immutable once built; any number may read it.
class StructureMatrix {
 public:
  const std::vector<std::string>& regions() const { return regions_; }
  const std::vector<std::string>& products() const { return products_; }
  // By region: ascending product index; by product: ascending region index. Zeros are not stored.
  const SparseRows& by_region() const { return by_region_; }
  const SparseRows& by_product() const { return by_product_; }
  const std::vector<double>& region_totals() const { return region_totals_; }
  const std::vector<double>& product_totals() const { return product_totals_; }
  double total() const { return total_; }
  // Cost: O(log of the region's products).
  double At(std::size_t region, std::size_t product) const;

  // The same matrix without one region; every product stays.
  StructureMatrix Without(std::size_t region) const;

 private:
  friend class StructureBuilder;
  void Derive();

  std::vector<std::string> regions_, products_;
  SparseRows by_region_, by_product_;
  std::vector<double> region_totals_, product_totals_;
  double total_ = 0;
};

// Takes the cells in any order.
//
// Memory: 24 bytes an entry and the names. Cost: O(n log n) for n entries. Threads: one at a time.
class StructureBuilder {
 public:
  // What to do when a region and product are given twice. Summing is right for a file of plants or of years that
  // belong together, and wrong for a file that was joined twice: hence it must be asked for.
  enum class Duplicates : std::uint8_t { kRefuse, kSum };

  explicit StructureBuilder(Duplicates duplicates = Duplicates::kRefuse, StructureLimits limits = {});
  ~StructureBuilder();
  StructureBuilder(const StructureBuilder&) = delete;
  StructureBuilder& operator=(const StructureBuilder&) = delete;

  // `row` is only for messages. Blanks at the ends of names are dropped.
  // Errors (kInvalid): chain.structure_empty_name, chain.structure_name_too_long, chain.structure_control_character,
  // chain.structure_not_finite, chain.structure_negative, chain.structure_too_large.
  Status Add(std::string_view region, std::string_view product, double value, std::uint64_t row = 0);

  // Errors (kInvalid): chain.structure_duplicate_cell, chain.structure_too_large, chain.structure_all_zero,
  // chain.structure_not_finite (the total is beyond a double).
  // Precondition: called once.
  Result<StructureMatrix> Finish();

 private:
  struct Names;
  struct Entry {
    std::uint32_t region, product;
    double value;
    std::uint64_t row;
  };
  const Duplicates duplicates_;
  const StructureLimits limits_;
  std::unique_ptr<Names> regions_, products_;
  std::vector<Entry> entries_;
};

// Adds with an error of one rounding, whatever the order (Neumaier 1974): totals decide whether a quotient reaches 1.
class CompensatedSum {
 public:
  void Add(double x) {
    const double t = sum_ + x;
    lost_ += (sum_ < 0 ? -sum_ : sum_) >= (x < 0 ? -x : x) ? (sum_ - t) + x : (x - t) + sum_;
    sum_ = t;
  }
  double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0, lost_ = 0;
};

}  // namespace landfall::chain
