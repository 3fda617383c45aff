// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/evidence.h"

#include <algorithm>
#include <map>

namespace landfall::chain::forecast {

void Scratch::Clear() {
  for (const std::uint32_t candidate : candidates_) slots_[candidate] = 0;
  candidates_.clear();
  values_.clear();
}

float* Scratch::At(std::uint32_t candidate) {
  if (slots_[candidate] == 0) {
    candidates_.push_back(candidate);
    values_.resize(values_.size() + features_, 0);
    slots_[candidate] = static_cast<std::uint32_t>(candidates_.size());
  }
  return values_.data() + (slots_[candidate] - std::size_t{1}) * features_;
}

void Scratch::Drop(std::uint32_t candidate) {
  if (slots_[candidate] == 0) return;
  const std::size_t at = PlaceOf(candidate), last = candidates_.size() - 1;
  std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(last * features_), features_,
              values_.begin() + static_cast<std::ptrdiff_t>(at * features_));
  candidates_[at] = candidates_[last];
  slots_[candidates_[at]] = static_cast<std::uint32_t>(at + 1);
  slots_[candidate] = 0;
  candidates_.pop_back();
  values_.resize(last * features_);
}

void Scratch::Forget() {
  for (const std::uint32_t name : touched_) sums_[name] = 0;
  touched_.clear();
}

void Evidence::FindClasses() {
  class_of_.resize(candidates());
  std::map<std::vector<float>, std::uint32_t> classes;
  const Question nothing;
  std::vector<float> row(Features().size());
  for (std::uint32_t candidate = 0; candidate < candidates(); ++candidate) {
    Bare(nothing, candidate, row);
    const auto [it, fresh] = classes.try_emplace(row, static_cast<std::uint32_t>(class_sizes_.size()));
    if (fresh) {
      class_sizes_.push_back(0);
      class_members_.push_back(candidate);
    }
    class_of_[candidate] = it->second;
    ++class_sizes_[it->second];
  }
}

LinkRows::LinkRows(std::size_t rows, std::span<const Link> links, bool reversed) : starts_(rows + 1, 0) {
  for (const auto& [subject, candidate] : links) ++starts_[(reversed ? candidate : subject) + 1];
  for (std::size_t i = 0; i < rows; ++i) starts_[i + 1] += starts_[i];
  items_.resize(links.size());
  std::vector<std::size_t> fill(starts_.begin(), starts_.end() - 1);
  for (const auto& [subject, candidate] : links)
    items_[fill[reversed ? candidate : subject]++] = reversed ? subject : candidate;
}

}  // namespace landfall::chain::forecast
