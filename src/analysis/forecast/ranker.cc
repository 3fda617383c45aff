// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/ranker.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/forecast/parallel.h"

namespace landfall::chain::forecast {
namespace {

constexpr std::size_t kBins = 64;
constexpr std::size_t kQueriesMin = 50;
// Features are summed in groups of this many, each by one thread.
constexpr std::size_t kFeaturesAtOnce = 16;

struct Sums {
  double gradient = 0, curvature = 0;
};

// Of one node: for each feature and bin.
using Histogram = std::vector<Sums>;

// A node that may still be split, and the rows in it: order_[begin, end).
struct Open {
  std::int32_t node;
  std::size_t begin, end;
  int depth;
  Sums total;
  Histogram histogram;
};

struct Split {
  double gain = 0;
  std::size_t feature = 0;
  std::size_t bin = 0;  // The last bin of the left side.
  Sums left;
};

class Trainer {
 public:
  Trainer(const ChoiceSet& data, const RankerOptions& options, unsigned threads)
      : data_(data), options_(options), threads_(threads), features_(data.features()) {
    const auto kept_out = static_cast<std::size_t>(static_cast<double>(data.queries()) * options.validation_share);
    training_queries_ = data.queries() - kept_out;
    training_rows_ = kept_out == 0 ? data.rows() : data.Begin(training_queries_);
    FindBins();
    score_.assign(data.rows(), 0);
    gradient_.resize(training_rows_);
    curvature_.resize(training_rows_);
    order_.resize(training_rows_);
  }

  Ranker Train() {
    Ranker out;
    out.features = features_;
    out.validation_without = out.validation = Likelihood(training_queries_, data_.queries());
    std::size_t best = 0;
    for (int round = 0; round < options_.trees_max; ++round) {
      Differentiate();
      out.trees.push_back(Grow());
      const double now = Likelihood(training_queries_, data_.queries());
      if (now > out.validation || training_queries_ == data_.queries()) {
        out.validation = now;
        best = out.trees.size();
      } else if (out.trees.size() >= best + static_cast<std::size_t>(options_.patience)) {
        break;
      }
    }
    out.trees.resize(best);
    return out;
  }

 private:
  // The smallest value has a bin of its own (it is the "nothing found" of most features); the rest is cut by quantiles.
  void FindBins() {
    cuts_.resize(features_);
    bins_.resize(data_.rows() * features_);
    ForEachIndex(features_, threads_, [&](unsigned, std::size_t f) {
      std::vector<float> values(training_rows_);
      for (std::size_t row = 0; row < training_rows_; ++row) values[row] = data_.Row(row)[f];
      std::sort(values.begin(), values.end());
      const auto above =
          static_cast<std::size_t>(std::upper_bound(values.begin(), values.end(), values.front()) - values.begin());
      std::vector<float>& cuts = cuts_[f];
      for (std::size_t b = 0; b + 1 < kBins && above < values.size(); ++b) {
        const float cut = values[above + (values.size() - above) * b / (kBins - 1)];
        if (cuts.empty() || cut > cuts.back()) cuts.push_back(cut);
      }
      for (std::size_t row = 0; row < data_.rows(); ++row)
        bins_[row * features_ + f] =
            static_cast<std::uint8_t>(std::upper_bound(cuts.begin(), cuts.end(), data_.Row(row)[f]) - cuts.begin());
    });
  }

  double Likelihood(std::size_t first, std::size_t last) const {
    if (first == last) return 0;
    double sum = 0;
    for (std::size_t q = first; q < last; ++q) {
      double highest = -std::numeric_limits<double>::infinity(), total = 0;
      for (std::size_t row = data_.Begin(q); row < data_.End(q); ++row) highest = std::max(highest, score_[row]);
      for (std::size_t row = data_.Begin(q); row < data_.End(q); ++row)
        total += data_.Weight(row) * std::exp(score_[row] - highest);
      sum += score_[data_.Chosen(q)] - highest - std::log(total);
    }
    return sum / static_cast<double>(last - first);
  }

