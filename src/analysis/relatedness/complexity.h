// SPDX-License-Identifier: Apache-2.0
// Economic complexity: which regions make what few others make, and which products only such regions make.
//
// ECI and PCI: kc = mean of kp over the region's products, λ·kp = mean of kc over the product's regions; kc is the
// eigenvector of D⁻¹·M·U⁻¹·Mᵀ with the second largest eigenvalue (Hausmann, Hidalgo et al., The Atlas of Economic
// Complexity, 2011). It is found from the symmetric D^-½·M·U⁻¹·Mᵀ·D^-½, which has the same eigenvalues and orthogonal
// eigenvectors. ECI = (kc − mean) / deviation, PCI = (kp − mean of kc) / deviation of kc, population deviation, as the
// Growth Lab's programs do. The sign is set so that ECI rises with diversity.
//
// Fitness and complexity: Tacchella et al., A New Metrics for Countries' Fitness and Products' Complexity, 2012.
// Reflections: Hidalgo and Hausmann, The Building Blocks of Economic Complexity, 2009.
#pragma once

#include "analysis/relatedness/presence.h"

namespace landfall::chain {

// By what the sign of ECI was decided; each is asked only where those before it say nothing.
enum class EciSign : std::uint8_t {
  kDiversity,  // ECI correlates positively with diversity.
  kUbiquity,   // All diversities alike: ECI correlates negatively with the mean ubiquity of what a region makes.
  kName,       // Neither tells: the first region by name is positive.
};
std::string_view EciSignName(EciSign sign);  // "diversity", "mean_ubiquity", "first_name"

// Why there is no ECI at all.
enum class EciAbsence : std::uint8_t {
  kNone,       // There is one.
  kAmbiguous,  // λ₂ and λ₃ agree to 1e-9: any mixture of two orders would be as right.
  kUniform,    // λ₂ is zero: every region makes the same.
  kTooSmall,   // The largest connected part has a single region or product: nothing can be compared.
};
std::string_view EciAbsenceName(EciAbsence absence);  // "", "ambiguous", "uniform", "too_small"

struct Complexity {
  // By region and product of the Presence. NaN for those in `unconnected…`, and everywhere where `absence` says why.
  std::vector<double> eci, pci;
  // kp in units of the deviation of kc, with its own zero: what the outlook indices weigh with (product_space.h).
  std::vector<double> raw_pci;
  // Outside the largest connected part (most regions, then most products, then the first name), by Presence's numbers.
  std::vector<std::uint32_t> unconnected_regions, unconnected_products;
  double second_eigenvalue = 0, third_eigenvalue = 0;
  EciSign sign = EciSign::kDiversity;
  EciAbsence absence = EciAbsence::kNone;
};

// `dense_below` is for tests: it must not matter. Accuracy: 1e-13 divided by the distance of λ₂ from λ₃.
// Cost: about 200 to 600 passes over the presences. Memory: the smaller side × at most 300 doubles.
Complexity EconomicComplexity(const Presence& presence, std::size_t dense_below = 64);

struct Fitness {
  std::vector<double> region, product;  // F and Q, each with mean 1.
};

// F(0) = Q(0) = 1; F(n) = M·Q(n−1), Q(n) = 1 / (Mᵀ·(1/F(n−1))), each divided by its mean. It is read after a number of
// steps, because on most data the least fit go to zero: there the order is what counts.
// Precondition: iterations ≥ 0. Cost: two passes a step.
Fitness FitnessComplexity(const Presence& presence, int iterations);

struct Reflections {
  std::vector<double> region, product;  // k_c,N and k_p,N.
};

// k_c,0 = diversity, k_p,0 = ubiquity; each step averages the other side. From the third step on both are rescaled to
// 0…100, since the averages draw together. Precondition: steps ≥ 0.
Reflections MethodOfReflections(const Presence& presence, int steps);

}  // namespace landfall::chain
