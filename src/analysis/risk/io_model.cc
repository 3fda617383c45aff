// SPDX-License-Identifier: Apache-2.0
#include "analysis/risk/io_model.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>
#include <numeric>

namespace landfall::chain {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const Matrix>;

// An inverse may be this far below 0 by rounding alone.
constexpr double kRounding = 1e-9;

// I − |A| is a nonsingular M-matrix exactly when its inverse exists and is nowhere negative (Berman, Plemmons, 1994,
// ch. 6); column sums below 1 are enough for that and cost nothing.
Status CheckProductive(const IoTable& table, const Matrix& a, std::vector<std::string>& warnings) {
  const Eigen::VectorXd sums = a.cwiseAbs().colwise().sum();
  Eigen::Index worst = 0;
  if (sums.maxCoeff(&worst) < 1) return Ok{};
  const std::string& code = table.codes[static_cast<std::size_t>(worst)];
  const std::string& name = table.names[static_cast<std::size_t>(worst)];
  const Eigen::PartialPivLU<Matrix> lu(Matrix::Identity(a.rows(), a.cols()) - a.cwiseAbs());
  const bool regular = lu.rcond() > 1e-14;
  if (!regular || lu.inverse().minCoeff() < -kRounding)
    return Invalid("chain.io_not_productive",
                   fmt::format("The coefficients of column {} ({}) add to {}; {}.", code, name, sums(worst),
                               regular ? "the inverse of I - A has negative entries" : "I - A is singular"));
  for (Eigen::Index j = 0; j < sums.size(); ++j) {
    if (sums(j) < 1) continue;
    const auto k = static_cast<std::size_t>(j);
    warnings.push_back(
        fmt::format("Sector {} ({}) uses inputs of {} for each unit of its output; its value added is not "
                    "positive.",
                    table.codes[k], table.names[k], sums(j)));
  }
  return Ok{};
}

// A product that is used but not made here has no output to divide by on the supply side.
void WarnOfImportsOnly(const IoTable& table, std::vector<std::string>& warnings) {
  const std::size_t n = table.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (table.input[i] > 0) continue;
    const auto row = table.flows.begin() + static_cast<std::ptrdiff_t>(i * n);
    if (std::any_of(row, row + static_cast<std::ptrdiff_t>(n), [](double flow) { return flow != 0; }))
      warnings.push_back(
          fmt::format("Sector {} ({}) is used but has no output; its forward linkage is not defined and "
                      "counts as 1.",
                      table.codes[i], table.names[i]));
  }
}

Eigen::MatrixXd Pick(const ConstMap& m, std::span<const std::size_t> rows, std::span<const std::size_t> columns) {
  Eigen::MatrixXd out(rows.size(), columns.size());
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < columns.size(); ++c)
      out(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) =
          m(static_cast<Eigen::Index>(rows[r]), static_cast<Eigen::Index>(columns[c]));
  return out;
}

std::vector<double> OverMean(const std::vector<double>& values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  std::vector<double> out = values;
  for (double& value : out) value /= mean;
  return out;
}

}  // namespace

Result<IoModel> SolveIo(const IoTable& table) {
  const std::size_t n = table.size();
  LF_CHECK(n > 0 && table.flows.size() == n * n && table.input.size() == n);
  IoModel model;
  model.n = n;
  model.coefficients.resize(n * n);
  for (std::size_t j = 0; j < n; ++j) {
    const double x = table.input[j];
    for (std::size_t i = 0; i < n; ++i) {
      const double flow = table.flows[i * n + j];
      if (!(x > 0) && (flow != 0 || x < 0))
        return Invalid("chain.io_output_missing",
                       fmt::format("Sector {} ({}) has a total input of {} and uses {} of sector {}.", table.codes[j],
                                   table.names[j], x, flow, table.codes[i]));
      model.coefficients[i * n + j] = x > 0 ? flow / x : 0;
    }
  }
  const auto size = static_cast<Eigen::Index>(n);
  const Matrix a = ConstMap(model.coefficients.data(), size, size);
  LF_TRY(CheckProductive(table, a, model.warnings));
  WarnOfImportsOnly(table, model.warnings);
  const Matrix rest = Matrix::Identity(size, size) - a;
  const Matrix inverse = rest.partialPivLu().inverse();
  model.residual = (inverse * rest - Matrix::Identity(size, size)).cwiseAbs().maxCoeff();
  model.leontief.assign(inverse.data(), inverse.data() + n * n);
  model.ghosh.resize(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)  // Shares of an output of 0 do not exist; WarnOfImportsOnly says so.
      model.ghosh[i * n + j] = i == j               ? model.leontief[i * n + i]
                               : table.input[i] > 0 ? model.leontief[i * n + j] * table.input[j] / table.input[i]
                                                    : 0;
  return model;
}

Linkages MeasureLinkages(const IoModel& model) {
  const std::size_t n = model.n;
  Linkages out;
  out.backward.assign(n, 0);
  out.forward.assign(n, 0);
  std::vector<double> rows(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      out.backward[j] += model.leontief[i * n + j];
      rows[i] += model.leontief[i * n + j];
      out.forward[i] += model.ghosh[i * n + j];
    }
  }
  out.power = OverMean(out.backward);
  out.sensitivity = OverMean(rows);
  out.forward_index = OverMean(out.forward);
  for (std::size_t k = 0; k < n; ++k) {
    const bool back = out.power[k] > 1, forth = out.forward_index[k] > 1;
    out.kind.push_back(back && forth ? "key" : back ? "backward" : forth ? "forward" : "weak");
  }
  return out;
}

Result<Extraction> Extract(const IoTable& table, const IoModel& model, std::span<const std::size_t> sectors) {
  const std::size_t n = model.n;
  std::vector<bool> extracted(n, false);
  for (const std::size_t k : sectors) {
    if (k >= n || extracted[k])
      return NotFound("chain.io_unknown_sector", fmt::format("Index {} is no sector, or stands twice.", k));
    extracted[k] = true;
  }
  Extraction out;
  out.demand_loss_by_sector.assign(n, 0);
  out.supply_loss_by_sector.assign(n, 0);
  if (sectors.empty()) return out;

  std::vector<std::size_t> others;
  for (std::size_t k = 0; k < n; ++k)
    if (!extracted[k]) others.push_back(k);
  Eigen::VectorXd x(sectors.size());
  for (std::size_t s = 0; s < sectors.size(); ++s) {
    x(static_cast<Eigen::Index>(s)) = table.input[sectors[s]];
    out.own_output += table.input[sectors[s]];
  }
  const auto size = static_cast<Eigen::Index>(n);
  const ConstMap l(model.leontief.data(), size, size), g(model.ghosh.data(), size, size);
  const Eigen::VectorXd bought = Pick(l, others, sectors) * Pick(l, sectors, sectors).partialPivLu().solve(x);
  const Eigen::VectorXd sold =
      Pick(g, sectors, others).transpose() * Pick(g, sectors, sectors).transpose().partialPivLu().solve(x);
  for (std::size_t r = 0; r < others.size(); ++r) {
    const auto at = static_cast<Eigen::Index>(r);
    out.demand_loss += out.demand_loss_by_sector[others[r]] = bought(at);
    out.supply_loss += out.supply_loss_by_sector[others[r]] = sold(at);
  }
  return out;
}

}  // namespace landfall::chain
