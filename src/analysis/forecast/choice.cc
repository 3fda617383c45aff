// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/choice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>

#include "analysis/forecast/parallel.h"
#include "analysis/forecast/random.h"

namespace landfall::chain::forecast {
namespace {

// Of one training question: so many of the best by Hunch are kept, and so many drawn from the others.
constexpr std::size_t kLikely = 120;
constexpr std::size_t kDrawnGathered = 60;
constexpr std::size_t kDrawnBare = 40;

struct Row {
  std::vector<float> values;
  float weight;
  bool chosen;
};

// The candidates of one training question: the likely ones, a draw of the others that carries their weight, the answer.
std::vector<Row> TrainingRows(const Evidence& evidence, const Question& q, Scratch& s, SplitMix& random) {
  evidence.Gather(q, s);
  const auto bare_row = [&](std::uint32_t candidate) {
    std::vector<float> row(evidence.Features().size());
    evidence.Bare(q, candidate, row);
    return row;
  };
  const auto gathered_row = [&](std::size_t i) { return std::vector<float>(s.Row(i).begin(), s.Row(i).end()); };
  const std::size_t place = s.PlaceOf(q.left_out);
  std::vector<Row> rows = {{place == Scratch::kNowhere ? bare_row(q.left_out) : gathered_row(place), 1, true}};

  std::vector<std::uint32_t> others;
  std::vector<float> hunch(s.candidates().size());
  for (std::uint32_t i = 0; i < s.candidates().size(); ++i) {
    if (s.candidates()[i] == q.left_out) continue;
    others.push_back(i);
    hunch[i] = evidence.Hunch(s.Row(i));
  }
  std::sort(others.begin(), others.end(), [&](std::uint32_t a, std::uint32_t b) {
    return hunch[a] != hunch[b] ? hunch[a] > hunch[b] : s.candidates()[a] < s.candidates()[b];
  });
  const std::size_t likely = std::min(kLikely, others.size());
  for (std::size_t i = 0; i < likely; ++i) rows.push_back({gathered_row(others[i]), 1, false});
  others.erase(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(likely));
  const std::size_t drawn = std::min(kDrawnGathered, others.size());
  DrawFront(others, drawn, random);
  for (std::size_t i = 0; i < drawn; ++i)
    rows.push_back({gathered_row(others[i]), static_cast<float>(others.size()) / static_cast<float>(drawn), false});

  // Where nearly every candidate was gathered, the few others may be left out.
  const std::size_t taken = s.candidates().size() + q.known.size() + 2;
  if (evidence.candidates() <= 2 * taken) return rows;
  const float weight = static_cast<float>(evidence.candidates() - taken) / kDrawnBare;
  for (std::size_t i = 0; i < kDrawnBare;) {
    const auto candidate = static_cast<std::uint32_t>(random.Below(evidence.candidates()));
    if (candidate == q.left_out || candidate == q.itself || s.PlaceOf(candidate) != Scratch::kNowhere ||
        std::find(q.known.begin(), q.known.end(), candidate) != q.known.end())
      continue;
    rows.push_back({bare_row(candidate), weight, false});
    ++i;
  }
  return rows;
}

// All candidates of one question with their scores: those gathered one by one, the bare ones class by class.
class Scorer {
 public:
  Scorer(const Evidence& evidence, const Ranker& ranker)
      : evidence_(evidence), ranker_(ranker), scratch_(evidence.MakeScratch()), remaining_(evidence.classes()) {}

  // `aside`: candidates that are neither right nor wrong, besides the known ones.
  void Ask(const Question& q, std::span<const std::uint32_t> aside) {
    evidence_.Gather(q, scratch_);
    for (const std::uint32_t candidate : aside) scratch_.Drop(candidate);
    scores_.clear();
    for (std::size_t i = 0; i < scratch_.candidates().size(); ++i) scores_.push_back(ranker_.Score(scratch_.Row(i)));
    bare_ = &BareOf(q);
    for (std::size_t c = 0; c < remaining_.size(); ++c) remaining_[c] = evidence_.ClassSize(c);
    const auto take = [&](std::uint32_t candidate) { --remaining_[evidence_.ClassOf(candidate)]; };
    for (const std::uint32_t candidate : scratch_.candidates()) take(candidate);
    for (const std::uint32_t candidate : q.known) take(candidate);
    for (const std::uint32_t candidate : aside) take(candidate);
    if (q.itself != kNobody) take(q.itself);
    highest_ = -std::numeric_limits<double>::infinity();
    for (const double score : scores_) highest_ = std::max(highest_, score);
    for (const double score : bare_->scores) highest_ = std::max(highest_, score);
    total_ = 0;
    for (const double score : scores_) total_ += std::exp(score - highest_);
    for (std::size_t c = 0; c < remaining_.size(); ++c) total_ += remaining_[c] * std::exp(bare_->scores[c] - highest_);
  }

