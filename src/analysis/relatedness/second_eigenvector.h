// SPDX-License-Identifier: Apache-2.0
// The second eigenvector of a symmetric operator whose first one is known: the numerical heart of ECI. Internal to this
// folder.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace landfall::chain {

// y = S·x. Both have the operator's size and do not overlap.
using SymmetricOperator = std::function<void(std::span<const double> x, std::span<double> y)>;

struct SecondEigenvector {
  double value = 0;            // λ₂
  double next = 0;             // λ₃; 0 for an operator of size 2.
  std::vector<double> vector;  // Of length 1; its sign means nothing.
  bool converged = false;      // False where the eigenvalues lie too close together to tell the vectors apart.
};

// Precondition: S is positive semidefinite with largest eigenvalue `first_value` and eigenvector `first` (of length 1),
// n = first.size() ≥ 2. Up to `dense_below` the matrix is written out and solved whole; above, Lanczos with full
// reorthogonalisation against a start vector that depends on n alone, until the residual is below 1e-13 of the gap.
// Same input, same bytes. Cost: dense 10·n³; else about 60 to 300 products with S, twice (the second for λ₃).
SecondEigenvector FindSecondEigenvector(const SymmetricOperator& multiply, std::span<const double> first,
                                        std::size_t dense_below = 64);

}  // namespace landfall::chain