  // Of the log-likelihood, by score; the curvature is the diagonal of its Hessian.
  void Differentiate() {
    for (std::size_t q = 0; q < training_queries_; ++q) {
      double highest = -std::numeric_limits<double>::infinity(), total = 0;
      for (std::size_t row = data_.Begin(q); row < data_.End(q); ++row) highest = std::max(highest, score_[row]);
      for (std::size_t row = data_.Begin(q); row < data_.End(q); ++row) {
        const double share = data_.Weight(row) * std::exp(score_[row] - highest);
        gradient_[row] = static_cast<float>(share);
        total += share;
      }
      for (std::size_t row = data_.Begin(q); row < data_.End(q); ++row) {
        const double share = gradient_[row] / total;
        gradient_[row] = static_cast<float>((row == data_.Chosen(q) ? 1.0 : 0.0) - share);
        curvature_[row] = static_cast<float>(share * (1 - share));
      }
    }
  }

  Histogram Summed(std::size_t begin, std::size_t end) const {
    Histogram out(features_ * kBins);
    const std::size_t groups = (features_ + kFeaturesAtOnce - 1) / kFeaturesAtOnce;
    ForEachIndex(groups, end - begin > 20'000 ? threads_ : 1, [&](unsigned, std::size_t group) {
      const std::size_t first = group * kFeaturesAtOnce, last = std::min(features_, first + kFeaturesAtOnce);
      for (std::size_t i = begin; i < end; ++i) {
        const std::size_t row = order_[i];
        const double g = gradient_[row], h = curvature_[row];
        const std::uint8_t* bins = bins_.data() + row * features_;
        for (std::size_t f = first; f < last; ++f) {
          Sums& cell = out[f * kBins + bins[f]];
          cell.gradient += g;
          cell.curvature += h;
        }
      }
    });
    return out;
  }

  double Gain(const Sums& side) const {
    return side.gradient * side.gradient / (side.curvature + options_.leaf_penalty);
  }

  // The gain of the best split, or 0 where none is worth it.
  Split BestSplit(const Open& open) const {
    constexpr double kGainLeast = 1e-6;
    Split best;
    const double whole = Gain(open.total);
    for (std::size_t f = 0; f < features_; ++f) {
      Sums left;
      for (std::size_t bin = 0; bin < cuts_[f].size(); ++bin) {
        left.gradient += open.histogram[f * kBins + bin].gradient;
        left.curvature += open.histogram[f * kBins + bin].curvature;
        const Sums right{open.total.gradient - left.gradient, open.total.curvature - left.curvature};
        if (left.curvature < options_.leaf_curvature) continue;
        if (right.curvature < options_.leaf_curvature) break;
        const double gain = Gain(left) + Gain(right) - whole;
        if (gain > std::max(best.gain, kGainLeast)) best = {gain, f, bin, left};
      }
    }
    return best;
  }

  double LeafValue(const Sums& total) const {
    const double step = total.gradient / (total.curvature + options_.leaf_penalty);
    return options_.learning_rate * std::clamp(step, -options_.step_max, options_.step_max);
  }

  // Level by level; of two children only the smaller is summed, the other is the parent less its sibling.
  Tree Grow() {
    Tree tree(1);
    std::iota(order_.begin(), order_.end(), 0U);
    std::vector<Open> level;
    level.push_back({0, 0, training_rows_, 0, {}, Summed(0, training_rows_)});
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      level[0].total.gradient += level[0].histogram[bin].gradient;
      level[0].total.curvature += level[0].histogram[bin].curvature;
    }
    tree[0].value = LeafValue(level[0].total);
    while (!level.empty()) {
      std::vector<Open> next;
      for (Open& open : level) {
        const Split split = open.depth < options_.depth ? BestSplit(open) : Split{};
        if (split.gain > 0) Divide(tree, open, split, next);
      }
      level = std::move(next);
    }
    for (std::size_t row = 0; row < data_.rows(); ++row) score_[row] += LeafOf(tree, row);
    return tree;
  }

