// SPDX-License-Identifier: Apache-2.0
// A trained model as a file: versioned JSON that says what it was trained on, so that a test on its own training data
// is refused and not believed.
//
// Shape (members in this order; version 1):
//   {"format":"landfall.chain.forecast","version":1,"task":"industry","from":2012,"to":2018,"penalty":50,
//    "inner_average_precision":…,"inner_auc":…,"cases":…,"positives":…,"training":"sha256:…","features":[…],
//    "intercept":…,"weights":[…]}    inner_…: absent where the file did not reach back far enough
//   {"format":"landfall.chain.forecast","version":1,"task":"upstream" or "firm","seed":1,"cases":4000,"links":…,
//    "training":"sha256:…","validation":…,"validation_without":…,"features":[…],
//    "trees":[[[feature,threshold,left,right,value],…],…]}    feature −1: a leaf
// Numbers have the fewest digits that read back as the same double or float.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/forecast/evidence.h"
#include "analysis/forecast/industry.h"
#include "analysis/forecast/ranker.h"
#include "base/hash.h"
#include "base/result.h"

namespace landfall::chain::forecast {

struct ChoiceModel {
  std::string task;  // "upstream" or "firm"
  std::uint64_t seed = 0;
  std::size_t cases = 0, links = 0;  // Asked in training; known to it.
  Digest training{};                 // LinksDigest of what it was trained on.
  Ranker ranker;
};

// SHA-256 over links by name, in canonical order: the same links in another order of rows, or twice, give the same.
struct NamedLinks {
  std::string_view relation;
  std::span<const std::pair<std::string, std::string>> links;
};
Digest LinksDigest(std::span<const NamedLinks> relations);

std::string WriteModel(const IndustryModel& model);
std::string WriteModel(const ChoiceModel& model, std::span<const std::string_view> features);

// Errors of both (kInvalid): chain.forecast_model_malformed (not JSON, a member missing or impossible, more than 64
// MiB), chain.forecast_model_version (another version, or features this program does not compute),
// chain.forecast_model_task (of another task).
Result<IndustryModel> ReadIndustryModel(std::string_view json);
Result<ChoiceModel> ReadChoiceModel(std::string_view json, std::string_view task,
                                    std::span<const std::string_view> features);

}  // namespace landfall::chain::forecast
