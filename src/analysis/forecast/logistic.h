// SPDX-License-Identifier: Apache-2.0
// Logistic regression with an L2 penalty on the weights, not on the intercept (Hoerl and Kennard 1970; le Cessie and
// van Houwelingen 1992), solved by Newton's method.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace landfall::chain::forecast {

struct Logistic {
  double intercept = 0;
  std::vector<double> weights;

  double Score(std::span<const double> row) const;        // log odds
  double Probability(std::span<const double> row) const;  // 0 … 1
};

// `rows` stand one after the other, weights().size() values each, on a common scale (the penalty is the same for all).
// Errors: chain.forecast_too_few_cases (kInvalid) without a positive or without a negative.
// Precondition: penalty > 0, rows.size() is a multiple of positive.size().
// Cost: some ten steps of n × p².
Result<Logistic> FitLogistic(std::span<const double> rows, std::span<const char> positive, double penalty);

// Mean of −log(probability of what happened).
double LogLoss(const Logistic& model, std::span<const double> rows, std::span<const char> positive);

}  // namespace landfall::chain::forecast
