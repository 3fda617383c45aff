// SPDX-License-Identifier: Apache-2.0
// What a graph of products says for and against "this product also needs that material", for every name in it.
//
// A name never seen as a material and one seen once look alike (kPopularity counts from 1), so a name that is in the
// list only because a hold-out mentions it gets no credit for that.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/forecast/evidence.h"
#include "base/result.h"

namespace landfall::chain::forecast {

// Links between numbered names. `needs`: the first needs the second (上游材料). `kinds`: the second is a kind of the
// first (产品小类).
struct ProductLinks {
  std::vector<std::string> names;
  std::vector<Link> needs, kinds;
};

// Drops links to oneself and repeated ones, and sorts.
void SortUnique(std::vector<Link>& links);

enum class UpstreamFeature : std::uint8_t {
  // Of the material alone.
  kPopularity,    // log of how many products need it, from 1
  kHasUpstream,   // it is itself a product with known materials
  kLength,        // its code points, at most 10
  kMaterialLike,  // log odds that names which end like it are materials, in steps of ¼
  // Of the question alone.
  kQuestionLength,  // code points of the product's name, at most 12
  kKnownCount,      // its known materials, at most 6
  // Products whose names share characters with this one: what do they need?
  kVoteMean,
  kVoteBest,
  kVoteBest1,
  kVoteBest2,
  kVoteBest3,  // by gram; best of any, of 1, of 2, of 3 characters
  kVoteLift,   // how much more often than products at large
  kEnding,
  kBeginning,  // by the longest shared ending or beginning, backing off
  kNeighbours,
  kNeighboursClose,
  kNearest,  // of the 60 products with the most similar names
  // The two names.
  kInside,
  kCosine,
  kCovered,
  kCommonRun,
  kSameEnd,
  kResidue,
  kResidueRun,  // the part of the product's name that its known materials do not explain
  // Known materials of this product.
  kCoUse,
  kCoUseBest,
  kCoUseNear,
  kKnownCosine,
  kKnownCosineBest,
  kKnownSameEnd,
  // Classes.
  kIsClass,
  kSiblings,
  kIsKind,
};
inline constexpr std::size_t kUpstreamFeatures = static_cast<std::size_t>(UpstreamFeature::kIsKind) + 1;

class UpstreamEvidence final : public Evidence {
 public:
  // Errors: chain.forecast_too_few_links (kInvalid) without a single `needs` link.
  // Precondition: names are valid UTF-8, each once. Cost: about 1 s and 100 MB for 60,000 names and 110,000 links.
  static Result<std::unique_ptr<UpstreamEvidence>> Build(ProductLinks links);

  std::optional<std::uint32_t> Find(std::string_view name) const;
  std::span<const std::uint32_t> Materials(std::uint32_t product) const { return materials_.Of(product); }
  std::span<const std::uint32_t> Users(std::uint32_t material) const { return users_.Of(material); }

  std::span<const std::string_view> Features() const override;
  std::string_view FamilyOf(std::size_t feature) const override;
  std::span<const PlainWay> PlainWays() const override;
  std::size_t candidates() const override { return links_.names.size(); }
  std::string_view CandidateName(std::uint32_t name) const override { return links_.names[name]; }
  std::span<const Link> Links() const override { return links_.needs; }
  Question Ask(std::uint32_t product, std::uint32_t left_out = kNobody) const override;
  Question Ask(std::string_view name) const override;
  void Gather(const Question& question, Scratch& scratch) const override;
  void Bare(const Question& question, std::uint32_t name, std::span<float> row) const override;
  std::uint32_t BareKey(const Question& question) const override;
  float Hunch(std::span<const float> row) const override;
  Scratch MakeScratch() const override { return {candidates(), kUpstreamFeatures, candidates()}; }
  // Products that need the material, with the names most like the question's.
  std::vector<std::string_view> Examples(const Question& question, std::uint32_t material,
                                         std::size_t most) const override;

 private:
  struct Votes {  // gram → materials, with how many products with that gram need each.
    struct Vote {
      std::uint32_t material, products;
    };
    std::vector<std::size_t> starts;
    std::vector<Vote> votes;
    std::vector<std::uint32_t> products;  // With that gram and with known materials.
    // Most votes first; of a gram that very many products have only the best.
    std::span<const Vote> Of(std::uint32_t gram) const;
  };

  explicit UpstreamEvidence(ProductLinks links);
  template <class GramsOf>
  Votes Count(GramsOf&& grams_of) const;
  void JudgeEndings();
  std::span<const std::uint32_t> OwnMaterials(const Question& q) const {
    return q.subject == kNobody ? std::span<const std::uint32_t>() : Materials(q.subject);
  }
  std::size_t UserCount(std::uint32_t material, const Question& q) const {
    return Users(material).size() - (material == q.left_out ? 1 : 0);
  }

  void AddVotes(const Question& q, Scratch& s) const;
  void AddEnds(const Question& q, Scratch& s, const Votes& votes, bool ending, UpstreamFeature into) const;
  // Adds to s the cosine of every name with `to`.
  void SumSimilarity(const Spelling& to, std::uint32_t but, bool products_only, Scratch& s) const;
  void AddNeighbours(const Question& q, Scratch& s) const;
  void AddCoUse(const Question& q, Scratch& s) const;
  void AddNames(const Question& q, Scratch& s) const;
  void AddClasses(const Question& q, Scratch& s) const;
  void CompareNames(const Question& q, Scratch& s) const;

  ProductLinks links_;
  NameIndex index_;
  LinkRows materials_, users_, classes_, kinds_;
  Votes anywhere_, endings_, beginnings_;
  std::vector<float> material_like_;
  std::vector<std::pair<std::string_view, std::uint32_t>> by_name_;
};

}  // namespace landfall::chain::forecast