  void Divide(Tree& tree, Open& open, const Split& split, std::vector<Open>& next) {
    const auto begin = order_.begin() + static_cast<std::ptrdiff_t>(open.begin);
    const auto end = order_.begin() + static_cast<std::ptrdiff_t>(open.end);
    const auto middle = std::stable_partition(
        begin, end, [&](std::uint32_t row) { return bins_[row * features_ + split.feature] <= split.bin; });
    const auto at = static_cast<std::size_t>(middle - order_.begin());
    const auto left = static_cast<std::int32_t>(tree.size());
    TreeNode& parent = tree[static_cast<std::size_t>(open.node)];
    parent.feature = static_cast<std::int32_t>(split.feature);
    parent.threshold = cuts_[split.feature][split.bin];
    parent.left = left;
    parent.right = left + 1;
    const Sums right{open.total.gradient - split.left.gradient, open.total.curvature - split.left.curvature};
    tree.resize(tree.size() + 2);
    tree[static_cast<std::size_t>(left)].value = LeafValue(split.left);
    tree[static_cast<std::size_t>(left) + 1].value = LeafValue(right);
    if (open.depth + 1 >= options_.depth) return;
    const bool left_smaller = at - open.begin <= open.end - at;
    Histogram small = left_smaller ? Summed(open.begin, at) : Summed(at, open.end);
    Histogram large = std::move(open.histogram);
    for (std::size_t i = 0; i < large.size(); ++i) {
      large[i].gradient -= small[i].gradient;
      large[i].curvature -= small[i].curvature;
    }
    next.push_back({left, open.begin, at, open.depth + 1, split.left, left_smaller ? small : large});
    next.push_back({left + 1, at, open.end, open.depth + 1, right, left_smaller ? std::move(large) : std::move(small)});
  }

  double LeafOf(const Tree& tree, std::size_t row) const {
    std::size_t node = 0;
    const std::span<const float> values = data_.Row(row);
    while (tree[node].feature >= 0) {
      const TreeNode& at = tree[node];
      node = static_cast<std::size_t>(values[static_cast<std::size_t>(at.feature)] < at.threshold ? at.left : at.right);
    }
    return tree[node].value;
  }

  const ChoiceSet& data_;
  const RankerOptions& options_;
  const unsigned threads_;
  const std::size_t features_;
  std::size_t training_queries_ = 0, training_rows_ = 0;
  std::vector<std::vector<float>> cuts_;  // Bin b holds values in [cuts[b-1], cuts[b]).
  std::vector<std::uint8_t> bins_;        // Row by row.
  std::vector<double> score_;
  std::vector<float> gradient_, curvature_;
  std::vector<std::uint32_t> order_;
};

}  // namespace

void ChoiceSet::Add(std::span<const float> row, float weight, bool chosen) {
  LF_CHECK(row.size() == features_ && weight > 0 && !starts_.empty());
  if (chosen) {
    LF_CHECK(chosen_.size() + 1 == starts_.size());
    chosen_.push_back(weights_.size());
  }
  values_.insert(values_.end(), row.begin(), row.end());
  weights_.push_back(weight);
}

double Ranker::Score(std::span<const float> row) const {
  double sum = 0;
  for (const Tree& tree : trees) {
    const TreeNode* node = tree.data();
    while (node->feature >= 0)
      node = tree.data() + (row[static_cast<std::size_t>(node->feature)] < node->threshold ? node->left : node->right);
    sum += node->value;
  }
  return sum;
}

void Ranker::Explain(std::span<const float> row, std::span<double> out) const {
  for (const Tree& tree : trees) {
    const TreeNode* node = tree.data();
    while (node->feature >= 0) {
      const auto f = static_cast<std::size_t>(node->feature);
      const TreeNode* child = tree.data() + (row[f] < node->threshold ? node->left : node->right);
      out[f] += child->value - node->value;
      node = child;
    }
  }
}

Result<Ranker> TrainRanker(const ChoiceSet& data, const RankerOptions& options, unsigned threads) {
  if (data.queries() < kQueriesMin)
    return Invalid("chain.forecast_too_few_cases",
                   "A choice model needs at least 50 cases, not " + std::to_string(data.queries()) + ".");
  return Trainer(data, options, std::max(1U, threads)).Train();
}

}  // namespace landfall::chain::forecast