  double Candidates() const {
    return static_cast<double>(scratch_.candidates().size()) +
           std::accumulate(remaining_.begin(), remaining_.end(), 0.0);
  }
  // The rank of a candidate, from 1; among equals the mean of theirs.
  double RankOf(std::uint32_t candidate) const {
    return Rank(
        candidate, [&](std::size_t i) { return scores_[i]; }, [&](std::size_t c) { return bare_->scores[c]; });
  }
  double RankBy(std::size_t feature, std::uint32_t candidate) const {
    return Rank(
        candidate, [&](std::size_t i) { return scratch_.Row(i)[feature]; },
        [&](std::size_t c) { return bare_->rows[c][feature]; });
  }

  std::vector<Candidate> Best(std::size_t top) const {
    std::vector<std::uint32_t> order(scores_.size());
    std::iota(order.begin(), order.end(), 0U);
    const std::size_t kept = std::min(top, order.size());
    const std::span<const std::uint32_t> names = scratch_.candidates();
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                      [&](std::uint32_t a, std::uint32_t b) {
                        return scores_[a] != scores_[b] ? scores_[a] > scores_[b] : names[a] < names[b];
                      });
    std::vector<Candidate> out;
    for (std::size_t i = 0; i < kept; ++i) {
      const std::span<const float> row = scratch_.Row(order[i]);
      out.push_back({names[order[i]],
                     scores_[order[i]],
                     std::exp(scores_[order[i]] - highest_) / total_,
                     std::vector<float>(row.begin(), row.end()),
                     {}});
    }
    return out;
  }

 private:
  struct BareTable {  // By class.
    std::vector<std::vector<float>> rows;
    std::vector<double> scores;
  };

  template <class OfGathered, class OfClass>
  double Rank(std::uint32_t candidate, OfGathered&& of_gathered, OfClass&& of_class) const {
    const std::size_t place = scratch_.PlaceOf(candidate);
    const double own = place == Scratch::kNowhere ? of_class(evidence_.ClassOf(candidate)) : of_gathered(place);
    double above = 0, equal = 0;
    const auto see = [&](double other, double count) {
      if (other > own) above += count;
      if (other == own) equal += count;
    };
    for (std::size_t i = 0; i < scores_.size(); ++i) see(of_gathered(i), 1);
    for (std::size_t c = 0; c < remaining_.size(); ++c) see(of_class(c), remaining_[c]);
    return above + 1 + (equal - 1) / 2;
  }

  const BareTable& BareOf(const Question& q) {
    BareTable& table = bare_tables_[evidence_.BareKey(q)];
    if (table.rows.empty())
      for (std::size_t c = 0; c < evidence_.classes(); ++c) {
        table.rows.emplace_back(evidence_.Features().size());
        evidence_.Bare(q, evidence_.ClassMember(c), table.rows.back());
        table.scores.push_back(ranker_.Score(table.rows.back()));
      }
    return table;
  }

  const Evidence& evidence_;
  const Ranker& ranker_;
  Scratch scratch_;
  std::vector<double> scores_;            // Of the gathered.
  std::vector<std::uint32_t> remaining_;  // Of each class, those not gathered.
  std::map<std::uint32_t, BareTable> bare_tables_;
  const BareTable* bare_ = nullptr;
  double highest_ = 0, total_ = 1;
};

struct Outcome {
  std::vector<double> ranks;  // The model's, then those of the plain ways.
  double candidates = 0;
  std::vector<Forecast> forecasts;
};

}  // namespace

Result<Ranker> TrainChoice(const Evidence& evidence, const ChoiceOptions& options, unsigned threads) {
  std::vector<std::uint32_t> links(evidence.Links().size());
  std::iota(links.begin(), links.end(), 0U);
  const std::size_t cases = std::min(options.cases, links.size());
  SplitMix random(options.seed);
  DrawFront(links, cases, random);
  threads = std::max(1U, threads);
  std::vector<Scratch> scratch(threads, evidence.MakeScratch());
  std::vector<std::vector<Row>> questions(cases);
  ForEachIndex(cases, threads, [&](unsigned worker, std::size_t i) {
    SplitMix own(options.seed ^ (0x9E3779B97F4A7C15U * (i + 1)));  // By case, so that threads do not matter.
    const auto& [subject, candidate] = evidence.Links()[links[i]];
    questions[i] = TrainingRows(evidence, evidence.Ask(subject, candidate), scratch[worker], own);
  });
  ChoiceSet data(evidence.Features().size());
  for (const std::vector<Row>& question : questions) {
    data.BeginQuery();
    for (const Row& row : question) data.Add(row.values, row.weight, row.chosen);
  }
  return TrainRanker(data, options.ranker, threads);
}

