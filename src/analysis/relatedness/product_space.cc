// SPDX-License-Identifier: Apache-2.0
#include "analysis/relatedness/product_space.h"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <thread>

namespace landfall::chain {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// One row of bits an item: two items are compared 64 at a time.
class BitRows {
 public:
  BitRows(const Presence& presence, Side side) {
    const bool products = side == Side::kProducts;
    const std::size_t items = products ? presence.products() : presence.regions();
    words_ = ((products ? presence.regions() : presence.products()) + 63) / 64;
    bits_.resize(items * words_);
    degree_.resize(items);
    for (std::size_t item = 0; item < items; ++item) {
      const auto others = products ? presence.RegionsOf(item) : presence.ProductsOf(item);
      degree_[item] = others.size();
      for (const std::uint32_t other : others) bits_[item * words_ + other / 64] |= std::uint64_t{1} << (other % 64);
    }
  }

  std::size_t items() const { return degree_.size(); }
  std::size_t Shared(std::size_t a, std::size_t b) const {
    const std::uint64_t* x = &bits_[a * words_];
    const std::uint64_t* y = &bits_[b * words_];
    std::size_t count = 0;
    for (std::size_t w = 0; w < words_; ++w) count += static_cast<std::size_t>(std::popcount(x[w] & y[w]));
    return count;
  }
  double Proximity(std::size_t a, std::size_t b) const {
    const std::size_t most = std::max(degree_[a], degree_[b]);
    return static_cast<double>(Shared(a, b)) / static_cast<double>(most);
  }

 private:
  std::size_t words_ = 0;
  std::vector<std::uint64_t> bits_;
  std::vector<std::size_t> degree_;
};

// Products are taken eight at a time: 8 proximities and 8 weighted ones are two cache lines, and 5,000 of such rows
// stay in the second cache. Eigen keeps the sixteen sums in registers, which the compiler alone does not.
constexpr std::size_t kBlock = 8;
using Sums = Eigen::Array<double, 2 * kBlock, 1>;

// Calls work(first) for every block of products, each once, on several threads. Blocks write to places of their own.
template <class Work>
void ForEachBlock(std::size_t products, unsigned threads, const Work& work) {
  const std::size_t blocks = (products + kBlock - 1) / kBlock;
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(std::min<std::size_t>({threads, blocks, 64}));
  if (products < 512) threads = 1;  // Done before a thread has started.
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    auto work_here = work;  // Its buffers are this thread's own.
    for (std::size_t block = next++; block < blocks; block = next++) work_here(block * kBlock);
  };
  std::vector<std::thread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back(run);
  run();
  for (std::thread& thread : others) thread.join();
}

// Density and gain of eight products at a time.
struct OutlookBlock {
  const Presence& presence;
  const BitRows& bits;
  const std::vector<double>& weight;  // PCI_q / Σ φ_q·, zero where PCI is not known.
  const std::vector<double>& reach;   // Σ φ_p·
  Outlook& out;
  std::vector<Sums> rows{};  // Of product q: φ of q and each product of the block, then the same times weight[q].

  void operator()(std::size_t first) {
    const std::size_t count = std::min(kBlock, presence.products() - first);
    rows.assign(presence.products(), Sums::Zero());
    Sums all = Sums::Zero();
    for (std::size_t q = 0; q < presence.products(); ++q) {
      for (std::size_t j = 0; j < count; ++j) {
        const double proximity = bits.Proximity(q, first + j);
        rows[q][static_cast<Eigen::Index>(j)] = proximity;
        rows[q][static_cast<Eigen::Index>(kBlock + j)] = proximity * weight[q];
      }
      all += rows[q];
    }
    for (std::size_t r = 0; r < presence.regions(); ++r) {
      Sums has = Sums::Zero();
      for (const std::uint32_t q : presence.ProductsOf(r)) has += rows[q];
      double* density = &out.density.value[r * presence.products() + first];
      double* gain = &out.gain.value[r * presence.products() + first];
      for (std::size_t j = 0; j < count; ++j) {
        const auto weighted = static_cast<Eigen::Index>(kBlock + j);
        density[j] = has[static_cast<Eigen::Index>(j)] / reach[first + j];
        gain[j] = all[weighted] - has[weighted];
      }
    }
  }
};

// Σ_q φ_pq of every product.
std::vector<double> Reach(const BitRows& bits) {
  std::vector<double> reach(bits.items());
  for (std::size_t a = 0; a < bits.items(); ++a) {
    reach[a] += 1;
    for (std::size_t b = a + 1; b < bits.items(); ++b) {
      const double proximity = bits.Proximity(a, b);
      reach[a] += proximity;
      reach[b] += proximity;
    }
  }
  return reach;
}

void Standardise(std::vector<double>& values) {
  double mean = 0, square = 0, count = 0;
  for (const double x : values)
    if (!std::isnan(x)) mean += x, ++count;
  mean /= count;
  for (const double x : values)
    if (!std::isnan(x)) square += (x - mean) * (x - mean);
  const double deviation = std::sqrt(square / count);
  for (double& x : values) x = deviation > 1e-12 * std::abs(mean) ? (x - mean) / deviation : kNaN;
}

}  // namespace

