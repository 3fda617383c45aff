// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/logistic.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace landfall::chain::forecast {
namespace {

double Sigmoid(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

}  // namespace

double Logistic::Score(std::span<const double> row) const {
  LF_CHECK(row.size() == weights.size());
  double sum = intercept;
  for (std::size_t i = 0; i < row.size(); ++i) sum += weights[i] * row[i];
  return sum;
}

double Logistic::Probability(std::span<const double> row) const { return Sigmoid(Score(row)); }

Result<Logistic> FitLogistic(std::span<const double> rows, std::span<const char> positive, double penalty) {
  const auto n = static_cast<Eigen::Index>(positive.size());
  const auto happened = std::count_if(positive.begin(), positive.end(), [](char y) { return y != 0; });
  if (happened == 0 || happened == n)
    return Invalid("chain.forecast_too_few_cases", "Nothing to tell apart: all cases ended alike.");
  LF_CHECK(penalty > 0 && rows.size() % positive.size() == 0);
  const Eigen::Index p = static_cast<Eigen::Index>(rows.size()) / n;
  Eigen::MatrixXd x(n, p + 1);
  x.leftCols(p) =
      Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(rows.data(), n, p);
  x.col(p).setOnes();
  Eigen::VectorXd y(n), ridge = Eigen::VectorXd::Constant(p + 1, penalty), w = Eigen::VectorXd::Zero(p + 1);
  for (Eigen::Index i = 0; i < n; ++i) y(i) = positive[static_cast<std::size_t>(i)] != 0 ? 1 : 0;
  ridge(p) = 0;
  w(p) = std::log(static_cast<double>(happened) / static_cast<double>(n - happened));
  const auto loss = [&](const Eigen::VectorXd& at) {
    double sum = 0.5 * at.cwiseAbs2().dot(ridge);
    const Eigen::VectorXd score = x * at;
    for (Eigen::Index i = 0; i < n; ++i)  // log(1 + e^s) − y s, without overflow.
      sum += std::max(score(i), 0.0) + std::log1p(std::exp(-std::abs(score(i)))) - y(i) * score(i);
    return sum;
  };
  double current = loss(w);
  for (int step = 0; step < 100; ++step) {
    const Eigen::VectorXd score = x * w;
    const Eigen::VectorXd probability = score.unaryExpr([](double s) { return Sigmoid(s); });
    const Eigen::VectorXd gradient = x.transpose() * (probability - y) + ridge.cwiseProduct(w);
    const Eigen::VectorXd curvature = probability.cwiseProduct(Eigen::VectorXd::Ones(n) - probability);
    Eigen::MatrixXd hessian = x.transpose() * curvature.asDiagonal() * x;
    hessian.diagonal() += ridge;
    const Eigen::VectorXd direction = hessian.ldlt().solve(gradient);
    // The penalised loss is convex, so a short enough step always lowers it until the minimum is reached.
    double length = 1, next = loss(w - direction);
    while (!(next <= current) && length > 1e-6) next = loss(w - (length /= 2) * direction);
    if (!(next <= current)) break;
    w -= length * direction;
    const bool done = current - next <= 1e-12 * std::abs(current);
    current = next;
    if (done) break;
  }
  Logistic out;
  out.intercept = w(p);
  out.weights.assign(w.data(), w.data() + p);
  return out;
}

double LogLoss(const Logistic& model, std::span<const double> rows, std::span<const char> positive) {
  const std::size_t p = model.weights.size();
  double sum = 0;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    const double score = model.Score(rows.subspan(i * p, p));
    sum += std::max(score, 0.0) + std::log1p(std::exp(-std::abs(score))) - (positive[i] != 0 ? score : 0);
  }
  return sum / static_cast<double>(positive.size());
}

}  // namespace landfall::chain::forecast
