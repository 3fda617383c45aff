// SPDX-License-Identifier: Apache-2.0
// What speaks for "this firm could make that product", for every firm: what it makes already, and how near that lies.
//
// Why it is no supplier search: a firm that makes the product is an answer already known. Asked here is who does not
// make it and is closest to it, as a target for 补链. A firm without any related product gets no evidence, not a low
// rank by merit: docs/chain/forecast.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/forecast/evidence.h"
#include "analysis/forecast/upstream_evidence.h"
#include "base/result.h"

namespace landfall::chain::forecast {

struct FirmProducts {
  std::vector<std::string> firms;
  ProductLinks products;      // All names of products, and what is known between them (may be nothing).
  std::vector<Link> makes;    // Product, firm.
  std::vector<float> shares;  // Of `makes`: the product's share of the firm's revenue, 0 … 1; 0 where not stated.
};

enum class FirmFeature : std::uint8_t {
  kFirmProducts,    // log of how many products the firm makes, from 1
  kQuestionLength,  // code points of the product's name, at most 12
  kMakers,          // known makers of the product, at most 6
  // By the firm's products, one with the other.
  kNameBest,
  kNameSum,    // cosine of character grams with the product: the best; all, squared
  kNameShare,  // the same, weighted by share of revenue
  kContains,   // one name lies within the other: the shorter's share of the longer
  kSameEnd,    // share of its products that end on the same two characters
  // By other firms.
  kCoMade,
  kCoMadeBest,  // products that known makers of the product also make
  // By the graph of products.
  kMakesInput,  // products it makes that the product needs
  kMakesUse,    // products it makes that need the product
  kSameClass,   // products it makes under the same class, above or below the product
};
inline constexpr std::size_t kFirmFeatures = static_cast<std::size_t>(FirmFeature::kSameClass) + 1;

class FirmEvidence final : public Evidence {
 public:
  // Of rows that stand twice the larger share is kept.
  // Errors: chain.forecast_too_few_links (kInvalid) without a single maker.
  // Precondition: shares.size() == makes.size(); names are valid UTF-8, each once.
  static Result<std::unique_ptr<FirmEvidence>> Build(FirmProducts data);

  std::optional<std::uint32_t> FindProduct(std::string_view name) const;
  std::string_view ProductName(std::uint32_t product) const { return data_.products.names[product]; }
  std::span<const std::uint32_t> Products(std::uint32_t firm) const { return products_.Of(firm); }
  std::span<const std::uint32_t> Makers(std::uint32_t product) const { return makers_.Of(product); }

  std::span<const std::string_view> Features() const override;
  std::string_view FamilyOf(std::size_t feature) const override;
  std::span<const PlainWay> PlainWays() const override;
  std::size_t candidates() const override { return data_.firms.size(); }
  std::string_view CandidateName(std::uint32_t firm) const override { return data_.firms[firm]; }
  std::span<const Link> Links() const override { return data_.makes; }
  Question Ask(std::uint32_t product, std::uint32_t left_out = kNobody) const override;
  Question Ask(std::string_view product) const override;
  void Gather(const Question& question, Scratch& scratch) const override;
  void Bare(const Question& question, std::uint32_t firm, std::span<float> row) const override;
  std::uint32_t BareKey(const Question& question) const override;
  float Hunch(std::span<const float> row) const override;
  Scratch MakeScratch() const override { return {candidates(), kFirmFeatures, data_.products.names.size()}; }
  // The firm's products with the names most like the question's.
  std::vector<std::string_view> Examples(const Question& question, std::uint32_t firm, std::size_t most) const override;

 private:
  explicit FirmEvidence(FirmProducts data);
  float ShareOf(std::uint32_t product, std::uint32_t firm) const;
  void AddNames(const Question& q, Scratch& s) const;
  void AddCoMade(const Question& q, Scratch& s) const;
  void AddGraph(const Question& q, Scratch& s) const;

  FirmProducts data_;
  NameIndex index_;
  LinkRows makers_, products_, needs_, needed_by_, kinds_, classes_;
  std::vector<std::pair<std::string_view, std::uint32_t>> by_name_;
};

}  // namespace landfall::chain::forecast