Result<std::vector<ProximityPair>> Proximities(const Presence& presence, Side side, std::size_t most) {
  const BitRows bits(presence, side);
  std::vector<ProximityPair> pairs;
  for (std::uint32_t a = 0; a < bits.items(); ++a) {
    for (std::uint32_t b = a + 1; b < bits.items(); ++b) {
      const double proximity = bits.Proximity(a, b);
      if (proximity == 0) continue;
      if (pairs.size() == most)
        return Invalid("chain.structure_too_many_pairs",
                       fmt::format("{} items share more than {} pairs.", bits.items(), most));
      pairs.push_back({a, b, proximity});
    }
  }
  return pairs;
}

Outlook ComputeOutlook(const Presence& presence, const Complexity& complexity, unsigned threads) {
  LF_CHECK(complexity.eci.size() == presence.regions() && complexity.pci.size() == presence.products());
  const std::size_t products = presence.products();
  const BitRows bits(presence, Side::kProducts);
  const std::vector<double> reach = Reach(bits);
  std::vector<double> weight(products);
  for (std::size_t p = 0; p < products; ++p)
    weight[p] = std::isnan(complexity.raw_pci[p]) ? 0 : complexity.raw_pci[p] / reach[p];

  Outlook out;
  out.density = {products, std::vector<double>(presence.regions() * products)};
  out.gain = out.density;
  ForEachBlock(products, threads, OutlookBlock{presence, bits, weight, reach, out});

  out.coi.assign(presence.regions(), kNaN);
  for (std::size_t r = 0; r < presence.regions(); ++r) {
    double* gain = &out.gain.value[r * products];
    for (const std::uint32_t p : presence.ProductsOf(r)) gain[p] = 0;
    double sum = 0;
    std::span<const std::uint32_t> has = presence.ProductsOf(r);
    for (std::size_t p = 0; p < products; ++p) {
      const bool present = !has.empty() && has.front() == p;
      if (present) has = has.subspan(1);
      if (std::isnan(complexity.raw_pci[p])) {
        gain[p] = kNaN;
      } else if (!present) {
        sum += out.density.At(r, p) * complexity.raw_pci[p];
      }
    }
    if (!std::isnan(complexity.eci[r])) out.coi[r] = sum;
  }
  Standardise(out.coi);
  return out;
}

Result<SquareTable> CoOccurrence(const Presence& presence) {
  constexpr std::size_t kMost = 6'000;
  const std::size_t n = presence.products();
  if (n > kMost)
    return Invalid("chain.structure_too_large", fmt::format("A table of {} × {} products is above {}.", n, n, kMost));
  const BitRows bits(presence, Side::kProducts);
  SquareTable out{n, std::vector<double>(n * n)};
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = a + 1; b < n; ++b)
      out.value[a * n + b] = out.value[b * n + a] = static_cast<double>(bits.Shared(a, b));
  return out;
}

SquareTable Relatedness(const SquareTable& co_occurrence, RelatednessMeasure measure) {
  const std::size_t n = co_occurrence.size;
  std::vector<double> sum(n);
  double total = 0;
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) sum[a] += co_occurrence.At(a, b);
    total += sum[a];
  }
  SquareTable out{n, std::vector<double>(n * n)};
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      const double both = co_occurrence.At(a, b), sa = sum[a], sb = sum[b];
      if (both == 0 || a == b) continue;
      double value = 0;
      switch (measure) {
        case RelatednessMeasure::kProbability:
          // Expected: the first of a pair is a and the second, drawn from the others, b; or the other way round.
          value = both / ((sa / total * (sb / (total - sa)) + sb / total * (sa / (total - sb))) * (total / 2));
          break;
        case RelatednessMeasure::kAssociation:
          value = both * total / (sa * sb);
          break;
        case RelatednessMeasure::kCosine:
          value = both / std::sqrt(sa * sb);
          break;
        case RelatednessMeasure::kJaccard:
          value = both / (sa + sb - both);
          break;
      }
      out.value[a * n + b] = value;
    }
  }
  return out;
}

SquareTable CoOccurrenceZScore(const SquareTable& co_occurrence, const Presence& presence) {
  const std::size_t n = co_occurrence.size;
  LF_CHECK(n == presence.products());
  const auto regions = static_cast<double>(presence.regions());
  SquareTable out{n, std::vector<double>(n * n, kNaN)};
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      const auto ua = static_cast<double>(presence.Ubiquity(a)), ub = static_cast<double>(presence.Ubiquity(b));
      const double expected = ua * ub / regions;
      const double variance = expected * ((regions - ua) * (regions - ub)) / (regions * (regions - 1));
      if (variance > 0) out.value[a * n + b] = (co_occurrence.At(a, b) - expected) / std::sqrt(variance);
    }
  }
  return out;
}

DenseCells DensityWith(const Presence& presence, const SquareTable& relatedness) {
  const std::size_t n = presence.products();
  LF_CHECK(relatedness.size == n);
  DenseCells out{n, std::vector<double>(presence.regions() * n)};
  std::vector<double> reach(n);
  for (std::size_t q = 0; q < n; ++q)
    for (std::size_t p = 0; p < n; ++p) reach[p] += relatedness.At(q, p);
  for (std::size_t r = 0; r < presence.regions(); ++r) {
    double* density = &out.value[r * n];
    for (const std::uint32_t q : presence.ProductsOf(r))
      for (std::size_t p = 0; p < n; ++p) density[p] += relatedness.At(q, p);
    for (std::size_t p = 0; p < n; ++p) density[p] = reach[p] > 0 ? density[p] / reach[p] : kNaN;
  }
  return out;
}

}  // namespace landfall::chain
