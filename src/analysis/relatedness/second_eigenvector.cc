// SPDX-License-Identifier: Apache-2.0
#include "analysis/relatedness/second_eigenvector.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace landfall::chain {
namespace {

using Vector = Eigen::VectorXd;

Vector Multiply(const SymmetricOperator& multiply, const Vector& x) {
  Vector y(x.size());
  multiply({x.data(), static_cast<std::size_t>(x.size())}, {y.data(), static_cast<std::size_t>(y.size())});
  return y;
}

SecondEigenvector Dense(const SymmetricOperator& multiply, const Vector& first) {
  const Eigen::Index n = first.size();
  Eigen::MatrixXd matrix(n, n);
  for (Eigen::Index column = 0; column < n; ++column) matrix.col(column) = Multiply(multiply, Vector::Unit(n, column));
  matrix = (matrix + matrix.transpose()).eval() / 2;
  // The known vector is moved to the other end of the spectrum (S is positive semidefinite, at most 1), so that the
  // largest eigenvalue left is λ₂ even where it equals λ₁ to the last bit.
  matrix -= 2 * first * first.transpose();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  SecondEigenvector out;
  out.converged = solver.info() == Eigen::Success;
  out.value = solver.eigenvalues()[n - 1];
  out.next = n > 2 ? solver.eigenvalues()[n - 2] : 0;
  const Vector vector = solver.eigenvectors().col(n - 1);
  out.vector.assign(vector.data(), vector.data() + n);
  return out;
}

// A start that is not orthogonal to anything by accident: SplitMix64 of the index.
Vector Start(Eigen::Index n) {
  Vector start(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    std::uint64_t z = (static_cast<std::uint64_t>(i) + 1) * 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    start[i] = static_cast<double>(z >> 11) * 0x1p-53 - 0.5;
  }
  return start;
}

struct Largest {
  double value = 0;
  Vector vector;
  bool converged = false;
};

// The largest eigenpair orthogonal to the columns of `known`.
Largest Lanczos(const SymmetricOperator& multiply, const Eigen::MatrixXd& known, double tolerance) {
  const Eigen::Index n = known.rows();
  const Eigen::Index most = std::min<Eigen::Index>(n - known.cols(), 300);
  constexpr int kRestarts = 12;
  const auto purge = [&](Vector& v, const Eigen::MatrixXd& basis, Eigen::Index columns) {
    for (int pass = 0; pass < 2; ++pass) {  // Twice is enough (Kahan, Parlett).
      v -= known * (known.transpose() * v);
      if (columns > 0) v -= basis.leftCols(columns) * (basis.leftCols(columns).transpose() * v);
    }
  };

  Largest out;
  out.vector = Start(n);
  Eigen::MatrixXd basis(n, most);
  for (int restart = 0; restart < kRestarts && !out.converged; ++restart) {
    Vector v = out.vector;
    purge(v, basis, 0);
    v.normalize();
    std::vector<double> diagonal, beside;
    Eigen::Index next_check = 16;
    for (Eigen::Index k = 0; k < most; ++k) {
      basis.col(k) = v;
      Vector w = Multiply(multiply, v);
      diagonal.push_back(v.dot(w));
      purge(w, basis, k + 1);
      const double norm = w.norm();
      const bool last = k + 1 == most || norm < 1e-14;
      if (!last && k + 1 < next_check) {
        beside.push_back(norm);
        v = w / norm;
        continue;
      }
      next_check += next_check / 3;
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> ritz;
      ritz.computeFromTridiagonal(Eigen::Map<const Vector>(diagonal.data(), k + 1),
                                  Eigen::Map<const Vector>(beside.data(), k));
      const double residual = norm * std::abs(ritz.eigenvectors()(k, k));
      const double gap = k > 0 ? ritz.eigenvalues()[k] - ritz.eigenvalues()[k - 1] : 1;
      out.converged = norm < 1e-14 || residual <= std::max(tolerance * gap, 1e-16);
      if (out.converged || last) {
        out.value = ritz.eigenvalues()[k];
        out.vector = basis.leftCols(k + 1) * ritz.eigenvectors().col(k);
        break;
      }
      beside.push_back(norm);
      v = w / norm;
    }
  }
  out.vector.normalize();
  return out;
}

}  // namespace

SecondEigenvector FindSecondEigenvector(const SymmetricOperator& multiply, std::span<const double> first,
                                        std::size_t dense_below) {
  const auto n = static_cast<Eigen::Index>(first.size());
  const Vector known = Eigen::Map<const Vector>(first.data(), n);
  if (first.size() <= std::max<std::size_t>(dense_below, 3)) return Dense(multiply, known);

  Eigen::MatrixXd deflated(n, 2);
  deflated.col(0) = known;
  Largest second = Lanczos(multiply, deflated.leftCols(1), 1e-13);
  SecondEigenvector out;
  out.value = second.value;
  out.vector.assign(second.vector.data(), second.vector.data() + n);
  deflated.col(1) = second.vector;
  // λ₃ only says how well λ₂ stands apart: the error of a Ritz value is the square of its residual.
  const Largest third = Lanczos(multiply, deflated, 1e-6);
  out.next = third.value;
  out.converged = second.converged && third.converged;
  return out;
}

}  // namespace landfall::chain
