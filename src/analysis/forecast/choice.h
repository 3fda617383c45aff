// SPDX-License-Identifier: Apache-2.0
// Learns which candidate answers a question, ranks all of them, and measures both against plain ways of ranking.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/forecast/evidence.h"
#include "analysis/forecast/metrics.h"
#include "analysis/forecast/ranker.h"
#include "base/result.h"

namespace landfall::chain::forecast {

struct ChoiceOptions {
  std::uint64_t seed = 1;
  std::size_t cases = 4000;  // Known links taken away one at a time and asked for; fewer where there are fewer.
  RankerOptions ranker;
};

// The number of trees is chosen on a fifth of the cases, which no tree has seen; no held-out link takes part.
// Errors: chain.forecast_too_few_cases. Cost: about 40 s of processor time for 4,000 cases among 60,000 names.
Result<Ranker> TrainChoice(const Evidence& evidence, const ChoiceOptions& options, unsigned threads);

struct Candidate {
  std::uint32_t candidate = kNobody;
  double score = 0;
  double chance = 0;       // That this is the missing answer, if one is missing; all candidates together make 1.
  std::vector<float> row;  // Its features.
  // Its rank by each plain way, in the order of PlainWays; NaN where that way has nothing to say for it.
  std::vector<double> plain_ranks;
};

// The best `top` candidates that something speaks for, best first; ties by number.
// Precondition: the ranker was trained on the features of this evidence.
std::vector<Candidate> RankCandidates(const Evidence& evidence, const Ranker& ranker, const Question& question,
                                      std::size_t top);

// How one way of ranking did.
struct RankingScore {
  std::string_view name;  // "model", then the plain ways.
  RankingMetrics metrics;
  Estimate ahead;  // Mean reciprocal rank of the model less that of this way, question by question.
};

struct ChoiceEvaluation {
  std::size_t questions = 0, candidates = 0;
  std::size_t unseen = 0;  // Questions whose answer answers nothing among the known links.
  std::vector<RankingScore> scores;
  RankingMetrics model_seen, model_unseen;
  Calibration calibration;  // Of the chances of the ten best of each question.
};

// `held_out` are links of numbered subjects and candidates that are not among evidence.Links(). Known answers and other
// held-out answers of the same subject are not counted as mistakes ("filtered").
// Errors: chain.forecast_test_in_training (kInvalid), chain.forecast_too_few_cases (kInvalid) without any link.
Result<ChoiceEvaluation> EvaluateChoice(const Evidence& evidence, const Ranker& ranker, std::span<const Link> held_out,
                                        std::uint64_t seed, unsigned threads);

}  // namespace landfall::chain::forecast