std::vector<Candidate> RankCandidates(const Evidence& evidence, const Ranker& ranker, const Question& question,
                                      std::size_t top) {
  Scorer scorer(evidence, ranker);
  scorer.Ask(question, {});
  std::vector<Candidate> out = scorer.Best(top);
  for (Candidate& candidate : out)
    for (const PlainWay& way : evidence.PlainWays())
      candidate.plain_ranks.push_back(candidate.row[way.feature] > 0 ? scorer.RankBy(way.feature, candidate.candidate)
                                                                     : std::numeric_limits<double>::quiet_NaN());
  return out;
}

Result<ChoiceEvaluation> EvaluateChoice(const Evidence& evidence, const Ranker& ranker, std::span<const Link> held_out,
                                        std::uint64_t seed, unsigned threads) {
  if (held_out.empty()) return Invalid("chain.forecast_too_few_cases", "No link was held out.");
  std::map<std::uint32_t, std::vector<std::uint32_t>> answers;
  for (const Link& link : held_out) {
    if (std::binary_search(evidence.Links().begin(), evidence.Links().end(), link))
      return Invalid("chain.forecast_test_in_training", "A held-out link stands among the links the model may see.");
    answers[link.first].push_back(link.second);
  }
  std::vector<char> answered(evidence.candidates(), 0);
  for (const Link& link : evidence.Links()) answered[link.second] = 1;
  threads = std::max(1U, threads);
  std::vector<std::unique_ptr<Scorer>> scorers(threads);
  for (auto& scorer : scorers) scorer = std::make_unique<Scorer>(evidence, ranker);
  std::vector<Outcome> outcomes(held_out.size());
  ForEachIndex(held_out.size(), threads, [&](unsigned worker, std::size_t i) {
    const auto& [subject, answer] = held_out[i];
    Scorer& scorer = *scorers[worker];
    std::vector<std::uint32_t> aside = answers.at(subject);
    std::erase(aside, answer);
    scorer.Ask(evidence.Ask(subject), aside);
    Outcome& out = outcomes[i];
    out.candidates = scorer.Candidates();
    out.ranks.push_back(scorer.RankOf(answer));
    for (const PlainWay& way : evidence.PlainWays()) out.ranks.push_back(scorer.RankBy(way.feature, answer));
    for (const Candidate& best : scorer.Best(10)) out.forecasts.push_back({best.chance, best.candidate == answer});
  });

  ChoiceEvaluation out;
  out.questions = held_out.size();
  out.candidates = evidence.candidates();
  std::vector<double> candidates, model_reciprocal;
  for (const Outcome& outcome : outcomes) {
    candidates.push_back(outcome.candidates);
    model_reciprocal.push_back(1 / outcome.ranks[0]);
  }
  for (std::size_t w = 0; w <= evidence.PlainWays().size(); ++w) {
    std::vector<double> ranks, ahead;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      ranks.push_back(outcomes[i].ranks[w]);
      ahead.push_back(model_reciprocal[i] - 1 / ranks.back());
    }
    out.scores.push_back({w == 0 ? "model" : evidence.PlainWays()[w - 1].name, MeasureRanks(ranks, candidates, seed),
                          MeasureMean(ahead, seed)});
  }
  std::vector<double> part_ranks[2], part_candidates[2];
  std::vector<Forecast> forecasts;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const std::size_t part = answered[held_out[i].second] != 0 ? 0 : 1;
    part_ranks[part].push_back(outcomes[i].ranks[0]);
    part_candidates[part].push_back(candidates[i]);
    forecasts.insert(forecasts.end(), outcomes[i].forecasts.begin(), outcomes[i].forecasts.end());
  }
  out.unseen = part_ranks[1].size();
  out.model_seen = MeasureRanks(part_ranks[0], part_candidates[0], seed);
  out.model_unseen = MeasureRanks(part_ranks[1], part_candidates[1], seed);
  out.calibration = MeasureCalibration(forecasts);
  return out;
}

}  // namespace landfall::chain::forecast
