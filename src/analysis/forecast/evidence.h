// SPDX-License-Identifier: Apache-2.0
// What speaks for each candidate answer to a question such as "which material does this product lack" or "which firm
// could make it", for every candidate at once.
//
// Purpose: the seam between the facts (upstream_evidence.h, firm_evidence.h) and the learning (choice.h). An answer is
// a row of features for each candidate that anything speaks for; all others have a bare row, which depends on little,
// so that many share one. That way a rank among *all* candidates costs no more than a look at a few thousand.
//
// Leaving out: for training, one known answer is taken away and must be found again. Every feature is computed as if
// that link were not there, and the subject's own links never count where others "vote": or the model would learn to
// read its own answer.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/forecast/name_index.h"

namespace landfall::chain::forecast {

inline constexpr std::uint32_t kNobody = 0xFFFFFFFF;

using Link = std::pair<std::uint32_t, std::uint32_t>;  // Subject, candidate.

struct Question {
  Spelling spelling;                 // Of the subject's name.
  std::uint32_t subject = kNobody;   // kNobody for a name that the evidence does not hold.
  std::uint32_t itself = kNobody;    // The subject as a candidate, where it could be one: never an answer.
  std::uint32_t left_out = kNobody;  // The answer whose link is taken away.
  std::vector<std::uint32_t> known;  // The other known answers: never asked for again.
};

// A plain way of ranking, by one feature alone, that a model has to beat.
struct PlainWay {
  std::string_view name;
  std::size_t feature;
};

// Working memory of one thread: the gathered candidates of the last question, and room for sums over names.
class Scratch {
 public:
  Scratch(std::size_t candidates, std::size_t features, std::size_t names)
      : slots_(candidates, 0), features_(features), sums_(names, 0) {}

  std::span<const std::uint32_t> candidates() const { return candidates_; }
  std::span<const float> Row(std::size_t i) const { return {values_.data() + i * features_, features_}; }
  std::span<float> Row(std::size_t i) { return {values_.data() + i * features_, features_}; }
  // The place of a candidate in candidates(), or nothing.
  static constexpr std::size_t kNowhere = ~std::size_t{0};
  std::size_t PlaceOf(std::uint32_t candidate) const {
    return slots_[candidate] == 0 ? kNowhere : slots_[candidate] - std::size_t{1};
  }

  void Clear();
  // The row of a candidate, made of zeros where it is new. Valid until the next new candidate.
  float* At(std::uint32_t candidate);
  void Drop(std::uint32_t candidate);

  // Sums by name; Forget sets those of the touched names back to 0.
  void AddTo(std::uint32_t name, float value) {
    if (sums_[name] == 0) touched_.push_back(name);
    sums_[name] += value;
  }
  float SumOf(std::uint32_t name) const { return sums_[name]; }
  std::vector<std::uint32_t>& touched() { return touched_; }
  void Forget();

 private:
  std::vector<std::uint32_t> slots_;  // Place from 1; 0: not gathered.
  std::size_t features_;
  std::vector<std::uint32_t> candidates_;
  std::vector<float> values_;
  std::vector<float> sums_;
  std::vector<std::uint32_t> touched_;
};

// Threads: immutable once made; one Scratch a thread.
class Evidence {
 public:
  virtual ~Evidence() = default;

  // Stable names, in the order of a row: they stand in model files.
  virtual std::span<const std::string_view> Features() const = 0;
  // The family of a feature, for readers: "similar_products", "name", "co_use" …
  virtual std::string_view FamilyOf(std::size_t feature) const = 0;
  virtual std::span<const PlainWay> PlainWays() const = 0;
  virtual std::size_t candidates() const = 0;
  virtual std::string_view CandidateName(std::uint32_t candidate) const = 0;
  // All known links, each once, in rising order.
  virtual std::span<const Link> Links() const = 0;

  virtual Question Ask(std::uint32_t subject, std::uint32_t left_out = kNobody) const = 0;
  virtual Question Ask(std::string_view subject) const = 0;
  // Gathers every candidate that something speaks for, without `itself` and `known`. Cost: a few milliseconds.
  virtual void Gather(const Question& question, Scratch& scratch) const = 0;
  // The row of a candidate nothing speaks for. Questions with one BareKey give each candidate one bare row.
  virtual void Bare(const Question& question, std::uint32_t candidate, std::span<float> row) const = 0;
  virtual std::uint32_t BareKey(const Question& question) const = 0;
  // A rough order for choosing training rows alone: rows near the top are all kept, the others are drawn from.
  virtual float Hunch(std::span<const float> row) const = 0;
  virtual Scratch MakeScratch() const = 0;
  // Names that show why a candidate fits, which a reader can check; at most `most`, the closest first.
  virtual std::vector<std::string_view> Examples(const Question& question, std::uint32_t candidate,
                                                 std::size_t most) const = 0;

  // Candidates with the same bare rows, as long as none of them is left out.
  std::size_t classes() const { return class_sizes_.size(); }
  std::uint32_t ClassOf(std::uint32_t candidate) const { return class_of_[candidate]; }
  std::uint32_t ClassSize(std::size_t c) const { return class_sizes_[c]; }
  std::uint32_t ClassMember(std::size_t c) const { return class_members_[c]; }

 protected:
  void FindClasses();  // Called once, when Bare can answer.

 private:
  std::vector<std::uint32_t> class_of_, class_sizes_, class_members_;
};

// Compressed sparse rows of links.
class LinkRows {
 public:
  LinkRows() = default;
  // `links` are sorted and unique; `reversed` groups them by candidate.
  LinkRows(std::size_t rows, std::span<const Link> links, bool reversed);
  std::span<const std::uint32_t> Of(std::uint32_t row) const {
    return {items_.data() + starts_[row], starts_[row + 1] - starts_[row]};
  }

 private:
  std::vector<std::size_t> starts_;
  std::vector<std::uint32_t> items_;
};

}  // namespace landfall::chain::forecast
