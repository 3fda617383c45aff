// SPDX-License-Identifier: Apache-2.0
// Structure of chains: complexity, fitness and outlook at the size of world trade (226 × 785) and of all counties by
// classes of industry (2,000 × 5,000), both nested with noise. Every answer is checked against its definition.
#include <algorithm>
#include <cmath>
#include <random>

#include "analysis/relatedness/concentration.h"
#include "analysis/relatedness/product_space.h"
#include "bench/bench.h"

namespace landfall::chain {
namespace {

// About one cell in five is present, as in world trade. Whole numbers.
StructureMatrix Nested(std::uint64_t seed, std::size_t regions, std::size_t products) {
  std::mt19937_64 random(seed);
  const auto unit = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  StructureBuilder builder;
  for (std::size_t r = 0; r < regions; ++r) {
    for (std::size_t p = 0; p < products; ++p) {
      const double reach = static_cast<double>(r + 1) / static_cast<double>(regions);
      const double rare = static_cast<double>(p + 1) / static_cast<double>(products);
      if (unit() < 0.1 + 0.8 * std::max(0.0, reach - 0.6 * rare))
        LF_CHECK(
            builder.Add(fmt::format("r{}", r), fmt::format("p{}", p), 1 + std::floor(1e6 * std::pow(unit(), 4))).ok());
    }
  }
  return builder.Finish().value();
}

// λ·kp is the mean of kc, which is the mean of kp.
void CheckEigenpair(const Presence& presence, const Complexity& complexity) {
  LF_CHECK(complexity.absence == EciAbsence::kNone);
  std::vector<double> kc(presence.regions());
  for (std::size_t r = 0; r < presence.regions(); ++r) {
    for (const std::uint32_t p : presence.ProductsOf(r)) kc[r] += complexity.raw_pci[p];
    kc[r] /= static_cast<double>(presence.Diversity(r));
  }
  for (std::size_t p = 0; p < presence.products(); ++p) {
    double mean = 0;
    for (const std::uint32_t r : presence.RegionsOf(p)) mean += kc[r];
    mean /= static_cast<double>(presence.Ubiquity(p));
    LF_CHECK(std::abs(mean - complexity.second_eigenvalue * complexity.raw_pci[p]) < 1e-9);
  }
}

// The density of a few cells by the definition.
void CheckOutlook(const Presence& presence, const Outlook& outlook) {
  for (std::size_t r = 0; r < presence.regions(); r += presence.regions() / 5) {
    const auto has = presence.ProductsOf(r);
    for (const std::size_t p : {std::size_t{0}, presence.products() / 2, presence.products() - 1}) {
      double own = 0, all = 0;
      for (std::size_t q = 0; q < presence.products(); ++q) {
        std::size_t both = 0;
        for (const std::uint32_t region : presence.RegionsOf(q)) {
          const auto of_p = presence.RegionsOf(p);
          both += std::binary_search(of_p.begin(), of_p.end(), region);
        }
        const double phi =
            static_cast<double>(both) / static_cast<double>(std::max(presence.Ubiquity(p), presence.Ubiquity(q)));
        all += phi;
        if (std::binary_search(has.begin(), has.end(), q)) own += phi;
      }
      LF_CHECK(std::abs(outlook.density.At(r, p) - own / all) < 1e-12);
    }
  }
}

struct Milliseconds {
  double wall, cpu;  // cpu: of the calling thread, which other work on the machine does not stretch.
};

template <class Work>
Milliseconds Median(int runs, const Work& work) {
  std::vector<double> wall, cpu;
  for (int i = 0; i < runs; ++i) {
    const bench::Times times = bench::Measure(work);
    wall.push_back(times.wall * 1e3);
    cpu.push_back(times.cpu * 1e3);
  }
  return {bench::Median(wall), bench::Median(cpu)};
}

void Measure(bench::Report& report, std::size_t regions, std::size_t products, int runs, bool against_whole_spectrum) {
  const std::string size = fmt::format("{}x{}", regions, products);
  const StructureMatrix matrix = Nested(20'211'117, regions, products);
  const Presence presence = Presence::Of(matrix).value();
  report.Figure(size + ".presences", static_cast<double>(presence.count()), "cells");
  const auto figure = [&](std::string_view name, double ms, std::string_view of = {}, double ratio = 0) {
    report.Figure(fmt::format("{}.{}", size, name), ms, "ms", of, ratio);
  };
  figure("quotients_and_presence.cpu", Median(runs, [&] { LF_CHECK(Presence::Of(matrix).ok()); }).cpu);

  Complexity complexity;
  const double eci = Median(runs, [&] { complexity = EconomicComplexity(presence); }).cpu;
  CheckEigenpair(presence, complexity);
  if (against_whole_spectrum) {
    Complexity whole;
    const double dense = Median(3, [&] { whole = EconomicComplexity(presence, presence.regions()); }).cpu;
    for (std::size_t r = 0; r < presence.regions(); ++r) LF_CHECK(std::abs(whole.eci[r] - complexity.eci[r]) < 1e-9);
    figure("eci_by_whole_spectrum.cpu", dense);
    figure("eci.cpu", eci, "eci_by_whole_spectrum", dense / eci);
  } else {
    figure("eci.cpu", eci);
  }
  figure("fitness_19_steps.cpu",
         Median(runs, [&] { LF_CHECK(std::isfinite(FitnessComplexity(presence, 19).region[0])); }).cpu);

  Outlook outlook, parallel;
  const Milliseconds one = Median(std::min(runs, 3), [&] { outlook = ComputeOutlook(presence, complexity, 1); });
  const Milliseconds two = Median(std::min(runs, 3), [&] { parallel = ComputeOutlook(presence, complexity, 2); });
  LF_CHECK(parallel.density.value == outlook.density.value && parallel.coi == outlook.coi);
  CheckOutlook(presence, outlook);
  figure("density_coi_cog.one_thread.cpu", one.cpu);
  figure("density_coi_cog.one_thread.wall", one.wall);
  figure("density_coi_cog.two_threads.wall", two.wall, "one_thread.wall", one.wall / two.wall);
  figure("indices_of_regions_and_products.cpu",
         Median(runs, [&] {
           LF_CHECK(IndicesOfRegions(matrix).size() == regions && IndicesOfProducts(matrix).size() == products);
         }).cpu);
  report.Figure(size + ".resident", bench::RssMb(), "MB");
}

}  // namespace
}  // namespace landfall::chain

int main(int argc, char** argv) {
  const auto options = landfall::bench::ParseOptions(argc, argv);
  landfall::bench::Report report("chain_structure");
  landfall::chain::Measure(report, 226, 785, options.quick ? 1 : 9, true);
  if (!options.quick) landfall::chain::Measure(report, 2'000, 5'000, 3, false);
}
