// SPDX-License-Identifier: Apache-2.0
#include "analysis/relatedness/complexity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/relatedness/second_eigenvector.h"

namespace landfall::chain {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The largest connected part, by numbers of the Presence, ascending.
struct Part {
  std::vector<std::uint32_t> regions, products;
};

Part LargestPart(const Presence& presence) {
  std::vector<char> region_seen(presence.regions()), product_seen(presence.products());
  Part largest;
  for (std::uint32_t start = 0; start < presence.regions(); ++start) {
    if (region_seen[start]) continue;
    Part part;
    part.regions.push_back(start);
    region_seen[start] = 1;
    for (std::size_t at = 0; at < part.regions.size(); ++at) {
      for (const std::uint32_t p : presence.ProductsOf(part.regions[at])) {
        if (std::exchange(product_seen[p], 1)) continue;
        part.products.push_back(p);
        for (const std::uint32_t r : presence.RegionsOf(p))
          if (!std::exchange(region_seen[r], 1)) part.regions.push_back(r);
      }
    }
    // Starts ascend by name, so the first of equals stays.
    if (std::pair(part.regions.size(), part.products.size()) >
        std::pair(largest.regions.size(), largest.products.size()))
      largest = std::move(part);
  }
  std::sort(largest.regions.begin(), largest.regions.end());
  std::sort(largest.products.begin(), largest.products.end());
  return largest;
}

std::vector<std::uint32_t> Others(const std::vector<std::uint32_t>& some, std::size_t count) {
  std::vector<std::uint32_t> others;
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (at < some.size() && some[at] == i)
      ++at;
    else
      others.push_back(i);
  }
  return others;
}

// out[r] = mean of `product` over the products of r. Regions of other parts get means of their own, which nobody reads.
void MeanOverProducts(const Presence& presence, std::span<const double> product, std::span<double> out) {
  for (std::size_t r = 0; r < presence.regions(); ++r) {
    double sum = 0;
    for (const std::uint32_t p : presence.ProductsOf(r)) sum += product[p];
    out[r] = sum / static_cast<double>(presence.Diversity(r));
  }
}

void MeanOverRegions(const Presence& presence, std::span<const double> region, std::span<double> out) {
  for (std::size_t p = 0; p < presence.products(); ++p) {
    double sum = 0;
    for (const std::uint32_t r : presence.RegionsOf(p)) sum += region[r];
    out[p] = sum / static_cast<double>(presence.Ubiquity(p));
  }
}

// The averaging walk from the side of `part` to the other and back, made symmetric by the roots of the degrees.
class Walk {
 public:
  Walk(const Presence& presence, const std::vector<std::uint32_t>& part, bool from_regions)
      : presence_(presence), part_(part), from_regions_(from_regions) {
    near_.resize(from_regions ? presence.regions() : presence.products());
    far_.resize(from_regions ? presence.products() : presence.regions());
    for (const std::uint32_t i : part) root_.push_back(std::sqrt(static_cast<double>(Degree(i))));
  }

  std::vector<double> FirstVector() const {
    std::vector<double> first = root_;
    const double norm = std::sqrt(std::inner_product(first.begin(), first.end(), first.begin(), 0.0));
    for (double& x : first) x /= norm;
    return first;
  }

  void operator()(std::span<const double> x, std::span<double> y) {
    for (std::size_t i = 0; i < part_.size(); ++i) near_[part_[i]] = x[i] / root_[i];
    if (from_regions_) {
      MeanOverRegions(presence_, near_, far_);
      MeanOverProducts(presence_, far_, near_);
    } else {
      MeanOverProducts(presence_, near_, far_);
      MeanOverRegions(presence_, far_, near_);
    }
    for (std::size_t i = 0; i < part_.size(); ++i) y[i] = near_[part_[i]] * root_[i];
  }

  double root(std::size_t i) const { return root_[i]; }

 private:
  std::size_t Degree(std::uint32_t i) const { return from_regions_ ? presence_.Diversity(i) : presence_.Ubiquity(i); }

  const Presence& presence_;
  const std::vector<std::uint32_t>& part_;
  const bool from_regions_;
  std::vector<double> near_, far_, root_;
};

struct Moments {
  double mean, deviation;
};

Moments MomentsOf(const std::vector<double>& values, const std::vector<std::uint32_t>& at) {
  const auto n = static_cast<double>(at.size());
  double mean = 0, square = 0;
  for (const std::uint32_t i : at) mean += values[i] / n;
  for (const std::uint32_t i : at) square += (values[i] - mean) * (values[i] - mean) / n;
  return {mean, std::sqrt(square)};
}

// 0 where one of the two does not vary.
double Correlation(const std::vector<double>& a, const std::vector<double>& b, const std::vector<std::uint32_t>& at) {
  const Moments ma = MomentsOf(a, at), mb = MomentsOf(b, at);
  if (ma.deviation <= 1e-12 * std::abs(ma.mean) || mb.deviation <= 1e-12 * std::abs(mb.mean)) return 0;
  double sum = 0;
  for (const std::uint32_t i : at) sum += (a[i] - ma.mean) * (b[i] - mb.mean);
  return sum / (static_cast<double>(at.size()) * ma.deviation * mb.deviation);
}

struct Orientation {
  double factor;  // 1 or -1
  EciSign by;
};

