// SPDX-License-Identifier: Apache-2.0
// Learns to put the right candidate first among all: a conditional choice model with boosted regression trees.
//
// Why a choice and not a yes or no: the question is "which of sixty thousand names is the missing one", so the model
// is fitted to exactly that, the chance that the left-out candidate is chosen among all of its query (McFadden 1974,
// conditional logit), and the printed chance of a candidate is a share of 1. The score is a sum of regression trees
// grown on gradient and curvature of the log-likelihood with an L2 penalty on leaves (Friedman 2001; the gain of a
// split as in Chen and Guestrin 2016, eq. 7).
//
// Determinism: features are put into fixed bins by quantiles; sums run in row order; ties take the lower feature, then
// the lower threshold. The same data give the same bytes, with any number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace landfall::chain::forecast {

// The queries of a training set, each with its candidates and the one that was chosen.
//
// A query may stand for far more candidates than it holds: a candidate drawn at random from m others carries the weight
// of all it stands for (`weight` = m / drawn), so that the likelihood is that of the whole list.
class ChoiceSet {
 public:
  explicit ChoiceSet(std::size_t features) : features_(features) {}

  void BeginQuery() { starts_.push_back(weights_.size()); }
  // Precondition: row.size() == features(), weight > 0, BeginQuery was called; exactly one chosen row a query.
  void Add(std::span<const float> row, float weight, bool chosen);

  std::size_t features() const { return features_; }
  std::size_t queries() const { return starts_.size(); }
  std::size_t rows() const { return weights_.size(); }
  std::size_t Begin(std::size_t query) const { return starts_[query]; }
  std::size_t End(std::size_t query) const { return query + 1 < starts_.size() ? starts_[query + 1] : rows(); }
  std::size_t Chosen(std::size_t query) const { return chosen_[query]; }
  float Weight(std::size_t row) const { return weights_[row]; }
  std::span<const float> Row(std::size_t row) const { return {values_.data() + row * features_, features_}; }

 private:
  std::size_t features_;
  std::vector<float> values_, weights_;
  std::vector<std::size_t> starts_, chosen_;
};

struct TreeNode {
  std::int32_t feature = -1;  // -1: a leaf.
  float threshold = 0;        // Left where the value is below it.
  std::int32_t left = -1, right = -1;
  double value = 0;  // The best constant at this node; a leaf's is what the tree adds to the score.
  bool operator==(const TreeNode&) const = default;
};
using Tree = std::vector<TreeNode>;  // Node 0 is the root; children stand behind their parent.

struct RankerOptions {
  int trees_max = 400;
  int depth = 5;
  double learning_rate = 0.15;
  double leaf_penalty = 5;       // L2, in units of curvature.
  double leaf_curvature = 3;     // A leaf needs as much.
  double step_max = 4;           // Of a leaf, before the learning rate: where all candidates still look alike curvature
                                 // is near 0, and a full Newton step would overshoot.
  double validation_share = .2;  // The last queries, kept out to choose the number of trees.
  int patience = 25;             // Stops after as many trees without a better validation likelihood.
};

struct Ranker {
  std::size_t features = 0;
  std::vector<Tree> trees;  // Values already carry the learning rate.
  // Mean log-likelihood of the left-out queries by the trees kept, and with none (all candidates alike).
  double validation = 0, validation_without = 0;

  // Cost: trees × depth comparisons.
  double Score(std::span<const float> row) const;
  // Adds to out[f] what feature f moved the score by along the paths (Saabas 2014): the sum over features is
  // Score(row) less what the roots give to every row alike.
  void Explain(std::span<const float> row, std::span<double> out) const;
};

// Errors: chain.forecast_too_few_cases (kInvalid) with fewer than 50 queries.
// Cost: about trees × depth/2 passes over rows × features bytes.
Result<Ranker> TrainRanker(const ChoiceSet& data, const RankerOptions& options, unsigned threads);

}  // namespace landfall::chain::forecast