Orientation Orient(const Presence& presence, const Part& part, const std::vector<double>& kc) {
  constexpr double kTells = 1e-9;
  std::vector<double> diversity(presence.regions()), ubiquity(presence.products()), mean_ubiquity(presence.regions());
  for (std::size_t r = 0; r < presence.regions(); ++r) diversity[r] = static_cast<double>(presence.Diversity(r));
  for (std::size_t p = 0; p < presence.products(); ++p) ubiquity[p] = static_cast<double>(presence.Ubiquity(p));
  MeanOverProducts(presence, ubiquity, mean_ubiquity);
  if (const double c = Correlation(kc, diversity, part.regions); std::abs(c) > kTells)
    return {c > 0 ? 1.0 : -1.0, EciSign::kDiversity};
  if (const double c = Correlation(kc, mean_ubiquity, part.regions); std::abs(c) > kTells)
    return {c < 0 ? 1.0 : -1.0, EciSign::kUbiquity};
  for (const std::uint32_t r : part.regions)
    if (std::abs(kc[r]) > kTells) return {kc[r] > 0 ? 1.0 : -1.0, EciSign::kName};
  return {1.0, EciSign::kName};
}

void DivideByMean(std::vector<double>& values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  for (double& x : values) x /= mean;
}

void RescaleToHundred(std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double from = *low, width = *high - *low;
  if (width <= 0) return;  // All alike: there is no scale.
  for (double& x : values) x = (x - from) / width * 100;
}

}  // namespace

std::string_view EciSignName(EciSign sign) {
  switch (sign) {
    case EciSign::kDiversity:
      return "diversity";
    case EciSign::kUbiquity:
      return "mean_ubiquity";
    case EciSign::kName:
      return "first_name";
  }
  LF_CHECK(false);
}

std::string_view EciAbsenceName(EciAbsence absence) {
  switch (absence) {
    case EciAbsence::kNone:
      return "";
    case EciAbsence::kAmbiguous:
      return "ambiguous";
    case EciAbsence::kUniform:
      return "uniform";
    case EciAbsence::kTooSmall:
      return "too_small";
  }
  LF_CHECK(false);
}

Complexity EconomicComplexity(const Presence& presence, std::size_t dense_below) {
  Complexity out;
  out.eci.assign(presence.regions(), kNaN);
  out.pci.assign(presence.products(), kNaN);
  out.raw_pci.assign(presence.products(), kNaN);
  const Part part = LargestPart(presence);
  out.unconnected_regions = Others(part.regions, presence.regions());
  out.unconnected_products = Others(part.products, presence.products());
  if (part.regions.size() < 2 || part.products.size() < 2) {
    out.absence = EciAbsence::kTooSmall;
    return out;
  }

  const bool from_regions = part.regions.size() <= part.products.size();
  const std::vector<std::uint32_t>& side = from_regions ? part.regions : part.products;
  Walk walk(presence, side, from_regions);
  const std::vector<double> first = walk.FirstVector();
  const SecondEigenvector second = FindSecondEigenvector(std::ref(walk), first, dense_below);
  out.second_eigenvalue = second.value;
  out.third_eigenvalue = second.next;
  if (second.value < 1e-12)
    out.absence = EciAbsence::kUniform;
  else if (!second.converged || second.value - second.next < 1e-9)
    out.absence = EciAbsence::kAmbiguous;
  if (out.absence != EciAbsence::kNone) return out;

  std::vector<double> kc(presence.regions()), kp(presence.products());
  if (from_regions) {
    for (std::size_t i = 0; i < side.size(); ++i) kc[side[i]] = second.vector[i] / walk.root(i);
  } else {
    for (std::size_t i = 0; i < side.size(); ++i) kp[side[i]] = second.vector[i] / walk.root(i);
    MeanOverProducts(presence, kp, kc);
  }
  const Moments spread = MomentsOf(kc, part.regions);
  const Orientation orientation = Orient(presence, part, kc);
  out.sign = orientation.by;
  const double scale = orientation.factor / spread.deviation;
  MeanOverRegions(presence, kc, kp);
  for (const std::uint32_t r : part.regions) out.eci[r] = (kc[r] - spread.mean) * scale;
  for (const std::uint32_t p : part.products) {
    out.raw_pci[p] = kp[p] / second.value * scale;
    out.pci[p] = out.raw_pci[p] - spread.mean * scale;
  }
  return out;
}

Fitness FitnessComplexity(const Presence& presence, int iterations) {
  LF_CHECK(iterations >= 0);
  Fitness now{std::vector<double>(presence.regions(), 1.0), std::vector<double>(presence.products(), 1.0)};
  Fitness next = now;
  for (int n = 0; n < iterations; ++n) {
    for (std::size_t r = 0; r < presence.regions(); ++r) {
      double sum = 0;
      for (const std::uint32_t p : presence.ProductsOf(r)) sum += now.product[p];
      next.region[r] = sum;
    }
    for (std::size_t p = 0; p < presence.products(); ++p) {
      double sum = 0;
      for (const std::uint32_t r : presence.RegionsOf(p)) sum += 1 / now.region[r];
      next.product[p] = 1 / sum;
    }
    DivideByMean(next.region);
    DivideByMean(next.product);
    std::swap(now, next);
  }
  return now;
}

Reflections MethodOfReflections(const Presence& presence, int steps) {
  LF_CHECK(steps >= 0);
  Reflections now{std::vector<double>(presence.regions()), std::vector<double>(presence.products())};
  for (std::size_t r = 0; r < presence.regions(); ++r) now.region[r] = static_cast<double>(presence.Diversity(r));
  for (std::size_t p = 0; p < presence.products(); ++p) now.product[p] = static_cast<double>(presence.Ubiquity(p));
  for (int n = 1; n <= steps; ++n) {
    Reflections next = now;
    MeanOverProducts(presence, now.product, next.region);
    MeanOverRegions(presence, now.region, next.product);
    if (n > 2) {
      RescaleToHundred(next.region);
      RescaleToHundred(next.product);
    }
    now = std::move(next);
  }
  return now;
}

}  // namespace landfall::chain
